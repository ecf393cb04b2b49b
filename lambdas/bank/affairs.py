"""The customer's own affairs, as far as this stand-in goes: wishes are noted for people to act on."""

from __future__ import annotations

from bank.core import CoreBanking, Note
from bank.deeds import Deed, reading, told
from throughline.dialogue.action import Actions, Call, Done, Failed, Outcome


def affair_actions(core: CoreBanking) -> Actions:
    """link_channel, set_preference, request_data and request_erasure."""

    def noted(call: Call, note: Note) -> Outcome:
        # Noting a wish twice is harmless, so these orders need no key.
        receipt = core.order(call.customer, "", call.now, note)
        return Failed() if receipt is None else told(receipt)

    def link_channel(call: Call) -> Outcome:
        outcome = noted(call, Note("channel", call.slots["contact_way"]))
        return Done({}, outcome.variant) if isinstance(outcome, Done) else outcome

    def set_preference(call: Call) -> Outcome:
        off = call.slots["setting"] == "off"
        way = "off" if off else call.slots["contact_way"]
        outcome = noted(call, Note("preference", call.slots["notice"], way))
        return Done({}, "off") if off and isinstance(outcome, Done) else outcome

    def request_data(call: Call) -> Outcome:
        return noted(call, Note("data"))

    def erasure(call: Call) -> Note:
        return Note("erasure")

    return {
        "link_channel": reading(link_channel),
        "set_preference": reading(set_preference),
        "request_data": reading(request_data),
        "request_erasure": Deed(core, erasure).action(),
    }

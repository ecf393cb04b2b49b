"""A promise to call back: to the number that the customer calls from, or to one that was proved to be theirs.

Never to one that they just tell us: a stranger could have us call anybody, and have an agent take them for a customer.
"""

from __future__ import annotations

import re
from typing import Final

from throughline.calls.caller import Caller, caller_of
from throughline.calls.noting import kept
from throughline.channels.connect import ContactEvent, answer
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.assurance import linked_assurance
from throughline.customers.keys import KeyRing
from throughline.customers.store import CustomerStore
from throughline.dialogue.model import Limits, Model
from throughline.dialogue.steps import Event
from throughline.errors import EventError
from throughline.turn import Assurance

NOT_PROMISED: Final = {"number": "", "promised": "false"}
BY: Final = "flow"
_REASON: Final = re.compile(r"[a-z_]{1,40}\Z")


def promised(event: ContactEvent, store: CustomerStore, keys: KeyRing, model: Model, now: float) -> dict[str, str]:
    """`{number, promised}`: whom to call, as +digits, and "true"; or that nobody can be. The same if asked again.

    The promise is kept with the customer's records, once a contact, where they are known. Raises StoreError.
    """
    caller = caller_of(event, store, keys, now, model.limits)
    number = _number(event, caller, store, now, model.limits)
    if number is None:
        return answer(NOT_PROMISED)
    if caller is not None:
        why = event.parameters.get("reason", "")
        kept(
            store, model, caller,
            id=f"callback-{event.contact}", event=Event("callback", why if _REASON.match(why) else ""), by=BY,
            details={}, now=now,
        )  # fmt: skip
    return answer({"number": number.value, "promised": "true"})


def _number(
    event: ContactEvent, caller: Caller | None, store: CustomerStore, now: float, limits: Limits
) -> Address | None:
    wanted = _told(event.parameters.get("number", ""))
    if event.number is not None and (wanted is None or wanted == event.number):
        return event.number
    if caller is None or caller.assurance < Assurance.LINKED:
        return event.number
    proved = {
        link.address: link
        for link in caller.stored.links.values()
        if link.kind == AddressKind.PHONE
        and not link.shared
        and linked_assurance(link, now, limits) > Assurance.CLAIMED
    }
    if wanted is not None and any(found in proved for found in store.hashes(wanted)):
        return wanted
    if event.number is not None:
        return event.number
    for hashed in proved:
        edge = store.edge_of(hashed, now)
        if edge is not None and edge.reach and edge.customer == caller.stored.customer:
            return _told(edge.reach)
    return None


def _told(text: str) -> Address | None:
    try:
        return Address(AddressKind.PHONE, text) if text else None
    except EventError:
        return None

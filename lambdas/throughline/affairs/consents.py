"""Which messages a customer wants, and by which way: the consents, and whether a sender may write.

A consent is a fact of the customer's profile, "<channel>.<purpose>" given or withdrawn, kept with the link
that it came through, so that it leaves with that link. Its history is the facts' history.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from throughline.customers.own import OwnActions
from throughline.customers.profile import GIVEN, WITHDRAWN, Fact, in_force
from throughline.customers.store import Stored
from throughline.dialogue.action import Call, Done, NeedsPerson, Outcome
from throughline.dialogue.changes import Noted
from throughline.turn import Assurance

CONSENT: Final = "profile.consent"
ANY: Final = "any"
"""Stands for every channel: what was withdrawn from all of them is withdrawn from those still to come."""
TRANSACTIONAL: Final = frozenset({"security", "payments"})
"""Purposes that serve what the customer does with us: sent unless they said no. All others take a yes."""


def consent_actions() -> OwnActions:
    """profile.consent."""
    return {CONSENT: consent}


def consent(call: Call, stored: Stored) -> Outcome:
    """Note a wish: slots `notice` (the purpose), `setting` (on or off) and, if on, `contact_way` (the channel).

    On is for the one channel named, off for every channel. Done is plain for on, variant `off` for off.
    """
    if call.assurance < Assurance.LINKED:
        return NeedsPerson("assurance")
    purpose = call.slots["notice"]
    if call.slots["setting"] != "off":
        return Done(changes=(Noted("consent", f"{call.slots['contact_way']}.{purpose}", GIVEN),))
    channels = {ANY, *_channels(stored.profile, purpose)}
    return Done({}, "off", tuple(Noted("consent", f"{channel}.{purpose}", WITHDRAWN) for channel in sorted(channels)))


def allows(profile: str, channel: str, purpose: str, *, transactional: Collection[str] = TRANSACTIONAL) -> bool:
    """Whether a message of this purpose may be sent by this channel, by the customer's profile text.

    What was said last counts, for the channel or for all of them; at the same moment a no. Where nothing was
    ever said, only transactional purposes may.
    """
    held = in_force(profile)
    said = [held[path] for path in (_path(channel, purpose), _path(ANY, purpose)) if path in held]
    return max(said, key=_lateness).value == GIVEN if said else purpose in transactional


def _lateness(fact: Fact) -> tuple[float, bool]:
    return fact.at, fact.value == WITHDRAWN


def _channels(profile: str, purpose: str) -> set[str]:
    """Channels for which something was ever said about the purpose."""
    keys = (fact.key.partition(".") for fact in in_force(profile).values() if fact.kind == "consent")
    return {channel for channel, _, about in keys if about == purpose}


def _path(channel: str, purpose: str) -> str:
    return f"consent.{channel}.{purpose}"

"""Who is on a contact: by the pointer that the contact was given, read once, at what its session has proved by now."""

from __future__ import annotations

from dataclasses import dataclass

from throughline.channels.connect import ContactEvent, pointer_in
from throughline.channels.contacts import live_session
from throughline.customers.assurance import assurance_of
from throughline.customers.keys import KeyRing
from throughline.customers.store import CustomerStore, Link, Stored
from throughline.dialogue.model import Limits
from throughline.dialogue.state import decode
from throughline.turn import Assurance


@dataclass(frozen=True, slots=True)
class Caller:
    """The customer whom a contact is with."""

    stored: Stored
    link: Link
    assurance: Assurance
    """What was proved in this contact's session, and not elsewhere."""
    session: str
    """The contact's, as turns name it."""


def caller_of(event: ContactEvent, store: CustomerStore, keys: KeyRing, now: float, limits: Limits) -> Caller | None:
    """The customer by the event's pointer, in one read; None without a good one. Raises StoreError."""
    found = pointer_in(event, now, keys)
    if found is None:
        return None
    pointer, minted, contact = found
    stored = store.by_pointer(pointer, now)
    held = stored.links.get(pointer.link) if stored is not None else None
    if stored is None or held is None:
        return None
    session = live_session(contact)
    proved = assurance_of(
        minted, held, decode(stored.state), session,
        steps_up=True, withdrawn=False, forgeable=False, now=now, limits=limits,
    )  # fmt: skip
    # A PIN in the flow's encrypted input proves more than the link, in this contact.
    return Caller(stored, held, max(proved, minted) if minted is Assurance.VERIFIED else proved, session)

"""What Lex and Connect share of one contact: its session, who speaks in it by its pointer, and that pointer's way on.

Connect opens a Lex session under the contact's id, so that what was said to Lex and what was keyed into the flow are
one session of the dialogue.
"""

from __future__ import annotations

from typing import Final

from throughline.customers.keys import KeyRing
from throughline.customers.pointer import moved, read
from throughline.errors import PointerError
from throughline.exchange import Exchange, Sender
from throughline.turn import Assurance

LIVE: Final = "live"
"""The bot's alias that only Connect and our own roles may converse with."""


def live_session(contact: str) -> str:
    """The session of a contact, as turns and states name it."""
    return f"{LIVE}:{contact}"


def pointed(token: str, contact: str, session: str, at: float, keys: KeyRing | None) -> Sender:
    """Who speaks by that pointer, or the guest of `session` if it isn't this contact's; `keys` None believes none."""
    if keys is None or not token:
        return Sender(Assurance.ANONYMOUS, session=session)
    try:
        pointer, assurance = read(token, contact=contact, now=at, keys=keys)
    except PointerError:
        return Sender(Assurance.ANONYMOUS, session=session)
    # A PIN in the flow's encrypted input proves more than the number that called.
    vouched = assurance if assurance is Assurance.VERIFIED else Assurance.ANONYMOUS
    return Sender(assurance, pointer=pointer, session=session, steps_up=True, vouched=vouched)


def pointer_now(token: str, exchange: Exchange, contact: str, keys: KeyRing | None) -> str:
    """The token for the contact's next turn: it follows its customer, where that changed in this one."""
    if not token or keys is None or exchange.pointer is None:
        return token
    at = exchange.turn.at
    try:
        held, _ = read(token, contact=contact, now=at, keys=keys)
        if held == exchange.pointer:
            return token
        return moved(token, exchange.pointer, contact=contact, now=at, keys=keys)
    except PointerError:
        return token

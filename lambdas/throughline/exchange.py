"""Who speaks, as far as their channel knows, and what comes of it: what adapters hand in and get back."""

from __future__ import annotations

from dataclasses import dataclass

from throughline.affairs.logins import Login
from throughline.customers.addresses import Address
from throughline.customers.pointer import Pointer
from throughline.dialogue.steps import Event
from throughline.reply import Reply
from throughline.turn import Assurance, Turn


@dataclass(frozen=True, slots=True)
class Sender:
    """Who claims to speak, and how well their transport proves it. Exactly one of the three ways is given."""

    transport: Assurance
    """The most that this transport can prove."""
    pointer: Pointer | None = None
    """From a session that we made: one read."""
    address: Address | None = None
    """From the channel itself: two reads."""
    session: str = ""
    """A guest's unguessable session key: one read, always anonymous."""
    steps_up: bool = False
    """Whether more can be proved here: nobody could guess the session, and a code can be answered in it."""
    login: Login | None = None
    """Who is signed in, as the transport checked it; never what a client says."""
    vouched: Assurance = Assurance.ANONYMOUS
    """What was proved when the pointer was made, in the session that it was made for."""
    withdrawn: bool = False
    """The platform says that no account is linked (any more)."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn and what was answered."""

    turn: Turn
    reply: Reply
    customer: str
    """Pseudonymous; empty if the store could not be read."""
    pointer: Pointer | None
    """For the channel's session, so that the next turn costs one read."""
    events: tuple[Event, ...] = ()
    repeated: bool = False
    writes: int = 0
    """Writes this turn made or tried."""
    problem: str = ""
    """The kind of failure behind a polite reply; empty if all went well."""

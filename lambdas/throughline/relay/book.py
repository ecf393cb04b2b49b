"""What is kept of a relay: whose it is, its contact, what waits and what was told. The port and its fake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from throughline.customers.rules import derived
from throughline.errors import StoreError, StoreUnavailable
from throughline.relay.chat import Message
from throughline.turn import Assurance

KEPT: Final = 26 * 3600
"""Seconds that a relay is kept after it was begun or last written: a chat lasts 25 hours by default."""
RACES: Final = 10
"""Times that a change of a relay may lose to another before it gives up."""
TOLD: Final = 200
"""Ids that are remembered as told; what is older than all of them was told, too."""


@dataclass(frozen=True, slots=True)
class Relay:
    """One conversation with an agent."""

    id: str
    session: str
    """The channel's, as turns name it."""
    since: float
    """When the person took over: with the session, it tells this hand-over from any other."""
    customer: str
    link: str
    channel: str
    """Which outlet."""
    locale: str
    assurance: int
    """What the customer had proved as they were handed over."""
    contact: str
    participant: str = field(repr=False)
    """The participant's token, sealed."""
    connection: str = field(default="", repr=False)
    """The connection's token, sealed; empty before the first one."""
    connected_until: float = 0.0
    joined: bool = False
    """Whether an agent was ever there."""
    open: bool = True
    waiting: tuple[Message, ...] = ()
    """Told by the stream and not yet to the customer."""
    told: tuple[tuple[float, str], ...] = ()
    """Places of what was told, oldest first, at most TOLD."""
    holder: str = ""
    """Who works the queue off."""
    held_until: float = 0.0
    version: int = 0
    """As read; 0 is not kept yet."""

    @property
    def sure(self) -> Assurance:
        """What may be said to them outside a turn, in which nothing is proved anew."""
        return Assurance(min(self.assurance, Assurance.LINKED))

    def was_told(self, message: Message) -> bool:
        """Whether the customer has it, or it is older than all that is remembered."""
        if len(self.told) >= TOLD and message.place < self.told[0]:
            return True
        return any(id == message.id for _, id in self.told)


def relay_id(session: str, since: float) -> str:
    """The id of the relay for one hand-over."""
    return derived("r", session, repr(since))


class Lost(StoreError):
    """Somebody else has written the relay meanwhile: read it again."""


class Book(Protocol):
    """Keeps relays. All raise StoreError and StoreUnavailable."""

    def get(self, id: str) -> Relay | None:
        """The relay of that id."""

    def of_contact(self, contact: str) -> Relay | None:
        """The relay whose contact it is."""

    def put(self, relay: Relay, now: float) -> Relay:
        """Keep it, with the pointer from its contact if it is new; the relay with its new version. Raises Lost."""

    def remove(self, relay: Relay) -> None:
        """Delete it and its contact's pointer."""


def changed(book: Book, id: str, change: Callable[[Relay], Relay], now: float) -> Relay | None:
    """The relay after `change`, whoever else writes it meanwhile; None if there is none. Raises StoreError."""
    for _ in range(RACES):
        relay = book.get(id)
        if relay is None:
            return None
        after = change(relay)
        if after is relay:
            return relay
        try:
            return book.put(after, now)
        except Lost:
            continue
    raise StoreUnavailable("the relay is being written by others all the time: try again")


class MemoryBook:
    """A book in a dictionary."""

    def __init__(self) -> None:
        self.relays: dict[str, Relay] = {}
        self.contacts: dict[str, str] = {}
        self.before_put: Callable[[], None] = lambda: None

    def get(self, id: str) -> Relay | None:
        """See `Book.get`."""
        return self.relays.get(id)

    def of_contact(self, contact: str) -> Relay | None:
        """See `Book.of_contact`."""
        return self.relays.get(self.contacts.get(contact, ""))

    def put(self, relay: Relay, now: float) -> Relay:
        """See `Book.put`."""
        del now
        self.before_put()
        kept = self.relays.get(relay.id)
        if (kept.version if kept is not None else 0) != relay.version:
            raise Lost("the relay was written by somebody else: read it again")
        saved = replace(relay, version=relay.version + 1)
        self.relays[relay.id] = saved
        self.contacts[relay.contact] = relay.id
        return saved

    def remove(self, relay: Relay) -> None:
        """See `Book.remove`."""
        self.relays.pop(relay.id, None)
        self.contacts.pop(relay.contact, None)

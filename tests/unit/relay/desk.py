"""A contact centre of one's own, and somebody at a web page: what the relay is tested between."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.unit.dialogue.library import library
from tests.unit.path.caller import DESK, KEYS, NOW, Till
from tests.unit.path.caller import Caller as Talker
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.memory import MemoryStore
from throughline.customers.rules import Transaction
from throughline.customers.store import Stored
from throughline.dialogue.state import State, decode
from throughline.errors import StoreError, StoreUnavailable
from throughline.exchange import Exchange
from throughline.records.following import ConversationChanged
from throughline.relay.book import MemoryBook, Relay
from throughline.relay.chat import ChatOver, ChatUnavailable, Connection, Kind, Message, Role, Started
from throughline.relay.relaying import Relaying
from throughline.rendering import shown
from throughline.turn import Capabilities, Heard

TOPIC = "arn:aws:sns:eu-central-1:123456789012:chats"
SECRET = "plain-token"
"""In every token, so that one in the clear is found wherever it is."""
SEALED = "sealed:"


class Killed(BaseException):
    """The process ended here."""


class Ports:
    """Counts calls of all ports, and fails at one of them."""

    def __init__(self) -> None:
        self.calls = 0
        self.fails_at = 0
        """The call that fails, from 1; 0 is none."""
        self.after = False
        """Whether it was done all the same, and only its answer got lost."""
        self.how: type[BaseException] = Killed

    def wrapped(self, port: Any) -> Any:
        return _Port(self, port)

    def fail(self, calls: int, *, after: bool = False, how: type[BaseException] = Killed) -> None:
        self.fails_at, self.after, self.how = self.calls + calls, after, how

    def heal(self) -> None:
        self.fails_at = 0


class _Port:
    def __init__(self, ports: Ports, port: Any) -> None:
        self._ports = ports
        self._port = port

    def __getattr__(self, name: str) -> Any:
        do = getattr(self._port, name)
        if not callable(do):
            return do

        def called(*args: Any, **named: Any) -> Any:
            ports = self._ports
            ports.calls += 1
            failing = ports.fails_at == ports.calls
            if failing and not ports.after:
                raise ports.how("it failed")
            done = do(*args, **named)
            if failing:
                raise ports.how("its answer got lost")
            return done

        return called


@dataclass
class Contact:
    """One chat."""

    id: str
    key: str
    attributes: Mapping[str, str]
    first: str
    transcript: list[Message] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    streamed: bool = False
    over: bool = False
    left: bool = False
    connections: int = 0

    @property
    def customer_said(self) -> list[str]:
        """All that the agent reads of the customer."""
        return [self.first, *self.said.values()]


class FakeChats:
    """The contact centre."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.contacts: dict[str, Contact] = {}
        self.down = False
        self.readable = True
        self.good_for = 24 * 3600.0
        self.cut: set[str] = set()
        """Connections that are refused, though the chat goes on."""

    @property
    def only(self) -> Contact:
        (contact,) = self.contacts.values()
        return contact

    def start(self, *, key: str, attributes: Mapping[str, str], first: str) -> Started:
        self._up()
        assert 0 < len(first) <= 1024
        found = next((one for one in self.contacts.values() if one.key == key), None)
        if found is None:
            found = Contact(f"contact-{len(self.contacts) + 1}", key, dict(attributes), first)
            self.contacts[found.id] = found
        return Started(found.id, f"{SECRET}:participant:{found.id}")

    def stream(self, contact: str, *, key: str) -> None:
        self._up()
        found = self.contacts[contact]
        if found.over:
            raise ChatOver("over")
        found.streamed = True

    def connect(self, participant: str) -> Connection:
        self._up()
        found = self._by(participant, "participant")
        if found.over:
            raise ChatOver("over")
        found.connections += 1
        return Connection(f"{SECRET}:connection:{found.id}:{found.connections}", self.clock() + self.good_for)

    def say(self, connection: str, text: str, *, key: str) -> None:
        found = self._in(connection)
        assert 0 < len(text) <= 1024
        found.said.setdefault(key, text)

    def read(self, connection: str, known: Callable[[Message], bool]) -> tuple[Message, ...]:
        if not self.readable:
            raise ChatUnavailable("the transcript can't be read")
        return tuple(self._in(connection).transcript[-100:])

    def leave(self, connection: str) -> None:
        self._up()
        found = self._by(connection, "connection")
        found.over = found.left = True

    def _in(self, connection: str) -> Contact:
        self._up()
        found = self._by(connection, "connection")
        if found.over or connection in self.cut:
            raise ChatOver("over")
        return found

    def _by(self, token: str, kind: str) -> Contact:
        secret, what, contact = token.split(":")[:3]
        assert (secret, what) == (SECRET, kind)
        return self.contacts[contact]

    def _up(self) -> None:
        if self.down:
            raise ChatUnavailable("the contact centre does not answer")


class FakeTokens:
    """Seals so that a test can see it."""

    def seal(self, text: str, *, relay: str) -> str:
        return f"{SEALED}{relay}:{text.encode().hex()}"

    def open(self, sealed: str, *, relay: str) -> str:
        mark = f"{SEALED}{relay}:"
        if not sealed.startswith(mark):
            raise StoreError("a token was not sealed for this relay")
        return bytes.fromhex(sealed[len(mark) :]).decode()


@dataclass
class FakeOutlet:
    """The page."""

    delivered: list[Exchange] = field(default_factory=list)
    down: bool = False

    @property
    def can(self) -> Capabilities:
        return DESK

    def deliver(self, exchange: Exchange) -> None:
        if self.down:
            raise StoreUnavailable("the outbox can't be written")
        self.delivered.append(exchange)

    @property
    def lines(self) -> list[str]:
        """What the page shows: a message of one id once, in the order in which each first came."""
        seen = {one.turn.id: one for one in reversed(self.delivered)}
        first = dict.fromkeys(one.turn.id for one in self.delivered)
        return [" | ".join(shown(library(), seen[id].reply, "en_US")) for id in first]


class Streamed(MemoryStore):
    """A store whose writes are told, in each customer's order."""

    def __init__(self) -> None:
        super().__init__(KEYS)
        self.changes: list[ConversationChanged] = []
        self.clock: Callable[[], float] = lambda: NOW
        self.told: list[str] = []
        """Ids of our own messages in the order in which they were kept."""

    def _write(self, write: Transaction, now: int) -> None:
        before = [self._conversations.get(new.customer) for new, _ in write.pairs]
        super()._write(write, now)
        for (new, _), old in zip(write.pairs, before, strict=True):
            self.changes.append(ConversationChanged(new.customer, old, new, self.clock()))
            record = json.loads(new.turn) if new.turn else {}
            # What moves between customers takes its last record along.
            if record.get("sent") and len(write.pairs) == 1 and (old is None or old.turn != new.turn):
                self.told.append(record["id"])

    def removed(self, customer: str, *, expired: bool = False) -> None:
        """As a sweep, or an erasure's end, takes the item away."""
        old = self._conversations.pop(customer)
        self.changes.append(ConversationChanged(customer, old, None, self.clock(), expired))


@dataclass
class Troubles:
    """Remembers what went wrong."""

    told: list[tuple[str, str]] = field(default_factory=list)

    def trouble(self, kind: str, error: BaseException) -> None:
        self.told.append((kind, f"{type(error).__name__}: {error}"))


class Desk:
    """A customer at a web page, an agent in a chat, and the relay between them."""

    def __init__(self) -> None:
        self.now = NOW
        self.store = Streamed()
        self.store.clock = lambda: self.now
        self.ports = Ports()
        self.chats = FakeChats(lambda: self.now)
        self.book = MemoryBook()
        self.outlet = FakeOutlet()
        self.troubles = Troubles()
        self.customer = Talker(
            self.store, Till().actions(), session="web:s1", address=Address(AddressKind.WEB, "browser-1")
        )
        self.customer.enrol()
        wrapped = self.ports.wrapped
        self.pauses: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None
        """What happens while the queue pauses."""
        self.relaying = Relaying(
            book=wrapped(self.book), chats=wrapped(self.chats), tokens=wrapped(FakeTokens()),
            outlets={"web": wrapped(self.outlet)}, store=wrapped(self.store), keys=KEYS, model=library(),
            clock=lambda: self.now, observer=self.troubles, pause=self._paused,
        )  # fmt: skip
        self.followed = 0
        self.entries = 0
        self.customer_moves = False
        self.another_address = Address(AddressKind.WEB, "browser-9")
        self.customer_link = self.store.by_address(self.customer.address, self.now)[1]

    def _paused(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.meanwhile()

    # -- the customer ---------------------------------------------------------------------------

    def says(self, text: str, **given: Any) -> str:
        """A turn of the customer's."""
        self.now += 1
        self.customer.now = self.now
        turn = replace(self.customer.turn(text=text, **given), channel="web")
        return self.customer.take(turn)

    def asks_for_person(self, text: str = "I want a person") -> None:
        """The engine hands over."""
        self.says(text, heard=(Heard("Librarian", 0.9),))

    @property
    def pointer(self) -> Any:
        assert self.customer.last is not None
        return self.customer.last.pointer

    def stored(self) -> Stored:
        found = self.store.by_customer(self.pointer.customer, self.now)
        assert found is not None
        return found

    def state(self) -> State:
        return decode(self.stored().state)

    @property
    def with_person(self) -> bool:
        """Whether any conversation that is kept is with a person."""
        return any(decode(one.state).person is not None for one in self.store._conversations.values())

    # -- the table's stream ---------------------------------------------------------------------

    def follow(self) -> list[str]:
        """All that was written since, once."""
        done = []
        while self.followed < len(self.store.changes):
            done.append(self.relaying.follow(self.store.changes[self.followed]))
            self.followed += 1
        return done

    def replay(self) -> list[str]:
        """All changes there ever were, again."""
        return [self.relaying.follow(change) for change in tuple(self.store.changes)]

    # -- the agent ------------------------------------------------------------------------------

    def enters(self, kind: Kind, text: str = "", *, role: Role = Role.AGENT, contact: Contact | None = None) -> Message:
        """Something in the transcript, which its stream has not told yet."""
        self.now += 0.25
        self.entries += 1
        message = Message(f"m{self.entries:04d}", round(self.now, 3), role, kind, text)
        (contact or self.chats.only).transcript.append(message)
        if kind is Kind.ENDED:
            (contact or self.chats.only).over = True
        return message

    def writes(self, text: str) -> Message:
        """The agent writes, and the stream tells it."""
        message = self.enters(Kind.WORDS, text)
        self.relaying.heard(self.chats.only.id, message)
        return message

    def ends(self) -> Message:
        """The agent ends the chat, and the stream tells it."""
        message = self.enters(Kind.ENDED, role=Role.SYSTEM)
        self.relaying.heard(self.chats.only.id, message)
        return message

    @property
    def relay(self) -> Relay:
        (relay,) = self.book.relays.values()
        return relay

    @property
    def heard(self) -> list[str]:
        """What the page shows of all this."""
        return self.outlet.lines


def with_agent() -> Desk:
    """A customer who asked for a person, and whose contact has begun."""
    desk = Desk()
    desk.asks_for_person()
    desk.follow()
    return desk

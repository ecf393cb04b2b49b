"""A customer of the library at the one path: store, engine and an invented till, with clock and ids fixed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.unit.dialogue.library import library
from throughline.conversation import Conversations, Exchange, Hear, Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import FixedKeys, KeyRing
from throughline.customers.store import CustomerStore
from throughline.dialogue.action import Action, Actions, Call, Done, NotDone, Outcome
from throughline.rendering import shown
from throughline.turn import Assurance, Capabilities, Heard, InputMode, Turn

NOW = 1_790_000_000.0
KEYS = FixedKeys(KeyRing("a", {"a": b"a" * 32}), KeyRing("p", {"p": b"p" * 32}))
DESK = Capabilities(voice=False, screen=True, transfer=True, secrets=True)


class Till:
    """A back end that keeps its promise: one key, one deed; what was settled as never begun never begins."""

    def __init__(self) -> None:
        self.paid: dict[str, Outcome] = {}
        self.runs: list[str] = []
        self.lock = threading.Lock()

    def run(self, call: Call) -> Outcome:
        with self.lock:
            self.runs.append(call.key)
            return self.paid.setdefault(call.key, Done())

    def settle(self, call: Call) -> Outcome:
        with self.lock:
            return self.paid.setdefault(call.key, NotDone())

    @property
    def moved(self) -> int:
        """How many payments went through."""
        return sum(isinstance(outcome, Done) for outcome in self.paid.values())

    def actions(self) -> Actions:
        deed = Action(self.run, self.settle)
        return {"pay": deed, "reserve": deed, "set_pin": deed, "renew": Action(lambda call: Done())}


@dataclass
class Troubles:
    """An observer that remembers what failed."""

    told: list[tuple[str, str, str]] = field(default_factory=list)

    def failed(self, turn: Turn, what: str, error: BaseException) -> None:
        self.told.append((turn.id, what, type(error).__name__))


@dataclass
class Caller:
    """Says things, one turn each."""

    store: CustomerStore
    actions: Actions
    now: float = NOW
    session: str = "s1"
    address: Address = Address(AddressKind.WEB, "browser-1")  # noqa: RUF009 - frozen
    transport: Assurance = Assurance.VERIFIED
    count: int = 0
    troubles: Troubles = field(default_factory=Troubles)
    last: Exchange | None = None
    clock: Callable[[], float] | None = None
    budget: float = 4.5

    def __post_init__(self) -> None:
        self.path = Conversations(
            library(), self.store, self.actions, clock=self.clock or (lambda: self.now), observer=self.troubles,
            budget=self.budget,
        )  # fmt: skip

    def enrol(self) -> None:
        """Make the address a verified one, as a sign-up would."""
        stored, link = self.store.by_address(self.address, self.now)
        proved = {link: replace(stored.links[link], assurance=Assurance.VERIFIED)}
        self.store.save(replace(stored, links=proved), self.now)

    def turn(self, **given: Any) -> Turn:
        self.count += 1
        base = Turn(
            id=f"t{self.count}", at=self.now, channel="desk", session=self.session, locale="en_US",
            mode=InputMode.TEXT, can=DESK,
        )  # fmt: skip
        return replace(base, **given)

    def take(self, turn: Turn, sender: Sender | None = None, hear: Hear | None = None) -> str:
        if sender is None:
            pointer = self.last.pointer if self.last is not None else None
            sender = Sender(self.transport, pointer=pointer, address=self.address)
        self.last = self.path.answer(turn, sender, hear)
        return " | ".join(shown(library(), self.last.reply, "en_US"))

    def hears(self, intent: str, slots: Mapping[str, str] | None = None, **given: Any) -> str:
        self.now += given.pop("after", 5.0)
        return self.take(self.turn(heard=(Heard(intent, 0.9, dict(slots or {})),), **given))


PAY = {"amount": "12.50", "source": "card", "target": "cash"}

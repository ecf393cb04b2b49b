"""What a block sees while it runs, what it may wait for, and how it is left.

A block is a function of a `Run`. One that never waits returns its Outcome; one that waits is a generator: it yields
what it waits for, gets the answer, and returns its Outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rehearsal.connect.events import Event, Party
from rehearsal.connect.flows import Action, Flow, Flows
from rehearsal.connect.inputs import (
    Happened,
    Keys,
    Said,
    ThirdPartyEnded,
    Typed,
    ViewAnswered,
)
from rehearsal.connect.ports import Services
from rehearsal.connect.state import ContactData, as_text, filled, is_reference, looked_up


class Role(StrEnum):
    """For what a flow runs."""

    MAIN = "main"
    """Inbound, transfer and outbound flows: when they are over, so is the contact."""
    QUEUE = "queue"
    """While the customer waits for an agent."""
    WHISPER = "whisper"
    """To one party, before the two are joined."""
    HOLD = "hold"
    """While the customer is on hold."""
    SCREEN = "screen"
    """At the agent's desk."""


@dataclass(frozen=True, slots=True)
class TimeIsUp:
    """The time that a block waits is over."""


Signal = Keys | Said | Typed | ViewAnswered | Happened | ThirdPartyEnded | TimeIsUp


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a block waits for."""

    kind: str
    """`key`, `keys`, `words`, `text`, `view`, `time`, `music` or `third_party`."""
    seconds: float | None
    """Until it gives up; None for never."""
    events: tuple[str, ...] = ()
    """For `time`: what may come first."""


@dataclass(frozen=True, slots=True)
class Success:
    """Leave by NextAction."""


@dataclass(frozen=True, slots=True)
class Chose:
    """Leave by the first condition that matches the result."""

    value: str
    """The block's result."""
    fallback: str = "NoMatchingCondition"
    """The error where none matches; NextAction where the block has no such branch."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Leave by an error branch."""

    error: str
    """The error type; NoMatchingError where the block has no such branch."""
    why: str
    """For the flow log."""


@dataclass(frozen=True, slots=True)
class GoTo:
    """Go on at the start of another flow, and never come back."""

    flow: Flow


@dataclass(frozen=True, slots=True)
class CallModule:
    """Run a module, then leave by NextAction."""

    flow: Flow


@dataclass(frozen=True, slots=True)
class ReturnFromModule:
    """The module is over."""


@dataclass(frozen=True, slots=True)
class FlowOver:
    """The flow is over; what becomes of the contact depends on what the flow ran for."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The participant is disconnected."""

    why: str = "flow"


@dataclass(frozen=True, slots=True)
class IntoQueue:
    """The contact is in a queue now."""

    queue: str
    position: int


Outcome = Success | Chose | Failed | GoTo | CallModule | ReturnFromModule | FlowOver | Disconnect | IntoQueue
Steps = Generator[Waiting, Signal, Outcome]


@dataclass(slots=True)
class Run:
    """One block of one flow, for one contact."""

    action: Action
    flow: Flow
    data: ContactData
    services: Services
    flows: Flows
    role: Role
    to: Party
    """Who hears what is said."""
    emit: Callable[[Event], None]

    def given(self, name: str) -> object:
        """A parameter as it stands; a dotted name reaches into objects."""
        value: object = self.action.parameters
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def text(self, name: str) -> str:
        """A parameter that may be static or dynamic, its references read."""
        return self.read(self.given(name))

    def read(self, value: object) -> str:
        """A value with its references read."""
        return filled(as_text(value), self.data.tree())

    def single(self, name: str) -> str:
        """A parameter that is static or one whole reference. Raises KeyError for a reference to no root."""
        value = as_text(self.given(name))
        if is_reference(value):
            return as_text(looked_up(value, self.data.tree()))
        return value

    def number(self, name: str, default: float) -> float:
        """A number, of a text or a number. Raises ValueError for a text that is none."""
        text = self.text(name).strip()
        return float(text) if text else default

    def texts(self, name: str) -> dict[str, str]:
        """A map of texts, its keys' and values' references read."""
        value = self.given(name)
        return {self.read(key): self.read(it) for key, it in value.items()} if isinstance(value, Mapping) else {}

    def filled(self, value: object) -> object:
        """JSON with the references of all its texts read; a text that is one reference becomes what it reads."""
        match value:
            case str() if is_reference(value):
                try:
                    found = looked_up(value, self.data.tree())
                except KeyError:
                    return value
                return "" if found is None else found
            case str():
                return self.read(value)
            case Mapping():
                return {key: self.filled(it) for key, it in value.items()}
            case list():
                return [self.filled(it) for it in value]
            case _:
                return value

    @property
    def voice(self) -> bool:
        """Whether the contact is a call."""
        return self.data.channel == "VOICE"

    def operands(self) -> tuple[str, ...]:
        """The operands of all conditions."""
        return tuple(operand for it in self.action.conditions for operand in it.operands)


Handler = Callable[[Run], Outcome | Steps]


@dataclass(frozen=True, slots=True)
class Block:
    """A block type and how it is rehearsed."""

    type: str
    """As in the flow language."""
    handler: Handler
    how: str
    """In a few words, for the README's table."""
    source: str
    """The page of AWS' documentation that says what it does."""
    channels: tuple[str, ...] = ()
    """Where it works; empty for everywhere. Elsewhere it leaves by `elsewhere`."""
    elsewhere: str = "NoMatchingError"
    """The error on other channels."""


ADMIN = "https://docs.aws.amazon.com/connect/latest/adminguide/"
LANGUAGE = "https://docs.aws.amazon.com/connect/latest/devguide/"
VOICE = ("VOICE",)
CHAT = ("CHAT",)

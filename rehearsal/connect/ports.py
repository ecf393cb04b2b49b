"""What a contact needs of the world around it, as protocols, and the values that cross them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Clock = Callable[[], float]
"""Epoch seconds."""


class LambdaFailed(Exception):
    """A function did not answer: it raised, was throttled or took too long."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        """`seconds` is how long the attempt took."""
        super().__init__(why)
        self.why = why
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class LambdaAnswer:
    """What a function returned."""

    payload: object
    """JSON."""
    seconds: float
    """How long it took."""


class Lambdas(Protocol):
    """Invokes functions."""

    def invoke(self, arn: str, event: Mapping[str, object], seconds: float) -> LambdaAnswer:
        """One attempt, which Connect gives up after `seconds`. Raises LambdaFailed."""


class LexFailed(Exception):
    """Lex raised instead of answering, or its bot could not be reached."""


@dataclass(frozen=True, slots=True)
class LexInput:
    """A customer's turn; exactly one of the three says something."""

    text: str = ""
    """Spoken or typed words."""
    keys: str = ""
    """Keys, without the terminator."""
    silent: bool = False
    """Nothing was heard before Lex's start timeout."""


@dataclass(frozen=True, slots=True)
class LexMessage:
    """What the bot says."""

    content: str
    """Text, SSML, or JSON of a card."""
    kind: str = "text"
    """`text`, `ssml` or `card`."""


@dataclass(frozen=True, slots=True)
class LexAnswer:
    """What Lex makes of a turn."""

    closed: bool
    """Whether the dialogue is over, so that the flow goes on."""
    intent: str = ""
    """The intent's name, or empty."""
    state: str = ""
    """As in `Fulfilled`."""
    messages: tuple[LexMessage, ...] = ()
    """To be said now."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Filled ones."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """The session's, all of them."""
    sentiment: str = ""
    """POSITIVE, NEGATIVE, NEUTRAL, MIXED or empty."""
    confidence: float | None = None
    """0 to 1."""


class Lex(Protocol):
    """Lex V2 as Connect uses it."""

    def say(
        self, alias: str, session: str, turn: LexInput, attributes: Mapping[str, str], channel: str, language: str
    ) -> LexAnswer:
        """The bot's answer; `alias` is its ARN (or `name:alias` of an old bot), `channel` VOICE or CHAT.

        `session` is the contact's id, `language` the contact's, as in en-US.

        Raises LexFailed.
        """


class Vault(Protocol):
    """Encrypts what is keyed in, as Connect does."""

    def encrypt(self, key_id: str, certificate: str, digits: str) -> str:
        """Base64 of an AWS Encryption SDK message. Raises ValueError for a certificate that is none."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A contact that asks for a place in a queue."""

    contact: str
    """Its id."""
    queue: str
    """The queue's ARN, or an agent's for an agent's own queue."""
    channel: str
    """VOICE, CHAT or TASK."""
    priority: int = 5
    """1 goes first; 5 where no block says otherwise (Amazon Connect administrator guide, routing priority)."""
    ahead: float = 0.0
    """Seconds that the contact counts as older than it is."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """A queue at this moment (administrator guide, "Get queue metrics")."""

    queue: str
    """ARN."""
    name: str
    """The queue's name."""
    waiting: int = 0
    """Contacts in the queue."""
    oldest: float = 0.0
    """Seconds that the oldest has waited."""
    online: int = 0
    """Agents that are not offline."""
    available: int = 0
    """Agents that could take a contact now."""
    staffed: int = 0
    """Agents that are online and not in a status of their own (a break)."""
    busy: int = 0
    """Agents with a contact."""
    after_contact_work: int = 0
    """Agents that finish a contact up."""
    wait: float = 0.0
    """Seconds that a new contact may expect to wait."""


class Queues(Protocol):
    """The contact centre's queues."""

    def join(self, ticket: Ticket) -> int:
        """Take a place, from 1, in exchange for the one before. Raises QueueFull, NoSuchResource: that one stays."""

    def leave(self, contact: str) -> None:
        """Give the place up; a contact without one is no fault."""

    def position(self, contact: str) -> int:
        """A contact's place, from 1; 0 for one that waits nowhere."""

    def metrics(self, queue: str, channel: str) -> Metrics:
        """Of one queue; `channel` empty for all. Raises NoSuchResource."""


class Hours(Protocol):
    """Hours of operation."""

    def open(self, hours: str) -> bool:
        """Whether it is within these hours now. Raises NoSuchResource."""

    def open_queue(self, queue: str) -> bool:
        """The same for the hours of a queue. Raises NoSuchResource."""


class Lines(Protocol):
    """The public telephone network."""

    def dialable(self, number: str) -> bool:
        """Whether the instance may call an E.164 number."""

    def call(self, number: str, seconds: float) -> str:
        """`answered`, `failed` or `unanswered` within the time."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A call to be made."""

    id: str
    """The new contact's id."""
    previous: str
    """The contact that asked for it."""
    number: str
    """E.164."""
    queue: str
    """The queue's ARN, or an agent's."""
    delay: float
    """Seconds before it enters the queue."""
    attempts: int
    """Most calls."""
    retry: float
    """Seconds between them."""
    attributes: Mapping[str, str]
    """The contact's attributes, which its callback inherits."""
    hooks: Mapping[str, str] = field(default_factory=dict)
    """Its event hooks, likewise."""
    flow: str = ""
    """The flow that puts the new contact into its queue; empty where it goes there by itself."""


class Callbacks(Protocol):
    """Where calls back are put down."""

    def ask(self, callback: Callback) -> None:
        """Keep it. Raises NoSuchResource."""


class Profiles(Protocol):
    """Customer Profiles and Cases."""

    def find(self, kind: str, request: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
        """Profiles, objects, calculated attributes or cases. Raises NoSuchResource where it isn't enabled."""

    def keep(self, kind: str, request: Mapping[str, str]) -> Mapping[str, str]:
        """Create or update one; the fields as they then stand. Raises NoSuchResource."""


@dataclass(frozen=True, slots=True)
class Services:
    """All that a contact may call."""

    lambdas: Lambdas
    lex: Lex
    vault: Vault
    queues: Queues
    hours: Hours
    lines: Lines
    callbacks: Callbacks
    profiles: Profiles
    clock: Clock
    """Epoch seconds, for the flow log."""
    new_id: Callable[[], str]
    """Contact ids: UUIDs."""
    chance: Callable[[], int]
    """1 to 100."""

"""The port to the contact centre's chat: a contact is begun, spoken in, read and left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from throughline.errors import ThroughlineError

LONGEST: Final = 1_024
"""Characters of one plain message (API reference of the Amazon Connect Participant Service, SendMessage)."""


class ChatOver(ThroughlineError):
    """The contact has ended, or we are no participant any more."""


class ChatUnavailable(ThroughlineError):
    """The contact centre does not answer, or has too much to do: try again."""


class Role(StrEnum):
    """Who wrote."""

    AGENT = "AGENT"
    CUSTOMER = "CUSTOMER"
    SYSTEM = "SYSTEM"
    BOT = "CUSTOM_BOT"


class Kind(StrEnum):
    """What a message is to a customer."""

    WORDS = "words"
    FILE = "file"
    JOINED = "joined"
    """An agent is there."""
    ENDED = "ended"
    """The chat is over."""
    OTHER = "other"
    """Nothing that is passed on: typing, receipts, what a customer wrote, what can't be shown."""


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of a chat's transcript, by its stream or as it was read."""

    id: str
    at: float
    """Epoch seconds, to the millisecond (AbsoluteTime)."""
    role: Role
    kind: Kind
    text: str = field(default="", repr=False)
    """Masked; of WORDS alone."""
    name: str = field(default="", repr=False)
    """What the agent is called, of JOINED and WORDS."""

    @property
    def place(self) -> tuple[float, str]:
        """Where it stands among others."""
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class Started:
    """A contact that was begun."""

    contact: str
    participant: str = field(repr=False)
    """The participant's token."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A way into a contact."""

    token: str = field(repr=False)
    until: float
    """Epoch seconds."""


class Chats(Protocol):
    """The contact centre. All raise ChatUnavailable; none tries again by itself."""

    def start(self, *, key: str, attributes: Mapping[str, str], first: str) -> Started:
        """Begin a contact, the same one for the same `key`; `first` is the customer's message, at most LONGEST."""

    def stream(self, contact: str, *, key: str) -> None:
        """Have its messages told to our topic; once more does nothing. Raises ChatOver."""

    def connect(self, participant: str) -> Connection:
        """A connection for that participant's token. Raises ChatOver."""

    def say(self, connection: str, text: str, *, key: str) -> None:
        """Say at most LONGEST characters, once for the same `key`. Raises ChatOver."""

    def read(self, connection: str, known: Callable[[Message], bool]) -> tuple[Message, ...]:
        """The newest entries of the transcript, oldest first, at least back to one that is `known`. Raises ChatOver."""

    def leave(self, connection: str) -> None:
        """Disconnect the customer, which ends the contact; does nothing if it has ended."""

"""What comes into a contact: what people do, and what time does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """The customer presses keys, one after another."""

    digits: str
    """Of 0-9, * and #."""


@dataclass(frozen=True, slots=True)
class Said:
    """The customer speaks."""

    words: str
    """As a recogniser would write them."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The customer sends a chat message."""

    text: str
    """Its text."""


@dataclass(frozen=True, slots=True)
class Silence:
    """The customer does nothing until what is waited for gives up."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes."""

    seconds: float
    """From 0."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """The customer leaves."""


@dataclass(frozen=True, slots=True)
class AgentAccepted:
    """An agent takes the contact out of the queue, or takes a call back."""

    agent: str
    """The agent's ARN."""
    username: str = "agent"
    """As flows read it in $.Agent.UserName."""


@dataclass(frozen=True, slots=True)
class AgentSaid:
    """The agent speaks or writes to the customer."""

    words: str
    """As said."""


@dataclass(frozen=True, slots=True)
class AgentHeld:
    """The agent puts the customer on hold."""


@dataclass(frozen=True, slots=True)
class AgentResumed:
    """The agent comes back from hold."""


@dataclass(frozen=True, slots=True)
class AgentTransferred:
    """The agent passes the contact on; exactly one of the three is given."""

    queue: str = ""
    """A queue's ARN: the contact waits there."""
    agent: str = ""
    """Another agent's ARN: the contact waits for that agent."""
    flow: str = ""
    """A transfer flow: the customer goes through it."""


@dataclass(frozen=True, slots=True)
class AgentEnded:
    """The agent leaves the conversation."""


@dataclass(frozen=True, slots=True)
class ViewAnswered:
    """A person acts in the view that is shown."""

    action: str
    """The view's action, as in `Submit`."""
    data: Mapping[str, str] = field(default_factory=dict)
    """What was filled in."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that a Wait block may wait for."""

    event: str
    """`CustomerReturned` or `BotParticipantDisconnected`."""


@dataclass(frozen=True, slots=True)
class ThirdPartyEnded:
    """The number to which the customer was put through hangs up."""


Input = (
    Keys | Said | Typed | Silence | Tick | HangUp | AgentAccepted | AgentSaid | AgentHeld | AgentResumed
    | AgentTransferred | AgentEnded | ViewAnswered | Happened | ThirdPartyEnded
)  # fmt: skip

"""What comes out of a contact: what a telephone, a chat window, an agent's desk and the page's lit path show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    """Who hears, holds or speaks."""

    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Entered:
    """A block begins."""

    flow: str
    """The flow's name."""
    action: str
    """The action's id."""
    type: str
    """The block type."""


@dataclass(frozen=True, slots=True)
class Left:
    """A block is over."""

    flow: str
    """The flow's name."""
    action: str
    """The action's id."""
    branch: str
    """`Success`, a condition's operand, or an error type."""
    to: str
    """The action that follows; empty where none does."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """Something is said or shown."""

    content: str
    """The text, the SSML, the prompt's id or the media's address, references resolved."""
    kind: str
    """`text`, `ssml`, `prompt`, `media` or `card` (JSON of a Lex response card)."""
    barge_in: bool = False
    """Whether a key or a word interrupts it."""
    to: Party = Party.CUSTOMER
    """Who hears it."""


@dataclass(frozen=True, slots=True)
class Whispered:
    """Something is said to one party before the two are joined."""

    to: Party
    """Who hears it."""
    content: str
    """As in Spoke."""
    kind: str
    """As in Spoke."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The contact waits for its customer."""

    kind: str
    """`key` (a menu), `keys` (stored input), `words` (Lex by voice), `text` (Lex by chat)."""
    seconds: float | None
    """Until it gives up; None for never."""
    encrypted: bool = False
    """Whether the keys are encrypted as they are entered."""
    maximum: int = 0
    """Most keys; 0 where that isn't limited."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The customer or the agent said something while nothing but the other listens."""

    by: Party
    """Who."""
    words: str
    """What."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """Something was pressed or said while nobody listened; Connect loses it."""

    what: str
    """`keys`, `words` or `text`."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Lex answered."""

    intent: str
    """The intent's name, or empty."""
    state: str
    """As in `Fulfilled`."""
    over: bool
    """Whether Lex closed the dialogue."""


@dataclass(frozen=True, slots=True)
class Invoked:
    """A Lambda function was invoked."""

    function: str
    """Its ARN."""
    ok: bool
    """Whether its answer was taken."""
    seconds: float
    """How long it took, retries included."""
    attempts: int
    """1 to 4."""
    why: str = ""
    """Why not, where it wasn't."""


@dataclass(frozen=True, slots=True)
class AttributesChanged:
    """Contact attributes were set."""

    values: Mapping[str, str]
    """Those that changed."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the customer keyed in is at $.StoredCustomerInput."""

    encrypted: bool
    """Whether it is ciphertext there."""
    timed_out: bool
    """Whether nothing was keyed in: the value is then `Timeout`."""


@dataclass(frozen=True, slots=True)
class Queued:
    """The contact waits in a queue."""

    queue: str
    """The queue's ARN, or an agent's."""
    position: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Dequeued:
    """The contact has left its queue."""

    queue: str
    """The queue's ARN."""
    why: str
    """`accepted`, `transferred`, `ended`."""


@dataclass(frozen=True, slots=True)
class Music:
    """Music or a recurring message plays while the customer waits."""

    content: str
    """What plays; `default` for Connect's own."""
    kind: str
    """As in Spoke; `default` for Connect's own."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A view is shown at an agent's desk or in a chat."""

    view: str
    """The view's id or ARN."""
    data: Mapping[str, object]
    """What it is given, references resolved."""
    actions: tuple[str, ...]
    """The answers for which the flow has branches."""
    to: Party = Party.AGENT
    """Who sees it."""


@dataclass(frozen=True, slots=True)
class Connected:
    """Customer and agent are joined."""

    agent: str
    """The agent's ARN."""


@dataclass(frozen=True, slots=True)
class Held:
    """The customer is put on hold, or comes back."""

    on: bool
    """True for on hold."""


@dataclass(frozen=True, slots=True)
class Transferred:
    """The contact goes elsewhere."""

    kind: str
    """`flow`, `module`, `queue`, `agent` or `number`."""
    to: str
    """An ARN or a telephone number."""


@dataclass(frozen=True, slots=True)
class RecordingChanged:
    """What is recorded changed."""

    participants: tuple[str, ...]
    """Of `Agent` and `Customer`, once they talk."""
    automated: bool
    """Whether the customer's time in flows and with bots is recorded."""
    analytics: bool
    """Whether Contact Lens listens."""


@dataclass(frozen=True, slots=True)
class LoggingChanged:
    """Flow logs were switched."""

    enabled: bool
    """On or off."""


@dataclass(frozen=True, slots=True)
class HookSet:
    """A flow was laid on an event of the contact."""

    event: str
    """As in `CustomerQueue`."""
    flow: str
    """Its ARN."""


@dataclass(frozen=True, slots=True)
class CallbackAsked:
    """A call back was put down."""

    id: str
    """The new contact's id."""
    number: str
    """To be called."""
    queue: str
    """The queue's ARN, or an agent's."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Anything else that a block did, for the lit path."""

    what: str
    """As in `voice`, `tags`, `routing`, `data`, `task`, `profile`, `case`, `streaming`."""
    values: Mapping[str, str]
    """Its particulars."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The contact is over."""

    why: str
    """`flow` (a block disconnected), `flow_over`, `customer`, `agent`, `dead_end`, `third_party`, `unanswered`."""
    detail: str = ""
    """Where a flow came to its end without a block for it."""


Event = (
    Entered | Left | Spoke | Whispered | AskedFor | Heard | Unheard | Understood | Invoked | AttributesChanged | Stored
    | Queued | Dequeued | Music | Screen | Connected | Held | Transferred | RecordingChanged | LoggingChanged
    | HookSet | CallbackAsked | Noted | Ended
)  # fmt: skip

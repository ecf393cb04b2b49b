"""What came in: one utterance, key press, tap or silence, with all that its adapter knows about it.

A `Turn` is the same whichever channel it came through. Free text in it is masked already; the raw
text exists only as `Sealed`. Nothing here says what the turn means for the dialogue: that is the
engine's decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from throughline.privacy.sealed import Sealed

TELEPHONE_PIN: Final = "telephone_pin"
"""The kind of capture that proves who calls: no slot's secret, and opened outside the engine."""


class Assurance(IntEnum):
    """How sure we are of who speaks. Ordered: a higher one includes the lower ones."""

    ANONYMOUS = 0
    CLAIMED = 1
    LINKED = 2
    VERIFIED = 3

    @classmethod
    def named(cls, name: str) -> Assurance:
        """The level called `name` ("anonymous", "claimed", "linked", "verified")."""
        return cls[name.upper()]


class InputMode(StrEnum):
    """How the customer answered."""

    TEXT = "text"
    SPEECH = "speech"
    KEYS = "keys"
    """Keys of a telephone (DTMF)."""
    TAP = "tap"
    """A button or a form: intent and slots arrive as data, not as words."""
    SILENCE = "silence"


class Answer(StrEnum):
    """What the channel itself heard to a yes-or-no question."""

    NONE = "none"
    CONFIRMED = "confirmed"
    DENIED = "denied"


class Provable(StrEnum):
    """How somebody can prove who they are, in the session that they are in."""

    NO = "no"
    """Not here: a session that could be guessed, or a channel that carries no code."""
    IDENTIFY = "identify"
    """They must say first who they are: nothing is known that a code could be sent to."""
    CODE = "code"
    """A code can be sent to an address that was proved long enough ago."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One reading of the turn by a recogniser."""

    intent: str
    """The intent's name in the model; names unknown to the model are allowed (bots age differently from code)."""
    confidence: float | None = None
    """0 to 1; None where the channel gives none (Alexa, taps)."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Slot name to the platform's resolved value, masked; not yet checked against the slot's type."""
    answer: Answer = Answer.NONE
    """The channel's own reading of yes or no, where it keeps one for the intent."""
    sentiment: str = ""
    """How the recogniser thinks it was meant: POSITIVE, NEGATIVE, NEUTRAL or MIXED; empty where it doesn't judge."""


@dataclass(frozen=True, slots=True)
class Captured:
    """What the channel took by itself, past every recogniser: keys that were encrypted where they were pressed."""

    kind: str
    """The kind of secret, as a slot's `sensitive` calls it."""
    flaw: str = ""
    """What is wrong with it, as the code of an intent's `refused` prompt; empty if it can be used. A telephone PIN is
    "wrong", or "spent" where no more may be tried."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the way that this turn came by can carry back. One row of the capability table."""

    voice: bool
    """Replies are spoken: `say` prompts, SSML."""
    screen: bool
    """Replies can be read: `show` prompts, cards, buttons."""
    transfer: bool
    """A person can take over on this very channel."""
    secrets: bool
    """A PIN or a code may be asked for here (its answer is sealed before anything sees it)."""
    keys: bool = False
    """The customer answers with telephone keys: choices are numbered and spoken so."""
    cancel_exits: bool = False
    """Cancelling leaves the channel (a rule of voice assistants)."""
    codes: bool = False
    """A one-time code may be asked for here, though a PIN may not: it is worth nothing once it was used."""
    captures: frozenset[str] = frozenset()
    """Kinds of secrets that the channel can take past its recogniser, by keys that nobody can read on the way."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a customer did, ready for the engine."""

    id: str
    """Same id, same turn: a repeat gets the first reply again."""
    at: float
    """When it is handled, in epoch seconds."""
    channel: str
    """The channel's name, for the record only: nothing outside `channels/` may decide by it."""
    session: str
    """The channel's session, pseudonymous; a question is answered in the session where it was asked."""
    locale: str
    """A locale of the model, such as "en_US"."""
    mode: InputMode
    can: Capabilities
    heard: tuple[Heard, ...] = ()
    """Readings, best first; empty when nothing was recognised."""
    text: str = ""
    """What was said or typed, masked; empty where the channel gives no transcript."""
    sealed: Sealed | None = None
    """What was said, unmasked: for the one action that declares it needs it."""
    captured: Captured | None = None
    """What `sealed` is, where the channel captured it as the reply before had asked; else None."""
    keys: str = ""
    """Digits keyed, where mode is KEYS."""
    answers: str = ""
    """Id of the question that this turn answers, where the channel carries it; else empty."""
    sent_at: float | None = None
    """When the customer sent it (epoch seconds), where the channel tells: older than a question, it can't answer it."""
    opens: bool = False
    """The customer opened the channel and has said nothing yet (a launch, a page load, a ring)."""
    attachments: int = 0
    """Files that came with it, and went no further."""
    forgeable: bool = False
    """Each message here could be anybody's (a text message's originator): a proof lasts for reading, and what can't be
    undone takes a code for the very values."""
    assurance: Assurance = Assurance.ANONYMOUS
    """The lesser of the transport's and the link's: set when the conversation has been read."""
    link: str = ""
    """The link to the customer that this turn came through."""
    provable: Provable = Provable.NO
    """How the sender could prove more, here and now."""

    @property
    def sentiment(self) -> str:
        """The utterance's, by the best reading that has one: POSITIVE, NEGATIVE, NEUTRAL, MIXED or empty."""
        for one in self.heard:
            if one.sentiment:
                return one.sentiment
        return ""

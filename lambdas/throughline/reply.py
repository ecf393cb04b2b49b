"""What goes out: prompts by id with their parameters, and what is expected next.

A `Reply` holds no finished words. It names prompts of the model and carries typed, masked
parameters, so that it can be kept small, said again in another mode or locale, and rendered
within each channel's limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from throughline.turn import Assurance


@dataclass(frozen=True, slots=True)
class Typed:
    """A value with what it is, so that it can be spoken or shown the way people say it."""

    kind: str
    """text, number, money, date, time, digits, phrase, choice:<slot type>, label:, doing:, slot:<intent>[.<slot>], or
    once: text that is told and never kept."""
    value: str
    """Canonical: decimal "12.50", ISO date or time, digits, a value's id, an intent's name."""


Records = tuple[Mapping[str, Typed], ...]
"""Several like things (recent transactions), each rendered with the intent's `item` prompt."""

Param = Typed | Records
NO_PARAMS: Mapping[str, Param] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """One prompt to be said or shown."""

    prompt: str
    """Prompt id in the model, e.g. "TransferMoney.confirm" or "phrases.goodbye"."""
    params: Mapping[str, Param] = field(default_factory=dict)
    variation: int = 0
    """Which variation to take, modulo how many the prompt has; chosen by the engine, so that repeats are equal."""


class Awaits(StrEnum):
    """What the reply leaves open."""

    SLOT = "slot"
    CONFIRM = "confirm"
    CHOICE = "choice"
    """A yes or no of the dialogue's own (a resume offer), or one of several options."""
    INTENT = "intent"
    NOTHING = "nothing"
    """The conversation is closed for now, or a person has it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the customer can tap, key or say instead of words of their own."""

    label: Typed
    """What it is called; rendered in the turn's locale."""
    intent: str
    """The intent a tap carries."""
    slot: str = ""
    """The slot a tap fills, if any."""
    value: str = ""
    """Its canonical value."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A person is to take over."""

    reason: str
    """Why: asked, misses, refused, failed, silence, assurance."""
    intent: str = ""
    """What the customer was doing."""
    callback: bool = False
    """The channel can't transfer: a person calls back."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The engine's answer to one turn. Never empty: it has a line, or says that a person has the turn."""

    lines: tuple[Line, ...]
    awaits: Awaits = Awaits.INTENT
    question: str = ""
    """Id of the open question, to be carried by the channel so that the answer finds it."""
    intent: str = ""
    """The intent in progress, for SLOT and CONFIRM."""
    slot: str = ""
    """The slot asked for, for SLOT."""
    capture: str = ""
    """The kind of secret that the channel is to take by itself (one of the turn's `can.captures`), for SLOT."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """The frame's values so far (canonical, never a sensitive one): Lex and Alexa hold them for their ears."""
    choices: tuple[Choice, ...] = ()
    handover: Handover | None = None
    relayed: bool = False
    """A person has the conversation: the turn is passed on and the bot stays silent."""
    needs: Assurance = Assurance.ANONYMOUS
    """What was said here may be said again only at this assurance."""
    step_up: Assurance | None = None
    """The customer must prove more first, to this level."""
    reprompt: Line | None = None
    """What a voice assistant says if the customer stays silent."""

"""The neutral grammar that the recogniser learns: intents with sample utterances, slots, and the types of
slots.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from rehearsal.recogniser.kinds import EXAMPLES, Kind, built_in_kind


@dataclass(frozen=True, slots=True)
class ListedValue:
    """One value of a listed type."""

    canonical: str
    """What a match is resolved to."""
    synonyms: tuple[str, ...] = ()
    """Other ways to say it."""


@dataclass(frozen=True, slots=True)
class SlotType:
    """A type of slot, the bot's own or built into the platform."""

    name: str
    """As the bot's definition spells it."""
    kind: Kind
    """How words are read for it."""
    values: tuple[ListedValue, ...] = ()
    """The listed values; a built-in type may be extended with some."""
    resolve: bool = True
    """Whether `interpreted` is the canonical value (TOP_RESOLUTION) instead of the customer's words."""
    accepts_others: bool = False
    """Whether words outside the list are taken as said (ORIGINAL_VALUE, and every Alexa type)."""
    pattern: str | None = None
    """A regular expression that a value must match as a whole (Lex's RegexFilter)."""

    def examples(self) -> tuple[str, ...]:
        """A few values to put into sample utterances when training."""
        listed = tuple(word for value in self.values for word in (value.canonical, *value.synonyms))
        return listed or EXAMPLES.get(self.kind, ("",))


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of an intent."""

    name: str
    """Unique within its intent."""
    type_name: str
    """Key into `Grammar.slot_types`."""


@dataclass(frozen=True, slots=True)
class Intent:
    """An intent and how people say it."""

    name: str
    """Unique within the grammar."""
    samples: tuple[str, ...]
    """Sample utterances with `{Slot}` in braces."""
    slots: tuple[Slot, ...] = ()
    """In the order in which they are asked."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """All that one locale of a bot, or one Alexa skill, understands."""

    intents: tuple[Intent, ...]
    """Every intent but the fallback."""
    slot_types: Mapping[str, SlotType] = field(default_factory=dict)
    """The bot's own types and the built-in ones that its slots name."""
    threshold: float = 0.4
    """The confidence, 0 to 1, below which the fallback is understood (Lex's NluConfidenceThreshold)."""
    fallback: str = "FallbackIntent"
    """Name of the intent for what is not understood."""

    def intent(self, name: str) -> Intent | None:
        """The intent of that name, if there is one."""
        return next((intent for intent in self.intents if intent.name == name), None)

    def slot_type(self, slot: Slot) -> SlotType:
        """The slot's type; a type that nobody declared is read as a built-in one or as a phrase."""
        declared = self.slot_types.get(slot.type_name)
        return declared or SlotType(slot.type_name, built_in_kind(slot.type_name) or Kind.PHRASE)

    def digest(self) -> str:
        """A hash over everything that training depends on: what is learnt, and the code that learns it."""
        text = json.dumps(asdict(self), sort_keys=True, default=dict)
        return hashlib.sha256(text.encode() + _code()).hexdigest()


@cache
def _code() -> bytes:
    files = sorted(file for file in Path(__file__).parent.iterdir() if file.suffix in (".py", ".txt"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()

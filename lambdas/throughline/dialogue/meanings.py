"""All that a turn can mean to the dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from throughline.dialogue.model import Intent, Role


@dataclass(frozen=True, slots=True)
class Opened:
    """The customer arrived and has said nothing."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing was said where something was asked."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Something was said that means nothing here."""


@dataclass(frozen=True, slots=True)
class Yes:
    """Yes, perhaps with a value changed at once ("yes, but make it Friday")."""

    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class No:
    """No, perhaps with the right value ("no, Friday")."""

    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picked:
    """One of the options offered, by its place."""

    index: int


@dataclass(frozen=True, slots=True)
class Told:
    """Values for the task in progress; `unfit` names slots for which something unusable was said."""

    values: Mapping[str, str]
    unfit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """The answer to a question for a secret; what it was is sealed in the turn."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A value that one of these slots should have; or, without a value, the slot that should change."""

    slots: tuple[str, ...]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An intent of its own."""

    intent: Intent
    values: Mapping[str, str]
    unfit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Torn:
    """Two intents equally likely."""

    first: Wanted
    second: Wanted


@dataclass(frozen=True, slots=True)
class Universal:
    """Help, repeat, cancel, start over, go back, greeting, goodbye, a person."""

    role: Role


Meaning = (
    Opened | Silent | NotUnderstood | Yes | No | Picked | Told | Secret | Corrected | Wanted | Torn | Universal
)  # fmt: skip


def is_answer(found: Meaning) -> bool:
    """Whether the meaning hangs on the question that was open when it was said."""
    return isinstance(found, Yes | No | Picked | Told | Secret | Corrected)

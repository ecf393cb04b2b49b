"""The generated intent for values changed without naming the task: "no, Friday", "change the amount"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compiler.neutral import CORRECT, LABELS, WHICH, kind
from compiler.prompts import PARAMETER
from compiler.shapes import SlotShape
from compiler.source import AuthoredIntent, Edition
from throughline.dialogue.values import fold

VALUE = "value"


@dataclass(frozen=True, slots=True)
class Generated:
    """One utterance and the template that it comes from."""

    text: str
    template: int
    """Index in `corrections`."""


@dataclass(frozen=True, slots=True)
class Correction:
    """The generated intent."""

    name: str
    types: dict[str, str]
    """Slot to its type: one for each kind of value that tasks use, and `which`."""
    utterances: tuple[Generated, ...]


def correction(edition: Edition) -> Correction:
    """The intent for the edition: each template with each value slot."""
    types = _value_slots(edition)
    values = list(types)
    if labels(edition):
        types[WHICH] = LABELS
    texts: dict[str, Generated] = {}
    for i, template in enumerate(edition.bank.corrections):
        names = PARAMETER.findall(template)
        if WHICH in names and WHICH not in types:
            continue
        filled = (
            [template.replace("{" + VALUE + "}", "{" + name + "}") for name in values] if VALUE in names else [template]
        )
        for text in filled:
            texts.setdefault(text, Generated(text, i))
    return Correction(CORRECT, types, tuple(texts.values()))


def _value_slots(edition: Edition) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, _, slot in labelled_slots(edition):
        resolved = kind(edition, slot.type)
        if resolved is not None and resolved.correction:
            found.setdefault(resolved.correction, resolved.correction)
    return dict(sorted(found.items()))


def labelled_slots(edition: Edition) -> Iterator[tuple[AuthoredIntent, str, SlotShape]]:
    """Every slot that a correction can change: those of tasks, secrets apart."""
    for intent in edition.intents.values():
        if intent.shape.role == "task":
            for name, slot in intent.asked.items():
                yield intent, name, slot


def labels(edition: Edition) -> Mapping[str, tuple[str, ...]]:
    """The generated choice of labels: slot name to what it is called, each label under one name only."""
    names: dict[str, dict[str, str]] = {}
    taken: dict[str, str] = {}
    for _, name, slot in labelled_slots(edition):
        label = slot.label or ""
        folded = fold(label)
        if folded and taken.setdefault(folded, name) == name:
            names.setdefault(name, {}).setdefault(folded, label)
    return {name: tuple(found.values()) for name, found in sorted(names.items())}

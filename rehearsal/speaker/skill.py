"""The skill as its interaction model tells it: what may be said, which slots there are, what has a dialog.

Shape: Alexa Skills Kit, "Interaction model schemas".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.speaker.faults import ModelFault

FALLBACK = "AMAZON.FallbackIntent"
STOP, CANCEL, HELP = "AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.HelpIntent"
EXPECTED = (CANCEL, HELP, STOP, FALLBACK)
"""Alexa builds no model without the first three; the last is how "not understood" is told."""
BUILT_IN = "AMAZON."


@dataclass(frozen=True, slots=True)
class Entity:
    """One value of a slot type."""

    name: str
    """What a match is resolved to."""
    id: str
    """As the model gives it; empty if it gives none."""
    words: frozenset[str]
    """The name and the synonyms, bare."""


@dataclass(frozen=True, slots=True)
class DialogRules:
    """What Alexa's dialog model demands of an intent."""

    slots: frozenset[str]
    """The slots that a directive may ask for."""
    required: frozenset[str]
    """Those that must be filled."""
    confirmed: frozenset[str]
    """Those that must be confirmed one by one."""
    confirms: bool
    """Whether the whole intent must be confirmed."""


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill in one locale."""

    id: str
    """Its application id."""
    invocation: str
    """The name that people call it by."""
    intents: Mapping[str, Mapping[str, str]]
    """Intent → slot → slot type."""
    types: Mapping[str, tuple[Entity, ...]] = field(default_factory=dict)
    """The slot types that the model declares or extends, with their values."""
    dialogs: Mapping[str, DialogRules] = field(default_factory=dict)
    """The intents with a dialog."""
    samples: frozenset[str] = frozenset()
    """Every sample utterance without slots, bare."""


def bare(text: str) -> str:
    """The words alone: one case, one space between them, no punctuation but the apostrophe."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return " ".join(re.sub(r"[^\w\s']|_", " ", folded).split())


def read_skill(model: Mapping[str, Any], skill_id: str) -> Skill:
    """The skill of an interaction model: the whole file or what stands inside its `interactionModel`.

    Raises ModelFault for a model that Alexa would not build.
    """
    if not skill_id:
        raise ModelFault("the skill has no id: give one such as amzn1.ask.skill.<uuid>")
    inner = _map(model.get("interactionModel")) or model
    language = _map(inner.get("languageModel"))
    entries = list(_named(language.get("intents"), "intent"))
    intents = {name: dict(_slots(name, entry)) for name, entry in entries}
    invocation = language.get("invocationName")
    if not isinstance(invocation, str) or not bare(invocation):
        raise ModelFault("the interaction model has no invocationName")
    missing = [name for name in EXPECTED if name not in intents]
    if missing:
        raise ModelFault(f"the interaction model lacks {', '.join(missing)}: add them, samples may be empty")
    samples = [str(sample) for _, entry in entries for sample in _list(entry.get("samples"))]
    return Skill(
        id=skill_id,
        invocation=invocation,
        intents=intents,
        types={
            name: tuple(map(_entity, _list(entry.get("values"))))
            for name, entry in _named(language.get("types"), "slot type")
        },
        dialogs={
            name: _rules(name, entry, intents)
            for name, entry in _named(_map(inner.get("dialog")).get("intents"), "dialog intent")
        },
        samples=frozenset(bare(sample) for sample in samples if "{" not in sample),
    )


def _slots(intent: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, slot in _named(entry.get("slots"), f"slot of {intent}"):
        kind = slot.get("type")
        if not isinstance(kind, str) or not kind:
            raise ModelFault(f"the slot {name} of {intent} has no type")
        yield name, kind


def _rules(name: str, entry: Mapping[str, Any], intents: Mapping[str, Mapping[str, str]]) -> DialogRules:
    if name.startswith(BUILT_IN):
        raise ModelFault(f"{name} is built in and can have no dialog")
    if name not in intents:
        raise ModelFault(f"the dialog model has {name}, the language model doesn't")
    slots = dict(_named(entry.get("slots"), f"dialog slot of {name}"))
    for slot, details in slots.items():
        if intents[name].get(slot) != details.get("type"):
            raise ModelFault(f"the slot {slot} of {name} is not the same in the dialog and the language model")
    return DialogRules(
        slots=frozenset(slots),
        required=frozenset(slot for slot, details in slots.items() if details.get("elicitationRequired")),
        confirmed=frozenset(slot for slot, details in slots.items() if details.get("confirmationRequired")),
        confirms=bool(entry.get("confirmationRequired")),
    )


def _entity(value: object) -> Entity:
    entry = _map(value)
    named = _map(entry.get("name"))
    name, given = named.get("value"), entry.get("id")
    if not isinstance(name, str) or not name:
        raise ModelFault("a slot type has a value without a name")
    said = [name, *(str(synonym) for synonym in _list(named.get("synonyms")))]
    return Entity(name, given if isinstance(given, str) else "", frozenset(map(bare, said)))


def _named(value: object, what: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    seen: set[str] = set()
    for entry in map(_map, _list(value)):
        name = entry.get("name")
        if not isinstance(name, str) or not name:
            raise ModelFault(f"the interaction model has a {what} without a name")
        if name in seen:
            raise ModelFault(f"the interaction model has the {what} {name} twice")
        seen.add(name)
        yield name, entry


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []

"""Reads the grammar out of an Alexa interaction model, so that the same recogniser plays Alexa's ear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rehearsal.recogniser.grammar import Grammar, Intent, ListedValue, Slot, SlotType
from rehearsal.recogniser.kinds import Kind, built_in_kind
from rehearsal.recogniser.universal_samples import UNIVERSAL_SAMPLES

FALLBACK = "AMAZON.FallbackIntent"


def from_alexa(interaction_model: Mapping[str, object]) -> Grammar:
    """The grammar of the model: the whole file or what stands inside its `interactionModel`."""
    model = _map(interaction_model.get("interactionModel")) or interaction_model
    language = _map(model.get("languageModel"))
    intents = [_intent(entry) for entry in _maps(language.get("intents")) if entry.get("name") != FALLBACK]
    types = {str(entry["name"]): _slot_type(entry) for entry in _maps(language.get("types"))}
    named = {slot.type_name for intent in intents for slot in intent.slots} - set(types)
    built_in = {name: SlotType(name, built_in_kind(name) or Kind.PHRASE) for name in sorted(named)}
    return Grammar(intents=tuple(intents), slot_types=types | built_in, fallback=FALLBACK)


def _intent(entry: Mapping[str, object]) -> Intent:
    name = str(entry["name"])
    own = tuple(str(sample) for sample in _sequence(entry.get("samples")))
    slots = tuple(Slot(str(slot["name"]), str(slot.get("type", ""))) for slot in _maps(entry.get("slots")))
    return Intent(name, own + UNIVERSAL_SAMPLES.get(name, ()), slots)


def _slot_type(entry: Mapping[str, object]) -> SlotType:
    name = str(entry["name"])
    values = tuple(
        ListedValue(
            canonical=str(_map(value.get("name")).get("value", "")),
            synonyms=tuple(str(word) for word in _sequence(_map(value.get("name")).get("synonyms"))),
        )
        for value in _maps(entry.get("values"))
    )
    # Alexa hands over words outside the list too (as ER_SUCCESS_NO_MATCH): lists there are examples.
    return SlotType(name, built_in_kind(name) or Kind.LISTED, values, accepts_others=True)


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _maps(value: object) -> list[Mapping[str, object]]:
    return [entry for entry in _sequence(value) if isinstance(entry, Mapping)]

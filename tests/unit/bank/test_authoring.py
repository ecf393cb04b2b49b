"""The authored dialogue keeps to what customers can say and hear, whatever compiles it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from throughline.dialogue.phrases import PHRASES, TIERED, TIERS
from throughline.dialogue.values import fold

DIALOGUE = Path(__file__).parents[3] / "dialogue"
FILES = sorted((DIALOGUE / "intents").glob("*.yaml"))
INTENTS: dict[str, dict[str, Any]] = {file.stem: yaml.safe_load(file.read_text()) for file in FILES}
TYPES: dict[str, Any] = yaml.safe_load((DIALOGUE / "slot_types.yaml").read_text())
BUILT_IN = {"money", "number", "date", "time", "digits", "phone", "email", "name", "city", "text", "yes_no"}
UTTERANCE = re.compile(r"(?:[A-Za-z '\-_.]|\{[a-z_0-9]+\})+")
SLOT = re.compile(r"\{(\w+)\}")


def _utterances(name: str) -> list[str]:
    return list(INTENTS[name].get("utterances", []))


@pytest.mark.parametrize("name", INTENTS)
def test_utterances_hold_only_letters_and_slots_of_their_intent(name: str) -> None:
    slots = INTENTS[name].get("slots", {})
    for said in _utterances(name):
        assert UTTERANCE.fullmatch(said), said
        for slot in SLOT.findall(said):
            assert slot in slots, said
            assert not slots[slot].get("sensitive"), said


def test_no_utterance_stands_twice_anywhere() -> None:
    seen: dict[str, str] = {}
    for name in INTENTS:
        for said in _utterances(name):
            shape = fold(SLOT.sub(r"slot\1", said))
            assert shape not in seen, f"{said!r} is in {seen[shape]} and {name}"
            seen[shape] = name


@pytest.mark.parametrize(
    "name", [n for n, e in INTENTS.items() if e.get("role", "task") in ("task", "answer")]
)
def test_tasks_and_answers_are_richly_exampled(name: str) -> None:
    assert len(_utterances(name)) >= 30


@pytest.mark.parametrize("name", INTENTS)
def test_file_names_follow_intent_names(name: str) -> None:
    assert re.sub(r"(?<!^)(?=[A-Z])", "_", INTENTS[name]["intent"]).lower() == name


@pytest.mark.parametrize("name", INTENTS)
def test_neighbours_named_in_a_definition_exist(name: str) -> None:
    known = {entry["intent"] for entry in INTENTS.values()} | {"Correct"}
    assert set(re.findall(r"\(([A-Z]\w+)\)", INTENTS[name]["is_not"])) <= known


@pytest.mark.parametrize("name", INTENTS)
def test_every_slot_has_a_known_kind_and_three_rising_reprompts(name: str) -> None:
    for slot in INTENTS[name].get("slots", {}).values():
        assert slot["type"] in BUILT_IN or slot["type"] in TYPES
        if "ask" in slot or slot.get("required", True):
            assert len(slot["again"]) == TIERS


@pytest.mark.parametrize("name", [n for n, e in INTENTS.items() if e.get("irreversible")])
def test_a_confirmation_names_every_value_that_it_binds(name: str) -> None:
    entry = INTENTS[name]
    confirm = entry["confirm"]
    for text in confirm.values() if isinstance(confirm, dict) else [confirm]:
        for slot_name, slot in entry.get("slots", {}).items():
            if slot.get("required", True) and not slot.get("sensitive"):
                assert f"{{{slot_name}}}" in text


@pytest.mark.parametrize("name", TYPES)
def test_no_two_values_of_a_kind_are_called_the_same(name: str) -> None:
    seen: dict[str, str] = {}
    for value, entry in TYPES[name].get("values", {}).items():
        names = [entry] if isinstance(entry, str) else [entry["name"], *entry.get("synonyms", [])]
        for said in names:
            assert seen.setdefault(fold(said), value) == value, said
        assert len({fold(said) for said in names}) == len(names), value


def test_there_are_words_for_every_phrase() -> None:
    phrases = yaml.safe_load((DIALOGUE / "phrases.yaml").read_text())
    assert set(phrases) == set(PHRASES) | set(TIERED)

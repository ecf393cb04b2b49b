"""The dialogue and the actions agree: every ending has its words, every word its value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bank.deeds import KINDS
from tests.unit.bank.bank_calls import calm_bank
from tests.unit.bank.scenarios import Step, outcomes
from throughline.dialogue.action import Done, Invalid, Outcome, Param, Refused, Typed

DIALOGUE = Path(__file__).parents[3] / "dialogue"
_NAME = re.compile(r"\{(\w+)\}")


def _intents() -> dict[str, dict[str, Any]]:
    files = sorted((DIALOGUE / "intents").glob("*.yaml"))
    return {entry["intent"]: entry for entry in (yaml.safe_load(file.read_text()) for file in files)}


INTENTS = _intents()
TASKS = {entry["action"]: entry for entry in INTENTS.values() if "." not in entry.get("action", ".")}
"""What the bank does; a name with a dot is an action that any business has."""
RAN = outcomes()


def _names(prompt: object) -> set[str]:
    """Every name in braces, in a prompt of any of the shapes that authors may write."""
    if isinstance(prompt, Mapping):
        return {name for part in prompt.values() for name in _names(part)}
    if isinstance(prompt, list):
        return {name for part in prompt for name in _names(part)}
    return set(_NAME.findall(str(prompt)))


def _ending(outcome: Outcome) -> tuple[str, Mapping[str, Param]]:
    if isinstance(outcome, Done):
        return (f"done_{outcome.variant}" if outcome.variant else "done"), outcome.params
    assert isinstance(outcome, Refused | Invalid), outcome
    return f"refused.{outcome.code}", outcome.params


def _authored(entry: Mapping[str, Any]) -> dict[str, object]:
    done = {key: prompt for key, prompt in entry.items() if key == "done" or key.startswith("done_")}
    return done | {f"refused.{code}": prompt for code, prompt in entry.get("refused", {}).items()}


def _endings_by_action() -> dict[str, dict[str, list[tuple[Step, Mapping[str, Param]]]]]:
    found: dict[str, dict[str, list[tuple[Step, Mapping[str, Param]]]]] = defaultdict(lambda: defaultdict(list))
    for action, step, outcome in RAN:
        ending, params = _ending(outcome)
        found[action][ending].append((step, params))
    return found


ENDINGS = _endings_by_action()


def test_the_dialogue_names_exactly_the_actions_that_exist() -> None:
    known, _, _ = calm_bank()
    assert set(TASKS) == set(known)


@pytest.mark.parametrize("action", sorted(TASKS))
def test_every_ending_has_words_and_all_words_can_be_reached(action: str) -> None:
    assert set(ENDINGS[action]) == set(_authored(TASKS[action]))


@pytest.mark.parametrize("action", sorted(TASKS))
def test_every_value_that_an_ending_names_is_there(action: str) -> None:
    entry = TASKS[action]
    slots = set(entry.get("slots", {}))
    for ending, prompt in _authored(entry).items():
        for step, params in ENDINGS[action][ending]:
            missing = _names(prompt) - set(params) - (slots & (set(step.slots) | _unsaid(entry)))
            assert not missing, f"{action} {ending} names {missing}"


@pytest.mark.parametrize("action", sorted(TASKS))
def test_every_result_has_the_kind_that_the_dialogue_declares(action: str) -> None:
    entry, kinds = TASKS[action], TASKS[action].get("results", {})
    item = _names(entry["item"]) if "item" in entry else set()
    for name, value in _values(action):
        if isinstance(value, Typed):
            if name in kinds:
                assert value.kind == kinds[name], f"{action} {name}"
        else:
            assert kinds[name] == "records"
            assert all(set(record) == item for record in value)


@pytest.mark.parametrize("action", sorted(TASKS))
def test_no_declared_result_is_unknown_to_the_action(action: str) -> None:
    given = {name for name, _ in _values(action)}
    for name, value in list(_values(action)):
        if not isinstance(value, Typed):
            given |= {inner for record in value for inner in record} | {name}
    assert set(TASKS[action].get("results", {})) <= given


@pytest.mark.parametrize("action", sorted(TASKS))
def test_an_action_is_settled_exactly_where_the_dialogue_calls_it_irreversible(action: str) -> None:
    known, _, _ = calm_bank()
    assert (known[action].settle is not None) == TASKS[action].get("irreversible", False)


@pytest.mark.parametrize("action", sorted(TASKS))
def test_a_slot_that_is_asked_again_belongs_to_the_intent_and_has_a_question(action: str) -> None:
    for name, _, outcome in RAN:
        if name == action and isinstance(outcome, Invalid):
            assert "ask" in TASKS[action]["slots"][outcome.slot]


def test_every_fact_of_a_receipt_has_a_kind() -> None:
    assert set(KINDS.values()) <= {"money", "date", "digits", "number"}


def _values(action: str) -> Iterator[tuple[str, Param]]:
    for runs in ENDINGS[action].values():
        for _, params in runs:
            yield from params.items()


def _unsaid(entry: Mapping[str, Any]) -> set[str]:
    """Slots that the engine always has by the time the action runs, even where a scenario leaves them out."""
    return {name for name, slot in entry.get("slots", {}).items() if slot.get("required", True)}

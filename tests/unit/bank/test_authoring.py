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
    return [*INTENTS[name].get("keywords", []), *INTENTS[name].get("utterances", [])]


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


@pytest.mark.parametrize("name", [n for n, e in INTENTS.items() if e.get("role", "task") in ("task", "answer")])
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


@pytest.mark.parametrize(
    ("assurance", "names"),
    [
        (
            "anonymous",
            "apply_for_card book_appointment branch_hours interest_rate routing_number international_fees",
        ),
        ("claimed", "report_lost_card freeze_account report_fraud"),
        (
            "linked",
            "check_balance recent_transactions transfer_money pay_bill rewards_balance redeem_rewards",
        ),
        ("linked", "change_credit_limit replace_damaged_card card_declined application_status preferences"),
        ("verified", "change_pin my_data forget_me link_channel unlink_channel undo_protection"),
        ("anonymous", "prove_identity identify_myself"),
    ],
)
def test_an_intent_needs_no_more_and_no_less_proof_than_its_risk(assurance: str, names: str) -> None:
    assert {INTENTS[name].get("assurance", "anonymous") for name in names.split()} == {assurance}


def test_whatever_moves_money_or_cannot_be_undone_is_confirmed_first() -> None:
    irreversible = {name for name, entry in INTENTS.items() if entry.get("irreversible")}
    assert irreversible == set(
        "transfer_money pay_bill report_lost_card freeze_account replace_damaged_card report_fraud "
        "change_pin pay_by_card redeem_rewards apply_for_card book_appointment forget_me change_credit_limit "
        "undo_protection".split()
    )
    assert all("confirm" in INTENTS[name] for name in irreversible)


def test_what_only_protects_is_open_to_who_only_claims_to_be_the_customer() -> None:
    protective = {name for name, entry in INTENTS.items() if entry.get("protective")}
    assert protective == {"report_lost_card", "freeze_account", "report_fraud"}
    assert {INTENTS[name]["assurance"] for name in protective} == {"claimed"}
    assert all("too_many" in INTENTS[name]["refused"] for name in protective)


@pytest.mark.parametrize("name", ["prove_identity", "identify_myself"])
def test_whoever_cannot_prove_it_hears_why(name: str) -> None:
    codes = {"wrong", "expired", "too_many_tries", "too_many", "nowhere", "undelivered"}
    assert codes <= set(INTENTS[name]["refused"])


def test_a_code_message_fits_into_one_text_message() -> None:
    phrases = yaml.safe_load((DIALOGUE / "phrases.yaml").read_text())
    text = phrases["code_message"].format(business="Meridian", code="123456")
    assert len(text) <= 160
    assert text.isascii() and not set("[]{}^~|\\`") & set(text), "one unit each in GSM-7"
    assert "{code}" not in phrases["code_subject"]


def test_every_universal_role_is_played_once() -> None:
    roles = [entry["role"] for entry in INTENTS.values() if entry.get("role", "task") not in ("task", "answer")]
    assert sorted(roles) == sorted(
        "person help repeat cancel start_over go_back yes no greeting goodbye fallback choose prove identify".split()
    )


def test_the_menu_fits_nine_keys_and_offers_what_exists() -> None:
    menu = yaml.safe_load((DIALOGUE / "bank.yaml").read_text())["menu"]
    assert len(menu) <= 9
    assert set(menu) <= {entry["intent"] for entry in INTENTS.values()}


def test_buttons_are_short() -> None:
    assert all(len(entry["label"]) <= 20 for entry in INTENTS.values())

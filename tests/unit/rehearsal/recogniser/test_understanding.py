from __future__ import annotations

import pytest

from rehearsal.recogniser import Recogniser

TRANSFER = "TransferMoney"


def slots(recogniser: Recogniser, text: str, intent: str = TRANSFER, **context: object) -> dict[str, str]:
    for interpretation in recogniser.recognise(text, **context):  # type: ignore[arg-type]  # keywords by name
        if interpretation.intent == intent:
            return {name: value.interpreted for name, value in interpretation.slots.items() if value}
    return {}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "move $50 from checking to savings on friday",
            {"amount": "50", "source": "checking", "target": "savings", "date": "2026-11-27"},
        ),
        (
            "could you shift forty bucks out of my savings and into checking tomorrow please",
            {"amount": "40", "source": "savings", "target": "checking", "date": "2026-11-23"},
        ),
        ("from my nest egg i want to transfer 20 dollars", {"amount": "20", "source": "savings"}),
        ("transfer money to savings", {"target": "savings"}),
        ("transfer fifty five dollars and ten cents", {"amount": "55.10"}),
        ("send 40 dollars to maria", {"amount": "40", "payee": "maria"}),
        ("move 30 dollars to my savngs", {"amount": "30", "target": "savings"}),
    ],
)
def test_several_slots_in_a_sentence_are_told_apart_by_the_words_around_them(
    bank: Recogniser, said: str, meant: dict[str, str]
) -> None:
    assert bank.recognise(said)[0].intent == TRANSFER
    assert slots(bank, said) == meant


def test_a_value_keeps_the_customers_words_beside_what_it_stands_for(bank: Recogniser) -> None:
    best = bank.recognise("Move $50 from my Nest Egg to checking")[0]
    source = best.slots["source"]
    assert source is not None
    assert (source.original, source.interpreted, source.resolved) == ("Nest Egg", "savings", ("savings",))
    assert set(best.slots) == {"amount", "source", "target", "date", "payee"}
    assert best.slots["date"] is None


def test_two_dates_are_told_apart(practice: Recogniser) -> None:
    said = "change my visit from monday to december 5th"
    assert slots(practice, said, "MoveVisit") == {"date": "2026-11-23", "newdate": "2026-12-05"}


@pytest.mark.parametrize(
    ("slot", "said", "meant"),
    [
        ("amount", "fifty dollars", "50"),
        ("amount", "it's fifty", "50"),
        ("amount", "um make it fifty dollars please", "50"),
        ("amount", "the second one", "2"),
        ("amount", "no, make it sixty", "60"),
        ("source", "savings", "savings"),
        ("source", "the checking one please", "checking"),
        ("source", "chekcing", "checking"),
        ("date", "next Friday", "2026-11-27"),
        ("date", "the third", "2026-12-03"),
        ("date", "3", "2026-12-03"),
        ("date", "in two weeks", "2026-12-06"),
        ("payee", "it's Maria", "Maria"),
    ],
)
def test_the_bare_answer_to_a_question_fills_the_slot(bank: Recogniser, slot: str, said: str, meant: str) -> None:
    best = bank.recognise(said, eliciting=(TRANSFER, slot))[0]
    assert best.intent == TRANSFER
    assert {name: value.interpreted for name, value in best.slots.items() if value} == {slot: meant}


def test_an_answer_may_say_more_than_was_asked(bank: Recogniser) -> None:
    said = slots(bank, "fifty dollars from checking", eliciting=(TRANSFER, "amount"))
    assert said == {"amount": "50", "source": "checking"}


def test_an_answer_meant_for_another_slot_goes_there(bank: Recogniser) -> None:
    assert slots(bank, "to savings", eliciting=(TRANSFER, "source")) == {"target": "savings"}


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("what's my balance", "CheckBalance"),
        ("my card was stolen", "ReportLostCard"),
        ("help", "Help"),
        ("cancle", "Cancel"),
        ("repeat", "Repeat"),
        ("never mind", "Cancel"),
    ],
)
@pytest.mark.parametrize("slot", ["amount", "source", "date", "payee"])
def test_a_clear_other_intent_wins_over_the_question(bank: Recogniser, slot: str, said: str, intent: str) -> None:
    assert bank.recognise(said, eliciting=(TRANSFER, slot))[0].intent == intent


def test_a_hint_names_what_the_ordinal_chooses(bank: Recogniser) -> None:
    hints = {TRANSFER: {"source": ["savings", "checking"]}}
    assert slots(bank, "the second one", eliciting=(TRANSFER, "source"), hints=hints) == {"source": "checking"}


def test_a_hint_adds_a_value_that_the_type_does_not_list(bank: Recogniser) -> None:
    hints = {TRANSFER: {"source": ["holiday fund"]}}
    assert slots(bank, "my holiday fund", eliciting=(TRANSFER, "source"), hints=hints) == {"source": "holiday fund"}


def test_a_no_with_a_correction_keeps_both_readings(bank: Recogniser) -> None:
    first, second = bank.recognise("no, friday", confirming=True, within=TRANSFER)[:2]
    assert first.intent == TRANSFER
    assert first.slots["date"] is not None
    assert first.slots["date"].interpreted == "2026-11-27"
    assert second.intent == "No"


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("yes", "Yes"),
        ("Yes!", "Yes"),
        ("yep that's right", "Yes"),
        ("go ahead", "Yes"),
        ("no", "No"),
        ("nope", "No"),
        ("no thank you", "No"),
        ("HELP", "Help"),
        ("hlep", "Help"),
        ("please repeat that", "Repeat"),
        ("um, cancel please", "Cancel"),
    ],
)
def test_universal_words_are_never_missed(bank: Recogniser, said: str, intent: str) -> None:
    for context in ({}, {"confirming": True, "within": TRANSFER}, {"eliciting": (TRANSFER, "source")}):
        assert bank.recognise(said, **context)[0].intent == intent

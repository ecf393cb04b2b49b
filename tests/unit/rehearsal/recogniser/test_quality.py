"""Holds the recogniser to what it reached on the development bots; the figures are floors, not records."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rehearsal.recogniser import Recogniser
from rehearsal.recogniser.measure import main, measure, read_lines, read_pairs, report

BOTS = Path(__file__).parent / "bots"


def test_a_bank_with_ten_samples_an_intent_understands_unseen_utterances(bare_bank: Recogniser) -> None:
    measured = measure(bare_bank, read_pairs(BOTS / "banking_unseen.tsv"), read_lines(BOTS / "out_of_scope.txt"))
    assert measured.recall >= 0.85
    assert measured.rejection >= 0.93


def test_a_practice_whose_callers_word_things_freely_understands_most(practice: Recogniser) -> None:
    measured = measure(practice, read_pairs(BOTS / "clinic_unseen.tsv"), read_lines(BOTS / "out_of_scope.txt"))
    assert measured.recall >= 0.68
    assert measured.rejection >= 0.93


def test_another_threshold_of_the_bot_parts_at_the_same_point(bare_bank: Recogniser) -> None:
    strict = Recogniser.train(replace(bare_bank.grammar, threshold=0.7))
    for text in (
        "how broke am i",
        "what have i been spending on food",
        "is my credit union any good",
        "sing",
    ):
        taken = strict.recognise(text)[0].intent
        assert taken == bare_bank.recognise(text)[0].intent


def test_the_measuring_command_prints_both_figures(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "samples.tsv").write_text("Eat\ti am hungry\nEat\tfood please\nRest\ti am tired\nRest\tlet me sleep\n")
    (tmp_path / "in.tsv").write_text("Eat\ti am so hungry\nRest\ti am very tired\n")
    (tmp_path / "out.txt").write_text("who painted the mona lisa\n")
    assert main([str(tmp_path / "samples.tsv"), str(tmp_path / "in.tsv"), str(tmp_path / "out.txt")]) == 0
    printed = capsys.readouterr().out
    assert "in scope" in printed
    assert "out of scope" in printed


def test_the_report_lists_the_mistakes(bare_bank: Recogniser) -> None:
    lines = report(measure(bare_bank, [("PayBill", "what's my balance")], ["i lost my card"]), 0.4)
    assert any("PayBill -> CheckBalance" in line for line in lines)
    assert any('"i lost my card" -> ReportLostCard' in line for line in lines)


def test_a_slip_of_the_finger_does_not_hide_the_intent(bare_bank: Recogniser) -> None:
    for said in (
        "somebody stole my credit crad",
        "whats my acount balance",
        "i want a new pin nubmer pleaseee",
    ):
        assert bare_bank.recognise(said)[0].intent in ("ReportLostCard", "CheckBalance", "ChangePin")


def test_a_near_miss_is_not_taken_for_the_banks_business(bare_bank: Recogniser) -> None:
    for said in ("i lost my glasses at the lake", "how do i freeze leftover soup", "change the channel"):
        assert bare_bank.recognise(said)[0].intent == "FallbackIntent"


def test_a_bare_value_that_nobody_asked_for_starts_no_task(bank: Recogniser) -> None:
    for said in ("savings", "fifty dollars", "my nest egg", "tomorrow", "walmart"):
        assert bank.recognise(said)[0].intent == "FallbackIntent"

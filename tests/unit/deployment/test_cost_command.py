"""`throughline cost`, as it is called."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import commands
from deployment import cost
from deployment.cost.bill import idle_is_met

ASSEMBLY = Path(__file__).resolve().parents[3] / "cdk.out"


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert commands.main(["cost", "--assembly", str(ASSEMBLY), *arguments]) == 0
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(called(capsys, "--json", *arguments))


def test_the_default_settings_keep_to_both_targets() -> None:
    deployed = cost.read(ASSEMBLY)
    nothing = cost.idle(deployed, cost.Assumed()).total()
    assert idle_is_met(nothing, deployed), f"{nothing:.2f} USD a month while idle"
    assert cost.per_thousand(deployed, 100_000, cost.Assumed()).met


def test_it_prints_services_sums_and_what_was_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    printed = called(capsys, "--lex-text", "250,000", "--alexa", "0")
    assert printed.startswith("A month of 250,000 text turns through Lex\n")
    for word in ("AWS Lambda", "Amazon DynamoDB", "Amazon Lex", "Idle", "Added to 1,000 text turns", "free tiers"):
        assert word in printed
    assert "Alexa turns" not in printed
    assert max(len(line) for line in printed.splitlines()) <= 140


def test_it_says_what_is_not_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    left_out = " ".join(called(capsys).partition("Assumed and left out")[2].split())
    assert "the minutes that persons talk, and what a contact asks of functions before and after its turns" in left_out
    assert "log widgets, which run at each refresh of the dashboard" in left_out
    assert "0.005 USD per GB scanned" in left_out


def test_a_target_is_said_to_be_ours_also_when_it_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    printed = called(capsys, "--warm-ms", "10000")
    assert "our target, at most 0.06: MISSED" in printed
    assert printed.count("target") == printed.count("our target")


def test_speech_is_said_to_be_recognition_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["cost", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "spoken turns through Lex (0): recognition by Lex only: no telephone minutes" in told


def test_a_month_of_silence_is_told_without_a_channel(capsys: pytest.CaptureFixture[str]) -> None:
    printed = called(capsys, "--lex-text", "0", "--alexa", "0")
    assert printed.startswith("A month of silence\n")
    assert "What Lex" not in printed


def test_as_json_the_sums_are_exact(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "--lex-speech", "1_000", "--ear", "5")
    told = {"lex-text": 100_000, "lex-speech": 1000, "phone": 0, "chat": 0, "alexa": 20_000, "ear": 5, "relay": 0}
    assert found["volumes"] == told
    assert Decimal(found["total"]) == sum(Decimal(line["usd"]) for line in found["lines"])
    sums = [Decimal(found[group]) for group in ("added", "options", "anyway")]
    assert Decimal(found["total"]) == sum(sums)
    assert found["idle"]["met"] is True
    assert found["added_per_1000_text_turns"]["met"] is True
    assert all(line["price"]["source"].startswith("https://") for line in found["lines"])


def test_assumptions_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    usual, slower = document(capsys), document(capsys, "--warm-ms", "300", "--cold-percent", "0.5")
    assert slower["assumed"] == {**usual["assumed"], "warm_ms": "300", "cold_percent": "0.5"}
    assert Decimal(slower["added"]) > Decimal(usual["added"])
    shorter = document(capsys, "--conversation-turns", "2")
    assert Decimal(shorter["added"]) > Decimal(usual["added"])


def test_the_table_for_the_readme_is_the_same_whatever_volumes_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    table = called(capsys, "--markdown")
    assert called(capsys, "--markdown", "--lex-text", "5") == table == cost.markdown(cost.read(ASSEMBLY)) + "\n"
    lines = table.splitlines()
    assert {line.count("|") for line in lines} == {4}
    assert lines[0].startswith("| USD a month | idle | 100,000 text turns")
    assert "**what Throughline adds**" in table


@pytest.mark.parametrize(
    ("option", "value"),
    [("--lex-text", "-1"), ("--alexa", "many"), ("--conversation-turns", "0"), ("--cold-percent", "101")],
)
def test_a_number_that_makes_no_sense_is_refused(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["cost", option, value])
    assert f"'{value}' is not" in capsys.readouterr().err


def test_without_templates_it_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["cost", "--assembly", str(tmp_path)]) == 1
    assert "make synth" in capsys.readouterr().err

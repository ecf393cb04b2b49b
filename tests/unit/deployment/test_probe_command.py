"""`throughline probe` as it is called: what it prints, writes and returns, and when it does nothing."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

import commands
from commands.probe import tried
from deployment import Environment
from deployment.probe import catalogue, chosen, report
from deployment.probe.account import CannotLook
from stacks.queries import QUERIES
from tests.unit.deployment.probe_rig import SETTINGS, Aws, Bot, small_script
from tests.unit.deployment.test_probe_account import ROOT, account_with, stacks


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.chdir(ROOT)


def called(there: Aws, *words: str, environment: Environment = SETTINGS, only: tuple[str, ...] = ()) -> int:
    args = commands.parser().parse_args(["probe", *words])
    return tried(chosen(only), environment, small_script(), there, args, region="us-east-1")


def seen() -> Aws:
    """An account where the bot stack is deployed."""
    return account_with({"bot": stacks(ROOT / "cdk.out")["bot"]})


def test_without_credentials_it_says_so_and_returns_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["probe", "-c", "region=us-east-1"]) == 2
    assert "no credentials: nothing was tried" in capsys.readouterr().err


def test_an_unknown_assumption_an_unknown_profile_and_a_wrong_setting_return_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert commands.main(["probe", "--only", "ear-stat"]) == 2
    assert "no probe ear-stat; there are" in capsys.readouterr().err
    assert commands.main(["probe", "--profile", "nobody", "-c", "region=us-east-1"]) == 2
    assert "no such AWS profile" in capsys.readouterr().err
    assert commands.main(["probe", "-c", "environment=nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_the_list_names_each_assumption_and_the_rights_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["probe", "--list"]) == 0
    told = capsys.readouterr().out
    assert all(f"{probe.assumption.id}:" in told for probe in catalogue.PROBES)
    assert "lex:RecognizeText" in told


def test_cost_and_calls_are_told_before_anything_is_tried(capsys: pytest.CaptureFixture[str]) -> None:
    there = Aws(Bot())
    with pytest.raises(CannotLook, match="nothing of throughline-dev can be seen here"):
        called(there)
    told = capsys.readouterr().out
    assert "text requests to Lex" in told and "USD" in told
    assert {name for _, name, _ in there.calls} == {"list_stack_resources"}


def test_all_together_cost_cents() -> None:
    used = catalogue.volume(catalogue.PROBES)
    assert 0 < catalogue.usd(used) <= catalogue.CENTS


def test_log_queries_are_counted_and_an_alarm_s_mails_told() -> None:
    used = catalogue.volume(chosen(["queries-run"]))
    assert used.queries == len(QUERIES) and 0 < catalogue.usd(used) < 0.01
    assert f"{len(QUERIES)} log queries" in report.plan(chosen(["queries-run"]))
    assert "--ring" in report.plan(chosen(["alarm-rings"])) and "--ring" not in report.plan(chosen(["queries-run"]))


def test_what_costs_more_than_cents_is_asked_about_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "CENTS", 0.001)
    there = Aws(Bot())
    with pytest.raises(CannotLook, match="say --yes"):
        called(there)
    assert not there.calls


def test_a_part_of_the_tour_is_counted_with_its_whole_cost() -> None:
    assert catalogue.volume(chosen(["hook-close"])).texts == catalogue.volume(chosen(["hook-permission"])).texts


def test_findings_are_printed_and_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    there, file = seen(), tmp_path / "probe.json"
    assert called(there, "--out", str(file), only=("yes-no", "ear-state", "table-ttl", "ses-rules")) == 0
    told = capsys.readouterr().out
    assert "AS EXPECTED  ear-state:" in told and "NOT TRIED  ses-rules:" in told
    assert "channel not built yet" in told and "2 as expected, 0 different, 2 not tried." in told
    report: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert report["environment"] == "dev" and report["region"] == "us-east-1" and report["left_behind"] == []
    entries = {each["id"]: each for each in report["findings"]}
    assert entries["yes-no"]["verdict"] == "as expected" and entries["yes-no"]["came"]
    assert "throughline-dev-customers" in entries["table-ttl"]["why"]
    assert all(each["assumption"] and each["expected"] and each["matters"] for each in entries.values())


def test_a_difference_returns_1_and_says_what_would_change(capsys: pytest.CaptureFixture[str]) -> None:
    there = seen()
    there.bot.hears_yes = False
    assert called(there, only=("yes-no",)) == 1
    told = capsys.readouterr().out
    assert "DIFFERENT  yes-no:" in told and "matters" in told and "Different: yes-no." in told


def test_what_is_left_behind_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    there = seen()
    there.bot.deletes = False
    assert called(there, only=("session-ids",)) == 0
    assert "Left behind: the Lex session Probe-" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_tidies_up_and_tells_what_was_found(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, how: signal.Signals
) -> None:
    there, file = seen(), tmp_path / "probe.json"
    healthy, count = there.bot.recognize_text, iter(range(9))

    def interrupted(params: dict[str, Any]) -> Any:
        answer = healthy(params)
        if next(count) == 1:
            signal.raise_signal(how)
        return answer

    there.answers["recognize_text"] = interrupted
    # A shell's background job, as a CI's may be, begins with interrupts ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert called(there, "--out", str(file), only=("ear-state", "yes-no", "text-length")) == 2
    finally:
        signal.signal(signal.SIGINT, before)
    assert not there.bot.sessions
    assert "the rest was not tried" in capsys.readouterr().err
    assert [each["id"] for each in json.loads(file.read_text("utf-8"))["findings"]] == ["ear-state"]

"""The alarm that is set off: only when asked for, only when it is quiet, and it is quiet again however it goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from deployment.environment import Watched
from deployment.probe import Outcome, Site, Verdict, chosen
from deployment.probe.running import outcome
from tests.unit.deployment.probe_rig import SETTINGS, Aws, Bot, refusal, site
from tests.unit.deployment.probe_watched import RINGS, action


def tried(here: Site) -> Outcome:
    return outcome(chosen(["alarm-rings"])[0], here)


def states(there: Aws) -> list[str]:
    return [each["StateValue"] for each in there.called("set_alarm_state")]


def acting(there: Aws, *entries: dict[str, Any]) -> None:
    """From now on these are the entries that ringing leaves."""

    def rung(params: dict[str, Any]) -> Any:
        there.state = params["StateValue"]
        there.rung[:0] = entries if there.state == "ALARM" else ()
        return {}

    there.answers["set_alarm_state"] = rung


def test_it_rings_is_heard_and_is_quiet_again() -> None:
    there = Aws(Bot())
    here = site(there)
    found = tried(here)
    assert found.verdict is Verdict.AS_EXPECTED and found.came.startswith("Successfully executed action arn:aws:sns:")
    assert states(there) == ["ALARM", "OK"] and there.state == "OK" and not here.left
    assert {(each["AlarmName"], each["StateReason"]) for each in there.called("set_alarm_state")} == {
        (RINGS, "throughline probe")
    }


def test_a_topic_that_can_not_be_published_to_is_different_with_cloudwatch_s_words() -> None:
    there = Aws(Bot())
    acting(there, action("Failed", error="AWSKMS; Error Code: AccessDeniedException"))
    found = tried(site(there))
    assert found.verdict is Verdict.DIFFERENT
    assert "Failed to execute action" in found.came and "AWSKMS; Error Code: AccessDenied" in found.came
    assert states(there) == ["ALARM", "OK"]


@pytest.mark.parametrize(
    ("summary", "verdict"),
    [("Successfully executed action x", Verdict.AS_EXPECTED), ("Failed to execute action x", Verdict.DIFFERENT)],
)
@pytest.mark.parametrize("data", ["not JSON", "[]", "{}"])
def test_an_entry_without_data_is_judged_by_its_summary(summary: str, verdict: Verdict, data: str) -> None:
    there = Aws(Bot())
    acting(there, {**action("Succeeded"), "HistorySummary": summary, "HistoryData": data})
    assert tried(site(there)).verdict is verdict


def test_what_an_earlier_ringing_left_is_not_taken_for_this_one_s() -> None:
    there = Aws(Bot())
    there.rung.append(action("Failed", at=-60, error="old"))
    assert tried(site(there)).verdict is Verdict.AS_EXPECTED
    there = Aws(Bot(), rung=[action("Succeeded", at=-60)])
    acting(there)
    found = tried(site(there))
    assert found.verdict is Verdict.NOT_TRIED and f"history of {RINGS}" in found.why
    assert states(there) == ["ALARM", "OK"]


def test_an_action_that_is_shown_late_is_waited_for() -> None:
    there = Aws(Bot())
    pauses: list[float] = []
    acting(there)
    here = site(there)

    def paused(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            there.rung.insert(0, action("Succeeded"))

    here.pause = paused
    assert tried(here).verdict is Verdict.AS_EXPECTED and len(pauses) == 3


def test_it_is_not_set_off_unless_it_is_asked_for() -> None:
    there = Aws(Bot())
    found = tried(site(there, allowed=False))
    assert found.verdict is Verdict.NOT_TRIED and "--ring" in found.why and not there.calls


def test_without_alarms_it_is_not_tried() -> None:
    there = Aws(Bot())
    found = tried(site(there, environment=replace(SETTINGS, watched=Watched(alarms=False))))
    assert found.verdict is Verdict.NOT_TRIED and "watched.alarms" in found.why and not there.calls


@pytest.mark.parametrize(
    ("alarms", "reason"),
    [
        ([], "has no alarm"),
        ([{"StateValue": "ALARM"}], "rings already"),
        ([{"StateValue": "OK", "ActionsEnabled": False}], "switched off"),
    ],
)
def test_an_alarm_that_can_not_be_set_off_is_left_alone(alarms: list[dict[str, Any]], reason: str) -> None:
    there = Aws(Bot())
    there.always("describe_alarms", {"MetricAlarms": alarms})
    found = tried(site(there))
    assert found.verdict is Verdict.NOT_TRIED and reason in found.why and not states(there)


@pytest.mark.parametrize("call", ["describe_alarms", "describe_alarm_history", "set_alarm_state"])
def test_a_missing_right_is_named_and_nothing_is_said_to_ring(call: str) -> None:
    there = Aws(Bot())
    there.always(call, refusal("AccessDenied"))
    here = site(there)
    found = tried(here)
    assert found.verdict is Verdict.NOT_TRIED and "cloudwatch:SetAlarmState" in found.why
    assert there.state == "OK" and not here.left and "OK" not in states(there)


@pytest.mark.parametrize("failure", [refusal("AccessDenied"), ReadTimeoutError(endpoint_url="https://example.com")])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_failure_in_the_middle_leaves_it_quiet(failure: Exception, nth: int) -> None:
    there = Aws(Bot())
    healthy, count = there.describe_alarm_history, iter(range(9))
    acting(there)

    def breaking(params: dict[str, Any]) -> Any:
        if next(count) == nth:
            raise failure
        return healthy(params)

    there.answers["describe_alarm_history"] = breaking
    assert tried(site(there)).verdict is Verdict.NOT_TRIED
    assert states(there) == ["ALARM", "OK"] and there.state == "OK"


@pytest.mark.parametrize(
    "lost",
    [
        ReadTimeoutError(endpoint_url="https://example.com"),
        refusal("InternalFailure", ResponseMetadata={"HTTPStatusCode": 500}),
        KeyboardInterrupt(),
    ],
    ids=["no answer", "failure", "interrupt"],
)
def test_a_ringing_whose_answer_was_lost_is_ended(lost: BaseException) -> None:
    there = Aws(Bot())
    healthy = there.set_alarm_state

    def rung(params: dict[str, Any]) -> Any:
        healthy(params)
        if params["StateValue"] == "ALARM":
            raise lost
        return {}

    there.answers["set_alarm_state"] = rung
    if isinstance(lost, Exception):
        assert tried(site(there)).verdict is Verdict.NOT_TRIED
    else:
        with pytest.raises(KeyboardInterrupt):
            tried(site(there))
    assert there.state == "OK"


def test_an_interrupt_while_it_is_waited_for_leaves_it_quiet() -> None:
    there = Aws(Bot())
    here = site(there)

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    here.pause = interrupted
    with pytest.raises(KeyboardInterrupt):
        tried(here)
    assert states(there) == ["ALARM", "OK"] and there.state == "OK"


def test_what_can_not_be_set_back_is_told() -> None:
    there = Aws(Bot())
    healthy = there.set_alarm_state

    def rung(params: dict[str, Any]) -> Any:
        if params["StateValue"] == "OK":
            raise refusal("AccessDenied")
        return healthy(params)

    there.answers["set_alarm_state"] = rung
    here = site(there)
    assert tried(here).verdict is Verdict.AS_EXPECTED
    assert len(here.left) == 1 and RINGS in here.left[0] and "until CloudWatch judges it again" in here.left[0]

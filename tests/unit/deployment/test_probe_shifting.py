"""What CodeDeploy's last deployments show of the role that shifts an alias, and what they don't."""

from __future__ import annotations

from typing import Any

import pytest

from deployment.probe import Outcome, Verdict, chosen
from deployment.probe.running import outcome
from tests.unit.deployment.probe_rig import Aws, Bot, refusal, site
from tests.unit.deployment.probe_watched import NOW, shift

DENIED = {"code": "IAM_ROLE_PERMISSIONS", "message": "not authorized to perform cloudwatch:DescribeAlarms"}
AT_ONCE = "CodeDeployDefault.LambdaAllAtOnce"


def tried(there: Aws) -> Outcome:
    return outcome(chosen(["gradual-role"])[0], site(there))


def after(*deployments: dict[str, Any]) -> Outcome:
    there = Aws(Bot())
    there.always("batch_get_deployments", {"deploymentsInfo": list(deployments)})
    return tried(there)


def test_a_gradual_deployment_that_succeeded_shows_that_the_role_is_enough() -> None:
    there = Aws(Bot())
    found = tried(there)
    assert found.verdict is Verdict.AS_EXPECTED
    assert "d-lex-group of lex-group" in found.came and "d-alexa-group of alexa-group" in found.came
    assert "lex-turn-errors" in found.came
    asked = there.called("list_deployments")[0]
    assert asked["applicationName"] == "lex-app" and asked["createTimeRange"]["start"].timestamp() == NOW - 90 * 86_400


def test_one_that_its_alarm_stopped_shows_it_too() -> None:
    found = after(shift("d-1", status="Stopped", errorInformation={"code": "ALARM_ACTIVE", "message": "it rings"}))
    assert found.verdict is Verdict.AS_EXPECTED and "saw one of lex-turn-errors ring" in found.came


@pytest.mark.parametrize(
    "error", [DENIED, {"code": "INTERNAL_ERROR", "message": "DescribeAlarms was denied"}], ids=["code", "message"]
)
@pytest.mark.parametrize("status", ["Failed", "Stopped"])
def test_a_want_of_rights_is_different_and_says_what_would_change(error: dict[str, str], status: str) -> None:
    found = after(shift("d-1", status=status, errorInformation=error))
    assert found.verdict is Verdict.DIFFERENT
    assert "d-1" in found.came and error["message"] in found.came and "stacks/function.py" in found.came


def test_the_newest_counts_in_whichever_order_they_come() -> None:
    older, newer = NOW - 60, NOW
    mended = (shift("d-1", at=older, status="Failed", errorInformation=DENIED), shift("d-2", at=newer))
    broken = (shift("d-1", at=older), shift("d-2", at=newer, status="Failed", errorInformation=DENIED))
    for each, verdict in ((mended, Verdict.AS_EXPECTED), (broken, Verdict.DIFFERENT)):
        assert after(*each).verdict is verdict
        assert after(*reversed(each)).verdict is verdict


@pytest.mark.parametrize("creator", ["codeDeployRollback", "CloudFormationRollback"])
def test_what_only_brings_the_old_version_back_does_not_hide_the_failure(creator: str) -> None:
    failed = shift("d-1", at=NOW - 60, status="Failed", errorInformation=DENIED)
    assert after(failed, shift("d-2", creator=creator)).verdict is Verdict.DIFFERENT


def test_one_group_that_differs_is_enough() -> None:
    there = Aws(Bot())

    def told(params: dict[str, Any]) -> Any:
        failed: dict[str, Any] = {"status": "Failed", "errorInformation": DENIED}
        denied = "d-alexa-group" in params["deploymentIds"]
        return {"deploymentsInfo": [shift(id, **(failed if denied else {})) for id in params["deploymentIds"]]}

    there.answers["batch_get_deployments"] = told
    found = tried(there)
    assert found.verdict is Verdict.DIFFERENT and "alexa-group" in found.came and "lex-group" not in found.came


@pytest.mark.parametrize(
    "deployment",
    [
        shift("d-1", deploymentConfigName=AT_ONCE),
        shift("d-1", status="Failed", errorInformation={"code": "INVALID_REVISION", "message": "no such version"}),
    ],
    ids=["all at once", "failed for another reason"],
)
def test_what_shows_nothing_of_the_role_is_no_verdict(deployment: dict[str, Any]) -> None:
    found = after(deployment)
    assert found.verdict is Verdict.NOT_TRIED and "running.traffic_shifting canary" in found.why


@pytest.mark.parametrize(
    "alarms",
    [
        {},
        {"enabled": False, "alarms": [{"name": "a"}]},
        {"enabled": True, "alarms": []},
        {"enabled": True, "ignorePollAlarmFailure": True, "alarms": [{"name": "a"}]},
    ],
)
def test_a_group_that_needs_no_alarm_s_state_shows_nothing(alarms: dict[str, Any]) -> None:
    there = Aws(Bot())
    there.always("get_deployment_group", {"deploymentGroupInfo": {"alarmConfiguration": alarms}})
    assert tried(there).verdict is Verdict.NOT_TRIED


def test_without_a_deployment_nothing_is_known_and_nothing_more_is_asked() -> None:
    there = Aws(Bot())
    there.always("list_deployments", {"deployments": []})
    found = tried(there)
    assert found.verdict is Verdict.NOT_TRIED and "update a function once" in found.why
    assert not there.called("batch_get_deployments")


def test_many_deployments_are_asked_about_25_at_a_time() -> None:
    there = Aws(Bot())
    there.always("list_deployments", {"deployments": [f"d-{number}" for number in range(60)]})
    assert tried(there).verdict is Verdict.AS_EXPECTED
    assert [len(each["deploymentIds"]) for each in there.called("batch_get_deployments")] == [25, 25, 10] * 2


@pytest.mark.parametrize("call", ["get_deployment_group", "list_deployments", "batch_get_deployments"])
def test_a_missing_right_is_named(call: str) -> None:
    there = Aws(Bot())
    there.always(call, refusal("AccessDeniedException"))
    found = tried(there)
    assert found.verdict is Verdict.NOT_TRIED and "codedeploy:BatchGetDeployments" in found.why


def test_it_only_looks() -> None:
    there = Aws(Bot())
    tried(there)
    assert all(name.startswith(("get_", "list_", "batch_get_")) for _, name, _ in there.calls)

"""The part of a healthy account that looks after the rest: an alarm, saved queries, and CodeDeploy's deployments."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

TOPIC = "arn:aws:sns:us-east-1:111122223333:throughline-dev-alarms"
RINGS = "throughline-dev-failures"
LEX_LOGS, ALEXA_LOGS = "throughline-dev-bot-LexTurnLogs", "throughline-dev-skill-AlexaTurnLogs"
NOW = 1_800_000_000.0


@dataclass(kw_only=True)
class WatchedAccount:
    """Its answers, and how its alarm stands."""

    rung: list[dict[str, Any]] = field(default_factory=list)
    """The actions of the alarm, newest first."""
    state: str = "OK"
    """The alarm's."""

    def describe_query_definitions(self, params: dict[str, Any]) -> Any:
        begins, groups = params["queryDefinitionNamePrefix"], [LEX_LOGS, ALEXA_LOGS]
        return {
            "queryDefinitions": [
                {"name": f"{begins}{name}", "queryString": f"filter x = '{name}'", "logGroupNames": groups}
                for name in ("turn", "failures")
            ]
        }

    def start_query(self, params: dict[str, Any]) -> Any:
        return {"queryId": f"of {params['queryString']}"}

    def stop_query(self, params: dict[str, Any]) -> Any:
        return {"success": True}

    def describe_alarms(self, params: dict[str, Any]) -> Any:
        names = params["AlarmNames"]
        return {
            "MetricAlarms": [{"AlarmName": name, "StateValue": self.state, "ActionsEnabled": True} for name in names]
        }

    def set_alarm_state(self, params: dict[str, Any]) -> Any:
        if params["StateValue"] != self.state:
            self.rung.insert(0, action("Succeeded", at=len(self.rung)))
        self.state = params["StateValue"]
        return {}

    def describe_alarm_history(self, params: dict[str, Any]) -> Any:
        return {"AlarmHistoryItems": list(self.rung)}

    def get_deployment_group(self, params: dict[str, Any]) -> Any:
        alarms = {"enabled": True, "ignorePollAlarmFailure": False, "alarms": [{"name": "lex-turn-errors"}]}
        return {"deploymentGroupInfo": {"alarmConfiguration": alarms}}

    def list_deployments(self, params: dict[str, Any]) -> Any:
        return {"deployments": [f"d-{params['deploymentGroupName']}"]}

    def batch_get_deployments(self, params: dict[str, Any]) -> Any:
        return {"deploymentsInfo": [shift(id) for id in params["deploymentIds"]]}


def shift(id: str, *, at: float = NOW, **more: Any) -> dict[str, Any]:
    """A deployment as CodeDeploy tells it: gradual, and it succeeded, unless `more` says otherwise."""
    return {
        "deploymentId": id, "status": "Succeeded", "creator": "CloudFormation",
        "deploymentConfigName": "CodeDeployDefault.LambdaCanary10Percent5Minutes",
        "createTime": dt.datetime.fromtimestamp(at, dt.UTC), **more,
    }  # fmt: skip


def action(state: str, *, at: float = 0, error: str | None = None) -> dict[str, Any]:
    """An entry of an alarm's history: an action that it took, or failed to take."""
    done = "Successfully executed" if state == "Succeeded" else "Failed to execute"
    return {
        "Timestamp": dt.datetime.fromtimestamp(NOW + at, dt.UTC), "HistoryItemType": "Action",
        "HistorySummary": f"{done} action {TOPIC}",
        "HistoryData": json.dumps({"actionState": state, "notificationResource": TOPIC, "error": error}),
    }  # fmt: skip

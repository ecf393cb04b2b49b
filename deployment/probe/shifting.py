"""A probe of gradual deployments: what became of those that CodeDeploy made under a role as narrow as ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe, Volume, as_expected, different
from deployment.probe.found import ShiftingGroup
from deployment.probe.paging import MOST, pages
from deployment.probe.site import Site

DAYS: Final = 90
"""How far back deployments are looked at: an older one ran under a role that may have been another."""
AT_ONCE: Final = 25
"""Deployments that are told in one answer (CodeDeploy API reference, BatchGetDeployments)."""
_GROUPS: Final = 2
"""Functions with an alias that is shifted: lex_turn and alexa_turn."""
_ENDED: Final = ("Succeeded", "Failed", "Stopped")
_AT_ONCE_CONFIG: Final = "AllAtOnce"
"""Ends the name of CodeDeploy's own configuration that shifts nothing gradually."""
_BROUGHT_BACK: Final = "Rollback"
"""Ends the creator of a deployment that only undoes another: it says nothing of that one's role."""
_LACKS: Final = "IAM_ROLE_PERMISSIONS"
_RANG: Final = "ALARM_ACTIVE"
_RIGHT: Final = "DescribeAlarms"
_MENDS: Final = "in stacks/function.py let the role's cloudwatch:DescribeAlarms name the region's alarms"
_SHIFT: Final = "update a function once with running.traffic_shifting canary"


def _role(site: Site) -> Outcome:
    groups = site.deployed.groups
    if not groups:
        raise NotTried(f"no deployment group: {site.deployed.stack('bot')}")
    told = [outcome for group in groups if (outcome := _told(site, group)) is not None]
    if not told:
        raise NotTried(f"no gradual deployment with an alarm ended in the last {DAYS} days: {_SHIFT}")
    failed = [outcome for holds, outcome in told if not holds]
    return different("; ".join((*failed, _MENDS))) if failed else as_expected("; ".join(came for _, came in told))


def _told(site: Site, group: ShiftingGroup) -> tuple[bool, str] | None:
    """Whether the role was enough for the newest deployment that shows it, and what came; None if none does."""
    alarms = _alarms(site, group)
    for each in sorted(_deployments(site, group), key=lambda each: float(each["createTime"].timestamp()), reverse=True):
        if str(each.get("creator", "")).endswith(_BROUGHT_BACK):
            continue
        name, error = str(each.get("deploymentId", "")), each.get("errorInformation") or {}
        code, message = str(error.get("code", "")), str(error.get("message", ""))
        if each.get("status") != "Succeeded" and (code == _LACKS or _RIGHT in message):
            return False, f"{name} of {group.name} failed with {code or 'no code'}: {message}"
        gradual = not str(each.get("deploymentConfigName", _AT_ONCE_CONFIG)).endswith(_AT_ONCE_CONFIG)
        if not gradual or not alarms:
            continue
        if each.get("status") == "Succeeded":
            return True, f"{name} of {group.name} succeeded while it watched {', '.join(alarms)}"
        if code == _RANG:
            return True, f"{name} of {group.name} was brought back, since it saw one of {', '.join(alarms)} ring"
    return None


def _alarms(site: Site, group: ShiftingGroup) -> Sequence[str]:
    """Names of the alarms without whose state the group's deployments stop; empty if there are none."""
    found = site.clients("codedeploy").get_deployment_group(
        applicationName=group.application, deploymentGroupName=group.name
    )
    watched = found["deploymentGroupInfo"].get("alarmConfiguration") or {}
    if not watched.get("enabled") or watched.get("ignorePollAlarmFailure"):
        return ()
    return [str(each.get("name", "")) for each in watched.get("alarms") or ()]


def _deployments(site: Site, group: ShiftingGroup) -> Iterator[Mapping[str, Any]]:
    client = site.clients("codedeploy")
    request = {
        "applicationName": group.application,
        "deploymentGroupName": group.name,
        "includeOnlyStatuses": list(_ENDED),
        "createTimeRange": {"start": dt.datetime.fromtimestamp(site.now(), dt.UTC) - dt.timedelta(days=DAYS)},
    }
    ids = [id for page in pages(client.list_deployments, request, "nextToken") for id in page.get("deployments") or ()]
    for start in range(0, min(len(ids), MOST * AT_ONCE), AT_ONCE):
        yield from client.batch_get_deployments(deploymentIds=ids[start : start + AT_ONCE])["deploymentsInfo"]


SHIFTING: Final = (
    Probe(
        Assumption(
            "gradual-role",
            "CodeDeploy shifts an alias with a role that may read only the one alarm it watches",
            "the newest gradual deployment with an alarm did not end for want of a right",
            "CloudWatch user guide, permissions reference: only composite alarms need `*`; AWS's own policy has `*`",
            f"gradual deployments would fail: {_MENDS}",
        ),
        _role,
        ("codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments", "codedeploy:BatchGetDeployments"),
        Volume(calls=_GROUPS * (1 + 2 * MOST)),
    ),
)
"""One probe, which only looks."""

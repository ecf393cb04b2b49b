"""A probe that rings: the alarm of failures is set off once, to see whether CloudWatch reaches people with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe, Volume, judged
from deployment.probe.found import there
from deployment.probe.refusals import told
from deployment.probe.site import Site

REASON: Final = "throughline probe"
"""What those read who are written to."""
WAITS: Final = (2, 5, 10, 15)
"""Seconds between looks at the alarm's history, which shows an action some seconds after it was taken."""
_NEWEST: Final = 50
"""Entries of the history that are looked at; there are a few for each ringing."""


def _rings(site: Site) -> Outcome:
    if not site.allowed.ring:
        raise NotTried("it writes to everybody who hears the alarms, twice: say --ring")
    if not site.environment.watched.alarms:
        raise NotTried("the setting watched.alarms is false")
    name = there(site.deployed.failures, "alarm of failures", site.deployed, "observability")
    client = site.clients("cloudwatch")
    _check_quiet(client, name)
    before = {_key(entry) for entry in _history(client, name)}
    rung = True
    try:
        try:
            client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason=REASON)
        except ClientError as error:
            rung = _may_have_rung(error)
            raise
        return _heard(site, client, name, before)
    finally:
        if rung:
            _quiet(site, client, name)


def _check_quiet(client: Any, name: str) -> None:
    """Raise NotTried if the alarm can't be set off, or if setting it back would hide that it rings by itself."""
    found = client.describe_alarms(AlarmNames=[name]).get("MetricAlarms") or ()
    if not found:
        raise NotTried(f"CloudWatch has no alarm {name}, though the stack has made it: deploy it again")
    if found[0].get("StateValue") == "ALARM":
        raise NotTried(f"{name} rings already, and not for a probe: see to it first, then probe again")
    if found[0].get("ActionsEnabled") is False:
        raise NotTried(f"the actions of {name} are switched off: switch them on, then probe again")


def _heard(site: Site, client: Any, name: str, before: set[str]) -> Outcome:
    for seconds in WAITS:
        site.pause(seconds)
        new = [entry for entry in _history(client, name) if _key(entry) not in before]
        ended = [(entry, succeeded) for entry in new if (succeeded := _succeeded(entry)) is not None]
        if ended:
            failed = next((entry for entry, succeeded in ended if not succeeded), None)
            return judged(failed is None, _words(ended[0][0] if failed is None else failed))
    raise NotTried(f"no result of its action within {sum(WAITS)} s: look into the history of {name}")


def _history(client: Any, name: str) -> Sequence[Mapping[str, Any]]:
    """The newest actions of the alarm."""
    page = client.describe_alarm_history(
        AlarmName=name, HistoryItemType="Action", MaxRecords=_NEWEST, ScanBy="TimestampDescending"
    )
    found: Sequence[Mapping[str, Any]] = page.get("AlarmHistoryItems") or ()
    return found


def _key(entry: Mapping[str, Any]) -> str:
    return f"{entry.get('Timestamp')} {entry.get('HistorySummary')} {entry.get('HistoryData')}"


def _succeeded(entry: Mapping[str, Any]) -> bool | None:
    """Whether the action was taken; None if the entry tells neither."""
    state = str(_data(entry).get("actionState", ""))
    summary = str(entry.get("HistorySummary", ""))
    if state == "Succeeded" or (not state and summary.startswith("Success")):
        return True
    return False if state == "Failed" or (not state and summary.startswith("Fail")) else None


def _words(entry: Mapping[str, Any]) -> str:
    """What CloudWatch says of it."""
    summary, error = str(entry.get("HistorySummary", "")), _data(entry).get("error")
    return ": ".join(each for each in (summary, str(error or "")) if each) or "an action without a word"


def _data(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry's machine-readable half; empty if it has none."""
    try:
        found = json.loads(entry.get("HistoryData") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _may_have_rung(error: ClientError) -> bool:
    """Whether a refusal leaves open what was done: the service's own failure does, a refused request doesn't."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)) >= 500


def _quiet(site: Site, client: Any, name: str) -> None:
    try:
        client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason=REASON)
    except (ClientError, BotoCoreError) as error:
        site.left.append(f"the alarm {name} ringing, until CloudWatch judges it again in some minutes ({told(error)})")


RINGING: Final = (
    Probe(
        Assumption(
            "alarm-rings",
            "CloudWatch may use the topic's key and publish to the topic when an alarm rings",
            "the alarm of failures, set off by hand, has taken its action",
            "SNS developer guide, permissions for event sources of encrypted topics; unproven with our key's policy",
            "every alarm would ring unheard: the key of stacks/customers.py, the topic of stacks/observability.py",
        ),
        _rings,
        ("cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory", "cloudwatch:SetAlarmState"),
        Volume(rings=1, calls=4 + len(WAITS)),
    ),
)
"""One probe, which people hear."""

"""Probes of what the functions tell about themselves, and of who hears it."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe, Volume, as_expected, different, judged
from deployment.probe.found import there
from deployment.probe.paging import MOST, pages
from deployment.probe.site import Site
from deployment.probe.tour import toured

DAY: Final = 86_400
PATIENCE: Final = 8_000
"""Milliseconds after which Alexa and Connect give up (Alexa's and Connect's guides); Lex itself waits 30 s."""
WAITS: Final = (0, 5, 10, 15)
"""Seconds between looks into a log, which shows a line some seconds after it was written."""
TURNS: Final = '{ $.turn.prompts = "*" }'
REPORTS: Final = '{ $.type = "platform.report" }'
"""Filter patterns for the lines of functions whose log format is JSON (Lambda developer guide, log events)."""
_TRACE: Final = re.compile(r"1-[0-9a-f]{8}-[0-9a-f]{24}")


def lines(site: Site, group: str, pattern: str, since: float) -> Iterator[Mapping[str, Any]]:
    """The log's lines that are JSON objects and fit the pattern."""
    request = {"logGroupName": group, "filterPattern": pattern, "startTime": int(since * 1000)}
    for page in pages(site.clients("logs").filter_log_events, request, "nextToken"):
        for event in page.get("events") or ():
            try:
                line = json.loads(event.get("message", ""))
            except ValueError:
                continue
            if isinstance(line, dict):
                yield line


def _turn_line(site: Site) -> Mapping[str, Any]:
    """A line of a turn that this probing caused. Raises NotTried if none comes."""
    group = there(site.deployed.lex_turn_logs, "log group of lex_turn", site.deployed, "bot")
    if not toured(site).answers:
        raise NotTried("no guest was answered, so there is no turn to be found in the log")
    for seconds in WAITS:
        site.pause(seconds)
        found = next(lines(site, group, TURNS, site.started - 60), None)
        if found is not None:
            return found
    raise NotTried(f"no turn's line within {sum(WAITS)} s, though a guest was answered: look into {group}")


def _traced(site: Site) -> Outcome:
    turn = _turn_line(site)["turn"]
    name, trace = str(turn.get("id", "")), str(turn.get("trace", ""))
    return judged(bool(name) and _TRACE.fullmatch(trace) is not None, f"turn {name or 'none'}, trace {trace or 'none'}")


def _counted(site: Site) -> Outcome:
    directives: Sequence[Mapping[str, Any]] = (_turn_line(site).get("_aws") or {}).get("CloudWatchMetrics") or ({},)
    space, metrics = str(directives[0].get("Namespace", "")), directives[0].get("Metrics") or ()
    name = next((str(metric.get("Name", "")) for metric in metrics), "")
    if not space or not name:
        return different("the turn's line names no metrics")
    found = site.clients("cloudwatch").list_metrics(Namespace=space, MetricName=name).get("Metrics")
    if not found:
        raise NotTried(f"{space} has no metric {name} yet; a new one may take a quarter of an hour: probe again then")
    return as_expected(f"{space} has {name} with {len(found)} sets of dimensions")


def _cold(site: Site) -> Outcome:
    deployed, came, slow = site.deployed, [], False
    for name, group in (("lex_turn", deployed.lex_turn_logs), ("alexa_turn", deployed.alexa_turn_logs)):
        if group is None:
            continue
        starts = [cold for line in lines(site, group, REPORTS, site.now() - DAY) if (cold := _start(line)) is not None]
        if not starts:
            continue
        inits, wholes = [init for init, _ in starts], [whole for _, whole in starts]
        slow = slow or max(wholes) >= PATIENCE
        came.append(
            f"{name}: {len(starts)} cold starts, {min(inits):.0f} / {statistics.median(inits):.0f} / "
            f"{max(inits):.0f} ms (least, median, most), with the turn at most {max(wholes):.0f} ms"
        )
    if not came:
        raise NotTried("no cold start in the logs of the last day: probe again after a deployment or an idle hour")
    return judged(not slow, "; ".join(came))


def _start(line: Mapping[str, Any]) -> tuple[float, float] | None:
    """Milliseconds of a cold start, and of it with its invocation; None for a warm one."""
    metrics = (line.get("record") or {}).get("metrics") or {}
    init = metrics.get("initDurationMs")
    return (float(init), float(init) + float(metrics.get("durationMs", 0))) if init is not None else None


def _log_kept(site: Site) -> Outcome:
    deployed, days = site.deployed, site.environment.kept.logs_days
    key = there(deployed.key, "key", deployed, "customers")
    groups = [each for each in (deployed.lex_turn_logs, deployed.alexa_turn_logs) if each is not None]
    if not groups:
        raise NotTried(f"no log group: {deployed.stack('bot')}")
    came, holds = [], True
    for group in groups:
        listed = pages(site.clients("logs").describe_log_groups, {"logGroupNamePrefix": group}, "nextToken")
        fitting = [each for page in listed for each in page["logGroups"] if each["logGroupName"] == group]
        found: Mapping[str, Any] = fitting[0] if fitting else {}
        kept, under = found.get("retentionInDays"), str(found.get("kmsKeyId", ""))
        holds = holds and kept == days and under.endswith(f"/{key}")
        came.append(f"{group}: {kept or 'for ever'} days under {'our key' if under.endswith(key) else under or 'none'}")
    return judged(holds, f"{'; '.join(came)}; the setting is {days} days")


def _heard(site: Site) -> Outcome:
    wanted = site.environment.watched.alarm_emails
    if not wanted:
        raise NotTried("the setting watched.alarm_emails names nobody")
    topic = there(site.deployed.topic, "topic of alarms", site.deployed, "observability")
    listed = pages(site.clients("sns").list_subscriptions_by_topic, {"TopicArn": topic}, "NextToken")
    found = [each for page in listed for each in page["Subscriptions"]]
    confirmed = {each.get("Endpoint") for each in found if str(each.get("SubscriptionArn", "")).startswith("arn:")}
    # Addresses of people don't belong into a report.
    heard = sum(each in confirmed for each in wanted)
    return judged(heard == len(wanted), f"{heard} of {len(wanted)} have confirmed")


def _probe(assumption: Assumption, check: Callable[[Site], Outcome], *needs: str, calls: int) -> Probe:
    return Probe(assumption, check, needs, Volume(calls=calls))


WATCHING: Final = (
    _probe(
        Assumption(
            "trace-beside-turn",
            "the line that a turn prints stands in the log as printed, with the X-Ray trace beside the turn's id",
            "a line of this probing has both",
            "Lambda developer guide, _X_AMZN_TRACE_ID and JSON logs; unproven together",
            "log queries and traces could not be joined (lambdas/telemetry.py)",
        ),
        _traced,
        "logs:FilterLogEvents",
        calls=len(WAITS),
    ),
    _probe(
        Assumption(
            "metrics-from-log",
            "CloudWatch makes metrics of the lines that turns print",
            "a metric that a turn's line names exists in its namespace",
            "CloudWatch user guide, embedded metric format",
            "dashboard and alarms would stay empty (lambdas/telemetry.py)",
        ),
        _counted,
        "logs:FilterLogEvents",
        "cloudwatch:ListMetrics",
        calls=len(WAITS) + 1,
    ),
    _probe(
        Assumption(
            "cold-start",
            "the first turn of a fresh function comes in time for whoever waits",
            f"start and turn together take less than {PATIENCE:,} ms",
            "unproven; no stand-in measures Lambda's own start",
            "memory_megabytes would have to rise, or concurrency be provisioned",
        ),
        _cold,
        "logs:FilterLogEvents",
        calls=2 * MOST,
    ),
    _probe(
        Assumption(
            "logs-kept",
            "each function's log is kept as long as the setting says, under our key",
            "retention and key of each log group",
            "CloudFormation, AWS::Logs::LogGroup",
            "logs would be kept too long or under another key: stacks/function.py",
        ),
        _log_kept,
        "logs:DescribeLogGroups",
        calls=2,
    ),
    _probe(
        Assumption(
            "alarms-heard",
            "whoever the settings name has confirmed to be written to",
            "a confirmed subscription for each address",
            "SNS developer guide: an e-mail subscription waits for its owner",
            "alarms would ring unheard: confirm the mail, or subscribe again",
        ),
        _heard,
        "sns:ListSubscriptionsByTopic",
        calls=1,
    ),
)
"""In the order in which they run."""

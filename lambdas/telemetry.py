"""What the functions tell about themselves: one structured log line a turn, and counts. No personal data.

A metric costs by its name and dimensions for as long as it gets data (Amazon CloudWatch pricing), so only
what alarms and percentiles need is one: by service and channel, and by service alone what has an alarm, since
an alarm can't add up channels. A metric's sample count is the number of turns that have it. All else is in
the line, for queries (`stacks.queries`), whose fields are leaves: Logs Insights names a list's by position.
The line is printed: what is JSON already, Lambda passes on as it is (Lambda developer guide, "Configuring
JSON and plain text log formats"), and CloudWatch reads the metrics out of it.

A line carries the turn's id and the X-Ray trace id side by side, the customer's pseudonymous id, prompt
ids, intents and reasons: never text, values or an exception's own message, which may quote somebody.
Powertools' Tracer is not used: it imports the X-Ray SDK, which doubles the start; active tracing needs none.
"""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from throughline.conversation import Exchange
from throughline.dialogue.steps import Event
from throughline.turn import Turn

NAMESPACE: Final = "Throughline"
UNKNOWN: Final = "(unknown)"
"""An intent that the model doesn't have: the bot is of another age, or a client made the name up."""
TURN_TIME: Final = "TurnTime"
FAILURES: Final = "Failures"
COUNTED: Final = {
    "not_understood": "NotUnderstood",
    "silence": "Silence",
    "handover": "Handovers",
    "done": "TasksDone",
    "failed": "ActionFailures",
    "outcome_unknown": "ActionFailures",
}
"""The engine's events that are metrics, and their metrics' names."""
OVERALL: Final = (TURN_TIME, FAILURES)
"""Metrics that exist for the service as a whole, too: an alarm stands on each."""
_COUNT: Final = MetricUnit.Count.value
_MILLISECONDS: Final = MetricUnit.Milliseconds.value
_text: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Telemetry:
    """Logs and counts for one function; also the `Observer` of conversations."""

    def __init__(self, channel: str, intents: frozenset[str], *, service: str) -> None:
        """`intents` are the names that may stand in a log line: a client may write another's.

        `service` is the environment's prefix: environments that share an account are told apart by it.
        """
        self._channel = channel
        self._intents = intents
        # Messages are words: left to itself, Powertools tries each as JSON first, and catches the exception.
        self._logger = Logger(service=service, log_uncaught_exceptions=False, json_deserializer=str)
        self._metrics = Metrics(namespace=NAMESPACE, service=service)
        self._dimensions = {"service": service, "channel": channel}
        self._measured: dict[str, dict[str, Any]] = {}
        self._details: dict[str, Any] = {}

    def failed(self, turn: Turn, what: str, error: BaseException) -> None:
        """Log a failure behind a polite reply."""
        self.trouble(what, error, turn=turn.id)

    def trouble(self, what: str, error: BaseException, *, turn: str = "") -> None:
        """Log a failure by its type and place; its message stays out."""
        self._logger.error(
            "failed",
            extra={
                "channel": self._channel,
                "turn": {"id": turn, "trace": _trace()},
                "what": what,
                "error": type(error).__name__,
                "at": _places(error),
            },
        )
        self._measure(FAILURES, 1.0)

    def turn(self, exchange: Exchange, seconds: float) -> None:
        """Log and count one answered turn, in one line: the metrics' own document carries the details."""
        turn, reply = exchange.turn, exchange.reply
        events = _told(exchange.events)
        details: dict[str, Any] = {
            "id": turn.id,
            "trace": _trace(),
            "customer": exchange.customer,
            "mode": turn.mode.value,
            "assurance": turn.assurance.name.lower(),
            "heard": self._heard(turn),
            "prompts": " ".join([line.prompt for line in reply.lines]),
            "awaits": reply.awaits.value,
            "events": events,
            "handed": 1 if "handover" in events else 0,
            "writes": exchange.writes,
            "repeated": exchange.repeated,
            "problem": exchange.problem,
        }
        if turn.sentiment:
            details["sentiment"] = turn.sentiment
        self._details = {"turn": details}
        self._measure(TURN_TIME, seconds * 1000, _MILLISECONDS)
        for event in exchange.events:
            if event.name in COUNTED:
                self._measure(COUNTED[event.name], 1.0)

    def _heard(self, turn: Turn) -> str:
        name = turn.heard[0].intent if turn.heard else ""
        return name if not name or name in self._intents else UNKNOWN

    def flushed(self, answer: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """What `answer` gives; the metrics that came up meanwhile are written out, whatever happens."""
        try:
            return answer()
        finally:
            if self._measured:
                self._write()

    def _measure(self, name: str, value: float, unit: str = _COUNT) -> None:
        """Add it to what this invocation measured: one number a metric, so that samples are turns."""
        measured = self._measured.get(name)
        if measured is None:
            self._measured[name] = {"Unit": unit, "Value": value}
        else:
            measured["Value"] += value

    def _write(self) -> None:
        """One document in CloudWatch's embedded metric format. Powertools gives its form.

        Its checks of names and units are for those that are not written here: a tenth of a turn's CPU.
        """
        measured, details = self._measured, self._details
        self._measured, self._details = {}, {}
        document = self._metrics.serialize_metric_set(measured, self._dimensions, details)
        overall = [{"Name": name, "Unit": measured[name]["Unit"]} for name in OVERALL if name in measured]
        directives: list[Any] = document["_aws"]["CloudWatchMetrics"]
        directives.append({"Namespace": NAMESPACE, "Dimensions": [["service"]], "Metrics": overall})
        print(_text(document))


def _told(events: Iterable[Event]) -> dict[str, str | int]:
    """Events by name, so that each is a field: its detail, several in a row, or 1 where it has none."""
    told: dict[str, str | int] = {}
    for event in events:
        told[event.name] = f"{told[event.name]} {event.detail}".rstrip() if event.name in told else event.detail or 1
    return told


def _trace() -> str:
    return os.environ.get("_X_AMZN_TRACE_ID", "").partition(";")[0].removeprefix("Root=")


def _places(error: BaseException) -> str:
    """Where it happened, innermost last: file and line alone."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " ".join([f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames])

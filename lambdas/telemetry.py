"""What the functions tell about themselves: one structured log line a turn, and counts. No personal data.

A line carries the turn's id and the X-Ray trace id side by side, the customer's pseudonymous id, prompt
ids, intents and reasons: never text, values or an exception's own message, which may quote somebody.
Powertools' Tracer is not used: it imports the X-Ray SDK, which doubles the start; active tracing needs none.
"""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from throughline.conversation import Exchange
from throughline.turn import Turn

NAMESPACE: Final = "Throughline"
SERVICE: Final = "throughline"
UNKNOWN: Final = "(unknown)"
"""An intent that the model doesn't have: the bot is of another age, or a client made the name up."""
_COUNTED: Final = {
    "not_understood": "NotUnderstood",
    "silence": "Silence",
    "handover": "Handovers",
    "done": "TasksDone",
    "refused": "TasksRefused",
    "failed": "ActionFailures",
    "outcome_unknown": "OutcomesUnknown",
    "stale_answer": "StaleAnswers",
    "resumed": "Resumed",
    "assurance_needed": "AssuranceNeeded",
}
"""The engine's events that are metrics, and their metrics' names."""
_COUNT: Final = MetricUnit.Count.value
_MILLISECONDS: Final = MetricUnit.Milliseconds.value
_text: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Telemetry:
    """Logs and counts for one function; also the `Observer` of conversations."""

    def __init__(self, channel: str, intents: frozenset[str]) -> None:
        """`intents` are the names that may stand in a log line: a client may write another's."""
        self._intents = intents
        # Messages are words: left to itself, Powertools tries each as JSON first, and catches the exception.
        self._logger = Logger(service=SERVICE, log_uncaught_exceptions=False, json_deserializer=str)
        self._metrics = Metrics(namespace=NAMESPACE, service=SERVICE)
        self._dimensions = {"channel": channel, "service": SERVICE}
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
                **_trace(),
                "turn": turn,
                "what": what,
                "error": type(error).__name__,
                "at": _places(error),
            },
        )
        self._measure("Failures", 1.0)

    def turn(self, exchange: Exchange, seconds: float) -> None:
        """Log and count one answered turn, in one line: the metrics' own document carries the details."""
        reply = exchange.reply
        details = {
            "id": exchange.turn.id,
            **_trace(),
            "customer": exchange.customer,
            "mode": exchange.turn.mode.value,
            "assurance": exchange.turn.assurance.name.lower(),
            "heard": self._heard(exchange.turn),
            "prompts": [line.prompt for line in reply.lines],
            "awaits": reply.awaits.value,
            "events": [[event.name, event.detail] for event in exchange.events],
            "writes": exchange.writes,
            "repeated": exchange.repeated,
            "problem": exchange.problem,
        }
        self._details = {"turn": details}
        self._measure("Turns", 1.0)
        self._measure("TurnTime", seconds * 1000, _MILLISECONDS)
        for event in exchange.events:
            if event.name in _COUNTED:
                self._measure(_COUNTED[event.name], 1.0)

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
        self._measured.setdefault(name, {"Unit": unit, "Value": []})["Value"].append(value)

    def _write(self) -> None:
        """One document in CloudWatch's embedded metric format. Powertools gives its form.

        Its checks of names and units are for those that are not written here: a tenth of a turn's CPU.
        """
        measured, details = self._measured, self._details
        self._measured, self._details = {}, {}
        print(_text(self._metrics.serialize_metric_set(measured, self._dimensions, details)))


def _trace() -> dict[str, str]:
    return {"trace": os.environ.get("_X_AMZN_TRACE_ID", "").partition(";")[0].removeprefix("Root=")}


def _places(error: BaseException) -> list[str]:
    """Where it happened, innermost last: file and line alone."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]

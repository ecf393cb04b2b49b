"""What the functions tell about themselves: one structured log line a turn, and counts. No personal data.

A line carries the turn's id and the X-Ray trace id side by side, the customer's pseudonymous id, prompt
ids, intents and reasons: never text, values or an exception's own message, which may quote somebody.
Powertools' Tracer is not used: it imports the X-Ray SDK, which doubles the start; active tracing needs none.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from throughline.conversation import Exchange
from throughline.turn import Turn

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


class Telemetry:
    """Logs and counts for one function; also the `Observer` of conversations."""

    def __init__(self, channel: str, intents: frozenset[str]) -> None:
        """`intents` are the names that may stand in a log line: a client may write another's."""
        self._channel = channel
        self._intents = intents
        # Messages are words: left to itself, Powertools tries each as JSON first, and catches the exception.
        self._logger = Logger(service=SERVICE, log_uncaught_exceptions=False, json_deserializer=str)
        self._metrics = Metrics(namespace="Throughline", service=SERVICE)

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
        self._count("Failures")

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
        self._metrics.add_metadata(key="turn", value=details)
        self._count("Turns")
        self._metrics.add_metric(name="TurnTime", unit=MetricUnit.Milliseconds, value=seconds * 1000)
        for event in exchange.events:
            if event.name in _COUNTED:
                self._count(_COUNTED[event.name])

    def _heard(self, turn: Turn) -> str:
        name = turn.heard[0].intent if turn.heard else ""
        return name if not name or name in self._intents else UNKNOWN

    def flushed(self, answer: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """What `answer` gives; the metrics that came up meanwhile are written out, whatever happens."""
        try:
            return answer()
        finally:
            if self._metrics.metric_set:
                self._metrics.add_dimension(name="channel", value=self._channel)
                self._metrics.flush_metrics()

    def _count(self, name: str) -> None:
        self._metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)


def _trace() -> dict[str, str]:
    return {"trace": os.environ.get("_X_AMZN_TRACE_ID", "").partition(";")[0].removeprefix("Root=")}


def _places(error: BaseException) -> list[str]:
    """Where it happened, innermost last: file and line alone."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]

"""What the rehearsal did, in figures: the dashboard's, by its definitions, from the very lines that it reads.

A function's line with CloudWatch's metrics in it is a turn or a failure; Lambda's own report is an invocation.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from typing import Any, Final

from rehearsal.stream import Delivery
from telemetry import COUNTED, FAILURES, TURN_TIME

KEPT: Final = 5_000
PERCENTILES: Final = (50, 90, 99)
DAY_MS: Final = 86_400_000
Line = Mapping[str, Any]
"""A log line's JSON object."""


@dataclass(slots=True)
class Figures:
    """Heeds the functions' log; holds the newest lines that count."""

    sentiment: bool = True
    """Whether Lex judges each utterance, which costs."""
    stream: Delivery | None = None
    """What became of the customers' table's stream, where a function reads it."""
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=KEPT))
    lock: Lock = field(default_factory=Lock)

    def heed(self, line: str) -> None:
        """Take note of a line of a function's log; most that are not JSON, or count nothing, are nobody's fault."""
        if not line.startswith("{"):
            return
        try:
            told = json.loads(line)
        except ValueError:
            return
        if "_aws" in told or told.get("type") == "platform.report":
            with self.lock:
                self.lines.append(told)

    def dump(self) -> list[Line]:
        """All lines, for a snapshot."""
        with self.lock:
            return list(self.lines)

    def load(self, lines: Iterable[Line]) -> None:
        """Lines of an earlier rehearsal come before this one's."""
        with self.lock:
            self.lines.extendleft(reversed(list(lines)))

    def told(self) -> dict[str, Any]:
        """The figures so far."""
        return {**figures(self.dump(), sentiment=self.sentiment), "stream": self._stream()}

    def _stream(self) -> dict[str, Any] | None:
        it = self.stream
        if it is None:
            return None
        return {"records": it.delivered, "again": it.tried_again, "given_up": list(it.failed)}


def figures(lines: Sequence[Line], *, sentiment: bool) -> dict[str, Any]:
    """The dashboard's figures; a share is in per cent, None of nothing, and times are in milliseconds."""
    # All that reads settings comes with it: a fifth of a second that would be the rehearsal's start.
    from deployment.estimate import turn_usd

    turns = [line for line in lines if TURN_TIME in line]
    reports = [line["record"] for line in lines if line.get("type") == "platform.report"]
    by_channel = Counter(str(line["channel"]) for line in turns)
    days = _customer_days(turns)
    times = sorted(float(line[TURN_TIME]) for line in turns)
    return {
        "turns": dict(by_channel),
        "tasks_done": _having(turns, COUNTED["done"]),
        "customers": len(days),
        "contained": _share(sum(not handed for handed in days.values()), len(days)),
        "not_understood": _share(_having(turns, COUNTED["not_understood"]), len(turns)),
        "silence": _share(_having(turns, COUNTED["silence"]), len(turns)),
        "handovers": dict(_reasons(turns)),
        "sentiment": dict(Counter(line["turn"]["sentiment"] for line in turns if "sentiment" in line["turn"])),
        "ms": {f"p{percent}": _percentile(times, percent) for percent in PERCENTILES},
        "failures": _having(lines, FAILURES),
        "errors": sum(report["status"] != "success" for report in reports),
        "throttles": None,  # here a busy function makes its callers wait
        "cold_starts": sum("initDurationMs" in report["metrics"] for report in reports),
        "usd": sum(count * turn_usd(channel, sentiment=sentiment) for channel, count in by_channel.items()),
    }


def _customer_days(turns: Sequence[Line]) -> dict[tuple[str, int], bool]:
    """Each customer on each day (UTC) on which they talked with us, and whether a person was needed."""
    days: dict[tuple[str, int], bool] = {}
    for line in turns:
        customer = line["turn"]["customer"]
        if customer:
            day = customer, line["_aws"]["Timestamp"] // DAY_MS
            days[day] = days.get(day, False) or bool(line["turn"]["handed"])
    return days


def _reasons(turns: Sequence[Line]) -> Counter[str]:
    return Counter(str(line["turn"]["events"]["handover"]) for line in turns if line["turn"]["handed"])


def _having(lines: Sequence[Line], metric: str) -> int:
    """The metric's sample count."""
    return sum(metric in line for line in lines)


def _share(some: int, every: int) -> float | None:
    return round(100 * some / every, 1) if every else None


def _percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The smallest value that so many per cent don't exceed."""
    return round(ordered[ceil(len(ordered) * percent / 100) - 1], 1) if ordered else None

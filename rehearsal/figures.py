"""What the rehearsal did, in figures: the same that the functions count in production."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import quantiles
from typing import Any


def figures(turns: Sequence[Mapping[str, Any]], events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Turns by channel, outcomes by intent, misses, hand-overs by reason, and times of the functions."""
    counted = Counter(event[0] for turn in turns for event in turn.get("events", ()))
    times = sorted(float(event["ms"]) for event in events if _is_function(str(event["source"])))
    return {
        "turns": dict(Counter(turn["channel"] for turn in turns)),
        "tasks_done": dict(_details(turns, "done")),
        "not_understood": counted["not_understood"],
        "silence": counted["silence"],
        "handovers": dict(_details(turns, "handover")),
        "ms_median": round(quantiles(times, n=100)[49], 1) if len(times) > 1 else None,
        "ms_p99": round(quantiles(times, n=100)[98], 1) if len(times) > 1 else None,
    }


def _is_function(source: str) -> bool:
    """Whether the exchange is one function's whole turn: not the services around it."""
    return source == "web chat" or source.endswith("_turn")


def _details(turns: Sequence[Mapping[str, Any]], name: str) -> Counter[str]:
    return Counter(event[1] for turn in turns for event in turn.get("events", ()) if event[0] == name)

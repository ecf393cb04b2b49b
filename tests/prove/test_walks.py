"""Thousands of random conversations; PROVE scales how many (1 is some minutes on two cores)."""

from __future__ import annotations

import os
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from tests.unit.dialogue.walks import PURPOSEFUL, WALKS, Act, Walk

SCALE = float(os.environ.get("PROVE", "1"))
MANY = settings(max_examples=int(6_000 * SCALE), deadline=None, database=None, suppress_health_check=list(HealthCheck))


def test_thousands_of_walks_keep_every_promise() -> None:
    _walk_all(WALKS, "random")


def test_thousands_of_purposeful_walks_keep_every_promise() -> None:
    _walk_all(PURPOSEFUL, "purposeful")


def _walk_all(walks: SearchStrategy[list[Act]], name: str) -> None:
    counted: Counter[str] = Counter()

    @MANY
    @given(walks)
    def every(acts: list[Act]) -> None:
        walk = Walk()
        counted["walks"] += 1
        for act in acts:
            reply = walk.take(act)
            counted["turns"] += 1
            counted["done"] += any(line.prompt.endswith(".done") for line in reply.lines)
            counted["handed over"] += reply.handover is not None

    every()
    print(f"\n{name}: " + ", ".join(f"{number} {what}" for what, number in counted.items()))

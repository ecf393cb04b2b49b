"""Any sequence of contacts, links, merges, splits, conflicts and erasures keeps everybody's words theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import count

from hypothesis import given, settings

from throughline.customers.memory import MemoryStore
from throughline.customers.store import Edge, Stored
from throughline.records.memory import MemoryKeeping, MemoryStrands
from throughline.records.strands import Keeping, Strands

from .contract import KEYS
from .linking_walks import WALKS, Act, Place, walk_all


class MemoryPlace(Place):
    """A store in memory."""

    def __init__(self) -> None:
        numbers = count()
        self._memory = MemoryStore(KEYS, nonces=lambda: f"n{next(numbers)}")
        self.store = self._memory

    def kept(self) -> tuple[Mapping[str, Stored], Mapping[str, Edge]]:
        return dict(self._memory._conversations), dict(self._memory._edges)

    def records(self) -> tuple[Strands, Keeping]:
        return MemoryStrands(), MemoryKeeping.over(self._memory)


@settings(max_examples=200, deadline=None)
@given(WALKS)
def test_any_walk_keeps_everybodys_words_theirs(acts: list[Act]) -> None:
    walk_all(MemoryPlace, acts, Counter())

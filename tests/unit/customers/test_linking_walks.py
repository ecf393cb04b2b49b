"""Any sequence of contacts, links, merges, splits, conflicts and erasures keeps everybody's words theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import count

from hypothesis import given, settings

from throughline.customers.memory import MemoryStore
from throughline.customers.store import Edge, Stored
from throughline.records.memory import MemoryKeeping, MemoryStrands

from .linking_walks import WALKS, Act, Place, walk_all
from .rig import KEYS


class MemoryPlace(Place):
    """A store in memory."""

    def __init__(self) -> None:
        numbers = count()
        self._memory = MemoryStore(KEYS, nonces=lambda: f"n{next(numbers)}")
        self.store = self._memory
        self.strands, self.keeping = self._strands, self._keeping = MemoryStrands(), MemoryKeeping.over(self._memory)

    def kept(self) -> tuple[Mapping[str, Stored], Mapping[str, Edge]]:
        return dict(self._memory._conversations), dict(self._memory._edges)

    def all_text(self) -> str:
        kept = self._keeping
        conflicts = {customer: rows for customer, rows in kept.conflicts.items() if rows}
        belongings = (kept.holds, kept.wanted, kept.held, kept.exports, conflicts, kept.waits, kept.went)
        return repr((kept.conversations, kept.edges, self._strands.items, belongings))

    def dispute(self, customer: str, other: str, number: int) -> None:
        for one, two in ((customer, other), (other, customer)):
            self._keeping.conflicts.setdefault(one, {})[f"conflict#{number}"] = two

    def challenge(self, customer: str, session: str) -> None:
        self._keeping.challenges.add((customer, session))

    def challenged(self, customer: str, session: str) -> bool:
        return (customer, session) in self._keeping.challenges


@settings(max_examples=200, deadline=None)
@given(WALKS)
def test_any_walk_keeps_everybodys_words_theirs(acts: list[Act]) -> None:
    walk_all(MemoryPlace, acts, Counter())

"""The customer store in memory: the same rules, for unit tests and for a laptop without a table."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace

from throughline.customers.keys import Keys
from throughline.customers.rules import Retention, RuledStore, Transaction, check_size, new_nonce
from throughline.customers.store import AddressTaken, Conflict, Edge, EdgeWrite, Stored
from throughline.errors import StoreUnavailable


@dataclass(slots=True)
class Operations:
    """How many requests a real database would have had."""

    reads: int = 0
    """Reads by key."""
    writes: int = 0
    """Writes tried, plain or as a transaction; those that lost a race count too."""


class MemoryStore(RuledStore):
    """Keeps customers in two dictionaries; safe for threads."""

    def __init__(
        self,
        keys: Keys,
        retention: Retention = Retention(),  # noqa: B008 - frozen, so sharing it is safe
        nonces: Callable[[], str] = new_nonce,
    ) -> None:
        """An empty store."""
        super().__init__(keys, retention, nonces)
        self.operations = Operations()
        self._lock = threading.Lock()
        self._conversations: dict[str, Stored] = {}
        self._edges: dict[str, Edge] = {}
        self._went: dict[str, dict[str, str]] = {}

    def with_keys(self, keys: Keys) -> MemoryStore:
        """A store over the same memory with other keys, as after a rotation."""
        other = copy(self)
        other._keys = keys
        return other

    def _conversation(self, customers: Sequence[str]) -> Stored | None:
        with self._lock:
            self.operations.reads += 1
            return next((self._conversations[c] for c in customers if c in self._conversations), None)

    def _edge(self, addresses: Sequence[str]) -> Edge | None:
        with self._lock:
            self.operations.reads += 1
            return next((self._edges[a] for a in addresses if a in self._edges), None)

    def _write(self, write: Transaction, now: int) -> None:
        for new, _ in write.pairs:
            check_size(new.state, new.turn, new.profile, new.mark)
        with self._lock:
            self.operations.writes += 1
            for new, seen in write.pairs:
                self._check(new, seen, now)
            taken = {w.edge.address for w in write.edges if not self._may_write(w)}
            taken |= {w.edge.address for w in write.bared if not self._leads(w.over)}
            if taken:
                raise AddressTaken(frozenset(taken))
            for put in write.edges:
                there = self._edges.get(put.edge.address)
                reach = put.edge.reach or (there.reach if there is not None else "")
                self._edges[put.edge.address] = replace(put.edge, reach=reach)
            for put in write.bared:
                there = self._edges[put.edge.address]
                self._edges[there.address] = replace(there, customer=put.edge.customer, link=put.edge.link, reach="")
            for before, link, now_with in write.went:
                self._went.setdefault(before, {})[link] = now_with
            for new, _ in write.pairs:
                self._conversations[new.customer] = replace(new, links=dict(new.links))

    def _check(self, new: Stored, seen: Stored, now: int) -> None:
        kept = self._conversations.get(new.customer)
        if seen.version == 0:
            if kept is not None and kept.expires > now:
                raise Conflict(kept)
        elif kept is None:
            raise StoreUnavailable("the conversation was removed meanwhile: begin anew")
        elif (kept.version, kept.nonce) != (seen.version, seen.nonce):
            raise Conflict(kept)

    def _leads(self, edge: Edge) -> bool:
        there = self._edges.get(edge.address)
        return there is not None and (there.customer, there.link) == (edge.customer, edge.link)

    def _may_write(self, write: EdgeWrite) -> bool:
        return write.edge.address not in self._edges or self._leads(write.over)

"""Strands and keeping in memory: the same meaning, for unit tests and for a laptop without a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from throughline.customers.memory import MemoryStore
from throughline.customers.store import Edge, Stored
from throughline.records.strands import Belongings, ExportRow, Gone, Hold, Kept
from throughline.records.transcript import StrandFact, StrandTurn, milliseconds


class MemoryStrands:
    """Strands in a dictionary."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], StrandTurn | StrandFact] = {}
        self.cut_offs: dict[str, float] = {}
        self.along: dict[str, dict[str, tuple[str, float]]] = {}

    def write_turn(self, turn: StrandTurn) -> None:
        """See `Strands.write_turn`."""
        self.items[turn.link, turn.sort] = turn

    def write_facts(self, facts: Sequence[StrandFact]) -> None:
        """See `Strands.write_facts`."""
        for fact in facts:
            self.items[fact.link, fact.sort] = fact

    def gone(self, link: str) -> Gone:
        """See `Strands.gone`."""
        return Gone(self.cut_offs.get(link), self.along.get(link, {}))

    def write_erased(self, link: str, at: float, expires: int) -> None:
        """See `Strands.write_erased`."""
        del expires
        self.cut_offs[link] = max(at, self.cut_offs.get(link, at))

    def write_along(self, link: str, session: str, other: str, at: float, expires: int) -> None:
        """See `Strands.write_along`."""
        del expires
        self.along.setdefault(link, {})[session] = (other, at)

    def turns(self, link: str) -> Iterator[StrandTurn]:
        """See `Strands.turns`."""
        found = [item for item in self._of(link) if isinstance(item, StrandTurn)]
        yield from sorted(found, key=lambda turn: turn.sort)

    def facts(self, link: str) -> Iterator[StrandFact]:
        """See `Strands.facts`."""
        found = [item for item in self._of(link) if isinstance(item, StrandFact)]
        yield from sorted(found, key=lambda fact: fact.sort)

    def kept(self, link: str, until: float | None = None, *, most: int = 500) -> list[Kept]:
        """See `Strands.kept`."""
        found: list[Kept] = []
        for item in self._of(link):
            if until is None or milliseconds(item.at) <= milliseconds(until):
                session = str(item.document().get("session", "")) if isinstance(item, StrandTurn) else ""
                found.append(Kept(item.sort, session, item.expires))
        found.sort(key=lambda kept: (kept.sort.startswith("fact#"), kept.sort))
        return found if until is None else found[:most]

    def delete(self, link: str, sorts: Sequence[str]) -> None:
        """See `Strands.delete`."""
        for sort in sorts:
            self.items.pop((link, sort), None)

    def sample(self, most: int) -> list[StrandTurn]:
        """See `Strands.sample`: here the first ones."""
        return sorted((i for i in self.items.values() if isinstance(i, StrandTurn)), key=lambda t: (t.link, t.sort))[
            :most
        ]

    def set_expiry(self, link: str, sort: str, expires: int | None) -> None:
        """See `Strands.set_expiry`."""
        if (link, sort) in self.items:
            self.items[link, sort] = replace(self.items[link, sort], expires=expires)

    def _of(self, link: str) -> list[StrandTurn | StrandFact]:
        return [item for (of, _), item in self.items.items() if of == link]


class MemoryKeeping:
    """What customers have, in dictionaries. Conversations and edges are put there by the test."""

    def __init__(self, conversations: dict[str, Stored] | None = None, edges: dict[str, Edge] | None = None) -> None:
        self.conversations = conversations if conversations is not None else {}
        self.edges = edges if edges is not None else {}
        self.holds: dict[str, Hold] = {}
        self.wanted: dict[str, str] = {}
        self.held: dict[str, tuple[Stored, Mapping[str, str]]] = {}
        self.exports: dict[str, ExportRow] = {}
        self.conflicts: dict[str, dict[str, str]] = {}
        self.challenges: set[tuple[str, str]] = set()
        self.waits: dict[str, set[str]] = {}
        self.went: dict[str, dict[str, str]] = {}

    @classmethod
    def over(cls, store: MemoryStore) -> MemoryKeeping:
        """What customers of this store have."""
        keeping = cls(store._conversations, store._edges)
        keeping.went = store._went
        return keeping

    def conversation(self, customer: str) -> Stored | None:
        """See `Keeping.conversation`."""
        return self.conversations.get(customer)

    def edge(self, address: str) -> Edge | None:
        """See `Keeping.edge`."""
        return self.edges.get(address)

    def delete_edge(self, address: str, customer: str, link: str) -> bool:
        """See `Keeping.delete_edge`."""
        there = self.edges.get(address)
        if there is None or (there.customer, there.link) != (customer, link):
            return False
        del self.edges[address]
        return True

    def delete_conversation(self, customer: str, *, mark: str = "", nonce: str = "") -> bool:
        """See `Keeping.delete_conversation`."""
        there = self.conversations.get(customer)
        if there is None or (there.mark != mark if mark else there.nonce != nonce):
            return False
        del self.conversations[customer]
        return True

    def write_mark(self, seen: Stored, new: Stored) -> bool:
        """See `Keeping.write_mark`."""
        there = self.conversations.get(new.customer)
        if there is None or there.nonce != seen.nonce:
            return False
        version = there.version + 1
        self.conversations[new.customer] = replace(new, version=version, nonce=f"{seen.nonce}+{version}")
        return True

    def hold(self, customer: str) -> Hold | None:
        """See `Keeping.hold`."""
        return self.holds.get(customer)

    def write_hold(self, hold: Hold) -> None:
        """See `Keeping.write_hold`."""
        self.holds[hold.customer] = hold

    def release(self, customer: str, at: float) -> bool:
        """See `Keeping.release`."""
        there = self.holds.get(customer)
        if there is None or not there.holds:
            return False
        self.holds[customer] = replace(there, released=at)
        return True

    def note_strands(self, customer: str, links: Sequence[str]) -> None:
        """See `Keeping.note_strands`."""
        there = self.holds.get(customer)
        if there is not None:
            self.holds[customer] = replace(there, strands=tuple(sorted({*there.strands, *links})))

    def write_held(self, stored: Stored, reaches: Mapping[str, str]) -> None:
        """See `Keeping.write_held`."""
        _, first = self.held.get(stored.customer, (stored, reaches))
        self.held[stored.customer] = (stored, {**reaches, **first})

    def want_erasure(self, customer: str, mark: str) -> None:
        """See `Keeping.want_erasure`."""
        self.wanted.setdefault(customer, mark)

    def wanted_erasure(self, customer: str) -> str:
        """See `Keeping.wanted_erasure`."""
        return self.wanted.get(customer, "")

    def note_waiting(self, held: str, customer: str) -> None:
        """See `Keeping.note_waiting`."""
        self.waits.setdefault(held, set()).add(customer)

    def waiting(self, held: str) -> tuple[str, ...]:
        """See `Keeping.waiting`."""
        return tuple(sorted(self.waits.get(held, ())))

    def stop_waiting(self, held: str, customer: str) -> None:
        """See `Keeping.stop_waiting`."""
        self.waits.get(held, set()).discard(customer)

    def delete_conflict(self, customer: str, other: str, sort: str) -> None:
        """See `Keeping.delete_conflict`."""
        for whose in (customer, other):
            self.conflicts.get(whose, {}).pop(sort, None)

    def belongings(self, customer: str) -> Belongings:
        """See `Keeping.belongings`."""
        return Belongings(
            export=self.exports.get(customer),
            conflicts=dict(self.conflicts.get(customer, {})),
            went=dict(self.went.get(customer, {})),
            others=(*self._if(customer, self.wanted, "erasure-wanted"), *self._if(customer, self.held, "held")),
        )

    def _if(self, customer: str, kept: Mapping[str, object], sort: str) -> tuple[str, ...]:
        return (sort,) if customer in kept else ()

    def delete_item(self, customer: str, sort: str) -> None:
        """See `Keeping.delete_item`."""
        if sort == "export":
            self.exports.pop(customer, None)
        self.conflicts.get(customer, {}).pop(sort, None)
        if sort == "hold":
            self.holds.pop(customer, None)
        if sort == "held":
            self.held.pop(customer, None)
        if sort == "erasure-wanted":
            self.wanted.pop(customer, None)

    def delete_challenges(self, customer: str, sessions: Sequence[str]) -> None:
        """See `Keeping.delete_challenges`."""
        self.challenges -= {(customer, session) for session in sessions}

    def forget_went(self, customers: Collection[str], links: Collection[str]) -> None:
        """See `Keeping.forget_went`."""
        for customer in customers:
            left = {link: to for link, to in self.went.pop(customer, {}).items() if link not in links}
            if left:
                self.went[customer] = left

    def export(self, customer: str) -> ExportRow | None:
        """See `Keeping.export`."""
        return self.exports.get(customer)

    def write_export(self, customer: str, export: ExportRow) -> None:
        """See `Keeping.write_export`."""
        self.exports[customer] = export

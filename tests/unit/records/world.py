"""What follows a turn, over memory: a customer with several links, and everything that is kept of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from throughline.customers.store import Edge, Link, Stored
from throughline.records import marks
from throughline.records.erasing import Erased, Erasing
from throughline.records.export import Exports
from throughline.records.following import ConversationChanged, Following
from throughline.records.marks import ERASE, Mark
from throughline.records.memory import MemoryKeeping, MemoryStrands
from throughline.records.strands import ExportRow
from throughline.records.tombstones import MemoryTombstones
from throughline.records.transcript import StrandFact, StrandTurn
from throughline.turn import Assurance

NOW = 2_000_000_000.0
PAT = "c-pat"


@dataclass
class MemoryShelf:
    """Exports in a dictionary."""

    files: dict[tuple[str, str], str] = field(default_factory=dict)

    def put(self, id: str, name: str, text: str, content_type: str) -> None:
        assert "charset=utf-8" in content_type
        self.files[id, name] = text

    def remove(self, id: str) -> None:
        self.files = {key: text for key, text in self.files.items() if key[0] != id}

    def link(self, id: str, seconds: int) -> str:
        return f"https://exports.example/{id}?for={seconds}"


class MemoryAccounts:
    """Accounts in a set, and what else was there as each went."""

    def __init__(self, keeping: MemoryKeeping) -> None:
        self.there: set[str] = set()
        self.led: list[str] = []
        """Whom the address of an account led to as it was deleted."""
        self._keeping = keeping

    def forget(self, subject: str) -> None:
        self.there.discard(subject)
        self.led += [edge.customer for edge in self._keeping.edges.values() if edge.reach == subject]


class Crash(Exception):
    """The function is cut off."""


class Crashing:
    """Passes calls on until the n-th of all that share `counter`; that one fails before, or after it is done."""

    def __init__(self, inner: Any, counter: list[int], *, after: bool) -> None:
        self._inner = inner
        self._counter = counter
        self._after = after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if not callable(method):
            return method

        def call(*args: Any, **kwargs: Any) -> Any:
            self._counter[0] -= 1
            last = self._counter[0] == 0
            if last and not self._after:
                raise Crash
            answer = method(*args, **kwargs)
            if last:
                raise Crash
            return answer

        return call


class World:
    """Everything in memory."""

    def __init__(self) -> None:
        self.strands = MemoryStrands()
        self.keeping = MemoryKeeping()
        self.tombstones = MemoryTombstones()
        self.shelf = MemoryShelf()
        self.accounts = MemoryAccounts(self.keeping)
        self.told: list[Erased] = []
        self.now = NOW

    def erasing(self, *, wrap: Callable[[Any], Any] = lambda port: port) -> Erasing:
        return Erasing(
            wrap(self.strands), wrap(self.keeping), wrap(self.tombstones), wrap(self.shelf),
            wrap(self.accounts),
            tell=self.told.append, clock=lambda: self.now,
        )  # fmt: skip

    def following(self) -> Following:
        exports = Exports(self.strands, self.keeping, self.shelf, words, clock=lambda: self.now)
        return Following(self.strands, self.keeping, self.erasing(), exports, clock=lambda: self.now)

    def furnish(self, customer: str = PAT, links: int = 3, turns: int = 4, at: float = NOW - 100) -> Stored:
        """A customer with so many links and turns on each, an export, a conflict, challenges and facts."""
        stored = somebody(customer, links, at)
        self.keeping.conversations[customer] = stored
        for link in stored.links.values():
            self.keeping.edges[link.address] = Edge(link.address, customer, link.id, int(at) + 10**7, "+12025550143")
            for number in range(turns):
                turn = a_turn(customer, link.id, f"{link.id}.{number}", at + number)
                self.strands.write_turn(replace(turn, expires=1))
                self.keeping.challenges.add((customer, turn.document()["session"]))
            self.strands.write_facts([StrandFact(link.id, at, "consent", "text.offers", "given", "customer", 1)])
        self.keeping.exports[customer] = ExportRow("e1", at, int(at) + 10**6)
        self.shelf.put("e1", "page.html", "all of it", "text/html; charset=utf-8")
        self.keeping.conflicts[customer] = {"conflict#1": "c-sam"}
        self.keeping.conflicts["c-sam"] = {"conflict#1": customer, "conflict#2": "c-kim"}
        return stored

    def announce(self, stored: Stored, at: float = NOW, by: str = marks.CUSTOMER) -> Mark:
        """The turn that asks to be forgotten is written."""
        new = replace(marks.marked(stored, ERASE, at=at, by=by, id="erasure-1"), version=stored.version + 1, nonce="m")
        self.keeping.conversations[stored.customer] = new
        mark = marks.read(new.mark)
        assert mark is not None
        return mark

    def left_of(self, customer: str = PAT) -> list[str]:
        """Whatever still speaks of the customer."""
        keeping = self.keeping
        found = [f"strand {link}" for link, _ in self.strands.items]
        found += [f"conversation {c}" for c in keeping.conversations if c == customer]
        found += [f"edge {e.address}" for e in keeping.edges.values() if e.customer == customer]
        found += [f"challenge {s}" for c, s in keeping.challenges if c == customer]
        found += [f"export {c}" for c in keeping.exports if c == customer] + [f"file {key}" for key in self.shelf.files]
        found += [f"conflict {c}" for c, with_ in keeping.conflicts.items() if c == customer and with_]
        found += [f"conflict at {c}" for c, with_ in keeping.conflicts.items() if customer in with_.values()]
        found += [f"wish {c}" for c in keeping.wanted if c == customer]
        found += [f"held {c}" for c in keeping.held if c == customer]
        found += [f"hold {c}" for c in keeping.holds if c == customer]
        return found


def somebody(customer: str, links: int, at: float) -> Stored:
    ways = {
        f"{customer}-l{n}": Link(
            f"{customer}-l{n}", 1, Assurance.LINKED, "code", at, f"a1.{customer}{n}", kind="phone" if n else "web"
        )
        for n in range(links)
    }
    return Stored(customer, version=3, state="", turn=record(next(iter(ways)), "t-last", at), links=ways, nonce="n3")


def record(link: str, id: str, at: float, said: str = "hello", **more: Any) -> str:
    return json.dumps(
        {"id": id, "at": at, "channel": "web", "session": f"s-{id}", "mode": "text", "link": link,
         "assurance": "linked", "said": said, "heard": [["Greeting", 0.9]], "events": [], "reply": None} | more
    )  # fmt: skip


def a_turn(customer: str, link: str, id: str, at: float, said: str = "hello") -> StrandTurn:
    return StrandTurn(link, id, at, record(link, id, at, said))


def written(old: Stored | None, new: Stored | None, *, at: float = NOW, expired: bool = False) -> ConversationChanged:
    one = new or old
    assert one is not None
    return ConversationChanged(one.customer, old, new, at, expired)


def words(told: Any) -> str:
    return f"answer to {told.get('id')}"


def plenty() -> float:
    return 300.0

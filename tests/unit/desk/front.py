"""The desk over memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tests.unit.customers.rig import KEYS
from tests.unit.records.world import NOW, MemoryShelf, words
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import FixedKeys
from throughline.customers.memory import MemoryStore
from throughline.customers.store import Stored
from throughline.desk.acts import Desk, Said
from throughline.desk.audit import Entry, MemoryAudit
from throughline.desk.disputes import MemoryDisputes
from throughline.desk.matrix import Team
from throughline.desk.office import Office
from throughline.desk.person import Person
from throughline.errors import StoreUnavailable
from throughline.records.custody import Custody
from throughline.records.memory import MemoryKeeping, MemoryStrands
from throughline.turn import Assurance


@dataclass
class BrokenAudit(MemoryAudit):
    """A trail that stops taking entries after some."""

    takes: int = 0
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)

    def append(self, entry: Entry) -> None:
        if len(self.entries) >= self.takes:
            raise StoreUnavailable("the table is throttled")
        super().append(entry)


class Front:
    """A desk, what is behind it, and whoever asks."""

    def __init__(self, trail: MemoryAudit | None = None, *, keys: FixedKeys = KEYS, over: Front | None = None) -> None:
        """`over`: another, whose memory this one shares."""
        self.store: MemoryStore = over.store.with_keys(keys) if over is not None else MemoryStore(keys)
        self.strands = MemoryStrands()
        self.keeping = MemoryKeeping.over(self.store)
        self.trail = trail or MemoryAudit()
        self.shelf = MemoryShelf()
        self.replayed: list[tuple[str, bool]] = []
        self.now = NOW + 100
        self.disputes = MemoryDisputes(self.keeping.conflicts)
        office = Office(
            self.store, self.strands, self.keeping, self.trail, Custody(self.keeping, self.shelf), words,
            lambda person, unfinished: self.replayed.append((person, unfinished)), lambda: self.now,
            disputes=self.disputes,
        )  # fmt: skip
        self.desk = Desk(office)

    def ask(self, team: Team, act: str, **request: Any) -> Said:
        return self.desk.answer(Person(f"{team.value}-1", team), {"act": act, "why": "the customer asked"} | request)

    def meets(self, phone: str = "+12025550143", assurance: Assurance = Assurance.LINKED) -> Stored:
        """A customer who has been here, and proved the phone."""
        stored, link = self.store.by_address(Address(AddressKind.PHONE, phone), NOW)
        held = replace(stored.links[link], assurance=assurance, evidence="code")
        return self.store.save(replace(stored, links={link: held}), NOW)

"""Erasing a customer: everywhere, in steps that may each be cut off and done again.

The order is what makes it safe:

1. a legal hold keeps the wish instead, and nothing is touched;
2. the tombstone, so that from here on the erasure is found and finished, whatever fails;
3. for each strand the marker first, then its turns and facts not newer than the cut-off: a turn that is still on
   its way in the stream finds the marker and removes itself;
4. exports, conflicts (at the other customer's, too) and what else is in the customer's partition;
5. the conversation, if it still carries this mark;
6. the edges, if they still lead to this customer by this link. They go after the conversation: an address that is
   unknown makes the same customer id again, which must not find the old conversation there;
7. the tombstone is complete, and it is told.

Someone who comes back later under the same derived ids keeps what is newer than the cut-off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from throughline.customers.store import Stored
from throughline.errors import ThroughlineError
from throughline.records import marks
from throughline.records.marks import Mark
from throughline.records.retention import DAY, Retention
from throughline.records.strands import Keeping, Strands
from throughline.records.tombstones import Tombstone, Tombstones
from throughline.records.transcript import Damaged, turn_in

SPARE_SECONDS: Final = 20.0
"""With less time left, an erasure stops between two steps: a function that is cut off can't say so."""


class TimeUp(ThroughlineError):
    """The function's time is nearly up: what was done stays done, run it again."""


class Shelf(Protocol):
    """Where exports lie."""

    def remove(self, id: str) -> None:
        """Remove an export; one that isn't there is removed already. Raises StoreError."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure says of itself: no personal data."""

    id: str
    customer: str
    by: str
    """Who asked, in kind."""
    asked: float
    done: float
    links: int
    items: int
    """Deleted, at least."""
    left: int = 0
    """Of a replay: links that lead to somebody else now, whom a person must look at."""
    again: bool = False
    """It was a replay after a restore."""


Time = Callable[[], float]
"""Seconds that are left."""


class Erasing:
    """Erases customers."""

    def __init__(
        self,
        strands: Strands,
        keeping: Keeping,
        tombstones: Tombstones,
        shelf: Shelf,
        *,
        tell: Callable[[Erased], None],
        clock: Callable[[], float],
        retention: Retention = Retention(),  # noqa: B008 - frozen, so sharing it is safe
    ) -> None:
        """`tell` writes the audit's entry; it may be called again with the same id."""
        self._strands = strands
        self._keeping = keeping
        self._tombstones = tombstones
        self._shelf = shelf
        self._tell = tell
        self._clock = clock
        self._retention = retention

    def run(self, customer: str, mark: Mark, time_left: Time) -> Erased | None:
        """Erase what `mark` asks for; None if a legal hold postpones it. Raises TimeUp, StoreError."""
        hold = self._keeping.hold(customer)
        if hold is not None and hold.holds:
            self._keeping.want_erasure(customer, marks.write(mark))
            return None
        expires = int(mark.at) + self._retention.tombstones * DAY
        stone = Tombstone(mark.id, customer, mark.links, mark.at, mark.by, expires)
        self._tombstones.write(stone)
        self._strands_of(stone, time_left)
        self._belongings_of(customer)
        self._keeping.delete_conversation(customer, mark=marks.write(mark))
        for link, address in mark.links.items():
            if address:
                self._keeping.delete_edge(address, customer, link)
        return self._finished(stone)

    def again(self, stone: Tombstone, time_left: Time) -> Erased:
        """Erase again what a restore brought back, and what is not newer than the cut-off. Raises as `run`.

        The restored table may be older than a link's joining: an address may lead to the customer that the link
        came from. If all of that customer's links were erased, they were this person, and go too.
        """
        hold = self._keeping.hold(stone.customer)
        if hold is not None and hold.holds:
            # A backup knows holds that were released since; which it is, a person must say.
            number = len(stone.links)
            return Erased(
                stone.id, stone.customer, stone.by, stone.at, self._clock(), number, 0, left=number, again=True
            )
        left = 0
        self._strands_of(stone, time_left)
        self._forget(stone.customer, stone)
        for link, address in stone.links.items():
            edge = self._keeping.edge(address) if address else None
            if edge is None or edge.link != link:
                continue
            if edge.customer != stone.customer:
                there = self._keeping.conversation(edge.customer)
                if there is None or set(there.links) - set(stone.links) or not self._forget(edge.customer, stone):
                    left += 1
                    continue
            elif self._keeping.conversation(stone.customer) is not None:
                continue  # they came back after the erasure: the address is theirs
            self._keeping.delete_edge(address, edge.customer, link)
        return self._finished(stone, left, again=True)

    def lapse(self, customer: str, links: list[str], until: float, time_left: Time) -> int:
        """What is left of a customer whom the table has forgotten: their turns go too. How many items went.

        Consents stay for as long as they must be provable, and under a hold everything does.
        """
        hold = self._keeping.hold(customer)
        if hold is not None and hold.holds:
            self._keeping.note_strands(customer, links)
            return 0
        gone = 0
        for link in links:
            in_time(time_left)
            sorts = [kept.sort for kept in self._strands.kept(link) if _lapses(kept.sort, until)]
            self._strands.delete(link, sorts)
            gone += len(sorts)
        return gone

    def _strands_of(self, stone: Tombstone, time_left: Time) -> None:
        expires = int(self._clock()) + self._retention.erased * DAY
        for link in stone.links:
            self._strands.write_erased(link, stone.at, expires)
            while found := self._strands.kept(link, stone.at):
                in_time(time_left)
                self._keeping.delete_challenges(stone.customer, [kept.session for kept in found if kept.session])
                self._strands.delete(link, [kept.sort for kept in found])
                self._tombstones.count(stone.id, len(found))

    def _belongings_of(self, customer: str) -> None:
        belongings = self._keeping.belongings(customer)
        if belongings.export is not None:
            self._shelf.remove(belongings.export.id)
            self._keeping.delete_item(customer, "export")
        for sort, other in belongings.conflicts.items():
            if other:
                self._keeping.delete_item(other, sort)
            self._keeping.delete_item(customer, sort)
        for sort in belongings.others:
            self._keeping.delete_item(customer, sort)
        self._keeping.delete_item(customer, "hold")

    def _forget(self, customer: str, stone: Tombstone) -> bool:
        """Delete the customer's conversation and belongings unless they are newer; whether they are gone."""
        there = self._keeping.conversation(customer)
        if there is not None and last_heard(there) > stone.at:
            return False
        self._belongings_of(customer)
        return there is None or self._keeping.delete_conversation(customer, nonce=there.nonce)

    def _finished(self, stone: Tombstone, left: int = 0, *, again: bool = False) -> Erased:
        now = self._clock()
        self._tombstones.finish(stone.id, now)
        counted = self._tombstones.read(stone.id)
        items = counted.items if counted is not None else 0
        erased = Erased(stone.id, stone.customer, stone.by, stone.at, now, len(stone.links), items, left, again)
        self._tell(erased)
        return erased


def last_heard(stored: Stored) -> float:
    """When the customer was last heard of, as far as the conversation says."""
    try:
        turn = turn_in(stored.turn, stored.customer)
    except Damaged:
        turn = None
    return max([turn.at if turn is not None else 0.0, *(link.at for link in stored.links.values())])


def _lapses(sort: str, until: float) -> bool:
    place, time, *_ = sort.split("#")
    consent = place == "fact" and sort.split("#", 2)[2].startswith("consent.")
    return not consent and int(time) <= round(until * 1000)


def in_time(time_left: Time) -> None:
    """Raise TimeUp if a function that has so many seconds left had better stop."""
    if time_left() < SPARE_SECONDS:
        raise TimeUp("the function's time is nearly up: run it again")

"""Erasing a customer: everywhere, in steps that may each be cut off and done again.

The order is what makes it safe:

1. a legal hold, of the customer or of one whom a link came from, keeps the wish instead, and nothing is touched;
2. the tombstone, as soon as the mark is seen: from here on the erasure is found and finished, whatever fails;
3. for each strand the marker first, then its turns and facts not newer than the cut-off: a turn that is still on
   its way in the stream finds the marker and removes itself;
4. exports, conflicts (at the other customer's, too) and what else is in the customer's partition, and all of those
   whom the links came from and who have no links any more; whoever has a link that was theirs forgets whose it was,
   whoever had one of theirs where it is, and whoever shares an address that they came by it;
5. the conversation, if it still carries this mark;
6. the accounts that they alone signed in with, which the edges name, so they go first. Who signs in once more until
   then loses the account as well: they asked for it, and can sign up anew;
7. the edges, if they still lead to this customer by this link. They go after the conversation: an address that is
   unknown makes the same customer id again, which must not find the old conversation there;
8. the tombstone is complete, and it is told.

Someone who comes back later under the same derived ids keeps what is newer than the cut-off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from throughline.customers.addresses import AddressKind
from throughline.customers.households import household_empty, household_of, without_acting
from throughline.customers.moving import unnamed
from throughline.customers.store import Stored
from throughline.errors import ThroughlineError
from throughline.records import marks
from throughline.records.accounts import Accounts
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
        accounts: Accounts,
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
        self._accounts = accounts
        self._tell = tell
        self._clock = clock
        self._retention = retention

    def run(self, customer: str, mark: Mark, time_left: Time) -> Erased | None:
        """Erase what `mark` asks for; None if a legal hold postpones it. Raises TimeUp, StoreError."""
        stone = self.begin(customer, mark)
        if stone is None:
            return None
        self._strands_of(stone, time_left)
        self._belongings_of(customer)
        self._homes_of(stone, time_left)
        self._keeping.forget_went((*stone.homes, *stone.had), stone.links)
        self._companions_of(stone)
        self._keeping.delete_conversation(customer, mark=marks.write(mark))
        self._accounts_of(stone)
        for link, address in mark.links.items():
            if address:
                self._keeping.delete_edge(address, customer, link)
        return self._finished(stone)

    def begin(self, customer: str, mark: Mark) -> Tombstone | None:
        """The erasure's tombstone, written if it is not there; None if a legal hold postpones it. Raises StoreError."""
        if self.postponed(customer, mark):
            return None
        there = self._tombstones.read(mark.id)
        if there is not None:
            return there
        expires = int(mark.at) + self._retention.tombstones * DAY
        stone = Tombstone(
            mark.id, customer, mark.links, mark.at, mark.by, expires, homes=mark.homes, had=mark.had,
            logins=mark.logins,
        )  # fmt: skip
        self._tombstones.write(stone)
        return stone

    def postponed(self, customer: str, mark: Mark) -> bool:
        """Whether a legal hold forbids it; the wish is kept then until the hold ends. Raises StoreError."""
        held = self.held((customer, *mark.homes))
        if held:
            self._keeping.want_erasure(customer, marks.write(mark))
        for other in held:
            if other != customer:
                self._keeping.note_waiting(other, customer)
        return bool(held)

    def held(self, customers: Iterable[str]) -> list[str]:
        """Which of these customers are under a legal hold. Raises StoreError."""
        holds = ((customer, self._keeping.hold(customer)) for customer in customers)
        return [customer for customer, hold in holds if hold is not None and hold.holds]

    def complete(self, id: str) -> bool:
        """Whether the erasure with that id was done to its end. Raises StoreError."""
        stone = self._tombstones.read(id)
        return stone is not None and stone.done is not None

    def again(self, stone: Tombstone, time_left: Time) -> Erased:
        """Erase again what a restore brought back, and what is not newer than the cut-off. Raises as `run`.

        The restored table may be older than a link's joining: an address may lead to the customer that the link
        came from. If all of that customer's links were erased, they were this person, and go too.
        """
        if self.held((stone.customer, *stone.homes)):
            # A backup knows holds that were released since; which it is, a person must say.
            number = len(stone.links)
            return Erased(
                stone.id, stone.customer, stone.by, stone.at, self._clock(), number, 0, left=number, again=True
            )
        left = 0
        self._strands_of(stone, time_left)
        self._forget(stone.customer, stone)
        self._homes_of(stone, time_left)
        self._keeping.forget_went((*stone.homes, *stone.had), stone.links)
        self._companions_of(stone)
        self._accounts_of(stone)
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

    def lapse(self, old: Stored, time_left: Time) -> int:
        """What is left of a customer whom the table has forgotten goes too: turns, and ways in. How many items went.

        Consents stay for as long as they must be provable. Under a hold, theirs or of one whom a link came from,
        everything stays.
        """
        links = [link for link in old.links.values() if not link.guest]
        held = self.held((old.customer, *marks.homes_of(links, old.customer)))
        for one in held:
            self._keeping.note_strands(one, [link.id for link in links])
        if held:
            return 0
        gone, until = 0, float(old.expires)
        for link in (link.id for link in links):
            in_time(time_left)
            sorts = [kept.sort for kept in self._strands.kept(link) if _lapses(kept.sort, until)]
            self._strands.delete(link, sorts)
            gone += len(sorts)
        self._keeping.forget_went({one for link in links for one in link.had}, [link.id for link in links])
        for way in links:
            # An address whose customer is forgotten is kept for nobody; who came by it since has it in their name.
            gone += bool(way.address) and self._keeping.delete_edge(way.address, old.customer, way.id)
        return gone

    def _strands_of(self, stone: Tombstone, time_left: Time) -> None:
        expires = self._retention.marker_until(self._clock())
        for link in stone.links:
            self._strands.write_erased(link, stone.at, expires)
            while found := self._strands.kept(link, stone.at):
                in_time(time_left)
                for customer in (stone.customer, *stone.homes):  # each turn was whose the link was then
                    self._keeping.delete_challenges(customer, [kept.session for kept in found if kept.session])
                self._strands.delete(link, [kept.sort for kept in found])
                self._tombstones.count(stone.id, len(found))

    def _belongings_of(self, customer: str) -> None:
        belongings = self._keeping.belongings(customer)
        if belongings.export is not None:
            self._shelf.remove(belongings.export.id)
            self._keeping.delete_item(customer, "export")
        for sort, other in belongings.conflicts.items():
            self._keeping.delete_conflict(customer, other, sort)
        for link, holder in belongings.went.items():
            self._unnamed_at(holder, customer, link)
        self._keeping.forget_went((customer,), belongings.went)
        for sort in belongings.others:
            self._keeping.delete_item(customer, sort)
        self._keeping.delete_item(customer, "hold")

    def _unnamed_at(self, holder: str, customer: str, link: str) -> None:
        """Who has a link that was the customer's no longer says so, nor does whomever its address leads to."""
        while holder not in ("", customer):
            there = self._keeping.conversation(holder)
            if there is None or link not in there.links:
                before, holder = holder, self._keeping.belongings(customer).went.get(link, "")
                if before == holder:
                    return
                continue
            new = unnamed(there, customer)
            if new is None or self._keeping.write_mark(there, new):
                self._companions_at(there.links[link].address, customer, ())
                return

    def _homes_of(self, stone: Tombstone, time_left: Time) -> None:
        """Those whom the links came from, as far as nothing of somebody else's is there."""
        for home in stone.homes:
            in_time(time_left)
            while True:
                there = self._keeping.conversation(home)
                if there is not None and (set(there.links) - set(stone.links) or last_heard(there) > stone.at):
                    break
                self._belongings_of(home)
                if there is None or self._keeping.delete_conversation(home, nonce=there.nonce):
                    break

    def _accounts_of(self, stone: Tombstone) -> None:
        """Delete what they alone signed in with, whomever a sign-in since the mark made the address lead to."""
        for link in stone.logins:
            address = stone.links.get(link, "")
            edge = self._keeping.edge(address) if address else None
            if edge is not None and edge.reach and edge.customer != household_of(address):
                self._accounts.forget(edge.reach)

    def _companions_of(self, stone: Tombstone) -> None:
        """Whomever the customer's addresses lead to forgets that the customer came by them, too."""
        for address in dict.fromkeys(stone.links.values()):
            self._companions_at(address, stone.customer, tuple(stone.links))

    def _companions_at(self, address: str, customer: str, links: tuple[str, ...]) -> None:
        edge = self._keeping.edge(address) if address else None
        for other in sorted({household_of(address), edge.customer if edge is not None else ""}) if address else ():
            if other not in ("", customer):
                self._forgotten_by(other, customer, links)

    def _forgotten_by(self, other: str, customer: str, links: tuple[str, ...]) -> None:
        while (there := self._keeping.conversation(other)) is not None:
            new = without_acting(there, customer, links)
            if not household_empty(new or there):
                if new is None or self._keeping.write_mark(there, new):
                    return
            elif self._keeping.delete_conversation(other, nonce=there.nonce):
                # A household of nobody any more: the raw address goes with it.
                for way in there.links.values():
                    edge = self._keeping.edge(way.address) if way.kind == AddressKind.LOGIN else None
                    if edge is not None and edge.reach and (edge.customer, edge.link) == (other, way.id):
                        self._accounts.forget(edge.reach)
                    self._keeping.delete_edge(way.address, other, way.id)
                return

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
        turn = turn_in(stored.turn)
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

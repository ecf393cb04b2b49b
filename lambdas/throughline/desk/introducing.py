"""Customers whom the business knows already are made known here, with the addresses of its own records.

What an introduction may do, and what it may not:

- all addresses are of one customer: of the one whom some of them lead to, else of a new one;
- an address of nobody in particular joins, with what was said there; one that several people come by stays shared;
- two known customers are never made one: nothing changes, and the conflict is noted for a supervisor;
- an address that the customer took off stays off, and what the customer or a person said of them since holds;
- an address that is new to somebody known counts from now on, whenever it was proved: no code goes there at once.

The same introduction once more finds everything as it should be and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from throughline.customers import linking
from throughline.customers.conflicts import Dispute
from throughline.customers.profile import in_force
from throughline.customers.rules import DAY, derived
from throughline.customers.store import AddressTaken, Conflict, Edge, EdgeWrite, Link, Relinking, Stored
from throughline.desk.introduced import Introduced, addresses_in, facts_in
from throughline.desk.noting import TRIES, kept, path_of, strongest
from throughline.desk.office import Answer, Case, Clash, Office, Wrong
from throughline.dialogue.changes import Linked, Noted
from throughline.errors import StoreError
from throughline.turn import Assurance

IMPORT: Final = "import"
"""A `Link.evidence`, and who said a fact, of what the business's own records say."""
RENEWED_BEFORE: Final = 30 * DAY
"""Who would be forgotten sooner than that is kept on by being introduced once more."""
_CHANNEL: Final = "channel"


def introduce(office: Office, case: Case) -> Answer:
    """The customer's id and their links' ids, in the order of the addresses. Raises Clash if two are known."""
    given, facts = addresses_in(case.request, case.now), facts_in(case.request)
    for left in reversed(range(TRIES)):
        try:
            return _introduced(office, case, given, facts)
        except (Conflict, AddressTaken):
            if not left:
                raise
    raise AssertionError("the last try returns or raises")


@dataclass(frozen=True, slots=True)
class _Found:
    """An address, and where it leads."""

    given: Introduced
    hashes: tuple[str, ...]
    """Under the current key first."""
    holder: Stored
    """Whoever comes by it; new (version 0) if nobody does."""
    link: str

    @property
    def household(self) -> bool:
        return linking.is_household(self.holder)

    @property
    def known(self) -> bool:
        """Whether it leads to somebody in particular."""
        return bool(self.holder.version) and not self.household and linking.strong(self.holder)


def _introduced(office: Office, case: Case, given: Sequence[Introduced], facts: Sequence[Noted]) -> Answer:
    found = [
        _Found(one, office.store.hashes(one.address), *office.store.by_address(one.address, case.now)) for one in given
    ]
    holders = {one.holder.customer: one.holder for one in found if one.known}
    if len(holders) > 1:
        raise _clash(office, case, sorted(holders), found)
    if all(one.household for one in found):
        raise Wrong("several people come by each of these addresses: add one that is the customer's alone")
    before = next(iter(holders.values()), None) or _newcomer(found)
    step = _Step(before)
    for one in found:
        step.take(one, case)
    left = step.left + step.note(facts, case)
    after = step.customer
    if step.changes:
        office.store.relink(Relinking(tuple(step.written.values()), tuple(step.edges)), case.now)
    elif before.expires - case.now < RENEWED_BEFORE:
        after = office.store.save(before, case.now)
    answer: Answer = {
        "customer": after.customer,
        "introduction": "known" if not step.changes else "added" if before.version else "made",
        "links": [_way(after, one.hashes).id for one in found],
    }
    return answer | ({"left": left} if left else {})


class _Step:
    """What an introduction comes to, address by address, before all of it is written at once."""

    def __init__(self, before: Stored) -> None:
        self.before = before
        self.written: dict[str, Stored] = {before.customer: before}
        self.edges: list[EdgeWrite] = []
        self.left: list[Answer] = []
        """What was not done, and why."""

    @property
    def customer(self) -> Stored:
        """Who is introduced, as they shall be."""
        return self.written[self.before.customer]

    @property
    def changes(self) -> bool:
        return self.customer is not self.before

    def take(self, one: _Found, case: Case) -> None:
        """The address becomes one of the customer's, unless it is, or was taken off."""
        stored = self.customer
        ways = _ways(stored, one.hashes)
        mine = next((link for link in ways if not link.shared), None)
        if mine is not None and mine.closed:
            self.left.append({"link": mine.id, "because": "it was taken off: the customer can connect it again"})
            return
        if mine is not None and not _proves_more(mine, one.given):
            return
        if one.household and any(link.shared and not link.closed for link in ways):
            return
        held, holder = one.holder, None
        there = held.displaces
        if held.version:
            there = Edge(held.links[one.link].address, held.customer, one.link, 0)
            holder = self.written.get(held.customer, held)
        address = one.given.address
        change = Linked(address.kind.value, one.hashes[0], address.reach, IMPORT)
        at = case.now if self.before.version and mine is None else one.given.at
        moved = linking.add(stored, change, there=there, holder=holder, by=case.person.id, now=at)
        self.written |= {new.customer: new for new in moved.writes}
        self.edges += moved.edges

    def note(self, facts: Sequence[Noted], case: Case) -> list[Answer]:
        """The facts hold from now on, but for those that somebody said otherwise; these are given."""
        left: list[Answer] = []
        stored = self.customer
        way = strongest(stored)
        if way is None:
            raise Wrong("every link of the customer's is closed: add an address that they come by")
        text = stored.profile
        for number, fact in enumerate(facts, 1):
            new = kept(text, fact, link=way.id, at=case.now, by=IMPORT, what=f"fact {number}")
            path = path_of(fact)
            was, now = in_force(text).get(path), in_force(new).get(path)
            if was is None or now is None or was.value != now.value:
                if was is not None and was.by not in (IMPORT, _CHANNEL):
                    left.append({"fact": path, "because": "the customer, or a person for them, said it otherwise"})
                else:
                    text = new
        if text != stored.profile:
            self.written[stored.customer] = replace(stored, profile=text)
        return left


def _newcomer(found: Sequence[_Found]) -> Stored:
    """A customer of whom nothing is kept, under an id that was never another's."""
    for one in found:
        if not one.holder.version:
            return Stored(one.holder.customer)
    first = next(one for one in found if not one.household)
    epoch = first.holder.links[first.link].epoch
    return Stored(derived("c", "introduced", first.link, str(epoch)))


def _clash(office: Office, case: Case, customers: Sequence[str], found: Sequence[_Found]) -> Clash:
    """The conflict of each other customer with the first, noted at both."""
    if office.disputes is None:
        raise StoreError("the addresses lead to two known customers, and this desk has nowhere to note a conflict")
    disputes = [
        Dispute(
            customers[0], other, min(one.hashes[0] for one in found if one.holder.customer == other and one.known),
            case.now,
        )
        for other in customers[1:]
    ]  # fmt: skip
    for dispute in disputes:
        office.disputes.note(dispute)
    return Clash(
        "the addresses lead to customers who are each known for certain, so nothing was changed: a supervisor looks "
        "at both, and merges them or closes the conflict",
        tuple(dispute.id for dispute in disputes),
        tuple(customers),
    )


def _proves_more(link: Link, given: Introduced) -> bool:
    """Whether the introduction is better proof than what is kept; without a date of its own it renews nothing."""
    return link.assurance < Assurance.LINKED or (given.dated and given.at > link.at)


def _ways(stored: Stored, hashes: Sequence[str]) -> list[Link]:
    """The customer's links by that address, open ones first."""
    ways = [link for link in stored.links.values() if link.address in hashes]
    return sorted(ways, key=lambda link: (link.closed, link.shared, link.id))


def _way(stored: Stored, hashes: Sequence[str]) -> Link:
    return _ways(stored, hashes)[0]

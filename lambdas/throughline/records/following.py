"""What is done for each change of a customer: transcript, facts' history, and the jobs that a mark announces.

A change may be seen twice, late, and after the customer was erased. So each write has a place of its own that
a second one falls on, and is followed by a look at the strand's erased marker: the eraser writes the marker
before it deletes, so one of the two removes what came late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from throughline.customers.profile import changes_between
from throughline.customers.store import Stored
from throughline.records import marks
from throughline.records.erasing import Erasing, Time, in_time
from throughline.records.export import reaches_of
from throughline.records.marks import ERASE, EXPORT, Mark
from throughline.records.retention import Retention
from throughline.records.strands import Hold, Keeping, Strands
from throughline.records.taking_along import proved_elsewhere, take_along, went_along
from throughline.records.transcript import FACT, TURN, Damaged, StrandFact, fact_in, fact_of, time_of, turn_in


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """A conversation item was written, or is no more."""

    customer: str
    old: Stored | None
    new: Stored | None
    at: float
    """When the table wrote it, in epoch seconds."""
    expired: bool = False
    """It was the table's own sweep that took it."""


@dataclass(frozen=True, slots=True)
class HoldChanged:
    """A legal hold was placed or released."""

    customer: str
    hold: Hold


Changed = ConversationChanged | HoldChanged


class Exporting(Protocol):
    """Makes exports."""

    def run(self, customer: str, mark: Mark) -> None:
        """Make the export that the mark asks for; once more makes the same one. Raises StoreError."""


class Following:
    """Follows the table's stream."""

    def __init__(
        self,
        strands: Strands,
        keeping: Keeping,
        erasing: Erasing,
        exporting: Exporting,
        *,
        clock: Callable[[], float],
        retention: Retention = Retention(),  # noqa: B008 - frozen, so sharing it is safe
    ) -> None:
        self._strands = strands
        self._keeping = keeping
        self._erasing = erasing
        self._exporting = exporting
        self._clock = clock
        self._retention = retention

    def foresee(self, changed: Changed) -> None:
        """Write the tombstone of an erasure that a change announces, before any time is spent on what was told before
        it: whatever happens to the change, the erasure is found and finished. Raises Damaged, StoreError.
        """
        if isinstance(changed, ConversationChanged):
            mark = _announced_by(changed)
            if mark is not None:
                self._erasing.begin(changed.customer, mark)

    def follow(self, changed: Changed, time_left: Time) -> str:
        """Do what follows, and say in a word what it was. Raises Damaged, StoreError, TimeUp."""
        if isinstance(changed, HoldChanged):
            return self._hold(changed, time_left)
        if changed.new is None:
            return self._removed(changed, time_left)
        return self._written(changed, changed.new, time_left)

    def _written(self, changed: ConversationChanged, new: Stored, time_left: Time) -> str:
        old = changed.old
        erasure = _announced_by(changed)
        if erasure is not None:
            # The turn that asks to be forgotten is the first thing that is not kept.
            return "erased" if self._erasing.run(changed.customer, erasure, time_left) is not None else "held"
        standing = _mark(new)
        mark = standing if old is None or old.mark != new.mark else None
        if standing is not None and standing.job == ERASE:
            return "erasing"
        self._outdated(changed.customer, old, new)
        if new.links.keys() - (old.links.keys() if old is not None else ()) and self._held(changed.customer):
            # Were it closed one day, its raw address would go: under a hold it is kept beside.
            self._keeping.write_held(new, reaches_of(new, self._keeping))
        done = self._transcribe(changed, new)
        for acting in proved_elsewhere(old, new):
            if not self._held(changed.customer):
                until = self._retention.marker_until(self._clock())
                take_along(self._strands, new, acting, until, time_left)
        if mark is not None and mark.job == EXPORT:
            self._exporting.run(changed.customer, mark)
            return "exported"
        return done

    def _outdated(self, customer: str, old: Stored | None, new: Stored) -> None:
        """Delete the edges that a rotation of the keys left behind: nobody would find them again to erase them."""
        for link in old.links.values() if old is not None else ():
            now = new.links.get(link.id)
            if now is not None and link.address and now.address and now.address != link.address:
                self._keeping.delete_edge(link.address, customer, link.id)

    def _transcribe(self, changed: ConversationChanged, new: Stored) -> str:
        old = changed.old
        fresh = new.turn if old is None or old.turn != new.turn else ""
        turn = turn_in(fresh)
        before, links = (old.profile, new.links) if old is not None else ("", None)
        lines = [fact_in(change, changed.at) for change in changes_between(before, new.profile, links)]
        if turn is None and not lines:
            return "nothing"
        held = self._held(changed.customer)
        if turn is not None:
            guest = turn.link not in new.links or all(link.guest for link in new.links.values())
            expires = None if held else self._retention.turn_until(turn.at, guest=guest)
            turn = replace(turn, expires=expires)
            self._strands.write_turn(turn)
            gone = self._strands.gone(turn.link)
            if gone.erased is not None and turn.at <= gone.erased:
                self._strands.delete(turn.link, [turn.sort])
                return "late"
            went_along(self._strands, turn, gone)
        if lines:
            self._history(lines, held=held)
        return "kept"

    def _history(self, lines: list[StrandFact], *, held: bool) -> None:
        until = self._retention.fact_until
        self._strands.write_facts(
            [line if held else replace(line, expires=until(line.at, line.kind)) for line in lines]
        )
        for link in {line.link for line in lines}:
            cut_off = self._strands.gone(link).erased
            if cut_off is not None:
                late = [line.sort for line in lines if line.link == link and line.at <= cut_off]
                self._strands.delete(link, late)

    def _removed(self, changed: ConversationChanged, time_left: Time) -> str:
        old = changed.old
        erasure = _announced_by(changed)
        if erasure is not None:
            # Removed by whatever it was, the table's own sweep too: what it announced is still to be done.
            if self._erasing.complete(erasure.id):
                return "nothing"
            return "erased" if self._erasing.run(changed.customer, erasure, time_left) is not None else "held"
        if old is None or not changed.expired:
            return "nothing"  # an eraser's own deed
        if all(link.guest for link in old.links.values()):
            return "nothing"
        if self._held(changed.customer):
            self._keeping.write_held(old, reaches_of(old, self._keeping))
        self._erasing.lapse(old, time_left)
        return "lapsed"

    def _hold(self, changed: HoldChanged, time_left: Time) -> str:
        hold = self._keeping.hold(changed.customer)
        if hold is None:
            return "nothing"
        stored = self._keeping.conversation(changed.customer)
        links = {*hold.strands, *(stored.links if stored is not None else ())}
        if hold.holds:
            if stored is not None and stored.links:
                self._keeping.write_held(stored, reaches_of(stored, self._keeping))
            self._clocks(links, time_left, stopped=True)
            return "held"
        self._keeping.delete_item(changed.customer, "held")
        self._clocks(links, time_left, stopped=False)
        at = hold.released if hold.released is not None else self._clock()
        resumed = False
        for customer in (changed.customer, *self._keeping.waiting(changed.customer)):
            resumed |= self._erase_wanted(customer, at, time_left)
            if customer != changed.customer:
                self._keeping.stop_waiting(changed.customer, customer)
        return "resumed" if resumed else "released"

    def _erase_wanted(self, customer: str, at: float, time_left: Time) -> bool:
        """Start the erasure that waited for a hold's end; whether one had, and waits for no other hold."""
        mark = marks.read(self._keeping.wanted_erasure(customer))
        if mark is None:
            return False
        stored = self._keeping.conversation(customer)
        links = stored.links.values() if stored is not None else ()
        homes = tuple(dict.fromkeys((*mark.homes, *marks.homes_of(links, customer))))
        if stored is None or _announced(stored):
            hold = self._keeping.hold(customer)
            strands = dict.fromkeys(hold.strands, "") if hold is not None else {}
            announced = marks.read(stored.mark) if stored is not None else None
            whole = announced if announced is not None else replace(mark, links={**strands, **mark.links})
            return self._erasing.run(customer, whole, time_left) is not None
        if self._erasing.postponed(customer, replace(mark, homes=homes)):
            return False
        # What came while the hold lasted goes as well, and its pointers die first.
        new = marks.marked(stored, ERASE, at=at, by=mark.by, id=mark.id)
        return self._keeping.write_mark(stored, new) or self._erase_wanted(customer, at, time_left)

    def _clocks(self, links: set[str], time_left: Time, *, stopped: bool) -> None:
        for link in sorted(links):
            for kept in self._strands.kept(link):
                if stopped is (kept.expires is None) or not kept.sort.startswith((TURN, FACT)):
                    continue
                in_time(time_left)
                self._strands.set_expiry(link, kept.sort, None if stopped else self._due(kept.sort))

    def _due(self, sort: str) -> int:
        at = time_of(sort)
        if sort.startswith("fact#"):
            return self._retention.fact_until(at, fact_of(sort)[0])
        return self._retention.turn_until(at, guest=False)

    def _held(self, customer: str) -> bool:
        hold = self._keeping.hold(customer)
        return hold is not None and hold.holds


def _announced(stored: Stored) -> bool:
    mark = marks.read(stored.mark)
    return mark is not None and mark.job == ERASE


def _announced_by(changed: ConversationChanged) -> Mark | None:
    """The erasure that the change announces: by its mark, or by being gone while its erasure stood. Raises Damaged."""
    old, new = changed.old, changed.new
    if new is not None and old is not None and old.mark == new.mark:
        return None
    one = new or old
    mark = _mark(one) if one is not None else None
    return mark if mark is not None and mark.job == ERASE else None


def _mark(stored: Stored) -> Mark | None:
    try:
        return marks.read(stored.mark)
    except ValueError as problem:
        raise Damaged(str(problem)) from None

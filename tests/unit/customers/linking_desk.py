"""What persons at the desk do in a random walk: wrong links, merges, splits and erasures, and what holds after each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.unit.customers.linking_truth import PEOPLE, Act, Truth, frame_words, words_of
from throughline.customers import linking, profile
from throughline.customers.linking import Busy
from throughline.customers.rules import ONE_FIRST_CONTACT
from throughline.customers.store import Came, Link, Relinking, Stored
from throughline.dialogue.state import Frame, State, decode
from throughline.records.marks import ERASE, Mark, marked, read


@dataclass
class Desk(Truth):
    """Acts of persons, each true to its name or a mistake that is undone later."""

    def _wrong(self, act: Act) -> bool:
        """A customer says that an address never was theirs (though they may well have spoken through it)."""
        found = self._a_link(act)
        if found is None or linking.is_household(found[0]):
            return False
        stored, link = found
        if self.strands.get(link.id, "") not in self._people(stored):
            self.muddled.add(link.id)
        home = self.store.by_customer(link.home, self.now) if link.home else None
        words = words_of(stored)
        edge = self.store.edge_of(link.address, self.now) if link.shared and link.address else None
        owner = self.store.by_customer(edge.customer, self.now) if edge is not None else None
        relinking = linking.leave(stored, [link.id], home=home, by="customer", owner=owner)
        rest, grown, *_ = relinking.writes
        self._relinked(relinking, stored.customer)
        assert words >= words_of(rest) and not words_of(rest) & words_of(grown)
        return True

    # what a person at the desk does

    def _merge(self, act: Act) -> bool:
        """Right if both are one person or one of them is nobody in particular, else wrong; wrong ones may be nested."""
        pair = self._two(act)
        if pair is None:
            return False
        a, b = pair
        wrong = len(self._owners(a) | self._owners(b)) > 1
        if wrong and not (self._people(a) and self._people(b)):
            return False  # nobody could tell later whose is what: no sign-in parts them again
        self._merged(a, b, wrong=wrong)
        return True

    def _merged(self, a: Stored, b: Stored, *, wrong: bool) -> str:
        name = f"act{len(self.acts)}-{len(self.words)}-{self.now}"
        nested = len(self._people(a)) > 1 or len(self._people(b)) > 1
        before = frame_words(a, b)
        merged = self._relinked(linking.merge(a, b, act=name, by="desk", supervised=True), a.customer)
        assert frame_words(merged) == before, "a task is lost in merging"
        self.acts[name] = a.customer
        if wrong:
            self.wrong_acts.add(name)
            self.counted["wrong merge"] += 1
            self.counted["nested wrong merge"] += nested
        return name

    def _nest(self, act: Act) -> bool:
        """Three people are wrongly made one, by two merges; later, or at once, each is undone, in any order."""
        three = {one.customer: one for person in PEOPLE if (one := self._account(person)) is not None}
        if len(three) < 3:
            return False
        order = sorted(three, key=lambda customer: (customer + str(act.pick))[-3:])
        first, second, third = (three[customer] for customer in order)
        inner = self._merged(second, third, wrong=True)
        whole = self.store.by_customer(second.customer, self.now)
        assert whole is not None
        try:
            outer = self._merged(first, whole, wrong=True)
        except Busy:
            return False  # the first one stands
        if act.renew:
            return True
        for name in (inner, outer) if act.pick % 2 else (outer, inner):
            self._undone(name)
        for customer, before in three.items():
            after = self.store.by_customer(customer, self.now)
            assert after is not None
            assert _proofs(after) == _proofs(before), "all three are as before"
        self.counted["nested there and back"] += 1
        return True

    def _undone(self, name: str) -> None:
        for stored in self.place.kept()[0].values():
            if homes := linking.homes_of(stored, name):
                read = {home: self.store.by_customer(home, self.now) for home in homes}
                known = {home: one for home, one in read.items() if one is not None}
                self._relinked(linking.split(stored, name, known, by="desk"), stored.customer)
        del self.acts[name]

    def _split(self, act: Act) -> bool:
        """A merge is undone, the last one or one before it; where one was wrong, that one first."""
        here = [
            (stored, came.act)
            for stored in self.place.kept()[0].values()
            for link in stored.links.values()
            for came in since_proved(link)
            if came.act in self.acts and (came.act in self.wrong_acts or len(self._people(stored)) < 2)
        ]
        if not here:
            return False
        stored, name = here[act.pick % len(here)]
        theirs = {
            link.id: next((came.home, came.assurance, came.evidence) for came in since_proved(link) if came.act == name)
            for link in stored.links.values()
            if any(came.act == name for came in since_proved(link))
        }
        self.counted["split beneath"] += any(link.act != name for link in map(stored.links.__getitem__, theirs))
        self._undone(name)
        kept = self.place.kept()[0]
        for link, (home, assurance, evidence) in theirs.items():
            # To somebody new, where who had it is being erased.
            where = home if home in kept and link in kept[home].links else linking_of(kept, link)
            back = kept[where].links[link]
            assert (back.assurance, back.evidence) == (assurance, evidence) or back.shared, "as it was there"
        return True

    def _there_and_back(self, act: Act) -> bool:
        """A wrong merge that is noticed at once leaves nothing behind."""
        pair = self._two(act)
        if pair is None:
            return False
        a, b = pair
        if decode(a.state).pending is not None and decode(b.state).pending is not None:
            return False
        merged = self._relinked(linking.merge(a, b, act="once", by="desk", supervised=True), a.customer)
        rest = self.store.by_customer(b.customer, self.now)
        homes = {b.customer: rest} if rest is not None else {}
        self._relinked(linking.split(merged, "once", homes, by="desk"), a.customer)
        for before in (a, b):
            after = self.store.by_customer(before.customer, self.now)
            assert after is not None
            assert after.links.keys() == before.links.keys()
            assert _proofs(after) == _proofs(before)
            was, now_is = decode(before.state), decode(after.state)
            assert _frames(now_is) == _frames(was)
            assert now_is.recent == tuple(sorted(was.recent, key=lambda one: one.at))
            assert profile.facts(after.profile) == profile.facts(before.profile)
            assert (now_is.pending is None) == (was.pending is None)
        return True

    def _erase(self, act: Act) -> bool:
        """A customer is forgotten at once; the job behind the stream runs then, or some time later."""
        known = [one for one in self.place.kept()[0].values() if one.links and not linking.is_household(one)]
        if act.pick % 3 == 1 and self.announced:
            return self._ended(*self.announced.popitem())
        if not known or act.pick % 3:
            return False
        stored = known[act.person % len(known)]
        there = {customer: words_of(one) for customer, one in self.place.kept()[0].items()}
        elsewhere = set().union(*(words for customer, words in there.items() if customer != stored.customer))
        said = {n for n, word in enumerate(self.words) if word.link in stored.links and not word.along}
        self.gone_words |= there[stored.customer] | (said - elsewhere)
        erased = self.store.save(replace(marked(stored, ERASE, at=self.now), turn=""), self.now)
        self.erased |= stored.links.keys()
        assert linking.gone(erased) and not words_of(erased)
        mark = read(erased.mark)
        assert mark is not None
        self.announced[stored.customer] = mark
        return self._ended(*self.announced.popitem()) if act.renew else True

    def _ended(self, customer: str, mark: Mark) -> bool:
        """The job: nothing is left of the customer, nor of those whose links they had, nor of their households."""
        self.now += ONE_FIRST_CONTACT
        along = {word.session for word in self.words if word.along}  # what was said there is found elsewhere by now
        asked = [one for one in self.asked if one[2] in mark.links and one[0] in (customer, *mark.homes)]
        asked = [one for one in asked if one[1] not in along]
        households = [one for one in self.place.kept()[0].values() if linking.is_household(one)]
        self.stream.late.discard(customer)
        self.stream.tell(self.now)
        conversations, edges = self.place.kept()
        for house in households:
            if house.customer not in conversations:
                self.erased |= house.links.keys()
                self.gone_words |= {
                    n for n, word in enumerate(self.words) if word.link in house.links and not word.along
                }
                self.gone_words |= words_of(house)
                self.counted["household let go"] += 1
        self.forgotten |= {customer, *mark.links, *(home for home in mark.homes if home not in conversations)}
        assert not any(self.place.challenged(who, session) for who, session, _ in asked)
        assert customer not in conversations and not any(edge.customer == customer for edge in edges.values())
        for home in mark.homes:
            assert home not in conversations or conversations[home].links or conversations[home].mark
        for stored in conversations.values():
            assert all(one.customer != customer for one in decode(stored.state).acting), "nobody remembers them"
            assert not any(set(link.members) & mark.links.keys() for link in stored.links.values())
        return True

    def _relinked(self, relinking: Relinking, customer: str) -> Stored:
        for stored in self.store.relink(relinking, self.now):
            if stored.customer == customer:
                return stored
        raise AssertionError("the customer was not written")


def _frames(state: State) -> tuple[list[Frame], list[Frame]]:
    """Those that are open, and those that wait aside; an id that another's has, too, may be another afterwards."""
    one, other = (sorted((replace(f, id="") for f in some), key=repr) for some in (state.frames, state.aside))
    return one, other


def _proofs(stored: Stored) -> dict[str, object]:
    return {k: (v.assurance, v.evidence, v.at, v.shared, v.closed, v.came) for k, v in stored.links.items()}


def since_proved(link: Link) -> tuple[Came, ...]:
    """How the link came here since somebody last got it by proving who they are."""
    proved = [depth for depth, came in enumerate(link.came) if not came.act]
    return link.came[proved[-1] + 1 :] if proved else link.came


def linking_of(kept: Mapping[str, Stored], link: str) -> str:
    """Whose the link is."""
    return next(customer for customer, stored in kept.items() if link in stored.links)


__all__ = ["Desk"]

"""The truth beside a store of customers: who said which word through which link, and what must hold of the store.

Each word is told from all others, so that wherever it turns up in the store, it is known whose it is. A word is its
speaker's if it came by a link that is the speaker's alone, or after they were proved in that session; who merely
speaks on a family's phone is nobody's witness.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from throughline.customers import linking, profile
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.pointer import Pointer
from throughline.customers.store import CustomerStore, Edge, Link, Stored
from throughline.dialogue.parting import parted
from throughline.dialogue.state import State, decode
from throughline.records.erasing import Erasing
from throughline.records.marks import Mark
from throughline.records.strands import Keeping, Strands
from throughline.records.tombstones import MemoryTombstones

PEOPLE = ("ann", "ben", "cat")
FAMILY = "family"
"""Whose an address is that everybody uses."""
PLACES: tuple[tuple[str, AddressKind | None, str], ...] = (
    ("ann", AddressKind.PHONE, "+12025550111"),
    ("ann", AddressKind.WEB, "device-ann"),
    ("ben", AddressKind.EMAIL, "ben@example.com"),
    ("ben", AddressKind.ALEXA, "speaker-ben"),
    ("cat", AddressKind.MESSENGER, "psid-cat"),
    ("cat", None, "session-cat"),
    (FAMILY, AddressKind.PHONE, "+12025550122"),
    (FAMILY, AddressKind.ALEXA, "speaker-family"),
    (FAMILY, AddressKind.WEB, "browser-family"),
    (FAMILY, None, "session-family"),
)
"""Whose it is, what sort of address (None: a guest's session) and its value."""
INTENTS = ("Pay", "Reserve", "Renew")
WORD = re.compile(r"word-(\d+)-")
START = 2_000_000_000.0


@dataclass(frozen=True)
class Act:
    """One thing that happens; which numbers mean what is up to its kind."""

    kind: str
    person: int = 0
    place: int = 0
    pick: int = 0
    renew: bool = False
    """The sender begins a new session there."""


class Place(ABC):
    """A store, and all that is kept in it."""

    store: CustomerStore

    @abstractmethod
    def kept(self) -> tuple[Mapping[str, Stored], Mapping[str, Edge]]:
        """All conversations by customer, and all edges by address."""

    @abstractmethod
    def records(self) -> tuple[Strands, Keeping]:
        """What an erasure works on, over the same store."""

    def erase(self, customer: str, mark: Mark, now: float) -> None:
        """The job behind the stream that ends an erasure."""
        strands, keeping = self.records()
        erasing = Erasing(
            strands, keeping, MemoryTombstones(), NoExports(), tell=lambda erased: None, clock=lambda: now
        )  # fmt: skip
        assert erasing.run(customer, mark, lambda: 1e9) is not None


class NoExports:
    """A shelf that nothing lies on."""

    def remove(self, id: str) -> None:
        """See `Shelf.remove`."""


@dataclass(frozen=True)
class Word:
    """One thing that was said, or given as a value."""

    speaker: str
    link: str
    """The strand that it is kept in."""
    proved: bool
    """The speaker was proved in that session."""
    muddled: bool = False
    """It went over to one who was wrongly two people then: it is of a link that no truth can be told about."""


@dataclass
class Truth:
    """What really happened, and the store that was told of it."""

    place: Place
    now: float = START
    words: list[Word] = field(default_factory=list)
    strands: dict[str, str] = field(default_factory=dict)
    """Every link that was ever come by, to whose it is: a person's, or nobody's ("")."""
    muddled: set[str] = field(default_factory=set)
    """Links about which a wrong merge, or a wrong word of the customer, leaves no truth to tell."""
    erased: set[str] = field(default_factory=set)
    gone_words: set[int] = field(default_factory=set)
    announced: dict[str, Mark] = field(default_factory=dict)
    """Erasures whose job has not run yet, by customer."""
    dead: set[Pointer] = field(default_factory=set)
    minted: set[Pointer] = field(default_factory=set)
    sessions: dict[int, int] = field(default_factory=dict)
    pointers: dict[str, Pointer] = field(default_factory=dict)
    proved: dict[tuple[str, str], str] = field(default_factory=dict)
    """Customer and session, to who was proved there."""
    acts: dict[str, str] = field(default_factory=dict)
    """Merges that are in force, and whom they made one of."""
    wrong_acts: set[str] = field(default_factory=set)
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def store(self) -> CustomerStore:
        return self.place.store

    # who is who, in truth

    def _account(self, person: str) -> Stored | None:
        """The customer who has that person's sign-in, as proving to be them finds it."""
        for number in range(2):
            edge = self.store.edge_of(Address(AddressKind.LOGIN, f"login-{person}-{number}"), self.now)
            stored = self.store.by_customer(edge.customer, self.now) if edge is not None else None
            if stored is not None and edge is not None and edge.link in stored.links:
                return stored
        return None

    def _people(self, stored: Stored) -> set[str]:
        """Whose sign-ins a customer has."""
        return {self.strands[key] for key, link in stored.links.items() if link.kind == AddressKind.LOGIN}

    def _owner(self, word: Word) -> str:
        """Whose the word is for certain; empty if nobody's."""
        if word.muddled or word.link in self.muddled:
            return ""
        return word.speaker if word.proved or self.strands.get(word.link) == word.speaker else ""

    def _owners(self, stored: Stored) -> set[str]:
        kept = {n for n, word in enumerate(self.words) if word.link in stored.links} | words_of(stored)
        words = [self.words[n] for n in kept - self.gone_words]
        ways = {self.strands.get(key, "") for key in stored.links.keys() - self.muddled}
        return ({*map(self._owner, words)} | ways | self._people(stored)) - {""}

    def _a_link(self, act: Act) -> tuple[Stored, Link] | None:
        """Some link of some customer, but no sign-in, which doesn't change hands."""
        found = [
            (stored, link)
            for _, stored in sorted(self.place.kept()[0].items())
            for _, link in sorted(stored.links.items())
            if link.kind != AddressKind.LOGIN
        ]
        return found[(act.pick * 7 + act.place) % len(found)] if found else None

    def _two(self, act: Act) -> tuple[Stored, Stored] | None:
        conversations = self.place.kept()[0]
        some = [one for _, one in sorted(conversations.items()) if one.links and not linking.is_household(one)]
        if len(some) < 2:
            return None
        first = act.pick % len(some)
        second = (first + 1 + act.place % (len(some) - 1)) % len(some)
        return some[first], some[second]

    # what must hold

    def _note_dead(self, before: Mapping[str, Stored]) -> None:
        """A link that closed, or is another's now: pointers made before are dead for ever."""
        after = self.place.kept()[0]
        for customer, stored in before.items():
            for key, link in stored.links.items():
                now_is = after[customer].links.get(key) if customer in after else None
                if now_is is None or (now_is.closed and not link.closed) or (now_is.shared and not link.shared):
                    self.dead |= {p for p in self.minted if (p.customer, p.link) == (customer, key)}
        self.minted -= self.dead

    def _check(self) -> None:
        conversations, edges = self.place.kept()
        whose: dict[str, str] = {}
        for stored in conversations.values():
            for key, link in stored.links.items():
                assert key not in whose, "a strand is reached from one customer alone"
                whose[key] = stored.customer
                if link.address and not (link.shared or link.closed):
                    edge = edges.get(link.address)
                    assert edge is not None and (edge.customer, edge.link) == (stored.customer, key), "no way in"
        self._check_words(conversations, whose)
        for edge in edges.values():
            owner = conversations.get(edge.customer)
            held = owner.links.get(edge.link) if owner is not None else None
            if owner is not None and owner.mark:
                assert not owner.links, "it goes with the erasure's job"
            elif held is None or held.closed:
                assert not edge.reach, "an address that leads to nobody is kept nowhere"
            else:
                assert not held.shared and held.address == edge.address
        for pointer in self.dead:
            kept = conversations.get(pointer.customer)
            link_now = kept.links.get(pointer.link) if kept is not None else None
            assert link_now is None or link_now.closed or link_now.epoch != pointer.epoch, "a dead pointer leads in"
            if link_now is not None:
                assert self.store.by_pointer(pointer, self.now) is None

    def _check_words(self, conversations: Mapping[str, Stored], whose: Mapping[str, str]) -> None:
        spoken = {word.link for word in self.words}
        for link in spoken:
            assert link in whose or link in self.erased, "a strand is lost"
            assert link not in whose or link not in self.erased, "an erased strand is somebody's"
        places: dict[int, str] = {}
        owners: dict[str, set[str]] = {}
        for stored in conversations.values():
            theirs = owners.setdefault(stored.customer, set())
            state = decode(stored.state)
            assert parted(state, stored.links)[0] == State(sequence=state.sequence, last_at=state.last_at,
                misses=state.misses, acting=state.acting), "nothing is kept that came by another's link"  # fmt: skip
            assert all(fact.link in stored.links for fact in profile.facts(stored.profile))
            for number in words_of(stored):
                assert places.setdefault(number, stored.customer) == stored.customer, "a word is kept once"
                assert number not in self.gone_words, "what was erased is nowhere"
                theirs.add(self._owner(self.words[number]))
        for number, word in enumerate(self.words):
            if word.link in whose and number not in self.gone_words:
                owners[whose[word.link]].add(self._owner(word))
        for customer, found in owners.items():
            known = self._people(conversations[customer])
            others = found - {""} - known
            assert not others if known else len(others) <= 1, "a word is shown to another person"


def words_of(stored: Stored) -> set[int]:
    """The words that stand anywhere in a customer's item."""
    return {int(number) for text in (stored.state, stored.turn, stored.profile) for number in WORD.findall(text)}


__all__ = ["FAMILY", "INTENTS", "PEOPLE", "PLACES", "Act", "Place", "Truth", "Word", "words_of"]

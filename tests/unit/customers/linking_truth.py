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
from typing import Any

from throughline.customers import linking, profile
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.pointer import Pointer
from throughline.customers.store import CustomerStore, Edge, Link, Relinking, Stored
from throughline.dialogue.parting import parted
from throughline.dialogue.state import State, decode
from throughline.records.accounts import NoAccounts
from throughline.records.erasing import Erasing
from throughline.records.following import ConversationChanged, Following
from throughline.records.marks import ERASE, Mark, read
from throughline.records.strands import Keeping, Strands
from throughline.records.tombstones import MemoryTombstones
from throughline.records.transcript import StrandFact, StrandTurn

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

    strands: Strands
    keeping: Keeping

    @abstractmethod
    def all_text(self) -> str:
        """All that is kept anywhere as one text, but the marks of erased strands and the tombstones."""

    @abstractmethod
    def dispute(self, customer: str, other: str, number: int) -> None:
        """Keep an open conflict of these two."""

    @abstractmethod
    def challenge(self, customer: str, session: str) -> None:
        """Keep a code that was asked for in that customer's session."""

    @abstractmethod
    def challenged(self, customer: str, session: str) -> bool:
        """Whether one is kept."""


class NoExports:
    """A shelf that nothing lies on."""

    def remove(self, id: str) -> None:
        """See `Shelf.remove`."""

    def run(self, customer: str, mark: Mark) -> None:
        """See `Exporting.run`."""


class Stream:
    """What is written to a place is followed as the table's stream would be: in order for each customer, or late."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._seen: dict[str, Stored] = {}
        self._waiting: dict[str, list[ConversationChanged]] = {}
        self.late: set[str] = set()
        """Customers whose changes are on their way still."""
        self.now = START
        erasing = Erasing(
            place.strands, place.keeping, MemoryTombstones(), NoExports(), NoAccounts(),
            tell=lambda erased: None, clock=lambda: self.now,
        )  # fmt: skip
        self._following = Following(
            place.strands, place.keeping, erasing, NoExports(), clock=lambda: self.now
        )  # fmt: skip

    def tell(self, now: float) -> None:
        """Something was written: follow it, and whatever that writes in turn."""
        self.now = now
        self._note()
        while ready := [customer for customer in self._waiting if customer not in self.late]:
            for customer in ready:
                for changed in self._waiting.pop(customer):
                    self._following.foresee(changed)
                    self._following.follow(changed, lambda: 1e9)
            self._note()

    def awaited(self) -> str:
        """Turns and facts that are on their way."""
        changes = (one for waiting in self._waiting.values() for one in waiting)
        return " ".join(one.new.turn + one.new.profile for one in changes if one.new is not None)

    def _note(self) -> None:
        now_kept = self._place.kept()[0]
        for customer in dict.fromkeys((*self._seen, *now_kept)):
            old, new = self._seen.get(customer), now_kept.get(customer)
            if old != new:
                change = ConversationChanged(customer, old, new, self.now)
                self._waiting.setdefault(customer, []).append(change)
                announced = new.mark if new is not None and (old is None or old.mark != new.mark) else ""
                mark = read(announced)
                if mark is not None and mark.job == ERASE:
                    self.late.add(customer)  # its job runs when the walk says so
        self._seen = dict(now_kept)


class Followed:
    """A store whose writes are followed at once."""

    def __init__(self, place: Place, stream: Stream) -> None:
        self._store = place.store
        self._stream = stream

    def save(self, stored: Stored, now: float) -> Stored:
        """See `CustomerStore.save`."""
        saved = self._store.save(stored, now)
        self._stream.tell(now)
        return saved

    def relink(self, relinking: Relinking, now: float) -> tuple[Stored, ...]:
        """See `CustomerStore.relink`."""
        written = self._store.relink(relinking, now)
        self._stream.tell(now)
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@dataclass(frozen=True)
class Word:
    """One thing that was said, or given as a value."""

    speaker: str
    link: str
    """The strand that it is kept in."""
    proved: bool
    """The speaker was proved in that session."""
    told: bool = False
    """It stands in the transcript, or the facts' history."""
    session: str = ""
    """Of the turn that said it; empty if it is no turn's."""
    along: tuple[str, ...] = ()
    """Links of who proved to be themselves in that session, with whom the turn may have gone along."""
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
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Codes: in whose session, which, and through which link it came."""
    forgotten: set[str] = field(default_factory=set)
    """Ids of customers and links of which nothing may be found any more."""

    def __post_init__(self) -> None:
        self.stream = Stream(self.place)
        self.store: CustomerStore = Followed(self.place, self.stream)

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
                    made = {p for p in self.minted if (p.customer, p.link) == (customer, key)}
                    self.dead |= {p for p in made if p.epoch <= link.epoch}
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

    def check_all(self) -> None:
        """Transcripts too, and whatever else is kept: each word is told once, to whose it is, and nobody is named
        who was forgotten.
        """
        conversations, _ = self.place.kept()
        whose = {key: stored for stored in conversations.values() for key in stored.links}
        links = {*self.strands, *whose, *(word.link for word in self.words), *self.erased}
        found: dict[int, str] = {}
        for link in sorted(links):
            items: list[StrandTurn | StrandFact] = [*self.place.strands.turns(link), *self.place.strands.facts(link)]
            assert not items or link not in self.forgotten, "something is left of an erased strand"
            for item in items:
                text = item.record if isinstance(item, StrandTurn) else item.value
                for number in map(int, WORD.findall(text)):
                    assert number not in found or self.stream.late, "a word stands in one place of the transcripts"
                    found[number] = link
                    announced = link in self.erased - self.forgotten
                    assert announced or number not in self.gone_words, "what was erased is nowhere"
                    people = self._people(whose[link]) if link in whose else set()
                    owner = self._owner(self.words[number])
                    assert not people or owner in ("", *people), "a word is told to another person"
        awaited = {int(number) for number in WORD.findall(self.stream.awaited())}
        for number, word in enumerate(self.words):
            if word.told and number not in self.gone_words | awaited:
                assert number in found or self.erased & {word.link, *word.along}, "a word is lost from the transcripts"
                assert number not in found or found[number] in (word.link, *word.along), "a turn is in another's strand"
        text = self.place.all_text()
        # A guest who is back in their session has their id again; what is announced of others goes with its own job.
        for name in () if self.announced else self.forgotten - conversations.keys():
            assert name not in text, "somebody who was erased is named"
        self.counted["words told"] += len(found)

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


def frame_words(*some: Stored) -> set[int]:
    """The words that are values of tasks, those that wait aside included."""
    states = [decode(stored.state) for stored in some]
    tasks = (frame for state in states for frame in (*state.frames, *state.aside))
    return {int(number) for task in tasks for value in task.slots.values() for number in WORD.findall(value)}


__all__ = ["FAMILY", "INTENTS", "PEOPLE", "PLACES", "START", "Act", "Place", "Truth", "Word", "frame_words", "words_of"]

"""Random walks of people through addresses: contacts, links, merges, splits, conflicts, races and erasures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import strategies as st

from tests.unit.customers.linking_desk import Desk
from tests.unit.customers.linking_truth import (
    FAMILY,
    INTENTS,
    PEOPLE,
    PLACES,
    START,
    Act,
    Place,
    Word,
    frame_words,
    words_of,
)
from tests.unit.customers.rig import KEYS
from throughline.affairs.logins import Login
from throughline.belonging import Belonging
from throughline.customers import linking, profile
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.assurance import was_here
from throughline.customers.households import HOUSEHOLD
from throughline.customers.linking import Busy, StrongConflict, Unjoinable
from throughline.customers.pointer import Pointer
from throughline.customers.store import NEVER, Conflict, Stored
from throughline.dialogue.at_rest import compact
from throughline.dialogue.changes import Linked, Noted
from throughline.dialogue.model import Limits
from throughline.dialogue.parting import through
from throughline.dialogue.replies import Answered
from throughline.dialogue.state import Asked, Frame, Pending, Proof, Question, State, decode, encode
from throughline.records.strands import ExportRow
from throughline.reply import Awaits, Line, Reply, Typed

KINDS = [
    "turn", "turn", "turn", "turn", "turn", "identify", "identify", "identify", "enrol", "link", "link", "close",
    "wrong", "merge", "merge", "split", "split", "erase", "erase", "there_and_back", "race", "pending", "forge", "nest",
    "next", "furnish", "lag",
]  # fmt: skip
ACTS = st.builds(
    Act,
    kind=st.sampled_from(KINDS),
    person=st.integers(0, len(PEOPLE) - 1),
    place=st.sampled_from([*range(len(PLACES)), *(n for n, place in enumerate(PLACES) if place[0] == FAMILY)]),
    pick=st.integers(0, 11),
    renew=st.booleans(),
)
WALKS = st.lists(ACTS, min_size=1, max_size=40)
LONG_WALKS = st.lists(ACTS, min_size=25, max_size=60)


@dataclass
class Walk(Desk):
    """Takes acts, one after the other."""

    def take(self, act: Act) -> None:
        self.now += 1.0 if act.pick % 4 else 61.0
        before = self.place.kept()[0]
        try:
            done = bool(getattr(self, f"_{act.kind}")(act))
        except (Busy, StrongConflict, Unjoinable) as refused:
            assert self.place.kept()[0] == before, "what was refused has changed nothing"
            self.counted[type(refused).__name__] += 1
        else:
            self.counted[act.kind] += done
        self._note_dead(before)
        self._check()
        if act.kind in ("erase", "identify", "split"):
            self.check_all()

    def end(self) -> None:
        """Whatever was late arrives, every erasure is done, and all is looked at once more."""
        self.stream.late -= self.stream.late - self.announced.keys()
        self.stream.tell(self.now)
        while self.announced:
            self._ended(*self.announced.popitem())
        self._check()
        self.check_all()

    def _lag(self, act: Act) -> bool:
        """What is written of somebody comes late; or what was late comes."""
        late = sorted(self.stream.late - self.announced.keys())
        if late:
            self.stream.late.discard(late[act.pick % len(late)])
            self.stream.tell(self.now)
            return True
        found = self._a_link(act)
        if found is not None:
            self.stream.late.add(found[0].customer)
        return found is not None

    def _furnish(self, act: Act) -> bool:
        """An export is made, two are in conflict, and a code is asked for."""
        pair = self._two(act)
        if pair is None:
            return False
        a, b = pair
        self.place.keeping.write_export(a.customer, ExportRow(f"e{len(self.words)}", self.now, int(self.now) + 600))
        self.place.dispute(a.customer, b.customer, self.counted["furnish"])
        for answered in decode(a.state).recent[-1:]:
            if answered.link in a.links:
                self.place.challenge(a.customer, answered.session)
                self.asked.append((a.customer, answered.session, answered.link))
        return True

    # what people do

    def _turn(self, act: Act) -> bool:
        speaker, stored, link, session = self._come(act)
        stored = self._said(stored, link, session, speaker, act)
        saved = self.store.save(stored, self.now)
        self._mint(saved, link, session, act)
        return True

    def _identify(self, act: Act, *, forged: bool = False) -> bool:
        """Who speaks proves to be the customer who has their sign-in, with a code or by signing in."""
        speaker, stored, link, session = self._come(act, forged=forged)
        account = self._account(speaker)
        if account is None:
            return False
        signs_in = act.pick % 3 == 0
        if not signs_in:
            stored = self._said(stored, link, session, speaker, act)
        known = account.customer == stored.customer
        wrongly_merged = not known and len(self._people(account)) > 1
        shares = not known and not linking.joins(stored, link)
        if signs_in:
            # As the path of a turn does it: the page brings the token along, then the turn is decided.
            login = Login(self._sign_in_of(account, speaker), self.now)
            saved, new = self.belonging.signed_in(stored, link, login, session, self.now)
        elif known:
            saved, new = self.store.save(self._with_proof(stored, link, session), self.now), link
        else:
            saved, new = self.belonging.identified(stored, link, account.customer, "code", session, self.now)
        assert saved.customer == account.customer
        if not known:
            everywhere = frame_words(*self.place.kept()[0].values())
            whole = [one for one in decode(stored.state).frames if one.link == link and not one.through]
            coming = frame_words(replace(stored, state=encode(State(frames=tuple(whole)))))
            assert (coming if not signs_in else set()) | frame_words(account) <= everywhere, "a task is lost in joining"
        assert was_here(decode(saved.state), new, session), "it is told that they were here, should another come"
        if shares:
            self._owners_links_are_as_before(stored, link)
            self.counted["shared"] += 1
            self.strands.setdefault(new, speaker)
            self.words = [
                replace(word, along=(*word.along, new))
                if word.session == session and {word.link, *word.along} & stored.links.keys()
                else word
                for word in self.words
            ]
            for one in self.place.kept()[0].values():
                for held in one.links.values():
                    if held.evidence == HOUSEHOLD:
                        self.strands.setdefault(held.id, "")
        if wrongly_merged:
            self.muddled.add(new)
            along = {n for n, word in enumerate(self.words) if new in word.along}
            for number in (words_of(saved) - words_of(account)) | along:
                self.words[number] = replace(self.words[number], muddled=True)
        self.proved[saved.customer, session] = speaker
        if signs_in:
            self.counted["signed in"] += 1
            saved = self.store.save(self._said(saved, new, session, speaker, act, signed_in=True), self.now)
        self._mint(saved, new, session, act)
        return True

    @property
    def belonging(self) -> Belonging:
        """What production finds by whose a conversation is."""
        return Belonging(self.store, Limits())

    def _sign_in_of(self, account: Stored, person: str) -> str:
        """That person's subject which leads to the account."""
        for number in range(2):
            edge = self.store.edge_of(Address(AddressKind.LOGIN, f"login-{person}-{number}"), self.now)
            if edge is not None and edge.customer == account.customer and edge.link in account.links:
                return f"login-{person}-{number}"
        raise AssertionError("the account was found by a sign-in")

    def _owners_links_are_as_before(self, owner: Stored, link: str) -> None:
        """Who can be forged changes nothing about whose the address is; they are sent on for this session alone."""
        if owner.links[link].kind not in ("phone", "email"):
            return
        conversations, edges = self.place.kept()
        after = conversations[owner.customer].links
        # Members are the household's to know; when an edge ends, and the raw address, are the store's business.
        assert {key: replace(way, members=(), until=NEVER, reach="") for key, way in after.items()} == {
            key: replace(way, members=(), until=NEVER, reach="") for key, way in owner.links.items()
        }
        edge = edges[owner.links[link].address]
        assert not owner.links[link].shared or edge.customer != owner.customer
        self.counted["forgeable"] += 1

    def _forge(self, act: Act) -> bool:
        """Somebody calls with another's number, or writes with their address, and proves to be themselves."""
        places = [n for n, place in enumerate(PLACES) if place[1] in (AddressKind.PHONE, AddressKind.EMAIL)]
        place = places[act.place % len(places)]
        return self._identify(replace(act, place=place, renew=True), forged=True)

    def _next(self, act: Act) -> bool:
        """Two of the family in one session: one signs in, has been there before or not, and then another proves."""
        places = [n for n, place in enumerate(PLACES) if place[0] == FAMILY]
        first = replace(act, place=places[act.place % len(places)], pick=act.pick - act.pick % 3)
        second = replace(first, person=(act.person + 1) % len(PEOPLE), pick=act.pick, renew=False)
        for one in (first, replace(first, renew=True), second):
            self.now += 1.0
            before = self.place.kept()[0]
            try:
                if not self._identify(one):
                    return False
            except Busy:
                return False  # both wait for an action's outcome
            self._note_dead(before)
        return True

    def _enrol(self, act: Act) -> bool:
        """A customer signs in for the first time (they may have two sign-ins), and that is a customer by itself."""
        person = PEOPLE[act.person]
        login = Address(AddressKind.LOGIN, f"login-{person}-{act.pick % 2}")
        stored, link = self.store.by_address(login, self.now)
        self.strands.setdefault(link, person)
        session = f"login-{person}-{len(self.words)}"
        saved = self.store.save(self._said(stored, link, session, person, act), self.now)
        self._mint(saved, link, session, act)
        return True

    def _link(self, act: Act) -> bool:
        """A customer adds an address of theirs, by a code that was sent to it."""
        whose, kind, value = PLACES[act.place]
        person = PEOPLE[act.person] if whose == FAMILY else whose
        account = self._account(person)
        if account is None or kind is None:
            return False
        address = Address(kind, value)
        there = self.store.edge_of(address, self.now)
        holder = self.store.by_customer(there.customer, self.now) if there is not None else None
        change = Linked(kind.value, address.hashed(KEYS.address_keys()), address.reach, "code")
        relinking = linking.add(account, change, there=there, holder=holder, by="customer", now=self.now)
        grown = self._relinked(relinking, account.customer)
        for key in grown.links.keys() - account.links.keys():
            self.strands.setdefault(key, "" if whose == FAMILY and not grown.links[key].shared else person)
            if len(self._people(account)) > 1:
                self.muddled.add(key)
        return True

    def _close(self, act: Act) -> bool:
        found = self._a_link(act)
        if found is None:
            return False
        stored, link = found
        if link.closed or link.evidence == HOUSEHOLD:
            return False
        self._relinked(linking.close(stored, link.id), stored.customer)
        return True

    # what goes on at the same time

    def _race(self, act: Act) -> bool:
        """Another turn comes between reading and linking: nothing is linked."""
        pair = self._two(act)
        if pair is None:
            return False
        a, b = pair
        relinking = linking.merge(a, b, act="late", by="desk", supervised=True)
        late = self.store.save(b if act.renew else a, self.now)
        before = self.place.kept()
        with pytest.raises(Conflict) as conflict:
            self.store.relink(relinking, self.now)
        assert conflict.value.fresh == late
        assert self.place.kept() == before
        return True

    def _pending(self, act: Act) -> bool:
        """An irreversible action is announced, or the outcome of one becomes known."""
        _, stored, _, _ = self._come(act)
        state = decode(stored.state)
        if state.pending is not None:
            state = replace(state, pending=None)
        elif state.frames:
            top = state.frames[-1]
            state = replace(state, pending=Pending(top, "pay", f"{top.id}.pay", f"t{len(self.words)}", self.now))
        if stored.version:
            self.store.save(replace(stored, state=encode(state)), self.now)
        return stored.version > 0

    # the path of a turn, as far as it matters here

    def _come(self, act: Act, *, forged: bool = False) -> tuple[str, Stored, str, str]:
        """Who speaks, and whom the store takes them for, by which link and in which session."""
        whose, kind, value = PLACES[act.place]
        speaker = PEOPLE[act.person] if whose == FAMILY or forged else whose
        if act.renew:
            self.sessions[act.place] = self.sessions.get(act.place, 0) + 1
        session = f"s{act.place}-{self.sessions.get(act.place, 0)}"
        if kind is None:
            pointer = self.pointers.get(session)
            stored = self.store.by_pointer(pointer, self.now) if pointer is not None else None
            link = pointer.link if pointer is not None else ""
            if stored is None:
                stored = self.store.by_session(f"{value}:{session}", self.now)
                link = next(iter(stored.links))
        else:
            stored, link = self.store.by_address(Address(kind, value), self.now)
            stored, link = self._acting(stored, link, session)
        held = stored.links[link]
        self.strands.setdefault(link, "" if whose == FAMILY and not held.shared else whose)
        return speaker, stored, link, session

    def _acting(self, stored: Stored, link: str, session: str) -> tuple[Stored, str]:
        for acting in decode(stored.state).acting:
            other = self.store.by_customer(acting.customer, self.now) if acting.session == session else None
            held = other.links.get(acting.link) if other is not None else None
            if other is not None and held is not None and held.epoch == acting.epoch and not held.closed:
                return other, held.id
        return stored, link

    def _said(
        self, stored: Stored, link: str, session: str, speaker: str, act: Act, *, signed_in: bool = False
    ) -> Stored:  # fmt: skip
        """What a turn leaves: a task with a value, a question, a kept reply, a fact and the record for the stream."""
        state = decode(stored.state)
        proved = signed_in or (
            self.proved.get((stored.customer, session)) == speaker
            and any((proof.link, proof.session) == (link, session) and proof.at for proof in state.proofs)
        )
        if len(self._people(stored)) > 1 and self.strands.get(link) != speaker:
            proved = False  # two are wrongly one: a proof there tells nothing of a link that may be the other's
        value, answer, fact = (self._word(speaker, link, proved) for _ in range(3))
        self.words[-1] = replace(self.words[-1], told=True)
        intent = INTENTS[act.pick % len(INTENTS)]
        frame = next((one for one in state.frames if one.intent == intent), None)
        if frame is None:
            frame = Frame(f"f{len(self.words)}", intent, self.now, self.now, session, link, "v1")
        slot = f"slot{act.pick % 2}"
        frame = replace(frame, slots={**frame.slots, slot: value}, touched_at=self.now, session=session)
        frame = through(frame, [slot], link)
        reply = Reply((Line("pay.ask", {"it": Typed("text", answer)}),), Awaits.INTENT)
        turn = f"t{len(self.words)}"
        question = Question(f"q{turn}", Asked.SLOT, session, self.now, frame=frame.id, slot="other", link=link)
        state = replace(
            state,
            sequence=state.sequence + 1,
            frames=(*(one for one in state.frames if one.intent != intent), frame),
            question=question if act.pick % 2 else None,
            recent=(*state.recent, Answered.of(turn, self.now, session, link, reply))[-6:],
            last_at=self.now,
        )
        note = Noted("trait", f"t{act.pick % 3}", fact)
        known = profile.noted(stored.profile, note, link=link, at=self.now, by="customer")
        record = compact(
            {"id": turn, "at": self.now, "link": link, "session": session, "said": self._word(speaker, link, proved)}
        )
        self.words[-1] = replace(self.words[-1], told=True, session=session)
        return replace(stored, state=encode(state), profile=known, turn=record)

    def _word(self, speaker: str, link: str, proved: bool) -> str:
        self.words.append(Word(speaker, link, proved))
        return f"word-{len(self.words) - 1}-"

    def _with_proof(self, stored: Stored, link: str, session: str) -> Stored:
        state = decode(stored.state)
        others = tuple(one for one in state.proofs if (one.link, one.session) != (link, session))
        state = replace(state, proofs=(*others, Proof(link, session, self.now, "code")))
        return replace(stored, state=encode(state))

    def _mint(self, stored: Stored, link: str, session: str, act: Act) -> None:
        pointer = Pointer(stored.customer, link, stored.links[link].epoch)
        self.minted.add(pointer)
        if PLACES[act.place][1] is None:
            self.pointers[session] = pointer


def walk_all(places: Callable[[], Place], acts: list[Act], counted: Counter[str]) -> None:
    """One walk in a place of its own."""
    walk = Walk(places())
    for act in acts:
        walk.take(act)
    walk.end()
    counted["walks"] += 1
    counted["steps"] += len(acts)
    counted.update(walk.counted)


__all__ = ["ACTS", "LONG_WALKS", "START", "WALKS", "Act", "Place", "Walk", "walk_all"]

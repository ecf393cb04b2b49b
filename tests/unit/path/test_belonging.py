"""Whose a conversation is: sign-ins, identifications and what an action changes, over the store in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.unit.path.caller import KEYS, NOW, PAY, Caller, Till
from throughline.affairs.logins import Login
from throughline.belonging import Belonging
from throughline.customers import linking
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.memory import MemoryStore
from throughline.customers.pointer import Pointer
from throughline.customers.store import Stored
from throughline.dialogue.changes import Linked, Marked, Noted, Unlinked
from throughline.dialogue.model import Limits
from throughline.dialogue.state import Frame, State, decode, encode
from throughline.records import marks
from throughline.turn import Assurance

HERS, HIS = Address(AddressKind.PHONE, "+1 212 555 0143"), Address(AddressKind.EMAIL, "pat@example.com")
LAPTOP, NEW = Address(AddressKind.WEB, "laptop"), Address(AddressKind.EMAIL, "new@example.com")
LIMITS = Limits()


class Rig:
    """A store, and whose conversations are in it."""

    def __init__(self) -> None:
        self.store = MemoryStore(KEYS)
        self.belonging = Belonging(self.store, LIMITS)
        self.refused: list[Exception] = []

    def somebody(self, address: Address) -> Stored:
        """A customer who has proved that the address is theirs."""
        stored, link = self.store.by_address(address, NOW)
        proved = replace(stored.links[link], assurance=Assurance.LINKED, evidence="code")
        return self.store.save(replace(stored, links={link: proved}), NOW)

    def visitor(self, address: Address, intent: str = "Pay", session: str = "s1") -> tuple[Stored, str]:
        """Somebody who began a task there."""
        stored, link = self.store.by_address(address, NOW)
        frame = Frame("f1", intent, NOW, NOW, session, link, "m", {"amount": "5"})
        state = State(sequence=1, frames=(*decode(stored.state).frames, frame), last_at=NOW)
        return self.store.save(replace(stored, state=encode(state)), NOW), link

    def intents(self, stored: Stored) -> list[str]:
        return [frame.intent for frame in decode(stored.state).frames]


@pytest.fixture
def rig() -> Rig:
    return Rig()


def pointer(stored: Stored, link: str) -> Pointer:
    return Pointer(stored.customer, link, stored.links[link].epoch)


def test_a_visitor_who_proves_to_be_somebody_loses_no_word(rig: Rig) -> None:
    her = rig.somebody(HERS)
    visitor, link = rig.visitor(LAPTOP)
    before = pointer(visitor, link)
    now, through = rig.belonging.identified(visitor, link, her.customer, "code", "s1", NOW + 60)
    assert (now.customer, through) == (her.customer, link)
    assert rig.intents(now) == ["Pay"]
    assert now.links[link].assurance is Assurance.CLAIMED, "a browser may be borrowed"
    assert rig.store.by_address(LAPTOP, NOW + 60)[0].customer == her.customer
    assert rig.store.by_pointer(before, NOW + 60) is None


def test_a_second_person_at_the_same_device_is_not_fused_with_the_first(rig: Rig) -> None:
    her, him = rig.somebody(HERS), rig.somebody(HIS)
    visitor, link = rig.visitor(LAPTOP)
    hers, _ = rig.belonging.identified(visitor, link, her.customer, "code", "s1", NOW)
    begun = State(frames=(Frame("f2", "Renew", NOW, NOW, "s2", link, "m"),), last_at=NOW)
    state = decode(hers.state)
    hers = rig.store.save(replace(hers, state=encode(replace(state, frames=(*state.frames, *begun.frames)))), NOW)
    his, through = rig.belonging.identified(hers, link, him.customer, "code", "s2", NOW + 60)
    assert his.customer == him.customer
    assert his.links[through].shared
    assert rig.intents(his) == ["Renew"]
    again = rig.store.by_customer(her.customer, NOW + 60)
    assert again is not None
    assert rig.intents(again) == ["Pay"]
    home, way = rig.store.by_address(LAPTOP, NOW + 60)
    assert linking.is_household(home)
    acting = rig.belonging.acting(decode(home.state), "s2", NOW + 120)
    assert acting is not None
    assert acting[0].customer == him.customer
    assert rig.belonging.acting(decode(home.state), "s1", NOW + 120) is None
    assert home.links[way].assurance < Assurance.CLAIMED


def test_who_acts_at_a_shared_address_does_so_for_some_minutes(rig: Rig) -> None:
    her, him = rig.somebody(HERS), rig.somebody(HIS)
    visitor, link = rig.visitor(LAPTOP)
    hers, _ = rig.belonging.identified(visitor, link, her.customer, "code", "s1", NOW)
    rig.belonging.identified(hers, link, him.customer, "code", "s2", NOW)
    home, _ = rig.store.by_address(LAPTOP, NOW)
    state = decode(home.state)
    last = NOW + LIMITS.verified_minutes * 60
    assert rig.belonging.acting(state, "s2", last - 1) is not None
    assert rig.belonging.acting(state, "s2", last) is None


def test_a_sign_in_makes_an_unknown_device_somebodys(rig: Rig) -> None:
    visitor, link = rig.visitor(LAPTOP)
    login = Login("subject-1", NOW)
    stored, through = rig.belonging.signed_in(visitor, link, login, "s1", NOW)
    assert (stored.customer, through) == (visitor.customer, link)
    assert {held.kind for held in stored.links.values()} == {"web", "login"}
    assert stored.links[link].assurance is Assurance.LINKED
    rig.store.operations.reads = rig.store.operations.writes = 0
    assert rig.belonging.signed_in(stored, link, login, "s1", NOW) == (stored, link)
    assert (rig.store.operations.reads, rig.store.operations.writes) == (0, 0)


def test_the_same_sign_in_elsewhere_leads_to_the_same_customer(rig: Rig) -> None:
    login = Login("subject-1", NOW)
    first, link = rig.visitor(LAPTOP)
    rig.belonging.signed_in(first, link, login, "s1", NOW)
    second, speaker = rig.visitor(Address(AddressKind.ALEXA, "amzn1.ask.account.X"), "Renew", "s2")
    stored, through = rig.belonging.signed_in(second, speaker, login, "s2", NOW)
    assert (stored.customer, through) == (first.customer, speaker)
    assert rig.intents(stored) == ["Pay", "Renew"]


def test_another_sign_in_at_the_same_device_is_another_customer(rig: Rig) -> None:
    visitor, link = rig.visitor(LAPTOP)
    hers, _ = rig.belonging.signed_in(visitor, link, Login("subject-1", NOW), "s1", NOW)
    his, through = rig.belonging.signed_in(hers, link, Login("subject-2", NOW), "s2", NOW)
    assert his.customer != hers.customer
    assert through != link
    assert rig.intents(his) == []
    again = rig.store.by_customer(hers.customer, NOW)
    assert again is not None
    assert rig.intents(again) == ["Pay"]


def test_facts_and_addresses_are_written_with_the_turn(rig: Rig) -> None:
    her = rig.somebody(HERS)
    (link,) = her.links
    hashed = NEW.hashed(KEYS.address_keys())
    changes = (
        Noted("consent", "email.offers", "given"),
        Noted("shoe size", "", "43"),
        Linked("email", hashed, NEW.reach, "code"),
    )
    rig.belonging.changed(replace(her, state="{}"), changes, link, NOW, rig.refused.append)
    found, through = rig.store.by_address(NEW, NOW)
    assert (found.customer, found.state) == (her.customer, "{}")
    assert found.links[through].assurance is Assurance.LINKED
    assert "email.offers" in found.profile
    assert len(rig.refused) == 1
    assert "43" not in str(rig.refused[0])


def test_an_address_of_somebody_known_is_never_taken(rig: Rig) -> None:
    her = rig.somebody(HERS)
    rig.somebody(NEW)
    (link,) = her.links
    change = Linked("email", NEW.hashed(KEYS.address_keys()), NEW.reach, "code")
    with pytest.raises(linking.StrongConflict):
        rig.belonging.changed(her, (change,), link, NOW, rig.refused.append)
    assert rig.store.by_address(NEW, NOW)[0].customer != her.customer


def test_an_address_that_was_given_up_leads_nowhere_and_its_pointers_are_dead(rig: Rig) -> None:
    her = rig.somebody(HERS)
    (link,) = her.links
    before = pointer(her, link)
    after = rig.belonging.changed(her, (Unlinked(link),), link, NOW, rig.refused.append)
    assert after.links[link].closed
    assert rig.store.by_pointer(before, NOW) is None
    stranger, _ = rig.store.by_address(HERS, NOW)
    assert (stranger.version, stranger.state) == (0, "")
    assert stranger.customer != her.customer


def test_an_erasure_takes_effect_with_the_very_turn(rig: Rig) -> None:
    her = rig.somebody(HERS)
    (link,) = her.links
    before = pointer(her, link)
    said = replace(her, state='{"n":3}', turn='{"said":"yes"}', profile="[]")
    after = rig.belonging.changed(said, (Marked("erase"),), link, NOW, rig.refused.append)
    assert (after.state, after.turn, after.profile, dict(after.links)) == ("", "", "", {})
    mark = marks.read(after.mark)
    assert mark is not None
    assert set(mark.links) == {link}
    assert rig.store.by_pointer(before, NOW) is None
    assert rig.store.by_address(HERS, NOW)[0].version == 0


class Racing(MemoryStore):
    """Somebody else does something between this turn's read and its write, once."""

    def __init__(self) -> None:
        super().__init__(KEYS)
        self.between: list[Callable[[], object]] = []

    def save(self, stored: Stored, now: float) -> Stored:
        if self.between:
            self.between.pop()()
        return super().save(stored, now)


def test_a_turn_whose_link_leaves_meanwhile_hears_nothing_of_whom_it_left() -> None:
    store = Racing()
    caller = Caller(store, Till().actions())
    caller.enrol()
    caller.hears("PayFee", PAY)
    pointer = caller.last.pointer if caller.last is not None else None
    assert pointer is not None

    def leaves() -> None:
        there = store.by_customer(pointer.customer, caller.now)
        assert there is not None
        store.relink(linking.leave(there, [pointer.link], home=None, by="agent"), caller.now)

    store.between.append(leaves)
    said = caller.hears("Yes")
    assert caller.last is not None
    assert (caller.last.problem, caller.last.pointer) == ("moved", None)
    assert "PayFee" not in said

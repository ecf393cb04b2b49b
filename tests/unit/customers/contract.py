"""What every customer store must do: one suite for the fake, for moto and for DynamoDB Local."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import FixedKeys, KeyRing
from throughline.customers.linking import add, close, forget, join, merge, split, swept
from throughline.customers.pointer import Pointer
from throughline.customers.rules import DAY, MOST_AT_ONCE
from throughline.customers.store import (
    LARGEST,
    AddressTaken,
    Came,
    Conflict,
    CustomerStore,
    Edge,
    Link,
    Relinking,
    Stored,
)
from throughline.dialogue.changes import Linked
from throughline.errors import StoreError
from throughline.turn import Assurance

NOW = 2_000_000_000.0
OLD_KEY, NEW_KEY = b"an old key, 16 bytes or more", b"a new key, 16 bytes or more"
POINTERS = KeyRing("p1", {"p1": b"a pointer key, long enough"})
KEYS = FixedKeys(KeyRing("a1", {"a1": OLD_KEY}), POINTERS)
ROTATED = FixedKeys(KeyRing("a2", {"a1": OLD_KEY, "a2": NEW_KEY}), POINTERS)
RETIRED = FixedKeys(KeyRing("a2", {"a2": NEW_KEY}), POINTERS)
PHONE = Address(AddressKind.PHONE, "+1 (202) 555-0143")
MAIL = Address(AddressKind.EMAIL, "pat@example.com")


class Rig(ABC):
    """A place to keep customers, seen from outside."""

    @abstractmethod
    def store(self, keys: FixedKeys = KEYS) -> CustomerStore:
        """A store over this place; several may be had."""

    @abstractmethod
    def counted(self) -> tuple[int, int]:
        """Requests that read and that wrote since it was last asked."""


def pointer_to(stored: Stored, link: str) -> Pointer:
    return Pointer(stored.customer, link, stored.links[link].epoch)


def met(store: CustomerStore, address: Address = PHONE, now: float = NOW) -> tuple[Stored, Pointer]:
    """A customer who has been here once."""
    fresh, link = store.by_address(address, now)
    stored = store.save(replace(fresh, state='{"n":1}', turn='{"t":1}'), now)
    return stored, pointer_to(stored, link)


class StoreContract:
    """Inherit from it and give a fixture `rig`."""

    # what is kept

    def test_what_was_saved_is_read_again_by_pointer_and_by_address(self, rig: Rig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        assert saved.version == 1
        assert store.by_pointer(pointer, NOW) == saved
        assert store.by_address(PHONE, NOW) == (saved, pointer.link)

    def test_any_text_is_kept_letter_by_letter(self, rig: Rig) -> None:
        store = rig.store()
        fresh, link = store.by_address(PHONE, NOW)
        odd = '{"a":"é\u202e\u0000 🦉 \\" <b>"}'
        saved = store.save(replace(fresh, state=odd, turn=odd), NOW)
        read = store.by_pointer(pointer_to(saved, link), NOW)
        assert read is not None
        assert (read.state, read.turn) == (odd, odd)

    def test_a_new_address_is_an_anonymous_link_of_a_new_customer(self, rig: Rig) -> None:
        stored, link = rig.store().by_address(PHONE, NOW)
        assert (stored.version, stored.state) == (0, "")
        assert stored.links[link].assurance is Assurance.ANONYMOUS

    def test_looking_at_a_new_address_keeps_nothing(self, rig: Rig) -> None:
        store = rig.store()
        store.by_address(PHONE, NOW)
        assert store.by_address(PHONE, NOW)[0].version == 0

    def test_two_addresses_are_two_customers(self, rig: Rig) -> None:
        store = rig.store()
        assert met(store, PHONE)[0].customer != met(store, MAIL)[0].customer

    def test_a_guest_is_found_by_the_session_and_only_by_it(self, rig: Rig) -> None:
        store = rig.store()
        saved = store.save(replace(store.by_session("web:7f3a", NOW), state='{"n":1}'), NOW)
        assert store.by_session("web:7f3a", NOW) == saved
        assert store.by_session("web:7f3b", NOW).version == 0
        (link,) = saved.links.values()
        assert link.assurance is Assurance.ANONYMOUS

    # what a turn costs

    def test_a_turn_by_pointer_is_one_read_and_one_write(self, rig: Rig) -> None:
        store = rig.store()
        _, pointer = met(store)
        rig.counted()
        for _ in range(10):
            stored = store.by_pointer(pointer, NOW)
            assert stored is not None
            store.save(replace(stored, state="{}"), NOW)
        assert rig.counted() == (10, 10)

    def test_a_turn_by_known_address_is_two_reads_and_one_write(self, rig: Rig) -> None:
        store = rig.store()
        met(store)
        rig.counted()
        stored, _ = store.by_address(PHONE, NOW)
        store.save(stored, NOW)
        assert rig.counted() == (2, 1)

    def test_a_first_contact_is_one_read_and_one_write(self, rig: Rig) -> None:
        met(rig.store())
        assert rig.counted() == (1, 1)

    def test_a_guests_turn_is_one_read_and_one_write(self, rig: Rig) -> None:
        store = rig.store()
        store.save(store.by_session("web:7f3a", NOW), NOW)
        assert rig.counted() == (1, 1)

    def test_a_lost_race_costs_one_write_more_and_no_read(self, rig: Rig) -> None:
        store = rig.store()
        _, pointer = met(store)
        mine = store.by_pointer(pointer, NOW)
        theirs = store.by_pointer(pointer, NOW)
        assert mine is not None
        assert theirs is not None
        store.save(replace(theirs, state='"theirs"'), NOW)
        rig.counted()
        with pytest.raises(Conflict) as conflict:
            store.save(replace(mine, state='"mine"'), NOW)
        assert conflict.value.fresh.state == '"theirs"'
        store.save(replace(conflict.value.fresh, state='"both"'), NOW)
        assert rig.counted() == (0, 2)
        after = store.by_pointer(pointer, NOW)
        assert after is not None
        assert (after.state, after.version) == ('"both"', 3)

    # races

    def test_two_first_contacts_of_one_address_are_one_customer(self, rig: Rig) -> None:
        store = rig.store()
        mine, my_link = store.by_address(PHONE, NOW)
        theirs, their_link = store.by_address(PHONE, NOW)
        store.save(replace(theirs, state='"theirs"'), NOW)
        with pytest.raises(Conflict) as conflict:
            store.save(replace(mine, state='"mine"'), NOW)
        fresh = conflict.value.fresh
        assert (fresh.customer, fresh.state, my_link) == (mine.customer, '"theirs"', their_link)
        assert my_link in fresh.links

    def test_two_first_turns_of_one_guest_conflict(self, rig: Rig) -> None:
        store = rig.store()
        mine, theirs = store.by_session("web:7f3a", NOW), store.by_session("web:7f3a", NOW)
        store.save(replace(theirs, state='"theirs"'), NOW)
        with pytest.raises(Conflict) as conflict:
            store.save(mine, NOW)
        assert conflict.value.fresh.state == '"theirs"'

    def test_an_old_version_never_overwrites_one_begun_anew(self, rig: Rig) -> None:
        store = rig.store()
        stale = store.save(store.by_session("web:7f3a", NOW), NOW)
        later = NOW + 2 * DAY
        store.save(replace(store.by_session("web:7f3a", later), state='"anew"'), later)
        with pytest.raises(Conflict) as conflict:
            store.save(replace(stale, state='"stale"'), later)
        assert conflict.value.fresh.state == '"anew"'

    def test_a_hundred_threads_lose_nothing(self, rig: Rig) -> None:
        store = rig.store()
        fresh, link = store.by_address(PHONE, NOW)
        pointer = pointer_to(store.save(replace(fresh, state="0"), NOW), link)
        rig.counted()
        start = threading.Barrier(100)
        conflicts: Counter[int] = Counter()

        def turn(number: int) -> int:
            start.wait()
            stored = store.by_pointer(pointer, NOW)
            assert stored is not None
            while True:
                try:
                    return int(store.save(replace(stored, state=str(int(stored.state) + 1)), NOW).state)
                except Conflict as conflict:
                    conflicts[number] += 1
                    stored = conflict.fresh

        with ThreadPoolExecutor(100) as pool:
            results = list(pool.map(turn, range(100)))
        reads, writes = rig.counted()
        assert sorted(results) == list(range(1, 101))
        assert (reads, writes) == (100, 100 + conflicts.total())
        last = store.by_pointer(pointer, NOW)
        assert last is not None
        assert (last.state, last.version) == ("100", 101)
        print(f"{type(rig).__name__}: 100 turns at once took {writes} writes")

    def test_many_first_contacts_at_once_make_one_customer(self, rig: Rig) -> None:
        store = rig.store()
        start = threading.Barrier(20)

        def turn(_: int) -> str:
            start.wait()
            stored, _link = store.by_address(PHONE, NOW)
            while True:
                try:
                    return store.save(replace(stored, state=str(int(stored.state or 0) + 1)), NOW).customer
                except Conflict as conflict:
                    stored = conflict.fresh

        with ThreadPoolExecutor(20) as pool:
            customers = set(pool.map(turn, range(20)))
        assert len(customers) == 1
        assert store.by_address(PHONE, NOW)[0].state == "20"

    # expiry

    def test_what_has_expired_is_not_there(self, rig: Rig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        assert store.by_pointer(pointer, saved.expires - 1) == saved
        assert store.by_pointer(pointer, saved.expires) is None
        assert store.by_address(PHONE, saved.expires)[0].version == 0

    def test_each_turn_puts_expiry_off(self, rig: Rig) -> None:
        store = rig.store()
        now, (_, pointer) = NOW, met(store)
        for _ in range(8):
            now += 60 * DAY
            stored = store.by_pointer(pointer, now)
            assert stored is not None
            store.save(stored, now)
        assert store.by_address(PHONE, now)[0].version == 9, "the address must lead to a steady customer"

    def test_keeping_an_edge_on_is_rare(self, rig: Rig) -> None:
        store = rig.store()
        stored, _ = met(store)
        seen = set()
        for day in range(0, 720, 10):
            stored = store.save(stored, NOW + day * DAY)
            seen |= {link.until for link in stored.links.values()}
        assert len(seen) <= 9, "about once a quarter"

    def test_after_expiry_the_same_guest_begins_anew(self, rig: Rig) -> None:
        store = rig.store()
        saved = store.save(replace(store.by_session("web:7f3a", NOW), state='"old"'), NOW)
        anew = store.by_session("web:7f3a", saved.expires)
        assert (anew.version, anew.state) == (0, "")
        assert store.save(anew, saved.expires).version == 1

    def test_after_expiry_an_address_begins_anew(self, rig: Rig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        later = NOW + 1000 * DAY
        again, new_pointer = met(store, now=later)
        assert again.customer != saved.customer
        assert store.by_pointer(pointer, later) is None
        assert store.by_pointer(new_pointer, later) == again

    # links

    def test_a_pointer_with_another_epoch_fails_by_one_read(self, rig: Rig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        renewed = replace(saved.links[pointer.link], epoch=2)
        store.save(replace(saved, links={pointer.link: renewed}), NOW)
        rig.counted()
        assert store.by_pointer(pointer, NOW) is None
        assert rig.counted() == (1, 0)
        assert store.by_pointer(replace(pointer, epoch=2), NOW) is not None
        assert store.by_address(PHONE, NOW)[1] == pointer.link, "the address itself still leads here"

    @pytest.mark.parametrize("change", [{"customer": "cnobody"}, {"link": "lnone"}])
    def test_a_pointer_to_nothing_gives_nothing(self, rig: Rig, change: dict[str, str]) -> None:
        store = rig.store()
        _, pointer = met(store)
        other = Pointer(change.get("customer", pointer.customer), change.get("link", pointer.link), pointer.epoch)
        assert store.by_pointer(other, NOW) is None

    def test_an_unlinked_address_is_somebody_new_who_sees_nothing_of_before(self, rig: Rig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        store.save(replace(saved, links={}), NOW)
        stranger, link = store.by_address(PHONE, NOW)
        assert stranger.customer != saved.customer
        assert stranger.state == ""
        kept = store.save(replace(stranger, state='"new"'), NOW)
        assert store.by_address(PHONE, NOW) == (kept, link)
        assert store.by_pointer(pointer, NOW) is None

    def test_a_second_address_can_be_linked(self, rig: Rig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        mail = Link("mail", 1, Assurance.LINKED, "code", NOW, MAIL.hashed(KEYS.address_keys()))
        both = store.save(replace(saved, links={**saved.links, mail.id: mail}), NOW)
        assert store.by_address(MAIL, NOW) == (both, "mail")
        assert store.by_address(PHONE, NOW) == (both, pointer.link)
        assert both.links["mail"].assurance is Assurance.LINKED

    def test_an_address_of_somebody_else_is_not_taken_from_them(self, rig: Rig) -> None:
        store = rig.store()
        saved, _ = met(store)
        owner, _ = met(store, MAIL)
        mail = Link("mail", 1, Assurance.LINKED, "code", NOW, MAIL.hashed(KEYS.address_keys()))
        with pytest.raises(AddressTaken):
            store.save(replace(saved, links={**saved.links, mail.id: mail}), NOW)
        assert store.by_address(MAIL, NOW)[0] == owner
        assert store.by_address(PHONE, NOW)[0] == saved

    def test_a_customer_whose_address_moved_on_can_still_be_saved(self, rig: Rig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        other, _ = met(store, MAIL)
        address = PHONE.hashed(KEYS.address_keys())
        phone = Link("phone", 1, Assurance.LINKED, "code", NOW, address)
        later = NOW + 300 * DAY
        store.save(replace(other, links={**other.links, "phone": phone}, displaces=_edge_of(saved)), later)
        stored = store.save(saved, later)
        assert stored.version == 2
        assert store.by_pointer(pointer, later) == stored
        assert store.by_address(PHONE, later)[0].customer == other.customer

    def test_a_guest_who_becomes_known_is_kept_as_long_as_the_known(self, rig: Rig) -> None:
        store = rig.store()
        guest = store.save(store.by_session("web:7f3a", NOW), NOW)
        mail = Link("mail", 1, Assurance.VERIFIED, "code", NOW, MAIL.hashed(KEYS.address_keys()))
        known = store.save(replace(guest, links={**guest.links, mail.id: mail}), NOW)
        assert store.by_address(MAIL, NOW + 60 * DAY)[0] == known

    # linking

    def test_a_customer_is_read_by_id_by_one_read(self, rig: Rig) -> None:
        store = rig.store()
        saved, _ = met(store)
        rig.counted()
        assert store.by_customer(saved.customer, NOW) == saved
        assert store.by_customer("cnobody", NOW) is None
        assert store.by_customer(saved.customer, saved.expires) is None
        assert rig.counted() == (3, 0)

    def test_an_edge_tells_where_an_address_leads_by_one_read(self, rig: Rig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        rig.counted()
        edge = store.edge_of(PHONE, NOW)
        assert edge is not None
        assert (edge.customer, edge.link, edge.reach) == (saved.customer, pointer.link, PHONE.value)
        assert store.edge_of(MAIL, NOW) is None
        assert store.edge_of(PHONE.hashed(KEYS.address_keys()), NOW) == edge
        assert store.edge_of(PHONE, edge.expires) is None
        assert rig.counted() == (4, 0)
        assert rig.store(ROTATED).edge_of(PHONE, NOW) == edge

    def test_a_link_moves_with_its_address_in_one_write(self, rig: Rig) -> None:
        store = rig.store()
        (mine, pointer), (other, _) = met(store), met(store, MAIL)
        rig.counted()
        rest, grown = store.relink(join(mine, other, pointer.link, how="code", by="customer", now=NOW), NOW)
        assert rig.counted() == (0, 1)
        assert (rest.version, grown.version) == (2, 2)
        assert store.by_address(PHONE, NOW) == (grown, pointer.link)
        assert store.by_customer(mine.customer, NOW) == rest
        assert store.by_pointer(pointer, NOW) is None, "a pointer from before is dead"
        edge = store.edge_of(PHONE, NOW)
        assert edge is not None and edge.reach == PHONE.value, "the raw address stays with its edge"
        assert edge.expires > grown.expires

    def test_a_first_contact_may_join_at_once(self, rig: Rig) -> None:
        store = rig.store()
        other, _ = met(store, MAIL)
        fresh, link = store.by_address(PHONE, NOW)
        _, grown = store.relink(join(fresh, other, link, how="code", by="customer", now=NOW), NOW)
        assert store.by_address(PHONE, NOW) == (grown, link)
        edge = store.edge_of(PHONE, NOW)
        assert edge is not None and edge.reach == PHONE.value

    @pytest.mark.parametrize("changed", ["mine", "other"])
    def test_relinking_what_has_changed_writes_nothing_and_brings_what_is_there(self, rig: Rig, changed: str) -> None:
        store = rig.store()
        (mine, pointer), (other, _) = met(store), met(store, MAIL)
        relinking = join(mine, other, pointer.link, how="code", by="customer", now=NOW)
        late = store.save(replace(mine if changed == "mine" else other, state='"late"'), NOW)
        with pytest.raises(Conflict) as conflict:
            store.relink(relinking, NOW)
        assert conflict.value.fresh == late
        assert store.by_address(PHONE, NOW)[0].customer == mine.customer
        assert store.by_address(MAIL, NOW)[0].links.keys() == other.links.keys()

    def test_relinking_an_address_that_leads_elsewhere_by_now_writes_nothing(self, rig: Rig) -> None:
        store = rig.store()
        other, _ = met(store, MAIL)
        fresh, _ = store.by_address(PHONE, NOW)
        change = Linked("phone", PHONE.hashed(KEYS.address_keys()), PHONE.value, "code")
        relinking = add(other, change, there=None, holder=None, by="customer", now=NOW)
        taken = store.save(fresh, NOW)
        with pytest.raises(AddressTaken):
            store.relink(relinking, NOW)
        assert store.by_address(PHONE, NOW)[0] == taken
        assert store.by_address(MAIL, NOW)[0] == other

    def test_a_closed_links_address_is_bared_and_whoever_comes_next_is_new(self, rig: Rig) -> None:
        store = rig.store()
        now, seen = NOW, set[str]()
        for _ in range(3):
            mine, pointer = met(store, now=now)
            assert mine.customer not in seen and mine.state == '{"n":1}'
            seen |= {mine.customer, pointer.link}
            (shut,) = store.relink(close(mine, pointer.link), now)
            assert store.by_pointer(pointer, now) is None
            assert store.by_pointer(pointer_to(shut, pointer.link), now) is None
            edge = store.edge_of(PHONE, now)
            assert edge is not None and edge.reach == ""
        assert len(seen) == 6, "neither a customer's nor a link's id is given again"

    def test_an_edge_that_moved_on_is_neither_bared_nor_removed(self, rig: Rig) -> None:
        store = rig.store()
        mine, pointer = met(store)
        (shut,) = store.relink(close(mine, pointer.link), NOW)
        new, newer = met(store)
        assert newer.link != pointer.link
        store.relink(forget(shut), NOW)
        assert store.by_address(PHONE, NOW)[0] == new
        edge = store.edge_of(PHONE, NOW)
        assert edge is not None and edge.reach == PHONE.value

    def test_who_is_forgotten_is_found_by_nothing(self, rig: Rig) -> None:
        store = rig.store()
        mine, pointer = met(store)
        store.relink(forget(replace(mine, mark='{"job":"erase"}')), NOW)
        assert store.by_pointer(pointer, NOW) is None
        kept = store.by_customer(mine.customer, NOW)
        assert kept is not None
        assert (dict(kept.links), kept.state, kept.turn, kept.mark) == ({}, "", "", '{"job":"erase"}')
        edge = store.edge_of(PHONE, NOW)
        assert edge is not None and edge.reach == ""
        assert store.by_address(PHONE, NOW)[0].customer != mine.customer, "at once somebody new"

    def test_the_end_of_an_erasure_deletes_the_edges_that_still_lead_there(self, rig: Rig) -> None:
        store = rig.store()
        mine, _ = met(store)
        mail = Linked("email", MAIL.hashed(KEYS.address_keys()), MAIL.value, "code")
        (mine,) = store.relink(add(mine, mail, there=None, holder=None, by="customer", now=NOW), NOW)
        store.relink(forget(mine), NOW)
        met(store)
        assert store.relink(swept(mine), NOW) == ()
        assert store.edge_of(MAIL, NOW) is None
        assert store.edge_of(PHONE, NOW) is not None, "it leads to somebody else by now"

    def test_a_guest_whose_session_joined_somebody_is_a_new_guest_without_the_pointer(self, rig: Rig) -> None:
        store = rig.store()
        guest = store.save(replace(store.by_session("web:7f3a", NOW), state='{"n":1}'), NOW)
        (link,) = guest.links
        other, _ = met(store, MAIL)
        rest, grown = store.relink(join(guest, other, link, how="code", by="customer", now=NOW), NOW)
        assert store.by_pointer(pointer_to(grown, link), NOW) == grown
        anew = store.by_session("web:7f3a", NOW)
        (new,) = anew.links
        assert new != link
        assert store.save(anew, NOW).version == rest.version + 1

    def test_relinking_costs_one_write_however_much_it_moves(self, rig: Rig) -> None:
        store = rig.store()
        mine, _ = met(store)
        for number in range(10, 20):
            address = Address(AddressKind.PHONE, f"+120255501{number}")
            change = Linked("phone", address.hashed(KEYS.address_keys()), address.value, "code")
            (mine,) = store.relink(add(mine, change, there=None, holder=None, by="customer", now=NOW), NOW)
        other, _ = met(store, MAIL)
        rig.counted()
        _, grown = store.relink(merge(other, mine, act="m1", by="desk"), NOW)
        assert rig.counted() == (0, 1)
        assert len(grown.links) == 12
        assert store.by_address(Address(AddressKind.PHONE, "+12025550115"), NOW)[0] == grown

    def test_what_is_left_of_a_merged_customer_is_kept_as_long_as_before(self, rig: Rig) -> None:
        store = rig.store()
        (mine, _), (other, _) = met(store), met(store, MAIL)
        rest, grown = store.relink(merge(other, mine, act="m1", by="desk"), NOW + 5)
        assert rest.expires == mine.expires
        back, whole = store.relink(split(grown, "m1", {rest.customer: rest}, by="desk"), NOW + 6)
        assert whole.links.keys() == mine.links.keys()
        assert store.by_address(PHONE, NOW + 6)[0] == whole
        assert back.links.keys() == other.links.keys()

    def test_where_a_link_was_and_who_a_households_people_are_are_read_back(self, rig: Rig) -> None:
        store = rig.store()
        mine, pointer = met(store)
        came = (Came("c1", Assurance.LINKED, NOW, "code", "m1"), Came("c2", Assurance.ANONYMOUS, NOW))
        link = replace(mine.links[pointer.link], came=came, left=Came("c3", Assurance.CLAIMED, NOW, "code"))
        way = replace(mine.links[pointer.link], id="way", address="", members=("l1", "l2"))
        saved = store.save(replace(mine, links={link.id: link, way.id: way}), NOW)
        kept = store.by_customer(mine.customer, NOW)
        assert kept is not None and dict(kept.links) == dict(saved.links)
        assert (kept.links[link.id].home, kept.links[link.id].act) == ("c2", "")

    def test_who_is_emptied_by_an_erasure_waits_for_it_as_long_as_any_customer(self, rig: Rig) -> None:
        store = rig.store()
        mine, _ = met(store)
        emptied = store.save(replace(mine, links={}, state="", turn="", mark='{"job":"erase"}'), NOW)
        assert store.by_customer(mine.customer, NOW + 300 * DAY) == emptied

    def test_a_steady_customers_moved_address_stays_theirs(self, rig: Rig) -> None:
        store = rig.store()
        (mine, pointer), (other, mail) = met(store), met(store, MAIL)
        _, stored = store.relink(join(mine, other, pointer.link, how="code", by="customer", now=NOW), NOW)
        for month in range(1, 20):
            stored = store.save(stored, NOW + month * 30 * DAY)
        later = NOW + 580 * DAY
        assert store.by_address(PHONE, later) == (stored, pointer.link)
        assert store.by_pointer(mail, later) == stored

    def test_more_than_a_transaction_holds_is_refused_before_it_is_sent(self, rig: Rig) -> None:
        store = rig.store()
        mine, _ = met(store)
        many = {
            f"l{number}": Link(f"l{number}", 1, Assurance.CLAIMED, "code", NOW, f"a1.{number}", kind="phone")
            for number in range(MOST_AT_ONCE)
        }
        rig.counted()
        with pytest.raises(StoreError, match="fewer"):
            store.relink(Relinking((replace(mine, links=many),)), NOW)
        assert rig.counted() == (0, 0)

    def test_two_who_relink_at_once_do_it_one_after_the_other(self, rig: Rig) -> None:
        store = rig.store()
        (mine, pointer), (other, _) = met(store), met(store, MAIL)
        third, _ = met(store, Address(AddressKind.PHONE, "+12025550177"))
        start = threading.Barrier(2)

        def identify(stored: Stored) -> bool:
            relinking = join(mine, stored, pointer.link, how="code", by="customer", now=NOW)
            start.wait()
            try:
                store.relink(relinking, NOW)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(identify, [other, third]))
        assert sorted(done) == [False, True]
        owner, link = store.by_address(PHONE, NOW)
        assert link == pointer.link
        assert owner.customer == (other if done[0] else third).customer

    # keys

    def test_a_known_address_is_found_under_the_old_key_and_moves_to_the_new_one(self, rig: Rig) -> None:
        saved, pointer = met(rig.store())
        rig.counted()
        during = rig.store(ROTATED)
        found, link = during.by_address(PHONE, NOW)
        assert (found.customer, found.state, link) == (saved.customer, saved.state, pointer.link)
        during.save(found, NOW)
        assert rig.counted() == (2, 1)
        after = rig.store(RETIRED)
        assert after.by_address(PHONE, NOW)[0].customer == saved.customer

    def test_a_guest_is_found_under_the_old_key(self, rig: Rig) -> None:
        store = rig.store()
        saved = store.save(store.by_session("web:7f3a", NOW), NOW)
        assert rig.store(ROTATED).by_session("web:7f3a", NOW) == saved

    # size and text

    def test_half_a_character_is_refused_as_a_store_error(self, rig: Rig) -> None:
        store = rig.store()
        guest = replace(store.by_session("web:\ud800", NOW), state='"\ud800"')
        with pytest.raises(StoreError, match="surrogate"):
            store.save(guest, NOW)

    def test_an_item_near_the_limit_is_kept(self, rig: Rig) -> None:
        store = rig.store()
        guest = replace(store.by_session("web:7f3a", NOW), state="x" * (LARGEST - 2000))
        assert len(store.save(guest, NOW).state) == LARGEST - 2000

    def test_an_item_above_the_limit_is_refused_before_it_is_sent(self, rig: Rig) -> None:
        store = rig.store()
        guest = replace(store.by_session("web:7f3a", NOW), state="é" * (LARGEST // 2 + 1))
        rig.counted()
        with pytest.raises(StoreError, match="bytes"):
            store.save(guest, NOW)
        assert rig.counted() == (0, 0)


def _edge_of(stored: Stored) -> Edge:
    """The edge that leads to a customer with one link."""
    (link,) = stored.links.values()
    return Edge(link.address, stored.customer, link.id, link.until)

"""What every customer store must do when links move: all of it in one write, or none."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.unit.customers.rig import KEYS, MAIL, NOW, PHONE, ROTATED, Rig, met, pointer_to
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.linking import add, close, join, merge, split
from throughline.customers.rules import DAY, MOST_AT_ONCE
from throughline.customers.store import AddressTaken, Came, Conflict, Link, Relinking, Stored
from throughline.dialogue.changes import Linked
from throughline.errors import StoreError
from throughline.turn import Assurance


class RelinkingContract:
    """Inherit from it and give a fixture `rig`."""

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

    def test_an_edge_that_moved_on_is_not_bared(self, rig: Rig) -> None:
        store = rig.store()
        mine, pointer = met(store)
        (shut,) = store.relink(close(mine, pointer.link), NOW)
        new, newer = met(store)
        assert newer.link != pointer.link
        store.relink(Relinking((shut,), bared=close(mine, pointer.link).bared), NOW)
        assert store.by_address(PHONE, NOW)[0] == new
        edge = store.edge_of(PHONE, NOW)
        assert edge is not None and edge.reach == PHONE.value

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

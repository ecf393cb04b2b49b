"""What every customer store must do about addresses: how long they lead to somebody, to whom, and by which key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.customers.rig import KEYS, MAIL, NOW, PHONE, RETIRED, ROTATED, Rig, met
from throughline.customers.pointer import Pointer
from throughline.customers.rules import DAY
from throughline.customers.store import AddressTaken, Edge, Link, Stored
from throughline.turn import Assurance


class AddressesContract:
    """Inherit from it and give a fixture `rig`."""

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
        edge = after.edge_of(PHONE, NOW)
        assert edge is not None and edge.reach == PHONE.value, "the raw address goes over, too"

    def test_a_guest_is_found_under_the_old_key(self, rig: Rig) -> None:
        store = rig.store()
        saved = store.save(store.by_session("web:7f3a", NOW), NOW)
        assert rig.store(ROTATED).by_session("web:7f3a", NOW) == saved


def _edge_of(stored: Stored) -> Edge:
    """The edge that leads to a customer with one link."""
    (link,) = stored.links.values()
    return Edge(link.address, stored.customer, link.id, link.until)

"""What every customer store must do for a turn: keep it letter by letter, at its price, and lose none in a race."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.unit.customers.rig import MAIL, NOW, PHONE, Rig, met, pointer_to
from throughline.customers.rules import DAY
from throughline.customers.store import LARGEST, Conflict
from throughline.errors import StoreError
from throughline.turn import Assurance


class TurnsContract:
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

"""Erasing finds everything, leaves what is not its own, and may be cut off anywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import pytest

from tests.unit.records.world import NOW, PAT, Crash, Crashing, World, a_turn, plenty, record, somebody
from throughline.customers.households import HOUSEHOLD, household_of
from throughline.customers.store import Came, Edge, Link, Stored
from throughline.dialogue.state import Acting, Frame, Pending, State, decode, encode
from throughline.errors import StoreError
from throughline.records import marks
from throughline.records.erasing import SPARE_SECONDS, TimeUp
from throughline.records.strands import Belongings, ExportRow, Hold
from throughline.turn import Assurance

SUBJECT = "11111111-2222-3333-4444-555555555555"


def test_nothing_is_found_of_who_was_erased() -> None:
    world = World()
    stored = world.furnish()
    erased = world.erasing().run(PAT, world.announce(stored), plenty)
    assert world.left_of() == []
    assert erased is not None and (erased.links, erased.items) == (3, 15)


def with_a_login(world: World, stored: Stored) -> tuple[Stored, str]:
    """The customer signs in with an account, too; and the address of that sign-in."""
    way = Link("l-login", 1, Assurance.LINKED, "login", NOW - 90, "a1.login", kind="login")
    grown = replace(stored, links={**stored.links, way.id: way})
    world.keeping.conversations[stored.customer] = grown
    world.keeping.edges[way.address] = Edge(way.address, stored.customer, way.id, int(NOW) + 10**7, SUBJECT)
    world.accounts.there.add(SUBJECT)
    return grown, way.address


def test_the_account_goes_before_the_address_that_names_it() -> None:
    world = World()
    stored, _ = with_a_login(world, world.furnish())
    world.erasing().run(PAT, world.announce(stored), plenty)
    assert world.accounts.there == set() and world.accounts.led == [PAT]
    assert world.left_of() == []


def test_an_account_goes_even_if_somebody_signed_in_once_more_before_its_turn_came() -> None:
    world = World()
    stored, address = with_a_login(world, world.furnish())
    mark = world.announce(stored)
    world.keeping.edges[address] = Edge(address, "c-new", "l-new", 1, SUBJECT)
    world.erasing().run(PAT, mark, plenty)
    assert world.accounts.there == set()
    assert world.keeping.edges[address].customer == "c-new"


@pytest.mark.parametrize("why", ["shared", "closed", "a household's", "a phone number"])
def test_no_account_goes_that_is_not_theirs_alone(why: str) -> None:
    world = World()
    stored, address = with_a_login(world, world.furnish())
    way = stored.links["l-login"]
    if why == "a household's":
        world.keeping.edges[address] = Edge(address, household_of(address), "l-house", 1, SUBJECT)
    else:
        # What a platform or a person names an address may look like an account's subject.
        changed = replace(way, shared=why == "shared", closed=why == "closed")
        changed = replace(changed, kind="push") if why == "a phone number" else changed
        stored = replace(stored, links={**stored.links, way.id: changed})
    world.erasing().run(PAT, world.announce(stored), plenty)
    assert world.accounts.there == {SUBJECT} and world.accounts.led == []


def test_an_account_that_many_shared_goes_with_the_last_of_them() -> None:
    world = World()
    stored = world.furnish()
    house, address = household(world, stored)
    way = replace(house.links["l-house"], kind="login", members=tuple(stored.links)[:1])
    world.keeping.conversations[house.customer] = replace(house, state="", links={way.id: way})
    world.keeping.edges[address] = Edge(address, house.customer, way.id, 1, SUBJECT)
    world.accounts.there.add(SUBJECT)
    world.erasing().run(PAT, world.announce(stored), plenty)
    assert world.accounts.there == set() and address not in world.keeping.edges


def test_a_pool_that_refuses_leaves_the_address_that_names_the_account() -> None:
    world = World()
    stored, address = with_a_login(world, world.furnish())
    mark = world.announce(stored)

    class Refusing:
        def forget(self, subject: str) -> None:
            raise StoreError("the customers' user pool refused")

    with pytest.raises(StoreError):
        world.erasing(wrap=lambda port: Refusing() if port is world.accounts else port).run(PAT, mark, plenty)
    assert address in world.keeping.edges and not world.told
    world.erasing().run(PAT, mark, plenty)
    assert world.accounts.there == set() and world.left_of() == []


def test_a_replay_deletes_an_account_that_the_first_run_did_not_get_to() -> None:
    world = World()
    stored, _ = with_a_login(world, world.furnish())
    world.erasing().begin(PAT, world.announce(stored))
    (stone,) = world.tombstones.all()
    assert stone.logins == ("l-login",) and SUBJECT not in repr(stone)
    world.erasing().again(stone, plenty)
    assert world.accounts.there == set()


def test_the_neighbours_keep_everything() -> None:
    world = World()
    stored = world.furnish()
    world.keeping.conversations["c-sam"] = world.furnish("c-kim", links=1)
    kim = {key for key in world.strands.items if key[0].startswith("c-kim")}
    world.erasing().run(PAT, world.announce(stored), plenty)
    assert set(world.strands.items) == kim
    assert [e.customer for e in world.keeping.edges.values()] == ["c-kim"]
    assert world.keeping.conflicts["c-sam"] == {"conflict#2": "c-kim"}
    assert "c-kim" in world.keeping.conversations


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_cut_off_at_any_step_it_is_finished_by_the_next_run(after: bool) -> None:
    step, ended = 0, False
    while not ended:
        step += 1
        world = World()
        mark = world.announce(with_a_login(world, world.furnish())[0])
        counter = [step]
        erasing = world.erasing(wrap=partial(Crashing, counter=counter, after=after))
        try:
            erasing.run(PAT, mark, plenty)
            ended = True
        except Crash:
            world.erasing().run(PAT, mark, plenty)
        assert world.left_of() == [], f"step {step}"
        assert world.accounts.there == set(), f"step {step}"
        assert world.tombstones.kept["erasure-1"].done is not None
        assert {told.id for told in world.told} == {"erasure-1"}
    assert step > 20


def test_who_comes_back_meanwhile_keeps_what_is_newer() -> None:
    world = World()
    stored = world.furnish()
    mark = world.announce(stored)
    link = next(iter(stored.links))
    world.strands.write_turn(a_turn(PAT, link, "later", NOW + 1))
    address = stored.links[link].address
    world.keeping.edges[address] = Edge(address, "c-new", "l-new", 1)
    world.keeping.conversations[PAT] = replace(stored, nonce="anew", mark="")
    world.erasing().run(PAT, mark, plenty)
    assert [turn.id for turn in world.strands.turns(link)] == ["later"]
    assert world.keeping.edges[address].customer == "c-new"
    assert world.keeping.conversations[PAT].nonce == "anew"


def test_a_long_erasure_stops_in_time_and_goes_on_where_it_was() -> None:
    world = World()
    mark = world.announce(world.furnish(links=2, turns=1200, at=NOW - 5000))
    seconds = iter([300.0, 300.0, SPARE_SECONDS - 1])
    with pytest.raises(TimeUp):
        world.erasing().run(PAT, mark, lambda: next(seconds))
    assert len(world.strands.items) == 2402 - 1000
    assert not world.told
    world.erasing().run(PAT, mark, plenty)
    assert world.left_of() == []
    assert world.told[0].items == 2402


def test_a_legal_hold_keeps_everything_and_the_wish() -> None:
    world = World()
    mark = world.announce(world.furnish())
    world.keeping.write_hold(Hold(PAT, "person-1", "case", NOW - 5))
    before = dict(world.strands.items)
    assert world.erasing().run(PAT, mark, plenty) is None
    assert world.strands.items == before
    assert marks.read(world.keeping.wanted_erasure(PAT)) == mark
    assert not world.tombstones.kept


def came_from(world: World, stored: Stored, *homes: str) -> Stored:
    """The first link came from those, one after the other; of each an empty conversation is left, with an export."""
    first, *others = stored.links.values()
    moved = replace(first, came=tuple(Came(home, Assurance.LINKED, NOW - 200, act=f"m-{home}") for home in homes))
    for home in homes:
        world.keeping.conversations[home] = replace(stored, customer=home, links={}, state="", turn="")
        world.keeping.exports[home] = ExportRow(f"e-{home}", NOW - 300, int(NOW) + 10**6)
        world.shelf.put(f"e-{home}", "page.html", "what they were", "text/html; charset=utf-8")
        world.keeping.conflicts[home] = {f"conflict#{home}": "c-kim"}
        world.keeping.conflicts.setdefault("c-kim", {})[f"conflict#{home}"] = home
    grown = replace(stored, links={link.id: link for link in (moved, *others)})
    world.keeping.conversations[PAT] = grown
    return grown


def test_what_is_left_of_those_whom_the_links_came_from_goes_too() -> None:
    world = World()
    stored = came_from(world, world.furnish(), "c-older", "c-old")
    world.erasing().run(PAT, world.announce(stored), plenty)
    assert [world.left_of(one) for one in (PAT, "c-older", "c-old")] == [[], [], []]
    assert world.keeping.conflicts["c-kim"] == {}
    (stone,) = world.tombstones.all()
    assert stone.homes == ("c-old", "c-older")


@pytest.mark.parametrize("why", ["a link", "a later turn"])
def test_one_whom_a_link_came_from_stays_if_somebody_is_there_still(why: str) -> None:
    world = World()
    stored = came_from(world, world.furnish(), "c-old")
    there = world.furnish("c-other", links=1) if why == "a link" else somebody("c-old", 1, NOW)
    if why == "a later turn":
        there = replace(there, links={}, turn=record("l-x", "t-x", NOW + 5))
    world.keeping.conversations["c-old"] = replace(there, customer="c-old")
    world.erasing().run(PAT, world.announce(stored), plenty)
    assert "c-old" in world.keeping.conversations and "c-old" in world.keeping.exports


def test_a_hold_on_one_whom_a_link_came_from_keeps_everything() -> None:
    world = World()
    stored = came_from(world, world.furnish(), "c-old")
    mark = world.announce(stored)
    world.keeping.write_hold(Hold("c-old", "person-1", "case", NOW - 5))
    before = dict(world.strands.items)
    assert world.erasing().run(PAT, mark, plenty) is None
    assert world.strands.items == before and world.keeping.waiting("c-old") == (PAT,)
    assert not world.tombstones.kept


def test_a_replay_takes_those_whom_the_links_came_from_and_respects_their_holds() -> None:
    world = World()
    stored = came_from(world, world.furnish(), "c-old")
    world.erasing().run(PAT, world.announce(stored), plenty)
    came_from(world, world.furnish(), "c-old")  # the backup is back
    (stone,) = world.tombstones.all()
    world.keeping.write_hold(Hold("c-old", "person-1", "case", NOW - 5))
    assert world.erasing().again(stone, plenty).left == 3 and PAT in world.keeping.conversations
    world.keeping.release("c-old", NOW)
    assert world.erasing().again(stone, plenty).left == 0
    assert world.left_of() == world.left_of("c-old") == []


def household(world: World, stored: Stored) -> tuple[Stored, str]:
    """The customer's first address is a household's: it knows the customer's link and another, and who acts."""
    first, *_ = stored.links.values()
    house = household_of(first.address)
    acting = (Acting("s1", PAT, first.id, 1, NOW), Acting("s2", "c-kim", "c-kim-l0", 1, NOW))
    way = Link(
        "l-house", 1, Assurance.ANONYMOUS, HOUSEHOLD, NOW, first.address, kind="web", members=(first.id, "c-kim-l0")
    )
    found = Stored(house, 2, encode(State(acting=acting)), "", {way.id: way}, nonce="h")
    world.keeping.conversations[house] = found
    world.keeping.edges[first.address] = Edge(first.address, house, way.id, 1, "+12025550143")
    return found, first.address


def test_a_household_forgets_who_was_erased_and_keeps_the_others() -> None:
    world = World()
    stored = world.furnish()
    house, address = household(world, stored)
    world.erasing().run(PAT, world.announce(stored), plenty)
    after = world.keeping.conversations[house.customer]
    assert [one.customer for one in decode(after.state).acting] == ["c-kim"]
    assert after.links["l-house"].members == ("c-kim-l0",)
    assert PAT not in after.state and world.keeping.edges[address].customer == house.customer


def test_a_household_of_nobody_any_more_goes_with_the_raw_address() -> None:
    world = World()
    stored = world.furnish()
    house, address = household(world, stored)
    way = replace(house.links["l-house"], members=tuple(stored.links)[:1])
    world.keeping.conversations[house.customer] = replace(house, state="", links={way.id: way})
    world.erasing().run(PAT, world.announce(stored), plenty)
    assert house.customer not in world.keeping.conversations and address not in world.keeping.edges


def test_an_erasure_that_was_given_up_is_finished_from_its_tombstone() -> None:
    world = World()
    stored = came_from(world, world.furnish(), "c-old")
    mark = world.announce(stored)
    world.erasing().begin(PAT, mark)
    (stone,) = world.tombstones.all()
    assert stone.done is None and stone.mark == mark
    assert world.erasing().run(stone.customer, stone.mark, plenty) is not None
    assert world.left_of() == world.left_of("c-old") == []
    assert world.erasing().complete(mark.id)


def test_a_restore_is_forgotten_again() -> None:
    world = World()
    stored = world.furnish()
    world.erasing().run(PAT, world.announce(stored), plenty)
    world.furnish()  # the backup is back
    (stone,) = world.tombstones.all()
    erased = world.erasing().again(stone, plenty)
    assert world.left_of() == []
    assert erased.left == 0 and erased.again


def test_a_restore_from_before_the_links_were_joined_is_forgotten_too() -> None:
    world = World()
    stored = world.furnish(links=2)
    world.erasing().run(PAT, world.announce(stored), plenty)
    moved = list(stored.links.values())[1]
    alone = replace(stored, customer="c-before", links={moved.id: moved})
    world.keeping.conversations["c-before"] = alone
    world.keeping.edges[moved.address] = Edge(moved.address, "c-before", moved.id, 1)
    (stone,) = world.tombstones.all()
    assert world.erasing().again(stone, plenty).left == 0
    assert "c-before" not in world.keeping.conversations
    assert moved.address not in world.keeping.edges


def test_a_replay_leaves_to_a_person_whom_it_cannot_tell_apart() -> None:
    world = World()
    stored = world.furnish(links=2)
    world.erasing().run(PAT, world.announce(stored), plenty)
    moved = list(stored.links.values())[1]
    other = world.furnish("c-family", links=2)
    links = {**other.links, moved.id: moved}
    world.keeping.conversations["c-family"] = replace(other, links=links)
    world.keeping.edges[moved.address] = Edge(moved.address, "c-family", moved.id, 1)
    (stone,) = world.tombstones.all()
    assert world.erasing().again(stone, plenty).left == 1
    assert world.keeping.edges[moved.address].customer == "c-family"


def test_a_replay_keeps_who_came_back_after_the_erasure() -> None:
    world = World()
    stored = world.furnish()
    world.erasing().run(PAT, world.announce(stored), plenty)
    back = world.furnish(at=NOW + 50)
    (stone,) = world.tombstones.all()
    world.erasing().again(stone, plenty)
    assert world.keeping.conversations[PAT] == back
    assert len(world.keeping.edges) == 3
    assert len(world.strands.items) == 15


def test_a_replay_touches_nobody_under_a_hold() -> None:
    world = World()
    world.erasing().run(PAT, world.announce(world.furnish()), plenty)
    world.furnish()
    world.keeping.write_hold(Hold(PAT, "person-1", "case", NOW))
    (stone,) = world.tombstones.all()
    assert world.erasing().again(stone, plenty).left == 3
    assert PAT in world.keeping.conversations


def test_a_tombstone_holds_no_address_and_no_word() -> None:
    world = World()
    world.erasing().run(PAT, world.announce(world.furnish()), plenty)
    text = repr(world.tombstones.kept) + repr(world.told)
    assert "+1202" not in text and "hello" not in text


def test_a_mark_is_read_as_it_was_written_and_an_odd_one_is_refused() -> None:
    world = World()
    stored = world.furnish()
    new = marks.marked(stored, marks.ERASE, at=NOW)
    mark = marks.read(new.mark)
    assert mark is not None and marks.write(mark) == new.mark
    assert (new.links, new.state, new.profile) == ({}, "", "")
    assert marks.marked(new, marks.ERASE, at=NOW + 9) == new, "the first cut-off and its links hold"
    assert marks.marked(new, marks.EXPORT, at=NOW + 9) == new
    exported = marks.marked(stored, marks.EXPORT, at=NOW)
    assert exported.links == stored.links
    for odd in ("{", "[]", "null", json.dumps({"job": "erase"}), new.mark.replace("erase", "lend")):
        with pytest.raises(ValueError, match=r"mark|Expecting"):
            marks.read(odd)


def left_and_came(world: World) -> Stored:
    """Pat, of whose former links one left as wrong and two came to others, one of them from there to yet another."""
    stored = world.furnish(links=1)
    came = (Came(PAT, Assurance.CLAIMED, 1.0, "code", "m1"), Came("c-kim", Assurance.CLAIMED, 2.0, "code", "m2"))
    pending = Pending(Frame("f1", "Pay", 1.0, 1.0, "s1", "l-came", "v1"), "pay", "k", "t1", 1.0, customer=PAT)
    for customer, state, link in (
        ("c-sam", State(pending=pending), Link("l-came", 3, Assurance.CLAIMED, "code", 1.0, came=came[:1], had=(PAT,))),
        ("c-ann", State(), Link("l-on", 3, Assurance.CLAIMED, "code", 1.0, came=came, had=(PAT, "c-kim"))),
        (
            "c-ben", State(),
            Link("l-left", 2, Assurance.ANONYMOUS, "returned", 1.0, "a1.left", left=came[0], had=(PAT,), shared=True),
        ),
    ):  # fmt: skip
        world.keeping.conversations[customer] = Stored(customer, 3, encode(state), links={link.id: link}, nonce="n")
        world.keeping.went.setdefault(PAT, {})[link.id] = customer
    world.keeping.went["c-kim"] = {"l-on": "c-ann"}
    house = household_of("a1.left")
    way = Link("l-way", 1, Assurance.ANONYMOUS, HOUSEHOLD, 1.0, "a1.left", members=("l-left",))
    acting = State(acting=(Acting("s", PAT, "l-left", 1, 1.0),))
    world.keeping.conversations[house] = Stored(house, 1, encode(acting), links={way.id: way}, nonce="n")
    world.keeping.edges["a1.left"] = Edge("a1.left", house, way.id, int(NOW) + 10**7)
    return stored


def test_whoever_has_a_link_that_was_theirs_no_longer_names_them() -> None:
    step, ended = 0, False
    while not ended:
        step += 1
        world = World()
        mark = world.announce(left_and_came(world))
        try:
            world.erasing(wrap=partial(Crashing, counter=[step], after=bool(step % 2))).run(PAT, mark, plenty)
            ended = True
        except Crash:
            world.erasing().run(PAT, mark, plenty)
        kept = world.keeping
        assert PAT not in repr((kept.conversations, kept.went, kept.edges)), f"step {step}"
        assert [one.home for one in kept.conversations["c-ann"].links["l-on"].came] == ["", "c-kim"]
        assert decode(kept.conversations["c-sam"].state).pending is None, "the back end knew it as theirs"
        assert kept.went == {"c-kim": {"l-on": "c-ann"}}
    assert step > 25


def test_a_link_that_moved_on_meanwhile_is_followed() -> None:
    world = World()
    stored = left_and_came(world)
    world.keeping.conversations["c-sam"] = replace(world.keeping.conversations["c-sam"], links={})
    asked: list[str] = []
    belongings = world.keeping.belongings

    def later(customer: str) -> Belongings:
        asked.append(customer)
        found = belongings(customer)
        return replace(found, went={**found.went, "l-came": "c-sam"}) if asked.count(PAT) == 1 else found

    held = Link("l-came", 4, Assurance.CLAIMED, "code", 1.0, had=(PAT, "c-sam"))
    world.keeping.conversations["c-new"] = Stored("c-new", 1, links={held.id: held}, nonce="n")
    world.keeping.went[PAT]["l-came"] = "c-new"
    world.keeping.belongings = later  # type: ignore[method-assign]
    world.erasing().run(PAT, world.announce(stored), plenty)
    assert world.keeping.conversations["c-new"].links["l-came"].had == ("c-sam",)


def test_who_had_a_link_keeps_no_longer_where_it_was_once_its_customer_is_erased() -> None:
    world = World()
    stored = world.furnish(links=2)
    first, second = stored.links.values()
    stored = replace(stored, links={first.id: replace(first, had=("c-sam",)), second.id: second})
    world.keeping.went = {"c-sam": {first.id: PAT, "l-other": "c-kim"}}
    mark = world.announce(stored)
    assert marks.read(marks.write(mark)) == mark and mark.had == ("c-sam",)
    world.erasing().run(PAT, mark, plenty)
    assert world.keeping.went == {"c-sam": {"l-other": "c-kim"}}
    assert world.tombstones.kept["erasure-1"].mark == mark

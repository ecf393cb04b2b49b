"""Erasing finds everything, leaves what is not its own, and may be cut off anywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import pytest

from tests.unit.records.world import NOW, PAT, Crash, Crashing, World, a_turn, plenty, record, somebody
from throughline.customers.households import HOUSEHOLD, household_of
from throughline.customers.store import Came, Edge, Link, Stored
from throughline.dialogue.state import Acting, State, decode, encode
from throughline.records import marks
from throughline.records.erasing import SPARE_SECONDS, TimeUp
from throughline.records.strands import ExportRow, Hold
from throughline.turn import Assurance


def test_nothing_is_found_of_who_was_erased() -> None:
    world = World()
    stored = world.furnish()
    erased = world.erasing().run(PAT, world.announce(stored), plenty)
    assert world.left_of() == []
    assert erased is not None and (erased.links, erased.items) == (3, 15)


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
        mark = world.announce(world.furnish())
        counter = [step]
        erasing = world.erasing(wrap=partial(Crashing, counter=counter, after=after))
        try:
            erasing.run(PAT, mark, plenty)
            ended = True
        except Crash:
            world.erasing().run(PAT, mark, plenty)
        assert world.left_of() == [], f"step {step}"
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

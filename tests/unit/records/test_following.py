"""What follows each change of a customer, in whatever order and however often it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.records.world import NOW, PAT, World, plenty, record, somebody, written
from throughline.customers import profile
from throughline.customers.store import Came, Edge
from throughline.dialogue.changes import Noted
from throughline.records import marks
from throughline.records.erasing import TimeUp
from throughline.records.following import HoldChanged
from throughline.records.retention import DAY
from throughline.records.strands import Hold
from throughline.records.transcript import Damaged
from throughline.turn import Assurance

LINK = f"{PAT}-l0"


def test_a_turn_is_kept_once_under_the_link_that_it_came_through() -> None:
    world = World()
    old = somebody(PAT, 2, NOW)
    new = replace(old, turn=record(f"{PAT}-l1", "t2", NOW + 1))
    for _ in range(2):
        assert world.following().follow(written(old, new), plenty) == "kept"
    (turn,) = world.strands.items.values()
    assert (turn.link, turn.expires) == (f"{PAT}-l1", int(NOW + 1) + 400 * DAY)


def test_a_write_without_a_new_turn_adds_none() -> None:
    world = World()
    old = somebody(PAT, 2, NOW)
    assert world.following().follow(written(old, replace(old, version=9)), plenty) == "nothing"
    assert not world.strands.items


def test_a_guests_turn_is_kept_shorter() -> None:
    world = World()
    new = somebody(PAT, 1, NOW)
    guest = replace(new, links={LINK: replace(new.links[LINK], kind="", address="")})
    world.following().follow(written(None, guest), plenty)
    (turn,) = world.strands.items.values()
    assert turn.expires == int(NOW) + 30 * DAY


def test_a_customers_turn_is_kept_as_long_through_the_link_of_a_guests_session() -> None:
    world = World()
    new = somebody(PAT, 2, NOW)
    joined = replace(new, links={**new.links, LINK: replace(new.links[LINK], kind="", address="")})
    world.following().follow(written(None, joined), plenty)
    (turn,) = world.strands.items.values()
    assert (turn.link, turn.expires) == (LINK, int(NOW) + 400 * DAY)


def test_facts_history_is_kept_by_kind() -> None:
    world = World()
    old = somebody(PAT, 1, NOW)
    text = profile.noted("", Noted("name", "", "Pat"), link=LINK, at=NOW, by="customer")
    text = profile.noted(text, Noted("consent", "text.offers", "given"), link=LINK, at=NOW, by="customer")
    new = replace(old, profile=text)
    world.following().follow(written(old, new), plenty)
    world.following().follow(written(new, replace(new, profile=""), at=NOW + 5), plenty)
    lines = [(f.kind, f.value, f.at, f.expires) for f in world.strands.facts(LINK)]
    assert sorted(lines) == [
        ("consent", "", NOW + 5, int(NOW + 5) + 2557 * DAY),
        ("consent", "given", NOW, int(NOW) + 2557 * DAY),
        ("name", "", NOW + 5, int(NOW + 5) + 400 * DAY),
        ("name", "Pat", NOW, int(NOW) + 400 * DAY),
    ]


def test_a_turn_that_comes_after_the_erasure_removes_itself() -> None:
    world = World()
    old = world.furnish()
    late = written(old, replace(old, turn=record(LINK, "late", NOW - 1)))
    world.erasing().run(PAT, world.announce(old), plenty)
    assert world.following().follow(late, plenty) == "late"
    assert world.left_of() == []


def test_the_turn_that_asks_to_be_forgotten_is_not_kept() -> None:
    world = World()
    old = world.furnish()
    asked = replace(old, turn=record(LINK, "forget", NOW, "forget me"))
    world.announce(asked)
    assert world.following().follow(written(old, world.keeping.conversations[PAT]), plenty) == "erased"
    assert world.left_of() == []


@given(st.permutations([0, 1, 2, 3]), st.booleans())
def test_in_whatever_order_the_stream_tells_it_nothing_is_left(order: list[int], twice: bool) -> None:
    world = World()
    stored = world.furnish(links=1, turns=0)
    turns = [replace(stored, turn=record(LINK, f"t{n}", NOW - 3 + n)) for n in range(3)]
    world.announce(turns[-1])
    seen = [stored, *turns, world.keeping.conversations[PAT]]
    changes = [written(seen[n], seen[n + 1]) for n in range(4)]
    for number in order * (1 + twice):
        world.following().follow(changes[number], plenty)
    assert world.left_of() == []


def test_a_mark_is_done_once_though_it_stays() -> None:
    world = World()
    old = world.furnish()
    new = replace(marks.marked(old, marks.EXPORT, at=NOW, id="e2"), turn=old.turn)
    assert world.following().follow(written(old, new), plenty) == "exported"
    assert {key[0] for key in world.shelf.files} == {"e2"}, "the export before is gone"
    world.shelf.files.clear()
    assert world.following().follow(written(new, replace(new, version=9)), plenty) == "nothing"
    assert not world.shelf.files


def test_an_edge_under_a_retired_key_is_not_left_behind() -> None:
    world = World()
    old = world.furnish()
    link = old.links[LINK]
    moved = replace(old, links={**old.links, LINK: replace(link, address="a2.other")})
    world.keeping.edges["a2.other"] = replace(world.keeping.edges[link.address], address="a2.other")
    world.following().follow(written(old, moved), plenty)
    assert link.address not in world.keeping.edges and "a2.other" in world.keeping.edges


def test_a_customer_whom_the_table_forgets_leaves_consents_alone() -> None:
    world = World()
    old = replace(world.furnish(), expires=int(NOW))
    assert world.following().follow(written(old, None, expired=True), plenty) == "lapsed"
    assert {sort.split("#")[0] for _, sort in world.strands.items} == {"fact"}
    assert world.following().follow(written(old, None), plenty) == "nothing"


def test_an_address_is_not_kept_longer_than_whoever_came_by_it() -> None:
    world = World()
    old = replace(world.furnish(), expires=int(NOW))
    theirs, taken, *_ = old.links.values()
    world.keeping.edges[taken.address] = Edge(taken.address, "c-new", "l-new", 1, "+12025550143")
    world.following().follow(written(old, None, expired=True), plenty)
    assert [edge.customer for edge in world.keeping.edges.values()] == ["c-new"]
    assert theirs.address not in world.keeping.edges


def test_a_hold_on_one_whom_a_link_came_from_keeps_what_came_through_it() -> None:
    world = World()
    old = replace(world.furnish(), expires=int(NOW))
    first, *others = old.links.values()
    moved = replace(first, came=(Came("c-old", Assurance.LINKED, NOW),))
    old = replace(old, links={link.id: link for link in (moved, *others)})
    world.keeping.write_hold(Hold("c-old", "person-1", "case", NOW))
    before, edges = dict(world.strands.items), dict(world.keeping.edges)
    world.following().follow(written(old, None, expired=True), plenty)
    assert (world.strands.items, world.keeping.edges) == (before, edges)
    assert first.id in world.keeping.holds["c-old"].strands


@pytest.mark.parametrize("expired", [True, False], ids=["by the table's sweep", "by anybody"])
def test_a_conversation_that_is_removed_with_an_erasure_announced_is_erased(expired: bool) -> None:
    world = World()
    stored = world.furnish()
    world.announce(stored)
    marked = world.keeping.conversations.pop(PAT)
    gone = written(marked, None, expired=expired)
    assert world.following().follow(gone, plenty) == "erased"
    assert world.left_of() == [] and len(world.told) == 1
    assert world.following().follow(gone, plenty) == "nothing", "the eraser's own deed, or told twice"
    assert len(world.told) == 1


def test_the_tombstone_is_there_before_any_time_is_spent() -> None:
    world = World()
    stored = world.furnish()
    world.announce(stored)
    marked = world.keeping.conversations[PAT]
    change = written(stored, marked)
    world.following().foresee(change)
    (stone,) = world.tombstones.all()
    with pytest.raises(TimeUp):
        world.following().follow(change, lambda: 0.0)
    assert (stone.done, list(world.tombstones.all())) == (None, [stone])
    world.following().foresee(written(stored, replace(stored, version=9)))
    world.following().foresee(written(None, stored))
    world.following().foresee(HoldChanged(PAT, Hold(PAT, "p", "w", NOW)))
    assert len(world.tombstones.kept) == 1


def test_an_erasure_waits_for_every_hold() -> None:
    world = World()
    stored = world.furnish()
    first, *others = stored.links.values()
    moved = replace(first, came=tuple(Came(home, Assurance.LINKED, NOW) for home in ("c-1", "c-2")))
    stored = replace(stored, links={link.id: link for link in (moved, *others)})
    world.announce(stored)
    for held in ("c-1", "c-2"):
        world.keeping.write_hold(Hold(held, "person-1", "case", NOW))
    assert world.following().follow(written(stored, world.keeping.conversations[PAT]), plenty) == "held"
    for held, told in (("c-2", "released"), ("c-1", "resumed")):
        world.keeping.release(held, NOW + 5)
        assert world.following().follow(HoldChanged(held, world.keeping.holds[held]), plenty) == told
    assert world.left_of() == []


def test_a_hold_stops_every_clock_and_its_end_starts_them_again() -> None:
    world = World()
    stored = world.furnish()
    world.keeping.write_hold(Hold(PAT, "person-1", "case", NOW))
    changed = HoldChanged(PAT, world.keeping.holds[PAT])
    assert world.following().follow(changed, plenty) == "held"
    assert {item.expires for item in world.strands.items.values()} == {None}
    new = replace(stored, turn=record(LINK, "held", NOW + 1))
    world.following().follow(written(stored, new), plenty)
    assert {item.expires for item in world.strands.items.values()} == {None}
    world.keeping.release(PAT, NOW + 9)
    assert world.keeping.held
    assert world.following().follow(changed, plenty) == "released"
    assert not world.keeping.held
    assert {turn.expires for turn in world.strands.turns(f"{PAT}-l1")} == {
        int(NOW - 100 + n) + 400 * DAY for n in range(4)
    }


def test_a_hold_keeps_even_whom_the_table_forgets_and_an_erasure_that_waited_finds_them() -> None:
    world = World()
    stored = replace(world.furnish(), expires=int(NOW))
    world.keeping.write_hold(Hold(PAT, "person-1", "case", NOW))
    world.keeping.want_erasure(PAT, marks.write(world.announce(stored)))
    del world.keeping.conversations[PAT]
    before = len(world.strands.items)
    world.following().follow(written(stored, None, expired=True), plenty)
    assert len(world.strands.items) == before
    kept, reaches = world.keeping.held[PAT]
    assert kept == stored and reaches[LINK] == "+12025550143", "as it was, though the table forgot it"
    world.keeping.release(PAT, NOW + 9)
    assert world.following().follow(HoldChanged(PAT, world.keeping.holds[PAT]), plenty) == "resumed"
    assert world.left_of() == []


def test_an_address_that_comes_while_a_hold_lasts_is_kept_though_it_is_closed_later() -> None:
    world = World()
    stored = world.furnish()
    world.keeping.write_hold(Hold(PAT, "person-1", "case", NOW))
    world.following().follow(HoldChanged(PAT, world.keeping.holds[PAT]), plenty)
    new, reach = "l-new", "+12025550199"
    world.keeping.edges["1.new"] = Edge("1.new", PAT, new, 2**40, reach)
    grown = replace(stored, links={**stored.links, new: replace(stored.links[LINK], id=new, address="1.new")})
    world.following().follow(written(stored, grown), plenty)
    assert world.keeping.held[PAT][1][new] == reach
    world.keeping.edges["1.new"] = Edge("1.new", PAT, new, 2**40, "")
    world.following().follow(HoldChanged(PAT, world.keeping.holds[PAT]), plenty)
    assert world.keeping.held[PAT][1][new] == reach, "though it is bare by now"


def test_an_erasure_that_waited_begins_when_the_hold_ends_and_kills_every_pointer_first() -> None:
    world = World()
    stored = world.furnish()
    world.keeping.write_hold(Hold(PAT, "person-1", "case", NOW))
    world.keeping.want_erasure(PAT, marks.marked(stored, marks.ERASE, at=NOW).mark)
    world.keeping.release(PAT, NOW + 9)
    assert world.following().follow(HoldChanged(PAT, world.keeping.holds[PAT]), plenty) == "resumed"
    marked = world.keeping.conversations[PAT]
    assert marked.links == {}
    assert world.following().follow(written(stored, marked), plenty) == "erased"
    assert world.left_of() == []


@pytest.mark.parametrize("turn", ["{", "[]", '"x"', '{"id":"t","at":"now","link":"l"}', '{"id":"t","link":"l"}'])
def test_a_damaged_turn_is_told_as_such_and_quotes_nothing(turn: str) -> None:
    world = World()
    old = somebody(PAT, 1, NOW)
    with pytest.raises(Damaged) as told:
        world.following().follow(written(old, replace(old, turn=turn)), plenty)
    assert turn not in str(told.value)

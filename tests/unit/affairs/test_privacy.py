"""MyData and ForgetMe: announced in the turn, refused to nobody but the unproved, postponed by a hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.records.world import NOW, PAT, MemoryShelf, World, plenty, written
from throughline.affairs.privacy import ERASE, EXPORT, Privacy
from throughline.customers.own import OwnActions
from throughline.customers.store import Came
from throughline.dialogue.action import Assurance, Call, Done, NeedsPerson
from throughline.dialogue.changes import Marked
from throughline.records import marks
from throughline.records.custody import Custody
from throughline.records.following import HoldChanged
from throughline.records.retention import DAY
from throughline.records.strands import ExportRow, Hold
from throughline.reply import Typed

WEB, PHONE = f"{PAT}-l0", f"{PAT}-l1"


def call(link: str = WEB, assurance: Assurance = Assurance.VERIFIED) -> Call:
    return Call("MyData", {}, PAT, assurance, "k", NOW, NOW + 3, "en_US", link=link)


def office(world: World) -> OwnActions:
    return Privacy(Custody(world.keeping, MemoryShelf())).actions()


@pytest.mark.parametrize("name", [EXPORT, ERASE])
@pytest.mark.parametrize("assurance", [a for a in Assurance if a < Assurance.VERIFIED])
def test_who_has_not_proved_it_is_led_to_a_person(name: str, assurance: Assurance) -> None:
    world = World()
    assert office(world)[name](call(assurance=assurance), world.furnish()) == NeedsPerson("assurance")


def test_a_copy_is_announced_and_then_handed_over_on_a_screen_alone() -> None:
    world = World()
    stored = world.furnish()
    world.keeping.exports.clear()
    actions = office(world)
    assert actions[EXPORT](call(), stored) == Done(changes=(Marked("export"),))
    world.keeping.write_export(PAT, ExportRow("e9", NOW, int(NOW) + 60))
    assert actions[EXPORT](call(), stored) == Done(
        {"link": Typed("once", "https://exports.example/e9?for=900")}, variant="ready"
    )
    assert actions[EXPORT](call(PHONE), stored) == Done(variant="elsewhere")
    assert actions[EXPORT](call("l-gone"), stored) == Done(variant="elsewhere")


def test_an_old_or_unfinished_copy_is_made_anew() -> None:
    world = World()
    stored = world.furnish()
    for expires in (0, int(NOW)):
        world.keeping.write_export(PAT, ExportRow("e9", NOW, expires))
        assert office(world)[EXPORT](call(), stored) == Done(changes=(Marked("export"),))


def test_who_asks_again_while_a_copy_is_being_made_starts_no_second_one() -> None:
    stored = World().furnish()
    first = marks.marked(stored, "export", at=NOW)
    assert marks.marked(first, "export", at=NOW + 60) == first
    later = marks.marked(first, "export", at=NOW + marks.MADE_SECONDS)
    assert later.mark != first.mark
    erased = marks.read(marks.marked(first, "erase", at=NOW + 60).mark)
    assert erased is not None
    assert erased.job == "erase"


def test_a_copy_of_the_day_before_is_made_anew() -> None:
    world = World()
    stored = world.furnish()
    world.keeping.write_export(PAT, ExportRow("e9", NOW - DAY - 1, int(NOW) + 6 * DAY))
    assert office(world)[EXPORT](call(), stored) == Done(changes=(Marked("export"),))


def test_without_a_bucket_no_copy_is_ever_ready() -> None:
    world = World()
    stored = world.furnish()
    assert Privacy(Custody(world.keeping, None)).export(call(), stored) == Done(changes=(Marked("export"),))


def test_being_forgotten_is_announced_on_every_channel() -> None:
    world = World()
    stored = world.furnish()
    for link in (WEB, PHONE):
        assert office(world)[ERASE](call(link), stored) == Done(changes=(Marked("erase"),))
    assert not world.keeping.wanted


def test_a_hold_on_whom_a_link_came_from_postpones_it_and_its_end_lets_it_go_on() -> None:
    world = World()
    stored = world.furnish()
    first, *others = stored.links.values()
    moved = replace(first, came=(Came("c-before", Assurance.LINKED, NOW, act="m"),))
    stored = replace(stored, links={link.id: link for link in (moved, *others)})
    world.keeping.conversations[PAT] = stored
    world.keeping.write_hold(Hold("c-before", "person-1", "case", NOW - 9))
    assert office(world)[ERASE](call(), stored) == Done({"since": Typed("date", "2033-05-18")}, variant="held")
    world.keeping.release("c-before", NOW + 9)
    change = HoldChanged("c-before", world.keeping.holds["c-before"])
    assert world.following().follow(change, plenty) == "resumed"
    asked = world.keeping.conversations[PAT]
    assert asked.links == {} and not world.keeping.waiting("c-before")
    assert world.following().follow(written(stored, asked), plenty) == "erased"
    assert world.left_of() == []


def test_a_hold_postpones_it_and_says_since_when() -> None:
    world = World()
    stored = world.furnish()
    world.keeping.write_hold(Hold(PAT, "person-1", "case", 1_999_900_000.0))
    told = office(world)[ERASE](call(), stored)
    assert told == Done({"since": Typed("date", "2033-05-16")}, variant="held")
    first = world.keeping.wanted[PAT]
    mark = marks.read(first)
    assert mark is not None and (mark.by, set(mark.links)) == (marks.CUSTOMER, set(stored.links))
    office(world)[ERASE](replace(call(), now=NOW + 9), stored)
    assert world.keeping.wanted[PAT] == first, "the first wish stands"

"""Each attack in one variation on one of its ways: nobody gets in. `make prove` makes all of them on all.

`python -m tests.spoofing` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.spoofing.listing import PLACES, attacks, controls, families, one_of_each, table, unattacked
from tests.spoofing.running import Stage, run, works

pytestmark = pytest.mark.xdist_group("attackers")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


def test_every_way_is_attacked_and_every_family_has_what_must_work() -> None:
    assert list(unattacked()) == []


def test_there_are_a_thousand_attempts_and_the_list_names_each_attack() -> None:
    assert sum(one.attempts for one in attacks()) >= 1_000
    listed = table()
    assert all(one.name in listed and one.tries in listed for one in attacks())


def test_the_quick_run_comes_by_every_way_and_every_family() -> None:
    tries = one_of_each()
    assert {one.way for one in tries} == PLACES
    assert {one.attack.family for one in tries} == set(families())
    assert [one.attack for one in tries] == [one for one in attacks() if not one.slow]


@pytest.mark.parametrize("family", families())
def test_what_is_done_rightly_works(stage: Stage, family: str) -> None:
    known = [one for one in controls() if one.family == family]
    # One way each, another for each family.
    ways = [(one, one.ways[families().index(family) % len(one.ways)]) for one in known]
    assert [(one.name, way) for one, way in ways if not works(stage, one, way)] == []


@pytest.mark.parametrize("family", families())
def test_nobody_gets_in(stage: Stage, family: str) -> None:
    tally = run(stage, [one for one in one_of_each() if one.attack.family == family])
    assert tally.attempts > 0
    assert tally.reasons == []
    assert tally.broken == []

"""A variation of each attack on each way: nobody gets in. `make prove` makes all; `python -m tests.spoofing` lists."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.spoofing.listing import attacks, controls, families, table, unattacked
from tests.spoofing.running import Stage, run, works

pytestmark = pytest.mark.xdist_group("spoofing")


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


@pytest.mark.parametrize("family", families())
def test_what_is_done_rightly_works(stage: Stage, family: str) -> None:
    failed = [
        (one.name, way) for one in controls() if one.family == family for way in one.ways if not works(stage, one, way)
    ]
    assert failed == []


@pytest.mark.parametrize("family", families())
def test_nobody_gets_in(stage: Stage, family: str) -> None:
    tally = run(stage, [one for one in attacks() if one.family == family and not one.slow], most=1)
    assert tally.attempts > 0
    assert tally.reasons == []
    assert tally.broken == []

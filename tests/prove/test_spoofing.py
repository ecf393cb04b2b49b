"""More than a thousand attempts to get in, over every way that exists: none does. The figures are printed."""

from __future__ import annotations

import pytest

from tests.spoofing.listing import attacks, every, families, unattacked
from tests.spoofing.running import Stage, run


def test_every_way_is_attacked_a_thousand_times_in_all() -> None:
    assert list(unattacked()) == []
    attempts = sum(one.attempts for one in attacks())
    print(f"{attempts} attempts by {len(attacks())} attacks of {len(families())} families: see each family's own line")
    assert attempts >= 1_000


@pytest.mark.parametrize("family", families())
def test_nobody_gets_in(family: str) -> None:
    listed = [one for one in attacks() if one.family == family]
    with Stage() as stage:
        tally = run(stage, every(listed))
    for one in listed:
        for way in one.ways:
            print(f"{one.name} on {way}: {tally.tried[one.name, way]} attempts, got in {tally.got_in[one.name, way]}")
    print(f"{family}: {tally.attempts} attempts, got in {sum(tally.got_in.values())} times")
    assert tally.attempts == sum(one.attempts for one in listed)
    assert tally.reasons == []
    assert tally.broken == []

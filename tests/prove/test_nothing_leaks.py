"""The whole hostile corpus by every mouth, and everything searched afterwards."""

from __future__ import annotations

import pytest

from tests.leakage.corpus import ALL, corpus
from tests.leakage.mouths import MOUTHS
from tests.leakage.search import search
from tests.spoofing.running import hurried


@pytest.mark.parametrize("mouth", tuple(MOUTHS))
def test_nothing_of_what_was_said_is_left_anywhere(mouth: str) -> None:
    said = corpus()
    with hurried() as world:
        done = search(world, said, [mouth])
    sizes = sum(done.places.values())
    print(
        f"{mouth}: {done.said} sayings of {len(ALL)} secrets, {len(done.places)} places, {sizes:,} characters searched"
    )
    assert done.found == []

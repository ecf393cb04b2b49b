"""A part of the hostile corpus by every mouth: nothing of it is found anywhere afterwards. All of it: `make prove`."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from rehearsal.world import World
from tests.leakage.corpus import ALL, corpus
from tests.leakage.mouths import MOUTHS
from tests.leakage.search import search
from tests.leaks import leaks
from tests.spoofing.running import hurried
from throughline.channels.capabilities import WAYS

pytestmark = pytest.mark.xdist_group("attackers")
CARD = ALL[0]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with hurried() as world:
        yield world


def test_every_way_has_a_mouth() -> None:
    assert {way for way, _ in MOUTHS.values()} >= set(WAYS), "give the new way a mouth in tests/leakage/mouths.py"


def test_nothing_of_what_was_said_is_left_anywhere(world: World) -> None:
    said = corpus()
    done = search(world, [said[0], said[len(said) // 5], *said[-40::13]])
    assert done.found == [], "\n".join(done.found)[:20000]
    assert len(done.places) >= 10


@pytest.mark.parametrize(
    "hidden",
    [
        json.dumps(json.dumps(json.dumps({"note": f"\u00e9 {CARD}"}))),
        quote(quote("4111 1111 1111 1111")),
        base64.urlsafe_b64encode(f"xy{json.dumps({'c': CARD})}".encode()).decode(),
        json.dumps({"a": "\\\\u0034111111111111111"}),
    ],
)
def test_the_search_sees_what_is_wrapped_more_than_once(hidden: str) -> None:
    assert leaks(hidden, [CARD])


def test_the_search_sees_a_leak_where_there_is_one(world: World) -> None:
    world.functions.logs.append(f"card {CARD}")
    try:
        assert any(found.startswith("logs") for found in search(world, [], []).found)
    finally:
        world.functions.logs.pop()

"""Secrets that are keyed in on the telephone are found nowhere afterwards. A thousand calls of it: `make prove`."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest

from rehearsal.caller import Caller
from rehearsal.people import Person
from rehearsal.world import World, running
from tests.leakage.difference import determined, left_by
from tests.leakage.everywhere import listen, places
from tests.leakage.payments import Finder, centre_places, left, pay
from throughline.turn import Assurance

pytestmark = pytest.mark.xdist_group("attackers")

CARDS = (("4111111111111111", "1230", "123"), ("5555555555554444", "1131", "987"))
BAD = (("4111111111111112", "1230", "123"), ("5555555555554443", "0934", "555"))
PINS = (("7306",), ("9041",))
WEAK = (("1111",), ("2222",))
WRONG = (("482913",), ("739102",))
PAYS = ("pay the electric bill by card", "eighty dollars", "yes")
CHANGES = ("change the pin of my debit card", "yes")
RUNS = (
    (PAYS, CARDS, Assurance.CLAIMED),
    (PAYS, BAD, Assurance.CLAIMED),
    (CHANGES, PINS, Assurance.VERIFIED),
    (CHANGES, WEAK, Assurance.VERIFIED),
    (("what's my checking balance",), WRONG, Assurance.CLAIMED),
)
"""What is said, what is keyed then in the one run and in the other, and how well the caller is known."""
NOT_COMPARED = frozenset({"contact records", "what the page shows"})
"""What holds ciphertext, which is another each time, and how long functions took."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as world:
        listen(world)
        assert world.line is not None
        world.line.patience.wait(True)
        yield world


def test_no_card_number_is_left_by_payments(world: World) -> None:
    paid = pay(world, 15, 3)
    everywhere = [*places(world), *centre_places(world)]
    assert left(everywhere, paid.secrets) == []
    assert {name for name, _ in everywhere} >= {"flow logs", "recordings", "contact attributes", "logs and metrics"}


@pytest.mark.parametrize(
    "hidden",
    [
        "4000-1234 5678 9017",
        base64.b64encode(b"card 4000123456789017").decode(),
        base64.b64encode(b"4000 1234 5678 9017").decode(),
        quote("4000 1234 5678 9017"),
        json.dumps({"heard": ["4000123456789017"]}),
        "7109876543210004",
    ],
)
def test_the_search_sees_a_number_that_is_there(hidden: str) -> None:
    assert Finder(f"before {hidden} after").finds("4000123456789017")


def _run(which: int) -> dict[str, str]:
    """All that a run leaves."""
    with determined() as world:
        world.accounts = None  # who signs up there is given an id by chance
        told = []
        for number, (words, keyed, assurance) in enumerate(RUNS):
            world.clock.pass_(120.0)
            person = replace(Person.called(f"keyed-{number}"), phone=f"+1{300 + number}5550101")
            caller = Caller(world, person, assurance)
            told += [caller.say(one).text for one in words]
            assert caller.asked is not None and caller.asked.encrypted, told[-1]
            told += [caller.key(one).text for one in keyed[which]]
            if world.records is not None:
                world.records.drain()
        kept = {name: text for name, text in centre_places(world) if name not in NOT_COMPARED}
        return {**left_by(world), **kept, "told": "\n".join(told)}


def test_calls_that_differ_only_in_what_is_keyed_leave_the_same_bytes() -> None:
    first, second = _run(0), _run(1)
    assert first.keys() == second.keys()
    differ = []
    for place, text in first.items():
        at = next((i for i, (a, b) in enumerate(zip(text, second[place], strict=False)) if a != b), -1)
        if text != second[place]:
            about = slice(max(0, at - 200), at + 80)
            differ.append(f"{place}: {text[about]!r} | {second[place][about]!r}")
    assert differ == [], "\n".join(differ)
    assert all(first[place] for place in ("flow logs", "recordings", "logs and metrics", "told"))

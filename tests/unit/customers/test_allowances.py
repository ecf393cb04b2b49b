"""The limits themselves: their numbers, and how they are asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.customers.codes_contract import CODE_KEYS, of
from tests.unit.customers.rig import NOW
from throughline.customers.allowances import (
    DAY,
    HOUR,
    Allowance,
    Crowd,
    GuessLimits,
    Limited,
    MemoryAllowances,
    PinLimits,
    ProtectLimits,
    SendLimits,
)
from throughline.customers.codes import DIGITS, TRIES


def test_a_day_of_guessing_at_one_customer_is_forty_eight_guesses() -> None:
    assert (SendLimits().customer_day + SendLimits().named_day) * TRIES == 48
    assert PinLimits().customer_hour == PinLimits().source_hour == TRIES
    assert ProtectLimits().customer_day == ProtectLimits().source_day == 3


def test_a_guess_anywhere_hits_on_average_once_in_three_years_and_one_by_guests_once_in_twenty_seven() -> None:
    limits = GuessLimits()
    everybody = sum(limits.of(crowd) for crowd in Crowd)
    assert everybody == 900
    assert 10**DIGITS / everybody / 365 > 3
    assert 10**DIGITS / limits.of(Crowd.GUESTS) / 365 > 27


def test_of_several_overall_ones_each_refuses() -> None:
    kept = MemoryAllowances(CODE_KEYS)
    limited, minute, day = Limited(kept), of(2, "anybody", "a"), of(3, "anybody", "b", DAY)
    assert [limited.exhausted((), (minute, day), NOW) for _ in range(3)] == ["", "", "a"]
    assert [limited.exhausted((), (minute, day), NOW + HOUR) for _ in range(2)] == ["", "b"]


def test_whose_it_is_shows_neither_printed_nor_kept() -> None:
    one = Allowance("send.destination", "+12025550143", 1, HOUR)
    assert "5550143" not in f"{one!r} {one.place(CODE_KEYS, NOW)}"


def test_somebody_whose_own_share_is_used_up_never_touches_the_overall_one() -> None:
    kept = MemoryAllowances(CODE_KEYS)
    limited, overall = Limited(kept), Allowance("send.overall", "anybody", 2, HOUR)
    assert [limited.exhausted((of(1),), (overall,), NOW) for _ in range(9)] == ["", *["send.customer"] * 8]
    assert limited.exhausted((of(1, "c-kim"),), (overall,), NOW) == ""
    assert limited.exhausted((of(1, "c-lou"),), (overall,), NOW) == "send.overall"


@given(st.lists(st.integers(0, 3 * HOUR), max_size=60), st.integers(1, 5))
def test_no_window_lets_more_pass_and_no_two_in_a_row_more_than_twice(times: list[int], most: int) -> None:
    kept = MemoryAllowances(CODE_KEYS)
    passed = [at for at in sorted(times) if kept.spend((of(most),), NOW + at) == ""]
    for at in passed:
        assert sum(at <= other < at + HOUR for other in passed) <= 2 * most

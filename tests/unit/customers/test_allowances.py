"""The limits themselves: their numbers, and how they are asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.customers.codes_contract import CODE_KEYS, of
from tests.unit.customers.contract import NOW
from throughline.customers.allowances import (
    HOUR,
    Allowance,
    Limited,
    MemoryAllowances,
    PinLimits,
    ProtectLimits,
    SendLimits,
)
from throughline.customers.codes import TRIES


def test_a_day_of_guessing_at_one_customer_is_forty_eight_guesses() -> None:
    assert (SendLimits().customer_day + SendLimits().named_day) * TRIES == 48
    assert PinLimits().customer_hour == PinLimits().source_hour == TRIES
    assert ProtectLimits().customer_day == ProtectLimits().source_day == 3


def test_whose_it_is_shows_neither_printed_nor_kept() -> None:
    one = Allowance("send.destination", "+12025550143", 1, HOUR)
    assert "5550143" not in f"{one!r} {one.place(CODE_KEYS, NOW)}"


def test_somebody_whose_own_share_is_used_up_never_touches_the_overall_one() -> None:
    kept = MemoryAllowances(CODE_KEYS)
    limited, overall = Limited(kept), Allowance("send.overall", "anybody", 2, HOUR)
    assert [limited.exhausted((of(1),), overall, NOW) for _ in range(9)] == ["", *["send.customer"] * 8]
    assert limited.exhausted((of(1, "c-kim"),), overall, NOW) == ""
    assert limited.exhausted((of(1, "c-lou"),), overall, NOW) == "send.overall"


@given(st.lists(st.integers(0, 3 * HOUR), max_size=60), st.integers(1, 5))
def test_no_window_lets_more_pass_and_no_two_in_a_row_more_than_twice(times: list[int], most: int) -> None:
    kept = MemoryAllowances(CODE_KEYS)
    passed = [at for at in sorted(times) if kept.spend((of(most),), NOW + at) == ""]
    for at in passed:
        assert sum(at <= other < at + HOUR for other in passed) <= 2 * most

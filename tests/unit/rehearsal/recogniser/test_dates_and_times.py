from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.recogniser.dates import date_at
from rehearsal.recogniser.times import duration_at, time_at
from rehearsal.recogniser.words import cut

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("today", "2026-11-22"),
        ("tomorrow", "2026-11-23"),
        ("yesterday", "2026-11-21"),
        ("the day after tomorrow", "2026-11-24"),
        ("friday", "2026-11-27"),
        ("next friday", "2026-11-27"),
        ("last friday", "2026-11-20"),
        ("friday next week", "2026-11-27"),
        ("the 3rd", "2026-12-03"),
        ("the twenty first", "2026-12-21"),
        ("december 5th", "2026-12-05"),
        ("5 december", "2026-12-05"),
        ("the fifth of june", "2027-06-05"),
        ("june 5th 2027", "2027-06-05"),
        ("monday the 30th of november", "2026-11-30"),
        ("in two weeks", "2026-12-06"),
        ("in a month", "2026-12-22"),
        ("three days ago", "2026-11-19"),
        ("a couple of days ago", "2026-11-20"),
        ("a week from tuesday", "2026-12-01"),
        ("2026-12-01", "2026-12-01"),
        ("12/5", "2026-12-05"),
        ("12/05/2027", "2027-12-05"),
        ("next week", "2026-W48"),
        ("this weekend", "2026-W47-WE"),
        ("next month", "2026-12"),
        ("last year", "2025"),
        ("december", "2026-12"),
    ],
)
def test_dates_are_read_relative_to_today(said: str, meant: str) -> None:
    words = cut(said).lower
    assert date_at(words, 0, SUNDAY) == (len(words), meant)


@pytest.mark.parametrize("said", ["february 30", "13/45", "may i pay", "the second one", "sat down", "2026-02-30"])
def test_words_and_impossible_days_are_no_dates(said: str) -> None:
    assert date_at(cut(said).lower, 0, SUNDAY) is None


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(["monday", "thursday", "sunday"]))
def test_a_plain_weekday_is_always_within_the_seven_days_to_come(today: date, weekday: str) -> None:
    found = date_at([weekday], 0, today)
    assert found is not None
    ahead = date.fromisoformat(found[1]) - today
    assert timedelta(1) <= ahead <= timedelta(7)
    assert date.fromisoformat(found[1]).strftime("%A").lower() == weekday


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 31))
def test_a_day_of_the_month_is_never_in_the_past(today: date, day: int) -> None:
    found = date_at(["the", f"{day}th"], 0, today)
    assert found is not None
    assert date.fromisoformat(found[1]) >= today
    assert date.fromisoformat(found[1]).day == day


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3 pm", "15:00"),
        ("3pm", "15:00"),
        ("half past ten", "10:30"),
        ("quarter to five", "16:45"),
        ("noon", "12:00"),
        ("15:30", "15:30"),
        ("ten thirty am", "10:30"),
        ("3 o'clock", "15:00"),
        ("ten in the morning", "10:00"),
        ("seven at night", "19:00"),
        ("5 p.m.", "17:00"),
    ],
)
def test_times_of_day_are_read(said: str, meant: str) -> None:
    words = cut(said).lower
    found = time_at(words, 0)
    assert found is not None
    assert (found[0], found[1][0]) == (len(words), meant)


def test_an_hour_without_its_half_of_the_day_keeps_both_readings() -> None:
    assert time_at(["at", "3"], 1) == (2, ("15:00", "03:00"))


def test_a_bare_number_is_no_time() -> None:
    assert time_at(["send", "50"], 1) is None
    assert time_at(["3"], 0) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("two weeks", "P2W"),
        ("an hour and ten minutes", "PT1H10M"),
        ("half an hour", "PT30M"),
        ("3 days", "P3D"),
    ],
)
def test_durations_are_read(said: str, meant: str) -> None:
    words = cut(said).lower
    assert duration_at(words, 0) == (len(words), meant)

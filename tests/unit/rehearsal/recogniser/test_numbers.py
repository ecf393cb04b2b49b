from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.recogniser.numbers import amount_at, digits_at, ordinal_at, plain
from rehearsal.recogniser.words import cut

ONES = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spoken(number: int) -> str:
    if number >= 1000:
        return f"{spoken(number // 1000)} thousand {spoken(number % 1000)}".strip()
    if number >= 100:
        rest = spoken(number % 100)
        return f"{ONES[number // 100]} hundred" + (f" and {rest}" if rest else "")
    return ONES[number] if number < 20 else f"{TENS[number // 10]} {ONES[number % 10]}".strip()


def amount(text: str) -> str | None:
    words = cut(text).lower
    found = amount_at(words, 0)
    if found is None or found[0] != len(words):
        return None
    return plain(found[1], found[2])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("fifty", "50"),
        ("two hundred and fifty", "250"),
        ("fifty five dollars and ten cents", "55.10"),
        ("fifty five dollars ten cents", "55.10"),
        ("a hundred", "100"),
        ("a grand", "1000"),
        ("2 grand", "2000"),
        ("3k", "3000"),
        ("1,250.00", "1250"),
        ("$1,250.75", "1250.75"),
        ("$40", "40"),
        ("forty bucks", "40"),
        ("ten cents", "0.10"),
        ("twenty five hundred", "2500"),
        ("five thousand two hundred", "5200"),
        ("two and a half", "2.5"),
        ("one point five", "1.5"),
    ],
)
def test_amounts_are_read_as_people_say_and_type_them(said: str, meant: str) -> None:
    assert amount(said) == meant


@given(st.integers(min_value=1, max_value=999_999))
def test_every_number_in_words_is_read_back(number: int) -> None:
    assert amount(spoken(number)) == str(number)
    assert amount(f"{number:,}") == str(number)
    assert amount(f"${number}") == str(number)


@pytest.mark.parametrize("said", ["checking", "and", "hundred", "the", "dollars"])
def test_words_that_are_no_numbers_are_left_alone(said: str) -> None:
    assert amount(said) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("four eight two one", "4821"),
        ("double four two one", "4421"),
        ("triple seven oh", "7770"),
        ("4 8 2 1", "4821"),
        ("forty eight twenty one", "4821"),
        ("oh five", "05"),
    ],
)
def test_digits_are_read_one_by_one_in_pairs_and_doubled(said: str, meant: str) -> None:
    words = cut(said).lower
    assert digits_at(words, 0) == (len(words), meant)


@pytest.mark.parametrize(("said", "meant"), [("second", 2), ("21st", 21), ("twenty first", 21), ("thirtieth", 30)])
def test_ordinals_are_read_in_words_and_figures(said: str, meant: int) -> None:
    words = cut(said).lower
    assert ordinal_at(words, 0) == (len(words), meant)


@pytest.mark.parametrize("said", ["minus five dollars", "-5", "$-5", "-$5", "\u22125"])
def test_a_sum_below_nothing_is_not_taken_for_one_above(said: str) -> None:
    found = amount_at(cut(said).lower, 0)
    assert found is not None and found[1] == -5

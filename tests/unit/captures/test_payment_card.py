"""What can be a card, keyed or typed: for any digits, and at any time."""

from __future__ import annotations

import copy
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.privacy.pans import luhn
from throughline.privacy.payment_card import MOST_YEARS, Flaw, PaymentCard, as_said, keyed_card, said_card

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
PAN = "4111111111111111"


def _completed(body: str) -> str:
    return next(number for digit in "0123456789" if luhn(number := body + digit))


NUMBERS = st.from_regex(re.compile(r"[1-9][0-9]{11,17}", re.ASCII), fullmatch=True).map(_completed)
MONTHS = st.integers(1, 12)
CODES = st.from_regex(re.compile(r"[0-9]{3,4}", re.ASCII), fullmatch=True)


@given(NUMBERS, MONTHS, st.integers(2027, 2026 + MOST_YEARS), CODES)
def test_a_good_card_is_read_the_same_from_keys_and_from_the_text_that_is_sealed(
    number: str, month: int, year: int, code: str
) -> None:
    expiry = f"{month:02d}{year % 100:02d}"
    card = keyed_card(number, expiry, code, NOW)
    assert card == PaymentCard(number, month, year, code)
    assert said_card(as_said(number, expiry, code), NOW) == card


@given(NUMBERS, st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: str, place: int, more: int) -> None:
    place %= len(number)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert keyed_card(wrong, "1230", "123", NOW) is Flaw.NUMBER


@given(st.text(max_size=40), st.text(max_size=8), st.text(max_size=8))
def test_anything_else_is_a_flaw_and_never_an_error(number: str, expiry: str, code: str) -> None:
    assert isinstance(keyed_card(number, expiry, code, NOW), Flaw | PaymentCard)
    assert isinstance(said_card(f"{number} {expiry} {code}", NOW), Flaw | PaymentCard)


@pytest.mark.parametrize("number", ["", "4111", "0" * 16, "41111111111111110000", PAN[:-1], "4111 1111 1111 1111"])
def test_what_no_issuer_gives_is_no_number(number: str) -> None:
    assert keyed_card(number, "1230", "123", NOW) is Flaw.NUMBER


@pytest.mark.parametrize(
    ("expiry", "flaw"),
    [
        ("1126", None),
        ("1026", Flaw.EXPIRED),
        ("1225", Flaw.EXPIRED),
        ("1246", None),
        ("0147", Flaw.EXPIRY),
        ("0030", Flaw.EXPIRY),
        ("1330", Flaw.EXPIRY),
        ("130", Flaw.EXPIRY),
        ("", Flaw.EXPIRY),
    ],
)
def test_a_card_is_good_to_the_end_of_its_month_and_for_twenty_years_at_most(expiry: str, flaw: Flaw | None) -> None:
    card = keyed_card(PAN, expiry, "123", NOW)
    assert card is flaw if flaw else isinstance(card, PaymentCard)


@pytest.mark.parametrize("code", ["", "12", "12345", "12a"])
def test_a_security_code_has_three_or_four_digits(code: str) -> None:
    assert keyed_card(PAN, "1230", code, NOW) is Flaw.CODE


@pytest.mark.parametrize(
    "typed",
    [
        "4111 1111 1111 1111, 12/30, 123",
        "4111-1111-1111-1111 12/2030 123",
        "my card is 4111111111111111 expiring 12.30 and the code is 123",
        "4111111111111111 12 30 123",
    ],
)
def test_people_type_a_card_in_many_ways(typed: str) -> None:
    assert said_card(typed, NOW) == PaymentCard(PAN, 12, 2030, "123")


def test_an_american_express_card_has_fifteen_digits_and_a_code_of_four() -> None:
    assert said_card("3782 822463 10005 12/30 1234", NOW) == PaymentCard("378282246310005", 12, 2030, "1234")


def test_a_card_is_shown_by_nothing() -> None:
    card = keyed_card(PAN, "1230", "123", NOW)
    assert "4111" not in f"{card!r}{card}{copy.copy(card)}{[card]}"

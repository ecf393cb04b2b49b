"""Orders, phones, dates, amounts and ordinary talk come through to the letter."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.privacy.secret_forms import with_check_digit
from throughline.privacy import mask

DIGITS = "0123456789"
PHONES = [
    "{a}-{b}-{c}",
    "({a}) {b}-{c}",
    "({a}){b}-{c}",
    "{a}.{b}.{c}",
    "{a} {b} {c}",
    "{a}{b}{c}",
    "{a}/{b}-{c}",
    "1-{a}-{b}-{c}",
    "1{a}{b}{c}",
    "+1{a}{b}{c}",
    "+1 {a} {b} {c}",
    "+1 ({a}) {b}-{c}",
    "+1.{a}.{b}.{c}",
    "{b}-{c}",
    "({a}) {b}-{c} ext. 123",
]
phones = st.builds(
    lambda form, area, line: form.format(a=area, b="555", c=f"01{line:02}"),
    st.sampled_from(PHONES),
    st.integers(201, 989),
    st.integers(0, 99),
)
dates = st.builds(
    lambda day, form: day.strftime(form),
    st.dates(dt.date(1930, 1, 1), dt.date(2090, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%B %d, %Y", "%d %b %Y", "%Y/%m/%d"]),
)
amounts = st.builds(
    lambda cents, form: form.format(cents / 100),
    st.integers(0, 99_999_999_999),
    st.sampled_from(["${:.2f}", "${:,.2f}", "{:,.2f}", "{:.2f} dollars", "€{:,.2f}", "USD {:,.2f}", "${:,.0f}"]),
)
times = st.builds(
    lambda moment, form: moment.strftime(form),
    st.times(),
    st.sampled_from(["%H:%M", "%H:%M:%S", "%I:%M %p", "%I%p"]),
)
stamps = st.builds(
    lambda moment, form: moment.strftime(form),
    st.builds(dt.datetime.combine, st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.times()),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M"]),
)
orders = st.from_regex(r"[A-Z]{2,4}-?[0-9]{4,9}|[A-Z][0-9]{3}-[A-Z]{2}[0-9]{4}|#[0-9]{4,9}", fullmatch=True).filter(
    lambda order: not order.startswith(("PIN", "SSN", "CVV", "CVC", "CSC", "OTP", "PWD"))
)
zips = st.from_regex(r"[0-9]{5}(-[0-9]{4})?", fullmatch=True)
accounts = st.text(DIGITS, min_size=4, max_size=12).filter(lambda digits: len(digits) != 9)
CARRIERS = [
    "{}",
    "call me about {} please",
    "it was {}.",
    "I was charged {}, why?",
    "is {} right",
    "order {}",
    "my card was used for {} and I want it back",
]


@pytest.mark.parametrize("carrier", CARRIERS)
@given(ordinary=st.one_of(phones, dates, amounts, times, stamps, orders, zips, accounts))
def test_what_is_not_secret_survives(carrier: str, ordinary: str) -> None:
    masked = mask(carrier.format(ordinary))
    assert masked.text == carrier.format(ordinary)
    assert masked.found == frozenset()
    assert masked.sealed is None


@given(phones, dates, amounts, times, orders, zips)
def test_many_ordinary_numbers_in_one_sentence_survive(
    phone: str, date: str, amount: str, time: str, order: str, code: str
) -> None:
    text = f"order {order} of {date} at {time} for {amount} went to {code}, so call {phone}"
    assert mask(text).text == text


@given(phones, phones, dates, st.sampled_from([", ", " and ", "; ", "\n", " or "]))
def test_phones_and_dates_in_a_row_survive(first: str, second: str, date: str, between: str) -> None:
    text = between.join([first, second, date])
    assert mask(text).text == text


@given(
    st.text(DIGITS, min_size=13, max_size=19).filter(lambda number: with_check_digit(number[:-1]) != number),
    st.sampled_from(["order number {}", "my order {} is late", "tracking {}", "invoice no {}", "the reference is {}."]),
)
def test_a_long_order_number_with_a_wrong_check_digit_survives(number: str, carrier: str) -> None:
    assert mask(carrier.format(number)).text == carrier.format(number)


@given(st.text(DIGITS, min_size=20, max_size=30), st.sampled_from(["tracking number {}", "where is package {}"]))
def test_a_tracking_number_longer_than_any_card_survives(number: str, carrier: str) -> None:
    text = carrier.format("9" + number)
    assert mask(text).text == text


@given(st.text(DIGITS, min_size=9, max_size=9), st.sampled_from(["routing number {}", "{}", "my account is {}"]))
def test_nine_bare_digits_survive_without_a_name(number: str, carrier: str) -> None:
    assert mask(carrier.format(number)).text == carrier.format(number)


@pytest.mark.parametrize(
    "text",
    [
        "I want to move fifty dollars to savings",
        "what is my balance",
        "one moment please, I have two or three questions",
        "oh no",
        "I forgot my password",
        "I forgot my pin, can you help",
        "how do I change my pin",
        "my password is not working",
        "what is my password",
        "is my password expired?",
        "the password for my account is not working",
        "my password reset is not working, can you help me",
        "I want to change the password for my account",
        "my pin is not working, call me at 202-555-0143",
        "my zip code is 12345",
        "the area code is 202",
        "promo code 12345",
        "my card ending in 4242",
        "the card that ends with 1111 was declined",
        "my ssn is on file. the routing number is 021000021",
        "my social security check of $1,250.00",
        "send 100, 25 and 5000",
        "a code was sent to 202-555-0143",
        "transfer one thousand two hundred fifty dollars and thirty cents",
        "account 123456789012",
        "1Z999AA10123456784",
        "550e8400-e29b-41d4-a716-446655440000",
        "at 10 on 2024-05-01 call 2025550143",
        "",
        " ",
        "👍",
        "[card number]",
        "\ud800 4",
    ],
)
def test_ordinary_talk_survives(text: str) -> None:
    assert mask(text).text == text
    assert mask(text).found == frozenset()

"""Card numbers, social security numbers, bank account numbers and named secrets never survive."""

import itertools
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.leaks import leaks
from tests.unit.privacy.secret_forms import (
    ANY,
    CARRIERS,
    SPOKEN,
    TYPED,
    Form,
    card_pairs,
    with_check_digit,
)
from throughline.privacy import mask
from throughline.privacy.ibans import valid

DIGITS = "0123456789"
DATE = re.compile(r"\d{1,4}[-./]\d{1,2}(?:[-./]\d{1,4})?\Z")


def _dates(text: str) -> bool:
    return all(map(DATE.match, re.split(r"[\s,]+", text)))


@given(card_pairs(), ANY, st.sampled_from(CARRIERS))
def test_a_card_number_in_any_form_leaves_the_carrier_and_nothing_of_itself(
    pair: tuple[str, str], form: Form, carrier: str
) -> None:
    for number in pair:
        # Digits that are scattered so as to be dates and nothing else are dates: "5-01 8-00 1-00".
        assume(not _dates(form(number)))
        masked = mask(carrier.format(form(number)))
        assert masked.text == carrier.format("[card number]")
        assert masked.found == {"card_number"}
        assert leaks(masked.text, [number]) == []
        assert masked.sealed is not None
        assert masked.sealed.reveal() == carrier.format(form(number))


@given(
    card_pairs(),
    card_pairs(),
    st.sampled_from([*itertools.product([" ", ", ", " and ", "\n", " / "], ["-", " ", ""]), ("", "")]),
)
def test_two_cards_in_a_row_both_go(first: tuple[str, str], second: tuple[str, str], signs: tuple[str, str]) -> None:
    between, inside = signs

    def write(number: str) -> str:
        return inside.join(number[at : at + 4] for at in range(0, len(number), 4))

    for one, two in zip(first, second, strict=True):
        masked = mask(f"try {write(one)}{between}{write(two)} now")
        assert not any(character.isdigit() for character in masked.text)


@given(
    card_pairs(),
    st.sampled_from(["1227", "12/27", "12/2027", " 12/27 123", ", 12/27, 123", " 123", "1227123"]),
)
def test_an_expiry_or_a_verification_value_behind_a_card_does_not_shield_it(pair: tuple[str, str], tail: str) -> None:
    texts = {mask(f"it is {number}{tail} ok").text for number in pair}
    assert texts == {"it is [card number] ok"}


@given(card_pairs(), st.text(DIGITS, min_size=1, max_size=9), st.text(DIGITS, min_size=1, max_size=9))
def test_a_card_inside_a_longer_run_of_digits_goes(pair: tuple[str, str], before: str, after: str) -> None:
    run = before + pair[0] + after
    if len(run) >= 20:
        assert mask(f"x {run} y").text == "x [card number] y"


@given(st.text(DIGITS, min_size=11, max_size=17), st.sampled_from(["0", "1", "7", "9"]))
def test_a_number_with_a_right_check_digit_and_no_issuer_goes_too(body: str, first: str) -> None:
    assert mask(f"use {with_check_digit(first + body)} now").text == "use [card number] now"


def test_a_mistyped_card_goes_where_it_is_called_a_card() -> None:
    assert mask("my card number is 4111 1111 1111 1112").text == "my card number is [card number]"
    assert mask("visa 4111111111111112").text == "visa [card number]"


SSN_FORMS = [
    "{}{}{}-{}{}-{}{}{}{}",
    "{}{}{} {}{} {}{}{}{}",
    "{}{}{}.{}{}.{}{}{}{}",
    "{}{}{}\u2013{}{}\u00a0{}{}{}{}",
    "{}{}{}\u200b-{}{}-\u200b{}{}{}{}",
    "{}{}{} - {}{} - {}{}{}{}",
]


@given(
    st.text(DIGITS, min_size=9, max_size=9),
    st.text(DIGITS, min_size=9, max_size=9),
    st.sampled_from(SSN_FORMS),
    st.sampled_from(["{}", "it is {}.", "born 01/02/1990, {} ok", "{} 01/02/1990", "order 12345 for {} and 25.00"]),
)
def test_a_social_security_number_in_three_two_four_goes(one: str, two: str, form: str, carrier: str) -> None:
    for number in (one, two):
        assert mask(carrier.format(form.format(*number))).text == carrier.format("[ssn]")


@given(
    st.text(DIGITS, min_size=9, max_size=9),
    TYPED | SPOKEN,
    st.sampled_from(["my ssn is {}", "social security number: {} ok", "{} is my social", "s. s. n. {}", "SSN {}"]),
)
def test_nine_digits_go_in_any_form_where_the_sentence_names_them(number: str, form: Form, carrier: str) -> None:
    masked = mask(carrier.format(form(number)))
    assert masked.text == carrier.format("[ssn]")
    assert masked.found == {"ssn"}


@given(st.text(DIGITS, min_size=9, max_size=9))
def test_a_spoken_number_in_three_two_four_goes_without_a_name(number: str) -> None:
    words = "zero one two three four five six seven eight nine".split()
    said = [words[int(digit)] for digit in number]
    text = f"{' '.join(said[:3])}, {' '.join(said[3:5])}, {' '.join(said[5:])}"
    assert mask(text).text == "[ssn]"
    assert mask(text.replace(",", " dash")).text == "[ssn]"


COUNTRIES = {
    "DE": "18n",
    "GB": "4a14n",
    "FR": "10n11c2n",
    "NO": "11n",
    "MT": "4a5n18c",
    "NL": "4a10n",
    "ES": "20n",
    "IT": "1a10n12c",
    "SA": "2n18c",
}


@st.composite
def bank_accounts(draw: st.DrawFn) -> str:
    """A bank account number with right check digits, worked out as ISO 7064 says."""
    country = draw(st.sampled_from(sorted(COUNTRIES)))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    alphabets = {"n": DIGITS, "a": letters, "c": DIGITS + letters}
    body, count = "", ""
    for character in COUNTRIES[country]:
        if character.isdigit():
            count += character
        else:
            body += draw(st.text(alphabets[character], min_size=int(count), max_size=int(count)))
            count = ""
    number = int("".join(str(int(character, 36)) for character in f"{body}{country}00"))
    return f"{country}{98 - number % 97:02}{body}"


@pytest.mark.parametrize("bank", ["NULL", "FOUR", "ZERO", "NINE", "FIVE"])
def test_a_bank_may_be_called_what_a_digit_is_called(bank: str) -> None:
    body = f"{bank}00012345678901"
    check = 98 - int("".join(str(int(character, 36)) for character in f"{body}GB00")) % 97
    for written in (f"GB{check:02}{body}", f"GB{check:02} {bank} 0001 2345 6789 01"):
        assert mask(f"to {written}").text == "to [iban]"


@given(
    bank_accounts(),
    st.sampled_from(["", " ", "-", "  ", "\u00a0", "\n", "\u200b", "."]),
    st.sampled_from([1, 2, 4, 5]),
    st.booleans(),
    st.sampled_from(["{}", "send it to {} please", "IBAN: {}.", "order 12345 to {}, 25.00"]),
)
def test_a_bank_account_number_goes_in_any_spacing_and_case(
    number: str, separator: str, size: int, lower: bool, carrier: str
) -> None:
    written = separator.join(number[at : at + size] for at in range(0, len(number), size))
    masked = mask(carrier.format(written.lower() if lower else written))
    assert masked.text == carrier.format("[iban]")
    assert valid(number.lower())


@pytest.mark.parametrize(
    ("carrier", "kind"),
    [
        ("my pin is {}", "pin"),
        ("PIN {}", "pin"),
        ("pin={}", "pin"),
        ("my PIN? {}.", "pin"),
        ("p. i. n. {}", "pin"),
        ("my pin's {}", "pin"),
        ("the pin for my debit card is {} ok", "pin"),
        ("{} is my pin", "pin"),
        ("set my pin to {}", "pin"),
        ("the code is {}", "code"),
        ("one-time code: {}", "code"),
        ("security code {}", "code"),
        ("passcode is {} thanks", "code"),
        ("the code you sent me is {}", "code"),
        ("I got the code, it's {}", "code"),
        ("otp {}", "code"),
        ("{} is the code", "code"),
        ("cvv {}", "cvv"),
        ("exp 12/27 cvv {}", "cvv"),
        ("c v v {}", "cvv"),
        ("my cvc is {}", "cvv"),
    ],
)
@given(
    first=st.text(DIGITS, min_size=3, max_size=8),
    second=st.text(DIGITS, min_size=3, max_size=8),
    form=TYPED | SPOKEN,
)
def test_a_named_secret_goes_in_any_form(carrier: str, kind: str, first: str, second: str, form: Form) -> None:
    for secret in (first, second):
        masked = mask(carrier.format(form(secret)))
        assert masked.text == carrier.format(f"[{kind}]")
        assert masked.found == {kind}


@pytest.mark.parametrize(
    "carrier",
    [
        "password {}",
        "my password is {}",
        "Password: {}",
        "pwd={}",
        "passphrase is {}",
        "change my password to {}",
        "the password for my account is {}",
        "the password that I use for online banking is: {}",
        "my password, it is {}",
        "my password's {}",
        "please use pass word: {}",
        "{} is my password",
    ],
)
@pytest.mark.parametrize(
    "secret", ["hunter2", "correct horse", "correct horse battery staple", "Tr0ub4dor&3", "пароль"]
)
def test_a_named_password_goes_whole(carrier: str, secret: str) -> None:
    assert mask(carrier.format(secret)).text == carrier.format("[password]")


def test_a_pin_glued_to_its_name_goes() -> None:
    assert mask("PIN4821").text == "PIN[pin]"
    assert mask("cvv234, cvv2: 123").text == "cvv[cvv], cvv2: [cvv]"


def test_a_code_with_letters_goes_where_it_is_named() -> None:
    assert mask("the code is G-482913").text == "the code is [code]"
    assert mask("code: x7k9q2 ok").text == "code: [code] ok"


def test_an_amount_behind_a_named_secret_stays() -> None:
    assert mask("my pin is 4821, 50 dollars to savings").text == "my pin is [pin], 50 dollars to savings"
    text = "my pin is 4821. Transfer $500 to Anna on 05/01/2024"
    assert mask(text).text == "my pin is [pin]. Transfer $500 to Anna on 05/01/2024"


def test_a_correction_goes_with_the_first_attempt() -> None:
    assert mask("change my pin from 1234 to 5678").text == "change my pin from [pin] to [pin]"
    assert mask("my pin is 4821 no wait 4822").text == "my pin is [pin] no wait [pin]"


def test_several_secrets_in_one_sentence_all_go() -> None:
    text = "card 4111 1111 1111 1111, cvv 123, pin 4821, ssn 123-45-6789, password hunter2"
    masked = mask(text)
    assert masked.text == "card [card number], cvv [cvv], pin [pin], ssn [ssn], password [password]"
    assert masked.found == {"card_number", "cvv", "pin", "ssn", "password"}


HOSTILE_WORDS = [
    *"4111 1111 411111 123 45 6789 one double oh forty , . - / and um pin is code password my ssn".split(),
    *"DE89 cvv cvv2 [pin] [card to not $ 4111111111111111 card order iban 202-555-0143 01/02/1990".split(),
    *["[card number]", "\n", "no 93", "p. i. n."],
]
HOSTILE = st.text(
    st.sampled_from([*"0123456789 -.,/\n:()[]$abdgenip", "\u200b", "４", "٤", "é"]), max_size=80
) | st.lists(
    st.sampled_from(HOSTILE_WORDS),
    max_size=40,
).map(" ".join)


@given(HOSTILE | st.text(max_size=60))
def test_masking_a_masked_text_changes_nothing(text: str) -> None:
    once = mask(text)
    twice = mask(once.text)
    assert twice.text == once.text
    assert twice.found == frozenset()
    assert twice.sealed is None
    assert (once.sealed is None) == (once.text == text)

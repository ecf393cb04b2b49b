"""The answer to a question that asked for a secret shows nothing of it, neither length nor spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.leaks import leaks
from tests.unit.privacy.secret_forms import ANY, Form
from throughline.privacy import KINDS, LABELS, mask_expected

NUMERIC = sorted(KINDS - {"password"})
CARRIERS = ["{}", "it's {}", "{} thanks", "sure, here you go: {}.", "I believe it is {} but check"]


@pytest.mark.parametrize("kind", NUMERIC)
@given(
    first=st.text("0123456789", min_size=3, max_size=19),
    second=st.text("0123456789", min_size=3, max_size=19),
    forms=st.tuples(ANY, ANY),
    carrier=st.sampled_from(CARRIERS),
)
def test_any_two_answers_leave_the_same_text(
    kind: str, first: str, second: str, forms: tuple[Form, Form], carrier: str
) -> None:
    one = mask_expected(carrier.format(forms[0](first)), kind)
    two = mask_expected(carrier.format(forms[1](second)), kind)
    assert one.text == two.text == carrier.format(LABELS[kind])
    assert one.found == two.found == {kind}
    assert leaks(one.text, [first, second]) == []


@pytest.mark.parametrize("part", ["4", "41", "4111", "4111 11", "four one", "double one", "11111111", "and then 1111"])
def test_a_card_number_split_over_turns_is_masked_part_by_part(part: str) -> None:
    masked = mask_expected(part, "card_number")
    assert not any(character.isdigit() for character in masked.text)
    assert "[card number]" in masked.text
    assert masked.sealed is not None
    assert masked.sealed.reveal() == part


@given(st.text(min_size=1).filter(str.strip))
def test_a_password_goes_whole(text: str) -> None:
    assert mask_expected(text, "password").text == "[password]"


@pytest.mark.parametrize("kind", NUMERIC)
@pytest.mark.parametrize("text", ["I don't know it", "help", "oh dear", "cancel", "", "no, wait"])
def test_an_answer_without_digits_is_kept(text: str, kind: str) -> None:
    masked = mask_expected(text, kind)
    assert masked.text == text
    assert masked.sealed is None


def test_words_heard_for_digits_go_beside_digits() -> None:
    assert mask_expected("for eight two won", "pin").text == "[pin]"


def test_a_code_with_letters_goes_whole() -> None:
    assert mask_expected("it's G-482913 ok", "code").text == "it's [code] ok"
    assert mask_expected("ab12cd", "code").text == "[code]"


def test_other_secrets_in_the_answer_go_too() -> None:
    masked = mask_expected("4821 and my password is correct horse", "pin")
    assert masked.text == "[pin] and my password is [password]"
    assert masked.found == {"pin", "password"}


@pytest.mark.parametrize("kind", NUMERIC)
@given(text=st.text(max_size=60))
def test_no_digit_of_any_script_is_left(kind: str, text: str) -> None:
    assert not any(character.isdecimal() for character in mask_expected(text, kind).text)


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"use one of .*pin"):
        mask_expected("4821", "shoe_size")

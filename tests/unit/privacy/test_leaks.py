"""The leak search finds a secret in every form it claims to know, and nothing else."""

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.leaks import leaks

CARD = "4111111111111111"


@pytest.mark.parametrize(
    ("haystack", "form"),
    [
        (f"card {CARD} kept", "plain"),
        ("4111 1111-1111.1111", "plain"),
        ("4111%201111%201111%201111", "percent-encoded"),
        (r"\u0034111 1111 1111 1111", "escaped"),
        ("４１１１ １１１１ １１１１ １１１１", "another script"),
        ("4\u200b1\u200b1\u200b1 1111 1111 1111", "another script"),
        (CARD[::-1], "reversed"),
        ("four " + "one " * 15, "spoken"),
        (CARD.encode().hex(), "hexadecimal"),
        (f"{int(CARD):X}", "hexadecimal"),
        (CARD.encode("utf-16-le"), "plain"),
    ],
)
def test_each_form_is_found_and_named(haystack: str | bytes, form: str) -> None:
    assert f"secret 0: {form}" in leaks(haystack, [CARD])


@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from([CARD, "482913", "4821", "hunter2"]))
def test_base64_is_found_at_every_alignment(before: bytes, after: bytes, secret: str) -> None:
    coded = base64.urlsafe_b64encode(before + secret.encode() + after)
    assert "secret 0: base64" in leaks(b'{"x":"' + coded + b'"}', [secret])


@given(st.sampled_from(["correct horse", "p&ss wörd", "a/b+c=d"]))
def test_a_percent_encoded_password_is_found(secret: str) -> None:
    assert "secret 0: percent-encoded" in leaks("?q=" + quote(secret), [secret])


def test_what_is_not_there_is_not_found() -> None:
    assert leaks("order 12345, [card number], call 202-555-0143", [CARD, "482913", "hunter2"]) == []


def test_a_finding_does_not_repeat_the_secret() -> None:
    assert all(CARD not in finding for finding in leaks(CARD, [CARD]))


def test_a_secret_too_short_to_look_for_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        leaks("anything", ["1"])

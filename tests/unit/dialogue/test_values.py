"""What was heard becomes one canonical value, or none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.dialogue.values import bound, canonical, complaint, fold, from_keys

from .library import INTENTS, TYPES, library

MODEL = library()
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC).timestamp()
KINDS = ["money", "number", "date", "time", "phone", "email", "name", "city", "text", "yes_no", *TYPES]


@pytest.mark.parametrize(
    ("kind", "heard", "value"),
    [
        ("money", "50", "50.00"),
        ("money", "$1,250.5", "1250.50"),
        ("money", "12.345", None),
        ("money", "a lot", None),
        ("money", "1e5", None),
        ("number", "3.0", "3"),
        ("number", "2.50", "2.5"),
        ("number", "\u0663", "3"),
        ("date", "2026-11-27", "2026-11-27"),
        ("date", "2026-02-30", None),
        ("date", "2026-W48-WE", None),
        ("date", "PRESENT_REF", None),
        ("time", "9:05", "09:05"),
        ("time", "24:00", None),
        ("time", "MO", None),
        ("pin_digits", "48 21", "4821"),
        ("pin_digits", "48213", None),
        ("pin_digits", "4821a", None),
        ("phone", "(212) 555-0182", "2125550182"),
        ("phone", "+1 212 555 0182", "+12125550182"),
        ("phone", "911", None),
        ("email", "Ada@Example.com", "ada@example.com"),
        ("email", "ada at example", None),
        ("yes_no", "Yes.", "yes"),
        ("yes_no", "perhaps", None),
        ("item", "The Book", "book"),
        ("item", "books", "book"),
        ("item", "book", "book"),
        ("item", "boot", None),
        ("text", "  for the atlas ", "for the atlas"),
        ("text", "x" * 201, None),
        ("text", "   ", None),
    ],
)
def test_heard_values_are_taken_or_not(kind: str, heard: str, value: str | None) -> None:
    assert canonical(MODEL, "en_US", kind, heard) == value


@pytest.mark.parametrize(
    ("kind", "keys", "value"),
    [
        ("item", "2", "film"),
        ("item", "4", None),
        ("item", "0", None),
        ("money", "25*50", "25.50"),
        ("money", "25#", "25.00"),
        ("money", "*", None),
        ("number", "3", "3"),
        ("date", "11272026", "2026-11-27"),
        ("date", "1127", None),
        ("date", "13272026", None),
        ("time", "1430", "14:30"),
        ("pin_digits", "4821", "4821"),
        ("phone", "2125550182", "2125550182"),
        ("yes_no", "1", "yes"),
        ("yes_no", "3", None),
        ("text", "123", None),
    ],
)
def test_keys_are_values_where_they_can_be(kind: str, keys: str, value: str | None) -> None:
    assert from_keys(MODEL, kind, keys) == value


@given(st.sampled_from(KINDS), st.text(max_size=60))
def test_any_text_is_a_value_or_none_and_a_value_is_its_own(kind: str, heard: str) -> None:
    value = canonical(MODEL, "en_US", kind, heard)
    if value is not None:
        assert value and canonical(MODEL, "en_US", kind, value) == value


@given(st.sampled_from(KINDS), st.text(alphabet="0123456789*#", max_size=20))
def test_any_keys_are_a_value_or_none(kind: str, keys: str) -> None:
    value = from_keys(MODEL, kind, keys)
    assert value is None or canonical(MODEL, "en_US", kind, value) == value


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_bounds_are_taken_from_the_day() -> None:
    assert bound("today", NOW) == "2026-11-22"
    assert bound("+90d", NOW) == "2027-02-20"
    assert bound("now", NOW) == "15:30"
    assert bound("12.50", NOW) == "12.50"


def test_must_differ_is_seen_from_both_sides() -> None:
    intent = MODEL.intents["PayFee"]
    first = complaint(MODEL, intent, "target", "card", {"source": "card"}, NOW)
    second = complaint(MODEL, intent, "source", "card", {"target": "card"}, NOW)
    assert first is not None and first.bound == "source"
    assert second is not None and second.bound == "target"
    assert "PayFee" in INTENTS

"""Lex's interpretations as readings, whether of a code hook's event or of RecognizeText's answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from throughline.channels.shapes import LONGEST, mapping, mappings, number, string
from throughline.privacy.masking import mask
from throughline.turn import Answer, Heard

_ANSWERS = {"Confirmed": Answer.CONFIRMED, "Denied": Answer.DENIED}
SENTIMENTS = frozenset({"POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED"})
"""What Amazon Comprehend tells Lex, if the bot's alias detects sentiment (botocore lexv2-runtime: SentimentType)."""
TELLING = 4
"""Digits in a row that may be a part of a secret: the last ones of a card or of a social security number."""
MOST = 5
"""Readings that Lex gives at most (botocore lexv2-runtime: interpretations)."""


def readings(interpretations: object, *, shown: str | None = None) -> tuple[Heard, ...]:
    """Readings, best first; what has not the expected shape is left out.

    `shown`: what is left of the words where something in them was masked. A recogniser takes a social security number
    for a phone number, and alone it looks like one: so a longer number that isn't among what is left is no value.
    """
    seen = None if shown is None else digits_of(shown)
    return tuple(heard for entry in mappings(interpretations)[:MOST] if (heard := _reading(entry, seen)) is not None)


def digits_of(text: str) -> str:
    """The digits in it, whatever stands between them."""
    return "".join(sign for sign in text if sign.isdecimal())


def _hidden(value: str, seen: str | None) -> bool:
    digits = digits_of(value)
    return seen is not None and len(digits) >= TELLING and digits not in seen


def _reading(entry: Mapping[str, Any], seen: str | None) -> Heard | None:
    intent = mapping(entry.get("intent"))
    name = string(intent.get("name"), 100)
    if not name:
        return None
    values = {
        string(slot): value
        for slot, filled in mapping(intent.get("slots")).items()
        if (value := _value(filled)) is not None and not _hidden(value, seen)
    }
    answer = _ANSWERS.get(string(intent.get("confirmationState")), Answer.NONE)
    return Heard(name, _confidence(entry.get("nluConfidence")), values, answer, _sentiment(entry))


def _confidence(value: object) -> float | None:
    """From a bare number or from an object with a score: Lex sends both."""
    found = number(value.get("score") if isinstance(value, dict) else value)
    return found if found is not None and 0 <= found <= 1 else None


def _sentiment(entry: Mapping[str, Any]) -> str:
    """One of the four words, or none: whatever else a guest's client wrote there goes nowhere."""
    found = mapping(entry.get("sentimentResponse")).get("sentiment")
    return found if isinstance(found, str) and found in SENTIMENTS else ""


def _value(slot: object) -> str | None:
    """The interpreted value, masked; a list's first; of a composite, none: no slot of ours has parts."""
    if not isinstance(slot, dict):
        return None
    listed = slot.get("values")
    if isinstance(listed, list) and listed:
        slot = mapping(listed[0])
    value = mapping(slot.get("value"))
    said = (string(value.get(key)) for key in ("interpretedValue", "originalValue"))
    return next((mask(words).text[:LONGEST] for words in said if words.strip()), None)


def lex_slots(values: Mapping[str, str]) -> dict[str, Any]:
    """Canonical values as Lex's slots."""
    return {
        name: {"shape": "Scalar", "value": {"originalValue": v, "interpretedValue": v, "resolvedValues": [v]}}
        for name, v in values.items()
    }

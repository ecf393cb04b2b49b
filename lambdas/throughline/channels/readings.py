"""Lex's interpretations as readings, whether they came in a code hook's event or in RecognizeText's answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from throughline.privacy.masking import mask
from throughline.turn import Answer, Heard

_ANSWERS = {"Confirmed": Answer.CONFIRMED, "Denied": Answer.DENIED}
MOST = 5
"""Readings that Lex gives at most (botocore lexv2-runtime: interpretations)."""


def readings(interpretations: object) -> tuple[Heard, ...]:
    """Readings, best first; what has not the expected shape is left out."""
    found = interpretations if isinstance(interpretations, list) else []
    return tuple(heard for entry in found[:MOST] if (heard := _reading(entry)) is not None)


def _reading(entry: object) -> Heard | None:
    intent = entry.get("intent") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(intent, dict) or not isinstance(intent.get("name"), str):
        return None
    slots = intent.get("slots")
    values = {
        str(name): value
        for name, slot in (slots.items() if isinstance(slots, dict) else ())
        if (value := _value(slot)) is not None
    }
    state = intent.get("confirmationState")
    answer = _ANSWERS.get(state, Answer.NONE) if isinstance(state, str) else Answer.NONE
    return Heard(intent["name"], _confidence(entry.get("nluConfidence")), values, answer)


def _confidence(value: object) -> float | None:
    if isinstance(value, dict):
        value = value.get("score")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _value(slot: object) -> str | None:
    """The interpreted value, masked; a list's first."""
    if not isinstance(slot, dict):
        return None
    listed = slot.get("values")
    if isinstance(listed, list) and listed:
        return _value(listed[0])
    value = slot.get("value")
    if not isinstance(value, dict):
        return None
    return next(
        (
            mask(text).text
            for key in ("interpretedValue", "originalValue")
            if isinstance(text := value.get(key), str) and text.strip()
        ),
        None,
    )


def lex_slots(values: Mapping[str, str]) -> dict[str, Any]:
    """Canonical values as Lex's slots."""
    return {
        name: {"shape": "Scalar", "value": {"originalValue": v, "interpretedValue": v, "resolvedValues": [v]}}
        for name, v in values.items()
    }

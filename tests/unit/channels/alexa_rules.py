"""What Alexa accepts of a skill: the response's JSON reference and the certification requirements."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

LARGEST = 24_576
"""Bytes of a response in the stricter of the two published limits; the later one is 120 KB."""
LARGEST_OF_ALL = 122_880
SPEECH = 8_000


def check_alexa(response: Mapping[str, Any], *, largest: int = LARGEST_OF_ALL) -> None:
    """Fail unless Alexa would speak the response, and certification would let it pass."""
    written = json.dumps(response, ensure_ascii=False, allow_nan=False).encode("utf-8")
    assert len(written) <= largest
    assert response["version"] == "1.0"
    assert set(response) <= {"version", "sessionAttributes", "response", "userAgent"}
    body = response["response"]
    assert set(body) <= {
        "outputSpeech", "reprompt", "card", "directives", "shouldEndSession", "canFulfillIntent",
    }  # fmt: skip
    for spoken in (body.get("outputSpeech"), body.get("reprompt", {}).get("outputSpeech")):
        if spoken is not None:
            _check_speech(spoken)
    if "card" in body:
        _check_card(body["card"])
    if body.get("shouldEndSession", True):
        assert "reprompt" not in body and not body.get("directives")
    else:
        assert body["outputSpeech"] and body["reprompt"]["outputSpeech"]
    for directive in body.get("directives", ()):
        _check_directive(directive)
    if "canFulfillIntent" in body:
        assert body["canFulfillIntent"]["canFulfill"] in ("YES", "NO", "MAYBE")
        assert "outputSpeech" not in body


def _check_speech(spoken: Mapping[str, Any]) -> None:
    assert spoken["type"] == "SSML"
    assert len(spoken["ssml"].encode("utf-16-le")) // 2 < SPEECH
    assert ET.fromstring(spoken["ssml"]).tag == "speak"
    assert said(spoken)


def said(spoken: Mapping[str, Any]) -> str:
    """The words of an outputSpeech, without tags."""
    return "".join(ET.fromstring(spoken["ssml"]).itertext()).strip()


def _check_card(card: Mapping[str, Any]) -> None:
    if card["type"] == "LinkAccount":
        assert set(card) == {"type"}
        return
    assert card["type"] == "Simple"
    assert set(card) == {"type", "title", "content"}
    assert card["title"].strip() and card["content"].strip()
    assert len((card["title"] + card["content"]).encode("utf-16-le")) // 2 <= SPEECH


def _check_directive(directive: Mapping[str, Any]) -> None:
    intent = directive["updatedIntent"]
    assert intent["name"] and not intent["name"].startswith("AMAZON.")
    for name, slot in intent["slots"].items():
        assert slot["name"] == name
        assert slot["confirmationStatus"] == "NONE"
        assert "value" not in slot or slot["value"]
    if directive["type"] == "Dialog.ElicitSlot":
        assert directive["slotToElicit"] in intent["slots"]
    else:
        assert directive["type"] == "Dialog.ConfirmIntent"
        assert "slotToElicit" not in directive

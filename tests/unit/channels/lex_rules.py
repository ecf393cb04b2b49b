"""What Lex V2 accepts of a code hook: botocore's runtime shapes, and the developer guide's further rules."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.model import Shape
from botocore.session import get_session

LARGEST = 25_000
"""Bytes of a response (developer guide, quotas)."""
ATTRIBUTES = 12_288
HANDED_BACK = {"sessionState", "messages", "requestAttributes"}
ACTIONS = {"Close", "ConfirmIntent", "ElicitIntent", "ElicitSlot"}
"""Delegate would leave the decision to Lex."""


def check_lex(response: Mapping[str, Any]) -> None:
    """Fail unless Lex would take the response and do what it says."""
    written = json.dumps(response, ensure_ascii=False, allow_nan=False).encode("utf-8")
    assert len(written) <= LARGEST
    assert set(response) <= HANDED_BACK
    output = _runtime().operation_model("RecognizeText").output_shape
    assert output is not None
    members: Mapping[str, Shape] = output.members
    for name, part in response.items():
        _check(name, part, members[name])
    state = response["sessionState"]
    assert len(json.dumps(state.get("sessionAttributes", {})).encode()) <= ATTRIBUTES * 6
    action, intent, messages = state["dialogAction"], state.get("intent"), response.get("messages", [])
    assert action["type"] in ACTIONS
    if action["type"] == "ElicitSlot":
        assert action["slotToElicit"] and intent["name"]
    if action["type"] == "ConfirmIntent":
        assert intent["name"]
    if action["type"] in ("ElicitIntent", "ConfirmIntent"):
        assert messages
    if action["type"] == "Close":
        assert intent["state"] in ("Fulfilled", "Failed")
    for message in messages:
        _check_message(message)


def _check_message(message: Mapping[str, Any]) -> None:
    if message["contentType"] == "ImageResponseCard":
        assert "content" not in message
        return
    assert "imageResponseCard" not in message
    assert message["content"].strip()
    assert len(message["content"].encode("utf-16-le")) // 2 <= 1024
    if message["contentType"] == "SSML":
        assert ET.fromstring(message["content"]).tag == "speak"
    else:
        assert message["contentType"] == "PlainText"
        assert not re.search(r"[<>]", message["content"])


def check_recognize_text(request: Mapping[str, Any]) -> None:
    """Fail unless Lex would take it as a RecognizeText request."""
    from botocore.validate import ParamValidator

    shape = _runtime().operation_model("RecognizeText").input_shape
    report = ParamValidator().validate(dict(request), shape)
    assert not report.has_errors(), report.generate_report()
    assert shape is not None
    members: Mapping[str, Shape] = shape.members
    for name, part in request.items():
        _check(name, part, members[name])


def _check(path: str, value: Any, shape: Any) -> None:
    """Types, required members, lengths, patterns and choices, which botocore itself checks only in part."""
    kind, rules = shape.type_name, shape.metadata
    if kind == "structure":
        assert isinstance(value, dict), path
        assert set(value) <= set(shape.members), f"{path}: {set(value) - set(shape.members)}"
        assert set(shape.required_members) <= set(value), path
        for name, part in value.items():
            if part is not None:
                _check(f"{path}.{name}", part, shape.members[name])
    elif kind == "list":
        assert isinstance(value, list), path
        _check_bounds(path, len(value), rules)
        for part in value:
            _check(f"{path}[]", part, shape.member)
    elif kind == "map":
        assert isinstance(value, dict), path
        _check_bounds(path, len(value), rules)
        for name, part in value.items():
            _check(f"{path} key", name, shape.key)
            if part is not None:
                _check(f"{path}.{name}", part, shape.value)
    elif kind == "string":
        assert isinstance(value, str), path
        _check_bounds(path, len(value), rules)
        assert not shape.enum or value in shape.enum, path
        assert "pattern" not in rules or re.search(rules["pattern"], value), path
    elif kind == "integer":
        assert isinstance(value, int) and not isinstance(value, bool), path
        _check_bounds(path, value, rules)


def _check_bounds(path: str, size: int, rules: Mapping[str, Any]) -> None:
    assert rules.get("min", 0) <= size <= rules.get("max", size), f"{path}: {size}"


@cache
def _runtime() -> Any:
    return get_session().get_service_model("lexv2-runtime")

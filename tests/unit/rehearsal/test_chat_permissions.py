"""What functions need for chats and for sealing tokens, and what AWS needs to tell them."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from rehearsal.filters import FilterError, matches
from rehearsal.permissions.calls import UnknownOperation, Wire, calls_of
from rehearsal.permissions.telling import publishing
from rehearsal.resources import arn

ROLE = "arn:aws:iam::123456789012:role/relay"
INSTANCE = arn("connect", "instance/i-1")
KEY, TOPIC = arn("kms", "key/k-1"), arn("sns", "chats")


def needs(service: str, method: str, path: str, body: Mapping[str, object], target: str = "") -> list[tuple[str, str]]:
    wire = Wire(service, method, path, target, json.dumps(body).encode())
    return [(call.action, call.resource) for call in calls_of(wire, ROLE, {}, {})]


def test_a_chat_is_begun_in_a_flow_of_an_instance() -> None:
    told = {"InstanceId": "i-1", "ContactFlowId": "f-1"}
    assert needs("connect", "PUT", "/contact/chat", told) == [
        ("connect:StartChatContact", f"{INSTANCE}/contact-flow/f-1")
    ]


def test_streaming_is_of_the_instance_and_stopping_of_the_contact() -> None:
    told = {"InstanceId": "i-1", "ContactId": "c-1"}
    assert needs("connect", "POST", "/contact/start-streaming", told) == [("connect:StartContactStreaming", INSTANCE)]
    assert needs("connect", "POST", "/contact/stop", told) == [("connect:StopContact", f"{INSTANCE}/contact/c-1")]


@pytest.mark.parametrize("operation", ["Encrypt", "Decrypt"])
def test_a_token_is_sealed_under_a_key_with_its_context(operation: str) -> None:
    body = {"KeyId": KEY, "EncryptionContext": {"relay": "r-1"}}
    wire = Wire("kms", "POST", "/", f"TrentService.{operation}", json.dumps(body).encode())
    (call,) = calls_of(wire, ROLE, {}, {})
    assert (call.action, call.resource) == (f"kms:{operation}", KEY)
    assert ("kms:encryptioncontext:relay", "r-1") in call.context


def test_a_key_that_is_not_named_by_its_arn_is_refused() -> None:
    with pytest.raises(UnknownOperation):
        needs("kms", "POST", "/", {"CiphertextBlob": "x"}, "TrentService.Decrypt")


def test_publishing_to_an_encrypted_topic_needs_its_key() -> None:
    calls = publishing(TOPIC, INSTANCE, {TOPIC: KEY})
    assert [(it.who, it.action, it.resource) for it in calls] == [
        ("connect.amazonaws.com", "sns:Publish", TOPIC), ("connect.amazonaws.com", "kms:Decrypt", KEY),
        ("connect.amazonaws.com", "kms:GenerateDataKey", KEY),
    ]  # fmt: skip
    assert all(("aws:sourcearn", INSTANCE) in it.context for it in calls)


def test_of_an_or_one_pattern_must_match_and_everything_beside_it() -> None:
    pattern = json.dumps({"kind": ["a"], "$or": [{"x": [{"exists": True}]}, {"y": ["1"]}]})
    assert matches({"kind": "a", "x": "0"}, (pattern,)) and matches({"kind": "a", "y": "1"}, (pattern,))
    assert not matches({"kind": "a"}, (pattern,)) and not matches({"kind": "b", "x": "0"}, (pattern,))
    with pytest.raises(FilterError):
        matches({"kind": "a"}, (json.dumps({"kind": [{"cidr": "10.0.0.0/8"}]}),))

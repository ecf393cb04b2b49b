"""The relay's function, as Lambda imports it: who may tell it what, in which order it follows, and what it logs."""

from __future__ import annotations

import importlib
import io
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.unit.customers.tables import create_table
from tests.unit.handlers.counter import KEYS
from throughline.errors import StoreUnavailable
from throughline.records.following import ConversationChanged
from throughline.relay.chat import Kind, Message

REGION = "eu-west-1"
INSTANCE = "arn:aws:connect:eu-west-1:123456789012:instance/11111111-2222-3333-4444-555555555555"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:chats"
CONTACT = "7f3b1f2e-6d0c-4a53-9f0e-5b1d2c3a4e5f"
PAN = "4111111111111111"


class Relaying:
    """Notes what it is asked, and fails for whomever it is told to."""

    def __init__(self) -> None:
        self.followed: list[tuple[str, float]] = []
        self.heard_of: list[tuple[str, Message]] = []
        self.ends: list[str] = []
        self.fails: set[str] = set()

    def follow(self, change: ConversationChanged) -> str:
        if change.customer in self.fails:
            raise StoreUnavailable(f"not now, {PAN}")
        self.followed.append((change.customer, change.at))
        return "said"

    def heard(self, contact: str, message: Message) -> str:
        if contact in self.fails:
            raise StoreUnavailable("not now")
        self.heard_of.append((contact, message))
        return "told"

    def ended(self, contact: str) -> str:
        if contact in self.fails:
            raise StoreUnavailable("not now")
        self.ends.append(contact)
        return "ended"


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch, model_file: Path) -> Iterator[tuple[ModuleType, Relaying, io.StringIO]]:
    with mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        create_table(boto3.client("dynamodb", region_name=REGION), "customers")
        secrets: Any = boto3.client("secretsmanager", region_name=REGION)
        given = {
            "TABLE": "customers", "KEYS": secrets.create_secret(Name="keys", SecretString=KEYS)["ARN"],
            "TOKENS_KEY": "arn:aws:kms:eu-west-1:123456789012:key/k", "INSTANCE": INSTANCE,
            "FLOW": f"{INSTANCE}/contact-flow/f", "TOPIC": TOPIC, "SMS_FROM": "pool-1",
        }  # fmt: skip
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        for name in ("relay", "relay_wiring", "telemetry", "settings"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.delitem(logging.Logger.manager.loggerDict, "throughline", raising=False)
        monkeypatch.setattr(importlib.import_module("relay_wiring"), "MODEL", model_file)
        module, relaying, lines = importlib.import_module("relay"), Relaying(), io.StringIO()
        monkeypatch.setattr(module, "PARTS", replace(module.PARTS, relaying=relaying))
        for handler in logging.getLogger("throughline").handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(lines)
        yield module, relaying, lines


def record(customer: str, sequence: str) -> dict[str, Any]:
    return {
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": {"pk": {"S": f"C#{customer}"}, "sk": {"S": "conversation"}},
            "SequenceNumber": sequence,
            "ApproximateCreationDateTime": float(sequence),
        },
    }


def notice(*, topic: str = TOPIC, **told: object) -> dict[str, Any]:
    message = {
        "AbsoluteTime": "2026-11-23T10:00:00.000Z", "Content": f"is it {PAN}?", "ContentType": "text/plain", "Id": "m1",
        "Type": "MESSAGE", "ParticipantRole": "AGENT", "InitialContactId": CONTACT, "ContactId": CONTACT, **told,
    }  # fmt: skip
    sns = {"TopicArn": topic, "Message": json.dumps(message), "MessageAttributes": {}}
    return {"Records": [{"EventSource": "aws:sns", "Sns": sns}]}


def end(**detail: object) -> dict[str, Any]:
    told = {"eventType": "DISCONNECTED", "channel": "CHAT", "instanceArn": INSTANCE, "contactId": CONTACT, **detail}
    return {"source": "aws.connect", "detail-type": "Amazon Connect Contact Event", "detail": told}


def test_after_a_failure_that_customer_waits_and_others_go_on(relay: Any) -> None:
    module, relaying, lines = relay
    relaying.fails = {"ann"}
    batch = [record("ann", "1"), record("ben", "2"), record("ann", "3"), record("cat", "4")]
    assert module.handler({"Records": batch}, None) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert [customer for customer, _ in relaying.followed] == ["ben", "cat"]
    assert "StoreUnavailable" in lines.getvalue() and PAN not in lines.getvalue()


def test_a_damaged_record_fails_by_itself(relay: Any) -> None:
    module, relaying, _ = relay
    damaged = {**record("ann", "1"), "dynamodb": {"SequenceNumber": "1"}}
    answer = module.handler({"Records": [damaged, record("ben", "2")]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert [customer for customer, _ in relaying.followed] == ["ben"]


def test_an_agents_words_arrive_masked(relay: Any) -> None:
    module, relaying, lines = relay
    module.handler(notice(), None)
    ((contact, message),) = relaying.heard_of
    assert contact == CONTACT and message.kind is Kind.WORDS
    assert PAN not in message.text and PAN not in lines.getvalue()


@pytest.mark.parametrize(
    "event",
    [
        notice(topic="arn:aws:sns:eu-west-1:999999999999:chats"),
        notice(topic=""),
        notice(Id=None),
        notice(InitialContactId=None, ContactId=None),
        {"Records": [{"EventSource": "aws:sns", "Sns": {"TopicArn": TOPIC, "Message": f"no json {PAN}"}}]},
        {"Records": [{}]},
        {"Records": []},
        {"source": "somebody.else", "detail": {}},
        {},
        end(instanceArn="arn:aws:connect:eu-west-1:999999999999:instance/x"),
        end(channel="VOICE"),
        end(eventType="QUEUED"),
        end(contactId=None),
    ],
)
def test_what_is_not_from_our_chats_changes_nothing_and_is_not_tried_again(relay: Any, event: dict[str, Any]) -> None:
    module, relaying, lines = relay
    module.handler(event, None)
    assert (relaying.heard_of, relaying.ends, relaying.followed) == ([], [], [])
    assert PAN not in lines.getvalue()


def test_the_end_of_a_chat_is_told_by_the_contact_that_it_began_with(relay: Any) -> None:
    module, relaying, _ = relay
    module.handler(end(), None)
    module.handler(end(contactId="a-later-one", initialContactId=CONTACT), None)
    assert relaying.ends == [CONTACT, CONTACT]


@pytest.mark.parametrize("event", [notice(), end()])
def test_what_could_not_be_done_is_raised_so_that_it_is_tried_again(relay: Any, event: dict[str, Any]) -> None:
    module, relaying, lines = relay
    relaying.fails = {CONTACT}
    with pytest.raises(StoreUnavailable):
        module.handler(event, None)
    assert "StoreUnavailable" in lines.getvalue()

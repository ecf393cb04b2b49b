"""The functions that a contact flow invokes, as Lambda imports them: they always answer, and log no secret."""

from __future__ import annotations

import importlib
import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.unit.captures.test_connect_vault import encrypted, pair
from tests.unit.customers.tables import create_table
from tests.unit.handlers.counter import KEYS
from throughline.errors import StoreUnavailable

TABLE, AUDIT, LEDGER, REGION = "customers", "audit", "ledger", "eu-west-1"
CONTACT = "7f3b1f2e-6d0c-4a53-9f0e-5b1d2c3a4e5f"
PAN = "4111111111111111"
MODULES = ("contact_data", "secret_turn", "agent_screen", "disposition", "callback")


class Phone:
    """The five functions over tables in this process."""

    def __init__(self, patch: pytest.MonkeyPatch, model_file: Path) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        self.dynamodb: Any = boto3.client("dynamodb", region_name=REGION)
        for table in (TABLE, AUDIT):
            create_table(self.dynamodb, table)
        secrets: Any = boto3.client("secretsmanager", region_name=REGION)
        patch.setenv("TABLE", TABLE)
        patch.setenv("AUDIT", AUDIT)
        patch.setenv("KEYS", secrets.create_secret(Name="keys", SecretString=KEYS)["ARN"])
        patch.setenv("CAPTURE_KEY", secrets.create_secret(Name="capture", SecretString=pair(1)[0])["ARN"])
        for name in (*MODULES, "phone_wiring", "wiring", "telemetry", "settings", "bank_ledger"):
            patch.delitem(sys.modules, name, raising=False)
        patch.delitem(logging.Logger.manager.loggerDict, "throughline", raising=False)
        patch.setattr(importlib.import_module("wiring"), "MODEL", model_file)
        self.modules: dict[str, ModuleType] = {name: importlib.import_module(name) for name in MODULES}
        self.lines = io.StringIO()
        for handler in logging.getLogger("throughline").handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(self.lines)

    def __call__(self, module: str, parameters: dict[str, str] | None = None, **data: Any) -> dict[str, str]:
        contact = {
            "ContactId": CONTACT,
            "Channel": "VOICE",
            "LanguageCode": "en-US",
            "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+12125550101"},
        }
        return self.raw(module, {"Details": {"Parameters": parameters or {}, "ContactData": contact | data}})

    def raw(self, module: str, event: object) -> dict[str, str]:
        answer: dict[str, str] = self.modules[module].handler(event, None)
        assert all(isinstance(value, str) for value in answer.values())
        assert len(json.dumps(answer).encode()) <= 32 * 1024
        return answer

    def left(self) -> str:
        found = [self.dynamodb.scan(TableName=table)["Items"] for table in (TABLE, AUDIT)]
        return json.dumps(found) + self.lines.getvalue()


@pytest.fixture(scope="module")
def opened(model_file: Path) -> Iterator[Phone]:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        yield Phone(patch, model_file)


@pytest.fixture
def phone(opened: Phone) -> Phone:
    return opened


def test_a_call_goes_through_all_of_them(phone: Phone) -> None:
    data = phone("contact_data")
    assert data["pointer"] and data == phone("contact_data")
    given = {"pointer": data["pointer"], "agent": "agent-7"}
    seen = phone("agent_screen", given)
    assert seen["found"] == "true" and seen["assurance"] == "anonymous"
    assert phone("disposition", {**given, "code": "resolved"})["kept"] == "true"
    assert phone("callback", given) == {"number": "+12125550101", "promised": "true"}
    assert "agent-7" in phone.left()


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("event", [None, [], {}, {"Details": 5}, {"Details": {"ContactData": {"ContactId": 5}}}])
def test_what_is_no_event_gets_a_polite_answer(phone: Phone, module: str, event: object) -> None:
    assert phone.raw(module, event)


@pytest.mark.parametrize("module", MODULES)
def test_a_fault_of_ours_is_logged_by_its_kind_and_answered(
    phone: Phone, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StoreUnavailable(f"away with {PAN}")

    where = phone.modules[module]
    keys = where.KEYS if module == "secret_turn" else where.PARTS.keys
    monkeypatch.setattr(type(keys), "pointer_keys", lambda self: broken())
    given = {"pointer": "p", "agent": "agent-7", "code": "resolved", "kind": "pin"}
    answer = phone(module, given)
    expected = {
        "contact_data": ("pointer", ""),
        "secret_turn": ("next", "handover:failed"),
        "agent_screen": ("found", "false"),
        "disposition": ("kept", "false"),
        "callback": ("promised", "false"),
    }[module]
    assert answer[expected[0]] == expected[1]
    assert "StoreUnavailable" in phone.lines.getvalue() and PAN not in phone.lines.getvalue()


def test_a_capture_is_opened_and_nothing_of_it_is_left(phone: Phone) -> None:
    pointer = phone("contact_data")["pointer"]
    given = {"kind": "pin", "pointer": pointer, "question": "q1:pin", "value": encrypted("739184")}
    answer = phone("secret_turn", given)
    assert answer["say"].startswith("<speak>") and answer["pointer"] == pointer
    assert phone("secret_turn", given) == answer
    assert "739184" not in phone.left()


def test_keys_in_the_clear_bring_a_person_and_leave_nothing(phone: Phone) -> None:
    given = {"kind": "card", "pointer": "p", "question": "q1:card_number", "value": PAN, "expiry": "1230"}
    answer = phone("secret_turn", given)
    assert answer["next"] == "handover:failed" and answer["question"] == "q1:card_number"
    assert "NotOpened" in phone.lines.getvalue()
    assert PAN not in phone.left() and PAN not in json.dumps(answer)

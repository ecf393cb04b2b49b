"""The one path over DynamoDB as moto plays it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest
from moto import mock_aws

from tests.unit.customers.tables import Flaky, make_table
from tests.unit.path.caller import KEYS
from tests.unit.path.exchanges import Costs, PathContract, Rig
from throughline.customers.client import count_calls, dynamodb_client
from throughline.customers.dynamo import DynamoStore


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    with mock_aws():
        client = dynamodb_client("us-east-1")
        table = make_table(client)
        calls = count_calls(client)
        # moto keeps its tables in plain dictionaries: one request at a time.
        one_at_a_time = cast("Any", Flaky(client, turnstile=threading.Lock()))
        yield Rig(DynamoStore(one_at_a_time, table, KEYS), lambda: Costs(calls.reads, calls.writes))


class TestOverMoto(PathContract):
    """Every promise."""

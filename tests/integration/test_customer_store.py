"""The DynamoDB store keeps the contract on AWS's own DynamoDB Local, and costs what it should there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.customers.contract import StoreContract
from tests.unit.customers.failures import FailureContract
from tests.unit.customers.rig import KEYS, NOW, met
from tests.unit.customers.tables import TableRig, make_table
from throughline.customers.client import Calls, count_calls, dynamodb_client
from throughline.customers.dynamo import DynamoStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture(scope="module")
def counted_client(dynamodb_endpoint: str) -> tuple[DynamoDBClient, Calls]:
    client = dynamodb_client("eu-west-1", dynamodb_endpoint, connections=100, connect_seconds=60, read_seconds=60)
    return client, count_calls(client)


class TestDynamoStoreOnDynamoDbLocal(StoreContract, FailureContract):
    @pytest.fixture
    def rig(self, counted_client: tuple[DynamoDBClient, Calls]) -> TableRig:
        return TableRig(*counted_client)


def test_a_turn_of_four_kilobytes_costs_two_read_and_five_write_units(dynamodb_endpoint: str) -> None:
    client = dynamodb_client("eu-west-1", dynamodb_endpoint, connect_seconds=60, read_seconds=60)
    store = DynamoStore(client, make_table(client), KEYS)
    stored, pointer = met(store)
    state = json.dumps({"turns": "x" * 4000})
    stored = store.save(replace(stored, state=state), NOW)
    calls = count_calls(client, capacity=True)
    read = store.by_pointer(pointer, NOW)
    assert read is not None
    reading, calls.capacity = calls.capacity, 0.0
    store.save(replace(read, turn="{}"), NOW)
    assert (reading, calls.capacity) == (2.0, 5.0)

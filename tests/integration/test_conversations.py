"""The one path over AWS's real DynamoDB Local."""

from __future__ import annotations

import pytest

from tests.unit.customers.tables import make_table
from tests.unit.path.caller import KEYS
from tests.unit.path.exchanges import Costs, PathContract, Rig
from throughline.customers.client import count_calls, dynamodb_client
from throughline.customers.dynamo import DynamoStore


@pytest.fixture
def rig(dynamodb_endpoint: str) -> Rig:
    client = dynamodb_client("us-east-1", dynamodb_endpoint, connections=32, connect_seconds=10, read_seconds=20)
    calls = count_calls(client)
    return Rig(DynamoStore(client, make_table(client), KEYS), lambda: Costs(calls.reads, calls.writes))


class TestOverDynamoDBLocal(PathContract):
    """Every promise."""

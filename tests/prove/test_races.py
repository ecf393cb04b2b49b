"""Hundreds of parallel turns and double confirmations on AWS's real DynamoDB Local, again and again."""

from __future__ import annotations

import os

import pytest

from tests.unit.customers.tables import make_table
from tests.unit.path.caller import KEYS
from tests.unit.path.exchanges import Costs, PathContract, Rig
from throughline.customers.client import count_calls, dynamodb_client
from throughline.customers.dynamo import DynamoStore

ROUNDS = int(10 * float(os.environ.get("PROVE", "1")))


@pytest.fixture
def rig(dynamodb_endpoint: str) -> Rig:
    client = dynamodb_client("us-east-1", dynamodb_endpoint, connections=32, connect_seconds=10, read_seconds=20)
    calls = count_calls(client)
    return Rig(DynamoStore(client, make_table(client), KEYS), lambda: Costs(calls.reads, calls.writes))


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_hundred_parallel_turns(rig: Rig, round_: int) -> None:
    PathContract().test_a_hundred_parallel_turns_get_one_reply_each_and_none_is_lost(rig)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_eight_confirmations_at_once(rig: Rig, round_: int) -> None:
    PathContract().test_two_confirmations_at_once_move_money_once(rig)

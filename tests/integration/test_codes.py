"""Challenges and allowances in the table keep the contract on AWS's own DynamoDB Local, and cost what they should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.customers.codes_contract import (
    CODE,
    PAT,
    CodesContract,
    CodesFailureContract,
    TableCodesRig,
    of,
)
from tests.unit.customers.rig import NOW
from tests.unit.customers.tables import lost_answer, make_table
from throughline.customers.client import count_calls, dynamodb_client
from throughline.customers.codes import Purpose
from throughline.privacy.sealed import Sealed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture(scope="module")
def client(dynamodb_endpoint: str) -> DynamoDBClient:
    return dynamodb_client("eu-west-1", dynamodb_endpoint, connections=50, connect_seconds=60, read_seconds=60)


class TestCodesOnDynamoDbLocal(CodesContract, CodesFailureContract):
    @pytest.fixture
    def codes_rig(self, client: DynamoDBClient) -> TableCodesRig:
        return TableCodesRig(client, make_table(client))

    def test_a_transaction_whose_answer_was_lost_counts_once(self, codes_rig: TableCodesRig) -> None:
        kept = codes_rig.allowances()
        codes_rig.flaky.after.append(lost_answer())
        assert kept.spend((of(2), of(2, "p", "send.destination")), NOW) == ""
        assert kept.spend((of(2), of(2, "p", "send.destination")), NOW) == ""


def test_a_right_code_takes_two_writes_and_a_wrong_one_takes_one(dynamodb_endpoint: str) -> None:
    client = dynamodb_client("eu-west-1", dynamodb_endpoint, connect_seconds=60, read_seconds=60)
    codes = TableCodesRig(client, make_table(client)).codes()
    codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
    calls = count_calls(client)
    codes.check(PAT, Purpose.PROVE, "t1", Sealed("000000"), NOW)
    assert dict(calls.operations) == {"UpdateItem": 1}
    codes.check(PAT, Purpose.PROVE, "t2", Sealed(CODE), NOW)
    assert dict(calls.operations) == {"UpdateItem": 3}

"""The DynamoDB store keeps the contract on moto, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.unit.customers.contract import StoreContract
from tests.unit.customers.failures import FailureContract
from tests.unit.customers.tables import TableRig
from throughline.customers.client import Calls, count_calls, dynamodb_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture(scope="module")
def counted_client() -> Iterator[tuple[DynamoDBClient, Calls]]:
    with mock_aws():
        client = dynamodb_client("eu-west-1")
        yield client, count_calls(client)


class TestDynamoStoreOnMoto(StoreContract, FailureContract):
    @pytest.fixture
    def rig(self, counted_client: tuple[DynamoDBClient, Calls]) -> TableRig:
        # moto checks a condition and writes in two steps that another thread can come between.
        return TableRig(*counted_client, threadsafe=False)

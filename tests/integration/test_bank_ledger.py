"""The reference bank's ledger, on AWS's own DynamoDB Local."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.customers.ledger import LedgerContract, make_ledger_table
from throughline.customers.client import dynamodb_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture(scope="module")
def client(dynamodb_endpoint: str) -> DynamoDBClient:
    return dynamodb_client("eu-west-1", dynamodb_endpoint, connect_seconds=60, read_seconds=60)


class TestLedgerOnDynamoDbLocal(LedgerContract):
    @pytest.fixture
    def table(self, client: DynamoDBClient) -> str:
        return make_ledger_table(client)

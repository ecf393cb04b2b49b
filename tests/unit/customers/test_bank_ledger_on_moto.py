"""The reference bank's ledger, on moto."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.unit.customers.ledger import LedgerContract, make_ledger_table
from throughline.customers.client import dynamodb_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture(scope="module")
def client() -> Iterator[DynamoDBClient]:
    with mock_aws():
        yield dynamodb_client("eu-west-1")


class TestLedgerOnMoto(LedgerContract):
    @pytest.fixture
    def table(self, client: DynamoDBClient) -> str:
        return make_ledger_table(client)

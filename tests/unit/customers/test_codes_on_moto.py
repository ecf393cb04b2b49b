"""Challenges and allowances in the table keep the contract on moto, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.unit.customers.codes_contract import CodesContract, CodesFailureContract, TableCodesRig
from tests.unit.customers.tables import make_table
from throughline.customers.client import dynamodb_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture(scope="module")
def client() -> Iterator[DynamoDBClient]:
    with mock_aws():
        yield dynamodb_client("eu-west-1")


class TestCodesOnMoto(CodesContract, CodesFailureContract):
    @pytest.fixture
    def codes_rig(self, client: DynamoDBClient) -> TableCodesRig:
        # moto checks a condition and writes in two steps that another thread can come between.
        return TableCodesRig(client, make_table(client), threadsafe=False)

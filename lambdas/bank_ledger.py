"""The reference bank's books, kept in a small DynamoDB table of their own: one document a customer.

Stands in for a real core-banking system. The document is the fake bank's own JSON; this module only
keeps it, and never lets one writer overwrite another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from throughline.customers.dynamo_calls import Item, Refused, tried
from throughline.customers.rules import new_nonce
from throughline.errors import StoreError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutItemInputTypeDef


class DynamoLedger:
    """Compare-and-set over a table with the partition key `pk`."""

    def __init__(self, client: DynamoDBClient, table: str, nonces: Callable[[], str] = new_nonce) -> None:
        """`client` from `throughline.customers.client.dynamodb_client()`; `nonces` names each write."""
        self._client = client
        self._table = table
        self._nonces = nonces

    def read(self, customer: str) -> tuple[str, int] | None:
        """The customer's document and its version (1 or more); None if there is none.

        Raises StoreError, StoreUnavailable.
        """
        got = tried(
            lambda: self._client.get_item(TableName=self._table, Key={"pk": {"S": customer}}, ConsistentRead=True)
        )
        item = got.get("Item")
        if item is None:
            return None
        try:
            return item["document"]["S"], int(item["version"]["N"])
        except (KeyError, ValueError):
            raise StoreError("a ledger item is not of this schema: who else writes the table?") from None

    def write(self, customer: str, document: str, expected_version: int) -> bool:
        """Write version `expected_version + 1` over `expected_version` (0: none yet); False if it isn't that.

        A write whose answer was lost is recognised by its nonce when it is tried again.
        Raises StoreError, StoreUnavailable.
        """
        condition = "version = :expected" if expected_version else "attribute_not_exists(pk)"
        item: Item = {
            "pk": {"S": customer},
            "document": {"S": document},
            "version": {"N": str(expected_version + 1)},
            "nonce": {"S": self._nonces()},
        }
        request: PutItemInputTypeDef = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": condition,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if expected_version:
            request["ExpressionAttributeValues"] = {":expected": {"N": str(expected_version)}}
        try:
            tried(lambda: self._client.put_item(**request))
        except Refused as refused:
            _, there = refused.found[0]
            return there is not None and there.get("nonce") == item["nonce"]
        return True

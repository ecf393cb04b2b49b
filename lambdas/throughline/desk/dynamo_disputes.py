"""Conflicts in the customers' table, for the desk: noted as any other (`customers.dynamo_conflicts`), and read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from throughline.customers.conflicts import Dispute
from throughline.customers.dynamo_calls import Item, tried
from throughline.customers.dynamo_conflicts import CONFLICT, OPEN, DynamoConflicts
from throughline.customers.table import CUSTOMER_PREFIX
from throughline.desk.disputes import Between, Open, newest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class DynamoDisputes:
    """Conflicts in the table of that name."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        """`client` from `client.dynamodb_client()`."""
        self._noting = DynamoConflicts(client, table)
        self._client = client
        self._table = table

    def note(self, dispute: Dispute) -> None:
        """See `Conflicts.note`."""
        self._noting.note(dispute)

    def of(self, customer: str, now: float) -> tuple[Open, ...]:
        """See `Disputes.of`. One query, of a partition that holds some few items."""
        items = self._items(f"{CUSTOMER_PREFIX}{customer}", now)
        return tuple(Open(_id(item), item["other"]["S"], float(item["at"]["N"])) for item in items)

    def open(self, now: float) -> tuple[Between, ...]:
        """See `Disputes.open`. A query of one partition, which holds the open ones and nothing else."""
        return newest(
            Between(_id(item), (item["customer"]["S"], item["other"]["S"]), float(item["at"]["N"]))
            for item in self._items(OPEN, now)
        )

    def _items(self, partition: str, now: float) -> Iterator[Item]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :conflict)",
            "ExpressionAttributeValues": {":pk": {"S": partition}, ":conflict": {"S": CONFLICT}},
            "ConsistentRead": True,
        }
        while True:
            page = tried(lambda: self._client.query(**request))
            yield from (item for item in page["Items"] if float(item["expires"]["N"]) > now)
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _id(item: Item) -> str:
    return item["sk"]["S"].partition("#")[2]

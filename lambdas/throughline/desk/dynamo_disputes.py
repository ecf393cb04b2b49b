"""Conflicts in the customers' table, for the desk: noted as any other (`customers.dynamo_conflicts`), and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from throughline.customers.conflicts import Dispute
from throughline.customers.dynamo_calls import tried
from throughline.customers.dynamo_conflicts import DynamoConflicts
from throughline.customers.table import CUSTOMER_PREFIX
from throughline.desk.disputes import Open

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
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :conflict)",
            "ExpressionAttributeValues": {
                ":pk": {"S": f"{CUSTOMER_PREFIX}{customer}"},
                ":conflict": {"S": "conflict#"},
            },
            "ConsistentRead": True,
        }
        found: list[Open] = []
        while True:
            page = tried(lambda: self._client.query(**request))
            for item in page["Items"]:
                if float(item["expires"]["N"]) > now:
                    id = item["sk"]["S"].partition("#")[2]
                    found.append(Open(id, item["other"]["S"], float(item["at"]["N"])))
            if "LastEvaluatedKey" not in page:
                return tuple(found)
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

"""Conflicts in the customers' table: one item in the partition of each of the two.

| item     | pk           | sk              | attributes                                |
|----------|--------------|-----------------|-------------------------------------------|
| conflict | `C#customer` | `conflict#<id>` | other S, address S, at N, asked S, expires N |

`asked`: "here" where the address was wanted, "there" where it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from throughline.customers.conflicts import KEPT_SECONDS, Dispute
from throughline.customers.dynamo_calls import tried
from throughline.customers.table import CUSTOMER_PREFIX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class DynamoConflicts:
    """Notes conflicts in the table of that name."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        """`client` from `client.dynamodb_client()`."""
        self._client = client
        self._table = table

    def note(self, dispute: Dispute) -> None:
        """See `Conflicts.note`. One transaction; a further try only moves its time."""
        both = ((dispute.customer, dispute.other, "here"), (dispute.other, dispute.customer, "there"))
        puts: list[Any] = [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": {
                        "pk": {"S": f"{CUSTOMER_PREFIX}{customer}"},
                        "sk": {"S": f"conflict#{dispute.id}"},
                        "other": {"S": other},
                        "address": {"S": dispute.address},
                        "at": {"N": repr(dispute.at)},
                        "asked": {"S": asked},
                        "expires": {"N": str(int(dispute.at) + KEPT_SECONDS)},
                    },
                }
            }
            for customer, other, asked in both
        ]
        tried(lambda: self._client.transact_write_items(TransactItems=puts))

"""Conflicts in the customers' table: one item in the partition of each of the two, and one among all that are open.

| item     | pk           | sk              | attributes                                   |
|----------|--------------|-----------------|----------------------------------------------|
| conflict | `C#customer` | `conflict#<id>` | other S, address S, at N, asked S, expires N |
| open     | `K#open`     | `conflict#<id>` | customer S, other S, at N, expires N         |

`asked`: "here" where the address was wanted, "there" where it is. The open ones are one partition, so that who looks
after them reads it and no customer's; there are few, since a person closes each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from throughline.customers.conflicts import KEPT_SECONDS, Dispute
from throughline.customers.dynamo_calls import tried
from throughline.customers.table import CUSTOMER_PREFIX, OPEN_CONFLICTS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


CONFLICT: Final = "conflict#"
OPEN: Final = OPEN_CONFLICTS
"""The partition of all open conflicts."""


class DynamoConflicts:
    """Notes conflicts in the table of that name."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        """`client` from `client.dynamodb_client()`."""
        self._client = client
        self._table = table

    def note(self, dispute: Dispute) -> None:
        """See `Conflicts.note`. One transaction; a further try only moves its time."""
        sort, expires = f"{CONFLICT}{dispute.id}", {"N": str(int(dispute.at) + KEPT_SECONDS)}
        both = ((dispute.customer, dispute.other, "here"), (dispute.other, dispute.customer, "there"))
        puts: list[Any] = [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": {
                        "pk": {"S": f"{CUSTOMER_PREFIX}{customer}"},
                        "sk": {"S": sort},
                        "other": {"S": other},
                        "address": {"S": dispute.address},
                        "at": {"N": repr(dispute.at)},
                        "asked": {"S": asked},
                        "expires": expires,
                    },
                }
            }
            for customer, other, asked in both
        ]
        among_open = {
            "pk": {"S": OPEN}, "sk": {"S": sort}, "customer": {"S": dispute.customer}, "other": {"S": dispute.other},
            "at": {"N": repr(dispute.at)}, "expires": expires,
        }  # fmt: skip
        puts.append({"Put": {"TableName": self._table, "Item": among_open}})
        tried(lambda: self._client.transact_write_items(TransactItems=puts))

"""The trail in a table of its own, to which no role may do more than add, and auditors read.

| item  | pk         | sk                                        | attributes                                          |
|-------|------------|-------------------------------------------|-----------------------------------------------------|
| entry | yyyy-mm-dd | `<iso time>#<id>#begun` or `…#ended`      | at N, id, person, team, act, customer, why, outcome |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from throughline.customers.dynamo_calls import Refused, tried
from throughline.desk.audit import Entry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_TEXTS: Final = ("id", "person", "team", "act", "customer", "why", "outcome")


class DynamoAudit:
    """The trail in the table of that name."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def append(self, entry: Entry) -> None:
        """See `Audit.append`."""
        item: dict[str, Any] = {"pk": {"S": entry.day}, "sk": {"S": entry.sort}, "at": {"N": repr(entry.at)}}
        item |= {name: {"S": getattr(entry, name)} for name in _TEXTS}
        try:
            tried(
                lambda: self._client.put_item(
                    TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)"
                )
            )
        except Refused:
            return  # the answer to the first try was lost, or the job was done again: it is there

    def on(self, day: str) -> Iterator[Entry]:
        """See `Audit.on`."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :day",
            "ExpressionAttributeValues": {":day": {"S": day}},
        }
        while True:
            page = tried(lambda: self._client.query(**request))
            for item in page["Items"]:
                yield Entry(float(item["at"]["N"]), **{name: item[name]["S"] for name in _TEXTS})
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

"""Where messages wait for a page that asks what has come: by the link that it comes by.

| item    | pk       | sk                          | attributes                                        |
|---------|----------|-----------------------------|---------------------------------------------------|
| arrived | `O#link` | `out#<13-digit ms>#<turn>`  | session S, answer S (as the page shows it), expires N |
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from throughline.channels import web
from throughline.channels.capabilities import EAR, WAYS
from throughline.customers.dynamo_calls import tried
from throughline.dialogue.model import Model
from throughline.exchange import Exchange
from throughline.records.dynamo_strands import OUT, OUT_PREFIX
from throughline.records.transcript import milliseconds
from throughline.turn import Capabilities

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT: Final = 86_400
"""Seconds until what no page has asked for is gone; it stands in the transcript all the same."""
MOST: Final = 50
"""Messages that one question brings, or a few more: it reads as many at once."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that came outside any turn."""

    id: str
    place: str
    """Where it stands: ask for what came after it."""
    answer: dict[str, Any]
    """As `web.to_answer` makes it."""


class WebOutbox:
    """The outlet of the web chat."""

    def __init__(self, client: DynamoDBClient, table: str, model: Model) -> None:
        """`client` from `customers.client.dynamodb_client()`."""
        self._client = client
        self._table = table
        self._model = model

    @property
    def can(self) -> Capabilities:
        """See `Outlet.can`."""
        return WAYS[EAR].back

    def deliver(self, exchange: Exchange) -> None:
        """See `Outlet.deliver`."""
        turn = exchange.turn
        answer = json.dumps(web.to_answer(exchange, self._model), ensure_ascii=False, separators=(",", ":"))
        item: Any = {
            "pk": {"S": f"{OUT_PREFIX}{turn.link}"},
            "sk": {"S": f"{OUT}{milliseconds(turn.at)}#{turn.id}"},
            "session": {"S": turn.session},
            "answer": {"S": answer},
            "expires": {"N": str(int(turn.at) + KEPT)},
        }
        tried(lambda: self._client.put_item(TableName=self._table, Item=item))

    def arrived(self, link: str, session: str, after: str) -> list[Arrived]:
        """What came for that session after that place, oldest first. Raises StoreError."""
        # From the place itself on, since a key has no next one; what stands there is known.
        values: Any = {
            ":link": {"S": f"{OUT_PREFIX}{link}"},
            ":after": {"S": after if after.startswith(OUT) else OUT},
            ":end": {"S": f"{OUT}~"},
        }
        found: dict[str, Arrived] = {}
        more: dict[str, Any] = {}
        # What other sessions of this link left behind lies in between, and is read past.
        while len(found) < MOST:
            got = tried(functools.partial(self._page, values, more))
            for item in got["Items"]:
                place = item["sk"]["S"]
                id = place.split("#", 2)[2]
                if item["session"]["S"] == session and place != after and id not in found:
                    found[id] = Arrived(id, place, json.loads(item["answer"]["S"]))
            if "LastEvaluatedKey" not in got:
                break
            more = {"ExclusiveStartKey": got["LastEvaluatedKey"]}
        return list(found.values())

    def _page(self, values: Any, more: Any) -> Any:
        return self._client.query(
            TableName=self._table, ConsistentRead=True, Limit=MOST, ExpressionAttributeValues=values,
            KeyConditionExpression="pk = :link AND sk BETWEEN :after AND :end", **more,
        )  # fmt: skip

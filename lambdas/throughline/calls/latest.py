"""The last turns of a strand, newest first: what an agent's screen shows, without reading years of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from throughline.customers.dynamo_calls import tried
from throughline.dialogue.model import Model
from throughline.dialogue.replies import reply_in
from throughline.records.dynamo_strands import STRAND_PREFIX
from throughline.records.transcript import TURN, Damaged, StrandTurn, turn_in
from throughline.rendering import shown

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

Words = Callable[[Mapping[str, Any]], str]
"""What was answered, in words, from a turn's record."""


def words_of(model: Model) -> Words:
    """The words of the prompts that a record names, by today's model in its first locale; "" if it can't be read."""

    def words(record: Mapping[str, Any]) -> str:
        told = record.get("reply")
        try:
            return " ".join(shown(model, reply_in(told), model.default_locale)) if told else ""
        except (LookupError, ValueError, TypeError, AttributeError):
            return ""

    return words


class LatestTurns(Protocol):
    """Reads the end of strands. Raises StoreError."""

    def latest(self, link: str, most: int) -> list[StrandTurn]:
        """At most so many turns of the link, the newest first."""


class DynamoLatest:
    """Reads them from the customers' table of that name, one query a link."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def latest(self, link: str, most: int) -> list[StrandTurn]:
        """See `LatestTurns.latest`."""
        request: Any = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :turn)",
            "ExpressionAttributeValues": {":pk": {"S": f"{STRAND_PREFIX}{link}"}, ":turn": {"S": TURN}},
            "ScanIndexForward": False,
            "Limit": most,
        }
        items = tried(lambda: self._client.query(**request))["Items"]
        found = (_read(item["record"]["S"]) for item in items)
        return [turn for turn in found if turn is not None]


def _read(record: str) -> StrandTurn | None:
    try:
        return turn_in(record)
    except Damaged:
        return None

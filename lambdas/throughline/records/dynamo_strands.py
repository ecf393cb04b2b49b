"""Strands in the customers' table, under each link's own partition.

| item             | pk       | sk                                | attributes                               |
|------------------|----------|-----------------------------------|------------------------------------------|
| turn             | `L#link` | `turn#<13-digit ms>#<turn id>`    | record S, expires                        |
| fact history     | `L#link` | `fact#<13-digit ms>#<kind>.<key>` | value S, by S, expires                   |
| what went lately | `L#link` | `erased`                          | at N, `along <session>` M(link, at), expires |

`expires` is absent while a legal hold stops the clock.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from throughline.customers.dynamo_calls import Item, Refused, tried
from throughline.errors import StoreUnavailable
from throughline.records.strands import Gone, Kept
from throughline.records.transcript import FACT, TURN, StrandFact, StrandTurn, fact_of, milliseconds, time_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

STRAND_PREFIX: Final = "L#"
ERASED: Final = "erased"
OUT_PREFIX: Final = "O#"
"""Partition of what waits for a page to fetch it, by link (`relay.web_outbox`): it is erased with the strand, and no
part of it, since whoever writes there must not write transcripts."""
OUT: Final = "out#"
"""Before its sort keys."""
ALONG: Final = "along "
"""Before a session: the marker's attribute for what went along with it."""
BATCH: Final = 25
"""Writes of one BatchWriteItem (Amazon DynamoDB API reference)."""
SEGMENTS: Final = 256
"""Parts that the table is read in for a sample."""
SAMPLES: Final = 32
"""Parts that one sample may read."""
SAMPLE_ITEMS: Final = 400
"""Items that are looked at in a part."""
PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between tries of what a batch left undone: the table is throttled."""


class DynamoStrands:
    """Strands in the table of that name."""

    def __init__(self, client: DynamoDBClient, table: str, pause: Callable[[float], None] = time.sleep) -> None:
        """`client` from `customers.client.dynamodb_client()`."""
        self._client = client
        self._table = table
        self._pause = pause

    def write_turn(self, turn: StrandTurn) -> None:
        """See `Strands.write_turn`."""
        item = self._item(turn.link, turn.sort, turn.expires)
        item |= {"record": {"S": turn.record}}
        tried(lambda: self._client.put_item(TableName=self._table, Item=item))

    def write_facts(self, facts: Sequence[StrandFact]) -> None:
        """See `Strands.write_facts`."""
        # A batch refuses two writes to one place: the later line of equal time holds.
        items = {
            (fact.link, fact.sort): self._item(fact.link, fact.sort, fact.expires)
            | {"value": {"S": fact.value}, "by": {"S": fact.by}}
            for fact in facts
        }
        self.batched([{"PutRequest": {"Item": item}} for item in items.values()])

    def gone(self, link: str) -> Gone:
        """See `Strands.gone`."""
        key = self._key(link, ERASED)
        got = tried(lambda: self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True))
        item: Item = got.get("Item", {})
        along = {name.removeprefix(ALONG): it["M"] for name, it in item.items() if name.startswith(ALONG)}
        return Gone(
            float(item["at"]["N"]) if "at" in item else None,
            {session: (it["link"]["S"], float(it["at"]["N"])) for session, it in along.items()},
        )

    def write_erased(self, link: str, at: float, expires: int) -> None:
        """See `Strands.write_erased`."""
        item = self._item(link, ERASED, expires) | {"at": {"N": repr(at)}}
        try:
            tried(
                lambda: self._client.put_item(
                    TableName=self._table,
                    Item=item,
                    ConditionExpression="attribute_not_exists(#at) OR #at <= :at",
                    ExpressionAttributeNames={"#at": "at"},
                    ExpressionAttributeValues={":at": {"N": repr(at)}},
                )
            )
        except Refused:
            return  # a later cut-off is there, which covers this one

    def write_along(self, link: str, session: str, other: str, at: float, expires: int) -> None:
        """See `Strands.write_along`."""
        tried(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=self._key(link, ERASED),
                UpdateExpression="SET #along = :along, #expires = :expires",
                ExpressionAttributeNames={"#along": ALONG + session, "#expires": "expires"},
                ExpressionAttributeValues={
                    ":along": {"M": {"link": {"S": other}, "at": {"N": repr(at)}}},
                    ":expires": {"N": str(expires)},
                },
            )
        )

    def turns(self, link: str) -> Iterator[StrandTurn]:
        """See `Strands.turns`."""
        yield from (_turn(item) for item in self._query(link, TURN))

    def facts(self, link: str) -> Iterator[StrandFact]:
        """See `Strands.facts`."""
        for item in self._query(link, FACT):
            sort = item["sk"]["S"]
            kind, key = fact_of(sort)
            yield StrandFact(link, time_of(sort), kind, key, item["value"]["S"], item["by"]["S"], _expires(item))

    def kept(self, link: str, until: float | None = None, *, most: int = 500) -> list[Kept]:
        """See `Strands.kept`."""
        found: list[Kept] = []
        for prefix in (TURN, FACT, OUT):
            for item in self._query(link, prefix, until, limit=most if until is not None else None):
                found.append(Kept(item["sk"]["S"], _session(item), _expires(item)))
                if until is not None and len(found) >= most:
                    return found
        return found

    def delete(self, link: str, sorts: Sequence[str]) -> None:
        """See `Strands.delete`."""
        self.batched([{"DeleteRequest": {"Key": self._key(link, sort)}} for sort in sorts])

    def sample(self, most: int) -> list[StrandTurn]:
        """See `Strands.sample`. Reads a random part of the table at a time, at most SAMPLES of them."""
        found: list[StrandTurn] = []
        for segment in secrets.SystemRandom().sample(range(SEGMENTS), SAMPLES):
            request: dict[str, Any] = {
                "TableName": self._table,
                "TotalSegments": SEGMENTS,
                "Segment": segment,
                "Limit": SAMPLE_ITEMS,
                "FilterExpression": "begins_with(pk, :strand) AND begins_with(sk, :turn)",
                "ExpressionAttributeValues": {":strand": {"S": STRAND_PREFIX}, ":turn": {"S": TURN}},
            }
            page = tried(lambda: self._client.scan(**request))  # noqa: B023 - called at once
            found += [_turn(item) for item in page["Items"]]
            if len(found) >= most:
                break
        return found[:most]

    def set_expiry(self, link: str, sort: str, expires: int | None) -> None:
        """See `Strands.set_expiry`."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": self._key(link, sort),
            "UpdateExpression": "REMOVE expires" if expires is None else "SET expires = :expires",
            "ConditionExpression": "attribute_exists(pk)",
        }
        if expires is not None:
            request["ExpressionAttributeValues"] = {":expires": {"N": str(expires)}}
        try:
            tried(lambda: self._client.update_item(**request))
        except Refused:
            return  # it is gone: nothing is left to expire

    def _query(self, link: str, prefix: str, until: float | None = None, limit: int | None = None) -> Iterator[Item]:
        # The greatest character after the time, so that the whole of the last millisecond counts.
        last = f"{prefix}{milliseconds(until)}#\U0010ffff" if until is not None else f"{prefix}~"
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": {"S": _partition(link, prefix)},
                ":first": {"S": prefix},
                ":last": {"S": last},
            },
            "ConsistentRead": True,
        }
        if limit is not None:
            request["Limit"] = limit
        while True:
            page = tried(lambda: self._client.query(**request))
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def batched(self, writes: Sequence[Any]) -> None:
        """Do these writes, however many; all are done when it returns. Raises StoreUnavailable."""
        for start in range(0, len(writes), BATCH):
            left = list(writes[start : start + BATCH])
            for pause in (*PAUSES, None):
                request = {self._table: left}
                answer = tried(lambda: self._client.batch_write_item(RequestItems=request))  # noqa: B023 - called at once
                left = list(answer.get("UnprocessedItems", {}).get(self._table, []))
                if not left:
                    break
                if pause is None:
                    raise StoreUnavailable("the table is throttled: it left writes undone")
                self._pause(pause)

    def _key(self, link: str, sort: str) -> dict[str, Any]:
        return {"pk": {"S": _partition(link, sort)}, "sk": {"S": sort}}

    def _item(self, link: str, sort: str, expires: int | None) -> dict[str, Any]:
        item = self._key(link, sort)
        return item if expires is None else item | {"expires": {"N": str(expires)}}


def _partition(link: str, sort: str) -> str:
    return f"{OUT_PREFIX if sort.startswith(OUT) else STRAND_PREFIX}{link}"


def _turn(item: Item) -> StrandTurn:
    sort = item["sk"]["S"]
    link = item["pk"]["S"][len(STRAND_PREFIX) :]
    id = sort.split("#", 2)[2]
    return StrandTurn(link, id, time_of(sort), item["record"]["S"], _expires(item))


def _expires(item: Item) -> int | None:
    return int(item["expires"]["N"]) if "expires" in item else None


def _session(item: Item) -> str:
    try:
        return str(json.loads(item["record"]["S"])["session"]) if "record" in item else ""
    except (ValueError, KeyError, TypeError):
        return ""

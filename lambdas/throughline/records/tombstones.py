"""Tombstones: which customers were erased, up to when. Kept apart from their table, and longer than its backups.

A tombstone is written before anything is deleted. After the customers' table was restored from a backup, every
tombstone is replayed. It holds pseudonymous ids and keyed hashes; no address, no word, no name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from throughline.customers.dynamo_calls import Item, tried
from throughline.records.marks import ERASE, Mark

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One erasure."""

    id: str
    customer: str
    links: Mapping[str, str]
    """Every link by id, with its address' keyed hash."""
    at: float
    """The cut-off, in epoch seconds: what is newer belongs to somebody who came back."""
    by: str
    """Who asked, in kind."""
    expires: int
    done: float | None = field(default=None, compare=False)
    """When it was complete."""
    items: int = field(default=0, compare=False)
    """How many items were deleted, at least: a crash may lose count of some."""
    homes: tuple[str, ...] = ()
    """The customers whom the links came from."""
    had: tuple[str, ...] = ()
    """All others who ever had one of the links."""
    logins: tuple[str, ...] = ()
    """The links that are sign-ins of theirs alone."""

    @property
    def mark(self) -> Mark:
        """The mark that announced it."""
        return Mark(ERASE, self.id, self.at, self.by, self.links, self.homes, self.had, self.logins)


class Tombstones(Protocol):
    """Keeps them. All may raise StoreError and StoreUnavailable."""

    def write(self, stone: Tombstone) -> None:
        """Keep it, unless it is there."""

    def count(self, id: str, items: int) -> None:
        """Add to the items deleted."""

    def read(self, id: str) -> Tombstone | None:
        """The tombstone, if there is one."""

    def finish(self, id: str, at: float) -> None:
        """It is complete."""

    def all(self, after: str = "") -> Iterator[Tombstone]:
        """Every one that is kept, complete or not, in an order that stays; those after that id, if one is given."""


class MemoryTombstones:
    """Tombstones for tests."""

    def __init__(self) -> None:
        self.kept: dict[str, Tombstone] = {}

    def write(self, stone: Tombstone) -> None:
        """See `Tombstones.write`."""
        self.kept.setdefault(stone.id, stone)

    def count(self, id: str, items: int) -> None:
        """See `Tombstones.count`."""
        self.kept[id] = replace(self.kept[id], items=self.kept[id].items + items)

    def read(self, id: str) -> Tombstone | None:
        """See `Tombstones.read`."""
        return self.kept.get(id)

    def finish(self, id: str, at: float) -> None:
        """See `Tombstones.finish`."""
        self.kept[id] = replace(self.kept[id], done=at)

    def all(self, after: str = "") -> Iterator[Tombstone]:
        """See `Tombstones.all`."""
        yield from [stone for id, stone in sorted(self.kept.items()) if id > after]


class DynamoTombstones:
    """Tombstones in a table of their own, with the partition key `pk`."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def write(self, stone: Tombstone) -> None:
        """See `Tombstones.write`."""
        links = json.dumps(dict(stone.links), separators=(",", ":"), sort_keys=True)
        self._update(
            stone.id,
            "SET customer = :customer, links = :links, homes = :homes, had = :had, logins = :logins, "
            "#at = :at, #by = :by, expires = :expires, #items = if_not_exists(#items, :none)",
            {
                ":customer": {"S": stone.customer}, ":links": {"S": links}, ":at": {"N": repr(stone.at)},
                ":by": {"S": stone.by}, ":expires": {"N": str(stone.expires)}, ":none": {"N": "0"},
                ":homes": {"S": json.dumps(stone.homes)}, ":had": {"S": json.dumps(stone.had)},
                ":logins": {"S": json.dumps(stone.logins)},
            },
            {"#at": "at", "#by": "by", "#items": "items"},
        )  # fmt: skip

    def count(self, id: str, items: int) -> None:
        """See `Tombstones.count`."""
        self._update(id, "ADD #items :items", {":items": {"N": str(items)}}, {"#items": "items"})

    def read(self, id: str) -> Tombstone | None:
        """See `Tombstones.read`."""
        got = tried(lambda: self._client.get_item(TableName=self._table, Key={"pk": {"S": id}}, ConsistentRead=True))
        return _stone(got["Item"]) if "Item" in got else None

    def finish(self, id: str, at: float) -> None:
        """See `Tombstones.finish`."""
        self._update(id, "SET done = :at", {":at": {"N": repr(at)}}, {})

    def all(self, after: str = "") -> Iterator[Tombstone]:
        """See `Tombstones.all`."""
        request: dict[str, Any] = {"TableName": self._table, "ConsistentRead": True}
        if after:
            request["ExclusiveStartKey"] = {"pk": {"S": after}}
        while True:
            page = tried(lambda: self._client.scan(**request))
            yield from (_stone(item) for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _update(self, id: str, update: str, values: Any, names: Any) -> None:
        request: dict[str, Any] = {
            "TableName": self._table, "Key": {"pk": {"S": id}}, "UpdateExpression": update,
            "ExpressionAttributeValues": values,
        }  # fmt: skip
        if names:
            request["ExpressionAttributeNames"] = names
        tried(lambda: self._client.update_item(**request))


def _stone(item: Item) -> Tombstone:
    return Tombstone(
        id=item["pk"]["S"],
        customer=item["customer"]["S"],
        links=json.loads(item["links"]["S"]),
        at=float(item["at"]["N"]),
        by=item["by"]["S"],
        expires=int(item["expires"]["N"]),
        done=float(item["done"]["N"]) if "done" in item else None,
        items=int(item["items"]["N"]),
        homes=tuple(json.loads(item["homes"]["S"])) if "homes" in item else (),
        had=tuple(json.loads(item["had"]["S"])) if "had" in item else (),
        logins=tuple(json.loads(item["logins"]["S"])) if "logins" in item else (),
    )

"""The book in the customers' table.

| item    | pk          | sk        | attributes                                                     |
|---------|-------------|-----------|----------------------------------------------------------------|
| relay   | `T#relay`   | `relay`   | version N, expires N, kept S: all else as JSON, tokens sealed   |
| contact | `T#contact` | `contact` | relay S, expires N                                             |

Both ids are made up, and neither says whose they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, Final

from throughline.customers.dynamo_calls import Item, Refused, tried
from throughline.errors import StoreError
from throughline.relay.book import KEPT, Lost, Relay
from throughline.relay.chat import Kind, Message, Role

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

RELAY_PREFIX: Final = "T#"
"""Of nothing else: a role is let write relays by the beginning of their key."""
RELAY: Final = "relay"
CONTACT: Final = "contact"
_APART: Final = frozenset({"id", "version", "waiting", "told"})
_FIELDS: Final = tuple(field.name for field in fields(Relay) if field.name not in _APART)


class DynamoBook:
    """Relays in the table of that name."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        """`client` from `customers.client.dynamodb_client()`."""
        self._client = client
        self._table = table

    def get(self, id: str) -> Relay | None:
        """See `Book.get`."""
        item = self._item(id, RELAY)
        return _relay(id, item) if item is not None else None

    def of_contact(self, contact: str) -> Relay | None:
        """See `Book.of_contact`."""
        item = self._item(contact, CONTACT)
        return self.get(item["relay"]["S"]) if item is not None else None

    def put(self, relay: Relay, now: float) -> Relay:
        """See `Book.put`."""
        saved, expires = replace(relay, version=relay.version + 1), {"N": str(int(now) + KEPT)}
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": {
                **_key(relay.id, RELAY), "version": {"N": str(saved.version)}, "expires": expires,
                "kept": {"S": _kept(saved)},
            },
        }  # fmt: skip
        try:
            if relay.version:
                was = {":was": {"N": str(relay.version)}}
                tried(
                    lambda: self._client.put_item(
                        **put, ConditionExpression="version = :was", ExpressionAttributeValues=was
                    )
                )
            else:
                self._first(put, relay, expires)
        except Refused:
            raise Lost("the relay was written by somebody else: read it again") from None
        return saved

    def remove(self, relay: Relay) -> None:
        """See `Book.remove`."""
        for key in (_key(relay.contact, CONTACT), _key(relay.id, RELAY)):
            tried(lambda: self._client.delete_item(TableName=self._table, Key=key))  # noqa: B023 - called at once

    def _first(self, put: Mapping[str, Any], relay: Relay, expires: Mapping[str, str]) -> None:
        pointer: Any = {**_key(relay.contact, CONTACT), "relay": {"S": relay.id}, "expires": expires}
        write: Any = [
            {"Put": {**put, "ConditionExpression": "attribute_not_exists(pk)"}},
            {"Put": {"TableName": self._table, "Item": pointer}},
        ]
        tried(lambda: self._client.transact_write_items(TransactItems=write))

    def _item(self, id: str, sort: str) -> Item | None:
        key = _key(id, sort)
        got = tried(lambda: self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True))
        return got.get("Item")


def _key(id: str, sort: str) -> dict[str, Any]:
    return {"pk": {"S": f"{RELAY_PREFIX}{id}"}, "sk": {"S": sort}}


def _kept(relay: Relay) -> str:
    told = {name: getattr(relay, name) for name in _FIELDS}
    waiting = [asdict(one) for one in relay.waiting]
    return json.dumps({**told, "waiting": waiting, "told": relay.told}, ensure_ascii=False, separators=(",", ":"))


def _relay(id: str, item: Item) -> Relay:
    try:
        kept = json.loads(item["kept"]["S"])
        waiting = tuple(
            Message(one["id"], one["at"], Role(one["role"]), Kind(one["kind"]), one["text"], one["name"])
            for one in kept["waiting"]
        )
        told = tuple((float(at), str(message)) for at, message in kept["told"])
        named = {name: kept[name] for name in _FIELDS}
        return Relay(id=id, version=int(item["version"]["N"]), waiting=waiting, told=told, **named)
    except (KeyError, TypeError, ValueError) as problem:
        raise StoreError(f"a relay is not of its form: {type(problem).__name__}") from None

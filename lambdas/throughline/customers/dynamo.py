"""The customer store in one DynamoDB table.

Key schema (names in `table.py`; on-demand, TTL on `expires`, stream of new images):

| item         | pk           | sk             | attributes                                              |
|--------------|--------------|----------------|---------------------------------------------------------|
| conversation | `C#customer` | `conversation` | version N, nonce S, expires N, links S, state S, turn S |
| link (edge)  | `A#hash`     | `link`         | customer S, link S, expires N                           |

- `hash` is an address's keyed hash, "<key name>.<HMAC-SHA256>". No raw address is in these items.
- `links` is JSON, link id to [epoch, assurance, evidence, at, hash, until]: a pointer's epoch is
  checked against it without a further read. `state` is the engine's JSON, `turn` the last turn's record
  for the stream. Text, not maps: a map costs an attribute value a leaf to encode, and nothing asks for parts.
- `nonce` names the write that made this version. The condition of a write is version and nonce as read,
  so neither a lost race nor an item that was forgotten and made anew is ever written over; and a
  refused write that finds its own nonce has in fact arrived before, its answer lost.
- The conversation item is written whole: this module is the only one that may write it. What else is
  kept of a customer (profile, consent, transcript) has sort keys of its own in the same partition.
- Retired parts of the key space are never given a new meaning.

A lost answer followed by another's write looks like a lost race: the caller decides again on the fresh
state, where the engine finds the turn's id and gives its first reply again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from throughline.customers.dynamo_calls import Item, Refused, tried
from throughline.customers.keys import Keys
from throughline.customers.rules import EdgeWrite, Retention, RuledStore, check_size, new_nonce
from throughline.customers.store import AddressTaken, Conflict, Edge, Link, Stored
from throughline.customers.table import ADDRESS_PREFIX, CONVERSATION, CUSTOMER_PREFIX, LINK
from throughline.errors import StoreError, StoreUnavailable
from throughline.turn import Assurance

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


class DynamoStore(RuledStore):
    """Keeps customers in the table of that name."""

    def __init__(
        self,
        client: DynamoDBClient,
        table: str,
        keys: Keys,
        retention: Retention = Retention(),  # noqa: B008 - frozen, so sharing it is safe
        nonces: Callable[[], str] = new_nonce,
    ) -> None:
        """`client` from `client.dynamodb_client()`: its time limits and lack of retries are relied upon."""
        super().__init__(keys, retention, nonces)
        self._client = client
        self._table = table

    def _conversation(self, customers: Sequence[str]) -> Stored | None:
        items = self._read([f"{CUSTOMER_PREFIX}{customer}" for customer in customers], CONVERSATION)
        return next((_stored(item) for item in items), None)

    def _edge(self, addresses: Sequence[str]) -> Edge | None:
        items = self._read([f"{ADDRESS_PREFIX}{address}" for address in addresses], LINK)
        return next((_edge(item) for item in items), None)

    def _read(self, partitions: Sequence[str], sort: str) -> list[Item]:
        """The items that exist, in the order asked for; one request, strongly consistent."""
        keys = [{"pk": {"S": pk}, "sk": {"S": sort}} for pk in partitions]
        if len(keys) == 1:
            got = tried(lambda: self._client.get_item(TableName=self._table, Key=keys[0], ConsistentRead=True))
            return [got["Item"]] if "Item" in got else []
        batch = tried(
            lambda: self._client.batch_get_item(RequestItems={self._table: {"Keys": keys, "ConsistentRead": True}})
        )
        if batch.get("UnprocessedKeys"):
            raise StoreUnavailable("the table is throttled: it left keys unread")
        found = {item["pk"]["S"]: item for item in batch["Responses"].get(self._table, [])}
        return [found[pk] for pk in partitions if pk in found]

    def _write(self, new: Stored, seen: Stored, edges: Sequence[EdgeWrite], now: int) -> Stored:
        links = _links_text(new.links)
        check_size(links, new.state, new.turn)
        item: dict[str, AttributeValueTypeDef] = {
            "pk": {"S": f"{CUSTOMER_PREFIX}{new.customer}"},
            "sk": {"S": CONVERSATION},
            "version": {"N": str(new.version)},
            "nonce": {"S": new.nonce},
            "expires": {"N": str(new.expires)},
            "links": {"S": links},
            "state": {"S": new.state},
            "turn": {"S": new.turn},
        }
        condition, values = _unchanged(seen, now)
        try:
            if edges:
                self._transact(item, condition, values, edges, new.nonce)
            else:
                self._put(item, condition, values)
        except Refused as refused:
            (conversation_refused, there), *edges_found = refused.found
            if there is not None and there.get("nonce") == item["nonce"]:
                return new
            if conversation_refused and there is not None:
                raise Conflict(_stored(there)) from None
            if conversation_refused:
                raise StoreUnavailable("the conversation was removed meanwhile: begin anew") from None
            taken = [w.edge.address for w, (no, _) in zip(edges, edges_found, strict=True) if no]
            raise AddressTaken(frozenset(taken)) from None
        return new

    def _put(self, item: Item, condition: str, values: Item) -> None:
        tried(
            lambda: self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        )

    def _transact(self, item: Item, condition: str, values: Item, edges: Sequence[EdgeWrite], token: str) -> None:
        puts = [(item, condition, values), *(_edge_put(write) for write in edges)]
        tried(
            lambda: self._client.transact_write_items(
                ClientRequestToken=token,
                TransactItems=[
                    {
                        "Put": {
                            "TableName": self._table,
                            "Item": put,
                            "ConditionExpression": only_if,
                            "ExpressionAttributeValues": given,
                            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                        }
                    }
                    for put, only_if, given in puts
                ],
            )
        )


def _unchanged(seen: Stored, now: int) -> tuple[str, Item]:
    if seen.version == 0:
        return "attribute_not_exists(pk) OR expires <= :now", {":now": {"N": str(now)}}
    return "version = :version AND nonce = :nonce", {
        ":version": {"N": str(seen.version)},
        ":nonce": {"S": seen.nonce},
    }


def _edge_put(write: EdgeWrite) -> tuple[Item, str, Item]:
    edge, over = write.edge, write.over
    item: Item = {
        "pk": {"S": f"{ADDRESS_PREFIX}{edge.address}"},
        "sk": {"S": LINK},
        "customer": {"S": edge.customer},
        "link": {"S": edge.link},
        "expires": {"N": str(edge.expires)},
    }
    condition = "attribute_not_exists(pk) OR (customer = :customer AND link = :link)"
    values: Item = {
        ":customer": {"S": over.customer},
        ":link": {"S": over.link},
    }
    return item, condition, values


def _links_text(links: Mapping[str, Link]) -> str:
    rows = {key: [k.epoch, int(k.assurance), k.evidence, k.at, k.address, k.until] for key, k in links.items()}
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _stored(item: Item) -> Stored:
    try:
        rows = json.loads(item["links"]["S"])
        links = {key: Link(key, row[0], Assurance(row[1]), row[2], row[3], row[4], row[5]) for key, row in rows.items()}
        return Stored(
            customer=item["pk"]["S"][len(CUSTOMER_PREFIX) :],
            version=int(item["version"]["N"]),
            state=item["state"]["S"],
            turn=item["turn"]["S"],
            links=links,
            expires=int(item["expires"]["N"]),
            nonce=item["nonce"]["S"],
        )
    except (KeyError, ValueError, IndexError, TypeError, AttributeError) as problem:
        raise StoreError(
            f"a conversation item is not of this schema ({type(problem).__name__}): who else writes here?"
        ) from None


def _edge(item: Item) -> Edge:
    try:
        return Edge(
            address=item["pk"]["S"][len(ADDRESS_PREFIX) :],
            customer=item["customer"]["S"],
            link=item["link"]["S"],
            expires=int(item["expires"]["N"]),
        )
    except (KeyError, ValueError) as problem:
        raise StoreError(
            f"a link item is not of this schema ({type(problem).__name__}): who else writes here?"
        ) from None

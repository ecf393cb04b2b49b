"""The customer store in one DynamoDB table.

Key schema (names in `table.py`; on-demand, TTL on `expires`, stream of new images):

| item         | pk           | sk             | attributes                                                |
|--------------|--------------|----------------|-----------------------------------------------------------|
| conversation | `C#customer` | `conversation` | version N, nonce S, expires N, links S, state S, turn S,  |
|              |              |                | profile S and mark S where there is any; person S while   |
|              |              |                | a person has it: what its session is called (web, sms)    |
| former link  | `C#customer` | `went#<link>`  | to S: the customer who has this link now                  |
| link (edge)  | `A#hash`     | `link`         | customer S, link S, expires N, reach S where written to   |

- `hash` is an address's keyed hash, "<key name>.<HMAC-SHA256>". The raw address is an edge's `reach` and nowhere
  else, and only of those kinds that are written to.
- A link that moves writes where it is at each customer who ever had it (`Link.had`), so that whoever erases them
  finds where they are named.
- `links` is JSON, link id to a row (`_row`): a pointer's epoch is checked against it without a further read.
  `state` is the engine's JSON, `turn` the last turn's record for the stream. Text, not maps: a map costs an
  attribute value a leaf to encode, and nothing asks for parts.
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
from typing import TYPE_CHECKING, Any, Final

from throughline.customers.dynamo_calls import Item, Refused, tried
from throughline.customers.keys import Keys
from throughline.customers.rules import Retention, RuledStore, Transaction, check_size, new_nonce
from throughline.customers.store import AddressTaken, Came, Conflict, Edge, EdgeWrite, Link, Stored
from throughline.customers.table import ADDRESS_PREFIX, CONVERSATION, CUSTOMER_PREFIX, LINK, WENT
from throughline.dialogue.state import person_scheme
from throughline.errors import StoreError, StoreUnavailable
from throughline.turn import Assurance

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_LEAST_ROW: Final = 6
_LEAST_CAME: Final = 3
_NOTHING: Final[tuple[Any, ...]] = ("", "", (), (), 0, 0, (), ())
"""What a row leaves out at its end."""


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

    def _write(self, write: Transaction, now: int) -> None:
        puts = [_put(new, seen, self._table, now) for new, seen in write.pairs]
        edges: list[Any] = [
            *({"Update": _edge_update(one, self._table)} for one in write.edges),
            *({"Update": _edge_baring(one, self._table)} for one in write.bared),
        ]
        try:
            if len(puts) == 1 and not edges:
                tried(lambda: self._client.put_item(**puts[0]))
            else:
                went = ({"Put": _went_put(self._table, *one)} for one in write.went)
                items: list[Any] = [*({"Put": put} for put in puts), *edges, *went]
                tried(lambda: self._client.transact_write_items(ClientRequestToken=write.nonce, TransactItems=items))
        except Refused as refused:
            _explain(refused, write)


def _explain(refused: Refused, write: Transaction) -> None:
    """Raise what the refusal means; nothing, if what refused the write is that it arrived before."""
    of_puts = refused.found[: len(write.pairs)]
    of_edges = refused.found[len(write.pairs) :][: len(write.addresses)]
    if any(there is not None and there.get("nonce") == {"S": write.nonce} for _, there in of_puts):
        return
    for no, there in of_puts:
        if no and there is not None:
            raise Conflict(_stored(there)) from None
        if no:
            raise StoreUnavailable("the conversation was removed meanwhile: begin anew") from None
    taken = (address for address, (no, _) in zip(write.addresses, of_edges, strict=True) if no)
    raise AddressTaken(frozenset(taken)) from None


def _put(new: Stored, seen: Stored, table: str, now: int) -> Any:
    """The request that writes `new` over `seen`, for a put of its own as for one in a transaction."""
    links = _links_text(new.links)
    check_size(links, new.state, new.turn, new.profile, new.mark)
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
    if new.profile:
        item["profile"] = {"S": new.profile}
    if new.mark:
        item["mark"] = {"S": new.mark}
    if scheme := person_scheme(new.state):
        item["person"] = {"S": scheme}
    condition, values = _unchanged(seen, now)
    return {
        "TableName": table,
        "Item": item,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _went_put(table: str, before: str, link: str, now_with: str) -> Mapping[str, Any]:
    key = {"pk": {"S": f"{CUSTOMER_PREFIX}{before}"}, "sk": {"S": f"{WENT}{link}"}}
    return {"TableName": table, "Item": {**key, "to": {"S": now_with}}}


def _unchanged(seen: Stored, now: int) -> tuple[str, Item]:
    if seen.version == 0:
        return "attribute_not_exists(pk) OR expires <= :now", {":now": {"N": str(now)}}
    return "version = :version AND nonce = :nonce", {
        ":version": {"N": str(seen.version)},
        ":nonce": {"S": seen.nonce},
    }


def _edge_update(write: EdgeWrite, table: str) -> Mapping[str, Any]:
    """An update, not a put: it leaves the raw address where it is when only the edge is kept on."""
    edge, over = write.edge, write.over
    values: dict[str, AttributeValueTypeDef] = {
        ":customer": {"S": edge.customer},
        ":link": {"S": edge.link},
        ":expires": {"N": str(edge.expires)},
        ":over_customer": {"S": over.customer},
        ":over_link": {"S": over.link},
    }
    sets = "SET customer = :customer, link = :link, expires = :expires"
    if edge.reach:
        values[":reach"] = {"S": edge.reach}
        sets += ", reach = :reach"
    return {
        "TableName": table,
        "Key": {"pk": {"S": f"{ADDRESS_PREFIX}{edge.address}"}, "sk": {"S": LINK}},
        "UpdateExpression": sets,
        "ConditionExpression": "attribute_not_exists(pk) OR (customer = :over_customer AND link = :over_link)",
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _edge_baring(write: EdgeWrite, table: str) -> Mapping[str, Any]:
    """An edge that leads elsewhere by now, or is gone, is not touched."""
    edge, over = write.edge, write.over
    return {
        "TableName": table,
        "Key": {"pk": {"S": f"{ADDRESS_PREFIX}{edge.address}"}, "sk": {"S": LINK}},
        "UpdateExpression": "SET customer = :customer, link = :link REMOVE reach",
        "ConditionExpression": "customer = :over_customer AND link = :over_link",
        "ExpressionAttributeValues": {
            ":customer": {"S": edge.customer},
            ":link": {"S": edge.link},
            ":over_customer": {"S": over.customer},
            ":over_link": {"S": over.link},
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _links_text(links: Mapping[str, Link]) -> str:
    rows = {key: _row(link) for key, link in links.items()}
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _row(k: Link) -> list[object]:
    """A link's fields but its id, in a fixed order; what is empty at the end is left out."""
    row: list[object] = [
        k.epoch, int(k.assurance), k.evidence, k.at, k.address, k.until,
        k.kind, k.by, [_came_row(one) for one in k.came], _came_row(k.left) if k.left is not None else [],
        int(k.shared), int(k.closed), k.members, k.had,
    ]  # fmt: skip
    return _shortened(row, _LEAST_ROW)


def _came_row(came: Came) -> list[object]:
    return _shortened([came.home, int(came.assurance), came.at, came.evidence, came.act], _LEAST_CAME)


def _shortened(row: list[object], least: int) -> list[object]:
    while len(row) > least and not row[-1]:
        row.pop()
    return row


def _link(key: str, row: list[Any]) -> Link:
    epoch, assurance, evidence, at, address, until, *rest = row
    kind, by, came, left, shared, closed, members, had = [*rest, *_NOTHING[len(rest) :]]
    return Link(
        key, epoch, Assurance(assurance), evidence, at, address, until, kind, by,
        tuple(map(_came, came)), _came(left) if left else None,
        shared=bool(shared), closed=bool(closed), members=tuple(members), had=tuple(had),
    )  # fmt: skip


def _came(row: list[Any]) -> Came:
    home, assurance, at, *rest = row
    return Came(home, Assurance(assurance), at, *rest)


def _stored(item: Item) -> Stored:
    try:
        rows = json.loads(item["links"]["S"])
        links = {key: _link(key, row) for key, row in rows.items()}
        return Stored(
            customer=item["pk"]["S"][len(CUSTOMER_PREFIX) :],
            version=int(item["version"]["N"]),
            state=item["state"]["S"],
            turn=item["turn"]["S"],
            links=links,
            expires=int(item["expires"]["N"]),
            profile=item["profile"]["S"] if "profile" in item else "",
            mark=item["mark"]["S"] if "mark" in item else "",
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
            reach=item["reach"]["S"] if "reach" in item else "",
        )
    except (KeyError, ValueError) as problem:
        raise StoreError(
            f"a link item is not of this schema ({type(problem).__name__}): who else writes here?"
        ) from None

"""What a customer has in the customers' table besides strands: hold, wish to be erased, exports, conflicts.

| item           | pk           | sk                | attributes                                       |
|----------------|--------------|-------------------|--------------------------------------------------|
| legal hold     | `C#customer` | `hold`            | by S, why S, at N, released N?, strands SS?      |
| held           | `C#customer` | `held`            | links, state, profile, turn, reaches S: as the   |
|                |              |                   | conversation was, since that one expires         |
| erasure wanted | `C#customer` | `erasure-wanted`  | mark S (until the hold ends)                     |
| waiting        | `C#held`     | `waits#<customer>`| none: that customer's erasure waits for this hold |
| export         | `C#customer` | `export`          | id S, at N, expires N                            |
| former link    | `C#customer` | `went#<link>`     | to S (written as the link moves)                 |
| conflict       | `C#customer` | `conflict#<id>`   | other S … (written when addresses are linked)    |

The conversation is written here in two cases only, an erasure begun by a person and a household that forgets one, and
by the same condition.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from throughline.customers.dynamo import DynamoStore, _links_text
from throughline.customers.dynamo_calls import Item, Refused, tried
from throughline.customers.dynamo_conflicts import CONFLICT, OPEN
from throughline.customers.rules import new_nonce
from throughline.customers.store import Edge, Stored
from throughline.customers.table import ADDRESS_PREFIX, CONVERSATION, CUSTOMER_PREFIX, LINK, WENT
from throughline.records.dynamo_strands import DynamoStrands
from throughline.records.strands import Belongings, ExportRow, Hold

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from throughline.customers.keys import Keys

HOLD: Final = "hold"
HELD: Final = "held"
WANTED: Final = "erasure-wanted"
EXPORT: Final = "export"
WAITS: Final = "waits#"
CHALLENGE_PREFIX: Final = "P#"
CODE: Final = "code"


class DynamoKeeping(DynamoStore):
    """The customers' table as those see it who come by a customer's id: the desk, and what follows the stream."""

    def __init__(self, client: DynamoDBClient, table: str, keys: Keys) -> None:
        super().__init__(client, table, keys)
        self._batches = DynamoStrands(client, table)

    def conversation(self, customer: str) -> Stored | None:
        """See `Keeping.conversation`."""
        return self._conversation((customer,))

    def edge(self, address: str) -> Edge | None:
        """See `Keeping.edge`."""
        return self._edge((address,))

    def delete_edge(self, address: str, customer: str, link: str) -> bool:
        """See `Keeping.delete_edge`."""
        return self._deleted(
            {"pk": {"S": f"{ADDRESS_PREFIX}{address}"}, "sk": {"S": LINK}},
            "customer = :customer AND link = :link",
            {":customer": {"S": customer}, ":link": {"S": link}},
        )

    def delete_conversation(self, customer: str, *, mark: str = "", nonce: str = "") -> bool:
        """See `Keeping.delete_conversation`."""
        name, value = ("mark", mark) if mark else ("nonce", nonce)
        return self._deleted(_key(customer, CONVERSATION), f"{name} = :it", {":it": {"S": value}})

    def write_mark(self, seen: Stored, new: Stored) -> bool:
        """See `Keeping.write_mark`."""
        sets = "SET links = :links, #state = :state, mark = :mark, version = version + :one, nonce = :new"
        values: dict[str, Any] = {
            ":links": {"S": _links_text(new.links)}, ":state": {"S": new.state}, ":mark": {"S": new.mark},
            ":one": {"N": "1"}, ":new": {"S": new_nonce()}, ":seen": {"S": seen.nonce},
        }  # fmt: skip
        update = f"{sets} REMOVE profile"
        if new.profile:
            update, values[":profile"] = f"{sets}, profile = :profile", {"S": new.profile}
        return self._updated(_key(new.customer, CONVERSATION), update, "nonce = :seen", values, {"#state": "state"})

    def hold(self, customer: str) -> Hold | None:
        """See `Keeping.hold`."""
        item = self._item(customer, HOLD)
        return hold_in(customer, item) if item is not None else None

    def write_hold(self, hold: Hold) -> None:
        """See `Keeping.write_hold`."""
        item: dict[str, Any] = {
            **_key(hold.customer, HOLD),
            "by": {"S": hold.by},
            "why": {"S": hold.why},
            "at": {"N": repr(hold.at)},
        }
        if hold.strands:
            item["strands"] = {"SS": list(hold.strands)}
        tried(lambda: self._client.put_item(TableName=self._table, Item=item))

    def release(self, customer: str, at: float) -> bool:
        """See `Keeping.release`."""
        return self._updated(
            _key(customer, HOLD), "SET released = :at", "attribute_exists(pk) AND attribute_not_exists(released)",
            {":at": {"N": repr(at)}},
        )  # fmt: skip

    def note_strands(self, customer: str, links: Sequence[str]) -> None:
        """See `Keeping.note_strands`."""
        self._updated(
            _key(customer, HOLD), "ADD strands :links", "attribute_exists(pk)", {":links": {"SS": list(links)}}
        )

    def write_held(self, stored: Stored, reaches: Mapping[str, str]) -> None:
        """See `Keeping.write_held`."""
        there = self._item(stored.customer, HELD)
        kept = json.loads(there["reaches"]["S"]) if there is not None else {}
        reaches = {**reaches, **kept}
        self._updated(
            _key(stored.customer, HELD),
            "SET links = :links, #state = :state, profile = :profile, turn = :turn, reaches = :reaches",
            "",
            {
                ":links": {"S": _links_text(stored.links)}, ":state": {"S": stored.state},
                ":profile": {"S": stored.profile}, ":turn": {"S": stored.turn},
                ":reaches": {"S": json.dumps(reaches, sort_keys=True)},
            },
            {"#state": "state"},
        )  # fmt: skip

    def want_erasure(self, customer: str, mark: str) -> None:
        """See `Keeping.want_erasure`."""
        item: Any = {**_key(customer, WANTED), "mark": {"S": mark}}
        try:
            tried(
                lambda: self._client.put_item(
                    TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)"
                )
            )
        except Refused:
            return  # the first wish stands

    def wanted_erasure(self, customer: str) -> str:
        """See `Keeping.wanted_erasure`."""
        item = self._item(customer, WANTED)
        return item["mark"]["S"] if item is not None else ""

    def note_waiting(self, held: str, customer: str) -> None:
        """See `Keeping.note_waiting`."""
        item: Any = _key(held, f"{WAITS}{customer}")
        tried(lambda: self._client.put_item(TableName=self._table, Item=item))

    def waiting(self, held: str) -> tuple[str, ...]:
        """See `Keeping.waiting`."""
        sorts = (item["sk"]["S"] for item in self._all(held))
        return tuple(sort[len(WAITS) :] for sort in sorts if sort.startswith(WAITS))

    def stop_waiting(self, held: str, customer: str) -> None:
        """See `Keeping.stop_waiting`."""
        self.delete_item(held, f"{WAITS}{customer}")

    def delete_conflict(self, customer: str, other: str, sort: str) -> None:
        """See `Keeping.delete_conflict`."""
        # The customer's own goes last: an erasure that is cut off finds the rest by it.
        keys = [_key(other, sort)] if other else []
        for key in (*keys, {"pk": {"S": OPEN}, "sk": {"S": sort}}, _key(customer, sort)):
            tried(lambda: self._client.delete_item(TableName=self._table, Key=key))  # noqa: B023 - called at once

    def belongings(self, customer: str) -> Belongings:
        """See `Keeping.belongings`."""
        export: ExportRow | None = None
        conflicts: dict[str, str] = {}
        went: dict[str, str] = {}
        others: list[str] = []
        for item in self._all(customer):
            sort = item["sk"]["S"]
            if sort == EXPORT:
                export = _export_in(item)
            elif sort.startswith(CONFLICT):
                conflicts[sort] = item["other"]["S"] if "other" in item else ""
            elif sort.startswith(WENT):
                went[sort[len(WENT) :]] = item["to"]["S"]
            elif sort not in (CONVERSATION, HOLD):
                others.append(sort)
        return Belongings(export, conflicts, went, tuple(others))

    def delete_item(self, customer: str, sort: str) -> None:
        """See `Keeping.delete_item`."""
        tried(lambda: self._client.delete_item(TableName=self._table, Key=_key(customer, sort)))

    def delete_challenges(self, customer: str, sessions: Sequence[str]) -> None:
        """See `Keeping.delete_challenges`."""
        keys = [challenge_partition(customer, session) for session in dict.fromkeys(sessions)]
        writes = [{"DeleteRequest": {"Key": {"pk": {"S": pk}, "sk": {"S": CODE}}}} for pk in keys]
        self._batches.batched(writes)

    def forget_went(self, customers: Collection[str], links: Collection[str]) -> None:
        """See `Keeping.forget_went`."""
        keys = [_key(customer, f"{WENT}{link}") for customer in customers for link in links]
        self._batches.batched([{"DeleteRequest": {"Key": key}} for key in keys])

    def export(self, customer: str) -> ExportRow | None:
        """See `Keeping.export`."""
        item = self._item(customer, EXPORT)
        return _export_in(item) if item is not None else None

    def write_export(self, customer: str, export: ExportRow) -> None:
        """See `Keeping.write_export`."""
        item: Any = {
            **_key(customer, EXPORT),
            "id": {"S": export.id},
            "at": {"N": repr(export.at)},
            "expires": {"N": str(export.expires)},
        }
        tried(lambda: self._client.put_item(TableName=self._table, Item=item))

    def _item(self, customer: str, sort: str) -> Item | None:
        items = self._read([f"{CUSTOMER_PREFIX}{customer}"], sort)
        return items[0] if items else None

    def _all(self, customer: str) -> Iterator[Item]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": f"{CUSTOMER_PREFIX}{customer}"}},
            "ExpressionAttributeNames": {"#at": "at", "#id": "id", "#other": "other", "#to": "to"},
            "ProjectionExpression": "pk, sk, #id, #at, expires, #other, #to",
            "ConsistentRead": True,
        }
        while True:
            page = tried(lambda: self._client.query(**request))
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _deleted(self, key: Any, condition: str, values: Any) -> bool:
        try:
            tried(
                lambda: self._client.delete_item(
                    TableName=self._table, Key=key, ConditionExpression=condition, ExpressionAttributeValues=values
                )
            )
        except Refused:
            return False
        return True

    def _updated(self, key: Any, update: str, condition: str, values: Any, names: Any = None) -> bool:
        request: dict[str, Any] = {
            "TableName": self._table, "Key": key, "UpdateExpression": update,
            "ExpressionAttributeValues": values,
        }  # fmt: skip
        if condition:
            request["ConditionExpression"] = condition
        if names:
            request["ExpressionAttributeNames"] = names
        try:
            tried(lambda: self._client.update_item(**request))
        except Refused:
            return False
        return True


def hold_in(customer: str, item: Item) -> Hold:
    """The hold in its item."""
    return Hold(
        customer=customer,
        by=item["by"]["S"],
        why=item["why"]["S"],
        at=float(item["at"]["N"]),
        released=float(item["released"]["N"]) if "released" in item else None,
        strands=tuple(sorted(item["strands"]["SS"])) if "strands" in item else (),
    )


def _export_in(item: Item) -> ExportRow:
    return ExportRow(item["id"]["S"], float(item["at"]["N"]), int(item["expires"]["N"]))


def challenge_partition(customer: str, session: str) -> str:
    """Where the code challenge of that customer and session is kept."""
    return CHALLENGE_PREFIX + hashlib.sha256(f"{customer}\0{session}".encode("utf-8", "surrogatepass")).hexdigest()


def _key(customer: str, sort: str) -> dict[str, Any]:
    return {"pk": {"S": f"{CUSTOMER_PREFIX}{customer}"}, "sk": {"S": sort}}

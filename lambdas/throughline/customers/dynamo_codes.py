"""Challenges and allowances in the customers' table.

| item      | pk                                   | sk          | attributes                                        |
|-----------|--------------------------------------|-------------|---------------------------------------------------|
| challenge | `P#<sha256 of customer, session>`    | `code`      | purpose S, about S, link S, to S, hash S,         |
|           |                                      |             | expires N, tries N, last S and used S once there  |
|           |                                      |             | is any                                            |
| allowance | `R#<name>.<seconds>#<hash>#<window>` | `allowance` | count N, expires N; last S of what is counted     |
|           |                                      |             | once only                                         |

Every number that counts is changed by a condition that the table checks itself: what is read here is never
written back. A write that is tried again because its answer was lost finds that a guess is paid for
(`last`), a code is used by this very turn (`used`) or a transaction is done (its token); a lone counter of what
isn't counted once only may count such a write twice, which only ever refuses sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from throughline.customers.allowances import Allowance
from throughline.customers.codes import TRIES, Challenge, CodeKeys
from throughline.customers.dynamo_calls import Item, Refused, tried
from throughline.customers.rules import new_nonce
from throughline.errors import StoreError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

CHALLENGE_PREFIX: Final = "P#"
"""Partition of one asker's challenge."""
CODE: Final = "code"
"""Its sort key."""
ALLOWANCE_PREFIX: Final = "R#"
"""Partition of one allowance's window."""
ALLOWANCE: Final = "allowance"
"""Its sort key."""
SWEPT_LATER: Final = 3600
"""Seconds that a counter outlives its window, for clocks that differ."""

_NAMES: Final = {"#tries": "tries", "#last": "last", "#used": "used", "#hash": "hash", "#expires": "expires"}
_OPEN: Final = (
    "#tries < :most AND #expires > :now AND attribute_not_exists(#used) "
    "AND (attribute_not_exists(#last) OR #last <> :guess)"
)
_NOT_LAST: Final = "(attribute_not_exists(#last) OR #last <> :once)"


class DynamoChallenges:
    """Challenges in the table of that name."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        """`client` from `client.dynamodb_client()`."""
        self._client = client
        self._table = table

    def put(self, challenge: Challenge) -> None:
        """See `Challenges.put`."""
        item: Item = {
            **_key(challenge.place),
            "purpose": {"S": challenge.purpose},
            "about": {"S": challenge.about},
            "link": {"S": challenge.link},
            "to": {"S": challenge.to},
            "hash": {"S": challenge.hash},
            "expires": {"N": str(challenge.expires)},
            "tries": {"N": str(challenge.tries)},
        }
        tried(lambda: self._client.put_item(TableName=self._table, Item=item))

    def spend(self, place: str, guess: str, now: float) -> tuple[bool, Challenge | None]:
        """See `Challenges.spend`."""
        values: dict[str, AttributeValueTypeDef] = {
            ":one": {"N": "1"},
            ":most": {"N": str(TRIES)},
            ":now": {"N": repr(float(now))},
            ":guess": {"S": guess},
        }
        names = {name: _NAMES[name] for name in ("#tries", "#last", "#used", "#expires")}
        try:
            answer = tried(
                lambda: self._client.update_item(
                    TableName=self._table,
                    Key=_key(place),
                    UpdateExpression="SET #last = :guess ADD #tries :one",
                    ConditionExpression=_OPEN,
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=values,
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            )
        except Refused as refused:
            _, there = refused.found[0]
            return False, _challenge(place, there) if there else None
        return True, _challenge(place, answer["Attributes"])

    def use(self, place: str, hashed: str, turn: str) -> bool:
        """See `Challenges.use`."""
        names = {name: _NAMES[name] for name in ("#hash", "#used")}
        try:
            tried(
                lambda: self._client.update_item(
                    TableName=self._table,
                    Key=_key(place),
                    UpdateExpression="SET #used = :turn",
                    ConditionExpression="#hash = :hash AND (attribute_not_exists(#used) OR #used = :turn)",
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues={":hash": {"S": hashed}, ":turn": {"S": turn}},
                )
            )
        except Refused:
            return False
        return True


class DynamoAllowances:
    """Counters in the table of that name."""

    def __init__(
        self, client: DynamoDBClient, table: str, keys: CodeKeys, nonces: Callable[[], str] = new_nonce
    ) -> None:
        """`client` from `client.dynamodb_client()`; `nonces` names each transaction."""
        self._client = client
        self._table = table
        self._keys = keys
        self._nonces = nonces

    def spend(self, wanted: Sequence[Allowance], now: float, once: str = "") -> str:
        """See `Allowances.spend`."""
        updates = [self._update(one, now, once) for one in wanted]
        try:
            if len(updates) == 1:
                tried(lambda: self._client.update_item(**updates[0]))
            else:
                token = self._nonces()
                items: Any = [{"Update": update} for update in updates]
                tried(lambda: self._client.transact_write_items(ClientRequestToken=token, TransactItems=items))
        except Refused as refused:
            if once and any(there is not None and _last(there) == once for _, there in refused.found):
                return ""
            return next(one.name for one, (no, _) in zip(wanted, refused.found, strict=True) if no)
        return ""

    def left(self, one: Allowance, now: float) -> bool:
        """See `Allowances.left`: one consistent read."""
        answer = tried(
            lambda: self._client.get_item(TableName=self._table, Key=self._place(one, now), ConsistentRead=True)
        )
        counter: Item = answer.get("Item", {})
        return "count" not in counter or int(counter["count"]["N"]) < one.most

    def _place(self, one: Allowance, now: float) -> dict[str, AttributeValueTypeDef]:
        return {"pk": {"S": f"{ALLOWANCE_PREFIX}{one.place(self._keys, now)}"}, "sk": {"S": ALLOWANCE}}

    def _update(self, one: Allowance, now: float, once: str) -> dict[str, Any]:
        expires = one.opened(now) + one.seconds + SWEPT_LATER
        update: dict[str, Any] = {
            "TableName": self._table,
            "Key": self._place(one, now),
            "UpdateExpression": "SET expires = :expires ADD #count :one",
            "ConditionExpression": "attribute_not_exists(#count) OR #count < :most",
            "ExpressionAttributeNames": {"#count": "count"},
            "ExpressionAttributeValues": {
                ":expires": {"N": str(expires)},
                ":one": {"N": "1"},
                ":most": {"N": str(one.most)},
            },
        }
        if once:
            update["UpdateExpression"] = "SET expires = :expires, #last = :once ADD #count :one"
            update["ConditionExpression"] = f"({update['ConditionExpression']}) AND {_NOT_LAST}"
            update["ExpressionAttributeNames"]["#last"] = "last"
            update["ExpressionAttributeValues"][":once"] = {"S": once}
            update["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return update


def _last(counter: Item) -> str:
    return counter["last"]["S"] if "last" in counter else ""


def _key(place: str) -> dict[str, AttributeValueTypeDef]:
    return {"pk": {"S": f"{CHALLENGE_PREFIX}{place}"}, "sk": {"S": CODE}}


def _challenge(place: str, item: Item) -> Challenge:
    try:
        return Challenge(
            place=place,
            purpose=item["purpose"]["S"],
            about=item["about"]["S"],
            link=item["link"]["S"],
            hash=item["hash"]["S"],
            expires=int(item["expires"]["N"]),
            tries=int(item["tries"]["N"]),
            last=item["last"]["S"] if "last" in item else "",
            used=item["used"]["S"] if "used" in item else "",
            to=item["to"]["S"] if "to" in item else "",
        )
    except (KeyError, ValueError) as problem:
        raise StoreError(
            f"a challenge is not of this schema ({type(problem).__name__}): who else writes here?"
        ) from None

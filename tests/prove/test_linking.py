"""Ten thousand random histories of linking in memory, and some on DynamoDB Local; PROVE scales how many."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings

from tests.unit.customers.linking_walks import LONG_WALKS, START, WALKS, Act, Place, walk_all
from tests.unit.customers.rig import KEYS
from tests.unit.customers.tables import make_table
from tests.unit.customers.test_linking_walks import MemoryPlace
from throughline.customers import dynamo
from throughline.customers.client import dynamodb_client
from throughline.customers.conflicts import Dispute
from throughline.customers.store import Edge, Stored
from throughline.customers.table import CONVERSATION
from throughline.desk.dynamo_disputes import DynamoDisputes
from throughline.records.dynamo_keeping import CODE, DynamoKeeping, challenge_partition
from throughline.records.dynamo_strands import ERASED, DynamoStrands

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SCALE = float(os.environ.get("PROVE", "1"))


class TablePlace(Place):
    """A store in a table of its own; what is kept is read back by the store itself."""

    def __init__(self, client: DynamoDBClient) -> None:
        self._client = client
        self._table = make_table(client)
        self.store = dynamo.DynamoStore(client, self._table, KEYS)
        self.strands, self.keeping = DynamoStrands(client, self._table), DynamoKeeping(client, self._table, KEYS)

    def kept(self) -> tuple[Mapping[str, Stored], Mapping[str, Edge]]:
        items = self._items()
        conversations = [dynamo._stored(item) for item in items if item["sk"]["S"] == CONVERSATION]
        edges = [dynamo._edge(item) for item in items if item["pk"]["S"].startswith("A#")]
        return {one.customer: one for one in conversations}, {one.address: one for one in edges}

    def all_text(self) -> str:
        return json.dumps([item for item in self._items() if item["sk"]["S"] != ERASED])

    def dispute(self, customer: str, other: str, number: int) -> None:
        DynamoDisputes(self._client, self._table).note(Dispute(customer, other, "", START + number))

    def challenge(self, customer: str, session: str) -> None:
        item = {"pk": {"S": challenge_partition(customer, session)}, "sk": {"S": CODE}}
        self._client.put_item(TableName=self._table, Item=item)

    def challenged(self, customer: str, session: str) -> bool:
        key = {"pk": {"S": challenge_partition(customer, session)}, "sk": {"S": CODE}}
        return "Item" in self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)

    def _items(self) -> list[Any]:
        pages = self._client.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]


def test_ten_thousand_walks_keep_everybodys_words_theirs() -> None:
    _walk(10_000, MemoryPlace, "in memory")


def test_some_walks_on_dynamodb_local_keep_them_too(dynamodb_endpoint: str) -> None:
    client = dynamodb_client("eu-west-1", dynamodb_endpoint, connect_seconds=60, read_seconds=60)
    _walk(60, lambda: TablePlace(client), "on DynamoDB Local")


def _walk(number: int, place: Callable[[], Place], where: str) -> None:
    counted: Counter[str] = Counter()

    @settings(
        max_examples=max(1, int(number * SCALE)),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(WALKS | LONG_WALKS)
    def every(acts: list[Act]) -> None:
        walk_all(place, acts, counted)

    every()
    print(f"\n{where}: " + ", ".join(f"{times} {what}" for what, times in counted.items()))

"""Ten thousand random histories of linking in memory, and some on DynamoDB Local; PROVE scales how many."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings

from tests.unit.customers.contract import KEYS
from tests.unit.customers.linking_walks import LONG_WALKS, WALKS, Act, Place, walk_all
from tests.unit.customers.tables import make_table
from tests.unit.customers.test_linking_walks import MemoryPlace
from throughline.customers import dynamo
from throughline.customers.client import dynamodb_client
from throughline.customers.store import Edge, Stored
from throughline.records.dynamo_keeping import DynamoKeeping
from throughline.records.dynamo_strands import DynamoStrands
from throughline.records.strands import Keeping, Strands

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SCALE = float(os.environ.get("PROVE", "1"))


class TablePlace(Place):
    """A store in a table of its own; what is kept is read back by the store itself."""

    def __init__(self, client: DynamoDBClient) -> None:
        self._client = client
        self._table = make_table(client)
        self.store = dynamo.DynamoStore(client, self._table, KEYS)

    def kept(self) -> tuple[Mapping[str, Stored], Mapping[str, Edge]]:
        items = self._client.scan(TableName=self._table, ConsistentRead=True)["Items"]
        conversations = [dynamo._stored(item) for item in items if item["pk"]["S"].startswith("C#")]
        edges = [dynamo._edge(item) for item in items if item["pk"]["S"].startswith("A#")]
        return {one.customer: one for one in conversations}, {one.address: one for one in edges}

    def records(self) -> tuple[Strands, Keeping]:
        return DynamoStrands(self._client, self._table), DynamoKeeping(self._client, self._table, KEYS)


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

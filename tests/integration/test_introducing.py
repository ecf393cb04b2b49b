"""Introductions on AWS's own DynamoDB Local: made once, joined, in conflict, and by several desks at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.customers.rig import KEYS, NOW
from tests.unit.customers.tables import make_table
from tests.unit.desk.introductions import MAIL, PHONE, Introductions, at, introduce, mail, meets, phone
from tests.unit.records.world import MemoryShelf, words
from throughline.customers.client import dynamodb_client
from throughline.desk.acts import Desk, Said
from throughline.desk.dynamo_audit import DynamoAudit
from throughline.desk.dynamo_disputes import DynamoDisputes
from throughline.desk.matrix import Team
from throughline.desk.office import Office
from throughline.desk.person import Person
from throughline.records.custody import Custody
from throughline.records.dynamo_keeping import DynamoKeeping
from throughline.records.dynamo_strands import DynamoStrands

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture(scope="module")
def client(dynamodb_endpoint: str) -> DynamoDBClient:
    return dynamodb_client("eu-west-1", dynamodb_endpoint, connections=20, connect_seconds=60, read_seconds=60)


@dataclass
class Branch:
    """A desk over tables of its own."""

    client: DynamoDBClient
    now: float = NOW

    def __post_init__(self) -> None:
        table, trail = make_table(self.client), make_table(self.client)
        self.table = table
        self.store = DynamoKeeping(self.client, table, KEYS)
        office = Office(
            self.store, DynamoStrands(self.client, table), self.store, DynamoAudit(self.client, trail),
            Custody(self.store, MemoryShelf()), words, lambda person, unfinished: None, lambda: self.now,
            disputes=DynamoDisputes(self.client, table),
        )  # fmt: skip
        self.desk = Desk(office)

    def ask(self, team: Team, act: str, **request: Any) -> Said:
        return self.desk.answer(Person(f"{team.value}-1", team), {"act": act, "why": "our records"} | request)

    def items(self) -> dict[tuple[str, str], Any]:
        """All that is in the customers' table."""
        found = self.client.scan(TableName=self.table, ConsistentRead=True)["Items"]
        return {(item["pk"]["S"], item["sk"]["S"]): item for item in found}


@pytest.fixture
def place(client: DynamoDBClient) -> Branch:
    return Branch(client)


class TestIntroductionsOnDynamoDbLocal(Introductions):
    """The same as over memory; `place` is a desk over tables."""


def test_a_second_introduction_writes_no_item(place: Branch) -> None:
    introduce(place, phone(), mail())
    before = place.items()
    assert introduce(place, mail(), phone()).body["introduction"] == "known"
    assert place.items() == before and len(before) == 3


def test_raw_addresses_are_in_their_edges_and_nowhere_else(place: Branch) -> None:
    introduce(place, phone(), mail(), {"kind": "login", "value": "sub-of-pat"})
    for (pk, _), item in place.items().items():
        reach = item.pop("reach", {"S": ""})["S"]
        assert bool(reach) <= pk.startswith("A#")
        assert not any(raw in repr(item) for raw in (PHONE, "0143", MAIL, "sub-of-pat"))


def test_a_conflict_changes_nothing_but_the_notes_of_it(place: Branch) -> None:
    introduce(place, phone())
    introduce(place, mail())
    before = place.items()
    said = introduce(place, phone(), mail(), phone("+12025550177"))
    after = place.items()
    new = {key: item for key, item in after.items() if key not in before}
    assert {key: after[key] for key in before} == before
    assert {pk for pk, _ in new} == {"K#open", *(f"C#{customer}" for customer in said.body["customers"])}
    assert {sk for _, sk in new} == {f"conflict#{said.body['conflicts'][0]}"}


def test_an_edge_that_expired_and_was_not_swept_is_written_over(place: Branch) -> None:
    meets(place)
    place.now += 400 * 86_400
    said = introduce(place, phone(), mail())
    assert said.body["introduction"] == "made"
    assert at(place, "phone", PHONE)[0].customer == said.body["customer"]


def test_several_desks_at_once_make_one_customer(place: Branch) -> None:
    orders = ((phone(), mail()), (mail(), phone())) * 3
    with ThreadPoolExecutor(len(orders)) as desks:
        said = list(desks.map(lambda addresses: introduce(place, *addresses), orders))
    told = [one for one in said if one.status == 200]
    assert {one.status for one in said} <= {200, 409, 503}, "who loses each race is asked to try again"
    assert len({one.body["customer"] for one in told}) == 1
    assert [one.body["introduction"] for one in told].count("made") == 1
    conversations = [item for (pk, sk), item in place.items().items() if sk == "conversation"]
    assert len(conversations) == 1

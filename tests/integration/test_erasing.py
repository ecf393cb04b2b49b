"""Erasing on AWS's own DynamoDB Local: all of it, cut off anywhere, in a function's time, and by the real stream."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from tests.unit.customers.rig import KEYS, NOW
from tests.unit.customers.tables import make_table
from tests.unit.records.world import Crash, Crashing, MemoryAccounts, MemoryShelf, a_turn, plenty, record, words
from throughline.customers import linking
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.client import dynamodb_client
from throughline.customers.conflicts import Dispute
from throughline.customers.store import Link, Stored
from throughline.desk.audit import of_erasure
from throughline.desk.dynamo_audit import DynamoAudit
from throughline.desk.dynamo_disputes import DynamoDisputes
from throughline.dialogue.state import Acting, State, encode
from throughline.records import marks
from throughline.records.dynamo_keeping import CODE, DynamoKeeping, challenge_partition
from throughline.records.dynamo_strands import DynamoStrands
from throughline.records.dynamo_stream import changed
from throughline.records.erasing import Erasing
from throughline.records.export import Exports
from throughline.records.following import Following, HoldChanged
from throughline.records.marks import ERASE, Mark
from throughline.records.memory import MemoryKeeping
from throughline.records.retention import DAY
from throughline.records.strands import ExportRow, Gone, Hold
from throughline.records.tombstones import DynamoTombstones
from throughline.records.transcript import StrandFact
from throughline.turn import Assurance

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture(scope="module")
def client(dynamodb_endpoint: str) -> DynamoDBClient:
    return dynamodb_client("eu-west-1", dynamodb_endpoint, connections=20, connect_seconds=60, read_seconds=60)


@dataclass
class Place:
    """A customers' table, one of tombstones and one of the trail; and what works on them."""

    client: DynamoDBClient
    table: str = ""
    counter: list[int] = field(default_factory=lambda: [-1])
    after: bool = False
    shelf: MemoryShelf = field(default_factory=MemoryShelf)

    def __post_init__(self) -> None:
        self.table = self.table or make_table(self.client)
        self.accounts = MemoryAccounts(MemoryKeeping())
        self.erasures = f"{self.table}-erasures"
        self.trail = make_table(self.client)
        self.client.create_table(
            TableName=self.erasures,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        self.strands = DynamoStrands(self.client, self.table)
        self.keeping = DynamoKeeping(self.client, self.table, KEYS)
        self.tombstones = DynamoTombstones(self.client, self.erasures)
        self.audit = DynamoAudit(self.client, self.trail)

    def erasing(self, *, crashing: bool = False) -> Erasing:
        wired: Any = Crashing(self.client, self.counter, after=self.after) if crashing else self.client
        shelf: Any = Crashing(self.shelf, self.counter, after=self.after) if crashing else self.shelf
        accounts: Any = Crashing(self.accounts, self.counter, after=self.after) if crashing else self.accounts
        audit = DynamoAudit(wired, self.trail)
        return Erasing(
            DynamoStrands(wired, self.table), DynamoKeeping(wired, self.table, KEYS),
            DynamoTombstones(wired, self.erasures), shelf, accounts,
            tell=lambda erased: audit.append(of_erasure(erased)), clock=lambda: NOW,
        )  # fmt: skip

    def following(self) -> Following:
        exports = Exports(self.strands, self.keeping, self.shelf, words, clock=lambda: NOW)
        return Following(self.strands, self.keeping, self.erasing(), exports, clock=lambda: NOW)

    def furnish(self, phone: str, links: int, turns: int) -> Stored:
        stored, first = self.keeping.by_address(Address(AddressKind.PHONE, phone), NOW - 9000)
        ways = dict(stored.links)
        for number in range(1, links):
            address = Address(AddressKind.WEB, f"{phone}-{number}").hashed(KEYS.address_keys())
            name = f"{first}-{number}"
            ways[name] = Link(name, 1, Assurance.LINKED, "code", NOW - 9000, address, kind="web")
        stored = self.keeping.save(replace(stored, links=ways, turn=record(first, "t0", NOW - 9000)), NOW - 9000)
        customer = stored.customer
        batches: list[Any] = []
        for number in range(turns):
            turn = a_turn(customer, list(ways)[number % links], f"t{number}", NOW - 9000 + number / 10, phone)
            item = {"pk": {"S": f"L#{turn.link}"}, "sk": {"S": turn.sort}, "record": {"S": turn.record}}
            batches.append({"PutRequest": {"Item": item}})
        self.strands.batched(batches)
        self.strands.write_facts([StrandFact(link, NOW - 90, "name", "", "Pat", "customer", None) for link in ways])
        self.keeping.write_export(customer, ExportRow(f"e-{customer}", NOW - 5, int(NOW) + DAY))
        self.shelf.put(f"e-{customer}", "page.html", "all", "text/html; charset=utf-8")
        put = self.client.put_item
        put(TableName=self.table, Item={"pk": {"S": f"C#{customer}"}, "sk": {"S": "conflict#1"}, "other": {"S": "c-x"}})
        put(TableName=self.table, Item={"pk": {"S": "C#c-x"}, "sk": {"S": "conflict#1"}, "other": {"S": customer}})
        challenge = {"pk": {"S": challenge_partition(customer, "s-t0")}, "sk": {"S": "code"}, "link": {"S": first}}
        put(TableName=self.table, Item=challenge)
        return stored

    def mingled(self, phone: str, email: str) -> Stored:
        """A customer whose former links others have: one by a merge, one that left as wrong, where somebody acts."""
        one, other = self.furnish(phone, 2, 9), self.furnish(f"{phone}9", 1, 3)
        self.shelf.files.clear()
        (web,) = (link.id for link in one.links.values() if link.kind == "web")
        one, both = self.keeping.relink(linking.merge(other, one, act="m1", by="person-1"), NOW - 80)
        _, one = self.keeping.relink(linking.leave(both, {web}, home=one, by="person-1"), NOW - 70)
        one, stranger = self.keeping.relink(linking.leave(one, {web}, home=None, by="person-1"), NOW - 60)
        state = State(acting=(Acting("s-t0", one.customer, web, 1, NOW - 50),))
        self.keeping.save(replace(stranger, state=encode(state)), NOW - 50)
        fresh, way = self.keeping.by_address(Address(AddressKind.EMAIL, email), NOW - 40)
        one = self.keeping.save(replace(one, links=fresh.links, turn=record(way, "t-new", NOW - 40, email)), NOW - 40)
        self.strands.write_turn(a_turn(one.customer, way, "t-new", NOW - 40, email))
        DynamoDisputes(self.client, self.table).note(Dispute(one.customer, other.customer, one.links[way].address, NOW))
        place = {"pk": {"S": challenge_partition("c-guest", "s-guest")}, "sk": {"S": CODE}}
        asked = {"about": {"S": one.customer}, "to": {"S": way}, "expires": {"N": str(int(NOW) + 300)}}
        self.client.put_item(TableName=self.table, Item=place | asked)
        return one

    def announce(self, stored: Stored) -> Mark:
        new = self.keeping.save(marks.marked(stored, ERASE, at=NOW), NOW)
        mark = marks.read(new.mark)
        assert mark is not None
        return mark

    def items(self) -> Iterator[Mapping[str, Any]]:
        request: dict[str, Any] = {"TableName": self.table}
        while True:
            page = self.client.scan(**request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def found(self, stored: Stored, phone: str) -> list[str]:
        """Every item that still holds the customer's id, a link's, an address' hash or the number itself."""
        needles = [stored.customer, phone, *stored.links, *(link.address for link in stored.links.values())]
        left: list[str] = []
        for item in self.items():
            text = json.dumps(item)
            if item["sk"]["S"] != "erased" and any(needle in text for needle in needles if needle):
                left.append(f"{item['pk']['S']} {item['sk']['S']}")
        return left + [f"{key}" for key in self.shelf.files]


def test_the_account_is_named_by_its_address_until_it_is_deleted_wherever_it_is_cut_off(client: DynamoDBClient) -> None:
    place = Place(client)
    step, ended = 0, False
    while not ended:
        step += 1
        subject = str(uuid.UUID(int=step))
        login = Address(AddressKind.LOGIN, subject)
        stored, link = place.keeping.by_address(login, NOW - 90)
        assert stored.links[link].reach == subject
        stored = place.keeping.save(stored, NOW - 90)
        edge = place.keeping.edge(stored.links[link].address)
        assert edge is not None and edge.reach == subject
        place.accounts.there.add(subject)
        mark = place.announce(stored)
        place.counter[0] = step
        try:
            place.erasing(crashing=True).run(stored.customer, mark, plenty)
            ended = True
        except Crash:
            place.erasing().run(stored.customer, mark, plenty)
        assert place.accounts.there == set() and place.found(stored, subject) == [], f"request {step}"
        assert not any(subject in str(item) for item in client.scan(TableName=place.erasures)["Items"])
    assert step > 10


def test_ten_thousand_turns_and_twelve_links_are_gone_within_a_functions_time(client: DynamoDBClient) -> None:
    place = Place(client)
    phone = "+12025550143"
    stored = place.furnish(phone, 12, 10_000)
    assert len(place.found(stored, phone)) > 10_000
    neighbour = place.furnish("+12025550144", 1, 3)
    place.shelf.files.pop((f"e-{neighbour.customer}", "page.html"))
    began = time.monotonic()
    erased = place.erasing().run(stored.customer, place.announce(stored), plenty)
    print(f"10,000 turns, 12 links: {time.monotonic() - began:.1f} s")
    assert place.found(stored, phone) == []
    assert erased is not None and (erased.links, erased.items) == (12, 10_012)
    assert len(list(place.strands.turns(next(iter(neighbour.links))))) == 3
    entries = list(place.audit.on("2033-05-18"))
    assert [entry.act for entry in entries] == ["erase"]
    assert phone not in repr(entries)


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_cut_off_at_any_request_it_is_finished_by_the_next_run(client: DynamoDBClient, after: bool) -> None:
    place = Place(client, after=after)
    step, ended = 0, False
    while not ended:
        step += 1
        phone = f"+1202555{1000 + step}"
        stored = place.furnish(phone, 2, 30)
        mark = place.announce(stored)
        place.counter[0] = step
        try:
            place.erasing(crashing=True).run(stored.customer, mark, plenty)
            ended = True
        except Crash:
            place.erasing().run(stored.customer, mark, plenty)
        assert place.found(stored, phone) == [], f"request {step}"
        stone = place.tombstones.read(mark.id)
        assert stone is not None and stone.done == NOW
    assert step > 20
    assert len({entry.id for entry in place.audit.on("2033-05-18")}) == step


@pytest.mark.parametrize("crashes", [False, True])
def test_nobody_who_has_a_former_link_of_theirs_names_them_but_a_code_that_is_about_to_expire(
    client: DynamoDBClient, crashes: bool
) -> None:
    place, step, ended = Place(client), 0, False
    while not ended:
        step += 7
        phone, email = f"+1202555{1000 + step}", f"pat{step}@example.com"
        stored = place.mingled(phone, email)
        there = place.found(stored, email)
        assert len([one for one in there if one.endswith(" conversation")]) == 3
        assert {one.partition(" ")[2].partition("#")[0] for one in there} >= {"went", "conflict", "code"}
        mark = place.announce(stored)
        place.counter[0] = step if crashes else -1
        try:
            place.erasing(crashing=True).run(stored.customer, mark, plenty)
            ended = True
        except Crash:
            place.erasing().run(stored.customer, mark, plenty)
        asked = challenge_partition("c-guest", "s-guest")
        assert place.found(stored, email) == [f"{asked} {CODE}"], "which LIVES_ON says"
        client.delete_item(TableName=place.table, Key={"pk": {"S": asked}, "sk": {"S": CODE}})
    assert step > (20 if crashes else 0)


def test_a_restored_table_is_forgotten_again(client: DynamoDBClient) -> None:
    place = Place(client)
    phone = "+12025550143"
    stored = place.furnish(phone, 3, 30)
    backup = list(place.items())
    place.erasing().run(stored.customer, place.announce(stored), plenty)
    for item in backup:
        client.put_item(TableName=place.table, Item=dict(item))
    place.shelf.files.clear()
    assert len(place.found(stored, phone)) > 30
    for stone in place.tombstones.all():
        assert place.erasing().again(stone, plenty).left == 0
    assert place.found(stored, phone) == []


def test_what_a_merge_left_behind_goes_with_who_was_erased_unless_a_hold_forbids_it(client: DynamoDBClient) -> None:
    place = Place(client)
    one, other = place.furnish("+12025550143", 1, 3), place.furnish("+12025550144", 1, 3)
    _, both = place.keeping.relink(linking.merge(one, other, act="m", by="person-1"), NOW)
    assert set(both.links) == {*one.links, *other.links}
    place.keeping.write_hold(Hold(other.customer, "person-1", "case", NOW))
    assert place.erasing().run(both.customer, mark := place.announce(both), plenty) is None
    assert place.keeping.waiting(other.customer) == (both.customer,)
    assert not list(place.tombstones.all()) and place.found(other, "+12025550144")
    place.keeping.release(other.customer, NOW + 1)
    hold = place.keeping.hold(other.customer)
    assert hold is not None
    assert place.following().follow(HoldChanged(other.customer, hold), plenty) == "resumed"
    assert place.found(one, "+12025550143") == place.found(other, "+12025550144") == []
    (stone,) = place.tombstones.all()
    assert stone.mark == mark and stone.homes == (other.customer,) and stone.done == NOW
    assert list(place.tombstones.all(stone.id)) == []


def test_a_conflict_is_found_among_the_open_ones_until_it_is_closed_or_one_of_the_two_is_erased(
    client: DynamoDBClient,
) -> None:
    place = Place(client)
    disputes = DynamoDisputes(client, place.table)
    stored = place.furnish("+12025550143", 1, 0)
    for number, who in enumerate((stored.customer, "c-kim", "c-sam")):
        disputes.note(Dispute(who, "c-pat", "a1.hash", NOW + number))
    assert [one.customers[0] for one in disputes.open(NOW + 9)] == ["c-sam", "c-kim", stored.customer]
    closed = disputes.open(NOW + 9)[0]
    place.keeping.delete_conflict("c-pat", "c-sam", f"conflict#{closed.id}")
    assert [one.customers[0] for one in disputes.open(NOW + 9)] == ["c-kim", stored.customer]
    place.erasing().run(stored.customer, place.announce(stored), plenty)
    assert [one.customers[0] for one in disputes.open(NOW + 9)] == ["c-kim"]
    assert [one.other for one in disputes.of("c-pat", NOW + 9)] == ["c-kim"]


def test_the_tables_own_stream_is_followed_from_the_first_turn_to_the_last_trace(
    client: DynamoDBClient, dynamodb_endpoint: str
) -> None:
    place = Place(client)
    described = client.update_table(
        TableName=place.table, StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    )
    stream = described["TableDescription"]["LatestStreamArn"]
    phone = "+12025550143"
    stored, first = place.keeping.by_address(Address(AddressKind.PHONE, phone), NOW - 50)
    for number in range(5):
        turn = record(first, f"t{number}", NOW - 50 + number)
        stored = place.keeping.save(replace(stored, turn=turn), NOW - 50 + number)
    followed = [place.following().follow(change, plenty) for change in changes(dynamodb_endpoint, stream)]
    assert followed == ["kept"] * 5
    assert [turn.id for turn in place.strands.turns(first)] == [f"t{n}" for n in range(5)]
    place.keeping.write_hold(Hold(stored.customer, "person-1", "case", NOW))
    for change in list(changes(dynamodb_endpoint, stream)):
        place.following().follow(change, plenty)
    assert {turn.expires for turn in place.strands.turns(first)} == {None}
    assert "held" in place.keeping.belongings(stored.customer).others
    place.keeping.want_erasure(stored.customer, marks.marked(stored, ERASE, at=NOW).mark)
    place.keeping.release(stored.customer, NOW + 1)
    for _ in range(2):  # the hold's end announces the erasure, which comes by the stream in turn
        for change in list(changes(dynamodb_endpoint, stream)):
            place.following().follow(change, plenty)
    assert place.found(stored, phone) == []


def changes(endpoint: str, stream: str) -> Iterator[Any]:
    """All that the stream tells, as the event source mapping would hand it over: times as numbers."""
    session = botocore.session.get_session()
    reader: Any = session.create_client("dynamodbstreams", region_name="eu-west-1", endpoint_url=endpoint)
    for shard in reader.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]:
        iterator = reader.get_shard_iterator(
            StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        for one in reader.get_records(ShardIterator=iterator)["Records"]:
            told = {**one["dynamodb"], "ApproximateCreationDateTime": NOW}
            change = changed({**one, "dynamodb": told})
            if change is not None:
                yield change


def test_a_strand_remembers_what_was_erased_and_which_sessions_went_along(client: DynamoDBClient) -> None:
    strands = DynamoStrands(client, make_table(client))
    assert strands.gone("la") == Gone()
    strands.write_along("la", "web:s1", "lb", NOW - 5, int(NOW) + DAY)
    strands.write_along("la", "sms:a1.hash", "lc", NOW - 3, int(NOW) + DAY)
    along = {"web:s1": ("lb", NOW - 5), "sms:a1.hash": ("lc", NOW - 3)}
    assert strands.gone("la") == Gone(None, along)
    strands.write_along("la", "web:s1", "lb", NOW - 1, int(NOW) + DAY)
    assert strands.gone("la").along["web:s1"] == ("lb", NOW - 1)
    strands.write_erased("la", NOW, int(NOW) + DAY)
    assert strands.gone("la").erased == NOW, "which covers the sessions, too"
    assert strands.kept("la") == [], "a marker is no item of the strand's"

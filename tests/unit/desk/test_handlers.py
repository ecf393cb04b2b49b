"""Both functions as Lambda imports them, over tables, a bucket and a secret in this process."""

from __future__ import annotations

import base64
import importlib
import io
import json
import logging
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.session
import pytest
from moto import mock_aws

from tests.unit.records.world import record
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.client import dynamodb_client
from throughline.customers.keys import parse_keys
from throughline.customers.store import Stored
from throughline.records.dynamo_keeping import DynamoKeeping
from throughline.records.dynamo_strands import DynamoStrands
from throughline.records.marks import Mark

REGION, ACCOUNT = "eu-west-1", "111122223333"
SECRET = json.dumps({"current": "k1", "k1": "root-of-the-tests-and-of-nothing-else"})
_FRESH = ("records", "desk", "records_wiring", "desk_wiring", "telemetry", "settings", "cold_start")


class Lasting:
    """A context whose time does not run out, unless it is told to."""

    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:records:live"

    def __init__(self, seconds: float = 300.0) -> None:
        self.seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


class Running(Lasting):
    """A context whose time is nearly up once it was looked at so often."""

    def __init__(self, seconds: Iterator[float]) -> None:
        super().__init__()
        self.left = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(next(self.left, 5.0) * 1000)


@dataclass
class Building:
    """Both functions, and what is behind them."""

    records: ModuleType
    desk: ModuleType
    keeping: DynamoKeeping
    strands: DynamoStrands
    s3: Any
    log: io.StringIO

    def ask(self, team: str, body: Any, **event: Any) -> tuple[int, Any]:
        arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/throughline-{team}/kim"
        context = {"authorizer": {"iam": {"accountId": ACCOUNT, "userArn": arn}}}
        text = body if isinstance(body, str) else json.dumps({"why": "case 4711"} | body)
        answer = self.desk.handler({"requestContext": context, "body": text} | event, None)
        assert answer["headers"]["cache-control"] == "no-store"
        return answer["statusCode"], json.loads(answer["body"])

    def meets(self, phone: str) -> Stored:
        now = time.time()
        stored, link = self.keeping.by_address(Address(AddressKind.PHONE, phone), now)
        return self.keeping.save(replace(stored, turn=record(link, "t1", now, "hello from me")), now)

    def image(self, customer: str) -> dict[str, Any]:
        key = {"pk": {"S": f"C#{customer}"}, "sk": {"S": "conversation"}}
        item: dict[str, Any] = self.keeping._client.get_item(TableName="customers", Key=key).get("Item", {})
        return item

    def stream(self, sequence: str, customer: str, old: Any, new: Any) -> dict[str, Any]:
        told: dict[str, Any] = {
            "Keys": {"pk": {"S": f"C#{customer}"}, "sk": {"S": "conversation"}},
            "SequenceNumber": sequence, "ApproximateCreationDateTime": time.time(),
        }  # fmt: skip
        return {"dynamodb": told | {n: i for n, i in (("OldImage", old), ("NewImage", new)) if i}}


@pytest.fixture(scope="module")
def building() -> Iterator[Building]:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        session: Any = botocore.session.get_session()
        table: Any = session.create_client("dynamodb", region_name=REGION)
        for name, keys in (("customers", ("pk", "sk")), ("trail", ("pk", "sk")), ("erasures", ("pk",))):
            table.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[
                    {"AttributeName": k, "KeyType": kind} for k, kind in zip(keys, ("HASH", "RANGE"), strict=False)
                ],
                AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            )
        s3: Any = session.create_client("s3", region_name=REGION)
        s3.create_bucket(Bucket="exports-of-tests", CreateBucketConfiguration={"LocationConstraint": REGION})
        secrets: Any = session.create_client("secretsmanager", region_name=REGION)
        arn = secrets.create_secret(Name="keys", SecretString=SECRET)["ARN"]
        environment = {
            "TABLE": "customers", "ERASURES": "erasures", "AUDIT": "trail", "EXPORTS": "exports-of-tests",
            "KEYS": arn, "RECORDS": "records-function", "ACCOUNT": ACCOUNT,
        }  # fmt: skip
        for name, value in environment.items():
            patch.setenv(name, value)
        for name in _FRESH:
            patch.delitem(sys.modules, name, raising=False)
        patch.delitem(logging.Logger.manager.loggerDict, "throughline", raising=False)
        wiring = importlib.import_module("records_wiring")
        patch.setattr(wiring, "MODEL", Path(__file__).resolve().parents[3] / "lambdas" / "model.json")
        if not wiring.MODEL.is_file():
            patch.setattr(wiring, "MODEL", _compiled())
        records, desk = importlib.import_module("records"), importlib.import_module("desk")
        log = io.StringIO()
        for handler in logging.getLogger("throughline").handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(log)
        client = dynamodb_client(REGION)
        keeping = DynamoKeeping(client, "customers", parse_keys(SECRET))
        yield Building(records, desk, keeping, DynamoStrands(client, "customers"), s3, log)


class _Text:
    """A compiled model that stands in no file."""

    def read_bytes(self) -> bytes:
        import compiler

        folder = Path(__file__).resolve().parents[3] / "dialogue"
        return json.dumps(compiler.compile_runtime(compiler.load(folder))).encode()

    def is_file(self) -> bool:
        return True


def _compiled() -> Any:
    return _Text()


def test_a_customer_is_transcribed_exported_and_erased_by_both_functions(building: Building) -> None:
    stored = building.meets("+12025550143")
    customer = stored.customer
    first = building.image(customer)
    records = building.records.handler({"Records": [building.stream("1", customer, None, first)]}, Lasting())
    assert records == {"batchItemFailures": []}
    link = next(iter(stored.links))
    assert [turn.id for turn in building.strands.turns(link)] == ["t1"]

    assert building.ask("operator", {"act": "export", "customer": customer}) == (200, {"export": "being made"})
    marked = building.image(customer)
    building.records.handler({"Records": [building.stream("2", customer, first, marked)]}, Lasting())
    status, ready = building.ask("operator", {"act": "export", "customer": customer})
    assert status == 200 and "X-Amz-Expires=900" in ready["link"]
    objects = building.s3.list_objects_v2(Bucket="exports-of-tests")["Contents"]
    pages = [one["Key"] for one in objects]
    assert sorted(key.rpartition("/")[2] for key in pages) == ["data.json", "page.html"]
    body = building.s3.get_object(Bucket="exports-of-tests", Key=pages[0])["Body"].read().decode()
    assert "hello from me" in body and "+12025550143" in body
    assert ready["link"].startswith("https://exports-of-tests.s3.eu-west-1.amazonaws.com/exports/")

    assert building.ask("operator", {"act": "erase", "customer": customer})[1] == {"erasure": "begun"}
    asked = building.image(customer)
    event = {"Records": [building.stream("3", customer, marked, asked)]}
    assert building.records.handler(event, Lasting()) == {"batchItemFailures": []}
    assert list(building.strands.turns(link)) == [] and building.image(customer) == {}
    assert "Contents" not in building.s3.list_objects_v2(Bucket="exports-of-tests")
    assert building.records.handler({"replay": {"by": "kim"}}, Lasting()) == {"replayed": 1, "left": 0}
    day = time.strftime("%Y-%m-%d", time.gmtime())
    entries = building.ask("auditor", {"act": "audit", "day": day})[1]["entries"]
    acts = {(entry["act"], entry["team"]) for entry in entries}
    assert {("export", "operator"), ("erase", "operator"), ("erase", "system"), ("audit", "auditor")} <= acts
    assert "0143" not in json.dumps(entries)


def test_an_introduction_and_a_note_are_done_and_stand_in_the_facts_history(building: Building) -> None:
    addresses = [{"kind": "phone", "value": "+12025550148"}, {"kind": "email", "value": "kim@example.com"}]
    request = {"act": "introduce", "addresses": addresses, "facts": [{"kind": "name", "value": "Kim"}]}
    status, made = building.ask("operator", request)
    assert (status, made["introduction"]) == (200, "made")
    first = building.image(made["customer"])
    assert building.ask("operator", request) == (200, made | {"introduction": "known"})
    assert building.image(made["customer"]) == first
    fact = {"kind": "locale", "value": "es_US"}
    assert building.ask("agent", {"act": "note", "customer": made["customer"], "fact": fact})[0] == 200
    noted = building.image(made["customer"])
    for number, old, new in (("1", None, first), ("2", first, noted)):
        event = {"Records": [building.stream(number, made["customer"], old, new)]}
        assert building.records.handler(event, Lasting()) == {"batchItemFailures": []}
    history = [fact for link in made["links"] for fact in building.strands.facts(link)]
    assert sorted((fact.kind, fact.value, fact.by) for fact in history) == [
        ("locale", "es_US", "kim"), ("name", "Kim", "import"),
    ]  # fmt: skip
    assert building.ask("agent", {"act": "look", "address": addresses[0]})[1]["customer"] == made["customer"]


def test_an_export_changes_nothing_else_of_the_conversation(building: Building) -> None:
    stored = building.meets("+12025550147")
    told = json.dumps([["name", "", "Pat", next(iter(stored.links)), 1.0, "customer"]], separators=(",", ":"))
    stored = building.keeping.save(replace(stored, profile=told, state='{"n":3}'), time.time())
    building.ask("operator", {"act": "export", "customer": stored.customer})
    after = building.keeping.conversation(stored.customer)
    assert after is not None and after.mark and after.version == stored.version + 1 and after.nonce != stored.nonce
    assert replace(after, mark="", version=stored.version, nonce=stored.nonce) == stored
    building.ask("operator", {"act": "erase", "customer": stored.customer})
    erased = building.keeping.conversation(stored.customer)
    assert erased is not None and (erased.links, erased.state, erased.profile) == ({}, "", "")


def test_a_damaged_record_is_told_and_its_neighbours_are_done(building: Building) -> None:
    stored = building.meets("+12025550144")
    good = building.image(stored.customer)
    bad = {**good, "links": {"S": "+12025550144 {"}}
    batch = [building.stream("1", stored.customer, None, bad), building.stream("2", stored.customer, None, good)]
    answer = building.records.handler({"Records": [*batch, {"dynamodb": 5}]}, Lasting())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": ""}]}
    assert len(list(building.strands.turns(next(iter(stored.links))))) == 1
    assert "damaged" in building.log.getvalue() and "0144" not in building.log.getvalue()


def test_when_time_runs_out_the_rest_is_tried_again(building: Building) -> None:
    stored = building.meets("+12025550145")
    building.records.handler(
        {"Records": [building.stream("1", stored.customer, None, building.image(stored.customer))]}, Lasting()
    )
    before = building.image(stored.customer)
    building.ask("operator", {"act": "erase", "customer": stored.customer})
    change = building.stream("8", stored.customer, before, building.image(stored.customer))
    late = building.stream("9", stored.customer, None, before)
    answer = building.records.handler({"Records": [change, late]}, Lasting(5))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "8"}]}
    assert building.records.handler({"Records": [change, late]}, Lasting()) == {"batchItemFailures": []}
    assert list(building.strands.turns(next(iter(stored.links)))) == [], "even the turn that came late"


def test_a_replay_that_runs_out_of_time_is_handed_on_with_its_place(
    building: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Any] = []

    def hand_on(function: str, event: Any) -> None:
        assert function == Lasting.invoked_function_arn
        handed.append(event)

    monkeypatch.setattr(building.records, "PARTS", replace(building.records.PARTS, hand_on=hand_on))
    for number in range(3):
        mark = Mark("erase", f"replayed-{number}", 1.0, "operator", {f"l-replayed-{number}": ""})
        assert building.records.PARTS.erasing.begin(f"c-replayed-{number}", mark)
    all_of = [stone.id for stone in building.records.PARTS.tombstones.all()]
    event: dict[str, Any] = {"replay": {"by": "kim"}}
    done = 0
    while True:
        seconds = iter([300.0] * 2)
        told = building.records.handler(event, Running(seconds))
        done += told["replayed"]
        if "after" not in told:
            break
        event = handed.pop()
        assert event == {"replay": {"by": "kim", "after": told["after"]}}
    assert done == len(all_of) and not handed


def test_erasures_that_were_begun_and_given_up_are_finished(building: Building) -> None:
    stored = building.meets("+12025550142")
    before = building.image(stored.customer)
    building.records.handler({"Records": [building.stream("1", stored.customer, None, before)]}, Lasting())
    building.ask("operator", {"act": "erase", "customer": stored.customer})
    change = building.stream("8", stored.customer, before, building.image(stored.customer))
    building.records.handler({"Records": [change]}, Lasting(5))
    assert building.image(stored.customer) and any(one.done is None for one in building.records.PARTS.tombstones.all())
    told = building.records.handler({"replay": {"by": "kim", "unfinished": True}}, Lasting())
    assert told["replayed"] >= 1 and told["left"] == 0
    assert building.image(stored.customer) == {} and not list(building.strands.turns(next(iter(stored.links))))
    again = building.records.handler({"replay": {"by": "kim", "unfinished": True}}, Lasting())
    assert again == {"replayed": 0, "left": 0}


def test_an_erasure_behind_a_record_that_takes_all_the_time_has_its_tombstone(building: Building) -> None:
    one, other = building.meets("+12025550140"), building.meets("+12025550141")
    batch: list[Any] = []
    for number, stored in enumerate((one, other)):
        before = building.image(stored.customer)
        building.records.handler({"Records": [building.stream("1", stored.customer, None, before)]}, Lasting())
        building.ask("operator", {"act": "erase", "customer": stored.customer})
        batch.append(building.stream(str(number), stored.customer, before, building.image(stored.customer)))
    answer = building.records.handler({"Records": batch}, Lasting(5))
    stones = {stone.customer for stone in building.records.PARTS.tombstones.all()}
    assert {one.customer, other.customer} <= stones
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "x" * 30_000])
def test_a_body_that_is_no_request_is_refused(building: Building, body: str) -> None:
    assert building.ask("agent", body)[0] == 400


def test_a_body_in_base64_is_read(building: Building) -> None:
    text = base64.b64encode(json.dumps({"act": "look", "why": "w", "customer": "c-none"}).encode()).decode()
    assert building.ask("agent", text, isBase64Encoded=True)[0] == 404
    assert building.ask("agent", "%%%", isBase64Encoded=True)[0] == 400


@pytest.mark.parametrize("team", ["customer", "root", ""])
def test_nobody_else_gets_in(building: Building, team: str) -> None:
    assert building.ask(team, {"act": "look", "customer": "c"})[0] == 403


def test_a_surprise_is_told_to_the_log_alone(building: Building, monkeypatch: pytest.MonkeyPatch) -> None:
    def surprise(*_: object) -> None:
        raise ZeroDivisionError("+12025550146")

    monkeypatch.setattr(building.desk.PARTS.desk, "_done", surprise)
    status, answer = building.ask("agent", {"act": "look", "customer": "c"})
    assert status == 500 and "0146" not in json.dumps(answer)
    assert "ZeroDivisionError" in building.log.getvalue() and "0146" not in building.log.getvalue()

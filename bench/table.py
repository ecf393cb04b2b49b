"""What a turn costs at the table: DynamoDB Local, against a bare boto3 read and write of an equal item."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any, Final, TypeVar

import boto3

from bench import figures
from bench.callers import AlexaCaller, Caller, Clock, LexCaller, converse, heard
from bench.figures import Row, Section, milliseconds
from bench.functions import (
    ENVIRONMENT,
    KEYS,
    PHONE,
    SPEAKER,
    Function,
    alexa_function,
    enrolled,
    furnish,
    lex_function,
    quiet,
    token,
)
from bench.script import CONFIRMING, CONVERSATION
from bench.turns import over_lex
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.client import Calls, count_calls, dynamodb_client
from throughline.customers.dynamo import DynamoStore
from throughline.customers.memory import MemoryStore
from throughline.customers.pointer import Pointer
from throughline.customers.table import CONVERSATION as ITEM
from throughline.customers.table import CUSTOMER_PREFIX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TARGET: Final = 1.10
TARGET_WITHOUT: Final = 0.30
"""0.3 ms where boto3 takes 1 ms, so that a slow or crowded machine doesn't decide it."""
WARM_UP: Final = 4
"""Conversations before anything is measured."""
Answer = TypeVar("Answer")
CALLER: Final = Address(AddressKind.PHONE, "+1 212 555 0144")
REGULAR: Final = Address(AddressKind.PHONE, "+1 212 555 0145")
TABLE: Final = ENVIRONMENT["TABLE"]


@contextmanager
def dynamodb_local() -> Iterator[str]:
    """AWS's own DynamoDB Local, as its endpoint's URL. Raises CannotStart."""
    from tests.integration.dynamodb_local import running
    from tests.unit.customers.tables import create_table

    furnish()
    with running() as endpoint:
        create_table(our_client(endpoint), TABLE)
        yield endpoint


def our_client(endpoint: str) -> DynamoDBClient:
    """The functions' own client."""
    return dynamodb_client(ENVIRONMENT["AWS_DEFAULT_REGION"], endpoint, read_seconds=10.0)


class Bare:
    """The floor: a read and a conditional write by boto3 as it comes.

    In the same table, of an item that is like ours.
    """

    def __init__(self, endpoint: str) -> None:
        self._client = boto3.client("dynamodb", region_name=ENVIRONMENT["AWS_DEFAULT_REGION"], endpoint_url=endpoint)
        self._version = 0
        self._item: dict[str, Any] = {}

    def resemble(self, customer: str) -> None:
        """From now on, read and write an item like that customer's as it is now."""
        key = {"pk": {"S": CUSTOMER_PREFIX + customer}, "sk": {"S": ITEM}}
        item: dict[str, Any] = dict(self._client.get_item(TableName=TABLE, Key=key)["Item"])
        self._item = {**item, "pk": {"S": "C#bare"}, "version": {"N": str(self._version)}}
        self._client.put_item(TableName=TABLE, Item=self._item)

    def __call__(self) -> None:
        """One read, one conditional write."""
        got = self._client.get_item(
            TableName=TABLE, Key={"pk": self._item["pk"], "sk": self._item["sk"]}, ConsistentRead=True
        )
        seen = got["Item"]["version"]
        self._version = int(seen["N"]) + 1
        self._client.put_item(
            TableName=TABLE,
            Item={**self._item, "version": {"N": str(self._version)}},
            ConditionExpression="version = :seen",
            ExpressionAttributeValues={":seen": seen},
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that something took."""

    wall: float
    cpu: float
    """Of all threads of this process."""


def timed(todo: Callable[[], Answer]) -> tuple[Spent, Answer]:
    """Do it, and tell what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = todo()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu), answer


def measure_table(endpoint: str, pairs: int) -> Section:
    """Whole turns and the floor in turn, each of them first as often, for at least so many pairs."""
    clock = Clock()
    store = DynamoStore(our_client(endpoint), TABLE, KEYS)
    pointer = enrolled(store, PHONE, clock)
    function = lex_function(store, clock)
    caller = LexCaller(function.model, alias="live", pointer=token(pointer))
    bare = Bare(endpoint)
    dry, dry_caller = over_lex()
    ours: list[Spent] = []
    floor: list[Spent] = []
    without: list[Spent] = []
    conversations = 0
    with quiet():
        while len(ours) < pairs:
            conversations += 1
            both = zip(converse(clock, caller), converse(dry.clock, dry_caller), strict=True)
            for number, (said, _) in enumerate(both):
                event = caller.event(said)
                bare.resemble(pointer.customer)
                if (conversations + number) % 2:
                    least, _ = timed(bare)
                    spent, answer = timed(partial(function.handler, event))
                else:
                    spent, answer = timed(partial(function.handler, event))
                    least, _ = timed(bare)
                heard(caller, said, answer)
                alone, answer = timed(partial(dry.handler, dry_caller.event(said)))
                heard(dry_caller, said, answer)
                # An irreversible action writes twice: that is counted below, and not compared with one write.
                if conversations > WARM_UP and number != CONFIRMING:
                    ours.append(spent)
                    floor.append(least)
                    without.append(alone)
    return Section(
        f"A whole turn on DynamoDB Local : bare boto3 GetItem + conditional PutItem ({len(ours)} pairs)",
        (
            _row("Lex hook, time", [one.wall for one in ours], [one.wall for one in floor]),
            _row("Lex hook, CPU", [one.cpu for one in ours], [one.cpu for one in floor]),
            _row(
                "Lex hook without I/O, CPU (store in memory)",
                [one.cpu for one in without],
                [one.cpu for one in floor],
                TARGET_WITHOUT,
            ),
        ),
    )


def _row(what: str, ours: list[float], floor: list[float], target: float = TARGET) -> Row:
    beside = f"{milliseconds(median(ours))} : {milliseconds(median(floor))}"
    return figures.at_most(what, figures.paired_ratio(ours, floor), target, beside=beside)


def measure_requests(endpoint: str, past: int) -> Section:
    """Requests and capacity units of a turn of each kind, the last after so many `past` turns."""
    client = our_client(endpoint)
    calls = count_calls(client, capacity=True)
    store = DynamoStore(client, TABLE, KEYS)
    clock = Clock()
    with quiet():
        # First of all, for it takes months by the clock, and the others would be forgotten meanwhile.
        used = _aged(store, clock, past)
        skill = alexa_function(store, clock)
        speaker = AlexaCaller(skill.model)
        enrolled(store, SPEAKER, clock)
        pointer = enrolled(store, CALLER, clock)
        function = lex_function(store, clock)
        known = LexCaller(function.model, alias="live", pointer=token(pointer))
        guest = LexCaller(function.model, alias="guest")
        old = LexCaller(function.model, alias="live", pointer=token(used))
        rows = [
            _counted("with a pointer", calls, function, known),
            _counted("  the irreversible action among them", calls, function, known, only=(CONFIRMING,)),
            _counted("without a pointer (the first of a session)", calls, skill, speaker, only=(0,)),
            _counted("a guest", calls, function, guest, most=2),
            _counted(f"with a pointer, after {past:,} turns", calls, function, old),
        ]
    return Section("DynamoDB requests and capacity units of a turn (means over a conversation)", tuple(rows))


def _counted(
    what: str,
    calls: Calls,
    function: Function,
    caller: Caller,
    *,
    only: tuple[int, ...] = (),
    most: int = len(CONVERSATION),
) -> Row:
    turns = reads = writes = 0
    capacity = 0.0
    for number, said in enumerate(converse(function.clock, caller)):
        if number == most:
            break
        event = caller.event(said)
        calls.operations.clear()
        calls.capacity = 0.0
        answer = function.handler(event)
        caller.hear(answer)
        if number in only or (not only and number != CONFIRMING):
            turns += 1
            reads += calls.reads
            writes += calls.writes
            capacity += calls.capacity
    return figures.told(
        what,
        f"{reads / turns:g} + {writes / turns:g}",
        beside=f"reads + writes; {capacity / turns:.1f} units",
    )


def _aged(store: DynamoStore, clock: Clock, past: int) -> Pointer:
    """A customer of many turns: lived through in memory, then put into the table as they are."""
    memory = MemoryStore(KEYS)
    pointer = enrolled(memory, REGULAR, clock)
    function = lex_function(memory, clock)
    caller = LexCaller(function.model, alias="live", pointer=token(pointer))
    turns = 0
    while turns < past:
        for said in converse(clock, caller):
            heard(caller, said, function.handler(caller.event(said)))
            turns += 1
    stored = memory.by_pointer(pointer, clock())
    if stored is None:
        raise LookupError("the customer of many turns was forgotten")
    store.save(replace(stored, version=0), clock())
    return pointer

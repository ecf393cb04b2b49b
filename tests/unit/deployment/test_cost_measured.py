"""What the bill takes for a turn's own figures is what a turn of today's code is measured to need."""

from __future__ import annotations

import ast
import importlib
import io
import json
import math
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from bank_ledger import DynamoLedger
from bench import functions
from bench.callers import AlexaCaller, Caller, Clock, LexCaller, converse, heard
from bench.functions import KEYS, PHONE, SPEAKER, Function, alexa_function, enrolled, lex_function, token
from bench.script import CONVERSATION
from deployment.cost import measured
from deployment.cost.measured import Turn
from throughline.conversation import Exchange
from throughline.customers.dynamo import DynamoStore

ROOT = Path(__file__).resolve().parents[3]
Json = dict[str, Any]
Make = Callable[[DynamoStore, Clock], tuple[Function, Caller]]
CUSTOMERS, LEDGER = "customers", "ledger"
CONVERSATIONS = 6


def item_bytes(item: Mapping[str, Mapping[str, str]]) -> int:
    """An item's size by DynamoDB's rule: names and strings in UTF-8, a number about half its digits and one.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    total = 0
    for name, value in item.items():
        (kind, text), *_ = value.items()
        total += len(name.encode()) + (math.ceil(len(text) / 2) + 1 if kind == "N" else len(text.encode()))
    return total


@dataclass
class Counted:
    """Request units of one table."""

    reads: int = 0
    writes: int = 0
    largest: int = 0


@dataclass
class Table:
    """DynamoDB for one writer at a time, whose conditions therefore hold: it counts request units by item size."""

    items: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    counted: dict[str, Counted] = field(default_factory=lambda: {CUSTOMERS: Counted(), LEDGER: Counted()})

    def get_item(self, **request: Any) -> Json:
        assert request["ConsistentRead"]
        item = self._read(request["TableName"], request["Key"])
        return {"Item": item} if item else {}

    def batch_get_item(self, **request: Any) -> Json:
        ((table, wanted),) = request["RequestItems"].items()
        assert wanted["ConsistentRead"]
        return {"Responses": {table: [item for key in wanted["Keys"] if (item := self._read(table, key))]}}

    def put_item(self, **request: Any) -> Json:
        self._write(request["TableName"], request["Item"], units_a_kilobyte=1)
        return {}

    def transact_write_items(self, **request: Any) -> Json:
        for one in request["TransactItems"]:
            ((kind, asked),) = one.items()
            item = asked["Item"] if kind == "Put" else _updated(self.items, asked)
            self._write(asked["TableName"], item, units_a_kilobyte=2)
        return {}

    def forget_counts(self) -> None:
        self.counted = {CUSTOMERS: Counted(), LEDGER: Counted()}

    def _read(self, table: str, key: Json) -> Json:
        item = self.items.get(self._place(table, key), {})
        self.counted[table].reads += max(1, math.ceil(item_bytes(item) / 4096))
        return item

    def _write(self, table: str, item: Json, *, units_a_kilobyte: int) -> None:
        place, counted = self._place(table, item), self.counted[table]
        size = max(item_bytes(item), item_bytes(self.items.get(place, {})))
        counted.writes += units_a_kilobyte * math.ceil(size / 1024)
        counted.largest = max(counted.largest, size)
        self.items[place] = item

    def _place(self, table: str, key: Json) -> tuple[str, str, str]:
        return table, key["pk"]["S"], key.get("sk", {}).get("S", "")


def _updated(items: dict[tuple[str, str, str], Json], asked: Json) -> Json:
    """The item after an update that only sets attributes to values."""
    key, expression = asked["Key"], asked["UpdateExpression"]
    assert expression.startswith("SET "), expression
    values = asked["ExpressionAttributeValues"]
    sets = dict(one.split(" = ") for one in expression.removeprefix("SET ").split(", "))
    before = items.get((asked["TableName"], key["pk"]["S"], key["sk"]["S"]), {})
    return {**before, **key, **{name: values[value] for name, value in sets.items()}}


@dataclass
class Running:
    """A function over such tables, as in production, with somebody who calls it."""

    table: Table
    clock: Clock
    function: Function
    caller: Caller


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Make], Running]:
    def run(make: Make) -> Running:
        table, clock = Table(), Clock()
        client = cast(Any, table)
        monkeypatch.setattr(functions, "MemoryLedger", lambda: DynamoLedger(client, LEDGER))
        return Running(table, clock, *make(DynamoStore(client, CUSTOMERS, KEYS), clock))

    return run


def over_lex(store: DynamoStore, clock: Clock) -> tuple[Function, Caller]:
    pointer = enrolled(store, PHONE, clock)
    function = lex_function(store, clock)
    return function, LexCaller(function.model, alias="live", pointer=token(pointer))


def over_alexa(store: DynamoStore, clock: Clock) -> tuple[Function, Caller]:
    enrolled(store, SPEAKER, clock)
    function = alexa_function(store, clock)
    return function, AlexaCaller(function.model)


def conversed(running: Running) -> list[str]:
    """One conversation; the lines that were logged."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        for said in converse(running.clock, running.caller):
            heard(running.caller, said, running.function.handler(running.caller.event(said)))
    return printed.getvalue().splitlines()


def a_turn_of(running: Running) -> Turn:
    """Means over conversations that are not the customer's first."""
    conversed(running)
    running.table.forget_counts()
    lines = [line for _ in range(CONVERSATIONS) for line in conversed(running)]
    turns = CONVERSATIONS * len(CONVERSATION)
    assert len(lines) == turns
    customers, ledger = running.table.counted[CUSTOMERS], running.table.counted[LEDGER]
    return Turn(
        read_units=_mean(customers.reads, turns),
        write_units=_mean(customers.writes, turns),
        ledger_read_units=_mean(ledger.reads, turns),
        ledger_write_units=_mean(ledger.writes, turns),
        item_bytes=customers.largest,
        log_bytes=sum(len(line.encode()) for line in lines) // turns,
    )


def _mean(units: int, turns: int) -> Decimal:
    return (Decimal(units) / turns).quantize(Decimal("0.01"))


@pytest.mark.parametrize(("make", "taken"), [(over_lex, measured.LEX), (over_alexa, measured.ALEXA)])
def test_a_turn_needs_what_the_bill_takes_for_it(run: Callable[[Make], Running], make: Make, taken: Turn) -> None:
    found = a_turn_of(run(make))
    for name, value in vars_of(taken).items():
        now = vars_of(found)[name]
        assert value * Decimal("0.9") <= now <= value * Decimal("1.1"), (
            f"{name} is {now} by now, the bill takes {value}: put it into deployment/cost/measured.py, "
            f"and `throughline cost --markdown` into the README. All of it: {found}"
        )


def vars_of(turn: Turn) -> dict[str, Decimal]:
    return {name: Decimal(getattr(turn, name)) for name in Turn.__slots__}


def test_who_talks_for_ten_minutes_on_end_needs_what_the_bill_says(run: Callable[[Make], Running]) -> None:
    running = run(over_lex)
    for _ in range(10):
        running.table.forget_counts()
        for said in CONVERSATION:
            running.clock.time += 7
            event = running.caller.event(said)
            with redirect_stdout(io.StringIO()):
                running.caller.hear(running.function.handler(event))
    counted = running.table.counted[CUSTOMERS]
    for taken, found in (
        (measured.BUSIEST.read_units, _mean(counted.reads, len(CONVERSATION))),
        (measured.BUSIEST.write_units, _mean(counted.writes, len(CONVERSATION))),
        (Decimal(measured.BUSIEST.item_bytes), Decimal(counted.largest)),
    ):
        assert taken * Decimal("0.9") <= found <= taken * Decimal("1.1")


def test_the_banks_books_of_a_customer_are_no_larger_than_the_bill_says(run: Callable[[Make], Running]) -> None:
    running = run(over_lex)
    for _ in range(CONVERSATIONS):
        conversed(running)
    largest = running.table.counted[LEDGER].largest
    assert measured.LEDGER_BYTES / 2 <= largest <= measured.LEDGER_BYTES


def test_every_custom_metric_is_on_the_bill(run: Callable[[Make], Running], monkeypatch: pytest.MonkeyPatch) -> None:
    running = run(over_lex)
    telemetry = importlib.import_module("lex_turn").PARTS.telemetry
    exchanges: list[Exchange] = []
    monkeypatch.setattr(type(telemetry), "turn", lambda _, exchange, seconds: exchanges.append(exchange))
    conversed_silently(running)
    monkeypatch.undo()
    events = tuple(replace(event_of(exchanges), name=name, detail="") for name in sorted(words_of_the_engine()))
    printed = io.StringIO()
    with redirect_stdout(printed):
        telemetry.flushed(lambda: telemetry.turn(replace(exchanges[0], events=events), 0.1) or {})
        telemetry.flushed(lambda: telemetry.trouble("handler", ValueError()) or {})
    series = {
        (metric["Name"], tuple(sorted(dimensions)))
        for line in printed.getvalue().splitlines()
        for directive in json.loads(line).get("_aws", {}).get("CloudWatchMetrics", [])
        for dimensions in directive["Dimensions"]
        for metric in directive["Metrics"]
    }
    of_a_channel = {one for one in series if "channel" in one[1]}
    assert (len(of_a_channel), len(series - of_a_channel)) == (measured.CHANNEL_SERIES, measured.OVERALL_SERIES), (
        f"CHANNEL_SERIES and OVERALL_SERIES of deployment/cost/measured.py are not those of {sorted(series)}"
    )


def conversed_silently(running: Running) -> None:
    with redirect_stdout(io.StringIO()):
        for said in converse(running.clock, running.caller):
            running.caller.hear(running.function.handler(running.caller.event(said)))


def event_of(exchanges: list[Exchange]) -> Any:
    return next(event for exchange in exchanges for event in exchange.events)


def words_of_the_engine() -> set[str]:
    """Everything that could be an event's name: the engine's texts that are one word."""
    sources = [*(ROOT / "lambdas/throughline").rglob("*.py")]
    constants = (node for source in sources for node in ast.walk(ast.parse(source.read_text("utf-8"))))
    return {
        node.value
        for node in constants
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier()
    }


def test_lambdas_own_lines_are_no_longer_than_the_bill_says() -> None:
    request, trace = "8476a536-e9f4-11e8-9739-2dfe598c3fcd", "Root=1-5759e988-bd862e3fe1be46a994272793"
    tracing = {
        "spanId": "54565fb41ac79632",
        "type": "X-Amzn-Trace-Id",
        "value": f"{trace};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=25:a87bd80c:1",
    }
    start = {"requestId": request, "version": "100", "tracing": tracing}
    metrics = {
        "durationMs": 1234.567,
        "billedDurationMs": 1235,
        "memorySizeMB": 1024,
        "maxMemoryUsedMB": 128,
        "initDurationMs": 1234.56,
    }
    report = {"requestId": request, "status": "success", "tracing": tracing, "metrics": metrics}
    lines = [
        json.dumps({"time": "2026-11-22T10:00:00.000Z", "type": f"platform.{name}", "record": record})
        for name, record in (("start", start), ("report", report))
    ]
    length = sum(len(line) for line in lines)
    assert 0.8 * measured.PLATFORM_LOG_BYTES <= length <= measured.PLATFORM_LOG_BYTES

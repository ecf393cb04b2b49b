"""The customers' table's stream, brought to the function that reads it as Lambda's event source mapping does.

What the template says about the mapping is kept to: the filter, the batch, partial failures, bisecting, how often it
is tried again and where a batch goes that failed for good. Lambda developer guide, "Using AWS Lambda with Amazon
DynamoDB" and "Configuring partial batch response with DynamoDB and Lambda".
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Any, Final

from rehearsal.filters import matches
from rehearsal.functions import FunctionFailed
from rehearsal.resources import REGION, Resource, Resources
from rehearsal.table_stream import TableStream

Record = dict[str, Any]
"""One record of a stream, as a function is given it."""
LONGEST_PAUSE: Final = 1.0
"""Seconds between two tries, at most: nobody rehearses to wait."""
KEPT_FAILURES: Final = 100


@dataclass(frozen=True, slots=True)
class Mapped:
    """An event source mapping of the templates."""

    function: str
    """The function's logical id."""
    table: str
    """Name of the table whose stream is read."""
    batch: int = 100
    retries: int = -1
    """How often a batch is tried again; -1 until it is too old."""
    bisects: bool = False
    """Whether a batch that failed is halved."""
    partial: bool = False
    """Whether the function says which records failed."""
    patterns: tuple[str, ...] = ()
    """Filters as JSON, of which one must match; none lets all pass."""


def mappings(resources: Resources) -> Iterator[Mapped]:
    """The mappings whose source is a table's stream."""
    for it in resources.of_type("AWS::Lambda::EventSourceMapping"):
        source = resources.pointed_at(it.properties["EventSourceArn"], it.stack)
        function = _function(resources, it)
        if source is None or source.type != "AWS::DynamoDB::Table" or function is None:
            continue
        criteria = resources.resolved(it, "FilterCriteria", {"Filters": []})
        yield Mapped(
            function=function.id,
            table=resources.ref(source),
            batch=int(it.properties.get("BatchSize", 100)),
            retries=int(it.properties.get("MaximumRetryAttempts", -1)),
            bisects=bool(it.properties.get("BisectBatchOnFunctionError", False)),
            partial="ReportBatchItemFailures" in it.properties.get("FunctionResponseTypes", ()),
            patterns=tuple(one["Pattern"] for one in criteria["Filters"]),
        )


def _function(resources: Resources, it: Resource) -> Resource | None:
    """The function that a mapping names, by itself or by an alias of it."""
    named = resources.pointed_at(it.properties["FunctionName"], it.stack)
    if named is not None and named.type == "AWS::Lambda::Alias":
        return resources.pointed_at(named.properties["FunctionName"], named.stack)
    return named


@dataclass(slots=True)
class Delivery:
    """Batches to a function, with what Lambda does about those that fail."""

    mapped: Mapped
    invoke: Callable[[str, object], Any]
    """Runs a function with an event. Raises FunctionFailed."""
    pause: Callable[[float], object] = time.sleep
    delivered: int = 0
    """Records that the function took."""
    tried_again: int = 0
    """Batches that were brought once more."""
    failed: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_FAILURES))
    """What the dead-letter queue was told: why, and which records, never what was in them."""

    def bring(self, records: Sequence[Record]) -> None:
        """Bring these records, filtered and in batches; returns when each is taken or was given up."""
        wanted = [one for one in records if not self.mapped.patterns or matches(one, self.mapped.patterns)]
        for start in range(0, len(wanted), self.mapped.batch):
            self._batch(wanted[start : start + self.mapped.batch])

    def _batch(self, batch: Sequence[Record]) -> None:
        tries = 0
        while batch:
            rest, why = self._tried(batch)
            self.delivered += len(batch) - len(rest)
            if not rest:
                return
            if self.mapped.bisects and len(rest) == len(batch) > 1:
                middle = len(batch) // 2
                self.tried_again += 1
                self._batch(batch[:middle])
                batch = batch[middle:]
                continue
            if len(rest) < len(batch):
                tries = 0
            if 0 <= self.mapped.retries <= tries:
                numbers = (rest[0]["dynamodb"]["SequenceNumber"], rest[-1]["dynamodb"]["SequenceNumber"])
                self.failed.append(f"{len(rest)} records, {numbers[0]} to {numbers[1]}: {why}")
                return
            tries, batch = tries + 1, rest
            self.tried_again += 1
            self.pause(min(0.05 * 2**tries, LONGEST_PAUSE))

    def _tried(self, batch: Sequence[Record]) -> tuple[Sequence[Record], str]:
        """What of the batch is left to be done, and why."""
        try:
            answer = self.invoke(self.mapped.function, {"Records": list(batch)})
        except FunctionFailed as failed:
            return batch, str(failed)
        if not self.mapped.partial:
            return (), ""
        return _left(batch, answer), "the function reported the records as failed"


def _left(batch: Sequence[Record], answer: object) -> Sequence[Record]:
    """What comes after the first failure that is reported: a stream is read in order. Nonsense fails the batch."""
    if answer is None or answer == {} or not isinstance(answer, Mapping):
        return () if not answer else batch
    failures = answer.get("batchItemFailures")
    if not failures:
        return ()
    named = {one.get("itemIdentifier") for one in failures}
    places = [place for place, one in enumerate(batch) if one["dynamodb"]["SequenceNumber"] in named]
    return batch[places[0] :] if places and "" not in named and None not in named else batch


def pollers(
    resources: Resources,
    table: str,
    changes: TableStream,
    invoke: Callable[[str, object], Any],
    written: Callable[[int], int],
) -> tuple[Poller, ...]:
    """What brings a table's stream to each function that the templates map it to, at its own pace."""
    return tuple(Poller(changes, Delivery(one, invoke), written) for one in mappings(resources) if one.table == table)


class Poller:
    """Brings what is written to a table from now on, in a thread of its own, until it is closed."""

    def __init__(self, changes: TableStream, delivery: Delivery, written: Callable[[int], int]) -> None:
        """`written` says how often streams were written, and waits for a moment for more than is known."""
        self._arn = changes.arn
        self._take = changes.follow()
        self._delivery = delivery
        self._written = written
        self._lock = Lock()
        self._closed = Event()
        self._thread = Thread(target=self._run, daemon=True)

    @property
    def delivery(self) -> Delivery:
        """Where it brings what it reads."""
        return self._delivery

    def drain(self) -> None:
        """Bring all that is in the stream by now; returns when the function has taken it."""
        with self._lock:
            self._delivery.bring([as_lambda_gives_it(record, self._arn) for record in self._take()])

    def __enter__(self) -> Poller:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        known = 0
        while not self._closed.is_set():
            written = self._written(known)
            if written > known:
                self.drain()
            known = written


def as_lambda_gives_it(record: Mapping[str, Any], arn: str) -> Record:
    """A record of GetRecords in the shape of Lambda's event (the same names; times are numbers)."""
    change = dict(record["dynamodb"])
    at = change.get("ApproximateCreationDateTime")
    if isinstance(at, datetime):
        change["ApproximateCreationDateTime"] = at.timestamp()
    return {
        "eventID": record["eventID"],
        "eventName": record["eventName"],
        "eventVersion": record.get("eventVersion", "1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": change,
        "eventSourceARN": arn,
    }

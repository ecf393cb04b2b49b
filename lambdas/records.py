"""Follows the customers' table's stream: transcripts, histories, exports and erasures.

The event source mapping reports failures one by one (Lambda developer guide, "Using Lambda to process records from
Amazon DynamoDB Streams"): what failed is tried again, then goes to the queue of what couldn't be done.
"""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import records_wiring
from settings import RecordsSettings
from throughline.records.dynamo_stream import changed, sequence_of
from throughline.records.erasing import Time, TimeUp, in_time
from throughline.records.following import Changed
from throughline.records.transcript import Damaged

PARTS = records_wiring.parts(RecordsSettings.from_environment(os.environ))
cold_start.done()


class Context(Protocol):
    """What is used of Lambda's context."""

    @property
    def invoked_function_arn(self) -> str:
        """By which this invocation was asked for: the alias'."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until this invocation is cut off."""


def handler(event: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """A batch of the stream, or {"replay": {"by": person, "unfinished": bool, "after": id}}. Raises StoreError from a
    replay, which then begins anew where it was: Lambda tries an asynchronous invocation twice more.
    """

    def time_left() -> float:
        return context.get_remaining_time_in_millis() / 1000

    if "replay" in event:
        return PARTS.telemetry.flushed(lambda: _replayed(event["replay"], time_left, context.invoked_function_arn))
    records = event.get("Records", [])
    return PARTS.telemetry.flushed(lambda: {"batchItemFailures": _failures(records, time_left)})


def _failures(records: list[Mapping[str, Any]], time_left: Time) -> list[Mapping[str, str]]:
    failed: dict[str, None] = {}

    def done(record: Mapping[str, Any], what: Callable[[Changed], object]) -> None:
        sequence = sequence_of(record)
        if sequence in failed:
            return
        try:
            change = changed(record)
            if change is not None:
                what(change)
        except TimeUp:
            raise
        except Exception as error:  # noqa: BLE001 - one record's surprise must not lose its neighbours
            PARTS.telemetry.trouble("damaged" if isinstance(error, Damaged) else "record", error, turn=sequence)
            failed[sequence] = None

    for record in records:
        # Before anything that takes time: of an erasure that was announced the tombstone must be there.
        done(record, PARTS.following.foresee)
    for record in records:
        try:
            done(record, lambda change: PARTS.following.follow(change, time_left))
        except TimeUp:
            # No failure: the rest is tried again with a fresh allowance of time.
            failed[sequence_of(record)] = None
            break
    return [{"itemIdentifier": sequence} for sequence in failed]


def _replayed(asked: Mapping[str, Any], time_left: Time, itself: str) -> Mapping[str, Any]:
    """Erase again, or to the end what isn't; when time is nearly up, hand on to an invocation that goes on there."""
    unfinished, after = asked.get("unfinished") is True, str(asked.get("after", ""))
    replayed = left = 0
    for stone in PARTS.tombstones.all(after):
        if unfinished and stone.done is not None:
            continue
        try:
            in_time(time_left)
            if unfinished:
                left += PARTS.erasing.run(stone.customer, stone.mark, time_left) is None
            else:
                left += PARTS.erasing.again(stone, time_left).left
        except TimeUp:
            PARTS.hand_on(itself, {"replay": {**asked, "after": after}})
            return {"replayed": replayed, "left": left, "after": after}
        replayed, after = replayed + 1, stone.id
    return {"replayed": replayed, "left": left}

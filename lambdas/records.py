"""Follows the customers' table's stream: transcripts, histories, exports and erasures.

The event source mapping reports failures one by one (Lambda developer guide, "Using Lambda to process records from
Amazon DynamoDB Streams"): what failed is tried again, then goes to the queue of what couldn't be done.
"""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Mapping
from typing import Any, Protocol

import records_wiring
from settings import RecordsSettings
from throughline.errors import StoreError
from throughline.records.dynamo_stream import changed, sequence_of
from throughline.records.erasing import Time, TimeUp
from throughline.records.transcript import Damaged

PARTS = records_wiring.parts(RecordsSettings.from_environment(os.environ))
cold_start.done()


class Context(Protocol):
    """What is used of Lambda's context."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until this invocation is cut off."""


def handler(event: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """A batch of the stream, or {"replay": {"by": person}} from the desk. Raises TimeUp, StoreError from a replay."""

    def time_left() -> float:
        return context.get_remaining_time_in_millis() / 1000

    if "replay" in event:
        return PARTS.telemetry.flushed(lambda: _replayed(time_left))
    records = event.get("Records", [])
    return PARTS.telemetry.flushed(lambda: {"batchItemFailures": _failures(records, time_left)})


def _failures(records: list[Mapping[str, Any]], time_left: Time) -> list[Mapping[str, str]]:
    failures: list[Mapping[str, str]] = []
    for record in records:
        sequence = sequence_of(record)
        try:
            change = changed(record)
            if change is not None:
                PARTS.following.follow(change, time_left)
        except TimeUp:
            # No failure: the rest is tried again with a fresh allowance of time.
            return [*failures, {"itemIdentifier": sequence}]
        except (Damaged, StoreError) as error:
            PARTS.telemetry.trouble("damaged" if isinstance(error, Damaged) else "record", error, turn=sequence)
            failures.append({"itemIdentifier": sequence})
        except Exception as error:  # noqa: BLE001 - one record's surprise must not lose its neighbours
            PARTS.telemetry.trouble("record", error, turn=sequence)
            failures.append({"itemIdentifier": sequence})
    return failures


def _replayed(time_left: Time) -> Mapping[str, Any]:
    replayed = left = 0
    for stone in PARTS.tombstones.all():
        erased = PARTS.erasing.again(stone, time_left)
        replayed, left = replayed + 1, left + erased.left
    return {"replayed": replayed, "left": left}

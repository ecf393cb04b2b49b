"""Joins text channels and agents: the table's stream one way, the chats' streaming topic the other.

Three things call it: the customers' table's stream (a batch, of which it says what failed), the topic, and the events
of contacts. A failure is raised to the latter two, since Lambda then tries twice more (developer guide, "Error handling
for asynchronous invocation").
"""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Mapping
from typing import Any, Final

import relay_wiring
from settings import RelaySettings
from throughline.errors import EventError, ThroughlineError
from throughline.records.dynamo_stream import changed, sequence_of
from throughline.records.following import ConversationChanged
from throughline.relay import events

SETTINGS = RelaySettings.from_environment(os.environ)
PARTS = relay_wiring.parts(SETTINGS)
STREAM: Final = "aws:dynamodb"
cold_start.done()


def handler(event: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """See the module. Raises ThroughlineError from what the topic or a contact tells."""
    del context
    return PARTS.telemetry.flushed(lambda: _answer(event))


def _answer(event: Mapping[str, Any]) -> Mapping[str, Any]:
    records = event.get("Records")
    if not isinstance(records, list):
        _contact_event(event)
        return {}
    if records and records[0].get("eventSource") == STREAM:
        return {"batchItemFailures": _followed(records)}
    for record in records:
        _streamed(record)
    return {}


def _followed(records: list[Mapping[str, Any]]) -> list[Mapping[str, str]]:
    """After a failure the same customer's later changes wait, too; others' go on."""
    failed: dict[str, str] = {}
    for record in records:
        sequence, customer = sequence_of(record), ""
        try:
            change = changed(record)
            if not isinstance(change, ConversationChanged):
                continue
            customer = change.customer
            if customer not in failed:
                PARTS.relaying.follow(change)
        except Exception as error:  # noqa: BLE001 - one customer's surprise must not hold up another
            PARTS.telemetry.trouble("record", error, turn=sequence)
            failed.setdefault(customer, sequence)
    return [{"itemIdentifier": sequence} for sequence in failed.values()]


def _streamed(record: Mapping[str, Any]) -> None:
    try:
        told = events.streamed(record)
        if told.topic != SETTINGS.topic:
            raise EventError("a notification comes from the one topic that chats are streamed to")
    except EventError as error:
        PARTS.telemetry.trouble("notification", error)
        return
    try:
        PARTS.relaying.heard(told.contact, told.message)
    except ThroughlineError as error:
        PARTS.telemetry.trouble("heard", error)
        raise


def _contact_event(event: Mapping[str, Any]) -> None:
    try:
        instance, contact = events.ended(event)
    except EventError as error:
        PARTS.telemetry.trouble("event", error)
        return
    if not contact or instance != SETTINGS.instance:
        return
    try:
        PARTS.relaying.ended(contact)
    except ThroughlineError as error:
        PARTS.telemetry.trouble("ended", error)
        raise

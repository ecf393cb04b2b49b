"""The composition root of the function that follows the customers' table's stream."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from settings import RecordsSettings
from telemetry import Telemetry
from throughline.customers.client import dynamodb_client
from throughline.customers.keys import KeyRing
from throughline.desk.audit import of_erasure
from throughline.desk.dynamo_audit import DynamoAudit
from throughline.dialogue.model import Model
from throughline.dialogue.replies import reply_in
from throughline.errors import StoreError
from throughline.records.accounts import CognitoAccounts, NoAccounts
from throughline.records.dynamo_keeping import DynamoKeeping
from throughline.records.dynamo_strands import DynamoStrands
from throughline.records.erasing import Erased, Erasing
from throughline.records.export import Exports, Words
from throughline.records.export_words import Terms
from throughline.records.following import Following
from throughline.records.invoking import invoke
from throughline.records.retention import Retention
from throughline.records.s3_exports import S3Exports, s3_client
from throughline.records.tombstones import DynamoTombstones, Tombstones
from throughline.rendering import label, shown
from throughline.reply import Choice, Typed

MODEL: Final = Path(__file__).with_name("model.json")
READ_SECONDS: Final = 5.0
"""Nobody waits for this function: a slow answer is better than a retry."""


@dataclass(frozen=True, slots=True)
class RecordsParts:
    """What the handler works with."""

    following: Following
    erasing: Erasing
    tombstones: Tombstones
    telemetry: Telemetry
    hand_on: Callable[[str, Mapping[str, Any]], None]
    """Invoke the function of that ARN with that event, and don't wait. Raises StoreError."""


class NoKeys:
    """This function never meets an address: it goes by what is hashed already, and is not given the keys."""

    def address_keys(self) -> KeyRing:
        """Raises StoreError."""
        raise StoreError("the records function has no keys: it goes by hashes")

    def pointer_keys(self) -> KeyRing:
        """Raises StoreError."""
        raise StoreError("the records function has no keys: it makes no pointers")

    def code_keys(self) -> KeyRing:
        """Raises StoreError."""
        raise StoreError("the records function has no keys: it checks no codes")


def parts(settings: RecordsSettings, *, endpoint: str | None = None) -> RecordsParts:
    """Everything, joined."""
    retention = Retention(
        turns=int(settings.turn_days),
        guest_turns=int(settings.guest_turn_days),
        facts=int(settings.fact_days),
        consents=int(settings.consent_days),
    )
    client = dynamodb_client(endpoint=endpoint, read_seconds=READ_SECONDS)
    strands = DynamoStrands(client, settings.table)
    keeping = DynamoKeeping(client, settings.table, NoKeys())
    tombstones = DynamoTombstones(client, settings.erasures)
    shelf = S3Exports(cache(s3_client), settings.exports)
    accounts = CognitoAccounts(settings.user_pool) if settings.user_pool else NoAccounts()
    trail = DynamoAudit(client, settings.audit)

    def tell(erased: Erased) -> None:
        trail.append(of_erasure(erased))

    erasing = Erasing(strands, keeping, tombstones, shelf, accounts, tell=tell, clock=time.time, retention=retention)
    exports = Exports(strands, keeping, shelf, words_of(model), clock=time.time, retention=retention, terms=terms)
    following = Following(strands, keeping, erasing, exports, clock=time.time, retention=retention)
    telemetry = Telemetry("records", frozenset(), service=settings.service)
    return RecordsParts(following, erasing, tombstones, telemetry, invoke)


@cache
def model() -> Model:
    """The compiled dialogue model."""
    return Model.from_json(json.loads(MODEL.read_bytes()))


def terms() -> Terms:
    """What an export calls intents, slots and values: as the dialogue does."""
    dialogue = model()

    def value(typed: Typed) -> str:
        return label(dialogue, Choice(typed, ""), dialogue.default_locale)

    return Terms(dialogue, value)


def words_of(model: Callable[[], Model]) -> Words:
    """What was answered, in words, from a turn's record: the prompts' text of today's model, in its first locale."""

    def words(record: Mapping[str, Any]) -> str:
        told = record.get("reply")
        if not isinstance(told, dict):
            return ""
        try:
            return " ".join(shown(model(), reply_in(told), model().default_locale))
        except (LookupError, ValueError, TypeError, AttributeError):
            return "(an answer of an earlier version)"

    return words

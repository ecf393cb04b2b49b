"""The composition root of the staff's desk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from records_wiring import READ_SECONDS, model, words_of
from settings import DeskSettings
from telemetry import Telemetry
from throughline.customers.client import dynamodb_client
from throughline.customers.secret_keys import SecretKeys
from throughline.desk.acts import Desk
from throughline.desk.dynamo_audit import DynamoAudit
from throughline.desk.dynamo_disputes import DynamoDisputes
from throughline.desk.office import Office
from throughline.records.custody import Custody
from throughline.records.dynamo_keeping import DynamoKeeping
from throughline.records.dynamo_strands import DynamoStrands
from throughline.records.invoking import invoke
from throughline.records.s3_exports import S3Exports, s3_client


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the handler works with."""

    desk: Desk
    telemetry: Telemetry
    prefix: str
    account: str


def parts(settings: DeskSettings) -> DeskParts:
    """Everything, joined."""
    client = dynamodb_client(read_seconds=READ_SECONDS)
    keeping = DynamoKeeping(client, settings.table, SecretKeys(settings.keys))
    office = Office(
        store=keeping,
        strands=DynamoStrands(client, settings.table),
        keeping=keeping,
        audit=DynamoAudit(client, settings.audit),
        custody=Custody(keeping, S3Exports(cache(s3_client), settings.exports)),
        words=words_of(model),
        replay=_replaying(settings.records),
        clock=time.time,
        model=model(),
        disputes=DynamoDisputes(client, settings.table),
    )
    telemetry = Telemetry("desk", frozenset(), service=settings.service)
    return DeskParts(Desk(office), telemetry, settings.service, settings.account)


def _replaying(function: str) -> Callable[[str, bool], None]:
    return lambda person, unfinished: invoke(function, {"replay": {"by": person, "unfinished": unfinished}})

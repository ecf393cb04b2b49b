"""The composition root of the function that joins text channels and agents."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from settings import RelaySettings
from telemetry import Telemetry
from throughline.channels import texting, web
from throughline.customers.client import dynamodb_client
from throughline.customers.dynamo import DynamoStore
from throughline.customers.secret_keys import SecretKeys
from throughline.dialogue.model import Model
from throughline.relay.connect_chats import ConnectChats
from throughline.relay.dynamo_book import DynamoBook
from throughline.relay.kms_tokens import KmsTokens
from throughline.relay.outlets import Outlet
from throughline.relay.relaying import Relaying
from throughline.relay.text_messages import TextMessages
from throughline.relay.web_outbox import WebOutbox

MODEL: Final = Path(__file__).with_name("model.json")
CHANNEL: Final = "relay"
READ_SECONDS: Final = 3.0
"""Nobody waits at the other end of a request."""


@dataclass(frozen=True, slots=True)
class RelayParts:
    """What the handler works with."""

    relaying: Relaying
    telemetry: Telemetry


def parts(settings: RelaySettings) -> RelayParts:
    """Everything, joined."""
    model = Model.from_json(json.loads(MODEL.read_bytes()))
    client = dynamodb_client(read_seconds=READ_SECONDS)
    keys = SecretKeys(settings.keys)
    store = DynamoStore(client, settings.table, keys)
    telemetry = Telemetry(CHANNEL, frozenset(), service=settings.service)
    outlets: dict[str, Outlet] = {web.CHANNEL: WebOutbox(client, settings.table, model)}
    if settings.sms_from:
        outlets[texting.CHANNEL] = TextMessages(
            store, model, settings.sms_from, telemetry, protect=settings.sms_protect
        )  # fmt: skip
    relaying = Relaying(
        book=DynamoBook(client, settings.table),
        chats=ConnectChats(settings.instance.rpartition("/")[2], settings.flow.rpartition("/")[2], settings.topic),
        tokens=KmsTokens(settings.tokens_key),
        outlets=outlets,
        store=store,
        keys=keys,
        model=model,
        clock=time.time,
        observer=telemetry,
    )
    return RelayParts(relaying, telemetry)

"""The composition root of the functions that a contact flow invokes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import wiring
from settings import AgentScreenSettings, SecretTurnSettings
from telemetry import Telemetry
from throughline.affairs.pins import Pins
from throughline.calls.capturing import Capturing
from throughline.calls.latest import DynamoLatest
from throughline.captures.connect_vault import ConnectVault
from throughline.channels import connect
from throughline.customers.client import dynamodb_client
from throughline.customers.dynamo import DynamoStore
from throughline.customers.dynamo_codes import DynamoAllowances
from throughline.customers.keys import Keys
from throughline.customers.secret_keys import SecretKeys
from throughline.desk.dynamo_audit import DynamoAudit
from throughline.dialogue.model import Model
from throughline.errors import EventError, StoreError

CHANNEL: Final = connect.CHANNEL


class Known(Protocol):
    """Settings of a function that looks a caller up."""

    @property
    def table(self) -> str:
        """Name of the customers' table."""

    @property
    def keys(self) -> str:
        """ARN of the secret with the keys."""

    @property
    def service(self) -> str:
        """What logs are kept under."""


@dataclass(frozen=True, slots=True)
class PhoneParts:
    """What a handler works with."""

    model: Model
    store: DynamoStore
    keys: Keys
    telemetry: Telemetry
    client: Any = field(repr=False)
    clock: Callable[[], float] = time.time

    def answered(self, answer: Callable[[], Mapping[str, str]], otherwise: Mapping[str, str]) -> Mapping[str, str]:
        """What `answer` gives; whatever fails in it, `otherwise`, since somebody is waiting on the line."""
        return self.telemetry.flushed(lambda: self._answered(answer, otherwise))

    def _answered(self, answer: Callable[[], Mapping[str, str]], otherwise: Mapping[str, str]) -> Mapping[str, str]:
        try:
            return answer()
        except (EventError, StoreError) as error:
            self.telemetry.trouble("event" if isinstance(error, EventError) else "store", error)
        except Exception as error:  # noqa: BLE001 - the last guard: its text may quote somebody
            self.telemetry.trouble("handler", error)
        return otherwise


def parts(settings: Known) -> PhoneParts:
    """Everything for a function that looks a caller up."""
    client = dynamodb_client()
    keys = SecretKeys(settings.keys)
    model = Model.from_json(json.loads(wiring.MODEL.read_bytes()))
    telemetry = Telemetry(CHANNEL, frozenset(), service=settings.service)
    return PhoneParts(model, DynamoStore(client, settings.table, keys), keys, telemetry, client)


def audit(parts: PhoneParts, settings: AgentScreenSettings) -> DynamoAudit:
    """The trail."""
    return DynamoAudit(parts.client, settings.audit)


def latest(parts: PhoneParts, settings: AgentScreenSettings) -> DynamoLatest:
    """The ends of the strands."""
    return DynamoLatest(parts.client, settings.table)


def capturing(settings: SecretTurnSettings) -> tuple[Capturing, Keys, Telemetry]:
    """The path of captures: the one of every turn, and the private key."""
    made = wiring.parts(settings, channel=CHANNEL, origin=wiring.nowhere)
    vault = ConnectVault(settings.capture_key)
    pins = _pins(settings, made.keys) if settings.ledger else None
    return Capturing(made.model, made.conversations, vault, wiring.now, pins), made.keys, made.telemetry


def _pins(settings: SecretTurnSettings, keys: Keys) -> Pins:
    """The reference bank's telephone PINs."""
    from bank.fake.telephone_pins import FakeTelephonePins

    allowances = DynamoAllowances(dynamodb_client(), settings.table, keys)
    return Pins(allowances, FakeTelephonePins(), keys)

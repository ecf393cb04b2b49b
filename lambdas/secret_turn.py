"""A turn whose words were keyed into the flow's encrypted input: the one function that can open them."""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Mapping

import phone_wiring
import wiring
from settings import SecretTurnSettings
from throughline.calls.capturing import otherwise
from throughline.captures.vault import NotOpened
from throughline.errors import EventError, StoreError

CAPTURING, KEYS, TELEMETRY = phone_wiring.capturing(SecretTurnSettings.from_environment(os.environ))
cold_start.done()


def handler(event: object, context: object) -> Mapping[str, str]:
    """Connect's event in; out, what to say and where to go on. Where nothing can be opened, a person helps."""
    del context
    return TELEMETRY.flushed(lambda: _answer(event))


def _answer(event: object) -> Mapping[str, str]:
    started = wiring.now()
    try:
        contact = CAPTURING.parse(event)
        exchange, told = CAPTURING.answer(contact, KEYS.pointer_keys())
        TELEMETRY.turn(exchange, wiring.now() - started)
        return told
    except NotOpened as error:
        TELEMETRY.trouble("capture", error)
    except StoreError as error:
        TELEMETRY.trouble("keys", error)
    except EventError as error:
        TELEMETRY.trouble("event", error)
    except Exception as error:  # noqa: BLE001 - the last guard: a customer is waiting
        TELEMETRY.trouble("handler", error)
    return otherwise(event, CAPTURING.model)

"""The code hook of the bot's aliases `live` and `guest`: one utterance, one turn."""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Mapping
from typing import Any

import wiring
from settings import LexTurnSettings
from throughline.channels import lex
from throughline.errors import StoreError

PARTS = wiring.parts(LexTurnSettings.from_environment(os.environ), channel=lex.CHANNEL, origin=wiring.nowhere)
cold_start.done()


def handler(event: object, context: object) -> Mapping[str, Any]:
    """Lex's event in, Lex's response out; whatever fails behind it, the response is polite and valid."""
    del context
    return PARTS.telemetry.flushed(lambda: _answer(event))


def _answer(event: object) -> Mapping[str, Any]:
    started, fresh_id, turn_id = wiring.now(), wiring.fresh_id(), ""
    try:
        hook = lex.parse(event)
        turn_id = f"{lex.CHANNEL}-{fresh_id}"
        pointed = hook.alias == lex.LIVE and lex.POINTER in hook.attributes
        keys = PARTS.keys.pointer_keys() if pointed else None
        turn_id = lex.turn_id(hook, fresh_id, keys)
        turn, sender = lex.to_turn(hook, at=started, fresh_id=fresh_id, keys=keys)
        exchange = PARTS.conversations.answer(turn, sender)
        response = lex.to_response(hook, exchange, PARTS.model, keys)
        PARTS.telemetry.turn(exchange, wiring.now() - started)
        return response
    except StoreError as error:
        PARTS.telemetry.trouble("keys", error, turn=turn_id)
    except Exception as error:  # noqa: BLE001 - the last guard: a customer is waiting
        PARTS.telemetry.trouble("handler", error, turn=turn_id)
    return lex.apology(PARTS.model, event)

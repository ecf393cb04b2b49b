"""The text messages' handler in the rehearsal: the channel's adapter, the ear and the one path, as a function.

An event: `{"from": phone number, "id", "text", "sent_at"}`, as a carrier delivers it. The answer: `{"texts": [text],
"relayed"}`, which go back to that number.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import wiring
from rehearsal.door_settings import DoorSettings
from throughline.channels import texting
from throughline.channels.ear import Ear
from throughline.errors import EventError

SETTINGS = DoorSettings.from_environment(os.environ)
PARTS = wiring.parts(SETTINGS, channel=texting.CHANNEL, origin=wiring.nowhere)
HEAR = texting.numbered(Ear(wiring.Lex(), bot=SETTINGS.ear_bot, alias=SETTINGS.ear_alias).hear)


def handler(event: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """One message in, the texts that go back out. A message that is none is told so."""
    del context
    return PARTS.telemetry.flushed(lambda: _answer(event))


def _answer(event: Mapping[str, Any]) -> Mapping[str, Any]:
    started, keys = wiring.now(), PARTS.keys.address_keys()
    try:
        turn, sender = texting.to_turn(event, at=started, locale=PARTS.model.default_locale, keys=keys)
    except EventError as error:
        PARTS.telemetry.trouble("message", error)
        return {"error": str(error)}
    exchange = PARTS.conversations.answer(turn, sender, HEAR)
    PARTS.telemetry.turn(exchange, wiring.now() - started)
    return {
        "texts": texting.to_texts(exchange, PARTS.model),
        "question": exchange.reply.question,
        "awaits": exchange.reply.awaits.value,
        "assurance": exchange.turn.assurance.name.lower(),
        "relayed": exchange.reply.relayed,
    }

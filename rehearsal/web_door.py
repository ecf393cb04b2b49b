"""The web chat's handler in the rehearsal: the channel's adapter, the ear and the one path, as a function.

An event: `{"device": id, "transport": assurance's name, "message": the page's message}`. How well the device
is proved is the rehearsal's to say here, as a signed token's would be in production.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import wiring
from settings import TurnSettings
from throughline.channels import web
from throughline.channels.ear import Ear
from throughline.conversation import Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.errors import EventError
from throughline.turn import Assurance


@dataclass(frozen=True, slots=True)
class WebDoorSettings(TurnSettings):
    """The environment of this door."""

    ear_bot: str = ""
    """Id of the hookless bot."""
    ear_alias: str = ""
    """Id of its alias."""


SETTINGS = WebDoorSettings.from_environment(os.environ)
PARTS = wiring.parts(SETTINGS, channel=web.CHANNEL)
EAR = Ear(wiring.Lex(), bot=SETTINGS.ear_bot, alias=SETTINGS.ear_alias)


def handler(event: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """One message in, one answer out. A message that is none is told so."""
    del context
    return PARTS.telemetry.flushed(lambda: _answer(event))


def _answer(event: Mapping[str, Any]) -> Mapping[str, Any]:
    started = wiring.now()
    try:
        turn = web.to_turn(event["message"], at=started)
        sender = Sender(Assurance.named(event["transport"]), address=Address(AddressKind.WEB, event["device"]))
    except EventError as error:
        PARTS.telemetry.trouble("message", error)
        return {"error": str(error)}
    exchange = PARTS.conversations.answer(turn, sender, EAR.hear)
    PARTS.telemetry.turn(exchange, wiring.now() - started)
    return web.to_answer(exchange, PARTS.model)

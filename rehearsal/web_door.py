"""The web chat's handler in the rehearsal: the channel's adapter, the ear and the one path, as a function.

An event: `{"device": id, "transport": assurance's name, "token": access token or none, "message": the page's message,
"ip": what the front saw, or none}`.
How well the device is proved is the rehearsal's to say here, as a signed token's would be in production; who is signed
in, the customers' user pool says.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import wiring
from rehearsal.door_settings import DoorSettings
from throughline.affairs.origins import Told
from throughline.channels import web
from throughline.channels.ear import Ear
from throughline.conversation import Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.errors import EventError
from throughline.privacy.sealed import Sealed
from throughline.turn import Assurance

SETTINGS = DoorSettings.from_environment(os.environ)
ORIGIN = Told()
PARTS = wiring.parts(SETTINGS, channel=web.CHANNEL, origin=ORIGIN)
EAR = Ear(wiring.Lex(), bot=SETTINGS.ear_bot, alias=SETTINGS.ear_alias)


def handler(event: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """One message in, one answer out. A message that is none is told so."""
    del context
    return PARTS.telemetry.flushed(lambda: _answer(event))


def _answer(event: Mapping[str, Any]) -> Mapping[str, Any]:
    started = wiring.now()
    ORIGIN.tell(event.get("ip", ""))
    try:
        turn = web.to_turn(event["message"], at=started)
        token = event.get("token") or ""
        sender = Sender(
            Assurance.named(event["transport"]),
            address=Address(AddressKind.WEB, event["device"]),
            steps_up=True,
            login=PARTS.logins.of(Sealed(token), started) if token else None,
        )
    except EventError as error:
        PARTS.telemetry.trouble("message", error)
        return {"error": str(error)}
    exchange = PARTS.conversations.answer(turn, sender, EAR.hear)
    PARTS.telemetry.turn(exchange, wiring.now() - started)
    return {**web.to_answer(exchange, PARTS.model), "assurance": exchange.turn.assurance.name.lower()}

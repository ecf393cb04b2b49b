"""The web chat's handler in the rehearsal: the channel's adapter, the ear and the one path, as a function.

An event: `{"device": id, "transport": assurance's name, "token": access token or none, "message": the page's message,
"ip": what the front saw, or none}`. A message with `"collects": true` asks for what came outside of any turn, after the
place `after`: `{"arrived": [{"id", "sort", "lines", "question"}]}`; it is no turn, and costs none.
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
from throughline.belonging import Belonging
from throughline.channels import web
from throughline.channels.ear import Ear
from throughline.channels.shapes import mapping, string
from throughline.conversation import Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.client import dynamodb_client
from throughline.customers.dynamo import DynamoStore
from throughline.dialogue.state import decode
from throughline.errors import EventError
from throughline.privacy.sealed import Sealed
from throughline.relay.web_outbox import WebOutbox
from throughline.turn import Assurance

SETTINGS = DoorSettings.from_environment(os.environ)
ORIGIN = Told()
PARTS = wiring.parts(SETTINGS, channel=web.CHANNEL, origin=ORIGIN)
EAR = Ear(wiring.Lex(), bot=SETTINGS.ear_bot, alias=SETTINGS.ear_alias)
CLIENT = dynamodb_client()
STORE = DynamoStore(CLIENT, SETTINGS.table, PARTS.keys)
BELONGING = Belonging(STORE, PARTS.model.limits)
OUTBOX = WebOutbox(CLIENT, SETTINGS.table, PARTS.model)


def handler(event: Mapping[str, Any], context: object) -> Mapping[str, Any]:
    """One message in, one answer out. A message that is none is told so."""
    del context
    if mapping(event.get("message")).get("collects") is True:
        return _collected(event)
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


def _collected(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """What came for the page's own session by the page's own link. A message that is none is told so."""
    now, message = wiring.now(), event["message"]
    try:
        session = web.to_turn({**message, "opens": True}, at=now).session
    except EventError as error:
        return {"error": str(error)}
    stored, link = STORE.by_address(Address(AddressKind.WEB, event["device"]), now)
    acting = BELONGING.acting(decode(stored.state), session, now)
    link = acting[1] if acting is not None else link
    came = OUTBOX.arrived(link, session, string(message.get("after"), 200))
    told = ("lines", "question")
    return {"arrived": [{"id": it.id, "sort": it.place, **{name: it.answer[name] for name in told}} for it in came]}

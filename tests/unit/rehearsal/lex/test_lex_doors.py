"""Speech and telephone keys through the rehearsal's own door."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.lex.doors import Door, pressed
from rehearsal.lex.errors import NotFound, ValidationFailed
from rehearsal.lex.session import Session
from tests.unit.rehearsal.lex.flower_shop import Shop, answering


def say(shop: Shop, text: str, **more: Any) -> Any:
    return Door(shop.lex).say(shop.bot.id, shop.live.id, "en_US", "call-1", text, **more)


def test_speech_reaches_the_hook_with_its_transcription(shop: Shop) -> None:
    reply = say(shop, "order roses", confidence=0.81, session_attributes={"pointer": "p"})
    event = shop.hook.events[0]
    assert (event["inputMode"], event["responseContentType"]) == ("Speech", "audio/pcm")
    assert event["transcriptions"][0]["transcriptionConfidence"] == 0.81
    assert event["requestAttributes"] == {"x-amz-lex:channels:platform": "Connect"}
    assert event["sessionState"]["sessionAttributes"] == {"pointer": "p"}
    assert reply["messages"][0]["content"] == "For which day?"


def test_keys_answer_slots_and_confirmations(shop: Shop) -> None:
    say(shop, "order roses")
    assert say(shop, "5#", mode="DTMF")["sessionState"]["dialogAction"] == {"type": "ConfirmIntent"}
    event = shop.hook.events[-1]
    assert (event["inputMode"], event["inputTranscript"]) == ("DTMF", "5")
    assert "transcriptionConfidence" not in event["transcriptions"][0]
    assert say(shop, "1", mode="DTMF")["sessionState"]["intent"]["confirmationState"] == "Confirmed"


def test_two_is_a_no_on_the_keypad(shop: Shop) -> None:
    say(shop, "order roses for friday")
    assert say(shop, "2", mode="DTMF")["sessionState"]["intent"]["confirmationState"] == "Denied"


@pytest.mark.parametrize("mode", ["Speech", "DTMF"])
def test_silence_is_an_empty_transcript_to_the_fallback_intent(shop: Shop, mode: str) -> None:
    shop.hook.script = answering({"type": "ElicitIntent"}, "Are you there?")
    reply = say(shop, "", mode=mode)
    event = shop.hook.events[0]
    assert (event["inputTranscript"], event["transcriptions"]) == ("", [])
    assert event["sessionState"]["intent"]["name"] == "FallbackIntent"
    assert reply["messages"][0]["content"] == "Are you there?"


def test_silence_to_a_question_uses_up_its_retries(shop: Shop) -> None:
    say(shop, "order flowers")
    assert say(shop, "")["messages"][0]["content"] == "Which flowers?"
    assert shop.hook.events[-1]["proposedNextState"]["prompt"] == {"attempt": "Retry1"}
    shop.hook.script = answering({"type": "ElicitIntent"}, "Are you there?")
    say(shop, "")
    assert shop.hook.events[-1]["sessionState"]["intent"]["name"] == "FallbackIntent"


@pytest.mark.parametrize(
    ("keys", "attributes", "taken"),
    [
        ("1234#99", {}, "1234"),
        ("12*34", {}, "34"),
        ("12#34D9", {"x-amz-lex:dtmf:end-character:*:*": "D"}, "12#34"),
        ("123456", {"x-amz-lex:dtmf:max-length:*:*": "4"}, "1234"),
        ("12", {"x-amz-lex:audio:max-length-ms:*:*": "15000", "x-amz-lex:allow-interrupt:*:*": "true"}, "12"),
        ("123", {"x-amz-lex:dtmf:max-length:*:*": "many"}, "123"),
    ],
)
def test_keys_are_taken_as_the_session_attributes_say(keys: str, attributes: dict[str, str], taken: str) -> None:
    assert pressed(keys, Session(), attributes) == taken


def test_a_setting_for_the_slot_goes_before_the_general_one(shop: Shop) -> None:
    say(shop, "order roses")
    attributes = {
        "x-amz-lex:dtmf:max-length:*:*": "9",
        "x-amz-lex:dtmf:max-length:OrderFlowers:Day": "1",
    }
    say(shop, "55", mode="DTMF", session_attributes=attributes)
    assert shop.hook.events[-1]["inputTranscript"] == "5"


@pytest.mark.parametrize(
    "arguments",
    [{"mode": "Text"}, {"mode": "DTMF", "text": "abc"}, {"text": "x" * 1025}],
)
def test_what_no_telephone_sends_is_refused(shop: Shop, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValidationFailed):
        say(shop, **{"text": "order roses", **arguments})


def test_the_door_knows_only_the_bots_there_are(shop: Shop) -> None:
    with pytest.raises(NotFound, match="Bot AAAAAAAAAA does not exist"):
        Door(shop.lex).say("AAAAAAAAAA", "BBBBBBBBBB", "en_US", "call-1", "hello")
    with pytest.raises(ValidationFailed, match="sessionId"):
        Door(shop.lex).say(shop.bot.id, shop.live.id, "en_US", "+15550100", "hello")

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.connect.events import AskedFor, Spoke, Understood, Unheard
from rehearsal.connect.inputs import Keys, Said, Silence, Tick, Typed
from rehearsal.connect.ports import LexAnswer, LexFailed, LexInput, LexMessage
from rehearsal.connect.stand_ins import NamingLex
from tests.unit.connect.line import Bot, Line, action, flow, say

ERRORS = {"NoMatchingError": "error", "NoMatchingCondition": "other", "InputTimeLimitExceeded": "late"}


def asks(text: str, **attributes: str) -> LexAnswer:
    return LexAnswer(False, "Pay", "InProgress", (LexMessage(text, "ssml"),), attributes=attributes)


def closes(intent: str = "Pay", **attributes: str) -> LexAnswer:
    return LexAnswer(True, intent, "Fulfilled", slots={"amount": "5"}, attributes=attributes, sentiment="NEGATIVE")


def line(*answers: LexAnswer | LexFailed, channel: str = "VOICE", **parameters: Any) -> tuple[Line, Bot]:
    bot = Bot(list(answers))
    given = {"Text": "Yes?", "LexV2Bot": {"AliasArn": "arn:alias"}, **parameters}
    block = action("bot", "ConnectParticipantWithLexBot", given, "", {"Pay": "pay"}, ERRORS)
    pay = say("pay", "Pay $.Lex.Slots.amount: $.Lex.SessionAttributes.tl-next $.Lex.SentimentResponse.Label")
    return Line(flow(block, pay, *map(say, ("error", "other", "late"))), channel=channel, lex=bot), bot


def test_a_bot_talks_until_it_closes_and_attributes_go_there_and_back() -> None:
    it, bot = line(
        asks("How much?", step="1"), closes(**{"tl-next": "capture:card"}),
        LexSessionAttributes={"caller": "$.CustomerEndpoint.Address"},
    )  # fmt: skip
    it.begin(Said("pay a bill"), Said("five"))
    assert it.said == ["Yes?", "How much?", "Pay 5: capture:card NEGATIVE"]
    assert bot.heard == [
        (LexInput("pay a bill"), {"caller": "+15555550101"}),
        (LexInput("five"), {"step": "1"}),
    ]
    assert [it.over for it in it.of(Understood)] == [False, True]


def test_another_intent_takes_the_other_branch_and_a_failure_the_error_branch() -> None:
    assert line(closes("Else"))[0].begin(Said("x")).said[-1] == "other"
    assert line(LexFailed("throttled"))[0].begin(Said("x")).said[-1] == "error"


def test_keys_are_a_turn_at_the_end_character_the_length_or_the_time_limit() -> None:
    for inputs, heard in (
        ([Keys("12#")], LexInput(keys="12")),
        ([Keys("1"), Keys("2"), Silence()], LexInput(keys="12")),
        ([Keys("9*12#")], LexInput(keys="12")),
        ([Keys("#")], LexInput(silent=True)),
        ([Silence()], LexInput(silent=True)),
        ([Tick(3)], LexInput(silent=True)),
    ):
        it, bot = line(closes())
        it.begin(*inputs)
        assert bot.heard[0][0] == heard
    it, bot = line(closes(), LexSessionAttributes={"x-amz-lex:dtmf:max-length:*:*": "2"})
    it.begin(Keys("123"))
    assert bot.heard[0][0] == LexInput(keys="12")


def test_the_audio_settings_of_the_block_and_of_the_bot_count() -> None:
    quick = {"x-amz-lex:audio:start-timeout-ms:*:*": "1500", "x-amz-lex:allow-interrupt:*:*": "false"}
    it, _ = line(asks("Again?", **{"x-amz-lex:audio:start-timeout-ms:Pay:amount": "9000"}), LexSessionAttributes=quick)
    it.begin(Silence())
    assert [asked.seconds for asked in it.of(AskedFor)] == [1.5, 9.0]
    assert [spoke.barge_in for spoke in it.of(Spoke)] == [False, True]


def test_a_chat_types_and_may_run_out_of_time() -> None:
    it, bot = line(closes(), channel="CHAT", LexTimeoutSeconds={"Text": "60"})
    it.begin(Typed(" "), Tick(59), Typed("pay"))
    assert bot.heard[0][0] == LexInput("pay")
    assert line(channel="CHAT", LexTimeoutSeconds={"Text": "60"})[0].begin(Tick(60)).said[-1] == "late"
    patient, _ = line(channel="CHAT")
    assert patient.begin(Silence(), Tick(1e6)).contact.waiting


def test_the_first_message_of_a_chat_is_its_first_turn() -> None:
    it, bot = line(closes(), channel="CHAT", LexInitializationData={"InitialMessage": "I want to pay"})
    it.begin()
    assert bot.heard[0][0] == LexInput("I want to pay")


def test_a_bot_of_the_old_kind_is_named_by_name_and_alias_and_none_is_an_error() -> None:
    it, bot = line(closes(), LexV2Bot={}, LexBot={"Name": "Old", "Alias": "live"})
    it.begin(Said("x"))
    assert bot.heard
    assert line(LexV2Bot={})[0].begin().said == ["error"]


def test_ssml_in_a_chat_and_a_bot_for_an_agent_are_errors() -> None:
    assert line(channel="CHAT", Text="", SSML="<speak>Hi</speak>")[0].begin().said == ["error"]
    assert line(channel="TASK")[0].begin().branch("bot") == "NoMatchingError"


def test_a_bot_that_never_closes_fails_in_the_end() -> None:
    it, _ = line(*[asks("Again?")] * 500)
    for _ in range(500):
        it.take(Said("x")) if it.events else it.begin(Said("x"))
    assert it.said[-1] == "error"


@pytest.mark.parametrize(("said", "branch"), [(["Pay"], "Pay"), (["hm hm", "no no"], "other")])
def test_the_stand_in_takes_names_of_intents(said: list[str], branch: str) -> None:
    block = action("bot", "ConnectParticipantWithLexBot", {"LexV2Bot": {"AliasArn": "a"}}, "", {"Pay": "Pay"}, ERRORS)
    it = Line(flow(block, say("Pay"), say("other"), say("late"), say("error")), lex=NamingLex()).begin(*map(Said, said))
    assert it.said[-1] == branch
    assert it.take(Said("late")).of(Unheard) == []

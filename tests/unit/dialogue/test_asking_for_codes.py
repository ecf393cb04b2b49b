"""The code of a step up: where it is asked for, what becomes of wrong and used up ones, and other ways to get it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from throughline.dialogue.action import Done, Failed, Invalid, NeedsPerson, Refused
from throughline.dialogue.engine import secret_awaited
from throughline.dialogue.state import Asked
from throughline.privacy.sealed import Sealed
from throughline.turn import Heard

from .library import INTENTS, PAY
from .talker import LEX, SPEAKER, WEB, Talker


def test_a_code_is_not_sent_where_it_cannot_be_answered(caller: Talker) -> None:
    caller.can = SPEAKER
    assert caller.says(caller.hears("PayFee")) == "need_linked | prove_elsewhere"
    assert caller.deeds == []


def test_a_code_may_be_asked_where_a_pin_may_not(caller: Talker) -> None:
    caller.can = LEX
    assert caller.hears("SetPin", {"purse": "card"}).slot == "code"
    caller.code()
    assert "secret_elsewhere doing SetPin" in caller.says(caller.hears("Yes"))


def test_a_wrong_code_is_asked_again_and_after_three_another_one_is_offered(caller: Talker) -> None:
    caller.outcomes["prove.check"] = Invalid("code", "wrong")
    caller.hears("PayFee", {"amount": "5"})
    assert caller.says(caller.code()) == "ProveIt.refused.wrong | ProveIt.code.ask"
    caller.code()
    reply = caller.code()
    assert caller.says(reply) == "ProveIt.refused.wrong | new_code_offer"
    assert caller.says(caller.hears("Yes")) == "ProveIt.begun_phone | ProveIt.code.ask"
    sent = [deed.key for deed in caller.deeds if deed.action == "prove.send"]
    assert len(set(sent)) == 2
    for _ in range(2):
        caller.code()
    reply = caller.code()
    assert reply.handover is not None
    assert (reply.handover.reason, reply.handover.intent) == ("assurance", "PayFee")
    assert [frame.intent for frame in caller.state.frames] == ["PayFee"]


@pytest.mark.parametrize("code", ["expired", "too_many_tries"])
def test_a_used_up_code_is_offered_anew_once_and_then_a_person(caller: Talker, code: str) -> None:
    caller.outcomes["prove.check"] = Refused(code)
    caller.hears("PayFee")
    assert caller.says(caller.code()) == f"ProveIt.refused.{code} | new_code_offer"
    assert caller.hears("Yes").slot == "code"
    reply = caller.code()
    assert caller.says(reply) == f"ProveIt.refused.{code} | handed_over"
    assert reply.handover is not None and reply.handover.reason == "assurance"


def test_another_code_may_be_declined(caller: Talker) -> None:
    caller.outcomes["prove.check"] = Refused("expired")
    caller.hears("PayFee")
    caller.code()
    assert caller.says(caller.hears("No")) == "cancelled doing ProveIt | anything_else"
    assert [frame.intent for frame in caller.state.frames] == ["PayFee"]


@pytest.mark.parametrize("code", ["nowhere", "too_many"])
def test_who_cannot_get_a_code_is_led_to_a_person(caller: Talker, code: str) -> None:
    caller.outcomes["prove.send"] = Refused(code)
    reply = caller.hears("PayFee", {"amount": "5"})
    assert caller.says(reply) == f"need_linked | ProveIt.refused.{code} | handed_over"
    assert reply.handover is not None and (reply.handover.reason, reply.handover.intent) == ("assurance", "PayFee")


def test_where_nobody_can_take_over_the_task_stays_open_and_unconfirmed(caller: Talker) -> None:
    caller.can = WEB
    caller.outcomes["prove.send"] = Refused("nowhere")
    reply = caller.hears("PayFee", PAY)
    assert caller.says(reply) == "need_linked | ProveIt.refused.nowhere | prove_elsewhere"
    assert [(frame.intent, frame.confirmed) for frame in caller.state.frames] == [("PayFee", "")]
    assert dict(caller.state.frames[0].slots) == PAY


def test_a_technical_failure_offers_another_try(caller: Talker) -> None:
    caller.outcomes["prove.send"] = Failed()
    assert caller.says(caller.hears("PayFee")) == "need_linked | failed doing ProveIt | resume_offer doing ProveIt"
    caller.outcomes["prove.send"] = Done()
    assert caller.says(caller.hears("Yes")).endswith("ProveIt.begun | ProveIt.code.ask")


def test_a_failed_check_asks_for_the_same_code_again(caller: Talker) -> None:
    caller.outcomes["prove.check"] = Failed()
    caller.hears("PayFee")
    caller.code()
    assert caller.hears("Yes").slot == "code"
    assert [deed.action for deed in caller.deeds] == ["prove.send", "prove.check"]


def test_an_action_may_ask_for_a_person(caller: Talker) -> None:
    caller.outcomes["prove.send"] = NeedsPerson("assurance")
    reply = caller.hears("PayFee")
    assert reply.handover is not None and reply.handover.reason == "assurance"


def test_silence_and_other_words_bring_a_person_in_the_end(caller: Talker) -> None:
    caller.hears("PayFee")
    replies = [caller.code("I have no idea") for _ in range(4)]
    assert [caller.says(reply) for reply in replies[:3]] == [f"ProveIt.code.again.{tier}" for tier in range(3)]
    assert replies[3].handover is not None and replies[3].handover.reason == "assurance"
    assert [deed.action for deed in caller.deeds] == ["prove.send"], "words are no try"


def test_send_it_again_sends_it_again_under_a_new_key(caller: Talker) -> None:
    caller.hears("PayFee")
    reply = caller.hears("ProveIt", text="send it again")
    assert caller.says(reply) == "ProveIt.begun_phone | ProveIt.code.ask"
    assert len({deed.key for deed in caller.deeds}) == len(caller.deeds) == 2
    assert caller.says(caller.code()).startswith("ProveIt.done | back_to doing PayFee")


def test_another_way_of_the_code_may_be_asked_for(caller: Talker) -> None:
    caller.hears("PayFee")
    caller.hears("ProveIt", {"code_by": "email"}, text="send it by email")
    assert dict(caller.deeds[-1].frame.slots) == {"code_by": "email"}
    caller.code("the phone please")
    assert dict(caller.deeds[-1].frame.slots) == {"code_by": "phone"}


def test_the_code_is_the_code_though_it_is_heard_as_the_step_up_itself(caller: Talker) -> None:
    caller.hears("PayFee")
    heard = (Heard("ProveIt", 0.9, {"code": "[code]"}),)
    reply = caller.take(caller.turn(heard=heard, text="[code]", sealed=Sealed("123456")))
    assert caller.says(reply).startswith("ProveIt.done")


def test_the_code_is_never_kept(caller: Talker) -> None:
    caller.hears("PayFee")
    caller.code()
    assert caller.deeds[-1].secret is not None and caller.deeds[-1].secret.reveal() == "123456"
    assert "123456" not in repr(caller.state)


def test_a_code_that_is_out_is_awaited_though_another_session_asks_something(caller: Talker) -> None:
    caller.hears("PayFee")
    assert secret_awaited(caller.model, caller.state, "s1") == "code"
    assert secret_awaited(caller.model, caller.state, "s2") == ""
    caller.session = "s2"
    caller.hears("Reserve")
    assert caller.state.question is not None and caller.state.question.session == "s2"
    assert secret_awaited(caller.model, caller.state, "s1") == "code"
    assert secret_awaited(caller.model, caller.state, "s2") == ""


def test_every_question_of_a_step_up_is_answered_by_keys_too(caller: Talker) -> None:
    caller.can = replace(LEX, keys=True)
    caller.outcomes["prove.check"] = Refused("expired")
    caller.hears("PayFee")
    assert caller.state.question is not None and caller.state.question.secret == "code"
    caller.code()
    assert caller.state.question.asked is Asked.NEW_CODE
    assert caller.keys("1").slot == "code"
    assert INTENTS["ProveIt"]["begin"] == "prove.send"

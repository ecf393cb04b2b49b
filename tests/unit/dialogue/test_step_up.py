"""Proving who they are in the middle of a conversation, and going on exactly where it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from throughline.dialogue.action import Done, Failed, Invalid, NeedsPerson, Refused, Typed, Unknown
from throughline.dialogue.changes import Identified, Linked, Noted, Proved
from throughline.dialogue.engine import secret_awaited
from throughline.dialogue.state import Asked
from throughline.privacy.sealed import Sealed
from throughline.reply import Awaits
from throughline.turn import Assurance, Capabilities, Heard, Provable

from .library import INTENTS, library
from .talker import Talker

PAY = {"amount": "12.50", "source": "card", "target": "cash"}
LEX = Capabilities(voice=True, screen=False, transfer=True, secrets=False, codes=True)
SPEAKER = Capabilities(voice=True, screen=False, transfer=False, secrets=False, cancel_exits=True)
WEB = Capabilities(voice=False, screen=True, transfer=False, secrets=True)


@pytest.fixture
def caller() -> Talker:
    """Somebody who only claims to be the customer, and whom a code can be sent to."""
    talker = Talker(library(), assurance=Assurance.CLAIMED, provable=Provable.CODE)
    talker.outcomes |= {
        "prove.send": Done(variant="phone"),
        "prove.check": Done(changes=(Proved("code"),)),
        "identify.check": Done(changes=(Identified("c2", "code"),)),
        "address.send": Done(variant="phone"),
    }
    return talker


def proved(caller: Talker) -> Talker:
    caller.hears("ProveIt")
    caller.code()
    return caller


def test_a_code_is_sent_and_asked_for_and_the_task_goes_on_where_it_was(caller: Talker) -> None:
    reply = caller.hears("PayFee", {"amount": "5", "source": "card"})
    assert caller.says(reply) == "need_linked | ProveIt.begun_phone | ProveIt.code.ask"
    assert (reply.slot, reply.intent, reply.step_up) == ("code", "ProveIt", Assurance.LINKED)
    assert reply.question.endswith(":code")
    assert caller.says(caller.code()) == "ProveIt.done | back_to doing PayFee | PayFee.target.ask"
    assert caller.hears("PayFee", {"target": "cash"}).awaits is Awaits.CONFIRM
    caller.hears("Yes")
    assert [deed.action for deed in caller.deeds] == ["prove.send", "prove.check", "pay"]


def test_a_confirmation_given_before_is_asked_again_after_the_proof(caller: Talker) -> None:
    caller.assurance = Assurance.LINKED
    caller.hears("PayFee", PAY)
    caller.assurance = Assurance.CLAIMED
    assert caller.says(caller.hears("Yes")) == "need_linked | ProveIt.begun_phone | ProveIt.code.ask"
    assert caller.code().awaits is Awaits.CONFIRM
    assert "pay" not in [deed.action for deed in caller.deeds]


def test_a_reading_task_is_done_in_the_turn_of_the_proof(caller: Talker) -> None:
    caller.hears("RenewLoan", {"item": "book", "until": "2026-10-01"})
    said = caller.says(caller.code())
    assert said == "ProveIt.done | back_to doing RenewLoan | RenewLoan.done the book Thu, Oct 1, 2026 | anything_else"
    assert "proved" in [event.name for event in caller.events]


def test_an_answer_that_needs_more_is_given_after_the_proof(caller: Talker) -> None:
    assert caller.says(caller.hears("MyLoans")) == "need_linked | ProveIt.begun_phone | ProveIt.code.ask"
    assert "MyLoans.answer" in caller.says(caller.code())
    assert caller.state.frames == ()


def test_what_a_proof_opens_is_not_repeated_below_it(caller: Talker) -> None:
    caller.hears("MyLoans")
    caller.code(id="same")
    assert "MyLoans.answer" in caller.says(caller.code(id="same"))
    caller.now += 11 * 60
    assert caller.says(caller.hears("Repeat")).startswith("not_repeated")


def test_a_proof_ages(caller: Talker) -> None:
    proved(caller)
    assert caller.hears("PayFee").slot == "amount"
    caller.now += caller.model.limits.verified_minutes * 60
    assert caller.hears("PayFee", {"amount": "5"}).slot == "code"


def test_one_proof_a_session_is_kept_and_old_ones_go(caller: Talker) -> None:
    for number in range(12):
        caller.session = f"s{number}"
        proved(caller)
    assert len(caller.state.proofs) == 8
    caller.now += 3600
    proved(caller)
    assert [(p.link, p.session, p.how) for p in caller.state.proofs] == [("l1", "s11", "code")]


def test_a_proof_counts_in_its_session_and_on_its_link_only(caller: Talker) -> None:
    proved(caller)
    caller.session = "s2"
    assert caller.hears("PayFee").slot == "code"
    caller.session, caller.link = "s1", "l2"
    assert caller.hears("PayFee").slot == "code"


def test_an_identified_stranger_is_proved_on_the_link_that_they_have_then(caller: Talker) -> None:
    caller.provable = Provable.IDENTIFY
    assert caller.says(caller.hears("PayFee", {"amount": "5"})) == "need_linked | SayWho.code_by.ask"
    assert caller.hears("SayWho", {"code_by": "phone"}).slot == "phone_number"
    assert caller.hears("SayWho", {"phone_number": "+1 202 555 0142"}).slot == "code"
    assert caller.says(caller.code()) == (
        "SayWho.done the phone +12025550142 | back_to doing PayFee | PayFee.source.ask"
    )
    assert [(p.link, p.session) for p in caller.state.proofs] == [("l1", "s1")]
    assert caller.changes == [Identified("c2", "code")]


def test_who_tells_their_number_is_not_asked_which_way_the_code_shall_come(caller: Talker) -> None:
    caller.provable = Provable.IDENTIFY
    reply = caller.hears("SayWho", {"phone_number": "+1 202 555 0142"})
    assert (reply.slot, dict(reply.slots)) == ("code", {"code_by": "phone", "phone_number": "+12025550142"})


def test_only_a_step_up_proves_anything(caller: Talker) -> None:
    caller.assurance = Assurance.LINKED
    noted = Noted("trait", "reader", "yes")
    caller.outcomes["renew"] = Done(changes=(Proved("code"), Identified("c2", "code"), noted))
    caller.hears("RenewLoan", {"item": "book", "until": "2026-10-01"})
    assert caller.state.proofs == ()
    assert caller.changes == [noted]


def test_where_nothing_can_be_proved_the_customer_hears_where_and_who_helps(caller: Talker) -> None:
    caller.provable = Provable.NO
    reply = caller.hears("PayFee")
    assert caller.says(reply) == "need_linked | prove_elsewhere | person_can_help"
    assert reply.step_up is Assurance.LINKED
    caller.can = SPEAKER
    assert caller.says(caller.hears("SetPin")) == "need_verified | prove_elsewhere"
    assert caller.says(caller.hears("ProveIt")) == "prove_elsewhere"


def test_a_model_without_step_ups_says_what_is_needed(caller: Talker) -> None:
    caller.model = library(ProveIt=None, SayWho=None)
    assert caller.says(caller.hears("PayFee")).startswith("need_linked | prove_elsewhere")


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


def test_somebody_may_prove_it_of_their_own_accord(caller: Talker) -> None:
    assert caller.says(caller.hears("ProveIt")) == "ProveIt.begun_phone | ProveIt.code.ask"
    assert caller.says(caller.code()) == "ProveIt.done | anything_else"
    assert caller.says(caller.hears("ProveIt")) == "already_proved | anything_else"


def test_a_stranger_who_asks_for_a_code_is_asked_who_they_are(caller: Talker) -> None:
    caller.provable = Provable.IDENTIFY
    assert caller.hears("ProveIt", {"code_by": "phone"}).slot == "phone_number"


def test_somebody_whom_we_know_may_be_somebody_else(caller: Talker) -> None:
    assert caller.hears("SayWho").intent == "SayWho"


def test_the_step_up_may_be_cancelled_and_the_task_waits(caller: Talker) -> None:
    caller.hears("PayFee", {"amount": "5"})
    assert caller.says(caller.hears("Cancel")) == "cancelled doing ProveIt | anything_else"
    assert caller.says(caller.hears("PayFee")).startswith("need_linked | ProveIt.begun_phone")
    assert "PayFee.source.ask" in caller.says(caller.code())


def test_another_wish_during_the_step_up_does_not_send_another_code(caller: Talker) -> None:
    caller.hears("PayFee", {"amount": "5"})
    assert caller.says(caller.hears("Hours")) == "Hours.answer | ProveIt.code.ask"
    reply = caller.hears("RenewLoan")
    assert caller.says(reply) == "need_linked | ProveIt.code.ask"
    assert [deed.action for deed in caller.deeds] == ["prove.send"]
    assert caller.says(caller.code()) == "ProveIt.done | back_to doing RenewLoan | RenewLoan.item.ask"
    assert [frame.intent for frame in caller.state.frames] == ["PayFee", "RenewLoan"]


def test_a_step_up_never_drives_out_the_task_that_it_is_for(caller: Talker) -> None:
    caller.model = replace(caller.model, limits=replace(caller.model.limits, frames=1))
    caller.hears("PayFee", {"amount": "5"})
    assert [frame.intent for frame in caller.state.frames] == ["PayFee", "ProveIt"]


def test_an_abandoned_step_up_is_forgotten_and_the_task_is_not(caller: Talker) -> None:
    caller.hears("PayFee", {"amount": "5"})
    caller.now += 3600
    caller.hears("Hours")
    assert [frame.intent for frame in caller.state.frames] == ["PayFee"]


def test_a_task_may_begin_with_a_code_of_its_own(caller: Talker) -> None:
    caller.assurance = Assurance.VERIFIED
    caller.outcomes["address.check"] = Done(changes=(Linked("phone", "h", "+12025550142", "code"), Proved("code")))
    reply = caller.hears("AddAddress", {"pickup": "post"})
    assert caller.says(reply) == "AddAddress.begun_phone | AddAddress.code.ask"
    assert caller.says(caller.code()).startswith("AddAddress.done")
    assert [type(change) for change in caller.changes] == [Linked]
    assert caller.state.proofs == ()


def test_a_changed_value_begins_again(caller: Talker) -> None:
    caller.assurance = Assurance.VERIFIED
    caller.hears("AddAddress", {"pickup": "post"})
    caller.outcomes["address.send"] = Done(variant="elsewhere")
    assert caller.says(caller.hears("AddAddress", {"pickup": "desk"})).startswith("AddAddress.done_elsewhere")


def test_where_no_code_applies_the_beginning_is_all_of_it(caller: Talker) -> None:
    caller.assurance = Assurance.VERIFIED
    caller.outcomes["address.send"] = Done({"x": Typed("text", "y")}, "elsewhere", (Noted("trait", "a", "b"),))
    assert caller.says(caller.hears("AddAddress", {"pickup": "desk"})) == "AddAddress.done_elsewhere | anything_else"
    assert [deed.action for deed in caller.deeds] == ["address.send"]
    assert caller.changes == [Noted("trait", "a", "b")]
    assert caller.state.frames == ()


def test_a_used_up_code_of_a_task_brings_a_person_who_is_not_about_assurance(caller: Talker) -> None:
    caller.assurance = Assurance.VERIFIED
    caller.outcomes["address.check"] = Refused("expired")
    caller.hears("AddAddress", {"pickup": "post"})
    assert caller.says(caller.code()) == "AddAddress.refused.expired | new_code_offer"
    caller.hears("Yes")
    reply = caller.code()
    assert reply.handover is not None and reply.handover.reason == "refused"


def test_a_protective_act_by_a_claimed_caller_is_noted(caller: Talker) -> None:
    caller.hears("LockCard", {"purse": "card"})
    assert "LockCard.done" in caller.says(caller.hears("Yes"))
    assert ("protective", "LockCard") in [(event.name, event.detail) for event in caller.events]
    caller.assurance, caller.events = Assurance.LINKED, []
    caller.hears("LockCard", {"purse": "card"})
    caller.hears("Yes")
    assert "protective" not in [event.name for event in caller.events]


def test_who_may_not_hear_how_it_ended_does_not_and_may_still_protect(caller: Talker) -> None:
    caller.assurance = Assurance.LINKED
    caller.outcomes["pay"] = Unknown()
    caller.hears("PayFee", PAY)
    caller.hears("Yes")
    caller.now += 30
    caller.session, caller.assurance, caller.settlement = "s2", Assurance.CLAIMED, Done()
    assert caller.says(caller.hears("Hours")) == "Hours.answer | anything_else"
    assert caller.state.pending is not None
    caller.hears("LockCard", {"purse": "card"})
    assert caller.says(caller.hears("Yes")) == "LockCard.done the card | anything_else"
    assert caller.state.pending is None


def test_an_outcome_that_stays_unknown_names_nothing_to_who_may_not_hear_it(caller: Talker) -> None:
    caller.assurance = Assurance.LINKED
    caller.outcomes["pay"] = caller.settlement = Unknown()
    caller.hears("PayFee", PAY)
    caller.hears("Yes")
    caller.now += 30
    caller.session, caller.assurance = "s2", Assurance.CLAIMED
    caller.hears("LockCard", {"purse": "card"})
    assert caller.says(caller.hears("Yes")) == "working | anything_else"


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


# where each message could be anybody's, such as a text message's originator


@pytest.fixture
def texter(caller: Talker) -> Talker:
    caller.forgeable = True
    return caller


def test_where_each_message_could_be_forged_a_code_follows_the_yes_and_does_it(texter: Talker) -> None:
    proved(texter)
    assert texter.hears("PayFee", PAY).awaits is Awaits.CONFIRM
    reply = texter.hears("Yes")
    assert texter.says(reply) == "need_verified | ProveIt.begun_phone | ProveIt.code.ask"
    assert "pay" not in [deed.action for deed in texter.deeds]
    assert "PayFee.done" in texter.says(texter.code())
    assert [deed.action for deed in texter.deeds].count("pay") == 1


def test_words_slipped_in_within_the_minutes_of_a_proof_move_nothing(texter: Talker) -> None:
    proved(texter)
    for _ in range(3):
        texter.hears("PayFee", PAY)
        texter.hears("Yes")
    assert "pay" not in [deed.action for deed in texter.deeds]


def test_values_changed_after_the_yes_are_confirmed_anew_before_a_code_does_it(texter: Talker) -> None:
    proved(texter)
    texter.hears("PayFee", PAY)
    texter.hears("Yes")
    texter.hears("PayFee", {"amount": "999"})
    texter.code()
    assert "pay" not in [deed.action for deed in texter.deeds]


def test_what_is_only_read_is_read_for_some_minutes(texter: Talker) -> None:
    proved(texter)
    assert "RenewLoan.done" in texter.says(texter.hears("RenewLoan", {"item": "book", "until": "2026-10-01"}))


def test_a_secret_is_asked_for_elsewhere(texter: Talker) -> None:
    texter.assurance = Assurance.LINKED
    texter.hears("SetPin", {"purse": "card"})
    said = texter.says(texter.hears("Yes"))
    assert "new_pin.ask" not in said

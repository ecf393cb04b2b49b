"""Proving who they are in the middle of a conversation, and going on exactly where it was."""

from __future__ import annotations

from dataclasses import replace

from throughline.dialogue.action import Done
from throughline.dialogue.changes import Identified, Noted, Proved
from throughline.reply import Awaits
from throughline.turn import Assurance, Provable

from .library import PAY, library
from .talker import SPEAKER, Talker


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
    caller.proves()
    assert caller.hears("PayFee").slot == "amount"
    caller.now += caller.model.limits.verified_minutes * 60
    assert caller.hears("PayFee", {"amount": "5"}).slot == "code"


def test_one_proof_a_session_is_kept_and_old_ones_go(caller: Talker) -> None:
    for number in range(12):
        caller.session = f"s{number}"
        caller.proves()
    assert len(caller.state.proofs) == 8
    caller.now += 3600
    caller.proves()
    assert [(p.link, p.session, p.how) for p in caller.state.proofs] == [("l1", "s11", "code")]


def test_a_proof_counts_in_its_session_and_on_its_link_only(caller: Talker) -> None:
    caller.proves()
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

"""One conversation on several channels: what was left is offered to who may hear of it; codes stay where they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from throughline.dialogue.action import Done
from throughline.dialogue.changes import Proved
from throughline.dialogue.engine import announce, decide
from throughline.dialogue.state import Asked
from throughline.privacy.sealed import Sealed
from throughline.reply import Awaits, Line, Typed
from throughline.turn import Assurance, Capabilities, Heard, Provable

from .library import library
from .talker import Talker

KEYS_ONLY = Capabilities(voice=True, screen=False, transfer=True, secrets=False)


@pytest.fixture
def caller() -> Talker:
    """Somebody who began to pay where they were known, and comes by a channel that only claims who they are."""
    talker = Talker(library(), assurance=Assurance.LINKED, session="web", link="w")
    talker.outcomes["prove.check"] = Done(changes=(Proved("code"),))
    talker.hears("PayFee", {"amount": "5"})
    talker.session, talker.link = "phone", "p"
    talker.assurance, talker.provable = Assurance.CLAIMED, Provable.CODE
    return talker


def elsewhere(talker: Talker, session: str) -> Talker:
    talker.session = session
    return talker


def test_what_was_left_is_not_named_but_may_be_proved_for(caller: Talker) -> None:
    reply = caller.opens()
    assert caller.says(reply) == "welcome_back | prove_offer"
    assert reply.awaits is Awaits.CHOICE
    assert caller.says(caller.hears("Yes")) == "ProveIt.begun | ProveIt.code.ask"
    assert caller.says(caller.code()) == "ProveIt.done | resume_offer doing PayFee"
    assert caller.says(caller.hears("Yes")) == "resumed doing PayFee | PayFee.source.ask"


def test_the_offer_comes_after_words_that_mean_nothing_too(caller: Talker) -> None:
    assert caller.says(caller.hears("Fallback")) == "prove_offer"
    assert caller.says(caller.hears("Fallback")) == "not_understood.0 | prove_offer"


def test_who_says_go_on_is_offered_it_too(caller: Talker) -> None:
    assert caller.says(caller.hears("Yes")) == "prove_offer"
    assert caller.says(caller.hears("Yes")) == "ProveIt.begun | ProveIt.code.ask"


def test_a_no_to_nothing_offers_nothing(caller: Talker) -> None:
    assert "prove_offer" not in caller.says(caller.hears("No"))


def test_the_offer_is_made_once_a_session(caller: Talker) -> None:
    caller.opens()
    caller.hears("Hours")
    assert caller.says(caller.opens()) == "welcome_back | what_else"
    elsewhere(caller, "phone2")
    assert caller.says(caller.opens()) == "welcome_back | prove_offer"


def test_it_may_be_declined_and_is_not_named_later_in_that_session(caller: Talker) -> None:
    caller.opens()
    assert caller.says(caller.hears("No")) == "what_else"
    assert caller.says(caller.opens()) == "welcome_back | what_else"
    caller.hears("ProveIt")
    assert caller.says(caller.code()) == "ProveIt.done | anything_else"
    assert [frame.intent for frame in caller.state.frames] == ["PayFee"]


def test_a_proof_for_something_else_brings_the_offer_by_its_name(caller: Talker) -> None:
    caller.opens()
    caller.hears("MyLoans")
    assert (
        caller.says(caller.code())
        == "ProveIt.done | back_to doing MyLoans | MyLoans.answer | resume_offer doing PayFee"
    )


@pytest.mark.parametrize("provable", [Provable.NO, Provable.IDENTIFY])
def test_only_who_can_prove_it_is_asked_to(caller: Talker, provable: Provable) -> None:
    caller.provable = provable
    offered = "prove_offer" if provable is Provable.IDENTIFY else "what_else"
    assert caller.says(caller.opens()) == f"welcome_back | {offered}"


def test_a_channel_that_takes_no_code_offers_none(caller: Talker) -> None:
    caller.can = KEYS_ONLY
    assert caller.says(caller.opens()) == "welcome_back | what_else"


def test_what_is_too_old_is_not_offered(caller: Talker) -> None:
    caller.now += caller.model.limits.resume_hours * 3600
    assert caller.says(caller.opens()) == "welcome_back | what_else"


def test_who_is_known_well_enough_hears_the_name_at_once(caller: Talker) -> None:
    caller.assurance = Assurance.LINKED
    assert caller.says(caller.opens()) == "welcome_back | resume_offer doing PayFee"


def test_nothing_of_another_session_is_named_to_who_is_not_known(caller: Talker) -> None:
    for heard in ("Help", "Cancel", "GoBack", "StartOver", "Repeat", "Yes", "No", "Greeting"):
        said = caller.says(caller.hears(heard))
        assert "PayFee" not in said, heard
    assert [dict(frame.slots) for frame in caller.state.frames] == [{"amount": "5.00"}]


def test_values_through_another_link_are_marked(caller: Talker) -> None:
    caller.assurance = Assurance.LINKED
    caller.opens()
    caller.hears("Yes")
    caller.hears("PayFee", {"source": "card"})
    frame = caller.state.frames[-1]
    assert (frame.link, dict(frame.through)) == ("w", {"source": "p"})
    caller.hears("Correct", {"purse": "cash", "which": "source"})
    caller.link = "w"
    caller.hears("GoBack")
    assert dict(caller.state.frames[-1].through) == {}


def test_a_code_that_one_session_asked_for_is_not_taken_from_another(caller: Talker) -> None:
    asked = caller.hears("MyLoans")
    assert asked.question.endswith(":code")
    elsewhere(caller, "phone2")
    reply = caller.take(
        caller.turn(heard=(Heard("Fallback"),), text="[code]", sealed=Sealed("123456"), answers=asked.question)
    )
    assert "prove.check" not in [deed.action for deed in caller.deeds]
    assert "asked_again" in caller.says(reply)
    caller.code()
    assert "prove.check" not in [deed.action for deed in caller.deeds]
    assert caller.state.proofs == ()


def test_two_sessions_may_prove_it_at_once_each_with_its_own_code(caller: Talker) -> None:
    caller.hears("MyLoans")
    elsewhere(caller, "phone2")
    assert caller.says(caller.hears("ProveIt")) == "ProveIt.begun | ProveIt.code.ask"
    assert len([deed for deed in caller.deeds if deed.action == "prove.send"]) == 2
    assert caller.says(caller.code()).startswith("ProveIt.done")
    assert [proof.session for proof in caller.state.proofs] == ["phone2"]
    elsewhere(caller, "phone")
    again = caller.hears("Fallback", text="hm")
    assert (again.intent, again.slot) == ("ProveIt", "code"), "asked again where it was asked first"
    assert len([deed for deed in caller.deeds if deed.action == "prove.send"]) == 2
    caller.code()
    assert sorted(proof.session for proof in caller.state.proofs) == ["phone", "phone2"]


def test_another_sessions_words_are_not_heard_by_this_ones_question(caller: Talker) -> None:
    caller.hears("MyLoans")
    elsewhere(caller, "phone2")
    caller.hears("Reserve", {"item": "book", "pickup": "post"})
    elsewhere(caller, "phone")
    reply = caller.hears("Fallback", text="3")
    assert "copies" not in dict(next(f for f in caller.state.frames if f.intent == "Reserve").slots)
    assert reply.slot == "code"


def test_a_task_taken_up_elsewhere_needs_its_own_code(caller: Talker) -> None:
    caller.assurance = Assurance.VERIFIED
    caller.hears("AddAddress", {"pickup": "post"})
    elsewhere(caller, "web2")
    caller.opens()
    assert caller.says(caller.hears("Yes")).endswith("AddAddress.begun | AddAddress.code.ask")
    assert len({deed.key for deed in caller.deeds if deed.action == "address.send"}) == 1
    assert [deed.action for deed in caller.deeds] == ["address.send", "address.send"]


def test_a_message_of_ours_lands_in_the_conversation_and_disturbs_nothing(caller: Talker) -> None:
    caller.assurance = Assurance.LINKED
    caller.hears("PayFee", {"amount": "5"})
    caller.hears("Fallback")
    before = caller.state
    line = Line("Reserve.done", {"item": Typed("choice:item", "book")})
    turn = caller.turn(id="out1")
    step = announce(caller.model, before, turn, [line])
    assert step.reply is not None and step.reply.lines == (line,)
    after = step.state
    assert (after.question, after.frames, after.misses, after.last_at) == (
        before.question, before.frames, before.misses, before.last_at,
    )  # fmt: skip
    again = announce(caller.model, after, replace(turn, at=turn.at + 5), [line])
    assert again.repeat and again.reply == step.reply
    assert decide(caller.model, after, caller.turn(heard=(Heard("Repeat"),))).reply is not None


def test_a_message_is_not_said_again_to_who_may_not_hear_it(caller: Talker) -> None:
    turn = caller.turn(id="out1")
    step = announce(caller.model, caller.state, turn, [Line("PayFee.done")], needs=Assurance.VERIFIED)
    caller.state = step.state
    assert caller.says(caller.hears("Repeat")).startswith("not_repeated")


def test_the_open_question_is_known_by_what_it_asks(caller: Talker) -> None:
    caller.opens()
    assert caller.state.question is not None and caller.state.question.asked is Asked.PROVE
    assert "PayFee" not in repr(caller.state.question)


def test_somebody_who_only_claims_neither_replaces_nor_crowds_out_what_was_begun_by_a_proof() -> None:
    talker = Talker(library(), assurance=Assurance.LINKED)
    talker.hears("PayFee", {"amount": "12.50", "source": "card", "target": "cash"})
    hers = talker.state.frames[-1]
    talker.session, talker.assurance = "s2", Assurance.CLAIMED
    for intent in ("PayFee", "RenewLoan", "Reserve", "SetPin", "PayFee"):
        talker.hears(intent, {"amount": "999"})
    assert [frame for frame in talker.state.frames if frame.id == hers.id] == [hers]


def test_however_many_sessions_claim_what_was_begun_by_a_proof_stays() -> None:
    talker = Talker(library(), assurance=Assurance.LINKED)
    talker.hears("PayFee", {"amount": "12.50", "source": "card", "target": "cash"})
    hers = talker.state.frames[-1]
    talker.assurance = Assurance.CLAIMED
    for number in range(12):
        talker.session = f"call-{number}"
        talker.hears(("PayFee", "RenewLoan", "Reserve")[number % 3], {"amount": "999"})
        assert hers in talker.state.frames
    talker.session, talker.assurance = "s9", Assurance.LINKED
    talker.hears("Reserve")
    assert hers.id in {frame.id for frame in talker.state.frames}, "nor does she lose it by what she begins herself"
    most = talker.model.limits.frames
    assert len(talker.state.frames) <= 4 * most

"""What was left in one session, seen from another: offered, never answered by mistake, told only to who may hear it."""

from __future__ import annotations

from throughline.dialogue.state import Asked
from throughline.privacy.sealed import Sealed
from throughline.reply import Awaits
from throughline.turn import Assurance, Heard

from .library import PAY
from .talker import Talker


def test_another_channel_is_offered_the_open_task(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    talker.session = "s2"
    assert talker.says(talker.opens()) == "welcome_back | resume_offer doing PayFee"
    assert talker.says(talker.hears("Yes")) == "resumed doing PayFee | PayFee.source.ask"


def test_the_offer_can_be_declined_and_is_not_made_again(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    talker.session = "s2"
    talker.opens()
    assert talker.says(talker.hears("No")).startswith("dropped doing PayFee")
    assert "resume_offer" not in talker.says(talker.opens())


def test_an_intent_may_come_before_the_offer(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    talker.session = "s2"
    assert talker.says(talker.hears("Hours")) == "Hours.answer | resume_offer doing PayFee"
    assert talker.says(talker.hears("Hours")) == "Hours.answer | anything_else"


def test_an_abandoned_task_is_offered_and_an_old_one_forgotten(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    talker.now += 3600
    talker.session = "s1b"
    assert "resume_offer" in talker.says(talker.opens())
    talker.now += 25 * 3600
    talker.session = "s3"
    assert talker.says(talker.opens()) == "welcome_back | what_else"
    assert talker.state.frames == ()


def test_who_may_not_go_on_is_not_told_what_was_open(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    talker.session, talker.assurance = "s2", Assurance.CLAIMED
    assert talker.says(talker.opens()) == "welcome_back | what_else"
    assert len(talker.state.frames) == 1


def test_a_yes_in_another_session_is_not_an_answer(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    talker.session = "s2"
    reply = talker.hears("Yes")
    assert talker.says(reply) == "resume_offer doing PayFee"
    assert talker.deeds == []


def test_a_questions_id_from_another_session_makes_nothing_an_answer(talker: Talker) -> None:
    talker.hears("SetPin", {"purse": "card"})
    asked = talker.hears("Yes")
    talker.session = "s2"
    reply = talker.take(talker.turn(heard=(Heard("Fallback"),), sealed=Sealed("4821"), answers=asked.question))
    assert talker.deeds == []
    assert talker.says(reply) == "asked_again | resume_offer doing SetPin"


def test_a_yes_sent_before_the_question_is_not_an_answer(talker: Talker) -> None:
    before = talker.now
    talker.hears("PayFee", PAY)
    reply = talker.hears("Yes", sent_at=before)
    assert talker.deeds == []
    assert reply.awaits is Awaits.CONFIRM


def test_a_repeated_turn_gets_its_first_reply_and_does_nothing(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    first = talker.hears("Yes", id="same")
    again = talker.hears("Yes", id="same")
    assert again == first
    assert len(talker.deeds) == 1


def test_a_repeat_below_the_first_assurance_tells_nothing(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    talker.hears("Yes", id="same")
    talker.assurance = Assurance.CLAIMED
    assert talker.says(talker.hears("Yes", id="same")) == "not_repeated"


def test_more_assurance_is_demanded_and_the_task_goes_on_after_it(talker: Talker) -> None:
    talker.assurance = Assurance.CLAIMED
    reply = talker.hears("PayFee", {"amount": "5"})
    assert talker.says(reply) == "need_linked | prove_elsewhere | person_can_help"
    assert reply.step_up is Assurance.LINKED
    talker.assurance = Assurance.LINKED
    assert talker.says(talker.opens()) == "welcome_back | PayFee.source.ask"


def test_a_lost_assurance_stops_the_task_before_it_executes(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    talker.assurance = Assurance.CLAIMED
    assert talker.says(talker.hears("Yes")) == "need_linked | prove_elsewhere | person_can_help"
    assert talker.deeds == []


def test_a_frame_asked_about_elsewhere_is_not_reprompted_here(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    talker.session = "s2"
    assert talker.says(talker.hears("Fallback")) == "resume_offer doing PayFee"
    question = talker.state.question
    assert question is not None and question.asked is Asked.RESUME

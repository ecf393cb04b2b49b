"""What the engine decides, move by move."""

from __future__ import annotations

from dataclasses import replace

import pytest

from throughline.dialogue.action import Done, Failed, Invalid, NeedsPerson, Refused, Unknown
from throughline.dialogue.state import Asked
from throughline.privacy.sealed import Sealed
from throughline.reply import Awaits, Typed
from throughline.turn import Answer, Assurance, Capabilities, Heard

from .library import INTENTS, library
from .talker import ANYWHERE, Talker

PAY = {"amount": "12.50", "source": "card", "target": "cash"}
SPEAKER = Capabilities(voice=True, screen=False, transfer=False, secrets=False, cancel_exits=True)


@pytest.fixture
def talker() -> Talker:
    return Talker(library())


def test_slots_are_asked_in_the_authors_order(talker: Talker) -> None:
    assert talker.hears("PayFee").slot == "amount"
    assert talker.hears("PayFee", {"amount": "12.5"}).slot == "source"
    assert talker.hears("PayFee", {"source": "card"}).slot == "target"
    reply = talker.hears("PayFee", {"target": "cash"})
    assert reply.awaits is Awaits.CONFIRM
    assert talker.says(reply) == "PayFee.confirm $12.50 the card the cash"


def test_several_slots_in_one_sentence_are_all_taken(talker: Talker) -> None:
    assert talker.hears("PayFee", PAY).awaits is Awaits.CONFIRM


def test_nothing_irreversible_happens_without_a_yes(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    assert talker.deeds == []
    reply = talker.hears("Yes")
    assert [deed.action for deed in talker.deeds] == ["pay"]
    assert talker.says(reply) == "PayFee.done $12.50 the card the cash | anything_else"
    assert talker.state.frames == ()


def test_a_reading_action_runs_at_once(talker: Talker) -> None:
    talker.outcomes["renew"] = Done()
    reply = talker.hears("RenewLoan", {"item": "book", "until": "2026-10-01"})
    assert talker.says(reply).startswith("RenewLoan.done the book Thu, Oct 1, 2026")


def test_a_correction_in_the_confirmation_is_confirmed_anew(talker: Talker) -> None:
    first = talker.hears("PayFee", PAY)
    second = talker.hears("Correct", {"number": "20"})
    assert second.awaits is Awaits.CONFIRM
    assert second.question != first.question
    assert "$20.00" in talker.says(second)
    assert talker.deeds == []


def test_a_yes_bound_to_values_since_changed_is_not_applied(talker: Talker) -> None:
    shown = talker.hears("PayFee", PAY)
    talker.hears("Correct", {"number": "20"})
    reply = talker.hears("Yes", answers=shown.question)
    assert talker.deeds == []
    assert talker.says(reply).startswith("asked_again | PayFee.confirm $20.00")


def test_a_denial_with_the_right_value_is_a_correction(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    reply = talker.hears("PayFee", {**PAY, "amount": "30"}, answer=Answer.DENIED)
    assert reply.awaits is Awaits.CONFIRM
    assert "$30.00" in talker.says(reply)


def test_a_yes_that_says_more_confirms_nothing(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    reply = talker.hears("Yes", confidence=0.6, text="yes but make it sixty")
    assert talker.deeds == [] and reply.awaits is Awaits.CONFIRM
    readings = (Heard("Yes", 0.6), Heard("Correct", 0.5, {"number": "20"}))
    reply = talker.take(talker.turn(heard=readings, text="yes but make it twenty"))
    assert talker.deeds == [] and "$20.00" in talker.says(reply)


def test_a_plain_no_asks_what_to_change_and_a_second_no_cancels(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    reply = talker.hears("No")
    assert talker.says(reply) == "not_confirmed doing PayFee | what_to_change amount, source, target"
    assert [choice.value for choice in reply.choices] == ["amount", "source", "target"]
    assert "cancelled doing PayFee" in talker.says(talker.hears("No"))
    assert talker.state.frames == ()


def test_the_slot_to_change_can_be_named_and_is_asked_again(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    talker.hears("No")
    assert talker.hears("Correct", {"which": "amount"}).slot == "amount"
    reply = talker.hears("PayFee", {"amount": "7"})
    assert reply.awaits is Awaits.CONFIRM and "$7.00" in talker.says(reply)


def test_a_correction_that_fits_two_slots_asks_which(talker: Talker) -> None:
    model = library(
        PayFee={**INTENTS["PayFee"], "slots": [
            {"name": "amount", "type": "money"}, {"name": "source", "type": "purse"},
            {"name": "target", "type": "purse"}]}
    )  # fmt: skip
    talker = Talker(model)
    talker.hears("PayFee", {"amount": "5", "source": "card", "target": "card"})
    reply = talker.hears("Correct", {"purse": "cash"})
    assert talker.says(reply) == "which_slot source target"
    reply = talker.hears("Choose", {"option": "second"})
    assert reply.awaits is Awaits.CONFIRM
    assert talker.state.frames[-1].slots == {"amount": "5.00", "source": "card", "target": "cash"}


def test_a_digression_is_answered_and_the_task_goes_on(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    assert talker.says(talker.hears("Hours")) == "Hours.answer | PayFee.source.ask"
    reply = talker.hears("RenewLoan", {"item": "film", "until": "2026-10-02"})
    assert talker.says(reply).endswith("back_to doing PayFee | PayFee.source.ask")
    assert talker.state.frames[-1].slots == {"amount": "5.00"}


def test_a_task_inside_a_task_is_finished_first(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    assert talker.hears("RenewLoan").intent == "RenewLoan"
    talker.hears("RenewLoan", {"item": "map"})
    reply = talker.hears("RenewLoan", {"until": "2026-10-02"})
    assert reply.intent == "PayFee" and reply.slot == "source"


def test_close_intents_are_asked_about(talker: Talker) -> None:
    near = (Heard("RenewLoan", 0.55, {"item": "map"}), Heard("Reserve", 0.52))
    reply = talker.take(talker.turn(heard=near))
    assert talker.says(reply) == "which_intent do RenewLoan do Reserve"
    reply = talker.hears("Choose", {"option": "1"})
    assert reply.intent == "RenewLoan" and reply.slots == {"item": "map"}


def test_yes_to_which_of_two_never_loops(talker: Talker) -> None:
    talker.take(talker.turn(heard=(Heard("RenewLoan", 0.55), Heard("Reserve", 0.52))))
    replies = [talker.hears("Yes") for _ in range(4)]
    assert [r.awaits for r in replies] == [Awaits.CHOICE] * 3 + [Awaits.NOTHING]
    assert replies[-1].handover is not None


def test_misses_rise_in_three_tiers_and_then_a_person_comes(talker: Talker) -> None:
    talker.hears("PayFee")
    said = [talker.says(talker.hears("Fallback")) for _ in range(4)]
    assert said[:3] == [f"PayFee.amount.again.{tier}" for tier in range(3)]
    assert said[3] == "handed_over"
    assert talker.state.person is not None


def test_silence_is_counted_apart_from_not_understanding(talker: Talker) -> None:
    talker.hears("PayFee")
    said = [talker.says(reply) for reply in (talker.silence(), talker.hears("Fallback"), talker.silence())]
    assert said == ["silence.0 | PayFee.amount.ask", "PayFee.amount.again.0", "silence.1 | PayFee.amount.ask"]
    assert talker.silence().handover is not None


def test_help_repeat_and_digression_do_not_count_as_misses(talker: Talker) -> None:
    talker.hears("PayFee")
    talker.hears("Fallback")
    for _ in range(3):
        talker.hears("Help")
        talker.hears("Repeat")
        talker.hears("Hours")
    assert talker.says(talker.hears("Fallback")) == "PayFee.amount.again.1"


def test_misses_outside_a_task_rise_too(talker: Talker) -> None:
    said = [talker.says(talker.hears("Fallback")) for _ in range(4)]
    assert said == ["not_understood.0", "not_understood.1", "not_understood.2", "handed_over"]


def test_where_nobody_can_be_transferred_a_person_calls_back() -> None:
    talker = Talker(library(), can=SPEAKER)
    reply = talker.hears("Librarian")
    assert talker.says(reply) == "call_back"
    assert reply.handover is not None and reply.handover.callback
    assert talker.state.person is None


def test_the_bot_is_silent_until_the_person_hands_back(talker: Talker) -> None:
    from throughline.dialogue.engine import hand_back

    talker.hears("PayFee", {"amount": "5"})
    talker.hears("Librarian")
    assert talker.hears("Hours").relayed
    step = hand_back(talker.model, talker.state, talker.turn())
    assert step.reply is not None
    assert talker.says(step.reply).startswith("person_gone | back_to doing PayFee")


def test_a_person_who_never_hands_back_does_not_silence_the_bot_for_ever(talker: Talker) -> None:
    talker.hears("Librarian")
    talker.now += 5 * 3600
    assert talker.says(talker.hears("Hours")).startswith("Hours.answer")


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


def test_bounds_are_told_and_the_slot_is_asked_again(talker: Talker) -> None:
    talker.hears("PayFee")
    assert talker.says(talker.hears("PayFee", {"amount": "500"})) == "too_large amount $50.00 | PayFee.amount.ask"
    assert talker.says(talker.hears("PayFee", {"amount": "0.5"})) == "too_small amount $1.00 | PayFee.amount.ask"


def test_two_slots_that_must_differ_do(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5", "source": "card"})
    reply = talker.hears("PayFee", {"target": "card"})
    assert talker.says(reply) == "must_differ target source | PayFee.target.ask"


def test_a_value_that_another_slot_forbids_is_not_offered(talker: Talker) -> None:
    reply = talker.hears("PayFee", {"amount": "5", "source": "card"})
    assert (reply.slot, [choice.value for choice in reply.choices]) == ("target", ["cash"])


def test_a_value_keeps_its_key_whichever_others_are_offered(talker: Talker) -> None:
    talker.keys("2")
    talker.keys("12*50")
    reply = talker.keys("1")
    assert talker.says(reply).endswith("| key_option 2 the cash")
    assert [choice.value for choice in talker.keys("2").choices] == ["", ""], "taken for cash, and confirmed"


def test_a_slot_is_asked_only_where_it_applies(talker: Talker) -> None:
    talker.hears("Reserve", {"item": "book", "pickup": "post"})
    assert talker.hears("Help").slot == "copies"
    assert talker.hears("Correct", {"pickup": "desk"}).slot == "branch"


def test_a_refusal_is_told_and_ends_the_task(talker: Talker) -> None:
    talker.outcomes["pay"] = Refused("no")
    talker.hears("PayFee", PAY)
    assert talker.says(talker.hears("Yes")).startswith("PayFee.refused.no")
    assert talker.state.frames == ()


def test_a_value_that_the_business_refuses_is_asked_again_as_a_new_deed(talker: Talker) -> None:
    talker.outcomes["pay"] = Invalid("amount", "no", {"amount": Typed("money", "5")})
    talker.hears("PayFee", PAY)
    assert talker.hears("Yes").slot == "amount"
    talker.hears("PayFee", {"amount": "12.50"})
    talker.hears("Yes")
    assert len({deed.key for deed in talker.deeds}) == 2


def test_only_a_person_can_do_some_things(talker: Talker) -> None:
    talker.outcomes["pay"] = NeedsPerson("limit")
    talker.hears("PayFee", PAY)
    reply = talker.hears("Yes")
    assert reply.handover is not None and reply.handover.reason == "limit" and reply.handover.intent == "PayFee"


def test_a_technical_failure_says_so_and_offers_another_try(talker: Talker) -> None:
    talker.outcomes["pay"] = Failed()
    talker.hears("PayFee", PAY)
    assert talker.says(talker.hears("Yes")) == "failed doing PayFee | resume_offer doing PayFee"
    assert talker.hears("Yes").awaits is Awaits.CONFIRM
    assert talker.state.pending is None


def test_an_unknown_outcome_is_told_and_settled_later(talker: Talker) -> None:
    talker.outcomes["pay"] = Unknown()
    talker.hears("PayFee", PAY)
    assert talker.says(talker.hears("Yes")).startswith("outcome_unknown doing PayFee")
    assert talker.says(talker.hears("Hours")) == "working"
    talker.now += 30
    talker.settlement = Done()
    assert talker.says(talker.hears("Hours")) == ("PayFee.done $12.50 the card the cash | Hours.answer | anything_else")
    assert talker.deeds[-1].key == talker.deeds[0].key
    assert talker.state.pending is None


def test_what_never_began_is_offered_for_confirmation_again_under_a_new_key(talker: Talker) -> None:
    talker.outcomes["pay"] = Unknown()
    talker.hears("PayFee", PAY)
    talker.hears("Yes")
    talker.now += 30
    reply = talker.opens()
    assert "not_done_after_all doing PayFee" in talker.says(reply)
    assert reply.awaits is Awaits.CONFIRM
    talker.outcomes["pay"] = Done()
    talker.hears("Yes")
    assert talker.deeds[-1].key != talker.deeds[0].key


def test_nothing_else_irreversible_starts_while_an_outcome_is_unknown(talker: Talker) -> None:
    talker.outcomes["pay"] = Unknown()
    talker.settlement = Unknown()
    talker.hears("PayFee", PAY)
    talker.hears("Yes")
    talker.now += 30
    talker.hears("PayFee", PAY)
    assert "still_unknown" in talker.says(talker.hears("Yes"))
    assert [deed.settle for deed in talker.deeds if not deed.settle] == [False]


def test_a_secret_is_asked_last_handed_to_its_action_and_never_kept(talker: Talker) -> None:
    talker.hears("SetPin", {"purse": "card"})
    reply = talker.hears("Yes")
    assert reply.slot == "new_pin" and reply.question.endswith(":pin")
    talker.secret("4821")
    assert talker.deeds[-1].secret is not None and talker.deeds[-1].secret.reveal() == "4821"
    assert "4821" not in repr(talker.state)


def test_a_refused_secret_is_asked_again_without_a_new_confirmation(talker: Talker) -> None:
    talker.outcomes["set_pin"] = Invalid("new_pin", "no")
    talker.hears("SetPin", {"purse": "card"})
    talker.hears("Yes")
    assert talker.secret("1111").slot == "new_pin"
    talker.outcomes["set_pin"] = Done()
    assert "SetPin.done" in talker.says(talker.secret("4821"))
    assert len({deed.key for deed in talker.deeds}) == 2


def test_where_a_secret_cannot_be_taken_the_customer_is_told(talker: Talker) -> None:
    talker.can = SPEAKER
    talker.hears("SetPin", {"purse": "card"})
    assert "secret_elsewhere doing SetPin" in talker.says(talker.hears("Yes"))


def test_cancel_start_over_and_go_back(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5", "source": "card"})
    assert talker.hears("GoBack").slot == "source"
    assert talker.says(talker.hears("StartOver")) == "started_over doing PayFee | PayFee.amount.ask"
    assert talker.says(talker.hears("Cancel")) == "cancelled doing PayFee | anything_else"
    assert talker.says(talker.hears("Cancel")) == "nothing_to_cancel | anything_else"
    assert talker.says(talker.hears("GoBack")).startswith("nothing_to_go_back_to")


def test_cancel_leaves_a_voice_assistant(talker: Talker) -> None:
    talker.can = SPEAKER
    talker.hears("PayFee", {"amount": "5"})
    assert talker.hears("Cancel").awaits is Awaits.NOTHING


def test_keys_choose_answer_and_call_a_person(talker: Talker) -> None:
    assert talker.keys("2").intent == "PayFee"
    assert talker.keys("12*50").slot == "source"
    assert talker.keys("1").slot == "target"
    reply = talker.keys("2")
    assert talker.says(reply).endswith("key_option 1 yes | key_option 2 no")
    assert talker.says(talker.keys("1")).startswith("PayFee.done")
    assert talker.keys("0").handover is not None


def test_a_typed_number_picks_an_option(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    assert talker.hears("Fallback", text="2").slots["source"] == "cash"


def test_repeat_says_the_last_reply_again(talker: Talker) -> None:
    first = talker.hears("PayFee", {"amount": "5"})
    assert talker.hears("Repeat") == first
    assert talker.hears("PayFee", {"source": "card"}).slot == "target"


def test_anything_else_is_answered_by_yes_or_no(talker: Talker) -> None:
    talker.hears("Hours")
    assert talker.says(talker.hears("Yes")) == "what_else"
    talker.hears("Hours")
    reply = talker.hears("No")
    assert reply.awaits is Awaits.NOTHING and talker.says(reply) == "goodbye"


def test_a_renamed_intent_goes_on_and_a_removed_one_closes_politely() -> None:
    old = library("v0", PayFine={**INTENTS["PayFee"], "was": []}, PayFee=None)
    talker = Talker(old)
    talker.hears("PayFine", {"amount": "5"})
    talker.model = library("v1")
    assert talker.says(talker.opens()) == "welcome_back | PayFee.source.ask"
    talker.model = library("v2", PayFee=None)
    assert talker.says(talker.hears("Fallback")).startswith("changed_since")
    assert talker.state.frames == ()


def test_a_value_that_is_no_longer_of_its_type_is_asked_again(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    slots = [{**slot, "type": "pickup"} if slot["name"] == "source" else slot for slot in INTENTS["PayFee"]["slots"]]
    talker.model = library("v2", PayFee={**INTENTS["PayFee"], "slots": slots})
    reply = talker.hears("Yes")
    assert reply.slot == "source" and talker.deeds == []


def test_an_unknown_intent_is_a_miss_not_a_crash(talker: Talker) -> None:
    assert talker.says(talker.hears("FromTheFuture", {"x": "y"})) == "not_understood.0"


def test_a_frame_asked_about_elsewhere_is_not_reprompted_here(talker: Talker) -> None:
    talker.hears("PayFee", {"amount": "5"})
    talker.session = "s2"
    assert talker.says(talker.hears("Fallback")) == "resume_offer doing PayFee"
    question = talker.state.question
    assert question is not None and question.asked is Asked.RESUME


def test_free_text_is_its_own_value() -> None:
    slots = [{"name": "note", "type": "text"}]
    talker = Talker(library(PayFee={**INTENTS["PayFee"], "slots": slots}))
    talker.hears("PayFee")
    assert talker.hears("Fallback", text="for the atlas").slots == {"note": "for the atlas"}


def test_a_stale_answer_thrice_brings_a_person(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    replies = [talker.hears("Yes", answers="q999") for _ in range(4)]
    assert replies[2].awaits is Awaits.CONFIRM
    assert replies[3].handover is not None


def test_the_frame_limit_lets_the_oldest_go(talker: Talker) -> None:
    talker.model = replace(talker.model, limits=replace(talker.model.limits, frames=2))
    talker.hears("PayFee")
    talker.hears("RenewLoan")
    talker.hears("Reserve")
    assert [frame.intent for frame in talker.state.frames] == ["RenewLoan", "Reserve"]
    assert talker.can is ANYWHERE

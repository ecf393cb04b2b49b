"""Moves in a conversation: digress, nest, choose, cancel, repeat, and go on after the model changed."""

from __future__ import annotations

from dataclasses import replace

from throughline.reply import Awaits
from throughline.turn import Heard

from .library import INTENTS, library
from .talker import ANYWHERE, SPEAKER, Talker


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


def test_the_frame_limit_lets_the_oldest_go(talker: Talker) -> None:
    talker.model = replace(talker.model, limits=replace(talker.model.limits, frames=2))
    talker.hears("PayFee")
    talker.hears("RenewLoan")
    talker.hears("Reserve")
    assert [frame.intent for frame in talker.state.frames] == ["RenewLoan", "Reserve"]
    assert talker.can is ANYWHERE

"""What was not understood, or not said: risen tiers of asking again, and a person in the end."""

from __future__ import annotations

from throughline.reply import Awaits

from .library import PAY, library
from .talker import SPEAKER, Talker


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


def test_an_unknown_intent_is_a_miss_not_a_crash(talker: Talker) -> None:
    assert talker.says(talker.hears("FromTheFuture", {"x": "y"})) == "not_understood.0"


def test_a_stale_answer_thrice_brings_a_person(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    replies = [talker.hears("Yes", answers="q999") for _ in range(4)]
    assert replies[2].awaits is Awaits.CONFIRM
    assert replies[3].handover is not None

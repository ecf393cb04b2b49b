"""Values are asked for, taken, bounded, corrected, and confirmed before anything happens."""

from __future__ import annotations

from throughline.dialogue.action import Done
from throughline.reply import Awaits
from throughline.turn import Answer, Heard

from .library import INTENTS, PAY, library
from .talker import Talker


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


def test_a_value_that_is_no_longer_of_its_type_is_asked_again(talker: Talker) -> None:
    talker.hears("PayFee", PAY)
    slots = [{**slot, "type": "pickup"} if slot["name"] == "source" else slot for slot in INTENTS["PayFee"]["slots"]]
    talker.model = library("v2", PayFee={**INTENTS["PayFee"], "slots": slots})
    reply = talker.hears("Yes")
    assert reply.slot == "source" and talker.deeds == []


def test_free_text_is_its_own_value() -> None:
    slots = [{"name": "note", "type": "text"}]
    talker = Talker(library(PayFee={**INTENTS["PayFee"], "slots": slots}))
    talker.hears("PayFee")
    assert talker.hears("Fallback", text="for the atlas").slots == {"note": "for the atlas"}

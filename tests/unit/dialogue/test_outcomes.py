"""What the customer hears of how an action ended, and what that leaves to do."""

from __future__ import annotations

from throughline.dialogue.action import Done, Failed, Invalid, NeedsPerson, Refused, Unknown
from throughline.reply import Awaits, Typed

from .library import PAY
from .talker import SPEAKER, Talker


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

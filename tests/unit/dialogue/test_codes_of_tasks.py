"""Tasks that have a code of their own, and acts that protect: what may be done and heard on a claim."""

from __future__ import annotations

from throughline.dialogue.action import Done, Refused, Typed, Unknown
from throughline.dialogue.changes import Linked, Noted, Proved
from throughline.turn import Assurance

from .library import PAY
from .talker import Talker


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

"""A secret that the channel captures by itself: asked so, taken so, and told from one that is only said."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.dialogue.library import library
from tests.unit.dialogue.talker import Talker
from throughline.dialogue.action import Invalid
from throughline.dialogue.replies import reply_in, reply_out
from throughline.privacy.sealed import Sealed
from throughline.reply import Awaits, Reply
from throughline.turn import TELEPHONE_PIN, Assurance, Capabilities, Captured, InputMode, Provable

PHONE = Capabilities(voice=True, screen=False, transfer=True, secrets=False, captures=frozenset({"pin"}))


def asked(**given: object) -> Talker:
    """Somebody on the phone who is to choose a PIN."""
    talker = Talker(library(), can=PHONE, **given)  # type: ignore[arg-type]
    talker.hears("SetPin", {"purse": "card"})
    talker.hears("Yes")
    return talker


def capture(talker: Talker, kind: str = "pin", flaw: str = "", question: str | None = None) -> Reply:
    current = talker.state.question
    answers = question if question is not None else current.id if current is not None else ""
    turn = talker.turn(
        mode=InputMode.KEYS, text="[pin]", sealed=Sealed("7306"), captured=Captured(kind, flaw), answers=answers
    )
    return talker.take(turn)


def test_a_secret_is_asked_for_by_a_capture_where_the_channel_has_one_and_politely_elsewhere_where_not() -> None:
    talker = Talker(library(), can=PHONE)
    talker.hears("SetPin", {"purse": "card"})
    reply = talker.hears("Yes")
    assert reply.capture == "pin" and reply.awaits is Awaits.SLOT and reply.question.endswith(":pin")
    bare = Talker(library(), can=replace(PHONE, captures=frozenset()))
    bare.hears("SetPin", {"purse": "card"})
    reply = bare.hears("Yes")
    assert reply.capture == "" and "secret_elsewhere" in bare.says(reply)


def test_where_secrets_are_typed_nothing_changes() -> None:
    talker = Talker(library())
    talker.hears("SetPin", {"purse": "card"})
    assert talker.hears("Yes").capture == ""
    talker.secret("7306")
    assert [deed.action for deed in talker.deeds] == ["set_pin"]


def test_what_was_captured_reaches_the_action_sealed() -> None:
    talker = asked()
    capture(talker)
    [deed] = talker.deeds
    assert deed.secret is not None and deed.secret.reveal() == "7306"


def test_a_flaw_is_told_and_asked_again_without_the_action() -> None:
    talker = asked()
    reply = capture(talker, flaw="no")
    assert "refused.no" in talker.says(reply) and reply.capture == "pin" and not talker.deeds
    capture(talker)
    assert len(talker.deeds) == 1


def test_a_refusal_by_the_business_is_captured_again_and_three_bring_a_person() -> None:
    talker = asked(outcomes={"set_pin": Invalid("new_pin", "no")})
    replies = [capture(talker) for _ in range(4)]
    assert [reply.capture for reply in replies[:3]] == ["pin"] * 3
    assert replies[3].handover is not None and replies[3].handover.reason == "misses"


def test_each_asking_has_a_question_of_its_own() -> None:
    talker = asked()
    first = talker.state.question
    talker.silence()
    second = talker.state.question
    assert first is not None and second is not None and first.id != second.id


def test_a_secret_that_is_said_where_it_is_to_be_keyed_is_a_miss() -> None:
    talker = asked()
    reply = talker.secret("seven three oh six")
    assert not talker.deeds and reply.capture == "pin"


def test_a_capture_of_another_kind_or_for_another_question_does_nothing() -> None:
    talker = asked()
    assert capture(talker, kind="card_number").capture == "pin"
    assert capture(talker, question="q0:pin").capture == "pin"
    assert not talker.deeds


def test_a_reply_keeps_its_capture_at_rest() -> None:
    talker = asked()
    reply = talker.silence()
    assert reply.capture == "pin" and reply_in(reply_out(reply)) == reply


def pinned() -> Talker:
    can = replace(PHONE, captures=frozenset({TELEPHONE_PIN}), codes=True)
    return Talker(library(), can=can, assurance=Assurance.CLAIMED, provable=Provable.CODE)


def test_a_telephone_pin_comes_before_a_code_and_lets_the_task_go_on() -> None:
    talker = pinned()
    reply = talker.hears("SetPin", {"purse": "card"})
    assert reply.capture == TELEPHONE_PIN and "pin_ask" in talker.says(reply)
    talker.assurance = Assurance.VERIFIED
    assert capture(talker, TELEPHONE_PIN).awaits is Awaits.CONFIRM


def test_a_pin_that_is_no_use_leads_to_a_code() -> None:
    talker = pinned()
    talker.hears("SetPin", {"purse": "card"})
    reply = capture(talker, TELEPHONE_PIN, "spent")
    assert reply.capture == "" and reply.intent == "ProveIt"


def test_three_wrong_pins_lead_to_a_code() -> None:
    talker = pinned()
    talker.hears("SetPin", {"purse": "card"})
    replies = [capture(talker, TELEPHONE_PIN, "wrong") for _ in range(3)]
    assert [reply.capture for reply in replies[:2]] == [TELEPHONE_PIN] * 2
    assert replies[2].intent == "ProveIt"


def test_a_pin_for_a_question_that_is_gone_asks_what_is_open() -> None:
    talker = pinned()
    talker.hears("SetPin", {"purse": "card"})
    assert capture(talker, TELEPHONE_PIN, question="q0:telephone_pin").lines

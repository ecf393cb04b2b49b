"""Whatever the engine replies, Alexa is handed something that it speaks and that certification lets pass."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.channels.alexa_rules import LARGEST, check_alexa, said
from tests.unit.channels.lantern import KEYS, event, exchange, lantern, recorded, replies
from tests.unit.dialogue.talker import Talker
from throughline.channels import alexa
from throughline.channels.capabilities import ALEXA, WAYS
from throughline.conversation import TROUBLE, WORKING
from throughline.customers.pointer import Pointer, read
from throughline.reply import Awaits, Choice, Handover, Line, Reply, Typed
from throughline.turn import Answer, Assurance, Heard

CAN = WAYS[ALEXA].back
POINTER = Pointer("cabc", "labc", 1)
CONVERSING = [n for n, e in recorded("alexa") if e["request"]["type"] in ("LaunchRequest", "IntentRequest")]


def answer(reply: Reply, name: str = "intent_resolved", pointer: Pointer | None = POINTER) -> dict[str, Any]:
    request = alexa.parse(event("alexa", name))
    return alexa.to_response(request, exchange(reply, CAN, pointer), lantern(), KEYS.pointer)


def body(reply: Reply, name: str = "intent_resolved") -> dict[str, Any]:
    found: dict[str, Any] = answer(reply, name)["response"]
    return found


@settings(max_examples=150, deadline=None)
@given(reply=replies(), name=st.sampled_from(CONVERSING))
def test_alexa_speaks_every_answer(reply: Reply, name: str) -> None:
    check_alexa(answer(reply, name))


@pytest.mark.parametrize(
    "prompt", ["Long.plain", "Long.marked", "Long.unbroken", "Odd.ampersand", "Odd.tag", "Odd.empty"]
)
def test_long_and_odd_prompts_are_spoken(prompt: str) -> None:
    lines = tuple(Line(prompt, {"note": Typed("text", "</speak>")}) for _ in range(8))
    check_alexa(answer(Reply(lines, Awaits.INTENT, "q1")))


def test_a_card_and_its_title_stay_within_the_limit_together() -> None:
    lines = tuple(Line("Long.plain") for _ in range(8))
    response = answer(Reply(lines, Awaits.INTENT, "q1"))
    assert response["response"]["card"]["type"] == "Simple"
    check_alexa(response)


def test_a_launch_welcomes_with_a_question_and_stays_open() -> None:
    talker = Talker(lantern(), can=CAN)
    opened = body(talker.opens(), "launch_full")
    assert "welcome" in said(opened["outputSpeech"])
    assert opened["shouldEndSession"] is False
    assert said(opened["reprompt"]["outputSpeech"])


def test_help_instructs_stays_open_and_fills_no_slot() -> None:
    talker = Talker(lantern(), can=CAN)
    talker.hears("Reserve", {"item": "map"})
    before = talker.state.frames[-1].slots
    helped = talker.hears("Help")
    assert talker.state.frames[-1].slots == before
    assert body(helped)["shouldEndSession"] is False
    assert body(helped)["directives"][0]["slotToElicit"] == "pickup"
    fresh = Talker(lantern(), can=CAN).hears("Help")
    assert body(fresh)["shouldEndSession"] is False


@pytest.mark.parametrize("intent", ["Goodbye", "Cancel"])
def test_stop_and_cancel_exit(intent: str) -> None:
    talker = Talker(lantern(), can=CAN)
    talker.hears("Reserve", {"item": "map"})
    closed = body(talker.hears(intent))
    assert closed["shouldEndSession"] is True
    assert closed["outputSpeech"]
    assert "directives" not in closed and "reprompt" not in closed


def test_what_is_no_question_closes() -> None:
    for reply in (TROUBLE, WORKING, Reply((Line("phrases.need_linked"),), step_up=Assurance.LINKED)):
        assert body(reply)["shouldEndSession"] is True


def test_every_question_of_a_conversation_leaves_the_session_open() -> None:
    talker = Talker(lantern(), can=CAN)
    told = [
        talker.hears("Reserve"),
        talker.hears("Reserve", {"item": "map", "pickup": "post", "copies": "1"}),
        talker.hears("Reserve", answer=Answer.CONFIRMED),
    ]
    assert [reply.awaits for reply in told] == [Awaits.SLOT, Awaits.CONFIRM, Awaits.INTENT]
    for reply in told:
        assert body(reply)["shouldEndSession"] is False
        check_alexa(answer(reply), largest=LARGEST)


def test_a_slot_is_elicited_with_every_slot_of_the_intent() -> None:
    reply = Reply(
        (Line("Reserve.pickup.ask"),),
        Awaits.SLOT,
        "q1",
        "Reserve",
        "pickup",
        slots={"item": "map", "copies": "2"},
    )
    [directive] = body(reply)["directives"]
    assert directive["type"] == "Dialog.ElicitSlot"
    slots = directive["updatedIntent"]["slots"]
    assert list(slots) == ["item", "pickup", "branch", "copies"]
    assert slots["item"]["value"] == "the map"
    assert slots["copies"]["value"] == "2"
    assert "value" not in slots["pickup"]


def test_a_confirmation_is_a_directive_with_every_slot() -> None:
    values = {"item": "map", "pickup": "post", "copies": "1"}
    [directive] = body(Reply((Line("Reserve.confirm"),), Awaits.CONFIRM, "q1", "Reserve", slots=values))["directives"]
    assert directive["type"] == "Dialog.ConfirmIntent"
    assert directive["updatedIntent"]["slots"].keys() == {"item", "pickup", "branch", "copies"}


def test_a_step_up_shows_the_card_that_links_the_account() -> None:
    reply = Reply((Line("phrases.need_linked"),), step_up=Assurance.LINKED)
    assert body(reply)["card"] == {"type": "LinkAccount"}
    assert body(reply, "linked_account").get("card", {}).get("type") != "LinkAccount"


def test_no_card_tells_a_household_what_somebody_did() -> None:
    personal = [
        Reply((Line("Reserve.confirm", {"item": Typed("choice:item", "map")}),), Awaits.CONFIRM, "q", "Reserve"),
        Reply((Line("Good.marked", {"note": Typed("text", "for my surprise")}),)),
        Reply((Line("phrases.cancelled", {"doing": Typed("doing:PayFee", "PayFee")}),), Awaits.NOTHING),
        Reply((Line("PayFee.done", {"slots": ({"a": Typed("money", "12.50")},)}),)),
        Reply((Line("PayFee.done"),), needs=Assurance.LINKED),
        Reply((Line("phrases.resume_offer", {"doing": Typed("doing:PayFee", "PayFee")}),), Awaits.CHOICE, "q"),
    ]
    for reply in personal:
        assert "card" not in body(reply), reply
    public = [
        Reply((Line("Hours.answer"),)),
        Reply((Line("phrases.welcome", {"business": Typed("text", lantern().name)}),)),
    ]
    for reply in public:
        assert body(reply)["card"]["type"] == "Simple", reply


def test_the_session_carries_a_pointer_for_this_user_alone() -> None:
    token = answer(TROUBLE)["sessionAttributes"]["pointer"]
    user = event("alexa", "launch_full")["context"]["System"]["user"]["userId"]
    assert read(token, contact=user, now=1_790_000_001.0, keys=KEYS.pointer)[0] == POINTER
    assert user not in json.dumps(answer(TROUBLE))


def test_what_a_customer_wrote_stays_text_in_speech() -> None:
    evil = "</speak><audio src='https://evil.example/a.mp3'/> & <b>"
    response = body(Reply((Line("Good.marked", {"note": Typed("text", evil)}),), Awaits.INTENT, "q1"))
    assert evil in said(response["outputSpeech"])
    assert "<audio" not in response["outputSpeech"]["ssml"]


def test_a_hand_over_and_a_relayed_turn_close() -> None:
    for reply in (
        Reply((Line("phrases.call_back"),), Awaits.NOTHING, handover=Handover("asked", callback=True)),
        Reply((), Awaits.NOTHING, relayed=True),
    ):
        response = answer(reply)
        assert response["response"]["shouldEndSession"] is True
        check_alexa(response)


def test_choices_keep_a_session_open_without_a_question_id() -> None:
    menu = Reply((Line("phrases.what_else"),), choices=(Choice(Typed("label:Hours", "Hours"), "Hours"),))
    assert body(menu)["shouldEndSession"] is False


# -- requests ----------------------------------------------------------------------------------------


def heard(name: str) -> Heard:
    turn, _ = alexa.to_turn(alexa.parse(event("alexa", name)), at=1.0, fresh_id="f1", keys=KEYS.pointer)
    assert turn.text == "" and turn.id == "amzn1.echo-api.request.r1"
    return turn.heard[0]


def test_a_matched_value_is_its_id() -> None:
    assert heard("intent_resolved").slots == {"item": "map"}
    assert heard("intent_two_authorities").slots == {"item": "map"}


def test_an_unmatched_value_is_what_was_heard() -> None:
    assert heard("intent_unresolved").slots == {"item": "atlas"}


def test_a_list_gives_its_first_value() -> None:
    assert heard("intent_list_slot").slots == {"item": "book"}


def test_a_question_mark_is_no_value() -> None:
    assert heard("intent_question_mark").slots == {}


def test_confirmations_are_the_channels_own_yes_and_no() -> None:
    assert heard("confirmed").answer is Answer.CONFIRMED
    assert heard("denied").answer is Answer.DENIED
    assert heard("intent_resolved").answer is Answer.NONE


def test_platform_names_are_the_models_intents() -> None:
    for name, intent in (("help", "Help"), ("stop", "Goodbye"), ("fallback", "Fallback")):
        found = lantern().intent(heard(name).intent)
        assert found is not None and found.name == intent


def test_card_numbers_in_slots_are_masked() -> None:
    given = event("alexa", "intent_unresolved")
    slot = given["request"]["intent"]["slots"]["item"]
    slot["value"] = slot["slotValue"]["value"] = "4111 1111 1111 1111"
    turn, _ = alexa.to_turn(alexa.parse(given), at=1.0, fresh_id="f", keys=KEYS.pointer)
    assert turn.heard[0].slots == {"item": "[card number]"}


def test_a_launch_opens_and_an_intent_does_not() -> None:
    for name, opens in (("launch_minimal", True), ("launch_full", True), ("help", False)):
        turn, sender = alexa.to_turn(alexa.parse(event("alexa", name)), at=1.0, fresh_id="f", keys=KEYS.pointer)
        assert turn.opens is opens
        assert sender.transport is Assurance.LINKED and sender.pointer is None and sender.address is not None


def test_the_pointer_of_another_user_is_not_believed() -> None:
    given = event("alexa", "intent_resolved")
    attributes = answer(TROUBLE)["sessionAttributes"]
    given["session"]["attributes"] = attributes
    at = 1_790_000_001.0
    _, sender = alexa.to_turn(alexa.parse(given), at=at, fresh_id="f", keys=KEYS.pointer)
    assert sender.pointer == POINTER
    _, late = alexa.to_turn(alexa.parse(given), at=at + alexa.POINTER_SECONDS, fresh_id="f", keys=KEYS.pointer)
    assert late.pointer is None
    given["context"]["System"]["user"]["userId"] = "amzn1.ask.account.SOMEBODYELSE"
    _, other = alexa.to_turn(alexa.parse(given), at=at, fresh_id="f", keys=KEYS.pointer)
    assert other.pointer is None and other.address is not None


def test_long_or_strange_ids_still_tell_turns_apart() -> None:
    given = event("alexa", "help")
    ids = set()
    for request_id in ("r\ud800", "r" * 300 + "a", "r" * 300 + "b", "someone@example.com"):
        given["request"]["requestId"] = request_id
        turn, _ = alexa.to_turn(alexa.parse(given), at=1.0, fresh_id="f", keys=KEYS.pointer)
        turn.id.encode("ascii")
        assert "someone" not in turn.id
        ids.add(turn.id)
    assert len(ids) == 4

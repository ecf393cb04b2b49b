"""Whatever the engine replies, Lex is handed something that it takes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.channels.lantern import KEYS, event, exchange, lantern, recorded, replies
from tests.unit.channels.lex_rules import check_lex
from throughline.channels import lex
from throughline.channels.capabilities import LEX_GUEST, LEX_KEYS, LEX_SPEECH, LEX_TEXT, WAYS
from throughline.customers.pointer import Pointer, mint, read
from throughline.errors import PointerError
from throughline.reply import Awaits, Choice, Handover, Line, Reply, Typed
from throughline.turn import Assurance

LEX_WAYS = [LEX_TEXT, LEX_GUEST, LEX_SPEECH, LEX_KEYS]
RESERVE = Reply((Line("Reserve.item.ask"),), Awaits.SLOT, "q1", "Reserve", "item")


def answer(reply: Reply, *, way: str = LEX_TEXT, name: str = "text_full", **changes: Any) -> dict[str, Any]:
    given = event("lex", name)
    given.update(changes)
    return lex.to_response(lex.parse(given), exchange(reply, WAYS[way].back), lantern())


@settings(max_examples=120, deadline=None)
@given(reply=replies(), way=st.sampled_from(LEX_WAYS), name=st.sampled_from([n for n, _ in recorded("lex")]))
def test_lex_takes_every_answer(reply: Reply, way: str, name: str) -> None:
    check_lex(answer(reply, way=way, name=name))


@pytest.mark.parametrize("way", LEX_WAYS)
@pytest.mark.parametrize("count", [1, 3, 9, 12])
def test_long_prompts_and_many_choices_fit(way: str, count: int) -> None:
    lines = tuple(Line(p) for p in ("Long.plain", "Long.marked", "Long.unbroken") for _ in range(count))
    choices = tuple(Choice(Typed("text", f"choice {n} " + "x" * 60), "Reserve") for n in range(60))
    check_lex(answer(replace(RESERVE, lines=lines, choices=choices), way=way))


def test_a_long_text_goes_on_in_the_next_message() -> None:
    messages = answer(Reply((Line("Long.plain"), Line("Hours.answer"))))["messages"]
    texts = " ".join(m["content"] for m in messages if m["contentType"] == "PlainText")
    assert texts.count("advice about borrowing & lending") == 60
    assert "Hours.answer" in texts


def test_long_speech_goes_on_in_the_next_message_without_its_tags() -> None:
    messages = answer(Reply((Line("Long.marked"), Line("Hours.answer"))), way=LEX_SPEECH)["messages"]
    speech = " ".join(m["content"] for m in messages)
    assert speech.count("word") == 300
    assert "prosody" not in speech
    assert "Hours.answer" in speech


def test_buttons_are_cards_of_five_and_never_the_reason_that_words_are_lost() -> None:
    choices = tuple(Choice(Typed("text", f"branch {n}"), "Reserve") for n in range(60))
    lines = tuple(Line("Hours.answer") for _ in range(9))
    messages = answer(Reply(lines, choices=choices))["messages"]
    texts = [m for m in messages if m["contentType"] == "PlainText"]
    assert len(texts) == 9
    assert [len(m["imageResponseCard"]["buttons"]) for m in messages[9:]] == [5]


def test_a_slot_is_elicited_with_the_values_so_far() -> None:
    reply = replace(RESERVE, slot="pickup", slots={"item": "map"})
    state = answer(reply)["sessionState"]
    assert state["dialogAction"] == {"type": "ElicitSlot", "slotToElicit": "pickup"}
    assert state["intent"]["slots"]["item"]["value"]["interpretedValue"] == "map"
    assert state["intent"]["state"] == "InProgress"


def test_a_slot_that_the_bot_version_lacks_is_asked_for_by_an_open_question() -> None:
    old = event("lex", "text_full")
    for entry in old["interpretations"]:
        entry["intent"]["slots"].pop("copies", None)
    state = answer(replace(RESERVE, slot="copies", slots={"item": "map"}), **old)["sessionState"]
    assert state["dialogAction"] == {"type": "ElicitIntent"}
    assert "intent" not in state


def test_an_event_that_lists_no_slots_says_nothing_about_the_bot() -> None:
    empty: list[dict[str, Any] | None] = [{}, None]
    for slots in empty:
        bare = event("lex", "text_full")
        for entry in bare["interpretations"]:
            entry["intent"]["slots"] = slots
        bare["sessionState"]["intent"]["slots"] = slots
        assert answer(RESERVE, **bare)["sessionState"]["dialogAction"]["type"] == "ElicitSlot"


def test_values_of_slots_that_the_bot_version_lacks_stay_with_us() -> None:
    old = event("lex", "text_full")
    old["interpretations"][0]["intent"]["slots"].pop("copies")
    old["sessionState"]["intent"]["slots"].pop("copies")
    reply = replace(RESERVE, awaits=Awaits.CONFIRM, slot="", slots={"item": "map", "copies": "2"})
    assert set(answer(reply, **old)["sessionState"]["intent"]["slots"]) == {"item"}


def test_an_older_bot_is_answered_under_the_intents_former_name() -> None:
    old = event("lex", "text_full")
    slots = dict.fromkeys(("amount", "source", "target", "note"))
    old["interpretations"][0]["intent"] = {"name": "PayFine", "state": "InProgress", "slots": slots}
    reply = Reply((Line("PayFee.amount.ask"),), Awaits.SLOT, "q1", "PayFee", "amount")
    assert answer(reply, **old)["sessionState"]["intent"]["name"] == "PayFine"


def test_closing_names_an_intent_that_the_bot_knows() -> None:
    state = answer(Reply((Line("phrases.goodbye"),), Awaits.NOTHING))["sessionState"]
    assert state["dialogAction"] == {"type": "Close"}
    assert state["intent"]["name"] == "Reserve"


def test_an_event_without_a_usable_intent_closes_the_fallback() -> None:
    goodbye = Reply((Line("phrases.goodbye"),), Awaits.NOTHING)
    strange = [{"intent": {"name": "no name!"}}, {"intent": {"name": ""}}, "x"]
    response = answer(goodbye, interpretations=strange, sessionState={"intent": {"name": 7}})
    assert response["sessionState"]["intent"]["name"] == "FallbackIntent"


def test_a_hand_over_is_an_attribute_that_the_flow_compares() -> None:
    reply = Reply((Line("phrases.handed_over"),), Awaits.NOTHING, handover=Handover("asked", "PayFee"))
    assert answer(reply)["sessionState"]["sessionAttributes"]["tl-handover"] == "asked"
    later = event("lex", "text_full")
    later["sessionState"]["sessionAttributes"] = {"tl-handover": "asked"}
    assert "tl-handover" not in answer(RESERVE, **later)["sessionState"]["sessionAttributes"]


def test_a_secret_that_the_flow_takes_closes_lex_and_says_which_and_what_for() -> None:
    given = event("lex", "text_full")
    given["sessionState"]["sessionAttributes"] = {"tl-captures": "card pin", "tl-next": "capture:pin", "tl-intent": "X"}
    reply = replace(RESERVE, slot="item", capture="card_number", question="q4:card_number")
    response = answer(reply, **given)
    check_lex(response)
    state = response["sessionState"]
    assert state["dialogAction"] == {"type": "Close"}
    told = {name: state["sessionAttributes"][name] for name in ("tl-next", "tl-intent", "tl-question", "tl-captures")}
    assert told == {
        "tl-next": "capture:card", "tl-intent": "Reserve", "tl-question": "q4:card_number", "tl-captures": "card pin"
    }  # fmt: skip
    given["sessionState"]["sessionAttributes"] = state["sessionAttributes"]
    after = answer(RESERVE, **given)["sessionState"]["sessionAttributes"]
    assert "tl-next" not in after and "tl-intent" not in after and after["tl-captures"] == "card pin"


def test_a_turn_that_a_person_answers_has_no_message() -> None:
    response = answer(Reply((), Awaits.NOTHING, relayed=True))
    assert "messages" not in response
    check_lex(response)


def test_a_prompt_that_is_gone_leaves_the_others_alone() -> None:
    for way in LEX_WAYS:
        messages = answer(Reply((Line("Gone.prompt"), Line("Hours.answer"))), way=way)["messages"]
        assert "trouble" not in json.dumps(messages)
        assert "Hours.answer" in json.dumps(messages)


def test_what_a_customer_wrote_is_no_markup_in_any_message() -> None:
    for way in LEX_WAYS:
        reply = Reply((Line("Good.marked", {"note": Typed("text", "<img src=x onerror=alert(1)>")}),))
        contents = [m["content"] for m in answer(reply, way=way)["messages"]]
        assert "onerror" in "".join(contents)
        assert not any("<img" in content for content in contents)


def test_other_peoples_attributes_and_contexts_are_handed_back() -> None:
    given = event("lex", "text_full")
    given["sessionState"]["sessionAttributes"] = {"x-amz-lex:audio:max-length-ms:*:*": "9000", "shop": "7"}
    state = answer(RESERVE, **given)["sessionState"]
    assert state["sessionAttributes"]["shop"] == "7"
    assert state["sessionAttributes"]["x-amz-lex:audio:max-length-ms:*:*"] == "9000"
    assert state["activeContexts"] == given["sessionState"]["activeContexts"]


def test_contexts_that_lex_would_refuse_are_left_out() -> None:
    given = event("lex", "text_full")
    good = given["sessionState"]["activeContexts"][0]
    bad: list[Any] = [{}, {"name": "x"}, {**good, "name": ""}, {**good, "contextAttributes": None}, 7]
    bad += [
        {**good, "timeToLive": {"timeToLiveInSeconds": 1, "turnsToLive": 5}},
        {**good, "new": 1},
        {**good, "contextAttributes": {"a": "\ud800"}},
    ]
    given["sessionState"]["activeContexts"] = [*bad, good]
    response = answer(RESERVE, **given)
    check_lex(response)
    assert response["sessionState"]["activeContexts"] == [good]


def test_more_attributes_than_lex_can_hold_are_not_handed_back() -> None:
    given = event("lex", "text_full")
    given["sessionState"]["sessionAttributes"] = {f"k{n}": "v" * 1000 for n in range(100)} | {"tl-turns": "4"}
    response = answer(RESERVE, **given)
    check_lex(response)
    assert response["sessionState"]["sessionAttributes"] == {
        "tl-turns": "5",
        "tl-question": "q1",
        lex.DELETION: "D",
    }


@pytest.mark.parametrize("given", [None, 7, "x", [], {}, {"bot": 3}, {"bot": {"localeId": ["x"]}}])
def test_an_apology_is_valid_whatever_came(given: object) -> None:
    check_lex(lex.apology(lantern(), given))


def test_an_apology_keeps_the_sessions_attributes() -> None:
    given = event("lex", "text_full")
    given["sessionState"]["sessionAttributes"] = {"tl-pointer": "1.x", "shop": "7"}
    state = lex.apology(lantern(), given)["sessionState"]
    assert state["sessionAttributes"] == {"tl-pointer": "1.x", "shop": "7"}


def test_every_recorded_event_makes_a_turn() -> None:
    for name, made in recorded("lex"):
        hook = lex.parse(made)
        turn, _ = lex.to_turn(hook, at=1.0, fresh_id="f1", keys=KEYS.pointer)
        assert turn.locale == "en_US", name


def test_the_sessions_pointer_follows_its_customer_as_long_as_it_was_good_and_as_a_claim() -> None:
    before, now = Pointer("c1", "l1", 1), Pointer("c2", "l2", 4)
    given = event("lex", "text_full")
    turn = exchange(RESERVE, WAYS[LEX_TEXT].back).turn
    session = given["sessionId"]
    token = mint(before, contact=session, assurance=Assurance.VERIFIED, expires=turn.at + 60, keys=KEYS.pointer)
    given["sessionState"].setdefault("sessionAttributes", {})[lex.POINTER] = token
    hook = lex.parse(given)

    def pointer(of: Pointer | None) -> str:
        moved = replace(exchange(RESERVE, WAYS[LEX_TEXT].back), pointer=of)
        return str(
            lex.to_response(hook, moved, lantern(), KEYS.pointer)["sessionState"]["sessionAttributes"][lex.POINTER]
        )

    assert pointer(before) == pointer(None) == token
    moved = pointer(now)
    assert read(moved, contact=session, now=turn.at + 59, keys=KEYS.pointer) == (now, Assurance.CLAIMED)
    with pytest.raises(PointerError):
        read(moved, contact=session, now=turn.at + 61, keys=KEYS.pointer)
    with pytest.raises(PointerError):
        read(moved, contact="another", now=turn.at, keys=KEYS.pointer)

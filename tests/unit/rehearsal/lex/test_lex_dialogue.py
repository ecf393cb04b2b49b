"""Lex's own dialogue around the code hook."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.lex.errors import NotFound, ValidationFailed
from rehearsal.lex.event import Utterance
from rehearsal.lex.session import SessionKey
from rehearsal.lex.values import DialogAction, IntentState, SessionState, read_session_state
from tests.unit.rehearsal.lex.flower_shop import Event, Shop, answering, close
from tests.unit.rehearsal.lex.talk import hear, texts


def test_lex_asks_for_required_slots_confirms_and_fulfils_when_the_hook_delegates(shop: Shop) -> None:
    first = hear(shop, "order flowers")
    assert (first.action, texts(first)) == (DialogAction("ElicitSlot", "Flower"), ["Which flowers?"])
    second = hear(shop, "red ones")
    assert (second.action, texts(second)) == (DialogAction("ElicitSlot", "Day"), ["For which day?"])
    third = hear(shop, "friday")
    assert (third.action, texts(third)) == (
        DialogAction("ConfirmIntent"),
        ["roses on 2026-11-27, is that right?"],
    )
    last = hear(shop, "yes")
    assert (last.action, texts(last)) == (DialogAction("Close"), ["Your flowers are on their way."])
    assert last.intent and (last.intent.state, last.intent.confirmation) == ("Fulfilled", "Confirmed")
    sources = [event["invocationSource"] for event in shop.hook.events]
    assert sources == ["DialogCodeHook"] * 4 + ["FulfillmentCodeHook"]


def test_an_intent_without_hooks_is_led_by_lex_alone(shop: Shop) -> None:
    asked = hear(shop, "where is my order", {"sessionAttributes": {"customer": "Ada"}})
    assert texts(asked) == ["What is the number, Ada?"]
    closed = hear(shop, "42")
    assert texts(closed) == ["Order 42 is on its way."]
    assert closed.intent and closed.intent.state == "ReadyForFulfillment"
    assert shop.hook.events == []


def test_the_event_has_every_member_that_lex_sends(shop: Shop) -> None:
    outcome = shop.lex.recognise(
        shop.key(), Utterance("order roses", request_attributes={"x-amz-lex:channels:platform": "Web"})
    )
    event = shop.hook.events[0]
    slots = {
        "Flower": {
            "shape": "Scalar",
            "value": {"originalValue": "red ones", "interpretedValue": "roses", "resolvedValues": ["roses"]},
        },
        "Day": None,
        "Note": None,
    }
    intent = {"name": "OrderFlowers", "slots": slots, "state": "InProgress", "confirmationState": "None"}
    assert event["bot"] == {
        "id": shop.bot.id,
        "name": "FlowerShop",
        "localeId": "en_US",
        "version": "1",
        "aliasId": shop.live.id,
        "aliasName": "live",
    }
    assert event["sessionState"] == {
        "intent": intent,
        "activeContexts": [],
        "sessionAttributes": {},
        "originatingRequestId": outcome.session.request_id,
    }
    assert event["proposedNextState"] == {
        "dialogAction": {"type": "ElicitSlot", "slotToElicit": "Day"},
        "intent": intent,
        "prompt": {"attempt": "Initial"},
    }
    assert event["transcriptions"] == [
        {
            "transcription": "order roses",
            "resolvedContext": {"intent": "OrderFlowers"},
            "resolvedSlots": {"Flower": slots["Flower"]},
        }
    ]
    first, second = event["interpretations"]
    assert (first["intent"], first["nluConfidence"], first["interpretationSource"]) == (intent, 0.9, "Lex")
    assert (second["intent"]["name"], "nluConfidence" in second) == ("FallbackIntent", False)
    assert first["sentimentResponse"]["sentiment"] == "NEUTRAL"
    plain = ("messageVersion", "inputMode", "responseContentType", "sessionId", "inputTranscript")
    assert [event[name] for name in plain] == [
        "1.0",
        "Text",
        "text/plain; charset=utf-8",
        "someone",
        "order roses",
    ]
    assert event["requestAttributes"] == {"x-amz-lex:channels:platform": "Web"}
    assert shop.hook.functions == ["TurnFunction"]


@pytest.mark.parametrize(
    ("text", "label"), [("I hate this, it is terrible", "NEGATIVE"), ("what a lovely shop", "POSITIVE")]
)
def test_sentiment_is_told_where_the_alias_detects_it(shop: Shop, text: str, label: str) -> None:
    shop.hook.script = answering({"type": "ElicitIntent"}, "Anything else?")
    sentiments = [reading.sentiment for reading in hear(shop, text).readings]
    assert [each.label for each in sentiments if each] == [label]
    assert [reading.sentiment for reading in hear(shop, text, alias="guest").readings] == [None]


def test_the_hook_decides_what_is_asked(shop: Shop) -> None:
    shop.hook.script = answering({"type": "ElicitSlot", "slotToElicit": "Note"}, "What shall the card say?")
    session = hear(shop, "order roses")
    assert (session.action, texts(session)) == (
        DialogAction("ElicitSlot", "Note"),
        ["What shall the card say?"],
    )
    hear(shop, "with love")
    assert shop.ear.asked[-1][1] == ("OrderFlowers", "Note")


def test_a_hook_may_move_to_a_slot_of_another_intent(shop: Shop) -> None:
    shop.hook.script = lambda event: {
        "sessionState": {
            "dialogAction": {"type": "ElicitSlot", "slotToElicit": "Number"},
            "intent": {"name": "TrackOrder", "slots": {}, "state": "InProgress"},
        },
    }
    session = hear(shop, "order roses")
    assert session.intent == IntentState("TrackOrder", {"Number": None})
    assert texts(session) == ["What is the number, [customer]?"]


@pytest.mark.parametrize(("answer", "state"), [("Yes, please!", "Confirmed"), ("no thanks", "Denied")])
def test_a_yes_or_no_to_a_confirmation_sets_its_state(shop: Shop, answer: str, state: str) -> None:
    hear(shop, "order roses for friday")
    hear(shop, answer)
    event = next(e for e in shop.hook.events[1:] if e["invocationSource"] == "DialogCodeHook")
    assert event["sessionState"]["intent"]["confirmationState"] == state
    assert event["interpretations"][0]["intent"]["confirmationState"] == state


def test_after_a_no_lex_declines_by_itself(shop: Shop) -> None:
    hear(shop, "order roses for friday")
    session = hear(shop, "no")
    assert (session.action, texts(session)) == (DialogAction("Close"), ["Nothing was ordered."])
    assert session.intent and session.intent.state == "Failed"


def test_a_changed_slot_takes_the_confirmation_back(shop: Shop) -> None:
    hear(shop, "order roses for friday")
    session = hear(shop, "no, on friday")
    assert session.action == DialogAction("ConfirmIntent")
    assert shop.hook.events[-1]["sessionState"]["intent"]["confirmationState"] == "None"


def test_another_intent_in_the_middle_begins_afresh(shop: Shop) -> None:
    hear(shop, "order flowers")
    session = hear(shop, "where is my order")
    assert session.intent == IntentState("TrackOrder", {"Number": None})


def test_an_answer_that_fits_no_slot_is_retried_then_falls_back(shop: Shop) -> None:
    hear(shop, "order flowers")
    again = hear(shop, "mumble")
    assert again.action == DialogAction("ElicitSlot", "Flower")
    assert shop.hook.events[-1]["proposedNextState"]["prompt"] == {"attempt": "Retry1"}
    shop.hook.script = answering({"type": "ElicitIntent"}, "Sorry, what can I do for you?")
    fallen = hear(shop, "mumble")
    assert shop.hook.events[-1]["sessionState"]["intent"]["name"] == "FallbackIntent"
    assert (fallen.action, fallen.failures) == (DialogAction("ElicitIntent"), 0)


def test_an_unclear_answer_to_a_confirmation_falls_back_when_there_are_no_retries(shop: Shop) -> None:
    hear(shop, "order roses for friday")
    hear(shop, "mumble")
    assert shop.hook.events[-1]["sessionState"]["intent"]["name"] == "FallbackIntent"


def test_a_reading_below_the_threshold_stands_behind_the_fallback(shop: Shop) -> None:
    shop.hook.script = answering({"type": "ElicitIntent"}, "Sorry?")
    session = hear(shop, "hmm order")
    assert [reading.intent.name for reading in session.readings] == ["FallbackIntent", "OrderFlowers"]


def test_the_fallback_stands_where_the_threshold_is_crossed(shop: Shop) -> None:
    names = [reading.intent.name for reading in hear(shop, "order flowers").readings]
    assert names == ["OrderFlowers", "FallbackIntent", "TrackOrder"]


def test_an_intent_with_an_input_context_is_heard_only_while_it_is_active(shop: Shop) -> None:
    assert hear(shop, "thanks").readings[0].intent.name == "TrackOrder"
    shop.lex.delete(shop.key())
    hear(shop, "order roses for friday")
    assert [context.name for context in hear(shop, "yes").contexts] == ["ordered"]
    assert hear(shop, "thanks").readings[0].intent.name == "Thanks"


def test_contexts_live_for_their_turns(shop: Shop) -> None:
    hear(shop, "order roses for friday")
    turns = [[context.turns for context in hear(shop, text).contexts] for text in ("yes", "thanks", "thanks")]
    assert turns == [[2], [1], []]


def test_a_context_that_a_hook_hands_back_as_it_came_still_ages(shop: Shop) -> None:
    hear(shop, "order roses for friday")
    hear(shop, "yes")
    shop.hook.script = lambda event: {
        "sessionState": {**event["sessionState"], "dialogAction": {"type": "ElicitIntent"}},
        "messages": [{"contentType": "PlainText", "content": "Anything else?"}],
    }
    turns = [[context.turns for context in hear(shop, "mumble").contexts] for _ in range(2)]
    assert turns == [[1], []]


def test_a_context_that_a_hook_sets_begins_anew(shop: Shop) -> None:
    for turns in (5, 9, 2):
        life = {"timeToLiveInSeconds": 30, "turnsToLive": turns}
        context = {"name": "offered", "contextAttributes": {}, "timeToLive": life}
        shop.hook.script = answering({"type": "ElicitIntent"}, "Hello", activeContexts=[context])
        assert [each.turns for each in hear(shop, "mumble").contexts] == [turns]
    shop.hook.script = answering({"type": "ElicitIntent"}, "Hello", activeContexts=[])
    assert hear(shop, "mumble").contexts == ()


def test_a_slot_longer_than_a_context_parameter_is_cut_for_the_context(shop: Shop) -> None:
    hear(shop, "order roses for friday")
    value = {"interpretedValue": "x" * 2000}

    def fulfil(event: Event) -> object:
        event["sessionState"]["intent"]["slots"]["Note"] = {"shape": "Scalar", "value": value}
        return close(event)

    shop.hook.script = fulfil
    [context] = hear(shop, "yes").contexts
    assert len(context.attributes["Note"]) == 1024


def test_contexts_live_for_their_seconds(shop: Shop) -> None:
    hear(shop, "order roses for friday")
    hear(shop, "yes")
    shop.clock.pass_seconds(40)
    [context] = shop.lex.get(shop.key()).state(shop.clock()).contexts or ()
    assert context.seconds == 20
    shop.clock.pass_seconds(21)
    assert shop.lex.get(shop.key()).state(shop.clock()).contexts == ()


def test_attributes_of_the_hook_replace_those_kept_and_stay_when_it_names_none(shop: Shop) -> None:
    shop.hook.script = answering({"type": "ElicitIntent"}, "Hello", sessionAttributes={"pointer": "p1"})
    assert hear(shop, "mumble", {"sessionAttributes": {"other": "x"}}).attributes == {"pointer": "p1"}
    shop.hook.script = answering({"type": "ElicitIntent"}, "Hello")
    assert hear(shop, "mumble").attributes == {"pointer": "p1"}


def test_attributes_of_the_client_replace_those_kept(shop: Shop) -> None:
    shop.hook.script = answering({"type": "ElicitIntent"}, "Hello")
    hear(shop, "mumble", {"sessionAttributes": {"x": "1", "y": "2"}})
    assert hear(shop, "mumble").attributes == {"x": "1", "y": "2"}
    assert hear(shop, "mumble", {"sessionAttributes": {"z": "3"}}).attributes == {"z": "3"}
    assert hear(shop, "mumble", {"sessionAttributes": {}}).attributes == {}


def test_a_client_that_brings_the_whole_state_is_heard_in_it(shop: Shop) -> None:
    state = {
        "dialogAction": {"type": "ElicitSlot", "slotToElicit": "Flower"},
        "intent": {"name": "OrderFlowers", "slots": {}},
        "runtimeHints": {"slotHints": {"OrderFlowers": {"Flower": {"runtimeHintValues": [{"phrase": "tulips"}]}}}},
    }
    key = SessionKey(shop.listener.id, shop.listener.alias_named("ear").id, "en_US", "fresh")
    session = shop.lex.recognise(key, Utterance("red ones"), read_session_state(state)).session
    assert shop.ear.asked == [
        ("red ones", ("OrderFlowers", "Flower"), False, {"OrderFlowers": {"Flower": ("tulips",)}})
    ]
    reading = session.readings[0]
    flower = reading.intent.slots["Flower"]
    assert flower and (reading.intent.name, flower.interpreted) == ("OrderFlowers", "roses")


def test_a_session_is_forgotten_when_it_idles(shop: Shop) -> None:
    hear(shop, "order flowers")
    shop.clock.pass_seconds(299)
    assert hear(shop, "red ones").action == DialogAction("ElicitSlot", "Day")
    shop.clock.pass_seconds(300)
    with pytest.raises(NotFound, match="There is no session someone"):
        shop.lex.get(shop.key())


def test_sessions_of_different_aliases_are_different_sessions(shop: Shop) -> None:
    hear(shop, "order flowers")
    with pytest.raises(NotFound):
        shop.lex.get(shop.key("guest"))


def test_sessions_survive_a_restart_through_a_dump(shop: Shop) -> None:
    hear(shop, "order roses for friday", {"sessionAttributes": {"a": "b"}})
    reborn = Shop()
    reborn.lex.store.load(shop.lex.store.dump())
    assert reborn.lex.get(reborn.key()) == shop.lex.get(shop.key())
    assert hear(reborn, "yes").action == DialogAction("Close")


def test_silence_is_an_empty_transcript_and_not_taken_to_the_recogniser(shop: Shop) -> None:
    shop.hook.script = answering({"type": "ElicitIntent"}, "Are you there?")
    hear(shop, "")
    event = shop.hook.events[0]
    assert (event["inputTranscript"], event["transcriptions"]) == ("", [])
    assert event["sessionState"]["intent"]["name"] == "FallbackIntent"
    assert shop.ear.asked == []


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"intent": {"name": "Nope"}}, "Intent Nope does not exist"),
        ({"intent": {"name": "OrderFlowers", "slots": {"Colour": None}}}, "has no slot Colour"),
        ({"dialogAction": {"type": "ElicitSlot", "slotToElicit": "Day"}}, "intent is required"),
        ({"dialogAction": {"type": "ConfirmIntent"}}, "intent is required"),
        (
            {"dialogAction": {"type": "ElicitSlot"}, "intent": {"name": "OrderFlowers"}},
            "has no slot None to elicit",
        ),
        ({"sessionAttributes": {str(n): "x" * 1000 for n in range(13)}}, "attributes exceed"),
    ],
)
def test_a_clients_state_that_the_bot_cannot_be_in_is_refused(shop: Shop, state: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationFailed, match=message):
        hear(shop, "order roses", state)


def test_putting_a_session_that_delegates_lets_the_bot_begin(shop: Shop) -> None:
    given = SessionState(intent=IntentState("OrderFlowers"), action=DialogAction("Delegate"))
    session = shop.lex.put(shop.key(), given, (), Utterance("")).session
    assert (session.action, texts(session)) == (DialogAction("ElicitSlot", "Flower"), ["Which flowers?"])
    assert shop.hook.events[0]["inputTranscript"] == ""


def test_request_attributes_come_back_unless_the_hook_sends_others(shop: Shop) -> None:
    utterance = Utterance("order roses", request_attributes={"a": "b"})
    assert shop.lex.recognise(shop.key(), utterance).request_attributes == {"a": "b"}
    shop.hook.script = lambda event: {**close(event), "requestAttributes": {"c": "d"}}
    assert shop.lex.recognise(shop.key(), utterance).request_attributes == {"c": "d"}

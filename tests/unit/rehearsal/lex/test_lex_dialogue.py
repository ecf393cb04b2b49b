"""Lex's own dialogue around the code hook."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.rehearsal.lex.flower_shop import Event, Shop, answering, close, delegate

from rehearsal.lex.dialogue import Outcome
from rehearsal.lex.errors import BadGateway, DependencyFailed, NotFound, ValidationFailed
from rehearsal.lex.event import Utterance
from rehearsal.lex.hook import HookUnreachable
from rehearsal.lex.session import Session, SessionKey
from rehearsal.lex.values import DialogAction, IntentState, SessionState, read_session_state


def hear(shop: Shop, text: str, state: dict[str, Any] | None = None, alias: str = "live") -> Session:
    return turn(shop, text, state, alias).session


def turn(shop: Shop, text: str, state: dict[str, Any] | None = None, alias: str = "live") -> Outcome:
    given = read_session_state(state) if state is not None else SessionState()
    return shop.lex.recognise(shop.key(alias), Utterance(text), given)


def texts(session: Session) -> list[str | None]:
    return [message.content for message in session.messages]


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
    hear(shop, "friday")
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
        "runtimeHints": {
            "slotHints": {"OrderFlowers": {"Flower": {"runtimeHintValues": [{"phrase": "tulips"}]}}}
        },
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


def broken(**changes: Any) -> Any:
    def script(event: Event) -> object:
        answer: dict[str, Any] = {
            "sessionState": {
                "dialogAction": {"type": "Close"},
                "intent": event["sessionState"]["intent"],
            },
            "messages": [{"contentType": "PlainText", "content": "ok"}],
        }
        answer["sessionState"].update(changes.pop("state", {}))
        answer.update(changes)
        return answer

    return script


LONG = "x" * 1025
CARD = {"title": "t", "buttons": [{"text": "b", "value": "v"}] * 6}
REFUSED = {
    "null": (lambda event: None, "Received null response from Lambda"),
    "text": (lambda event: "hello", "must be a JSON object"),
    "no state": (lambda event: {"messages": []}, "sessionState must not be null"),
    "no action": (lambda event: {"sessionState": {}}, "dialogAction must not be null"),
    "bad action": (broken(state={"dialogAction": {"type": "Shout"}}), "enum value set"),
    "none": (broken(state={"dialogAction": {"type": "None"}}), "not for a Lambda function"),
    "no intent": (broken(state={"intent": None}), "sessionState.intent is required"),
    "unknown intent": (broken(state={"intent": {"name": "Nope"}}), "Nope does not exist"),
    "intent as text": (broken(state={"intent": "OrderFlowers"}), "Member must be an object"),
    "unknown slot": (
        broken(state={"dialogAction": {"type": "ElicitSlot", "slotToElicit": "Colour"}}),
        "has no slot Colour",
    ),
    "no slot": (broken(state={"dialogAction": {"type": "ElicitSlot"}}), "slotToElicit is required"),
    "slots unknown": (
        broken(state={"intent": {"name": "OrderFlowers", "slots": {"Colour": None}}}),
        "has no slot Colour",
    ),
    "confirm without words": (
        broken(state={"dialogAction": {"type": "ConfirmIntent"}}, messages=[]),
        "messages are required for dialogAction.type ConfirmIntent",
    ),
    "elicit without words": (
        broken(state={"dialogAction": {"type": "ElicitIntent"}}, messages=None),
        "messages are required",
    ),
    "eleven messages": (
        broken(messages=[{"contentType": "PlainText", "content": "x"}] * 11),
        "length less than or equal to 10",
    ),
    "long message": (
        broken(messages=[{"contentType": "PlainText", "content": LONG}]),
        "length less than or equal to 1024",
    ),
    "empty message": (
        broken(messages=[{"contentType": "PlainText", "content": ""}]),
        "length greater than or equal to 1",
    ),
    "no content": (broken(messages=[{"contentType": "SSML"}]), "content is required for SSML"),
    "no card": (broken(messages=[{"contentType": "ImageResponseCard"}]), "imageResponseCard is required"),
    "six buttons": (
        broken(messages=[{"contentType": "ImageResponseCard", "imageResponseCard": CARD}]),
        "length less than or equal to 5",
    ),
    "long button": (
        broken(
            messages=[
                {
                    "contentType": "ImageResponseCard",
                    "imageResponseCard": {"title": "t", "buttons": [{"text": "x" * 51, "value": "v"}]},
                }
            ]
        ),
        "length less than or equal to 50",
    ),
    "numbers as attributes": (broken(state={"sessionAttributes": {"n": 1}}), "Member must be a string"),
    "many attributes": (
        broken(state={"sessionAttributes": {str(n): "x" * 1000 for n in range(13)}}),
        "session attributes exceed",
    ),
    "too large": (
        broken(requestAttributes={"x": "y" * 26_000}),
        "Lambda response exceeds maximum size",
    ),
    "short context": (
        broken(
            state={
                "activeContexts": [
                    {
                        "name": "c",
                        "contextAttributes": {},
                        "timeToLive": {"timeToLiveInSeconds": 4, "turnsToLive": 1},
                    }
                ]
            }
        ),
        "greater than or equal to 5",
    ),
    "no JSON": (lambda event: {"sessionState": object()}, "Received error response from Lambda: Unhandled"),
    "not a number": (lambda event: {"sessionState": float("nan")}, "Lambda: Unhandled"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hook_answer_that_lex_would_refuse_is_refused(shop: Shop, case: str) -> None:
    shop.hook.script, message = REFUSED[case]
    with pytest.raises(DependencyFailed, match="Invalid Lambda Response: ") as caught:
        hear(shop, "order roses")
    assert message in caught.value.message


def test_a_hook_that_raises_is_unhandled_and_leaves_the_session_as_it_was(shop: Shop) -> None:
    before = hear(shop, "order flowers")

    def crash(event: Event) -> object:
        raise KeyError("customer")

    shop.hook.script = crash
    with pytest.raises(DependencyFailed, match="Received error response from Lambda: Unhandled"):
        hear(shop, "red ones", {"sessionAttributes": {"x": "y"}})
    assert shop.lex.get(shop.key()) == before
    shop.hook.script = delegate
    assert hear(shop, "red ones").action == DialogAction("ElicitSlot", "Day")


def test_a_hook_that_cannot_be_reached_is_a_bad_gateway(shop: Shop) -> None:
    def unreachable(event: Event) -> object:
        raise HookUnreachable("no such function")

    shop.hook.script = unreachable
    with pytest.raises(BadGateway, match="TurnFunction could not be invoked: no such function"):
        hear(shop, "order flowers")


def test_a_fulfilment_may_not_delegate(shop: Shop) -> None:
    shop.hook.script = answering({"type": "Delegate"})
    hear(shop, "order roses for friday")
    with pytest.raises(DependencyFailed, match="must not return the dialog action Delegate"):
        hear(shop, "yes")


def test_an_alias_without_a_function_cannot_run_an_intent_with_a_hook(shop: Shop) -> None:
    key = SessionKey(shop.bot.id, "TSTALIASID", "en_US", "someone")
    with pytest.raises(DependencyFailed, match="the alias TestBotAlias has no Lambda function"):
        shop.lex.recognise(key, Utterance("order roses"))


def test_a_hook_cannot_reach_the_sessions_by_the_event_it_is_given(shop: Shop) -> None:
    def meddle(event: Event) -> object:
        event["sessionState"]["intent"]["slots"].clear()
        return answering({"type": "ElicitIntent"}, "Hello")(event)

    shop.hook.script = meddle
    flower = hear(shop, "order roses").readings[0].intent.slots["Flower"]
    assert flower is None or flower.interpreted == "roses"


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
def test_a_clients_state_that_the_bot_cannot_be_in_is_refused(
    shop: Shop, state: dict[str, Any], message: str
) -> None:
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
    shop.hook.script = lambda event: {**dict(close(event)), "requestAttributes": {"c": "d"}}  # type: ignore[call-overload]
    assert shop.lex.recognise(shop.key(), utterance).request_attributes == {"c": "d"}

"""What Lex makes of a code hook that fails, or that answers what it does not accept."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.lex.errors import BadGateway, DependencyFailed
from rehearsal.lex.event import Utterance
from rehearsal.lex.hook import HookUnreachable
from rehearsal.lex.session import SessionKey
from rehearsal.lex.values import DialogAction
from tests.unit.rehearsal.lex.flower_shop import Event, Shop, answering, delegate
from tests.unit.rehearsal.lex.talk import hear


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

"""What an intent's definition says and does without a code hook."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.lex.values import DialogAction
from tests.unit.rehearsal.lex.flower_shop import Shop, close, said, slot, template
from tests.unit.rehearsal.lex.talk import hear, texts


def changed(**changes: Any) -> Shop:
    """The shop with TrackOrder's definition changed."""
    definition = template()
    track = definition["Resources"]["Shop"]["Properties"]["BotLocales"][0]["Intents"][1]
    track.update(changes)
    return Shop(definition)


def test_an_initial_response_is_said_before_the_first_question() -> None:
    shop = changed(InitialResponseSetting={"InitialResponse": {"MessageGroupsList": [said("Let me look.")]}})
    assert texts(hear(shop, "where is my order")) == [
        "Let me look.",
        "What is the number, [customer]?",
    ]
    assert texts(hear(shop, "mumble")) == ["What is the number, [customer]?"]


def test_an_initial_step_goes_before_the_order_of_the_slots() -> None:
    step = {"DialogAction": {"Type": "Close"}}
    shop = changed(InitialResponseSetting={"NextStep": step})
    assert hear(shop, "where is my order").action == DialogAction("Close")


def test_the_initial_code_hook_brings_its_label() -> None:
    hook = {"EnableCodeHookInvocation": True, "IsActive": True, "InvocationLabel": "first"}
    shop = changed(InitialResponseSetting={"CodeHook": hook})
    hear(shop, "where is my order")
    assert shop.hook.events[0]["invocationLabel"] == "first"


@pytest.mark.parametrize(
    ("default", "value"),
    [("7", "7"), ("[last]", "8"), ("#ordered.number", "9"), ("#nowhere.number", None), ("[none]", None)],
)
def test_a_slot_begins_with_its_default(default: str, value: str | None) -> None:
    more: dict[str, Any] = {"DefaultValueSpecification": {"DefaultValueList": [{"DefaultValue": default}]}}
    shop = changed(Slots=[slot("Number", "AMAZON.Number", "What is the number?", **more)])
    life = {"timeToLiveInSeconds": 60, "turnsToLive": 2}
    context = {"name": "ordered", "contextAttributes": {"number": "9"}, "timeToLive": life}
    session = hear(shop, "where is my order", {"sessionAttributes": {"last": "8"}, "activeContexts": [context]})
    found = session.intent.slots["Number"] if session.intent else None
    assert (found.interpreted if found else None) == value


def test_a_slot_of_many_values_has_the_shape_of_a_list() -> None:
    many = {
        **slot("Number", "AMAZON.Number", "Which?"),
        "MultipleValuesSetting": {"AllowMultipleValues": True},
    }
    shop = changed(Slots=[many])
    hear(shop, "where is my order")
    session = hear(shop, "42")
    number = session.intent.slots["Number"] if session.intent else None
    assert number and (number.shape, [each.interpreted for each in number.values]) == ("List", ["42"])


def test_a_failed_fulfilment_without_words_says_the_bots_own() -> None:
    after = {"FailureResponse": {"MessageGroupsList": [said("That did not work.")]}}
    shop = changed(FulfillmentCodeHook={"Enabled": True, "PostFulfillmentStatusSpecification": after})
    shop.hook.script = lambda event: {**close(event, state="Failed"), "messages": []}
    hear(shop, "where is my order")
    assert texts(hear(shop, "42")) == ["That did not work."]

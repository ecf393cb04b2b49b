"""What is read out of a synthesised template."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rehearsal.lex.definition import TEST_ALIAS_ID, BotDefinitionError, stable_id
from rehearsal.lex.template import read_bots
from tests.unit.rehearsal.lex.flower_shop import FALLBACK, template


def test_bots_and_aliases_have_ids_that_boto3_accepts_and_that_never_change() -> None:
    shop, listener = read_bots(template())
    ids = [shop.id, listener.id, *shop.aliases]
    assert all(re.fullmatch("[0-9a-zA-Z]{10}", each) for each in ids)
    assert len(set(ids)) == len(ids)
    assert read_bots(template())[0].id == shop.id == stable_id("FlowerShop")


def test_the_code_hook_of_an_alias_leads_to_the_function_through_lambda_aliases() -> None:
    shop, listener = read_bots(template())
    assert shop.alias_named("live").hooks == {"en_US": "TurnFunction"}
    assert shop.alias_named("guest").hooks == {"en_US": "TurnFunction"}
    assert listener.alias_named("ear").hooks == {}


def test_a_function_of_another_stack_is_found_through_its_export() -> None:
    bots = template()
    functions: dict[str, Any] = {"Resources": {}, "Outputs": {}}
    functions["Resources"]["TurnFunction"] = bots["Resources"].pop("TurnFunction")
    functions["Outputs"]["Turn"] = {
        "Value": {"Fn::GetAtt": ["TurnFunction", "Arn"]},
        "Export": {"Name": "turn-arn"},
    }
    settings = bots["Resources"]["ShopLive"]["Properties"]["BotAliasLocaleSettings"][0]
    hook = settings["BotAliasLocaleSetting"]["CodeHookSpecification"]["LambdaCodeHook"]
    hook["LambdaArn"] = {"Fn::ImportValue": "turn-arn"}
    assert read_bots(bots, functions)[0].alias_named("live").hooks == {"en_US": "TurnFunction"}


def test_a_code_hook_that_leads_nowhere_is_refused_by_its_alias() -> None:
    broken = template()
    del broken["Resources"]["TurnFunction"]
    with pytest.raises(BotDefinitionError, match=r"ShopLive: LambdaArn of en_US leads to no function"):
        read_bots(broken)


def test_the_test_alias_is_always_there_and_speaks_every_locale() -> None:
    shop, _ = read_bots(template())
    assert shop.aliases[TEST_ALIAS_ID].version == "DRAFT"
    assert shop.aliases[TEST_ALIAS_ID].locales == {"en_US", "es_US"}


def test_an_alias_names_its_version_sentiment_and_enabled_locales() -> None:
    live = read_bots(template())[0].alias_named("live")
    assert (live.version, live.sentiment, live.locales) == ("1", True, frozenset({"en_US"}))


def test_slots_stand_in_the_order_of_their_priorities() -> None:
    order = read_bots(template())[0].locales["en_US"].intents["OrderFlowers"]
    assert list(order.slots) == ["Flower", "Day", "Note"]
    assert [each.required for each in order.slots.values()] == [True, True, False]
    assert order.slots["Day"].prompt.max_retries == 1


def test_slot_types_keep_strategy_and_synonyms() -> None:
    flower = read_bots(template())[0].locales["en_US"].slot_types["Flower"]
    assert (flower.strategy, flower.values) == ("TOP_RESOLUTION", {"roses": ("red ones",)})


def test_a_locale_without_a_fallback_intent_is_refused() -> None:
    broken = template()
    broken["Resources"]["Shop"]["Properties"]["BotLocales"][1]["Intents"].remove(FALLBACK)
    with pytest.raises(BotDefinitionError, match="es_US: declare exactly one intent"):
        read_bots(broken)


def test_an_unknown_alias_is_answered_with_those_there_are() -> None:
    with pytest.raises(BotDefinitionError, match="it has TestBotAlias, guest, live"):
        read_bots(template())[0].alias_named("lvie")


@pytest.mark.parametrize(
    "arn",
    [
        {"Fn::Sub": "${TurnFunction.Arn}:live"},
        {"Fn::Join": ["", [{"Fn::GetAtt": ["TurnFunction", "Arn"]}, ":live"]]},
        {"Fn::GetAtt": "TurnFunction.Arn"},
        {"Ref": "TurnVersion"},
    ],
)
def test_the_code_hook_is_found_however_its_arn_is_written(arn: dict[str, Any]) -> None:
    definition = template()
    settings = definition["Resources"]["ShopLive"]["Properties"]["BotAliasLocaleSettings"][0]
    hook = settings["BotAliasLocaleSetting"]["CodeHookSpecification"]["LambdaCodeHook"]
    hook["LambdaArn"] = arn
    assert read_bots(definition)[0].alias_named("live").hooks == {"en_US": "TurnFunction"}


def test_an_arn_that_is_given_as_text_is_kept() -> None:
    definition = template()
    settings = definition["Resources"]["ShopLive"]["Properties"]["BotAliasLocaleSettings"][0]
    hook = settings["BotAliasLocaleSetting"]["CodeHookSpecification"]["LambdaCodeHook"]
    hook["LambdaArn"] = "arn:aws:lambda:us-east-1:111122223333:function:turn"
    assert read_bots(definition)[0].alias_named("live").hooks["en_US"].endswith(":function:turn")

from __future__ import annotations

from typing import Any

from tests.synth.conftest import Assembly, Resource


def locales(bot: Resource) -> list[Any]:
    return list(bot.properties["BotLocales"])


def hooked_function(assembly: Assembly) -> Resource:
    function = assembly.one("Bot", "AWS::Lambda::Function", Handler="lex_turn.handler")
    return assembly.one("Bot", "AWS::Lambda::Alias", FunctionName={"Ref": function.id})


def aliases_of(assembly: Assembly, name: str) -> dict[str, Resource]:
    bot = assembly.one("Bot", "AWS::Lex::Bot", Name=name)
    every = assembly.resources("Bot", "AWS::Lex::BotAlias")
    of_it = [it for it in every if it.properties["BotId"] == {"Fn::GetAtt": [bot.id, "Id"]}]
    return {it.properties["BotAliasName"]: it for it in of_it}


def test_every_intent_of_the_main_bot_asks_our_engine(assembly: Assembly) -> None:
    main = assembly.one("Bot", "AWS::Lex::Bot", Name="throughline-dev")
    for locale in locales(main):
        names = {intent["Name"] for intent in locale["Intents"]}
        assert "FallbackIntent" in names
        assert len(names) > 10
        for intent in locale["Intents"]:
            assert intent["DialogCodeHook"] == {"Enabled": True}, intent["Name"]
            assert intent["FulfillmentCodeHook"]["Enabled"] is True, intent["Name"]


def test_the_ear_calls_nobody_and_demands_nothing(assembly: Assembly) -> None:
    ear = assembly.one("Bot", "AWS::Lex::Bot", Name="throughline-dev-ear")
    for locale in locales(ear):
        for intent in locale["Intents"]:
            assert not intent.get("DialogCodeHook", {}).get("Enabled")
            assert not intent.get("FulfillmentCodeHook", {}).get("Enabled")
            for slot in intent.get("Slots", []):
                assert slot["ValueElicitationSetting"]["SlotConstraint"] == "Optional"
    for alias in aliases_of(assembly, "throughline-dev-ear").values():
        assert "CodeHookSpecification" not in str(alias.properties)


def test_both_bots_hear_the_same_utterances(assembly: Assembly) -> None:
    main, ear = (
        {
            (locale["LocaleId"], intent["Name"]): intent.get("SampleUtterances")
            for locale in locales(assembly.one("Bot", "AWS::Lex::Bot", Name=name))
            for intent in locale["Intents"]
        }
        for name in ("throughline-dev", "throughline-dev-ear")
    )
    assert main == ear


def test_live_and_guest_send_each_turn_to_lex_turn(assembly: Assembly) -> None:
    hook = hooked_function(assembly)
    aliases = aliases_of(assembly, "throughline-dev")
    assert set(aliases) == {"live", "guest"}
    for alias in aliases.values():
        for setting in alias.properties["BotAliasLocaleSettings"]:
            spoken = setting["BotAliasLocaleSetting"]
            assert spoken["Enabled"] is True
            assert spoken["CodeHookSpecification"]["LambdaCodeHook"]["LambdaArn"] == {"Ref": hook.id}


def test_only_lex_and_only_through_live_and_guest_may_call_lex_turn(assembly: Assembly) -> None:
    hook = hooked_function(assembly)
    permissions = assembly.resources("Bot", "AWS::Lambda::Permission")
    assert {str(it.properties["FunctionName"]) for it in permissions} == {str({"Ref": hook.id})}
    assert {it.properties["Principal"] for it in permissions} == {"lexv2.amazonaws.com"}
    assert {str(it.properties["SourceAccount"]) for it in permissions} == {str({"Ref": "AWS::AccountId"})}
    allowed = sorted(str(it.properties["SourceArn"]) for it in permissions)
    aliases = aliases_of(assembly, "throughline-dev").values()
    assert allowed == sorted(str({"Fn::GetAtt": [alias.id, "Arn"]}) for alias in aliases)


def test_aliases_point_to_the_version_that_the_definition_made(assembly: Assembly) -> None:
    for name in ("throughline-dev", "throughline-dev-ear"):
        bot = assembly.one("Bot", "AWS::Lex::Bot", Name=name)
        version = assembly.one("Bot", "AWS::Lex::BotVersion", BotId={"Fn::GetAtt": [bot.id, "Id"]})
        assert version.deletion == "Retain"
        for alias in aliases_of(assembly, name).values():
            assert alias.properties["BotVersion"] == {"Fn::GetAtt": [version.id, "BotVersion"]}
        known = {locale["LocaleId"] for locale in locales(bot)}
        assert {it["LocaleId"] for it in version.properties["BotVersionLocaleSpecification"]} == known


def test_two_definitions_make_two_versions(assembly: Assembly) -> None:
    main, ear = assembly.resources("Bot", "AWS::Lex::BotVersion")
    assert main.id.removeprefix("MainVersion")[:12] != ear.id.removeprefix("EarVersion")[:12]


def test_mood_is_told_and_nothing_that_customers_say_is_logged_by_lex(assembly: Assembly) -> None:
    for alias in assembly.resources("Bot", "AWS::Lex::BotAlias"):
        assert alias.properties["SentimentAnalysisSettings"] == {"DetectSentiment": True}
        assert "ConversationLogSettings" not in alias.properties
    for bot in assembly.resources("Bot", "AWS::Lex::Bot"):
        assert bot.properties["DataPrivacy"] == {"ChildDirected": False}
        assert bot.properties["AutoBuildBotLocales"] is True

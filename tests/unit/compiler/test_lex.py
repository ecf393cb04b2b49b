"""The Lex bots: accepted by CloudFormation and Lex's API shapes, and driven by the engine alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

import compiler

ACRONYMS = {"idleSessionTtlInSeconds": "IdleSessionTTLInSeconds"}


def pascal(data: Any) -> Any:
    """As CDK writes camelCase properties into a template."""
    if isinstance(data, dict):
        return {ACRONYMS.get(k, k[0].upper() + k[1:]): pascal(v) for k, v in data.items()}
    return [pascal(item) for item in data] if isinstance(data, list) else data


def intents(bot: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {intent["name"]: intent for intent in bot["botLocales"][0]["intents"]}


def slots(bot: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, intent in intents(bot).items():
        yield from ((name, slot) for slot in intent.get("slots", []))


@pytest.mark.parametrize("hooks", [True, False], ids=["hooked", "ear"])
def test_cloudformation_accepts_the_bot(any_source: compiler.Source, hooks: bool, tmp_path: Path) -> None:
    properties = pascal(compiler.lex_bot(any_source, hooks=hooks))
    properties |= {"Name": "bot", "RoleArn": "arn:aws:iam::111122223333:role/lex"}
    template = tmp_path / "template.json"
    template.write_text(
        json.dumps(
            {
                "AWSTemplateFormatVersion": "2010-09-09",
                "Resources": {"Bot": {"Type": "AWS::Lex::Bot", "Properties": properties}},
            }
        ),
        encoding="utf-8",
    )
    lint = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([lint, "-t", template, "-r", "us-east-1"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def as_api(data: Any) -> Any:
    """As the model-building API names what CloudFormation names otherwise."""
    renamed = {"messageGroupsList": "messageGroups", "isActive": "active"}
    if isinstance(data, dict):
        return {renamed.get(key, key): as_api(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_api(item) for item in data]
    constants = {"TOP_RESOLUTION": "TopResolution", "ORIGINAL_VALUE": "OriginalValue"}
    return constants.get(data, data) if isinstance(data, str) else data


@pytest.mark.parametrize("hooks", [True, False], ids=["hooked", "ear"])
def test_the_model_building_api_accepts_every_intent_slot_and_type(any_source: compiler.Source, hooks: bool) -> None:
    api = botocore.session.get_session().get_service_model("lexv2-models")
    bot = {"botId": "ABCDEFGHIJ", "botVersion": "DRAFT", "localeId": "en_US"}
    validator = ParamValidator()

    def accepted(operation: str, parameters: dict[str, Any]) -> None:
        shape = api.operation_model(operation).input_shape
        assert shape is not None
        report = validator.validate({**bot, **parameters}, shape)
        assert not report.has_errors(), f"{operation}: {report.generate_report()}"
        assert set(parameters) <= set(shape.members), operation

    locale = as_api(compiler.lex_bot(any_source, hooks=hooks))["botLocales"][0]
    for slot_type in locale["slotTypes"]:
        named = {"slotTypeName": slot_type.pop("name")}
        named |= {"valueSelectionSetting": slot_type.pop("valueSelectionSetting")}
        accepted("CreateSlotType", slot_type | named)
    for intent in locale["intents"]:
        for slot in intent.pop("slots", []):
            kind = slot.pop("slotTypeName")
            identifier = kind if kind.startswith("AMAZON.") else "ABCDEFGHIJ"
            named = {"slotName": slot.pop("name"), "slotTypeId": identifier, "intentId": "ABCDEFGHIJ"}
            accepted("CreateSlot", slot | named)
        intent.pop("slotPriorities", None)
        accepted("CreateIntent", _named(intent))


def _named(intent: dict[str, Any]) -> dict[str, Any]:
    return {("intentName" if key == "name" else key): value for key, value in intent.items()}


def test_every_intent_of_the_hooked_bot_calls_the_function_first_and_after_each_answer(
    any_source: compiler.Source,
) -> None:
    bot = compiler.lex_bot(any_source, hooks=True)
    step = {"dialogAction": {"type": "InvokeDialogCodeHook"}}
    for name, intent in intents(bot).items():
        assert intent["dialogCodeHook"] == {"enabled": True}, name
        assert intent["fulfillmentCodeHook"]["enabled"], name
        assert intent["initialResponseSetting"]["nextStep"] == step, name
        assert intent["initialResponseSetting"]["codeHook"]["enableCodeHookInvocation"], name
        confirmation = intent.get("intentConfirmationSetting")
        if confirmation:
            assert confirmation["isActive"]
            for after in ("confirmationNextStep", "declinationNextStep", "failureNextStep"):
                assert confirmation[after] == step
    for name, slot in slots(bot):
        capture = slot["valueElicitationSetting"]["slotCaptureSetting"]
        assert capture["captureNextStep"] == capture["failureNextStep"] == step, name
        assert capture["elicitationCodeHook"] == {"enableCodeHookInvocation": True}


def test_the_ear_calls_nothing_and_requires_nothing(any_source: compiler.Source) -> None:
    bot = compiler.lex_bot(any_source, hooks=False)
    assert 'CodeHook": {"enableCodeHookInvocation' not in json.dumps(bot)
    assert "InvokeDialogCodeHook" not in json.dumps(bot)
    assert all(not intent["dialogCodeHook"]["enabled"] for intent in intents(bot).values())
    assert {slot["valueElicitationSetting"]["slotConstraint"] for _, slot in slots(bot)} == {"Optional"}


def test_both_bots_hear_the_same_words(any_source: compiler.Source) -> None:
    hooked, ear = (intents(compiler.lex_bot(any_source, hooks=hooks)) for hooks in (True, False))
    assert {n: i.get("sampleUtterances") for n, i in hooked.items()} == {
        n: i.get("sampleUtterances") for n, i in ear.items()
    }


def test_the_fallback_intent_is_lexs_own_and_bare(any_source: compiler.Source) -> None:
    fallback = intents(compiler.lex_bot(any_source, hooks=True))["FallbackIntent"]
    assert fallback["parentIntentSignature"] == "AMAZON.FallbackIntent"
    assert not {"sampleUtterances", "slots", "intentConfirmationSetting"} & set(fallback)


def test_a_slot_stands_in_utterances_only_where_it_is_declared_and_never_as_free_text(
    any_source: compiler.Source,
) -> None:
    for intent in intents(compiler.lex_bot(any_source, hooks=True)).values():
        declared = {slot["name"]: slot["slotTypeName"] for slot in intent.get("slots", [])}
        for sample in intent.get("sampleUtterances", []):
            for name in re.findall(r"\{(.*?)\}", sample["utterance"]):
                assert declared[name] != "AMAZON.FreeFormInput"


def test_slots_are_asked_in_the_authors_order(source: compiler.Source) -> None:
    booking = intents(compiler.lex_bot(source, hooks=True))["BookCrossing"]
    order = sorted(booking["slotPriorities"], key=lambda entry: entry["priority"])
    assert [entry["slotName"] for entry in order] == [
        "route", "sailing_date", "sailing_time", "passengers", "vehicle",
    ]  # fmt: skip


def test_secrets_are_obfuscated_and_nothing_else_is(any_source: compiler.Source) -> None:
    secret = {
        (name, slot)
        for name, intent in any_source.default.intents.items()
        for slot, shape in intent.shape.slots.items()
        if shape.sensitive
    }
    obfuscated = {
        (name, slot["name"])
        for name, slot in slots(compiler.lex_bot(any_source, hooks=True))
        if slot.get("obfuscationSetting") == {"obfuscationSettingType": "DefaultObfuscation"}
    }
    assert obfuscated == secret
    assert secret


def test_digits_keep_their_zeros_and_their_length(source: compiler.Source) -> None:
    types = {t["name"]: t for t in compiler.lex_bot(source, hooks=True)["botLocales"][0]["slotTypes"]}
    assert types["booking_code"]["parentSlotTypeSignature"] == "AMAZON.AlphaNumeric"
    assert types["booking_code"]["valueSelectionSetting"]["regexFilter"] == {"pattern": "[0-9]{6}"}
    assert types["one_time_code"]["valueSelectionSetting"]["regexFilter"] == {"pattern": "[0-9]{4,8}"}


def test_value_ids_and_synonyms_are_recovered_from_the_bot(any_source: compiler.Source) -> None:
    runtime = compiler.compile_runtime(any_source)
    words = runtime["locales"]["en_US"]["values"]
    for slot_type in compiler.lex_bot(any_source, hooks=True)["botLocales"][0]["slotTypes"]:
        if "slotTypeValues" not in slot_type:
            continue
        said = words[slot_type["name"]]
        by_name = {names[0]: value_id for value_id, names in said.items()}
        recovered = {
            by_name[value["sampleValue"]["value"]]: [
                value["sampleValue"]["value"],
                *(synonym["value"] for synonym in value.get("synonyms", [])),
            ]
            for value in slot_type["slotTypeValues"]
        }
        assert recovered == said
        assert list(recovered) == runtime["slot_types"][slot_type["name"]]["values"]

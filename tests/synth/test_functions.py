from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest

from settings import (
    AgentScreenSettings,
    AlexaTurnSettings,
    AttachNumberSettings,
    CallbackSettings,
    ContactDataSettings,
    DeskSettings,
    DispositionSettings,
    LexTurnSettings,
    RecordsSettings,
    RelaySettings,
    RotateKeysSettings,
    SecretTurnSettings,
    Settings,
    SettingsMissing,
)
from tests.synth.conftest import ROOT, Assembly, Resource, templates

DECLARED: dict[str, type[Settings]] = {
    "lex_turn.handler": LexTurnSettings,
    "alexa_turn.handler": AlexaTurnSettings,
    "desk.handler": DeskSettings,
    "records.handler": RecordsSettings,
    "rotate_keys.handler": RotateKeysSettings,
    "contact_data.handler": ContactDataSettings,
    "agent_screen.handler": AgentScreenSettings,
    "disposition.handler": DispositionSettings,
    "callback.handler": CallbackSettings,
    "secret_turn.handler": SecretTurnSettings,
    "attach_number.handler": AttachNumberSettings,
    "relay.handler": RelaySettings,
}
ASKED_FOR = {"secret_turn.handler", "attach_number.handler"}
"""Only there where a setting asks for what they do."""


RECORDS_KEY = {"Fn::ImportValue": "throughline-dev-trails:ExportsOutputFnGetAttKey961B73FDArn5A860C43"}
"""As another stack names it."""


def statements(assembly: Assembly, stack: str, function: Resource) -> list[dict[str, Any]]:
    role = function.properties["Role"]["Fn::GetAtt"][0]
    policies = assembly.resources(stack, "AWS::IAM::Policy")
    own = [it for it in policies if {"Ref": role} in it.properties["Roles"]]
    return [statement for it in own for statement in it.properties["PolicyDocument"]["Statement"]]


def test_each_function_is_given_exactly_what_it_declares(assembly: Assembly, full: Assembly) -> None:
    for each, there in ((assembly, set(DECLARED) - ASKED_FOR), (full, set(DECLARED))):
        found = {it.properties["Handler"]: it.properties["Environment"]["Variables"] for _, it in each.functions()}
        assert set(found) == there
        for handler, variables in found.items():
            assert set(variables) == {field.name.upper() for field in fields(DECLARED[handler])}


def test_settings_come_back_from_the_environment_as_they_went_in() -> None:
    settings = AlexaTurnSettings(table="t", keys="k", ledger="l", skill_id="s")
    assert AlexaTurnSettings.from_environment({**settings.to_environment(), "LANG": "C"}) == settings


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SettingsMissing, match="LexTurnSettings needs KEYS, TABLE"):
        LexTurnSettings.from_environment({"LEDGER": "l"})


def test_no_function_may_do_everything_of_anything(assembly: Assembly) -> None:
    for stack, function in assembly.functions():
        granted = statements(assembly, stack, function)
        assert granted
        for statement in granted:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not [action for action in actions if "*" in action]
            if statement["Resource"] == "*":
                # X-Ray knows no resources, and neither does a list of streams.
                assert {*actions} <= {"xray:PutTelemetryRecords", "xray:PutTraceSegments", "dynamodb:ListStreams"}


def test_no_role_has_a_policy_that_aws_may_widen(assembly: Assembly) -> None:
    for stack in templates(assembly):
        for role in assembly.resources(stack, "AWS::IAM::Role"):
            assert "ManagedPolicyArns" not in role.properties


def test_no_turn_may_scan_a_table(assembly: Assembly) -> None:
    for stack, function in assembly.functions():
        if function.properties["Handler"] not in ("desk.handler", "records.handler"):
            assert "dynamodb:Scan" not in json.dumps(statements(assembly, stack, function))


def test_the_desk_may_search_customers_and_the_follower_only_what_was_erased(assembly: Assembly) -> None:
    for stack, searched in (("Desk", "Table"), ("Records", "Erasures")):
        function = assembly.one(stack, "AWS::Lambda::Function", Handler=f"{stack.lower()}.handler")
        every = statements(assembly, stack, function)
        (resource,) = [json.dumps(it["Resource"]) for it in every if "dynamodb:Scan" in it["Action"]]
        assert searched in resource


def test_what_takes_turns_writes_nothing_but_who_is_who_and_proofs(assembly: Assembly) -> None:
    proofs = {"lex_turn.handler": ["P#*"]}
    for stack, handler in (("Bot", "lex_turn.handler"), ("Skill", "alexa_turn.handler"), ("Desk", "desk.handler")):
        every = statements(assembly, stack, assembly.one(stack, "AWS::Lambda::Function", Handler=handler))
        codes, desk = proofs.get(handler, []), stack == "Desk"
        for operation, partitions in (
            ("PutItem", ["C#*", *codes, *(["K#open"] if codes or desk else [])]),
            ("UpdateItem", ["A#*", "C#*"] if desk else ["A#*", *codes, "R#*"]),
            ("DeleteItem", ["C#*", "K#open"] if desk else None),
        ):
            found = [it["Condition"] for it in every if f"dynamodb:{operation}" in it["Action"] and "Condition" in it]
            assert [it["Null"] for it in found] == ([{"dynamodb:LeadingKeys": "false"}] if partitions else [])
            named = [it["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] for it in found]
            assert [one if isinstance(one, list) else [one] for one in named] == ([partitions] if partitions else [])


def test_codes_are_sent_from_what_is_configured_and_else_from_nothing(assembly: Assembly, full: Assembly) -> None:
    assert "sms-voice" not in json.dumps(templates(assembly)) and "ses:SendEmail" not in json.dumps(templates(assembly))
    function = full.one("Bot", "AWS::Lambda::Function", Handler="lex_turn.handler")
    by_action = {json.dumps(it["Action"]): it for it in statements(full, "Bot", function)}
    assert json.dumps(by_action['"sms-voice:SendTextMessage"']["Resource"]).endswith(
        ':phone-number/phone-0123456789abcdef0123456789abcdef"]]}'
    )
    mail = by_action['"ses:SendEmail"']
    assert json.dumps(mail["Resource"]).endswith(':identity/example.com"]]}')
    assert mail["Condition"] == {"StringEquals": {"ses:FromAddress": "codes@example.com"}}
    told = function.properties["Environment"]["Variables"]
    assert told["SMS_FROM"].startswith("phone-") and told["EMAIL_FROM"] == "codes@example.com"
    assert told["COUNTRIES"] == "+1,+44"


def test_a_speaker_sends_no_codes_and_hands_out_no_exports(full: Assembly) -> None:
    function = full.one("Skill", "AWS::Lambda::Function", Handler="alexa_turn.handler")
    may = json.dumps(statements(full, "Skill", function))
    assert not [one for one in ("sms-voice:", "ses:", "s3:", "s3.", "P#") if one in may]
    told = function.properties["Environment"]["Variables"]
    assert (told["SMS_FROM"], told["COUNTRIES"], told["EMAIL_FROM"]) == ("", "", "")


def test_every_function_is_traced_and_logs_under_our_key_for_three_months(assembly: Assembly) -> None:
    for stack, function in assembly.functions():
        assert function.properties["TracingConfig"] == {"Mode": "Active"}
        logging = function.properties["LoggingConfig"]
        (group,) = [
            it for it in assembly.resources(stack, "AWS::Logs::LogGroup") if {"Ref": it.id} == logging["LogGroup"]
        ]
        assert group.properties["RetentionInDays"] == 90
        assert group.properties["KmsKeyId"] == RECORDS_KEY


def test_functions_share_one_asset_of_our_own_code(assembly: Assembly) -> None:
    (folder,) = {assembly.asset(function) for _, function in assembly.functions()}
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    ours = {
        file.relative_to(ROOT / "lambdas").as_posix()
        for file in (ROOT / "lambdas").rglob("*.*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert there == ours
    assert {"model.json", "lex_turn.py", "alexa_turn.py"} <= there


def test_third_party_packages_come_as_a_layer_for_the_functions_platform(assembly: Assembly) -> None:
    for stack, function in assembly.functions():
        layer = assembly.one(stack, "AWS::Lambda::LayerVersion")
        assert function.properties["Layers"] == [{"Ref": layer.id}]
        assert layer.properties["CompatibleArchitectures"] == function.properties["Architectures"] == ["arm64"]
        assert layer.properties["CompatibleRuntimes"] == [function.properties["Runtime"]]
        folder = assembly.folder / f"asset.{layer.properties['Content']['S3Key'].removesuffix('.zip')}"
        assert (folder / "python" / "aws_lambda_powertools").is_dir()
        assert not list(folder.glob("python/boto3"))

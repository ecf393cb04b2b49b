"""What the telephone's flows ask and name: functions, the keys of captures, views, the number."""

from __future__ import annotations

import json
from typing import Any

from telephony.contact_centre import FLOWS
from telephony.flows.guides import SHOWN
from tests.synth.conftest import FULL, ROOT, Assembly, Resource, Synthesise, templates
from tests.synth.telephone import INSTANCE, actions, may, one, phone, statements

CERTIFICATE = ROOT / "tests" / "synth" / "capture.pem"
MODULES = ("contact_data", "agent_screen", "disposition", "callback")


# -- functions -------------------------------------------------------------------------------------


def of_the_instance(assembly: Assembly) -> list[Resource]:
    """Permissions to call functions, but for those of the relay, which no flow asks."""
    permissions = assembly.resources("Phone", "AWS::Lambda::Permission")
    return [it for it in permissions if not it.properties["FunctionName"]["Ref"].startswith("RelayLive")]


def test_the_instance_alone_may_call_the_functions_and_by_their_aliases(full: Assembly) -> None:
    permissions = of_the_instance(full)
    called = {it.properties["FunctionName"]["Ref"] for it in permissions}
    live = {it.id: it for it in full.resources("Phone", "AWS::Lambda::Alias")}
    assert {id.partition("Live")[0] for id in called} == {
        "ContactData", "AgentScreen", "Disposition", "Callback", "SecretTurn",
    }  # fmt: skip
    assert called <= set(live)
    for permission in permissions:
        assert permission.properties["Principal"] == "connect.amazonaws.com"
        assert permission.properties["SourceArn"] == INSTANCE
        assert permission.properties["Action"] == "lambda:InvokeFunction"
        assert permission.properties["SourceAccount"] is not None


def test_flows_may_name_each_function_and_the_bots_live_alias(full: Assembly) -> None:
    by_type: dict[str, list[Any]] = {}
    for it in phone(full, "IntegrationAssociation"):
        assert it.properties["InstanceId"] == INSTANCE
        by_type.setdefault(it.properties["IntegrationType"], []).append(it.properties["IntegrationArn"])
    (lex,) = by_type["LEX_BOT"]
    assert "Live" in json.dumps(lex) and "throughline-dev-bot:" in json.dumps(lex)
    permissions = of_the_instance(full)
    assert sorted(map(str, by_type["LAMBDA_FUNCTION"])) == sorted(
        str(it.properties["FunctionName"]) for it in permissions
    )


def test_each_function_is_done_within_what_connect_waits(full: Assembly) -> None:
    for stack, function in full.functions():
        if stack == "Phone" and function.properties["Handler"].partition(".")[0] not in ("attach_number", "relay"):
            assert function.properties["Timeout"] <= 8


def test_no_function_of_the_telephone_searches_deletes_or_reads_the_audit(full: Assembly) -> None:
    for module in (*MODULES, "secret_turn"):
        for statement in statements(full, module):
            assert not [it for it in actions(statement) if it.endswith((":Scan", ":DeleteItem"))], module
            if "Audit" in json.dumps(statement["Resource"]):
                assert set(actions(statement)) <= {"dynamodb:PutItem", "kms:Decrypt"}, module


def test_each_function_may_do_its_own_part(full: Assembly) -> None:
    tables = {module: may(full, module, "dynamodb:") for module in MODULES}
    saves = {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
    assert tables == {
        "contact_data": saves | {"dynamodb:BatchGetItem"},
        "agent_screen": {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"},
        "disposition": saves,
        "callback": saves,
    }
    for module in MODULES:
        assert may(full, module, "s3:") == may(full, module, "sms-voice:") == may(full, module, "connect:") == set()
    screen = [it for it in statements(full, "agent_screen") if "dynamodb:PutItem" in actions(it)]
    assert all("Audit" in json.dumps(it["Resource"]) for it in screen), "an agent's screen writes who looked, no more"
    for module in ("contact_data", "disposition", "callback"):
        for it in statements(full, module):
            if "dynamodb:PutItem" in actions(it):
                assert it["Condition"]["ForAllValues:StringLike"] == {"dynamodb:LeadingKeys": ["C#*"]}
            if "dynamodb:UpdateItem" in actions(it):
                assert it["Condition"]["ForAllValues:StringLike"] == {"dynamodb:LeadingKeys": ["A#*"]}


def test_what_takes_keyed_turns_hands_out_nothing_and_opens_no_conflict(full: Assembly) -> None:
    leading = {
        action: it["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        for it in statements(full, "secret_turn")
        for action in actions(it)
        if "dynamodb:LeadingKeys" in json.dumps(it.get("Condition", {}))
    }
    assert leading == {"dynamodb:PutItem": ["C#*", "P#*"], "dynamodb:UpdateItem": ["A#*", "R#*"]}
    assert may(full, "secret_turn", "s3:") == set()
    assert may(full, "secret_turn", "sms-voice:") and may(full, "secret_turn", "ses:")


# -- captures --------------------------------------------------------------------------------------


def test_only_one_function_can_read_what_was_keyed_in(full: Assembly) -> None:
    secret = full.one("Phone", "AWS::SecretsManager::Secret", Name="throughline-dev/capture-key")
    (key,) = [it for it in full.resources("Phone", "AWS::KMS::Key") if "card numbers" in it.properties["Description"]]
    assert secret.properties["KmsKeyId"] == {"Fn::GetAtt": [key.id, "Arn"]}
    assert "SecretString" not in secret.properties and "GenerateSecretString" not in secret.properties
    reading = {
        (stack, policy.id.partition("Role")[0])
        for stack in templates(full)
        for policy in full.resources(stack, "AWS::IAM::Policy")
        if stack == "Phone" and (secret.id in json.dumps(policy.properties) or key.id in json.dumps(policy.properties))
    }
    assert reading == {("Phone", "SecretTurn")}
    exported = json.dumps(templates(full)["Phone"]["Outputs"])
    assert secret.id not in exported and key.id not in exported, "no other stack can name it"
    (use,) = [it for it in statements(full, "secret_turn") if key.id in json.dumps(it["Resource"])]
    assert actions(use) == ["kms:Decrypt"]
    assert "secretsmanager." in json.dumps(use["Condition"]["StringEquals"]["kms:ViaService"])


def test_the_function_that_reads_it_has_its_library_and_knows_where_the_key_lies(full: Assembly) -> None:
    layers = {it.id: it for it in full.resources("Phone", "AWS::Lambda::LayerVersion")}
    for _, function in full.functions():
        handler = function.properties["Handler"]
        count = len(function.properties["Layers"])
        assert count == (2 if handler == "secret_turn.handler" else 1), handler
    (capture,) = [
        it.properties["Content"]["S3Key"] for it in layers.values() if "capture.txt" in it.properties["Description"]
    ]
    packages = full.folder / f"asset.{capture.removesuffix('.zip')}" / "python"
    assert (packages / "aws_encryption_sdk").is_dir()
    assert not list(packages.glob("boto*"))
    function = full.one("Phone", "AWS::Lambda::Function", Handler="secret_turn.handler")
    secret = full.one("Phone", "AWS::SecretsManager::Secret", Name="throughline-dev/capture-key")
    assert function.properties["Environment"]["Variables"]["CAPTURE_KEY"] == {"Ref": secret.id}


def test_connect_is_given_the_public_key_and_flows_the_certificate(full: Assembly) -> None:
    key = one(full, "SecurityKey").properties["Key"]
    assert key.startswith("-----BEGIN PUBLIC KEY-----") and len(key) <= 1024
    text = json.dumps([it.properties["Content"] for it in phone(full, "ContactFlow")])
    first = CERTIFICATE.read_text("ascii").splitlines()[1]
    assert first in text
    assert "PRIVATE KEY" not in "".join(file.read_text("utf-8") for file in full.folder.glob("*.template.json"))


def test_without_a_certificate_nothing_can_be_keyed_in(assembly: Assembly) -> None:
    assert phone(assembly, "SecurityKey") == []
    assert "InputEncryption" not in json.dumps([it.properties for it in phone(assembly, "ContactFlow")])
    assert not [it for _, it in assembly.functions() if it.properties["Handler"] == "secret_turn.handler"]


# -- flows, views, number --------------------------------------------------------------------------


def test_every_flow_is_there_and_comes_after_what_it_names(full: Assembly) -> None:
    flows = {it.id: it for it in phone(full, "ContactFlow")}
    assert len(flows) == len(FLOWS)
    template = templates(full)["Phone"]["Resources"]
    associations = {it.id for it in phone(full, "IntegrationAssociation")}
    for flow in flows.values():
        assert associations <= set(template[flow.id]["DependsOn"]), flow.id
        assert flow.properties["State"] == "ACTIVE"


def test_a_views_texts_are_those_that_the_flow_has_for_it(assembly: Assembly) -> None:
    views = {it.id: it.properties for it in phone(assembly, "View")}
    shown = json.dumps(views["Screen"]["Template"])
    for name in SHOWN:
        assert f'"$.{name[:1].upper()}{name[1:]}"' in shown
    assert shown.count('"$.') == len(SHOWN)
    assert (views["Screen"]["Actions"], views["DispositionView"]["Actions"]) == (["Refresh", "Done"], ["Save"])
    for view in views.values():
        for action in view["Actions"]:
            assert f'"Action": "{action}"' in json.dumps(view["Template"])


def test_a_disposition_offers_the_codes_that_its_function_takes(assembly: Assembly) -> None:
    from throughline.calls.disposing import codes
    from throughline.dialogue.model import Model

    view = next(it.properties for it in phone(assembly, "View") if it.id == "DispositionView")
    text = json.dumps(view["Template"])
    model = Model.from_json(json.loads((ROOT / "lambdas" / "model.json").read_text("utf-8")))
    for code in codes(model):
        assert f'"Value": "{code}"' in text
    for field in ("code", "note", "follow_up"):
        assert f'"Name": "{field}"' in text


def test_no_number_is_claimed_unless_a_country_is_set(assembly: Assembly) -> None:
    assert phone(assembly, "PhoneNumber") == []
    assert not [it for _, it in assembly.functions() if it.properties["Handler"] == "attach_number.handler"]


def test_a_claimed_number_is_attached_to_the_flow_of_calls_by_a_function_that_may_do_no_more(full: Assembly) -> None:
    number = one(full, "PhoneNumber")
    assert (number.properties["CountryCode"], number.properties["Type"]) == ("US", "DID")
    assert number.properties["TargetArn"] == INSTANCE
    attached = full.one("Phone", "Custom::AttachedNumber").properties
    assert attached["Number"] == {"Fn::GetAtt": [number.id, "PhoneNumberArn"]}
    assert attached["Flow"] == {"Fn::GetAtt": ["InboundFlow", "ContactFlowArn"]}
    assert int(attached["ServiceTimeout"]) <= 120
    granted = [it for it in statements(full, "attach_number") if any("connect:" in action for action in actions(it))]
    assert {action for it in granted for action in actions(it)} == {
        "connect:AssociatePhoneNumberContactFlow", "connect:DisassociatePhoneNumberContactFlow",
    }  # fmt: skip
    for it in granted:
        assert it["Condition"] == {"StringEquals": {"connect:InstanceId": {"Fn::GetAtt": ["Instance", "Id"]}}}


def test_a_number_that_is_let_go_is_gone_so_that_a_teardown_leaves_it(synthesise: Synthesise) -> None:
    assert one(synthesise({"phone.number.country": "US"}), "PhoneNumber").deletion == "Retain"


def test_without_a_telephone_there_is_no_stack_and_nothing_names_it(synthesise: Synthesise) -> None:
    without = synthesise({"phone.enabled": "false"})
    assert "Phone" not in templates(without)
    assert "connect.amazonaws.com" not in json.dumps(templates(without))


def test_the_settings_of_these_tests_switch_on_what_the_telephone_has() -> None:
    on = {"phone.number.country", "phone.users", "phone.holidays", "phone.capture_certificate", "phone.queues"}
    assert on <= set(FULL)

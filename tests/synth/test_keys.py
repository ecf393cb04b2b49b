"""A key for each domain of data, and who may use which."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal import assembly as assemblies
from rehearsal.permissions.policy import Call, Kind
from rehearsal.permissions.roles import Roles, read_roles
from rehearsal.resources import REGION
from tests.synth.conftest import Assembly, Resource, templates

DOMAINS = {
    "Customers": "everything about customers",
    "Trails": "logs, alarms",
    "Audit": "who looked",
    "Phone": "recordings, transcripts",
    "Captures": "card numbers and PINs",
}
STACKS = ("Customers", "Trails", "Phone")
USES = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")


def keys(assembly: Assembly) -> dict[str, Resource]:
    """Domain to key; that of captures only where something can be captured."""
    every = [it for stack in STACKS for it in assembly.resources(stack, "AWS::KMS::Key")]
    return {domain: key for domain, words in DOMAINS.items() for key in every if words in key.properties["Description"]}


def granted(folder: Path) -> tuple[Roles, dict[str, str]]:
    """What is granted, and each domain's key's ARN."""
    assembly = assemblies.read(folder)
    arns = {
        domain: assembly.resources.attribute(it, "Arn")
        for it in assembly.resources.of_type("AWS::KMS::Key")
        for domain, words in DOMAINS.items()
        if words in it.properties["Description"]
    }
    return read_roles(assembly), arns


@pytest.fixture(scope="module", params=["assembly", "full"])
def each(request: pytest.FixtureRequest) -> Assembly:
    found: Assembly = request.getfixturevalue(request.param)
    return found


def test_every_key_rotates_and_bears_a_name_of_its_environment(each: Assembly) -> None:
    found = keys(each)
    captures = {"Captures"} & set(found)
    assert set(found) == set(DOMAINS) - {"Captures"} | captures
    assert all(it.properties["EnableKeyRotation"] is True for it in found.values())
    aliases = [it for stack in STACKS for it in each.resources(stack, "AWS::KMS::Alias")]
    names = {"", "-records", "-audit", "-phone", *(f"-{name.lower()}" for name in captures)}
    assert {it.properties["AliasName"] for it in aliases} == {f"alias/throughline-dev{name}" for name in names}


def test_a_keys_policy_has_the_accounts_own_statement_and_only_services_beside_it(each: Assembly) -> None:
    services = {"Trails": {"logs", "cloudwatch"}, "Phone": {"logs", "connect"}}
    for domain, key in keys(each).items():
        account, *others = key.properties["KeyPolicy"]["Statement"]
        assert account["Action"] == "kms:*" and ":root" in json.dumps(account["Principal"])
        named = {
            one
            for one in ("logs", "cloudwatch", "connect", "sns", "s3", "dynamodb")
            for it in others
            if _names(it, one)
        }
        assert named == services.get(domain, set()) and len(others) == len(named), domain
        assert all(it.get("Condition") for it in others), domain


def _names(statement: dict[str, Any], service: str) -> bool:
    return f'"{service}.' in json.dumps(statement["Principal"]["Service"])


def test_logs_use_the_records_key_for_our_log_groups_alone(each: Assembly) -> None:
    (logs,) = [
        it for it in keys(each)["Trails"].properties["KeyPolicy"]["Statement"] if "logs." in str(it["Principal"])
    ]
    assert ":log-group:throughline-dev-*" in str(logs["Condition"]["ArnLike"])


def test_every_log_queue_and_topic_lies_under_the_records_key(each: Assembly) -> None:
    queues = dict.fromkeys(("AWS::SNS::Topic", "AWS::SQS::Queue"), "KmsMasterKeyId")
    named = {"AWS::Logs::LogGroup": "KmsKeyId", **queues}
    found = 0
    key = keys(each)["Trails"].id
    for template in templates(each).values():
        for resource in template["Resources"].values():
            if resource["Type"] in named:
                at = resource["Properties"][named[resource["Type"]]]
                if "LogGroupName" in resource["Properties"] or "chats" in resource["Properties"].get("TopicName", ""):
                    # The telephone's: what its flows log, and what is said in chats, lie under its own key.
                    assert at == {"Fn::GetAtt": [keys(each)["Phone"].id, "Arn"]}
                    continue
                assert at == {"Fn::ImportValue": f"throughline-dev-trails:ExportsOutputFnGetAtt{key}Arn5A860C43"}
                found += 1
    assert found > 7


def test_who_may_use_which_key_and_through_which_service(each: Assembly) -> None:
    roles, arns = granted(each.folder)
    short = {role: function for function, role in roles.functions.items()}
    may: dict[str, set[tuple[str, str]]] = {domain: set() for domain in arns}
    for role in {it.holder for it in roles.policies.grants if it.kind is Kind.IDENTITY}:
        for domain, arn in arns.items():
            for service in ("dynamodb", "secretsmanager", "s3", "sqs", "sns", "logs", "lambda"):
                about: dict[str, Any] = {"kms:ViaService": f"{service}.{REGION}.amazonaws.com"}
                if any(roles.policies.decide(Call.of(role, use, arn, about)).allowed for use in USES):
                    may[domain].add((_who(short.get(role, role)), service))
            bare = [roles.policies.decide(Call.of(role, use, arn, {})).allowed for use in USES]
            assert not any(bare), f"{role} may use a key by itself"
    asked = {(who, via) for who in ("ContactData", "AgentScreen", "Disposition", "Callback") for via in _KEYS_OF_TURNS}
    captured = {"Captures": {("SecretTurn", "secretsmanager")}} if "Captures" in arns else {}
    seals = {("SecretTurn", via) for via in _KEYS_OF_TURNS} if captured else set()
    turn = {(who, via) for who in ("LexTurn", "AlexaTurn", "Desk") for via in ("dynamodb", "secretsmanager", "s3")}
    assert may == {
        "Customers": turn - {("AlexaTurn", "s3")}
        | {("Records", "dynamodb"), ("Records", "s3"), ("RotateKeys", "secretsmanager")}
        | asked
        | {("Relay", via) for via in _KEYS_OF_TURNS}
        | seals,
        "Trails": {("Records", "sqs"), ("Relay", "sqs")},
        "Audit": {("Records", "dynamodb"), ("Desk", "dynamodb"), ("auditor", "dynamodb"), ("AgentScreen", "dynamodb")},
        "Phone": set(),
        **captured,
    }


def test_the_relay_alone_seals_by_itself_and_only_what_it_binds_to_a_relay(each: Assembly) -> None:
    roles, arns = granted(each.folder)
    short = {role: function for function, role in roles.functions.items()}
    contexts: tuple[dict[str, Any], ...] = (
        {"kms:EncryptionContext:relay": "r2abc"},
        {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::recordings"},
        {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:123456789012:log-group:one"},
    )
    may = {
        (_who(short.get(role, role)), domain, use, next(iter(about)))
        for role in {it.holder for it in roles.policies.grants if it.kind is Kind.IDENTITY}
        for domain, arn in arns.items()
        for use in USES
        for about in contexts
        if roles.policies.decide(Call.of(role, use, arn, about)).allowed
    }
    uses = ("kms:Decrypt", "kms:Encrypt")
    assert may == {("Relay", "Phone", use, "kms:EncryptionContext:relay") for use in uses}


_KEYS_OF_TURNS = ("dynamodb", "secretsmanager")


def _who(name: str) -> str:
    return name.partition("Function")[0].rpartition("-")[2]


def test_none_of_our_roles_administers_a_key(each: Assembly) -> None:
    roles, _ = granted(each.folder)
    relay = next(role for function, role in roles.functions.items() if _who(function) == "Relay")
    for grant in roles.policies.grants:
        if grant.kind is Kind.IDENTITY and str(grant.document["Action"]).startswith("kms:"):
            uses = {"kms:Decrypt", "kms:GenerateDataKey", *(["kms:Encrypt"] if grant.holder == relay else [])}
            assert grant.document["Action"] in uses, str(grant)

"""Who can read what customers key in, what is recorded of them, and who moves a number: by the templates' policies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rehearsal.permissions.policy import Call, Kind, Policies, Verdict
from rehearsal.permissions.storing import DEPLOYER, SERVICE_LINKED
from rehearsal.permissions.teams import roles_of_teams
from rehearsal.resources import ACCOUNT, REGION, arn

from .conftest import Exercised
from .telephone import ASKED

READS = "secretsmanager:GetSecretValue"
TLS = {"aws:SecureTransport": "true", "aws:ResourceAccount": ACCOUNT}


def capture_secret(everything: Exercised) -> str:
    """As it is called here: the stand-in draws the end of its ARN."""
    found = {
        one.call.resource
        for one in everything.asked
        if one.call.action == READS and "/capture-key-" in one.call.resource
    }
    (secret,) = found
    return secret


def capture_key(everything: Exercised) -> str:
    (key,) = {
        everything.roles.keys[it] for it in everything.roles.keys if "/capture-key-" in it
    }  # fmt: skip
    return key


def everybody(everything: Exercised) -> dict[str, str]:
    """Every role of the templates, by a name for people."""
    functions = {role: id for id, role in everything.roles.functions.items()}
    roles = {it.holder for it in everything.roles.policies.grants if it.kind is Kind.IDENTITY}
    return {role: functions.get(role, role) for role in roles - {SERVICE_LINKED, DEPLOYER}}


def test_one_function_can_read_the_private_key_and_nobody_else(everything: Exercised) -> None:
    secret, policies = capture_secret(everything), everything.roles.policies
    may = {
        name
        for role, name in everybody(everything).items()
        if policies.decide(Call.of(role, READS, secret, TLS)).allowed
    }
    assert may == {everything.assembly.function("secret_turn").logical_id}


def test_nobody_of_the_templates_can_change_it(everything: Exercised) -> None:
    secret, policies = capture_secret(everything), everything.roles.policies
    for action in ("PutSecretValue", "DeleteSecret", "PutResourcePolicy", "UpdateSecret"):
        for role in everybody(everything):
            assert not policies.decide(Call.of(role, f"secretsmanager:{action}", secret, TLS)).allowed, action


def test_its_key_opens_nothing_but_the_secret_and_for_that_function_alone(everything: Exercised) -> None:
    key, policies = capture_key(everything), everything.roles.policies

    def may(service: str) -> set[str]:
        about = {**TLS, "kms:ViaService": f"{service}.{REGION}.amazonaws.com", "kms:CallerAccount": ACCOUNT}
        return {
            name
            for role, name in everybody(everything).items()
            if policies.decide(Call.of(role, "kms:Decrypt", key, about)).allowed
        }

    assert may("secretsmanager") == {everything.assembly.function("secret_turn").logical_id}
    assert not may("dynamodb") and not may("s3")


def test_no_team_reads_recordings_but_in_connect_itself(everything: Exercised) -> None:
    buckets = {one.call.resource for one in everything.implied if one.call.who == SERVICE_LINKED}
    stored = {one for one in buckets if one.startswith("arn:aws:s3:::")}
    assert {one.split("/")[1] for one in stored} == {"recordings", "transcripts", "reports", "evaluations"}
    teams = roles_of_teams(everything.assembly.resources)
    assert teams
    for thing in stored:
        for role in everybody(everything):
            for action in ("s3:GetObject", "s3:DeleteObject"):
                assert not everything.roles.policies.decide(Call.of(role, action, thing, TLS)).allowed, (role, thing)


def test_recordings_are_stored_over_tls_alone_and_only_under_the_key(everything: Exercised) -> None:
    policies = everything.roles.policies
    by_connect = [one.call for one in everything.implied if one.call.who == SERVICE_LINKED]
    assert {call.action for call in by_connect} == {"s3:PutObject", "kms:GenerateDataKey"}
    for call in by_connect:
        assert policies.decide(call) == Verdict(True)
        if call.action == "s3:PutObject":
            plain = tuple((k, "false" if k == "aws:securetransport" else v) for k, v in call.context)
            refused = policies.decide(replace(call, context=plain))
            assert refused.because == "with an explicit deny in a resource-based policy"
    (key,) = {call.resource for call in by_connect if call.action.startswith("kms:")}
    (granted,) = {one.call.resource for one in everything.implied if one.call.action == "kms:CreateGrant"}
    assert key == granted
    shut = Policies(tuple(it for it in policies.grants if it.holder != key))
    assert not any(shut.decide(call).allowed for call in by_connect if call.resource == key)


def test_the_flows_log_lies_under_the_telephones_key_and_its_functions_logs_under_the_trails(
    everything: Exercised,
) -> None:
    them = everything.assembly.resources
    by_group = {
        them.named(it, "LogGroupName"): them.resolved(it, "KmsKeyId")
        for it in them.of_type("AWS::Logs::LogGroup")
        if "KmsKeyId" in it.properties
    }
    (flows,) = (key for name, key in by_group.items() if name.startswith("/aws/connect/"))
    stored = [them.resolved(it, "S3Config") for it in them.of_type("AWS::Connect::InstanceStorageConfig")]
    (recordings,) = {str(it["EncryptionConfig"]["KeyId"]) for it in stored}
    assert flows == recordings
    functions = {
        by_group[them.resolved(it, "LoggingConfig")["LogGroup"]]
        for it in them.of_type("AWS::Lambda::Function")
        if str(it.properties["Handler"]).removesuffix(".handler") in ASKED
    }
    assert len(functions) == 1 and functions != {flows}


@pytest.mark.parametrize("action", ["AssociatePhoneNumberContactFlow", "DisassociatePhoneNumberContactFlow"])
def test_numbers_move_within_the_one_instance_by_the_one_function(everything: Exercised, action: str) -> None:
    policies = everything.roles.policies
    number = arn("connect", "phone-number/00000000-0000-4000-8000-000000000001")
    (instance,) = (
        everything.assembly.resources.attribute(it, "Id")
        for it in everything.assembly.resources.of_type("AWS::Connect::Instance")
    )

    def may(at: str) -> set[str]:
        return {
            name
            for role, name in everybody(everything).items()
            if policies.decide(Call.of(role, f"connect:{action}", number, {"connect:InstanceId": at})).allowed
        }

    assert may(instance) == {everything.assembly.function("attach_number").logical_id}
    assert not may("00000000-0000-4000-8000-000000000000")

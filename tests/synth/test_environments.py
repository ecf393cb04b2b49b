"""What differs between environments, and that they fit into one account."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.synth.conftest import Assembly, Synthesise, templates

NAMED = {
    "AWS::ApiGatewayV2::Api": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Connect::ContactFlow": "Name",
    "AWS::Connect::HoursOfOperation": "Name",
    "AWS::Connect::Queue": "Name",
    "AWS::Connect::RoutingProfile": "Name",
    "AWS::Connect::Rule": "Name",
    "AWS::Connect::SecurityProfile": "SecurityProfileName",
    "AWS::Connect::TaskTemplate": "Name",
    "AWS::Connect::View": "Name",
    "AWS::Cognito::IdentityPool": "IdentityPoolName",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::Cognito::UserPoolClient": "ClientName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lex::Bot": "Name",
    "AWS::Logs::QueryDefinition": "Name",
    "AWS::SNS::Topic": "TopicName",
}
"""Types whose names we choose ourselves, which must be unique in an account and region."""


SUNDAYS = "arn:aws:dynamodb:us-east-1:111122223333:table/customers-of-sunday/stream/2026-11-22T00:00:00.000"
RESTORED: dict[str, object] = {"kept.restored_table": "customers-of-sunday", "kept.restored_stream": SUNDAYS}


@pytest.fixture(scope="module")
def prod(synthesise: Synthesise) -> Assembly:
    return synthesise({"environment": "prod"})


def names(assembly: Assembly) -> Iterator[str]:
    manifest = json.loads((assembly.folder / "manifest.json").read_text("utf-8"))
    for artifact in manifest["artifacts"].values():
        if artifact["type"] == "aws:cloudformation:stack":
            yield artifact["properties"]["stackName"]
    for template in templates(assembly).values():
        for resource in template["Resources"].values():
            if resource["Type"] in NAMED:
                yield f"{resource['Type']} {resource['Properties'][NAMED[resource['Type']]]}"
            if resource["Type"] == "AWS::IAM::Role" and "RoleName" in resource["Properties"]:
                yield f"role {resource['Properties']['RoleName']}"
            if resource["Type"] == "AWS::Cognito::UserPoolDomain":
                yield f"domain {json.dumps(resource['Properties']['Domain'])}"
        for output in template.get("Outputs", {}).values():
            if "Export" in output:
                yield output["Export"]["Name"]


def test_two_environments_share_no_name(assembly: Assembly, prod: Assembly) -> None:
    ours, theirs = set(names(assembly)), set(names(prod))
    assert len(ours) > 10
    assert ours & theirs == set()
    assert all("throughline-dev" in name for name in ours)
    assert all("throughline-prod" in name for name in theirs)


def test_no_other_resource_bears_a_name_of_our_choice(assembly: Assembly) -> None:
    endings = ("Name", "FunctionName", "TableName", "QueueName", "RoleName", "BucketName", "LogGroupName")
    allowed = {*NAMED.values(), "BotAliasName", "GroupName", "PolicyName", "StageName"}
    for template in templates(assembly).values():
        for resource in template["Resources"].values():
            properties = resource.get("Properties", {})
            chosen = {name for name in properties if name in endings and isinstance(properties[name], str)}
            if resource["Type"] == "AWS::Lambda::Alias":
                chosen -= {"Name"}  # of its function
            if str(properties.get("RoleName", "")).startswith("throughline-dev-"):
                chosen -= {"RoleName"}  # of a team, by which the desk knows it
            assert chosen <= allowed, (resource["Type"], chosen)


def test_calls_move_to_a_new_version_as_the_setting_says(assembly: Assembly, full: Assembly) -> None:
    for each, shape in ((assembly, "LambdaAllAtOnce"), (full, "LambdaCanary10Percent5Minutes")):
        for stack, function in each.functions():
            (alias,) = [
                it
                for it in templates(each)[stack]["Resources"].values()
                if it["Type"] == "AWS::Lambda::Alias" and it["Properties"]["FunctionName"] == {"Ref": function.id}
            ]
            group = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]["Ref"]
            deployment = templates(each)[stack]["Resources"][group]["Properties"]
            assert deployment["DeploymentConfigName"] == f"CodeDeployDefault.{shape}"
            if each is assembly:
                # An alarm that rings already would stop the deployment that mends what it rings for.
                assert "AlarmConfiguration" not in deployment
                continue
            assert deployment["AutoRollbackConfiguration"]["Enabled"] is True
            assert "DEPLOYMENT_STOP_ON_ALARM" in deployment["AutoRollbackConfiguration"]["Events"]
            (rings,) = deployment["AlarmConfiguration"]["Alarms"]
            alarm = templates(each)[stack]["Resources"][rings["Name"]["Ref"]]["Properties"]
            assert (alarm["MetricName"], alarm["Namespace"]) == ("Errors", "AWS/Lambda")
            assert {"Ref": function.id} in [dimension["Value"] for dimension in alarm["Dimensions"]]


def test_data_goes_with_its_stack_only_where_that_is_asked_for(assembly: Assembly, full: Assembly) -> None:
    kept = {
        "AWS::Cognito::UserPool", "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
    }  # fmt: skip
    for each, policy in ((assembly, "Retain"), (full, "Delete")):
        for template in templates(each).values():
            for resource in template["Resources"].values():
                if resource["Type"] in kept:
                    assert resource["DeletionPolicy"] == policy, resource["Type"]


def test_a_table_restored_from_a_backup_takes_the_customers_tables_place(synthesise: Synthesise) -> None:
    restored = synthesise(RESTORED)
    for stack, function in restored.functions():
        if function.properties["Handler"] == "rotate_keys.handler":
            continue
        assert function.properties["Environment"]["Variables"]["TABLE"] == "customers-of-sunday"
        policies = json.dumps([it.properties for it in restored.resources(stack, "AWS::IAM::Policy")])
        assert ":table/customers-of-sunday" in policies
    assert len(restored.resources("Customers", "AWS::DynamoDB::Table")) == 2, "what was there stays"


def test_what_follows_from_conversations_follows_from_the_restored_table(
    assembly: Assembly, synthesise: Synthesise
) -> None:
    restored = synthesise(RESTORED)
    mapping, former = (it.one("Records", "AWS::Lambda::EventSourceMapping") for it in (restored, assembly))
    # Of the same name, so that the one to the former table's stream goes as this one comes.
    assert mapping.id == former.id
    assert former.properties["EventSourceArn"] != SUNDAYS
    assert mapping.properties == {**former.properties, "EventSourceArn": SUNDAYS}
    policies = [
        statement
        for policy in restored.resources("Records", "AWS::IAM::Policy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
    ]
    (reads,) = [it for it in policies if "dynamodb:GetRecords" in it["Action"]]
    assert reads["Resource"] == SUNDAYS
    assert "StreamArn" not in json.dumps(policies)


def test_records_and_desk_can_be_deployed_alone_to_forget_before_the_restored_table_serves(
    assembly: Assembly, synthesise: Synthesise
) -> None:
    """The others' templates must not need to change with them."""
    restored = templates(synthesise(RESTORED))
    changed = {stack for stack, template in templates(assembly).items() if restored[stack] != template}
    assert {"Records", "Desk", "Bot"} <= changed
    assert "Customers" not in changed


def exports(assembly: Assembly, stack: str) -> set[str]:
    outputs = templates(assembly)[stack].get("Outputs", {}).values()
    return {output["Export"]["Name"] for output in outputs if "Export" in output}


@pytest.mark.parametrize(
    "context",
    [
        RESTORED,
        {"people.enabled": "false"},
    ],
    ids=str,
)
def test_a_changed_setting_takes_no_export_away_that_a_deployed_stack_may_still_import(
    assembly: Assembly, synthesise: Synthesise, context: dict[str, object]
) -> None:
    """CloudFormation updates the exporting stack first, and refuses to delete an export that is in use."""
    changed = synthesise(context)
    for stack in templates(changed):
        assert exports(assembly, stack) <= exports(changed, stack) or stack == "Skill", stack
        if stack != "Observability":
            used = json.dumps(templates(assembly))
            assert all(name not in used for name in exports(assembly, stack) - exports(changed, stack))


def test_every_template_has_room_to_grow_within_what_cloudformation_takes(full: Assembly) -> None:
    """A megabyte (CloudFormation quotas), of which the bots of one locale take half: a third one needs a split."""
    for file in full.folder.glob("*.template.json"):
        assert file.stat().st_size < 950_000, file.name


def test_an_absent_channel_leaves_nothing_behind(synthesise: Synthesise) -> None:
    without = synthesise({"alexa.enabled": "false", "lex.guests": "false"})
    assert "Skill" not in templates(without)
    aliases = [it.properties["BotAliasName"] for it in without.resources("Bot", "AWS::Lex::BotAlias")]
    assert sorted(aliases) == ["live", "live"]
    named = json.dumps([template["Resources"] for template in templates(without).values()])
    assert "alexa_turn" not in named and "alexa-appkit" not in named and '"channel", "alexa"' not in named
    board = without.one("Observability", "AWS::CloudWatch::Dashboard").properties["DashboardBody"]
    assert "alexa" not in json.dumps(board)


def test_the_skill_is_deployed_where_its_vendor_is_known_and_nothing_secret_is_written(full: Assembly) -> None:
    skill = full.one("Skill", "Alexa::ASK::Skill")
    secrets: dict[str, Any] = dict(skill.properties["AuthenticationConfiguration"])
    assert set(secrets) == {"ClientId", "ClientSecret", "RefreshToken"}
    assert all(value.startswith("{{resolve:secretsmanager:throughline/alexa-login:") for value in secrets.values())
    permission = full.one("Skill", "AWS::Lambda::Permission")
    template = templates(full)["Skill"]["Resources"]
    assert permission.id in template[skill.id]["DependsOn"]
    override = skill.properties["SkillPackage"]["Overrides"]["Manifest"]["apis"]["custom"]["endpoint"]["uri"]
    assert override == permission.properties["FunctionName"]


def test_a_skill_that_nobody_knows_yet_is_made_without_an_endpoint(synthesise: Synthesise) -> None:
    first = synthesise({"alexa.vendor.vendor_id": "M0000000000000", "alexa.vendor.login_secret": "login"})
    skill = first.one("Skill", "Alexa::ASK::Skill")
    assert "Overrides" not in skill.properties["SkillPackage"]
    assert first.resources("Skill", "AWS::Lambda::Permission") == []
    manifest = json.loads((first.folder / "skill-package" / "skill.json").read_text("utf-8"))
    assert "endpoint" not in manifest["manifest"]["apis"]["custom"]


def test_lex_logs_what_was_said_only_where_that_is_asked_for_and_then_under_our_key(full: Assembly) -> None:
    groups = {it.id: it for it in full.resources("Bot", "AWS::Logs::LogGroup")}
    aliases = full.resources("Bot", "AWS::Lex::BotAlias")
    assert aliases
    for alias in aliases:
        (log,) = alias.properties["ConversationLogSettings"]["TextLogSettings"]
        arn = log["Destination"]["CloudWatch"]["CloudWatchLogGroupArn"]
        group = groups[arn["Fn::GetAtt"][0]]
        assert "throughline-dev-trails:" in str(group.properties["KmsKeyId"])
        assert group.properties["RetentionInDays"] == 90


def test_nothing_may_be_done_to_data_without_tls(assembly: Assembly) -> None:
    where = {
        "AWS::DynamoDB::Table": lambda p: p["ResourcePolicy"]["PolicyDocument"],
        "AWS::S3::BucketPolicy": lambda p: p["PolicyDocument"],
        "AWS::SNS::TopicPolicy": lambda p: p["PolicyDocument"],
        "AWS::SQS::QueuePolicy": lambda p: p["PolicyDocument"],
        "AWS::SecretsManager::ResourcePolicy": lambda p: p["ResourcePolicy"],
    }
    kinds = Counter[str]()
    for template in templates(assembly).values():
        for resource in template["Resources"].values():
            if resource["Type"] not in where:
                continue
            kinds[resource["Type"]] += 1
            over_tls = [
                it
                for it in where[resource["Type"]](resource["Properties"])["Statement"]
                if it.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
            ]
            assert [it["Effect"] for it in over_tls] == ["Deny"], resource["Type"]
            assert over_tls[0]["Principal"] in ({"AWS": "*"}, "*")
    assert kinds == {
        "AWS::DynamoDB::Table": 4,
        "AWS::S3::BucketPolicy": 2,
        "AWS::SNS::TopicPolicy": 2,
        "AWS::SQS::QueuePolicy": 2,
        "AWS::SecretsManager::ResourcePolicy": 1,
    }


def test_the_desks_door_speaks_nothing_but_tls(assembly: Assembly) -> None:
    """API Gateway's own endpoints do (API Gateway developer guide, "Security policies for HTTP APIs")."""
    api = assembly.one("Desk", "AWS::ApiGatewayV2::Api").properties
    assert api["ProtocolType"] == "HTTP" and "DisableExecuteApiEndpoint" not in api
    assert assembly.resources("Desk", "AWS::Lambda::Url") == []


def test_everything_at_rest_lies_under_our_own_key(full: Assembly) -> None:
    named = {
        "AWS::DynamoDB::Table": lambda p: p["SSESpecification"]["KMSMasterKeyId"],
        "AWS::Logs::LogGroup": lambda p: p["KmsKeyId"],
        "AWS::S3::Bucket": lambda p: p["BucketEncryption"],
        "AWS::SecretsManager::Secret": lambda p: p["KmsKeyId"],
        "AWS::SNS::Topic": lambda p: p["KmsMasterKeyId"],
        "AWS::SQS::Queue": lambda p: p["KmsMasterKeyId"],
    }
    found = [
        json.dumps(named[resource["Type"]](resource["Properties"]))
        for template in templates(full).values()
        for resource in template["Resources"].values()
        if resource["Type"] in named
    ]
    assert len(found) > 5
    assert all("Key" in key for key in found)

"""What follows customers, and who touches what is written about it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal import assembly as assemblies
from rehearsal.permissions.patterns import Value
from rehearsal.permissions.policy import Call, Kind
from rehearsal.permissions.roles import Roles, read_roles
from rehearsal.resources import Resources
from stacks.trails import REWRITING
from tests.synth.conftest import Assembly, templates


@pytest.fixture(scope="module")
def resources(full: Assembly) -> Resources:
    return assemblies.read(full.folder).resources


@pytest.fixture(scope="module")
def roles(full: Assembly) -> Roles:
    return read_roles(assemblies.read(full.folder))


def table(resources: Resources, id: str) -> str:
    (found,) = [it for it in resources.of_type("AWS::DynamoDB::Table") if it.id.startswith(id)]
    return resources.attribute(found, "Arn")


def test_the_audit_trail_never_expires_and_outlives_its_stack(assembly: Assembly) -> None:
    trail = assembly.one("Trails", "AWS::DynamoDB::Table")
    assert "TimeToLiveSpecification" not in trail.properties
    assert trail.properties["DeletionProtectionEnabled"] is True
    assert trail.deletion == "Retain"


@pytest.mark.parametrize("action", REWRITING)
def test_nobody_rewrites_the_audit_trail_not_even_who_is_let_do_it(
    roles: Roles, resources: Resources, action: str
) -> None:
    audit = table(resources, "Audit")
    for function in roles.functions:
        statement = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
        mighty = roles.like(function, "mighty", statement)
        verdict = mighty.policies.decide(
            Call.of(mighty.functions["mighty"], action, audit, {"aws:SecureTransport": "true"})
        )
        assert verdict.because == "with an explicit deny in a resource-based policy"


def test_only_desk_agents_screen_follower_and_auditors_touch_audit_and_erasures(
    roles: Roles, resources: Resources
) -> None:
    holders = {it.holder for it in roles.policies.grants if it.kind is Kind.IDENTITY}
    names = {role: function for function, role in roles.functions.items()}
    both = {"PutItem", "Query"}
    for id, expected in (
        ("Audit", {"Desk": both, "Records": {"PutItem"}, "AgentScreen": {"PutItem"}, "auditor": {"GetItem", "Query"}}),
        ("Erasures", {"Records": {"GetItem", "Scan", "UpdateItem"}}),
    ):
        found: dict[str, set[str]] = {}
        for role in holders:
            for action in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchWriteItem"):
                context: dict[str, Value] = {"aws:SecureTransport": "true", "dynamodb:LeadingKeys": ("C#one",)}
                asked = Call.of(role, f"dynamodb:{action}", table(resources, id), context)
                if roles.policies.decide(asked).allowed:
                    who = names.get(role, role).partition("Function")[0].rpartition("-")[2]
                    found.setdefault(who, set()).add(action)
        assert found == expected, id


def test_the_follower_takes_changes_in_order_and_loses_none(assembly: Assembly) -> None:
    mapping = assembly.one("Records", "AWS::Lambda::EventSourceMapping").properties
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ParallelizationFactor"] == 1
    assert 0 < mapping["MaximumRetryAttempts"] < 100
    assert mapping["MaximumRecordAgeInSeconds"] < 24 * 3600, "before the stream forgets it"
    (queue,) = assembly.resources("Records", "AWS::SQS::Queue")
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": {"Fn::GetAtt": [queue.id, "Arn"]}}}
    (filtered,) = mapping["FilterCriteria"]["Filters"]
    assert json.loads(filtered["Pattern"]) == {"dynamodb": {"Keys": {"sk": {"S": ["conversation", "hold"]}}}}
    asynchronous = assembly.one("Records", "AWS::Lambda::EventInvokeConfig").properties
    assert asynchronous["DestinationConfig"] == mapping["DestinationConfig"]


def test_what_the_follower_could_not_take_rings(assembly: Assembly) -> None:
    rings = [it.properties for it in assembly.resources("Records", "AWS::CloudWatch::Alarm")]
    (undelivered,) = [it for it in rings if it["AlarmName"] == "throughline-dev-records-undelivered"]
    assert (undelivered["Namespace"], undelivered["Threshold"]) == ("AWS/SQS", 1)


def test_the_desk_has_one_door_which_only_signed_requests_pass(assembly: Assembly) -> None:
    route = assembly.one("Desk", "AWS::ApiGatewayV2::Route").properties
    assert (route["RouteKey"], route["AuthorizationType"]) == ("POST /desk", "AWS_IAM")
    stage = assembly.one("Desk", "AWS::ApiGatewayV2::Stage").properties
    assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 20, "ThrottlingRateLimit": 20}
    assert "body" not in stage["AccessLogSettings"]["Format"]
    json.loads(stage["AccessLogSettings"]["Format"])
    permission = assembly.one("Desk", "AWS::Lambda::Permission").properties
    assert permission["Principal"] == "apigateway.amazonaws.com"
    assert json.dumps(permission["SourceArn"]).endswith('/$default/POST/desk"]]}')
    outputs: dict[str, Any] = templates(assembly)["Desk"]["Outputs"]
    assert json.dumps(outputs["DeskUrl"]["Value"]).endswith('"/desk"]]}')

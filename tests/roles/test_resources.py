"""Intrinsic functions to names and ARNs, and policies that nobody wrote a reader for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal import assembly as assemblies
from rehearsal.permissions.patterns import PolicyError
from rehearsal.permissions.roles import read_roles
from rehearsal.resources import AssemblyError, Resources

TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}}
HERE = Resources(
    {
        "throughline-one": {
            "Parameters": {"Stage": {"Type": "String", "Default": "dev"}, "Bare": {"Type": "String"}},
            "Resources": {
                "People": TABLE,
                "Named": {
                    "Type": "AWS::SQS::Queue",
                    "Properties": {"QueueName": {"Fn::Sub": "${AWS::StackName}-late"}},
                },
                "Odd": {"Type": "AWS::Odd::Thing"},
            },
            "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["People", "Arn"]}, "Export": {"Name": "one:people"}}},
        },
        "throughline-two": {"Resources": {"People": TABLE}},
    }
)
PEOPLE = "arn:aws:dynamodb:us-east-1:123456789012:table/throughline-one-People-"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "AWS::StackName"}, "throughline-one"),
        ({"Ref": "Stage"}, "dev"),
        ({"Ref": "Named"}, "https://sqs.us-east-1.amazonaws.com/123456789012/throughline-one-late"),
        ({"Fn::GetAtt": ["Named", "Arn"]}, "arn:aws:sqs:us-east-1:123456789012:throughline-one-late"),
        ({"Fn::GetAtt": "Named.QueueName"}, "throughline-one-late"),
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::Partition"}, "b"]]}, "a-aws-b"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", "a/b/c"]}]}, "b"),
        ({"Fn::Select": ["0", ["x", "y"]]}, "x"),
        (
            {"Fn::Sub": "${AWS::AccountId}.${Named.QueueName}.${!Literal}"},
            "123456789012.throughline-one-late.${Literal}",
        ),
        ({"Fn::Sub": ["${own}/${Stage}", {"own": {"Ref": "AWS::URLSuffix"}}]}, "amazonaws.com/dev"),
    ],
)
def test_an_intrinsic_function_is_resolved(value: object, text: str) -> None:
    assert HERE.text(value, "throughline-one", "a test") == text


def test_another_stacks_export_is_what_that_stack_says() -> None:
    found = HERE.text({"Fn::ImportValue": "one:people"}, "throughline-two", "a test")
    assert found.startswith(PEOPLE)
    assert HERE.pointed_at({"Fn::ImportValue": "one:people"}, "throughline-two") is next(
        HERE.of_type("AWS::DynamoDB::Table")
    )


def test_the_same_id_in_two_stacks_is_two_resources() -> None:
    one, two = (HERE.ref(it) for it in HERE.of_type("AWS::DynamoDB::Table"))
    assert one.startswith("throughline-one-People-") and two.startswith("throughline-two-People-")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"Ref": "Nobody"}, "Nobody"),
        ({"Ref": "Bare"}, "Bare"),
        ({"Ref": "Odd"}, "AWS::Odd::Thing"),
        ({"Fn::GetAtt": ["People", "Colour"]}, "Colour"),
        ({"Fn::ImportValue": "nobody's"}, "nobody's"),
        ({"Fn::FindInMap": ["a", "b", "c"]}, "FindInMap"),
        (["a"], "is no text"),
    ],
)
def test_what_can_not_be_resolved_is_refused_with_its_place(value: object, told: str) -> None:
    with pytest.raises(AssemblyError, match=told):
        HERE.text(value, "throughline-one", "a test")


def written(folder: Path, resources: dict[str, Any], environment: str = "aws://unknown-account/unknown-region") -> Path:
    template = {"Resources": {"People": TABLE, **resources}}
    (folder / "One.template.json").write_text(json.dumps(template), "utf-8")
    properties = {"templateFile": "One.template.json", "stackName": "throughline-one"}
    artifact = {"type": "aws:cloudformation:stack", "environment": environment, "properties": properties}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"One": artifact}}), "utf-8")
    return folder


ROLE: dict[str, Any] = {
    "Type": "AWS::IAM::Role",
    "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
}


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ({"Type": "AWS::Logs::ResourcePolicy", "Properties": {}}, "AWS::Logs::ResourcePolicy"),
        ({"Type": "AWS::IAM::ManagedPolicy", "Properties": {}}, "AWS::IAM::ManagedPolicy"),
        (
            {
                "Type": ROLE["Type"],
                "Properties": {**ROLE["Properties"], "ManagedPolicyArns": ["arn:aws:iam::aws:policy/X"]},
            },
            "policies that AWS manages",
        ),
        ({"Type": ROLE["Type"], "Properties": {**ROLE["Properties"], "PermissionsBoundary": "x"}}, "boundary"),
        (
            {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": "f", "PrincipalOrgID": "o"}},
            "PrincipalOrgID",
        ),
    ],
)
def test_a_policy_of_a_kind_that_is_not_read_is_refused(tmp_path: Path, resource: dict[str, Any], told: str) -> None:
    assembly = assemblies.read(written(tmp_path, {"It": resource}))
    with pytest.raises(PolicyError, match=told):
        read_roles(assembly)


def test_a_condition_on_a_key_that_no_call_has_here_is_refused(tmp_path: Path) -> None:
    statement = {
        "Effect": "Allow", "Action": "a:b", "Resource": "*", "Condition": {"StringEquals": {"aws:UserAgent": "x"}}
    }  # fmt: skip
    document = {"Version": "2012-10-17", "Statement": [statement]}
    role = {**ROLE, "Properties": {**ROLE["Properties"], "Policies": [{"PolicyName": "p", "PolicyDocument": document}]}}
    with pytest.raises(PolicyError, match="aws:useragent"):
        read_roles(assemblies.read(written(tmp_path, {"It": role})))


def test_an_environment_with_an_account_and_region_of_its_own_is_rehearsed_here(tmp_path: Path) -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "late-eu-west-1-210987654321"}}
    folder = written(tmp_path, {"Late": queue}, "aws://210987654321/eu-west-1")
    resources = assemblies.read(folder).resources
    (found,) = resources.of_type("AWS::SQS::Queue")
    assert resources.attribute(found, "Arn") == "arn:aws:sqs:us-east-1:123456789012:late-us-east-1-123456789012"

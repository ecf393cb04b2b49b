"""The written table, on templates that use the lines which the present stacks don't."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal import assembly as assemblies
from rehearsal.permissions.implied import RULES, implied
from rehearsal.permissions.roles import read_roles
from rehearsal.permissions.storing import STORING
from rehearsal.permissions.telling import TELLING
from rehearsal.permissions.uses import denied, unused

QUEUE, TOPIC, KEY = {"Fn::GetAtt": ["Late", "Arn"]}, {"Ref": "Alarms"}, {"Fn::GetAtt": ["Key", "Arn"]}
STREAM = {"Fn::GetAtt": ["People", "StreamArn"]}
ACCOUNT = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]}


def trusts(service: str) -> dict[str, Any]:
    return policy({"Principal": {"Service": service}, "Action": "sts:AssumeRole"})


GRANTED: tuple[dict[str, Any], ...] = (
    {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "arn:aws:logs:*:*:log-group:/aws/lambda/*"},
    {"Action": "sqs:SendMessage", "Resource": QUEUE},
    {"Action": "sns:Publish", "Resource": TOPIC},
    {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": KEY},
    {"Action": "dynamodb:ListStreams", "Resource": "*"},
    {"Action": ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], "Resource": STREAM},
)
TEMPLATE: dict[str, Any] = {
    "Key": {"Type": "AWS::KMS::Key", "Properties": {
        "KeyPolicy": policy({"Principal": ACCOUNT, "Action": "kms:*", "Resource": "*"})}},
    "People": {"Type": "AWS::DynamoDB::Table", "Properties": {
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "SSESpecification": {"KMSMasterKeyId": KEY}}},
    "Late": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
    "Alarms": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": trusts("lambda.amazonaws.com"),
        "Policies": [{"PolicyName": "own", "PolicyDocument": policy(*GRANTED)}]}},
    "Follower": {"Type": "AWS::Lambda::Function", "Properties": {
        "Handler": "follower.handler", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "DeadLetterConfig": {"TargetArn": TOPIC}}},
    "Live": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "Follower"}, "Name": "live"}},
    "Follows": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
        "FunctionName": {"Ref": "Live"}, "EventSourceArn": STREAM,
        "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}}},
}  # fmt: skip


def assembly(folder: Path, resources: dict[str, Any]) -> assemblies.Assembly:
    (folder / "One.template.json").write_text(json.dumps({"Resources": resources}), "utf-8")
    return assemblies.read(folder)


def test_a_follower_of_a_stream_with_dead_letters_needs_all_that_and_no_more(tmp_path: Path) -> None:
    found = assembly(tmp_path, TEMPLATE)
    roles = read_roles(found)
    calls = [one.call for one in implied(found, roles)]
    assert not denied(roles.policies, calls)
    assert not unused(roles.policies, calls)


@pytest.mark.parametrize("number", range(len(GRANTED)))
def test_each_of_it_is_missed(tmp_path: Path, number: int) -> None:
    rest = [one for place, one in enumerate(GRANTED) if place != number]
    role = json.loads(json.dumps(TEMPLATE["Role"]))
    role["Properties"]["Policies"][0]["PolicyDocument"] = policy(*rest)
    found = assembly(tmp_path, {**TEMPLATE, "Role": role})
    roles = read_roles(found)
    missing = {call.action for call, _ in denied(roles.policies, [one.call for one in implied(found, roles)])}
    actions = GRANTED[number]["Action"]
    assert missing == set(actions if isinstance(actions, list) else [actions])


def test_a_grant_that_is_given_twice_is_one_too_many(tmp_path: Path) -> None:
    role = json.loads(json.dumps(TEMPLATE["Role"]))
    role["Properties"]["Policies"].append({"PolicyName": "again", "PolicyDocument": policy(GRANTED[1])})
    found = assembly(tmp_path, {**TEMPLATE, "Role": role})
    roles = read_roles(found)
    spared = unused(roles.policies, [one.call for one in implied(found, roles)])
    assert [grant.document["Action"] for grant in spared] == ["sqs:SendMessage"] * 2


def test_every_line_of_the_table_is_exercised_by_some_template(tmp_path: Path, everything: Any) -> None:
    both = [everything.assembly.resources, assembly(tmp_path, TEMPLATE).resources]
    silent = [rule.why for rule in (*RULES, *STORING, *TELLING) if not any(True for it in both for _ in rule.calls(it))]
    assert not silent

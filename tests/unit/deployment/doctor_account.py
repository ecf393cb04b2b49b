"""A ready account in memory. Every question and every answer is held against botocore's models of the services."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import botocore.session
from botocore import xform_name
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import ServiceModel
from botocore.validate import validate_parameters

from deployment import Environment
from deployment.doctor.call import CALLS, IDENTITY, Call
from deployment.doctor.check import Target
from deployment.doctor.plan import Planned, planned

Answer = Mapping[str, Any] | ClientError | BotoCoreError | Callable[[Mapping[str, Any]], Mapping[str, Any]]

OWN = "123456789012"
REGION = "us-west-2"
WHEN = "2026-11-22T00:00:00Z"
VALUE = {"00000000-0000-0000-0000-000000000000": ["AWSCURRENT"]}
"""The stages of a secret that has one."""
PARTS = ("bank", "bot", "customers", "desk", "observability", "people", "phone", "records", "skill", "trails")
STACKS = tuple(f"throughline-dev-{part}" for part in PARTS)
_models: dict[str, ServiceModel] = {}
_lock = threading.Lock()


def model(service: str) -> ServiceModel:
    """botocore's model of a service, read once."""
    with _lock:
        if service not in _models:
            _models[service] = botocore.session.get_session().get_service_model(service)
        return _models[service]


def refused(code: str, message: str = "somebody's arn:aws:iam::123456789012:user/sam may not") -> ClientError:
    """An error as AWS answers it."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


def stack(name: str, status: str) -> dict[str, Any]:
    """A row of ListStacks."""
    return {"StackName": name, "StackStatus": status, "CreationTime": WHEN}


def resource(type: str, physical: str) -> dict[str, Any]:  # noqa: A002
    """A row of ListStackResources."""
    return {
        "LogicalResourceId": "X",
        "PhysicalResourceId": physical,
        "ResourceType": type,
        "ResourceStatus": "CREATE_COMPLETE",
        "LastUpdatedTimestamp": WHEN,
    }


def quota(value: float) -> dict[str, Any]:
    """An answer of GetServiceQuota."""
    return {"Quota": {"Value": value}}


READY: Mapping[str, Answer] = {
    "sts:GetCallerIdentity": {"Account": OWN, "Arn": f"arn:aws:iam::{OWN}:user/sam", "UserId": "AIDAEXAMPLE"},
    "ssm:GetParameter": {"Parameter": {"Value": "28"}},
    "ssm:GetParameters": {"Parameters": []},
    "servicequotas:GetServiceQuota": quota(100),
    "servicequotas:GetAWSDefaultServiceQuota": quota(100),
    "lambda:GetAccountSettings": {
        "AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}
    },
    "lambda:GetFunctionConcurrency": {},
    "lex:ListBots": {"botSummaries": []},
    "lex:ListBotVersions": {"botVersionSummaries": []},
    "dynamodb:ListTables": {"TableNames": []},
    "kms:ListKeys": {"Keys": []},
    "cloudformation:ListStacks": {"StackSummaries": []},
    "cloudformation:ListStackResources": {"StackResourceSummaries": []},
    "secretsmanager:DescribeSecret": {"Name": "s", "VersionIdsToStages": VALUE},
    "ses:GetAccount": {"ProductionAccessEnabled": True, "SendingEnabled": True},
    "sms-voice:DescribeAccountAttributes": {"AccountAttributes": [{"Name": "ACCOUNT_TIER", "Value": "PRODUCTION"}]},
    "sms-voice:DescribePhoneNumbers": {"PhoneNumbers": []},
    "connect:ListInstances": {"InstanceSummaryList": []},
}
"""An account that is ready, before the first deploy."""


class Aws:
    """An account: a ready one, but for the answers that are given."""

    def __init__(self, answers: Mapping[str, Answer] | None = None, default: Answer | None = None) -> None:
        """`default` is what everything but the identity answers."""
        everything = {call.action: default for call in CALLS if default is not None and call is not IDENTITY}
        self._answers: dict[str, Answer] = {**READY, **everything, **(answers or {})}
        self.asked: list[tuple[str, str]] = []
        """Actions and the regions that they were asked in."""

    def __call__(self, service: str, region: str) -> BaseClient:
        """A client as botocore would make it."""
        return cast(BaseClient, _Client(self, service, region))

    def answer(self, call: Call, region: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer to one call."""
        operation = model(call.service).operation_model(call.operation)
        if operation.input_shape is not None:
            validate_parameters(request, operation.input_shape)
        self.asked.append((call.action, region))
        answer = self._answers[call.action]
        if isinstance(answer, Exception):
            raise answer
        found = answer(request) if callable(answer) else answer
        assert operation.output_shape is not None
        validate_parameters(found, operation.output_shape)
        return found


class _Client:
    def __init__(self, aws: Aws, service: str, region: str) -> None:
        self._aws, self._service, self._region = aws, service, region

    def __getattr__(self, name: str) -> Callable[..., Mapping[str, Any]]:
        call = next(one for one in CALLS if one.service == self._service and xform_name(one.operation) == name)
        return lambda **request: self._aws.answer(call, self._region, request)


def assumed(environment: Environment) -> Planned:
    """What is planned where nothing was synthesised."""
    return planned(Path("nowhere"), environment)


def target(environment: Environment | None = None, region: str = REGION) -> Target:
    """The usual target."""
    environment = environment or Environment()
    return Target(environment, assumed(environment), region, OWN)

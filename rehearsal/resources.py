"""The templates' resources, and their intrinsic functions resolved to this rehearsal's names and ARNs.

Names are made up the way CloudFormation would, but deterministically. What can't be resolved is refused with
its place: a name that nobody understood would otherwise be rehearsed as one that exists.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rehearsal.connect import names
from rehearsal.lex.definition import stable_id

REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
PARTITION: Final = "aws"
_PSEUDO: Final = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": PARTITION,
    "AWS::URLSuffix": "amazonaws.com",
}
_STREAM_LABEL: Final = "2026-01-01T00:00:00.000"
_LONGEST_PART: Final = 24
"""Letters of a stack's and of a resource's name that CloudFormation keeps where a name has 64 at most."""


class AssemblyError(ValueError):
    """The synthesised assembly can't be rehearsed as it is; run `make synth` and look at what it names."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a template, as it stands there."""

    stack: str
    """The stack's physical name."""
    id: str
    """Its logical id: unique in its stack."""
    type: str
    """As in `AWS::DynamoDB::Table`."""
    properties: Mapping[str, Any]
    """With their intrinsic functions."""
    updates: Mapping[str, Any]
    """Its UpdatePolicy, which says who else has a hand in its updates."""


class Resources:
    """All of an assembly's resources, by stack."""

    def __init__(self, templates: Mapping[str, Mapping[str, Any]]) -> None:
        """`templates` by the physical name of their stack."""
        self._by_stack = {
            stack: {
                id: Resource(stack, id, entry["Type"], entry.get("Properties", {}), entry.get("UpdatePolicy", {}))
                for id, entry in template.get("Resources", {}).items()
            }
            for stack, template in templates.items()
        }
        self._parameters = {stack: template.get("Parameters", {}) for stack, template in templates.items()}
        self._exports: dict[str, tuple[str, Any]] = {}
        for stack, template in templates.items():
            for output in template.get("Outputs", {}).values():
                if "Export" in output:
                    name = self.text(output["Export"]["Name"], stack, f"an export of {stack}")
                    self._exports[name] = (stack, output["Value"])

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The resources of these types, in the templates' order."""
        for resources in self._by_stack.values():
            yield from (resource for resource in resources.values() if resource.type in types)

    def all(self) -> Iterator[Resource]:
        """Every resource."""
        for resources in self._by_stack.values():
            yield from resources.values()

    def resolved(self, resource: Resource, name: str, default: object = None) -> Any:  # any JSON
        """A property with its intrinsic functions resolved. Raises AssemblyError."""
        value = resource.properties.get(name, default)
        return self.value(value, resource.stack, f"{resource.stack}, {resource.id} {name}")

    def text(self, value: object, stack: str, where: str) -> str:
        """A value that must come to a text. Raises AssemblyError."""
        found = self.value(value, stack, where)
        if isinstance(found, str):
            return found
        raise AssemblyError(f"{where}: {json.dumps(value)} is no text")

    def value(self, value: object, stack: str, where: str) -> Any:  # any JSON
        """JSON with every intrinsic function in it resolved. Raises AssemblyError."""
        if isinstance(value, list):
            return [self.value(item, stack, where) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (function, argument), *_ = value.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self._called(function, argument, stack, where)
        return {name: self.value(item, stack, where) for name, item in value.items()}

    def ref(self, resource: Resource) -> str:
        """What Ref gives for it: its name, ARN or id. Raises AssemblyError for a type that isn't known here."""
        found = _REFS.get(resource.type)
        if found is None:
            raise AssemblyError(f"Ref of {resource.id}, of type {resource.type}, can't be resolved in a rehearsal")
        return found(self, resource)

    def attribute(self, resource: Resource, name: str) -> str:
        """What Fn::GetAtt gives for it. Raises AssemblyError for an attribute that isn't known here."""
        found = _ATTRIBUTES.get((resource.type, name))
        if found is None:
            where = f"{resource.id}, of type {resource.type}"
            raise AssemblyError(f"Fn::GetAtt {name} of {where}, can't be resolved in a rehearsal")
        return found(self, resource)

    def pointed_at(self, value: object, stack: str) -> Resource | None:
        """The resource that a Ref, Fn::GetAtt or Fn::ImportValue names; None for anything else."""
        if not isinstance(value, dict) or len(value) != 1:
            return None
        (function, argument), *_ = value.items()
        match function:
            case "Ref":
                return self._by_stack[stack].get(argument)
            case "Fn::GetAtt":
                return self._by_stack[stack].get(_attribute(argument)[0])
            case "Fn::ImportValue" if isinstance(argument, str) and argument in self._exports:
                home, exported = self._exports[argument]
                return self.pointed_at(exported, home)
        return None

    def named(self, resource: Resource, named_by: str = "", longest: int = 255) -> str:
        """Its physical name: the one that the template gives it, or one in CloudFormation's manner."""
        if named_by in resource.properties:
            return str(self.resolved(resource, named_by))
        suffix = _digest(resource)[:12].upper()
        whole = f"{resource.stack}-{resource.id}-{suffix}"
        if len(whole) <= longest:
            return whole
        return f"{resource.stack[:_LONGEST_PART]}-{resource.id[:_LONGEST_PART]}-{suffix}"

    def _called(self, function: str, argument: Any, stack: str, where: str) -> Any:
        match function:
            case "Ref" if argument in _PSEUDO:
                return _PSEUDO[argument]
            case "Ref" if argument == "AWS::StackName":
                return stack
            case "Ref" if argument in self._by_stack[stack]:
                return self.ref(self._by_stack[stack][argument])
            case "Ref" if "Default" in self._parameters[stack].get(argument, {}):
                return self._parameters[stack][argument]["Default"]
            case "Fn::GetAtt":
                id, name = _attribute(argument)
                if id in self._by_stack[stack]:
                    return self.attribute(self._by_stack[stack][id], name)
            case "Fn::ImportValue":
                export = self.text(argument, stack, where)
                if export in self._exports:
                    home, exported = self._exports[export]
                    return self.value(exported, home, where)
            case "Fn::Join":
                separator, parts = argument
                return separator.join(str(part) for part in self.value(parts, stack, where))
            case "Fn::Split":
                separator, text = argument
                return self.text(text, stack, where).split(separator)
            case "Fn::Select":
                index, items = argument
                return self.value(items, stack, where)[int(index)]
            case "Fn::Sub":
                return self._substituted(argument, stack, where)
        raise AssemblyError(f"{where}: {json.dumps({function: argument})} can't be resolved in a rehearsal")

    def _substituted(self, argument: Any, stack: str, where: str) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in own:
                return self.text(own[name], stack, where)
            function = {"Fn::GetAtt": name} if "." in name else {"Ref": name}
            return self.text(function, stack, where)

        return re.sub(r"\$\{([^}]+)\}", filled, text)


def _attribute(argument: str | Sequence[str]) -> tuple[str, str]:
    id, name = argument.split(".", 1) if isinstance(argument, str) else argument
    return id, name


def _digest(resource: Resource) -> str:
    return hashlib.sha256(f"{resource.stack} {resource.id}".encode()).hexdigest()


def arn(service: str, resource: str) -> str:
    """An ARN of this rehearsal's account and region."""
    return f"arn:{PARTITION}:{service}:{REGION}:{ACCOUNT}:{resource}"


_Resolve = Callable[[Resources, Resource], str]


def _name(named_by: str = "", longest: int = 255) -> _Resolve:
    return lambda them, it: them.named(it, named_by, longest)


def _arn(service: str, kind: str, named_by: str = "", longest: int = 255, *, after: str = "") -> _Resolve:
    return lambda them, it: arn(service, f"{kind}{them.named(it, named_by, longest)}{after}")


def _role_arn(them: Resources, it: Resource) -> str:
    return f"arn:{PARTITION}:iam::{ACCOUNT}:role/{them.named(it, 'RoleName', 64)}"


def _bucket_arn(them: Resources, it: Resource) -> str:
    return f"arn:{PARTITION}:s3:::{them.named(it, 'BucketName', 63).lower()}"


def _key_id(_: Resources, it: Resource) -> str:
    return str(uuid.UUID(_digest(it)[:32]))


def _key_arn(them: Resources, it: Resource) -> str:
    return arn("kms", f"key/{_key_id(them, it)}")


def _secret_arn(them: Resources, it: Resource) -> str:
    # Secrets Manager adds a hyphen and six letters of its own.
    return arn("secretsmanager", f"secret:{them.named(it, 'Name')}-aaaaaa")


def _alias_arn(them: Resources, it: Resource) -> str:
    function = them.resolved(it, "FunctionName")
    return f"{_function_arn_of(function)}:{them.resolved(it, 'Name')}"


def _version_arn(them: Resources, it: Resource) -> str:
    return f"{_function_arn_of(them.resolved(it, 'FunctionName'))}:1"


def _function_arn_of(name: str) -> str:
    return name if name.startswith("arn:") else arn("lambda", f"function:{name}")


def _user_pool_id(_: Resources, it: Resource) -> str:
    return f"{REGION}_{_digest(it)[:9]}"


def _identity_pool_id(_: Resources, it: Resource) -> str:
    return f"{REGION}:{uuid.UUID(_digest(it)[:32])}"


def _bot_id(them: Resources, it: Resource) -> str:
    return stable_id(str(them.resolved(it, "Name")))


def _bot_alias(them: Resources, it: Resource) -> tuple[str, str]:
    bot = them.pointed_at(it.properties["BotId"], it.stack)
    if bot is None:
        raise AssemblyError(f"{it.stack}, {it.id}: BotId names no bot of the templates")
    alias = stable_id(str(them.resolved(bot, "Name")), str(them.resolved(it, "BotAliasName")))
    return _bot_id(them, bot), alias


def _bot_alias_arn(them: Resources, it: Resource) -> str:
    bot, alias = _bot_alias(them, it)
    return arn("lex", f"bot-alias/{bot}/{alias}")


_REFS: Final[Mapping[str, _Resolve]] = {
    "AWS::ApiGatewayV2::Api": lambda _, it: _digest(it)[:10],
    "AWS::ApiGatewayV2::Integration": lambda _, it: _digest(it)[:7],
    "AWS::CloudWatch::Alarm": _name("AlarmName"),
    "AWS::CloudWatch::Dashboard": _name("DashboardName"),
    "AWS::CodeDeploy::Application": _name("ApplicationName", 100),
    "AWS::CodeDeploy::DeploymentGroup": _name("DeploymentGroupName", 100),
    "AWS::Cognito::IdentityPool": _identity_pool_id,
    "AWS::Cognito::UserPool": _user_pool_id,
    "AWS::Cognito::UserPoolClient": lambda _, it: _digest(it)[:26],
    "AWS::Cognito::UserPoolGroup": _name("GroupName", 128),
    "AWS::DynamoDB::Table": _name("TableName"),
    "AWS::Events::Rule": _name("Name", 64),
    "AWS::IAM::Role": _name("RoleName", 64),
    "AWS::KMS::Alias": _name("AliasName"),
    "AWS::KMS::Key": _key_id,
    "AWS::Lambda::Alias": _alias_arn,
    "AWS::Lambda::Function": _name("FunctionName", 64),
    "AWS::Lambda::Version": _version_arn,
    "AWS::Lex::Bot": _bot_id,
    "AWS::Logs::LogGroup": _name("LogGroupName"),
    "AWS::S3::Bucket": lambda them, it: them.named(it, "BucketName", 63).lower(),
    "AWS::SNS::Subscription": lambda them, it: f"{them.resolved(it, 'TopicArn')}:{uuid.UUID(_digest(it)[:32])}",
    "AWS::SNS::Topic": _arn("sns", "", "TopicName"),
    "AWS::SQS::Queue": lambda them, it: (
        f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{them.named(it, 'QueueName', 80)}"
    ),
    "AWS::SecretsManager::Secret": _secret_arn,
    **names.REFS,
}
_ATTRIBUTES: Final[Mapping[tuple[str, str], _Resolve]] = {
    ("AWS::ApiGatewayV2::Api", "ApiEndpoint"): lambda _, it: (
        f"https://{_digest(it)[:10]}.execute-api.{REGION}.amazonaws.com"
    ),
    ("AWS::CloudWatch::Alarm", "Arn"): _arn("cloudwatch", "alarm:", "AlarmName"),
    ("AWS::Cognito::UserPool", "Arn"): lambda them, it: arn("cognito-idp", f"userpool/{_user_pool_id(them, it)}"),
    ("AWS::Cognito::UserPool", "ProviderName"): lambda them, it: (
        f"cognito-idp.{REGION}.amazonaws.com/{_user_pool_id(them, it)}"
    ),
    ("AWS::DynamoDB::Table", "Arn"): _arn("dynamodb", "table/", "TableName"),
    ("AWS::DynamoDB::Table", "StreamArn"): _arn("dynamodb", "table/", "TableName", after=f"/stream/{_STREAM_LABEL}"),
    ("AWS::Events::Rule", "Arn"): _arn("events", "rule/", "Name", 64),
    ("AWS::IAM::Role", "Arn"): _role_arn,
    ("AWS::KMS::Key", "Arn"): _key_arn,
    ("AWS::KMS::Key", "KeyId"): _key_id,
    ("AWS::Lambda::Alias", "AliasArn"): _alias_arn,
    ("AWS::Lambda::Function", "Arn"): _arn("lambda", "function:", "FunctionName", 64),
    ("AWS::Lambda::Version", "FunctionArn"): _version_arn,
    ("AWS::Lambda::Version", "Version"): lambda *_: "1",
    ("AWS::Lex::Bot", "Arn"): lambda them, it: arn("lex", f"bot/{_bot_id(them, it)}"),
    ("AWS::Lex::Bot", "Id"): _bot_id,
    ("AWS::Lex::BotAlias", "Arn"): _bot_alias_arn,
    ("AWS::Lex::BotAlias", "BotAliasId"): lambda them, it: _bot_alias(them, it)[1],
    ("AWS::Lex::BotVersion", "BotVersion"): lambda *_: "1",
    ("AWS::Logs::LogGroup", "Arn"): _arn("logs", "log-group:", "LogGroupName", after=":*"),
    ("AWS::S3::Bucket", "Arn"): _bucket_arn,
    ("AWS::SNS::Topic", "TopicArn"): _arn("sns", "", "TopicName"),
    ("AWS::SNS::Topic", "TopicName"): _name("TopicName"),
    ("AWS::SQS::Queue", "Arn"): _arn("sqs", "", "QueueName", 80),
    ("AWS::SQS::Queue", "QueueName"): _name("QueueName", 80),
    **names.ATTRIBUTES,
}

"""What the templates grant: to the functions' roles, to AWS's services, and at the resources.

A kind of policy that isn't read here is refused by its name, so that none is overlooked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rehearsal.assembly import Assembly
from rehearsal.permissions.calls import KEYS_THAT_CALLS_HAVE
from rehearsal.permissions.patterns import PolicyError
from rehearsal.permissions.policy import Grant, Kind, Policies, read_policy, read_statement
from rehearsal.resources import Resource, Resources

_UNREAD: Final = (
    "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::User", "AWS::IAM::Group",
    "AWS::Logs::ResourcePolicy", "AWS::Lambda::LayerVersionPermission",
    "AWS::Events::EventBusPolicy", "AWS::S3::AccessPoint", "AWS::SQS::QueueInlinePolicy",
    "AWS::SNS::TopicInlinePolicy", "AWS::Lex::ResourcePolicy", "AWS::KMS::ReplicaKey",
)  # fmt: skip
"""Types that carry policies and that nobody needed to be read yet."""
_MAPPINGS: Final = ("functions", "keys", "partitions", "aliases")


@dataclass(frozen=True, slots=True)
class Roles:
    """Who may do what in this rehearsal; can be written as JSON for another process."""

    policies: Policies
    functions: Mapping[str, str]
    """A function's logical id to its role's ARN."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """A table's, secret's or queue's ARN to the ARN of the KMS key that it lies under."""
    partitions: Mapping[str, str] = field(default_factory=dict)
    """A table's name to the name of its partition key."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """A function's logical id to the ARN of the alias that callers use."""

    def renamed(self, arns: Mapping[str, str]) -> Roles:
        """The same with other ARNs for some resources: a stand-in may have given its own."""
        text = self.to_json()
        for there, here in arns.items():
            text = text.replace(json.dumps(there)[1:-1], json.dumps(here)[1:-1])
        return Roles.from_json(text)

    def without(self, grant: Grant) -> Roles:
        """The same but for one grant."""
        return replace(self, policies=self.policies.without(grant))

    def like(self, function: str, another: str, *more: Mapping[str, Any]) -> Roles:
        """With a further function `another`, which may do what `function` may and what `more` statements say."""
        role = f"{self.functions[function]}-{another}"
        copied = [replace(it, holder=role) for it in self.policies.by_holder[self.functions[function]]]
        where = f"the rehearsal's {another}"
        own = [it for statement in more for it in read_statement(Kind.IDENTITY, role, where, statement)]
        grants = (*self.policies.grants, *(it for it in copied if it.kind is Kind.IDENTITY), *own)
        return replace(self, policies=Policies(grants), functions={**self.functions, another: role})

    def with_statement_at(self, resource: str, where: str, statement: Mapping[str, Any]) -> Roles:
        """With a further statement in the policy that stands at a resource."""
        more = read_statement(Kind.RESOURCE, resource, where, statement)
        return replace(self, policies=Policies((*self.policies.grants, *more)))

    def to_json(self) -> str:
        """As a text that `from_json` reads back."""
        grants = [[it.kind.value, it.holder, it.where, it.document] for it in self.policies.grants]
        rest = {name: {**getattr(self, name)} for name in _MAPPINGS}
        return json.dumps({"grants": grants, **rest})

    @classmethod
    def from_json(cls, text: str) -> Roles:
        """What `to_json` wrote."""
        data = json.loads(text)
        grants = [
            grant
            for kind, holder, where, document in data["grants"]
            for grant in read_statement(Kind(kind), holder, where, document)
        ]
        return cls(Policies(tuple(grants)), **{name: data[name] for name in _MAPPINGS})


def read_roles(assembly: Assembly) -> Roles:
    """Everything that the templates grant. Raises PolicyError for what can't be understood."""
    resources = assembly.resources
    unread = sorted({f"{it.id} ({it.type})" for it in resources.all() if it.type in _UNREAD})
    if unread:
        raise PolicyError(f"policies that aren't read here: {', '.join(unread)}; write it in roles.py")
    grants = tuple(_all(resources))
    unknown = sorted({f"{c.key} ({it.where})" for it in grants for c in it.conditions if not _played(c.key)})
    if unknown:
        raise PolicyError(f"condition keys that no call has here: {', '.join(unknown)}; write them in calls.py")
    functions = resources.of_type("AWS::Lambda::Function")
    return Roles(
        policies=Policies(grants),
        functions={it.id: resources.resolved(it, "Role") for it in functions},
        keys=dict(_keys(resources)),
        partitions={t.name: next(name for name, kind in t.keys if kind == "HASH") for t in assembly.tables},
        aliases={
            function.id: resources.ref(alias)
            for alias in resources.of_type("AWS::Lambda::Alias")
            if (function := resources.pointed_at(alias.properties["FunctionName"], alias.stack)) is not None
        },
    )


def _played(key: str) -> bool:
    return any(key == known or (known.endswith("*") and key.startswith(known[:-1])) for known in KEYS_THAT_CALLS_HAVE)


def _all(resources: Resources) -> Iterator[Grant]:
    for it in resources.all():
        where = f"{it.stack}, {it.id}"
        match it.type:
            case "AWS::IAM::Role":
                yield from _of_role(resources, it, where)
            case "AWS::IAM::Policy":
                if set(it.properties) - {"PolicyDocument", "PolicyName", "Roles"}:
                    raise PolicyError(f"{where}: only roles hold policies here")
                for role in it.properties["Roles"]:
                    holder = resources.pointed_at(role, it.stack) or _named(resources, role)
                    if holder is None:
                        raise PolicyError(f"{where}: its role is none of the templates")
                    arn = resources.attribute(holder, "Arn")
                    yield from read_policy(Kind.IDENTITY, arn, where, resources.resolved(it, "PolicyDocument"))
            case "AWS::Lambda::Permission":
                yield from _permission(resources, it, where)
            case _ if it.type in _POLICIES_AT:
                attribute, name = _POLICIES_AT[it.type]
                if name in it.properties:
                    arn = resources.ref(it) if attribute == "Ref" else resources.attribute(it, attribute)
                    yield from _at(arn, where, _document(resources.resolved(it, name)))
            case _ if it.type in _POLICIES_FOR:
                named, name = _POLICIES_FOR[it.type]
                for target in _listed(it.properties[named]):
                    yield from _at(_arn(resources, target, it, where), where, resources.resolved(it, name))


_POLICIES_AT: Final = {
    "AWS::KMS::Key": ("Arn", "KeyPolicy"),
    "AWS::DynamoDB::Table": ("Arn", "ResourcePolicy"),
}
"""Types with a policy of their own: what gives their ARN, and the policy's property."""
_POLICIES_FOR: Final = {
    "AWS::S3::BucketPolicy": ("Bucket", "PolicyDocument"),
    "AWS::SNS::TopicPolicy": ("Topics", "PolicyDocument"),
    "AWS::SQS::QueuePolicy": ("Queues", "PolicyDocument"),
    "AWS::SecretsManager::ResourcePolicy": ("SecretId", "ResourcePolicy"),
}
"""Types that are a policy for others: the property that names those, and the policy's."""

_SSE: Final = ("BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault")
_UNDER_KEYS: Final[Mapping[str, tuple[str, tuple[str | int, ...]]]] = {
    "AWS::S3::Bucket": ("Arn", (*_SSE, "KMSMasterKeyID")),
    "AWS::DynamoDB::Table": ("Arn", ("SSESpecification", "KMSMasterKeyId")),
    "AWS::SNS::Topic": ("Ref", ("KmsMasterKeyId",)),
    "AWS::SQS::Queue": ("Arn", ("KmsMasterKeyId",)),
    "AWS::SecretsManager::Secret": ("Ref", ("KmsKeyId",)),
}
"""Types that lie under a KMS key: what gives their ARN, and where they name the key."""


_NOT_BY_REF: Final = ("AWS::S3::Bucket", "AWS::SQS::Queue")
"""Types whose Ref is no ARN."""


def _named(resources: Resources, name: Any) -> Resource | None:
    """The role that bears a name of our choice."""
    every = resources.of_type("AWS::IAM::Role")
    return next((it for it in every if isinstance(name, str) and it.properties.get("RoleName") == name), None)


def _document(value: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = value.get("PolicyDocument", value)
    return found


def _at(arn: str, where: str, document: Mapping[str, Any]) -> Iterator[Grant]:
    yield from read_policy(Kind.RESOURCE, arn, where, document)


def _of_role(resources: Resources, it: Resource, where: str) -> Iterator[Grant]:
    arn = resources.attribute(it, "Arn")
    yield from _at(arn, f"{where} trust", resources.resolved(it, "AssumeRolePolicyDocument"))
    for policy in it.properties.get("Policies", ()):
        document = resources.value(policy["PolicyDocument"], it.stack, where)
        yield from read_policy(Kind.IDENTITY, arn, f"{where} {policy['PolicyName']}", document)
    if managed := it.properties.get("ManagedPolicyArns"):
        # AWS may widen its policies any day: what a role may do is to be written out in its stack.
        raise PolicyError(f"{where}: policies that AWS manages aren't known here: {json.dumps(managed)}")
    if "PermissionsBoundary" in it.properties:
        raise PolicyError(f"{where}: a permissions boundary isn't played here")


def _permission(resources: Resources, it: Resource, where: str) -> Iterator[Grant]:
    """As Lambda writes it into the function's policy (Lambda developer guide, resource-based policies)."""
    known = {"Action", "FunctionName", "Principal", "SourceArn", "SourceAccount", "EventSourceToken"}
    if unknown := set(it.properties) - known:
        raise PolicyError(f"{where}: {', '.join(sorted(unknown))} isn't known here: write it in roles.py")
    function = resources.resolved(it, "FunctionName")
    equals = {
        key: resources.resolved(it, name)
        for key, name in (("aws:SourceAccount", "SourceAccount"), ("lambda:EventSourceToken", "EventSourceToken"))
        if name in it.properties
    }
    condition: dict[str, Any] = {"StringEquals": equals} if equals else {}
    if "SourceArn" in it.properties:
        condition["ArnLike"] = {"aws:SourceArn": resources.resolved(it, "SourceArn")}
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": resources.resolved(it, "Principal")},
        "Action": it.properties["Action"],
        "Resource": function,
    }
    yield from read_statement(
        Kind.RESOURCE, function, where, {**statement, "Condition": condition} if condition else statement
    )


def _arn(resources: Resources, target: Any, it: Resource, where: str) -> str:
    """The ARN of a resource that a policy is for, whichever way it names it."""
    found = resources.pointed_at(target, it.stack)
    if found is None:
        text = resources.text(target, it.stack, where)
        if text.startswith("arn:"):
            return text
        raise PolicyError(f"{where}: {text} names no resource of the templates")
    return resources.attribute(found, "Arn") if found.type in _NOT_BY_REF else resources.ref(found)


def _keys(resources: Resources) -> Iterator[tuple[str, str]]:
    """Every table, secret, queue and topic under a key of the templates, with the key's ARN."""
    for it in resources.of_type(*_UNDER_KEYS):
        attribute, path = _UNDER_KEYS[it.type]
        value: Any = it.properties
        for name in path:
            value = value.get(name, {}) if isinstance(name, str) else value[name] if value else {}
        key = resources.pointed_at(value, it.stack)
        if key is not None:
            arn = resources.ref(it) if attribute == "Ref" else resources.attribute(it, attribute)
            yield arn, resources.attribute(key, "Arn")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

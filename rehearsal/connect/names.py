"""ARNs of Connect's resources, in the manner of `rehearsal.resources`, whose tables take these two in.

Ref of a Connect resource is its ARN (CloudFormation template reference, "Return values" of each type).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rehearsal.resources import Resource, Resources

_Resolve = Callable[["Resources", "Resource"], str]
_INSTANCE: Final = "arn:aws:connect:us-east-1:123456789012:instance/"


def _id(it: Resource) -> str:
    return str(uuid.UUID(hashlib.sha256(f"{it.stack} {it.id}".encode()).hexdigest()[:32]))


def _instance(them: Resources, it: Resource) -> str:
    """The instance to which a resource belongs: its own property, whichever name it has there."""
    for name in ("InstanceArn", "InstanceId", "TargetArn"):
        if name in it.properties:
            value = str(them.resolved(it, name))
            return value if value.startswith("arn:") else f"{_INSTANCE}{value}"
    return f"{_INSTANCE}{_id(it)}"


def _below(kind: str) -> _Resolve:
    return lambda them, it: f"{_instance(them, it)}/{kind}/{_id(it)}"


_CONTACT_FLOW: Final = _below("contact-flow")
_KINDS: Final[Mapping[str, tuple[str, _Resolve]]] = {
    "AWS::Connect::ContactFlow": ("ContactFlowArn", _CONTACT_FLOW),
    "AWS::Connect::ContactFlowModule": ("ContactFlowModuleArn", _below("flow-module")),
    "AWS::Connect::HoursOfOperation": ("HoursOfOperationArn", _below("operating-hours")),
    "AWS::Connect::Queue": ("QueueArn", _below("queue")),
    "AWS::Connect::RoutingProfile": ("RoutingProfileArn", _below("routing-profile")),
    "AWS::Connect::SecurityProfile": ("SecurityProfileArn", _below("security-profile")),
    "AWS::Connect::User": ("UserArn", _below("agent")),
    "AWS::Connect::View": ("ViewArn", _below("view")),
    "AWS::Connect::Prompt": ("PromptArn", _below("prompt")),
    "AWS::Connect::QuickConnect": ("QuickConnectArn", _below("transfer-destination")),
    "AWS::Connect::Rule": ("RuleArn", _below("rule")),
    "AWS::Connect::TaskTemplate": ("Arn", _below("task-template")),
}
REFS: Final[Mapping[str, _Resolve]] = {
    "AWS::Connect::Instance": lambda _, it: f"{_INSTANCE}{_id(it)}",
    "AWS::Connect::PhoneNumber": lambda _, it: f"arn:aws:connect:us-east-1:123456789012:phone-number/{_id(it)}",
    "AWS::Connect::SecurityKey": lambda _, it: _id(it),
    "AWS::Connect::IntegrationAssociation": lambda _, it: _id(it),
    "AWS::Connect::InstanceStorageConfig": lambda _, it: _id(it),
    **{kind: resolve for kind, (_, resolve) in _KINDS.items()},
}
"""What Ref gives, by resource type."""
ATTRIBUTES: Final[Mapping[tuple[str, str], _Resolve]] = {
    ("AWS::Connect::Instance", "Arn"): REFS["AWS::Connect::Instance"],
    ("AWS::Connect::Instance", "Id"): lambda _, it: _id(it),
    ("AWS::Connect::PhoneNumber", "PhoneNumberArn"): REFS["AWS::Connect::PhoneNumber"],
    ("AWS::Connect::PhoneNumber", "Address"): lambda *_: "+15555550100",
    ("AWS::Connect::SecurityKey", "AssociationId"): lambda _, it: _id(it),
    **{(kind, attribute): resolve for kind, (attribute, resolve) in _KINDS.items()},
}
"""What Fn::GetAtt gives, by resource type and attribute."""

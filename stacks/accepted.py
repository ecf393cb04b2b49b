"""Findings of cdk-nag's AwsSolutions that are right in general and accepted here, each with its reason, in place."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept the `rule` ("SMG4", or for one of its findings "IAM5[Resource::*]") for the construct and all within."""
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason))

"""The one way in which this system makes a DynamoDB table."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk.aws_dynamodb import (
    Attribute,
    AttributeType,
    BillingMode,
    PointInTimeRecoverySpecification,
    StreamViewType,
    Table,
    TableEncryption,
)
from aws_cdk.aws_iam import AnyPrincipal, Effect, PolicyDocument, PolicyStatement
from aws_cdk.aws_kms import IKey
from constructs import Construct

from deployment import Environment
from stacks.keeping import removal


def table(
    scope: Construct,
    id: str,
    *,
    environment: Environment,
    key: IKey,
    partition: str,
    sort: str | None = None,
    expires: str | None = None,
    stream: bool = False,
    more: Sequence[PolicyStatement] = (),
) -> Table:
    """A table under our key that neither a mistake nor a stack's deletion can take away, unless that is asked for.

    Its own policy demands TLS, and whatever `more` says.
    """
    kept = removal(environment)
    policy = over_tls_only("dynamodb:*")
    policy.add_statements(*more)
    return Table(
        scope,
        id,
        partition_key=Attribute(name=partition, type=AttributeType.STRING),
        sort_key=Attribute(name=sort, type=AttributeType.STRING) if sort else None,
        billing_mode=BillingMode.PAY_PER_REQUEST,
        encryption=TableEncryption.CUSTOMER_MANAGED,
        encryption_key=key,
        point_in_time_recovery_specification=PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True,
            recovery_period_in_days=environment.kept.backup_days,
        ),
        resource_policy=policy,
        time_to_live_attribute=expires,
        stream=StreamViewType.NEW_AND_OLD_IMAGES if stream else None,
        deletion_protection=kept is RemovalPolicy.RETAIN,
        removal_policy=kept,
    )


def over_tls_only(actions: str) -> PolicyDocument:
    """Nobody may do anything here without TLS: DynamoDB's endpoints answer without it as well.

    The policy stands at the one resource, which its `*` therefore means.
    """
    return PolicyDocument(
        statements=[
            PolicyStatement(
                effect=Effect.DENY,
                principals=[AnyPrincipal()],
                actions=[actions],
                resources=["*"],
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            )
        ]
    )

"""The customer managed keys: one for each domain of data, so that whoever may read one may not read the others.

Who administers a key: this account's own identities, as far as their policies allow `kms:` actions, by the
statement that CDK puts into each key's policy (AWS KMS developer guide, "Default key policy"). Without it, nobody
could change the key any more. None of our roles has such an action: they only use keys, through a service that
keeps something for them, and each service is named in the role's own policy. The relay alone encrypts by itself: the
tokens of chats, each bound to its relay by the encryption context, without which it may do nothing with the key.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import IKey, Key
from constructs import Construct

from deployment import Environment
from stacks.keeping import removal


def domain_key(scope: Construct, id: str, *, environment: Environment, name: str, keeps: str) -> Key:
    """A key that AWS rotates each year, under the alias `<prefix>-<name>`, or `<prefix>` alone for no name."""
    return Key(
        scope,
        id,
        alias=f"alias/{environment.prefix}{f'-{name}' if name else ''}",
        description=f"{environment.prefix}: {keeps}",
        enable_key_rotation=True,
        removal_policy=removal(environment),
    )


def through(key: IKey, actions: Sequence[str], services: Sequence[str]) -> PolicyStatement:
    """Leave to do with a key what the actions say, on behalf of these services alone, such as `dynamodb`."""
    via = [f"{service}.{Aws.REGION}.amazonaws.com" for service in services]
    return PolicyStatement(
        actions=list(actions),
        resources=[key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": via if len(via) > 1 else via[0]}},
    )


def by_name(scope: Construct, id: str, key: IKey) -> IKey:
    """The same key by its ARN: to what is given it so, CDK grants nothing that the account's own statement says."""
    return Key.from_key_arn(scope, id, key.key_arn)


def logs_may_encrypt(environment: Environment) -> PolicyStatement:
    """CloudWatch Logs may use the key for this environment's log groups: their names begin with its stacks'."""
    groups = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:{environment.prefix}-*"
    return PolicyStatement(
        principals=[ServicePrincipal(f"logs.{Aws.REGION}.amazonaws.com")],
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )


def alarms_may_encrypt(environment: Environment) -> PolicyStatement:
    """CloudWatch may use the key to ring this environment's encrypted topic, for its alarms alone."""
    alarms = f"arn:{Aws.PARTITION}:cloudwatch:{Aws.REGION}:{Aws.ACCOUNT_ID}:alarm:{environment.prefix}-*"
    return PolicyStatement(
        principals=[ServicePrincipal("cloudwatch.amazonaws.com")],
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": alarms}},
    )

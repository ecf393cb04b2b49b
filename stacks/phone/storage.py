"""What is recorded of contacts: one bucket under a key of its own, emptied as the setting says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aws_cdk import Aws, Duration
from aws_cdk.aws_connect import CfnInstanceStorageConfig
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, LifecycleRule, ObjectOwnership
from constructs import Construct

from deployment import Environment
from stacks.accepted import accept
from stacks.keeping import removal
from stacks.keys import by_name, domain_key

KEPT: Final = {
    "CALL_RECORDINGS": "recordings",
    "CHAT_TRANSCRIPTS": "transcripts",
    "SCHEDULED_REPORTS": "reports",
    "CONTACT_EVALUATIONS": "evaluations",
}
"""What Amazon Connect stores, to the beginning of its objects' names. Not attachments: the flows refuse them."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Where recordings lie."""

    key: Key
    bucket: Bucket | None
    """None where an instance that was there already keeps its own."""


def vault(scope: Construct, environment: Environment) -> Vault:
    """The key, and the bucket if the instance is ours.

    Amazon Connect uses the key by grants that it makes for its service-linked role as the storage is associated,
    with the leave of whoever associates it (Amazon Connect administrator guide, "Key management"): so the key's
    policy names no principal for it.
    """
    key = domain_key(
        scope, "Key", environment=environment, name="phone", keeps="recordings, transcripts and logs of the telephone"
    )
    key.add_to_resource_policy(_flow_logs_may_encrypt(environment))
    return Vault(key, None if environment.phone.instance_arn else _bucket(scope, environment, key))


def store(scope: Construct, instance: str, kept: Vault) -> None:
    """Have an instance of our own, by its ARN, keep all that it stores there."""
    if kept.bucket is None:
        return
    for resource, prefix in KEPT.items():
        CfnInstanceStorageConfig(
            scope,
            f"Stores{prefix.title()}",
            instance_arn=instance,
            resource_type=resource,
            storage_type="S3",
            s3_config=CfnInstanceStorageConfig.S3ConfigProperty(
                bucket_name=kept.bucket.bucket_name,
                bucket_prefix=prefix,
                encryption_config=CfnInstanceStorageConfig.EncryptionConfigProperty(
                    encryption_type="KMS", key_id=kept.key.key_arn
                ),
            ),
        )


def _bucket(scope: Construct, environment: Environment, key: Key) -> Bucket:
    bucket = Bucket(
        scope,
        "Recordings",
        encryption=BucketEncryption.KMS,
        encryption_key=by_name(scope, "KeyOfRecordings", key),
        bucket_key_enabled=True,
        block_public_access=BlockPublicAccess.BLOCK_ALL,
        object_ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        # What is to be gone after so many days, or was erased, must have no former version left.
        versioned=False,
        lifecycle_rules=[
            LifecycleRule(
                expiration=Duration.days(environment.phone.recordings_days),
                abort_incomplete_multipart_upload_after=Duration.days(1),
            )
        ],
        removal_policy=removal(environment),
    )
    accept(bucket, "S1", "who listens does it in Amazon Connect, whose own trail says so; nobody reads the bucket")
    return bucket


def _flow_logs_may_encrypt(environment: Environment) -> PolicyStatement:
    """CloudWatch Logs may use the key for the flows' log, whose name Amazon Connect makes of the instance's."""
    name = environment.phone.instance_alias or f"{environment.prefix}-*"
    group = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:/aws/connect/{name}"
    return PolicyStatement(
        principals=[ServicePrincipal(f"logs.{Aws.REGION}.amazonaws.com")],
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": group}},
    )

"""The bucket of what customers asked to be given of their data: encrypted, closed, and empty again after a week."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk.aws_kms import IKey
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, LifecycleRule, ObjectOwnership
from constructs import Construct

from deployment import Environment
from stacks.accepted import accept
from stacks.keeping import removal

EXPORTS = "exports/"
"""What every export's name begins with."""
DAYS = 7
"""How long an export can be fetched."""


def exports_bucket(scope: Construct, id: str, *, environment: Environment, key: IKey) -> Bucket:
    """A bucket without versions, so that what expires or is erased is gone."""
    bucket = Bucket(
        scope,
        id,
        encryption=BucketEncryption.KMS,
        encryption_key=key,
        # S3 then asks KMS once in a while instead of once an object.
        bucket_key_enabled=True,
        block_public_access=BlockPublicAccess.BLOCK_ALL,
        object_ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        versioned=False,
        lifecycle_rules=[
            LifecycleRule(expiration=Duration.days(DAYS), abort_incomplete_multipart_upload_after=Duration.days(1))
        ],
        removal_policy=removal(environment),
    )
    accept(
        bucket,
        "S1",
        "who asked for an export stands in the audit trail; an access log would keep customers' addresses for longer",
    )
    return bucket

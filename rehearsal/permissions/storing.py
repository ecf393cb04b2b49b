"""What AWS itself writes as an instance of Amazon Connect gets its storage: no template has it, and it counts.

Associating a bucket gives the instance's service-linked role leave to write there, and a grant on the key; whoever
deploys makes that grant, in their own name, so that the key's policy must let the account decide. A grant is read here
as a policy of the role's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rehearsal.permissions.policy import Call, Grant, Kind, read_statement
from rehearsal.permissions.rule import Rule
from rehearsal.resources import ACCOUNT, PARTITION, REGION, Resources

_ROLES: Final = f"arn:{PARTITION}:iam::{ACCOUNT}:role"
SERVICE_LINKED: Final = f"{_ROLES}/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect_rehearsed"
"""As whom Amazon Connect works in the account; its name's end is drawn by AWS."""
DEPLOYER: Final = f"{_ROLES}/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"
"""As whom CloudFormation works: the role of CDK's bootstrap, which may do anything unless that was narrowed."""
_GUIDE: Final = "https://docs.aws.amazon.com/connect/latest/adminguide/"


def written_by_aws(them: Resources) -> Iterator[Grant]:
    """What these may do once the storage is associated: no more of it than is looked at here."""
    for bucket, prefix, key in _stores(them):
        stored = f"AWS, as {prefix} are stored"
        for who, action, resource in (
            (SERVICE_LINKED, "s3:PutObject", f"{bucket}/{prefix}/*"),
            *(((SERVICE_LINKED, "kms:GenerateDataKey", key), (DEPLOYER, "kms:CreateGrant", key)) if key else ()),
        ):
            statement = {"Effect": "Allow", "Action": action, "Resource": resource}
            yield from read_statement(Kind.IDENTITY, who, stored, statement)


def _stores(them: Resources) -> Iterator[tuple[str, str, str]]:
    """Each storage that an instance is given: ARN of its bucket, the beginning of objects' names, the key's ARN.

    The key is told with the first of each bucket alone, since all of a bucket are under one grant.
    """
    told = set()
    for config in them.of_type("AWS::Connect::InstanceStorageConfig"):
        given = them.resolved(config, "S3Config")
        bucket = f"arn:{PARTITION}:s3:::{given['BucketName']}"
        key = str(given["EncryptionConfig"]["KeyId"])
        yield bucket, str(given["BucketPrefix"]), "" if (bucket, key) in told else key
        told.add((bucket, key))


def _stored(them: Resources) -> Iterator[Call]:
    about = {"aws:ResourceAccount": ACCOUNT, "aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "false"}
    for bucket, prefix, _ in _stores(them):
        yield Call.of(SERVICE_LINKED, "s3:PutObject", f"{bucket}/{prefix}/one", about)


def _granted(them: Resources) -> Iterator[Call]:
    for _, _, key in _stores(them):
        if key:
            yield Call.of(DEPLOYER, "kms:CreateGrant", key, {"aws:SecureTransport": "true"})


STORING: Final = (
    Rule(
        "Amazon Connect stores recordings, transcripts, reports and evaluations under the key",
        _stored,
        f"{_GUIDE}connect-slr.html",
    ),
    Rule(
        "whoever deploys lets Amazon Connect use the key of its storage, by a grant",
        _granted,
        f"{_GUIDE}encryption-at-rest.html",
    ),
)
"""The table's lines about it."""

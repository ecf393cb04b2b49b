"""The calls to AWS that the doctor makes: every one is here, and every one only reads.

Operations, their pages and their names are those of botocore's service models; an action's prefix is the name
under which its service signs (`signingName` in the same models), which is also IAM's.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """An operation of a service."""

    service: str
    """botocore's name of it."""
    operation: str
    signs_as: str
    """IAM's prefix."""
    items: str = ""
    """The list in an answer, for operations that answer in pages."""
    token_in: str = "NextToken"  # noqa: S105 -- a page's, not a secret
    token_out: str = "NextToken"  # noqa: S105

    @property
    def action(self) -> str:
        """What IAM calls it."""
        return f"{self.signs_as}:{self.operation}"


IDENTITY = Call("sts", "GetCallerIdentity", "sts")
PARAMETER = Call("ssm", "GetParameter", "ssm")
PARAMETERS = Call("ssm", "GetParameters", "ssm")
QUOTA = Call("service-quotas", "GetServiceQuota", "servicequotas")
DEFAULT_QUOTA = Call("service-quotas", "GetAWSDefaultServiceQuota", "servicequotas")
LAMBDA_SETTINGS = Call("lambda", "GetAccountSettings", "lambda")
LAMBDA_RESERVED = Call("lambda", "GetFunctionConcurrency", "lambda")
BOTS = Call("lexv2-models", "ListBots", "lex", "botSummaries", "nextToken", "nextToken")
BOT_VERSIONS = Call("lexv2-models", "ListBotVersions", "lex", "botVersionSummaries", "nextToken", "nextToken")
TABLES = Call("dynamodb", "ListTables", "dynamodb", "TableNames", "ExclusiveStartTableName", "LastEvaluatedTableName")
KEYS = Call("kms", "ListKeys", "kms", "Keys", "Marker", "NextMarker")
STACKS = Call("cloudformation", "ListStacks", "cloudformation", "StackSummaries")
STACK_RESOURCES = Call("cloudformation", "ListStackResources", "cloudformation", "StackResourceSummaries")
SECRET = Call("secretsmanager", "DescribeSecret", "secretsmanager")
MAIL = Call("sesv2", "GetAccount", "ses")
SMS_ACCOUNT = Call("pinpoint-sms-voice-v2", "DescribeAccountAttributes", "sms-voice", "AccountAttributes")
SMS_NUMBERS = Call("pinpoint-sms-voice-v2", "DescribePhoneNumbers", "sms-voice", "PhoneNumbers")
CONNECT = Call("connect", "ListInstances", "connect", "InstanceSummaryList")

CALLS = (
    IDENTITY,
    PARAMETER,
    PARAMETERS,
    QUOTA,
    DEFAULT_QUOTA,
    LAMBDA_SETTINGS,
    LAMBDA_RESERVED,
    BOTS,
    BOT_VERSIONS,
    TABLES,
    KEYS,
    STACKS,
    STACK_RESOURCES,
    SECRET,
    MAIL,
    SMS_ACCOUNT,
    SMS_NUMBERS,
    CONNECT,
)
"""All of them: what the policy grants, and nothing else."""

LIVING = (
    "CREATE_COMPLETE",
    "CREATE_FAILED",
    "CREATE_IN_PROGRESS",
    "DELETE_FAILED",
    "DELETE_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "IMPORT_IN_PROGRESS",
    "IMPORT_ROLLBACK_COMPLETE",
    "IMPORT_ROLLBACK_FAILED",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "REVIEW_IN_PROGRESS",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
)
"""Every state of a stack but DELETE_COMPLETE, which CloudFormation goes on listing for 90 days."""

"""What follows from conversations: transcripts, facts, erasures and exports, written behind every turn.

And the rotation of the keys that addresses are found by.
"""

from __future__ import annotations

from aws_cdk import Aws, CfnOutput
from aws_cdk.aws_iam import Policy, PolicyStatement
from aws_cdk.aws_lambda import CfnPermission
from aws_cdk.aws_secretsmanager import CfnRotationSchedule
from constructs import Construct

from deployment import Environment
from settings import RecordsSettings, RotateKeysSettings
from stacks.customers import Customers
from stacks.function import Function
from stacks.keys import through
from stacks.part import Part
from stacks.people import People
from stacks.trails import Trails

FOLLOWED = ("conversation", "hold")
"""Sort keys of the items whose changes mean something to the follower."""
HOURS = 23
"""The oldest change that is still tried: a stream keeps 24 hours."""
TRIES = 8
"""Each goes on where the one before it got to."""


class Records(Part):
    """The follower of the customers' table, and the rotation of its keys."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: Environment,
        trails: Trails,
        customers: Customers,
        people: People | None,
    ) -> None:
        """Make both functions. `people`: None where nobody signs in."""
        super().__init__(scope, id, environment=environment)
        self.records = self._follower(environment, trails, customers, people)
        """Follows the customers' table, and replays erasures onto one that was restored."""
        self.rotate_keys = self._rotation(environment, trails, customers)
        """Adds a root to the customers' keys, in the four steps of Secrets Manager."""
        # Of its own, and not of the role's: what a function needs to be made can't name the function.
        itself = PolicyStatement(actions=["lambda:InvokeFunction"], resources=[self.records.live.function_arn])
        Policy(self, "GoesOn", statements=[itself], roles=[self.records.role])
        self.offer(*self.records.watched, *self.rotate_keys.watched, self.records.live.function_arn)

    def _follower(
        self, environment: Environment, trails: Trails, customers: Customers, people: People | None
    ) -> Function:
        function = Function(
            self,
            "Records",
            environment=environment,
            module="records",
            does="Writes transcripts and facts, erases and exports what customers ask for",
            settings=RecordsSettings(
                table=customers.serving.table_name,
                erasures=customers.erasures.table_name,
                audit=trails.audit.table_name,
                exports=customers.exports.bucket_name,
                user_pool=people.customers.ref if people is not None else "",
                service=environment.prefix,
            ),
            key=trails.key,
            timeout_seconds=300,
            asynchronous=True,
        )
        function.follow(customers.stream, sort_keys=FOLLOWED, hours=HOURS, tries=TRIES)
        table = ("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
        erasures = ("GetItem", "UpdateItem", "Scan")
        function.grant(
            PolicyStatement(actions=_dynamodb(*table), resources=[customers.serving.table_arn]),
            PolicyStatement(actions=_dynamodb(*erasures), resources=[customers.erasures.table_arn]),
            PolicyStatement(actions=_dynamodb("PutItem"), resources=[trails.audit.table_arn]),
            through(customers.key, ["kms:Decrypt"], ["dynamodb"]),
            through(customers.key, ["kms:GenerateDataKey"], ["s3"]),
            through(trails.audit_key, ["kms:Decrypt"], ["dynamodb"]),
        )
        if people is not None:
            # An erasure deletes the account, too.
            function.grant(PolicyStatement(actions=["cognito-idp:AdminDeleteUser"], resources=[people.customers_arn]))
        customers.open_exports(function, "s3:DeleteObject", "s3:PutObject")
        return function

    def _rotation(self, environment: Environment, trails: Trails, customers: Customers) -> Function:
        secret = customers.keys.secret_arn
        function = Function(
            self,
            "RotateKeys",
            environment=environment,
            module="rotate_keys",
            does="Adds a root to the keys that addresses are hashed with",
            settings=RotateKeysSettings(keys=secret),
            key=trails.key,
            timeout_seconds=30,
        )
        actions = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
        function.grant(
            PolicyStatement(actions=[f"secretsmanager:{it}" for it in actions], resources=[secret]),
            through(customers.key, ["kms:Decrypt", "kms:GenerateDataKey"], ["secretsmanager"]),
        )
        permission = CfnPermission(
            self,
            "SecretCalls",
            action="lambda:InvokeFunction",
            function_name=function.live.function_arn,
            principal="secretsmanager.amazonaws.com",
            source_account=Aws.ACCOUNT_ID,
            source_arn=secret,
        )
        if days := environment.kept.rotate_keys_days:
            schedule = CfnRotationSchedule(
                self,
                "Rotation",
                secret_id=secret,
                rotation_lambda_arn=function.live.function_arn,
                rotation_rules={"automaticallyAfterDays": days},
                rotate_immediately_on_update=False,
            )
            schedule.add_dependency(permission)
        CfnOutput(self, "RotateKeysFunction", value=function.live.function_arn)
        return function


def _dynamodb(*operations: str) -> list[str]:
    return [f"dynamodb:{operation}" for operation in operations]

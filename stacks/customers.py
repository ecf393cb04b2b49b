"""What is remembered: their table, the key it lies under, and the secret that addresses are hashed with."""

from __future__ import annotations

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk.aws_dynamodb import (
    Attribute,
    AttributeType,
    BillingMode,
    PointInTimeRecoverySpecification,
    StreamViewType,
    Table,
    TableEncryption,
)
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import Key
from aws_cdk.aws_secretsmanager import Secret, SecretStringGenerator
from constructs import Construct

from stacks.function import Function
from throughline.customers.table import LEDGER_PARTITION_KEY, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE

TURN_ACTIONS = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem")
"""What a turn does to a table (a transaction of puts is permitted as puts); it never searches one."""


class Customers(Stack):
    """The customers' table and, for the reference bank, its ledger."""

    def __init__(self, scope: Construct, id: str, *, ledger: bool) -> None:
        """Make them; without `ledger` the bank has none, because another business runs."""
        super().__init__(scope, id, stack_name=f"throughline-{id.lower()}")
        self.key = Key(
            self,
            "Key",
            description="Everything that is kept about customers",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.key.add_to_resource_policy(_logs_may_encrypt())
        self.table = self._table("Table", partition=PARTITION_KEY, sort=SORT_KEY, expires=TTL_ATTRIBUTE, stream=True)
        self.ledger = self._table("Ledger", partition=LEDGER_PARTITION_KEY) if ledger else None
        self.keys = Secret(
            self,
            "Keys",
            description="The root of the keys that addresses are hashed and pointers are signed with",
            encryption_key=self.key,
            generate_secret_string=SecretStringGenerator(
                secret_string_template='{"current":"1"}',  # noqa: S106 -- AWS adds the secret itself
                generate_string_key="1",
                password_length=64,
                exclude_punctuation=True,
            ),
            removal_policy=RemovalPolicy.RETAIN,
        )

    @property
    def ledger_name(self) -> str:
        """The ledger table's name; empty without one."""
        return self.ledger.table_name if self.ledger else ""

    def serve_turns(self, function: Function) -> None:
        """Let a function read and write conversations, and read the keys."""
        tables = [self.table, *([self.ledger] if self.ledger else [])]
        through = [f"{service}.{Aws.REGION}.amazonaws.com" for service in ("dynamodb", "secretsmanager")]
        statements = (
            PolicyStatement(actions=list(TURN_ACTIONS), resources=[table.table_arn for table in tables]),
            PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.keys.secret_arn]),
            PolicyStatement(
                actions=["kms:Decrypt", "kms:DescribeKey"],
                resources=[self.key.key_arn],
                conditions={"StringEquals": {"kms:ViaService": through}},
            ),
        )
        for statement in statements:
            function.role.add_to_policy(statement)

    def _table(
        self,
        id: str,
        *,
        partition: str,
        sort: str | None = None,
        expires: str | None = None,
        stream: bool = False,
    ) -> Table:
        """A table that neither a mistake nor a stack's deletion can take away."""
        return Table(
            self,
            id,
            partition_key=Attribute(name=partition, type=AttributeType.STRING),
            sort_key=Attribute(name=sort, type=AttributeType.STRING) if sort else None,
            billing_mode=BillingMode.PAY_PER_REQUEST,
            encryption=TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self.key,
            point_in_time_recovery_specification=PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True),
            time_to_live_attribute=expires,
            stream=StreamViewType.NEW_AND_OLD_IMAGES if stream else None,
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )


def _logs_may_encrypt() -> PolicyStatement:
    """CloudWatch Logs may use the key for this system's log groups: their names begin with its stacks'."""
    groups = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:throughline-*"
    return PolicyStatement(
        principals=[ServicePrincipal(f"logs.{Aws.REGION}.amazonaws.com")],
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )

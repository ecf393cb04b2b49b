"""What is remembered: their table, the key it lies under, and the secret that addresses are hashed with."""

from __future__ import annotations

from aws_cdk import Aws, RemovalPolicy
from aws_cdk.aws_dynamodb import (
    Attribute,
    AttributeType,
    BillingMode,
    ITable,
    PointInTimeRecoverySpecification,
    StreamViewType,
    Table,
    TableEncryption,
)
from aws_cdk.aws_iam import AnyPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import Key
from aws_cdk.aws_secretsmanager import CfnResourcePolicy, Secret, SecretStringGenerator
from constructs import Construct

from deployment import Environment
from stacks.accepted import accept
from stacks.function import Function
from stacks.keeping import removal
from stacks.part import Part
from throughline.customers.table import LEDGER_PARTITION_KEY, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE

TURN_ACTIONS = ("dynamodb:GetItem", "dynamodb:PutItem")
"""What a turn does to a table (a transaction of puts is permitted as puts); it never searches one."""


class Customers(Part):
    """The customers' table and, for the reference bank, its ledger."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment) -> None:
        """Make them; where another business than the reference bank runs, there is no ledger."""
        super().__init__(scope, id, environment=environment)
        kept = removal(environment)
        self.termination_protection = kept is RemovalPolicy.RETAIN
        self.key = Key(
            self,
            "Key",
            alias=f"alias/{environment.prefix}",
            description=f"Everything that {environment.prefix} keeps about customers",
            enable_key_rotation=True,
            removal_policy=kept,
        )
        for statement in (_logs_may_encrypt(environment), _alarms_may_encrypt(environment)):
            self.key.add_to_resource_policy(statement)
        self.table = self._table("Table", partition=PARTITION_KEY, sort=SORT_KEY, expires=TTL_ATTRIBUTE, stream=True)
        restored = environment.kept.restored_table
        self.serving: ITable = Table.from_table_name(self, "Restored", restored) if restored else self.table
        """The table that functions use: the stack's own, unless one restored from a backup takes its place."""
        self.ledger = self._table("Ledger", partition=LEDGER_PARTITION_KEY) if environment.reference_bank else None
        self.keys = Secret(
            self,
            "Keys",
            description="The root of the keys that addresses are hashed and pointers are signed with",
            # By its ARN: CDK would write into the key's policy what the account's own statement there says already.
            encryption_key=Key.from_key_arn(self, "KeyOfKeys", self.key.key_arn),
            generate_secret_string=SecretStringGenerator(
                secret_string_template='{"current":"1"}',  # noqa: S106 -- AWS adds the secret itself
                generate_string_key="1",
                password_length=64,
                exclude_punctuation=True,
            ),
            removal_policy=kept,
        )
        CfnResourcePolicy(
            self,
            "KeysOverTlsOnly",
            secret_id=self.keys.secret_arn,
            resource_policy=_over_tls_only("secretsmanager:*").to_json(),
        )
        accept(
            self.keys,
            "SMG4",
            "addresses are found by these keys: an operator adds a new root beside the old one, never a timer",
        )

    @property
    def ledger_name(self) -> str:
        """The ledger table's name; empty without one."""
        return self.ledger.table_name if self.ledger else ""

    def serve_turns(self, function: Function) -> None:
        """Let a function read and write conversations, and read the keys."""
        tables = [self.serving, *([self.ledger] if self.ledger else [])]
        through = [f"{service}.{Aws.REGION}.amazonaws.com" for service in ("dynamodb", "secretsmanager")]
        statements = (
            PolicyStatement(actions=list(TURN_ACTIONS), resources=[table.table_arn for table in tables]),
            # Only addresses are ever looked for under more than one hash: after a root was added to the secret.
            PolicyStatement(actions=["dynamodb:BatchGetItem"], resources=[self.serving.table_arn]),
            PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.keys.secret_arn]),
            PolicyStatement(
                actions=["kms:Decrypt"],
                resources=[self.key.key_arn],
                conditions={"StringEquals": {"kms:ViaService": through}},
            ),
        )
        function.grant(*statements)

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
        kept = removal(self.environment_settings)
        return Table(
            self,
            id,
            partition_key=Attribute(name=partition, type=AttributeType.STRING),
            sort_key=Attribute(name=sort, type=AttributeType.STRING) if sort else None,
            billing_mode=BillingMode.PAY_PER_REQUEST,
            encryption=TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self.key,
            point_in_time_recovery_specification=PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True,
                recovery_period_in_days=self.environment_settings.kept.backup_days,
            ),
            resource_policy=_over_tls_only("dynamodb:*"),
            time_to_live_attribute=expires,
            stream=StreamViewType.NEW_AND_OLD_IMAGES if stream else None,
            deletion_protection=kept is RemovalPolicy.RETAIN,
            removal_policy=kept,
        )


def _over_tls_only(actions: str) -> PolicyDocument:
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


def _logs_may_encrypt(environment: Environment) -> PolicyStatement:
    """CloudWatch Logs may use the key for this environment's log groups: their names begin with its stacks'."""
    groups = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:{environment.prefix}-*"
    return PolicyStatement(
        principals=[ServicePrincipal(f"logs.{Aws.REGION}.amazonaws.com")],
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )


def _alarms_may_encrypt(environment: Environment) -> PolicyStatement:
    """CloudWatch may use the key to ring this environment's encrypted topic, for its alarms alone."""
    alarms = f"arn:{Aws.PARTITION}:cloudwatch:{Aws.REGION}:{Aws.ACCOUNT_ID}:alarm:{environment.prefix}-*"
    return PolicyStatement(
        principals=[ServicePrincipal("cloudwatch.amazonaws.com")],
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": alarms}},
    )

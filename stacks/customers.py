"""What is remembered: their table, the key it lies under, and the secret that addresses are hashed with."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk.aws_dynamodb import ITable, Table
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import Key
from aws_cdk.aws_secretsmanager import CfnResourcePolicy, Secret, SecretStringGenerator
from constructs import Construct

from deployment import Environment
from stacks.accepted import accept
from stacks.function import Function
from stacks.keeping import removal
from stacks.part import Part
from stacks.table import over_tls_only, table
from throughline.customers.table import PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE

TURN_ACTIONS = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem")
"""What a turn does to the table (a transaction of puts is permitted as puts); it never searches it.

It reads several items at once only after a root was added to the secret: an address is then looked for under two.
"""


class Customers(Part):
    """The customers' table, the key and the secret."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment) -> None:
        """Make them."""
        super().__init__(scope, id, environment=environment)
        kept = removal(environment)
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
        self.table = table(
            self, "Table", environment=environment, key=self.key,
            partition=PARTITION_KEY, sort=SORT_KEY, expires=TTL_ATTRIBUTE, stream=True,
        )  # fmt: skip
        self.offer(self.table.table_name, self.table.table_arn)
        restored = environment.kept.restored_table
        self.serving: ITable = Table.from_table_name(self, "Restored", restored) if restored else self.table
        """The table that functions use: the stack's own, unless one restored from a backup takes its place."""
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
            resource_policy=over_tls_only("secretsmanager:*").to_json(),
        )
        accept(
            self.keys,
            "SMG4",
            "addresses are found by these keys: an operator adds a new root beside the old one, never a timer",
        )

    def serve_turns(self, function: Function) -> None:
        """Let a function read and write conversations, and read the keys."""
        through = [f"{service}.{Aws.REGION}.amazonaws.com" for service in ("dynamodb", "secretsmanager")]
        statements = (
            PolicyStatement(actions=list(TURN_ACTIONS), resources=[self.serving.table_arn]),
            PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.keys.secret_arn]),
            PolicyStatement(
                actions=["kms:Decrypt"],
                resources=[self.key.key_arn],
                conditions={"StringEquals": {"kms:ViaService": through}},
            ),
        )
        function.grant(*statements)


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

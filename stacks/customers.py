"""What is remembered of customers: their table, what was erased, what they asked to be given, and the keys."""

from __future__ import annotations

from aws_cdk.aws_dynamodb import ITable, Table
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_secretsmanager import CfnResourcePolicy, Secret, SecretStringGenerator
from constructs import Construct

from deployment import Environment
from stacks.accepted import accept
from stacks.exports import EXPORTS, exports_bucket
from stacks.function import Function
from stacks.keeping import removal
from stacks.keys import by_name, domain_key, through
from stacks.part import Part
from stacks.table import over_tls_only, table
from throughline.customers.dynamo_codes import ALLOWANCE_PREFIX, CHALLENGE_PREFIX
from throughline.customers.table import (
    ADDRESS_PREFIX,
    CUSTOMER_PREFIX,
    OPEN_CONFLICTS,
    PARTITION_KEY,
    SORT_KEY,
    TTL_ATTRIBUTE,
)

READS = ("dynamodb:BatchGetItem", "dynamodb:GetItem")
"""What a turn asks of the table; it never searches it.

It reads several items at once only after a root was added to the secret: an address is then looked for under two.
"""
ADDRESSES = f"{ADDRESS_PREFIX}*"
"""Partitions of addresses, which lead to whom they belong to. Only the follower of the stream removes one."""
CONVERSATIONS = f"{CUSTOMER_PREFIX}*"
"""Partitions of customers. What came through a link stands in another, which only the follower of the stream writes,
and the relay, which puts there what waits for a page: nobody else who talks to customers, and no person, can change a
transcript, and none but the follower can remove one."""
CHALLENGES = f"{CHALLENGE_PREFIX}*"
"""Partitions of codes that were sent."""
ALLOWANCES = f"{ALLOWANCE_PREFIX}*"
"""Partitions of how often something was done."""


class Customers(Part):
    """The customers' table and what belongs to it, all under one key."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment) -> None:
        """Make them."""
        super().__init__(scope, id, environment=environment)
        self.key = domain_key(self, "Key", environment=environment, name="", keeps="everything about customers")
        self.table = table(
            self, "Table", environment=environment, key=self.key,
            partition=PARTITION_KEY, sort=SORT_KEY, expires=TTL_ATTRIBUTE, stream=True,
        )  # fmt: skip
        restored = environment.kept.restored_table
        self.serving: ITable = Table.from_table_name(self, "Restored", restored) if restored else self.table
        """The table that functions use: the stack's own, unless one restored from a backup takes its place."""
        self.stream = environment.kept.restored_stream or str(self.table.table_stream_arn)
        """ARN of that table's stream."""
        self.erasures = table(
            self, "Erasures", environment=environment, key=self.key, partition=PARTITION_KEY, expires=TTL_ATTRIBUTE
        )
        """Who was erased, for longer than any backup lives: a restored table is told again by these."""
        self.exports = exports_bucket(
            self, "Exports", environment=environment, key=by_name(self, "KeyOfExports", self.key)
        )
        self.keys = self._secret(environment)
        self.offer(
            self.key.key_arn, self.table.table_name, self.table.table_arn, str(self.table.table_stream_arn),
            self.erasures.table_name, self.erasures.table_arn, self.exports.bucket_name, self.exports.bucket_arn,
        )  # fmt: skip

    def serve_turns(self, function: Function, *, codes: bool) -> None:
        """Let a function read and write conversations, link addresses, count acts, read the keys.

        With `codes` customers can prove there who they are: it keeps codes and hands out exports, too.
        """
        proofs, conflicts = ((CHALLENGES,), (OPEN_CONFLICTS,)) if codes else ((), ())
        function.grant(
            PolicyStatement(actions=list(READS), resources=[self.serving.table_arn]),
            self.writing("PutItem", CONVERSATIONS, *proofs, *conflicts),
            self.writing("UpdateItem", ADDRESSES, *proofs, ALLOWANCES),
        )
        if codes:
            self.hand_out(function)
        else:
            self.open_keys(function, "dynamodb", "secretsmanager")

    def hand_out(self, function: Function) -> None:
        """Let a function read the keys and sign addresses of exports, and what these and tables need of the key."""
        self.open_keys(function, "dynamodb", "secretsmanager", "s3")
        self.open_exports(function, "s3:GetObject")

    def open_keys(self, function: Function, *services: str) -> None:
        """Let a function read the keys of addresses, and what lies under the customers' key in these services."""
        function.grant(
            PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.keys.secret_arn]),
            through(self.key, ["kms:Decrypt"], services),
        )

    def open_exports(self, function: Function, *actions: str) -> None:
        """Let a function do something with any export, whose names are made up as they are asked for."""
        arn = f"{self.exports.bucket_arn}/{EXPORTS}*"
        function.grant(PolicyStatement(actions=list(actions), resources=[arn]))
        exported = self.resolve(self.export_value(self.exports.bucket_arn))["Fn::ImportValue"]
        accept(function.role, f"IAM5[Resource::{exported}/{EXPORTS}*]", "no export's name can be guessed")

    def writing(self, operation: str, *partitions: str) -> PolicyStatement:
        """Leave to write in some partitions of the table alone, by one operation such as `PutItem`.

        A transaction is permitted as its parts (DynamoDB developer guide, "Using IAM with DynamoDB transactions").
        """
        return PolicyStatement(
            actions=[f"dynamodb:{operation}"],
            resources=[self.serving.table_arn],
            conditions={
                "ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(partitions)},
                # Without it, a request that told no partition would meet the line above.
                "Null": {"dynamodb:LeadingKeys": "false"},
            },
        )

    def _secret(self, environment: Environment) -> Secret:
        secret = Secret(
            self,
            "Keys",
            description="The root of the keys that addresses are hashed and pointers are signed with",
            encryption_key=by_name(self, "KeyOfKeys", self.key),
            generate_secret_string=SecretStringGenerator(
                secret_string_template='{"current":"1"}',  # noqa: S106 -- AWS adds the secret itself
                generate_string_key="1",
                password_length=64,
                exclude_punctuation=True,
            ),
            removal_policy=removal(environment),
        )
        CfnResourcePolicy(
            self,
            "KeysOverTlsOnly",
            secret_id=secret.secret_arn,
            resource_policy=over_tls_only("secretsmanager:*").to_json(),
        )
        accept(
            secret,
            "SMG4",
            "what lay under a dropped root is lost, so an operator calls for a rotation, or rotate_keys_days does: "
            "the schedule stands beside its function, in another stack",
        )
        return secret

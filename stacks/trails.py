"""What the system writes about itself: the key of its logs, alarms and queues, and the audit trail with its own."""

from __future__ import annotations

from aws_cdk.aws_iam import AnyPrincipal, Effect, PolicyStatement
from constructs import Construct

from deployment import Environment
from stacks.keys import alarms_may_encrypt, domain_key, logs_may_encrypt
from stacks.part import Part
from stacks.table import table
from throughline.customers.table import PARTITION_KEY, SORT_KEY

REWRITING = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLUpdate",
    "dynamodb:UpdateItem",
)
"""What nobody may do to the audit trail.

A put is left, which could also replace an entry: no policy can tell the two apart. Those who may put do it on the
condition that nothing is there.
"""


class Trails(Part):
    """The records' key, the audit's key, and the audit trail."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment) -> None:
        """Make them; no other stack is needed for it."""
        super().__init__(scope, id, environment=environment)
        self.key = domain_key(
            self, "Key", environment=environment, name="records", keeps="logs, alarms and undelivered events"
        )
        """For what is written about customers without saying who they are."""
        for statement in (logs_may_encrypt(environment), alarms_may_encrypt(environment)):
            self.key.add_to_resource_policy(statement)
        self.audit_key = domain_key(
            self, "AuditKey", environment=environment, name="audit", keeps="who looked at whose data, and why"
        )
        """For the audit trail alone."""
        self.audit = table(
            self, "Audit", environment=environment, key=self.audit_key, partition=PARTITION_KEY, sort=SORT_KEY,
            more=[_nothing_is_rewritten()],
        )  # fmt: skip
        """Every access of a person to personal data; entries are added and never changed, and none expires."""
        self.offer(self.key.key_arn, self.audit_key.key_arn, self.audit.table_name, self.audit.table_arn)


def _nothing_is_rewritten() -> PolicyStatement:
    """At the table, so that it holds for whoever is let do it elsewhere, an administrator included."""
    return PolicyStatement(
        sid="NothingIsRewritten",
        effect=Effect.DENY,
        principals=[AnyPrincipal()],
        actions=list(REWRITING),
        resources=["*"],
    )

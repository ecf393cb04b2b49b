"""The reference bank's back end: a small table of accounts and bookings."""

from __future__ import annotations

from aws_cdk.aws_iam import PolicyStatement
from constructs import Construct

from deployment import Environment
from stacks.customers import Customers
from stacks.function import Function
from stacks.part import Part
from stacks.table import table
from throughline.customers.table import LEDGER_PARTITION_KEY


class Bank(Part):
    """The ledger, in a stack of its own: another business leaves it out, and no other stack changes but by that."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment, customers: Customers) -> None:
        """Make it, under the customers' key: its entries are the same people's, and the same functions read them."""
        super().__init__(scope, id, environment=environment)
        self.ledger = table(self, "Ledger", environment=environment, key=customers.key, partition=LEDGER_PARTITION_KEY)

    def serve(self, function: Function) -> None:
        """Let a function keep its books there; the customers' key it may use already."""
        books = PolicyStatement(actions=["dynamodb:GetItem", "dynamodb:PutItem"], resources=[self.ledger.table_arn])
        function.grant(books)

"""A stack of one environment."""

from __future__ import annotations

from aws_cdk import Environment as Target
from aws_cdk import Stack
from constructs import Construct

from deployment import Environment


class Part(Stack):
    """A stack whose names begin with its environment's, so that several environments fit into one account."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment) -> None:
        """Make the stack `<prefix>-<id>`, for the environment's account and region if it names them."""
        super().__init__(
            scope,
            id,
            stack_name=f"{environment.prefix}-{id.lower()}",
            env=Target(account=environment.account, region=environment.region),
            tags=dict(environment.tags),
        )

    def offer(self, *values: str) -> None:
        """Export values that other stacks may import, whether or not one does now.

        An export that is in use can't go, and CloudFormation updates the exporting stack first: a setting that
        makes another stack import less would fail here before it got there.
        """
        for value in values:
            self.export_value(value)

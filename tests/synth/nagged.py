"""`python -m tests.synth.nagged`: synthesise under cdk-nag's AwsSolutions; CDK itself fails on a finding.

With `--accepting-nothing`, what the stacks accept is printed ("accepted: ID at PATH") and held against them.
"""

from __future__ import annotations

import sys
from typing import Any

import stacks  # noqa: F401 - it chooses the Node that CDK starts, so it comes before what starts one

from aws_cdk import App, Validations  # isort: skip
from cdk_nag import AwsSolutionsChecks  # isort: skip

import app
from stacks import accepted


def watch(composed: App) -> None:
    """Let the rules judge every resource."""
    Validations.of(composed).add_plugins(AwsSolutionsChecks(composed))


class Unaccepting:
    """In place of CDK's validations: takes note of what is accepted, and accepts nothing."""

    def __init__(self, construct: Any) -> None:
        self._path = construct.node.path

    @classmethod
    def of(cls, construct: Any) -> Unaccepting:
        """As CDK's."""
        return cls(construct)

    def acknowledge(self, acknowledgment: Any) -> None:
        """As CDK's."""
        print(f"accepted: {acknowledgment.id} at {self._path}")


if __name__ == "__main__":
    if "--accepting-nothing" in sys.argv:
        vars(accepted)["Validations"] = Unaccepting
    app.main(watching=watch)

"""cdk-nag's AwsSolutions over an app: CDK's synthesis fails on a finding, and reports it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stacks  # noqa: F401 - it chooses the Node that CDK starts, so it comes before what starts one

from aws_cdk import App, Validations  # isort: skip
from cdk_nag import AwsSolutionsChecks  # isort: skip

from stacks import accepted


def watch(composed: App) -> None:
    """Let the rules judge every resource."""
    Validations.of(composed).add_plugins(AwsSolutionsChecks(composed))


class _Noting:
    """In place of CDK's validations: takes note of what is accepted, and accepts nothing."""

    noted: list[tuple[str, str]]

    def __init__(self, construct: Any) -> None:
        self._path = construct.node.path

    @classmethod
    def of(cls, construct: Any) -> _Noting:
        """As CDK's."""
        return cls(construct)

    def acknowledge(self, acknowledgment: Any) -> None:
        """As CDK's."""
        self.noted.append((acknowledgment.id, self._path))


@contextmanager
def accepting_nothing() -> Iterator[list[tuple[str, str]]]:
    """While it lasts, what the stacks accept is only noted: the rule and the path of the construct."""
    noted: list[tuple[str, str]] = []
    _Noting.noted = noted
    kept, vars(accepted)["Validations"] = Validations, _Noting
    try:
        yield noted
    finally:
        vars(accepted)["Validations"] = kept

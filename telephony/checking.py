"""Every check of a flow, before it deploys. Connect itself checks less, and only when the stack is created."""

from __future__ import annotations

from collections.abc import Iterable

from telephony.checks.consent import consent
from telephony.checks.customers import customers
from telephony.checks.paths import paths, ways
from telephony.checks.secrets import secrets
from telephony.checks.shape import shape
from telephony.findings import CHECKS, Finding, FlowsRefused
from telephony.flow import Flow

__all__ = ["CHECKS", "Finding", "FlowsRefused", "check", "require"]


def check(flow: Flow) -> tuple[Finding, ...]:
    """Everything that is wrong with the flow, sorted by check and action; empty if nothing is."""
    graph = ways(flow)
    found = (*shape(flow), *paths(graph), *secrets(graph), *consent(graph), *customers(graph))
    return tuple(sorted(set(found)))


def require(flows: Iterable[Flow]) -> None:
    """Raises FlowsRefused, with every finding of every flow, if there is one."""
    found = [(flow.name, finding) for flow in flows for finding in check(flow)]
    if found:
        raise FlowsRefused(found)

"""What each grant is for: the calls that would be denied without it. One that has none is unused."""

from __future__ import annotations

from collections.abc import Iterable

from rehearsal.permissions.policy import Call, Grant, Kind, Policies, stands_at


def needing(grant: Grant, policies: Policies, calls: Iterable[Call]) -> list[Call]:
    """The calls that are allowed, and would not be without that grant."""
    rest = policies.without(grant)
    return [
        call
        for call in calls
        if grant.holder == (call.who if grant.kind is Kind.IDENTITY else stands_at(call.resource))
        and grant.covers(call)
        and policies.decide(call).allowed
        and not rest.decide(call).allowed
    ]


def unused(policies: Policies, calls: Iterable[Call]) -> list[Grant]:
    """The grants that could go and nothing would be denied. Denials are no grants."""
    distinct = tuple(dict.fromkeys(calls))
    return [grant for grant in policies.grants if not grant.deny and not needing(grant, policies, distinct)]


def denied(policies: Policies, calls: Iterable[Call]) -> list[tuple[Call, str]]:
    """The calls that aren't allowed, each with why."""
    verdicts = [(call, policies.decide(call)) for call in dict.fromkeys(calls)]
    return [(call, verdict.because) for call, verdict in verdicts if not verdict.allowed]

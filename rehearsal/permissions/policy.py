"""A small, strict IAM: whether a call is allowed by what is granted to its caller and at its resource.

Our own, because it stands in front of AWS's stand-ins in every rehearsal, which must need nothing but Python.
The npm package @cloud-copilot/iam-simulate (AGPL-3.0-or-later) does much more; it is a development tool here
that cross-checks this module in the tests, and no part of what runs or ships.

Known: identity and resource policies within one account, explicit denials, Not-elements, the conditions of
`conditions`. An element that isn't known is an error with its name. Not played: boundaries, session policies,
organisations' policies, other accounts. Semantics: IAM user guide, "Policy evaluation logic"; for KMS, "Key
policies in AWS KMS": an identity policy counts only if the key's policy lets the account itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from rehearsal.permissions.conditions import Condition, read_conditions
from rehearsal.permissions.patterns import PolicyError, Value, like, resource_like

COGNITO: Final = "cognito-identity.amazonaws.com"
"""The one identity provider that a role may trust here."""
_ELEMENTS: Final = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition",
}  # fmt: skip


class Kind(StrEnum):
    """Where a grant stands."""

    IDENTITY = "identity-based"
    RESOURCE = "resource-based"


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that one caller asks of one resource."""

    who: str
    """A role's ARN, or a principal like `lexv2.amazonaws.com`, or COGNITO for whoever has an identity pool's token."""
    action: str
    """As in `dynamodb:GetItem`."""
    resource: str
    """Its ARN; `*` for an action that knows none."""
    context: tuple[tuple[str, Value], ...] = ()
    """Condition keys in lower case with their values, sorted."""

    @classmethod
    def of(cls, who: str, action: str, resource: str, context: Mapping[str, Value]) -> Call:
        """A call with that context."""
        return cls(who, action, resource, tuple(sorted((key.lower(), value) for key, value in context.items())))


@dataclass(frozen=True, slots=True)
class Grant:
    """The smallest part of a policy: one action on one resource, granted to one principal, or denied."""

    kind: Kind
    """Whether it is the holder's, or stands at it."""
    holder: str
    """ARN of the role that has it, or of the resource that it stands at."""
    where: str
    """Its place in the templates, for people."""
    document: Mapping[str, Any]
    """The statement as IAM writes it, with at most one of each."""
    deny: bool
    """Whether it denies."""
    conditions: tuple[Condition, ...]
    """All must hold."""

    def __str__(self) -> str:
        what = [self.document.get(name) for name in ("Principal", "Action", "NotAction", "Resource", "NotResource")]
        return f"{self.where}: {' on '.join(str(one) for one in what if one is not None)}"

    def covers(self, call: Call) -> bool:
        """Whether it speaks of the call, its principal aside. Raises PolicyError."""
        context = dict(call.context)
        return (
            self._has("Action", lambda pattern: like(pattern.lower(), call.action.lower(), {}))
            and self._has("Resource", lambda pattern: resource_like(pattern, call.resource, context))
            and all(condition.holds(context) for condition in self.conditions)
        )

    def _has(self, element: str, matches: Any) -> bool:
        if element in self.document:
            return bool(matches(self.document[element]))
        return not any(matches(pattern) for pattern in _list(self.document[f"Not{element}"]))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a call."""

    allowed: bool
    because: str = ""
    """Why not, in the words with which AWS ends its message."""


@dataclass(frozen=True)
class Policies:
    """All that is granted, and the decision about a call."""

    grants: tuple[Grant, ...]
    by_holder: Mapping[str, tuple[Grant, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        held: dict[str, list[Grant]] = {}
        for grant in self.grants:
            held.setdefault(grant.holder, []).append(grant)
        object.__setattr__(self, "by_holder", {holder: tuple(grants) for holder, grants in held.items()})
        object.__setattr__(self, "decide", lru_cache(8192)(self.decide))

    def without(self, grant: Grant) -> Policies:
        """The same but for that one grant."""
        return Policies(tuple(one for one in self.grants if one is not grant))

    def decide(self, call: Call) -> Verdict:
        """Whether the call is allowed. Raises PolicyError where a policy can't be understood."""
        own = [it for it in self.by_holder.get(call.who, ()) if it.kind is Kind.IDENTITY and it.covers(call)]
        at = self.by_holder.get(stands_at(call.resource), ())
        there = [it for it in at if it.kind is Kind.RESOURCE and it.covers(call)]
        service = not call.who.startswith("arn:")
        direct = [it for it in there if _names(it.document["Principal"], call.who)]
        account = [] if service else [it for it in there if _is_account(it.document["Principal"])]
        for denial in (it for it in (*own, *direct, *account) if it.deny):
            return Verdict(False, f"with an explicit deny in {_article(denial.kind)} policy")
        if direct:
            return Verdict(True)
        if service or (_resource_decides(call) and not account):
            return Verdict(False, f"because no resource-based policy allows the {call.action} action")
        if own:
            return Verdict(True)
        return Verdict(False, f"because no identity-based policy allows the {call.action} action")


def read_policy(kind: Kind, holder: str, where: str, document: Mapping[str, Any]) -> Iterator[Grant]:
    """The grants of a policy document whose intrinsic functions are resolved.

    Raises PolicyError for what isn't known here.
    """
    if document.get("Version") != "2012-10-17" or set(document) - {"Version", "Statement", "Id"}:
        raise PolicyError(f"{where}: only a policy of version 2012-10-17 with Statement and Id is known here")
    for number, statement in enumerate(_list(document["Statement"]), start=1):
        yield from read_statement(kind, holder, f"{where}, statement {number}", statement)


def read_statement(kind: Kind, holder: str, where: str, statement: Mapping[str, Any]) -> Iterator[Grant]:
    """A statement's grants, one for each action, resource and principal. Raises PolicyError."""
    unknown = set(statement) - _ELEMENTS
    if unknown:
        raise PolicyError(f"{where}: {', '.join(sorted(unknown))} isn't known here: write it in policy.py")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(f"{where}: Effect is Allow or Deny")
    if ("Principal" in statement) != (kind is Kind.RESOURCE):
        raise PolicyError(f"{where}: a resource's policy names principals, an identity's none")
    conditions = read_conditions(statement.get("Condition", {}), where)
    principals = [None] if kind is Kind.IDENTITY else [*_principals(statement["Principal"], where)]
    # Where a policy stands at the one resource that it may speak of, a role's trust leaves the resource out.
    whole = {"Resource": "*", **statement} if kind is Kind.RESOURCE and "NotResource" not in statement else statement
    parts = itertools.product(principals, _element(whole, "Action", where), _element(whole, "Resource", where))
    for principal, action, resource in parts:
        document: dict[str, Any] = {"Effect": statement["Effect"], **action, **resource}
        if principal is not None:
            document["Principal"] = principal
        if statement.get("Condition"):
            document["Condition"] = statement["Condition"]
        yield Grant(kind, holder, where, document, statement["Effect"] == "Deny", conditions)


def _element(statement: Mapping[str, Any], name: str, where: str) -> Iterable[Mapping[str, Any]]:
    """What the statement's Action or Resource says, one by one; a Not-element only says something as a whole."""
    negated = f"Not{name}"
    if (name in statement) == (negated in statement):
        raise PolicyError(f"{where}: a statement has either {name} or {negated}")
    if negated in statement:
        return [{negated: statement[negated]}]
    return [{name: one} for one in _list(statement[name])]


def _principals(principal: Any, where: str) -> Iterator[Any]:
    if principal == "*":
        yield {"AWS": "*"}
        return
    for kind, names in principal.items():
        if kind not in ("AWS", "Service", "Federated"):
            raise PolicyError(f"{where}: a principal of the kind {kind} isn't known here")
        for name in _list(names):
            if kind == "Federated" and name != COGNITO:
                raise PolicyError(f"{where}: the identity provider {name} isn't known here")
            if kind == "AWS" and name != "*" and not name.startswith("arn:"):
                raise PolicyError(f"{where}: the principal {name} is no ARN")
            yield {kind: name}


def _names(principal: Mapping[str, str], who: str) -> bool:
    """Whether a grant's principal is the caller itself, not merely the account."""
    name = principal.get("AWS") or principal.get("Service") or principal.get("Federated")
    return name == who or name == "*"


def stands_at(resource: str) -> str:
    """Where the policy stands that speaks of a resource: an object's at its bucket, an index' at its table."""
    if resource.startswith("arn:aws:s3:::"):
        return resource.partition("/")[0]
    return resource.partition("/index/")[0]


def _is_account(principal: Mapping[str, str]) -> bool:
    return principal.get("AWS", "").endswith(":root")


def _resource_decides(call: Call) -> bool:
    """Whether the resource's policy must let the account before an identity's policy counts."""
    return call.action.startswith("kms:")


def _article(kind: Kind) -> str:
    return f"{'an' if kind is Kind.IDENTITY else 'a'} {kind.value}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

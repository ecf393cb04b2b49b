"""Who is at the desk: taken from what IAM authenticated, and from nothing that a caller can write.

The event is an HTTP API's with IAM authorization (payload format 2.0). Its `requestContext.authorizer.iam` is set by
API Gateway alone (Amazon API Gateway developer guide, "Control access to HTTP APIs with IAM authorization"):

- `userArn`, of an assumed role: arn:aws:sts::<account>:assumed-role/<role>/<session>. The role is the team's.
- `cognitoIdentity.amr`, for credentials of an identity pool: ends in ":CognitoSignIn:<sub>". All such sessions bear
  one name, so there the person is the `sub`; otherwise the role session's name, which IAM Identity Center or the
  role's trust policy set.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from throughline.desk.matrix import Team

SHARED_SESSION: Final = "CognitoIdentityCredentials"
"""The session name of everybody who comes by an identity pool."""
_ARN: Final = re.compile(
    r"arn:aws[a-z-]*:sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[\w+=,.@-]{1,64})/(?P<session>[\w+=,.@-]{2,64})"
)
"""Characters and lengths of role and session names: IAM API reference, "AssumeRole"."""
_SIGN_IN: Final = re.compile(r"[A-Za-z0-9.:/_-]+:CognitoSignIn:(?P<sub>[0-9A-Za-z-]{8,64})")


class NotStaff(PermissionError):
    """Nobody whom the desk knows: 403."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the staff."""

    id: str
    """Who: the pool's `sub`, or the name of the role session."""
    team: Team


def person_in(event: Mapping[str, Any], *, prefix: str, account: str) -> Person:
    """Who sent the event. Raises NotStaff, saying nothing of what was sent."""
    try:
        iam = event["requestContext"]["authorizer"]["iam"]
        arn, identity = iam["userArn"], iam.get("cognitoIdentity")
    except (KeyError, TypeError, AttributeError):
        raise NotStaff("no IAM identity: sign the request") from None
    found = _ARN.fullmatch(arn) if isinstance(arn, str) else None
    if found is None or found["account"] != account or iam.get("accountId") not in (None, account):
        raise NotStaff("not an assumed role of this account")
    team = _team(found["role"], prefix)
    if found["session"] != SHARED_SESSION:
        return Person(found["session"], team)
    amr = identity.get("amr") if isinstance(identity, Mapping) else None
    subs = {sub["sub"] for part in amr or () if isinstance(part, str) and (sub := _SIGN_IN.fullmatch(part))}
    if len(subs) != 1:
        raise NotStaff("the audit couldn't name the person")
    return Person(subs.pop(), team)


def _team(role: str, prefix: str) -> Team:
    for team in Team:
        if team is not Team.CUSTOMER and role == f"{prefix}-{team.value}":
            return team
    raise NotStaff("the role is no team's")

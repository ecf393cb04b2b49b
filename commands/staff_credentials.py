"""The AWS credentials of a team's role, for a member of the staff who has signed in.

The identity pool gives the role of the member's group (Amazon Cognito developer guide, "Using role-based access
control", tokens to assign roles). The ID token's `cognito:roles` has the role of each group; the groups' precedence
is the same, so whoever is in several has no `cognito:preferred_role`, and gets none but the one that is asked for as
`CustomRoleArn`, which must be among them.
"""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from commands.managed_login import NotSignedIn

_PUT_IN: Final = "an operator puts you into one by `aws cognito-idp admin-add-user-to-group`"
_WHY_NOT: Final[Mapping[str, str]] = {
    "NotAuthorizedException": "The identity pool doesn't take this sign-in: it has expired, or your team has changed "
    "since. Sign in again.",
    "ResourceNotFoundException": "There is no such identity pool: compare --identities with the stack's output "
    "StaffIdentities.",
    "InvalidIdentityPoolConfigurationException": "Your team's role can't be taken on by the identity pool: an operator "
    "should deploy the stack People again.",
    "TooManyRequestsException": "Too many sign in just now: try again in a moment.",
}
"""Errors of Cognito's to what to do."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Where the staff of an environment signs in; none of it is secret."""

    pool: str
    """Of users: <region>_<letters>."""
    client: str
    identities: str
    """The identity pool: <region>:<uuid>."""
    domain: str
    """Of the sign-in pages, with https://."""

    @property
    def region(self) -> str:
        """Of both pools."""
        return self.pool.partition("_")[0]

    @property
    def provider(self) -> str:
        """As the identity pool names the user pool."""
        return f"cognito-idp.{self.region}.amazonaws.com/{self.pool}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of a team's role, for an hour."""

    team: str
    key_id: str
    secret: str = field(repr=False)
    session: str = field(repr=False)
    until: datetime
    """With a zone."""

    @property
    def expiration(self) -> str:
        """ISO 8601 in UTC, with the Z that some SDKs insist on."""
        return f"{self.until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def for_a_process(self) -> str:
        """As a profile's `credential_process` prints them (AWS SDKs and Tools reference guide)."""
        said = {
            "Version": 1,
            "AccessKeyId": self.key_id,
            "SecretAccessKey": self.secret,
            "SessionToken": self.session,
            "Expiration": self.expiration,
        }
        return json.dumps(said, indent=2)

    def for_a_shell(self) -> str:
        """As lines for `eval` in a POSIX shell."""
        said = {
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_SESSION_TOKEN": self.session,
            "AWS_CREDENTIAL_EXPIRATION": self.expiration,
        }
        return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in said.items())


def take_on(staff: Staff, token: str, team: str | None = None) -> Credentials:
    """Credentials of the `team`, or of the only one that the member is in whose ID token it is. Raises NotSignedIn."""
    import botocore.session
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    roles = roles_in(token)
    chosen = choose(sorted(roles), team)
    # No profile is read: the one in AWS_PROFILE may be the very one that these credentials are for.
    session = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    config = Config(signature_version=UNSIGNED, connect_timeout=10, read_timeout=20)
    logins = {staff.provider: token}
    asked = {"CustomRoleArn": roles[chosen]} if team else {}
    try:
        client: Any = session.create_client("cognito-identity", region_name=staff.region, config=config)
        identity = client.get_id(IdentityPoolId=staff.identities, Logins=logins)["IdentityId"]
        given = client.get_credentials_for_identity(IdentityId=identity, Logins=logins, **asked)["Credentials"]
    except ClientError as refused:
        # Only the error's name: its message is Cognito's, and may repeat what was sent.
        code = str(refused.response.get("Error", {}).get("Code", ""))
        raise NotSignedIn(_WHY_NOT.get(code) or f"The identity pool refused it ({code}): sign in again.") from None
    except BotoCoreError as problem:
        raise NotSignedIn(f"The identity pool can't be asked ({type(problem).__name__}): try again.") from None
    return Credentials(chosen, given["AccessKeyId"], given["SecretKey"], given["SessionToken"], given["Expiration"])


def roles_in(token: str) -> Mapping[str, str]:
    """Team to the role's ARN, of the member whose ID token it is. Raises NotSignedIn.

    The token came from the pool itself, over TLS, so its signature tells nothing new (OpenID Connect Core 1.0,
    3.1.3.7, 6); and it's the identity pool that judges it.
    """
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        groups, roles = claims.get("cognito:groups", []), claims.get("cognito:roles", [])
        # A team's role is named after it, and no team's name has a hyphen.
        by_name = {str(role).rpartition("-")[2]: str(role) for role in roles}
        return {group: by_name[group] for group in groups if group in by_name}
    except (IndexError, ValueError, AttributeError, TypeError):
        raise NotSignedIn("What the pool gave is no ID token: check --client and --domain.") from None


def choose(teams: Sequence[str], team: str | None) -> str:
    """The team to act in: the one asked for, or the only one. Raises NotSignedIn, naming those that there are."""
    if not teams:
        raise NotSignedIn(f"You are in no team yet: {_PUT_IN}. Then sign in again.")
    if team is None and len(teams) > 1:
        raise NotSignedIn(f"You are in several teams: say which one you act in, by --team {' or --team '.join(teams)}.")
    if team is not None and team not in teams:
        raise NotSignedIn(f"You are in {' and '.join(teams)}, not in {team}: choose one of yours, or {_PUT_IN}.")
    return team or teams[0]

"""Sign-ins by an Amazon Cognito user pool.

Two checks, and neither is enough. GetUser (a call without credentials) tells that Cognito signed the token and
that it wasn't revoked, but it answers for anybody's user pool. The token's own words tell that it is our pool's
and our client's, but only Cognito's answer makes them true. Both must name the same subject. So no key set
has to be fetched, kept or rotated, and nothing here computes a signature.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from throughline.affairs.logins import Login
from throughline.affairs.sending import Note, unheard
from throughline.privacy.sealed import Sealed

CONNECT_SECONDS: Final = 0.4
READ_SECONDS: Final = 0.8
LONGEST: Final = 8192
"""Characters of a token: what a header can carry; Cognito's are below two thousand."""
SKEW: Final = 60.0
"""Seconds by which Cognito's clock may be ahead of ours."""
_FAR: Final = 1e12
"""No time of a token's is as late, in epoch seconds."""
_ISSUER: Final = re.compile(r"https://cognito-idp\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/[A-Za-z0-9_-]+\Z")


class GetUser(Protocol):
    """Asks Cognito whose an access token is."""

    def __call__(self, token: str) -> str:
        """The subject; "" if Cognito doesn't take the token or doesn't answer."""


class CognitoLogins:
    """Tokens of one user pool's one app client."""

    def __init__(self, issuer: str, client: str, get_user: GetUser | None = None, note: Note = unheard) -> None:
        """`issuer` is "https://cognito-idp.<region>.amazonaws.com/<pool id>", `client` the app client's id.

        Raises ValueError if the issuer has another form, or the client is empty.
        """
        found = _ISSUER.match(issuer)
        if found is None or not client:
            raise ValueError("sign-ins need the user pool's issuer URL and the app client's id")
        self._issuer = issuer
        self._client = client
        self._get_user = get_user or Cognito(found[1], note)

    def of(self, token: Sealed, now: float) -> Login | None:
        """See `Logins.of`."""
        words = _words(token.reveal())
        if (
            words.get("iss") != self._issuer
            or words.get("client_id") != self._client
            or words.get("token_use") != "access"
        ):
            return None
        expires, at, subject = _time(words.get("exp")), _time(words.get("auth_time")), words.get("sub")
        if not (isinstance(subject, str) and subject and expires > now and 0 < at <= now + SKEW):
            return None
        # Last, since it costs: a token that isn't ours is nothing to ask Cognito about.
        return Login(subject, min(at, now)) if self._get_user(token.reveal()) == subject else None


class Cognito:
    """Amazon Cognito by botocore; the client is made at first use."""

    def __init__(self, region: str, note: Note = unheard, make: Callable[[str], Any] | None = None) -> None:
        self._region = region
        self._note = note
        self._make = make or _client
        self._made: Any = None

    def __call__(self, token: str) -> str:
        """See `GetUser`."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._made = self._made or self._make(self._region)
            answer = self._made.get_user(AccessToken=token)
        except (BotoCoreError, ClientError) as error:
            self._note(f"GetUser {type(error).__name__}")
            return ""
        attributes = answer.get("UserAttributes", ())
        return next((str(one.get("Value", "")) for one in attributes if one.get("Name") == "sub"), "")


def _client(region: str) -> Any:
    import botocore.session
    from botocore import UNSIGNED
    from botocore.config import Config

    config = Config(
        signature_version=UNSIGNED,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
    return botocore.session.get_session().create_client("cognito-idp", region_name=region, config=config)


def _words(token: str) -> Mapping[str, Any]:
    """What a token says; empty if it is no token. Nothing of it is true before its issuer has said so."""
    parts = token.split(".") if len(token) <= LONGEST else ()
    if len(parts) != 3:
        return {}
    try:
        raw = base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True)
        words = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return words if isinstance(words, dict) else {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice may be read one way here and another way by Cognito."""
    words = dict(pairs)
    if len(words) != len(pairs):
        raise ValueError("a name stands twice")
    return words


def _time(value: object) -> float:
    """Epoch seconds; 0 if it is no time."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value < _FAR else 0.0

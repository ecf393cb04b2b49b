"""The store's keys from one AWS Secrets Manager secret, read at first use.

A store: one of the few places that may import botocore, and it does so only when the keys are asked
for, so a function that needs none doesn't pay for the client.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol, cast

from throughline.customers.keys import FixedKeys, KeyRing, parse_keys
from throughline.errors import StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

LIFETIME: Final = 3600.0
"""Seconds until the secret is read again, so that a rotated key is seen within the hour."""


class FetchSecret(Protocol):
    """Reads a secret's text. Raises StoreUnavailable."""

    def __call__(self, secret_id: str) -> str:
        """The current text of the secret with this ARN or name."""


def fetch_secret(secret_id: str) -> str:
    """The secret's text, by AWS Secrets Manager. Raises StoreUnavailable, whatever went wrong."""
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    config = Config(connect_timeout=0.7, read_timeout=0.8, retries={"total_max_attempts": 2, "mode": "standard"})
    try:
        session = botocore.session.get_session()
        client = cast("SecretsManagerClient", session.create_client("secretsmanager", config=config))
        return str(client.get_secret_value(SecretId=secret_id)["SecretString"])
    except ClientError as problem:
        code = problem.response["Error"].get("Code", "unknown")
        raise StoreUnavailable(f"the keys' secret can't be read ({code}): check its ARN and the role") from None
    except (BotoCoreError, KeyError) as problem:
        raise StoreUnavailable(f"the keys' secret can't be read: {type(problem).__name__}") from None


class SecretKeys:
    """Keys from one secret, kept for an hour. If it can't be read again then, the kept ones serve on."""

    def __init__(
        self,
        secret_id: str,
        fetch: FetchSecret = fetch_secret,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`secret_id` is the secret's ARN or name; nothing is read yet."""
        self._secret_id = secret_id
        self._fetch = fetch
        self._clock = clock
        self._kept: FixedKeys | None = None
        self._stale_at = 0.0

    def address_keys(self) -> KeyRing:
        """Keys that addresses and guests' sessions are hashed with. Raises StoreError."""
        return self._keys().address

    def pointer_keys(self) -> KeyRing:
        """Keys that pointers are signed with. Raises StoreError."""
        return self._keys().pointer

    def code_keys(self) -> KeyRing:
        """Keys that one-time codes, and what their allowances count by, are hashed with. Raises StoreError."""
        return self._keys().code_keys()

    def _keys(self) -> FixedKeys:
        now = self._clock()
        if self._kept is not None and now < self._stale_at:
            return self._kept
        try:
            self._kept = parse_keys(self._fetch(self._secret_id))
            self._stale_at = now + LIFETIME
        except StoreUnavailable:
            if self._kept is None:
                raise
            self._stale_at = now + LIFETIME / 60
        return self._kept

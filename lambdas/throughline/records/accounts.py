"""Accounts that customers sign in with: an erasure deletes them, with the e-mail address that they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from throughline.errors import StoreError, StoreUnavailable

CONNECT_SECONDS: Final = 2.0
READ_SECONDS: Final = 5.0
"""Nobody waits for it."""
_GONE: Final = "UserNotFoundException"
_LATER: Final = frozenset({"InternalErrorException", "TooManyRequestsException"})
"""Errors of AdminDeleteUser that pass (Cognito user pools API reference)."""


class Accounts(Protocol):
    """Where customers' accounts are."""

    def forget(self, subject: str) -> None:
        """Delete the account of that subject; one that isn't there is deleted already. Raises StoreError."""


class NoAccounts:
    """Where nobody signs in."""

    def forget(self, subject: str) -> None:
        """See `Accounts.forget`."""


class CognitoAccounts:
    """Accounts of one Amazon Cognito user pool. No error holds a subject."""

    def __init__(self, pool: str, make: Callable[[], Any] | None = None) -> None:
        """`pool` is its id; `make` a client of cognito-idp, made at first use."""
        self._pool = pool
        self._make = make or _client
        self._made: Any = None

    def forget(self, subject: str) -> None:
        """See `Accounts.forget`.

        In a pool whose members sign in with their e-mail address the user name is the subject itself (Cognito
        developer guide, "Customizing sign-in attributes"). Raises StoreError, StoreUnavailable.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._made = self._made or self._make()
            self._made.admin_delete_user(UserPoolId=self._pool, Username=subject)
        except ClientError as problem:
            code = problem.response["Error"].get("Code", "unknown")
            if code == _GONE:
                return
            status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            kind = StoreUnavailable if status >= 500 or code in _LATER else StoreError
            raise kind(f"the customers' user pool refused: {code}. Check its id and the role") from None
        except BotoCoreError as problem:
            raise StoreUnavailable(f"the customers' user pool can't be reached: {type(problem).__name__}") from None


def _client() -> Any:
    import botocore.session
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 3, "mode": "standard"},
    )
    return botocore.session.get_session().create_client("cognito-idp", config=config)

"""The clients of AWS's senders: quick to give up, never tried twice, and silent about what they were given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from throughline.affairs.delivery import Undelivered

CONNECT_SECONDS: Final = 0.4
READ_SECONDS: Final = 0.9
"""A sender that works answers within some 0.3 s; the customer waits meanwhile."""


def client(service: str) -> Any:
    """A botocore client of that service; region and credentials from the environment."""
    import botocore.session
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
    return botocore.session.get_session().create_client(service, config=config)


def failure(error: Exception) -> str:
    """Why a sender refused, by its code alone, since its words may quote what it was given; "" if it is no refusal."""
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, ClientError):
        return str(error.response["Error"].get("Code", "unknown"))
    return type(error).__name__ if isinstance(error, BotoCoreError) else ""


class Carrier:
    """One sender, whose client is made at first use."""

    def __init__(self, service: str, make: Callable[[str], Any] = client) -> None:
        """`make` makes the client of that service."""
        self._service = service
        self._make = make
        self._made: Any = None

    def take(self, what: str, send: Callable[[Any], object], check: str) -> None:
        """Let `send` give `what` to the client, once. Raises Undelivered, with what to `check`, if it is refused."""
        if self._made is None:
            self._made = self._make(self._service)
        try:
            send(self._made)
        except Exception as error:
            reason = failure(error)
            if not reason:
                raise
        else:
            return
        # Not from within the handler: the refusal's own words may quote what it was given.
        raise Undelivered(f"the {what} was not taken ({reason}): check {check}")

"""The clients of AWS's senders: quick to give up, never tried twice, and silent about what they were given."""

from __future__ import annotations

from typing import Any, Final

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

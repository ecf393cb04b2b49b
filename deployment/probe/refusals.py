"""What an AWS error means to somebody who only wanted to look."""

from __future__ import annotations

from typing import Any, Final, cast

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ReadTimeoutError,
)

_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"})
_THROTTLED: Final = frozenset(
    {"Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "LimitExceededException"}
)
_EXPIRED: Final = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "SignatureDoesNotMatch",
    }
)
_LONGEST: Final = 300
"""Characters of AWS's own words that are repeated."""


def code(error: ClientError) -> str:
    """AWS's name for it."""
    return str(_response(error).get("Error", {}).get("Code", "unknown"))


def words(error: ClientError) -> str:
    """AWS's name for it, and what it says."""
    message = str(_response(error).get("Error", {}).get("Message", "")).strip()
    return f"{code(error)}: {message[:_LONGEST]}" if message else code(error)


def told(error: ClientError | BotoCoreError, needs: tuple[str, ...] = ()) -> str:
    """Why nothing was seen, and what to do about it; `needs` are the IAM actions that were called for."""
    if isinstance(error, ClientError):
        name = code(error)
        if name in _DENIED:
            rights = f"allow {', '.join(needs)}" if needs else "ask for the right to look"
            return f"access denied: {rights} ({words(error)})"
        if name in _THROTTLED:
            return f"throttled: try it again in a minute ({words(error)})"
        if name in _EXPIRED:
            return f"the credentials are not valid any more: sign in again ({name})"
        return words(error)
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError):
        return f"no answer in time ({type(error).__name__}): try it again"
    if isinstance(error, EndpointConnectionError):
        return "the service has no endpoint that can be reached here: is it in this region?"
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return "no credentials"
    if isinstance(error, NoRegionError):
        return "no region: name one in the settings or with --region"
    return f"{type(error).__name__}: {str(error)[:_LONGEST]}"


def expired(error: ClientError) -> bool:
    """Whether it says that whoever asks is nobody."""
    return code(error) in _EXPIRED


def _response(error: ClientError) -> dict[str, Any]:
    return cast("dict[str, Any]", error.response)

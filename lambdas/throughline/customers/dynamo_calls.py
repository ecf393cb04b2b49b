"""One request to DynamoDB: tried twice at most, within a time limit, and every failure given a meaning.

Botocore's own retries are off (see `client.py`), so that the time limit and the retry of conditional
writes are decided here.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as Unreachable

from throughline.errors import StoreError, StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

BUDGET: Final = 1.0
"""Seconds after which a failed request isn't tried again: with `client.py`'s limits, 2.5 s at most."""
PAUSE: Final = (0.03, 0.12)
"""Seconds, least and most, before the one retry: random, so that throttled functions don't march in step."""
_BUSY: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "Throttling",
        "TooManyRequestsException",
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
        "RequestTimeout",
        "RequestTimeoutException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""DynamoDB's error codes that mean "try again" (Error handling with DynamoDB, developer guide)."""
_BUSY_REASONS: Final = frozenset({"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"})
"""Reasons of a cancelled transaction that mean the same."""
_REFUSED: Final = "ConditionalCheckFailed"

Item = Mapping[str, "AttributeValueTypeDef"]
T = TypeVar("T")


class Refused(Exception):
    """A condition was not met. Holds, per item of the write, (refused, what is there now)."""

    def __init__(self, found: Sequence[tuple[bool, Item | None]]) -> None:
        super().__init__()
        self.found = found


def tried(request: Callable[[], T]) -> T:
    """`request()`, once more after a passing failure. Raises Refused, StoreUnavailable, StoreError."""
    give_up = time.monotonic() + BUDGET
    retried = False
    while True:
        try:
            return request()
        except (ClientError, BotoCoreError) as problem:
            failure, passing = _meaning(problem)
        if not passing or retried or time.monotonic() > give_up:
            raise failure
        retried = True
        time.sleep(random.uniform(*PAUSE))


def _meaning(problem: ClientError | BotoCoreError) -> tuple[Exception, bool]:
    """What a botocore error means to us, and whether it may pass by itself."""
    if isinstance(problem, HTTPClientError | Unreachable):
        return StoreUnavailable(f"the table can't be reached: {type(problem).__name__}"), True
    if not isinstance(problem, ClientError):
        return StoreError(f"the table's client is not set up: {type(problem).__name__}"), False
    response = cast("Mapping[str, Any]", problem.response)
    code = str(response["Error"].get("Code", "unknown"))
    if code == "ConditionalCheckFailedException":
        return Refused([(True, response.get("Item"))]), False
    if code == "TransactionCanceledException":
        return _cancelled(response.get("CancellationReasons", []))
    if code in _BUSY or response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return StoreUnavailable(f"the table is busy or failing: {code}"), True
    return StoreError(f"the table refused the request: {code}. Check its name, the role and the key"), False


def _cancelled(reasons: Sequence[Mapping[str, Any]]) -> tuple[Exception, bool]:
    codes = [str(reason.get("Code", "None")) for reason in reasons]
    if _REFUSED in codes:
        found = [(c == _REFUSED, reason.get("Item")) for c, reason in zip(codes, reasons, strict=True)]
        return Refused(found), False
    busy = not _BUSY_REASONS.isdisjoint(codes)
    kind = StoreUnavailable if busy else StoreError
    return kind(f"the table cancelled the transaction: {', '.join(codes)}"), busy

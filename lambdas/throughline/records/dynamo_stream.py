"""Records of the customers' table's stream as changes (Amazon DynamoDB Streams API reference, "Record").

The table's stream has new and old images. What is no conversation and no hold needs no doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from throughline.customers.dynamo import _stored
from throughline.customers.store import Stored
from throughline.customers.table import CONVERSATION, CUSTOMER_PREFIX
from throughline.errors import StoreError
from throughline.records.dynamo_keeping import HOLD, hold_in
from throughline.records.following import Changed, ConversationChanged, HoldChanged
from throughline.records.transcript import Damaged

SWEEPER: Final = "dynamodb.amazonaws.com"
"""Who removes what has expired ("DynamoDB Streams and Time to Live", developer guide)."""


def sequence_of(record: Mapping[str, Any]) -> str:
    """The record's sequence number, by which it is reported as failed; "" if it has none."""
    found = record.get("dynamodb", {})
    return str(found.get("SequenceNumber", "")) if isinstance(found, Mapping) else ""


def changed(record: Mapping[str, Any]) -> Changed | None:
    """What a stream record says; None if nothing follows from it. Raises Damaged, quoting nothing."""
    try:
        told = record["dynamodb"]
        partition, sort = told["Keys"]["pk"]["S"], told["Keys"]["sk"]["S"]
        old, new = told.get("OldImage"), told.get("NewImage")
        if not partition.startswith(CUSTOMER_PREFIX):
            return None
        customer = partition[len(CUSTOMER_PREFIX) :]
        if sort == HOLD:
            return HoldChanged(customer, hold_in(customer, new)) if new is not None else None
        if sort != CONVERSATION:
            return None
        identity = record.get("userIdentity") or {}
        return ConversationChanged(
            customer=customer,
            old=_image(old),
            new=_image(new),
            at=float(told["ApproximateCreationDateTime"]),
            expired=identity.get("principalId") == SWEEPER,
        )
    except (KeyError, TypeError, ValueError, AttributeError, StoreError) as problem:
        raise Damaged(f"a stream record is not of its form: {type(problem).__name__}") from None


def _image(item: Any) -> Stored | None:
    return _stored(item) if item is not None else None

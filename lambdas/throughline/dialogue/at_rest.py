"""Data at rest: JSON text as small as can be, read back as far as it can be understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

_Read = TypeVar("_Read")

compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode
"""Data as JSON text, as small as can be."""

_BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def filled(**items: Any) -> dict[str, Any]:
    """The items that are not empty: a default takes no room."""
    return {k: v for k, v in items.items() if v or v is True}


def understood(read: Callable[[Any], _Read], entry: object) -> _Read | None:
    """What `read` makes of `entry`; None for None and for what it can't be made of."""
    if entry is None:
        return None
    try:
        return read(entry)
    except _BROKEN:
        return None

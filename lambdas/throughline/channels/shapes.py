"""Reading what a channel's JSON holds, whatever it holds: a wrong type is an absent value, never an error.

A JSON text may carry half of a surrogate pair, which no store and no log can encode: it becomes a question
mark here, before anything sees it.
"""

from __future__ import annotations

import hashlib
import math
import re
from typing import Any, Final

LONGEST: Final = 1024
"""Characters kept of anything a customer said: what Lex takes and gives at most (botocore lexv2-runtime)."""
MASKED_AT_ONCE: Final = 4 * LONGEST
"""Characters read for secrets before a text is cut, so that no cut falls into one that is then kept."""
_ID: Final = re.compile(r"[0-9A-Za-z._:-]{1,200}\Z")


def string(value: object, longest: int = MASKED_AT_ONCE) -> str:
    """The string, encodable and at most so long; "" for anything else."""
    if not isinstance(value, str):
        return ""
    value = value[:longest]
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def identifier(value: object) -> str:
    """An id that a platform or a client gave, fit for a key and a log line; "" if there is none.

    One that is not of [0-9A-Za-z._:-] or is longer than 200 stands under its hash: still the same id, no
    longer whatever was written there.
    """
    if not isinstance(value, str) or not value:
        return ""
    if _ID.match(value):
        return value
    return "h-" + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def mapping(value: object) -> dict[str, Any]:
    """The JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[dict[str, Any]]:
    """The objects in a JSON array, or none."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def count(value: object) -> int:
    """How many there are: of a list, or a whole number from 0 to 99; 0 for anything else."""
    if isinstance(value, list):
        return min(len(value), 99)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100 else 0


def number(value: object) -> float | None:
    """The number, if it is a finite one of a usual size; a truth value is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value if isinstance(value, float) else 0) and abs(value) < 1e15 else None

"""One way to write JSON, so that equal models are equal bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def dumps(data: Mapping[str, Any]) -> str:
    """The data as JSON in the order it was built, one entry a line, with a newline at the end."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def fingerprint(data: Mapping[str, Any]) -> str:
    """Sixteen hexadecimal digits of the content's hash; the order of keys in mappings counts, too."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]

"""A Lambda handler that does as it is told."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

KEPT: list[bytes] = []


def handler(event: Mapping[str, Any], context: Any) -> object:
    match event["do"]:
        case "tell":
            return {"variable": os.environ["WHAT"], "left": context.get_remaining_time_in_millis()}
        case "sleep":
            time.sleep(30)
        case "hoard":
            KEPT.append(b"x" * (400 << 20))
        case "fail":
            raise LookupError("as told")
        case "die":
            os._exit(3)
    return None

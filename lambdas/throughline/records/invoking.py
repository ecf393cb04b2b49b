"""Invoking the records function, by the desk for a replay and by itself to go on with one.

Lambda ends a chain of functions that invoke themselves after some sixteen (Lambda developer guide, "Use Lambda
recursive loop detection"); with 5 minutes each that is a long replay, and the act can be asked for again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from throughline.errors import StoreUnavailable


def invoke(function: str, event: Mapping[str, Any]) -> None:
    """Invoke the function of that ARN with an event, and don't wait. Raises StoreUnavailable."""
    from botocore.exceptions import BotoCoreError, ClientError

    payload = json.dumps(event).encode()
    try:
        _client().invoke(FunctionName=function, InvocationType="Event", Payload=payload)
    except (BotoCoreError, ClientError) as problem:
        raise StoreUnavailable(f"the replay could not be started: {type(problem).__name__}") from None


@cache
def _client() -> Any:
    import botocore.session

    return botocore.session.get_session().create_client("lambda")

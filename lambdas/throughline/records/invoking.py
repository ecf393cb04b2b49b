"""Invoking the records function, by the desk for a replay and by itself to go on with one.

Lambda ends a chain of functions that invoke themselves after some sixteen (Lambda developer guide, "Use Lambda
recursive loop detection"); with 15 minutes or 5 each that is a long replay, and the act can be asked for again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from throughline.errors import StoreUnavailable


def invoking(function: str) -> Callable[[Mapping[str, Any]], None]:
    """What invokes the function of that name with an event, and doesn't wait. It raises StoreUnavailable."""

    def invoke(event: Mapping[str, Any]) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        payload = json.dumps(event).encode()
        try:
            _client().invoke(FunctionName=function, InvocationType="Event", Payload=payload)
        except (BotoCoreError, ClientError) as problem:
            raise StoreUnavailable(f"the replay could not be started: {type(problem).__name__}") from None

    return invoke


@cache
def _client() -> Any:
    import botocore.session

    return botocore.session.get_session().create_client("lambda")

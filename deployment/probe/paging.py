"""Page after page of one of AWS's lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

MOST: Final = 20
"""Pages that are read: a list that goes on for ever (a log that is being written) must not hold a probe."""


def pages(call: Callable[..., Any], request: Mapping[str, Any], token: str) -> Iterator[Mapping[str, Any]]:
    """The answers to `request` and to what goes on from it; `token` is what its continuation is called."""
    going_on: dict[str, Any] = {}
    for _ in range(MOST):
        page: Mapping[str, Any] = call(**request, **going_on)
        yield page
        if not page.get(token):
            return
        going_on = {token: page[token]}

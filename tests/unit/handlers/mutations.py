"""Recorded events made malformed, truncated, oversized, foreign and future."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.unit.channels.lantern import ODD, recorded

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
HUGE: dict[str, Any] = {f"key{n}": "v" * 200 for n in range(400)}
WRONG = st.sampled_from([None, 7, -1, True, 10**400, "", "x", [], {}, [None], {"a": None}, "4" * 70_000, HUGE]) | JSON
DELETED = object()


@st.composite
def mutated(draw: st.DrawFn, way: str) -> Any:
    """A recorded event of `way` ("lex" or "alexa") with up to four of its parts gone or wrong."""
    given = deepcopy(draw(st.sampled_from([found for _, found in recorded(way)])))
    for _ in range(draw(st.integers(1, 4))):
        paths = list(_paths(given))
        if not paths:
            break
        path = draw(st.sampled_from(paths))
        _put(given, path, draw(st.just(DELETED) | WRONG))
    return given


def _paths(part: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, inner in list(entries)[:40]:
        yield (*at, name)
        yield from _paths(inner, (*at, name))


def _put(whole: Any, path: tuple[Any, ...], value: Any) -> None:
    for name in path[:-1]:
        whole = whole[name]
    if value is DELETED:
        del whole[path[-1]]
    else:
        whole[path[-1]] = deepcopy(value)

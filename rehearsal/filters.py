"""Which records an event source mapping lets pass, which messages a subscription, which events a rule.

The patterns of Lambda, Amazon SNS and EventBridge, as far as the templates use them. Lambda developer guide, "Filter
rule syntax": a list of alternatives at each leaf, all leaves of a pattern must match, of an `$or` one pattern.
A rule that isn't known here is refused, so that no record is dropped or let pass by a guess.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


class FilterError(ValueError):
    """A pattern that can't be played here; says which rule."""


def matches(record: Mapping[str, Any], patterns: Sequence[str]) -> bool:
    """Whether one of the patterns (JSON) matches. Raises FilterError."""
    return any(_fits(record, json.loads(pattern)) for pattern in patterns)


def _fits(value: object, pattern: object) -> bool:
    if isinstance(pattern, Mapping):
        inner = value if isinstance(value, Mapping) else {}
        return all(
            any(_fits(value, one) for one in rule) if name == "$or" else _fits(inner.get(name), rule)
            for name, rule in pattern.items()
        )
    if isinstance(pattern, list):
        return any(_is(value, rule) for rule in pattern)
    raise FilterError(f"a filter's leaf is a list of alternatives, not {pattern!r}")


def _is(value: object, rule: object) -> bool:
    if not isinstance(rule, Mapping):
        return bool(value == rule)
    ((name, wanted),) = rule.items()
    match name:
        case "prefix":
            return isinstance(value, str) and value.startswith(str(wanted))
        case "exists":
            return (value is not None) is bool(wanted)
        case "anything-but":
            return value is not None and value not in (wanted if isinstance(wanted, list) else [wanted])
    raise FilterError(f"the filter rule {name} isn't played here: write it in rehearsal/filters.py")

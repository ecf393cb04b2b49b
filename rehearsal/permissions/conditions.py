"""IAM's condition operators, as far as they are written here; any other is refused by its name.

Semantics: IAM user guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued
context keys". A missing key fails a condition, but meets a negated one, one with IfExists and ForAllValues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rehearsal.permissions.patterns import Context, PolicyError, arn_like, like, same

_ALL: Final = "ForAllValues:"
_ANY: Final = "ForAnyValue:"
_IF_EXISTS: Final = "IfExists"
Compare = Callable[[str, str, Context], bool]
"""(the policy's value, the request's value, the request's context) to whether they agree."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key."""

    operator: str
    """As in the policy, set operator and IfExists included."""
    key: str
    """Lower case."""
    values: tuple[str, ...]
    """Any of them will do; for a negated operator none may."""

    def holds(self, context: Context) -> bool:
        """Whether a request with that context meets it. Raises PolicyError."""
        name = self.operator.removeprefix(_ALL).removeprefix(_ANY)
        found = context.get(self.key)
        if name == "Null":
            return (found is None) == (self.values == ("true",))
        bare = name.removesuffix(_IF_EXISTS)
        compare, negated = _OPERATORS[bare]
        if found is None or found == ():
            if name != bare:
                return True
            return negated if name == self.operator else self.operator.startswith(_ALL)

        def agrees(value: str) -> bool:
            return any(compare(pattern, value, context) for pattern in self.values) != negated

        if name != self.operator:
            values = (found,) if isinstance(found, str) else found
            return all(map(agrees, values)) if self.operator.startswith(_ALL) else any(map(agrees, values))
        if not isinstance(found, str):
            raise PolicyError(f"{self.key} has many values: {self.operator} needs ForAllValues or ForAnyValue")
        return agrees(found)


def read_conditions(document: Mapping[str, Any], where: str) -> tuple[Condition, ...]:
    """A statement's conditions. Raises PolicyError for an operator that isn't known here."""
    found = []
    for operator, keys in document.items():
        name = operator.removeprefix(_ALL).removeprefix(_ANY)
        if name != "Null" and name.removesuffix(_IF_EXISTS) not in _OPERATORS:
            raise PolicyError(f"{where}: the condition operator {operator} isn't known here: write it in conditions.py")
        if operator.startswith(_ANY) and operator.endswith(_IF_EXISTS):
            raise PolicyError(
                f"{where}: {operator} contradicts itself where the key is missing: say it in two statements"
            )
        for key, values in keys.items():
            texts = tuple(map(_text, values)) if isinstance(values, list) else (_text(values),)
            if name == "Null" and texts not in (("true",), ("false",)):
                raise PolicyError(f"{where}: Null takes true or false, not {list(texts)}")
            found.append(Condition(operator, key.lower(), texts))
    return tuple(found)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise PolicyError(f"a condition's value is a text, a number or a boolean, not {value!r}")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise PolicyError(f"a numeric condition met {text!r}, which is no number") from None


def _numeric(compare: Callable[[float, float], bool]) -> Compare:
    return lambda pattern, value, _: compare(_number(value), _number(pattern))


def _same_but_for_case(pattern: str, value: str, context: Context) -> bool:
    lower = {key: found.lower() if isinstance(found, str) else found for key, found in context.items()}
    return same(pattern.lower(), value.lower(), lower)


def _bool(pattern: str, value: str, _: Context) -> bool:
    return pattern.lower() == value.lower()


_OPERATORS: Final[Mapping[str, tuple[Compare, bool]]] = {
    "StringEquals": (same, False),
    "StringNotEquals": (same, True),
    "StringEqualsIgnoreCase": (_same_but_for_case, False),
    "StringNotEqualsIgnoreCase": (_same_but_for_case, True),
    "StringLike": (like, False),
    "StringNotLike": (like, True),
    "ArnEquals": (arn_like, False),
    "ArnNotEquals": (arn_like, True),
    "ArnLike": (arn_like, False),
    "ArnNotLike": (arn_like, True),
    "NumericEquals": (_numeric(lambda value, bound: value == bound), False),
    "NumericNotEquals": (_numeric(lambda value, bound: value == bound), True),
    "NumericLessThan": (_numeric(lambda value, bound: value < bound), False),
    "NumericLessThanEquals": (_numeric(lambda value, bound: value <= bound), False),
    "NumericGreaterThan": (_numeric(lambda value, bound: value > bound), False),
    "NumericGreaterThanEquals": (_numeric(lambda value, bound: value >= bound), False),
    "Bool": (_bool, False),
}
"""Operator to its comparison and whether it is negated."""

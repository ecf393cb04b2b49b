"""IAM's patterns: `*` and `?`, policy variables, and the parts of an ARN that no wildcard reaches across."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

Value = str | tuple[str, ...]
"""A context key's value: one text or, of a key that has many, all of them."""
Context = Mapping[str, Value]
"""A request's context by lower-case key; keys without regard to case (IAM user guide, condition keys)."""
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_COLON: Final = re.compile(r":(?![^{]*\})")
_ARN_PARTS: Final = 6
_LITERALS: Final = ("*", "?", "$")
"""What `${*}` and its like stand for themselves (IAM user guide, policy variables)."""


class PolicyError(ValueError):
    """A policy has something that this evaluator doesn't know: it is refused, never let pass. Says what."""


def like(pattern: str, value: str, context: Context) -> bool:
    """Whether the value is like the pattern: `*` is any text, `?` any letter. Raises PolicyError."""
    if "${" not in pattern:
        return _glob(pattern).fullmatch(value) is not None
    return re.fullmatch(_expanded(pattern, context, wild=True), value, re.DOTALL) is not None


def same(pattern: str, value: str, context: Context) -> bool:
    """Whether the value is the pattern, whose variables alone are filled in. Raises PolicyError."""
    if "${" not in pattern:
        return pattern == value
    return re.fullmatch(_expanded(pattern, context, wild=False), value, re.DOTALL) is not None


def arn_like(pattern: str, value: str, context: Context) -> bool:
    """Whether an ARN is like the pattern, part by part.

    Raises PolicyError for a pattern that is no ARN.
    """
    wanted, found = _COLON.split(pattern, _ARN_PARTS - 1), value.split(":", _ARN_PARTS - 1)
    if len(wanted) != _ARN_PARTS or wanted[0] != "arn":
        raise PolicyError(f"{pattern!r} is no ARN")
    return len(found) == _ARN_PARTS and all(like(w, f, context) for w, f in zip(wanted, found, strict=True))


def resource_like(pattern: str, resource: str, context: Context) -> bool:
    """Whether a statement's Resource takes in the resource: an ARN, or `*` where an action knows none."""
    return pattern == "*" or (resource != "*" and arn_like(pattern, resource, context))


@lru_cache(4096)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(_wild(pattern), re.DOTALL)


def _wild(text: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(letter) or re.escape(letter) for letter in text)


def _expanded(pattern: str, context: Context, *, wild: bool) -> str:
    """The pattern as a regular expression with its variables' values, which are taken letter by letter."""
    expression, at = "", 0
    for variable in _VARIABLE.finditer(pattern):
        text = pattern[at : variable.start()]
        expression += (_wild(text) if wild else re.escape(text)) + re.escape(_value(variable[1], context))
        at = variable.end()
    return expression + (_wild(pattern[at:]) if wild else re.escape(pattern[at:]))


def _value(variable: str, context: Context) -> str:
    if variable in _LITERALS:
        return variable
    name, _, default = (part.strip() for part in variable.partition(","))
    value = context.get(name.lower())
    if isinstance(value, str):
        return value
    if value is None and len(default) > 1 and default[0] == default[-1] == "'":
        return default[1:-1]
    raise PolicyError(f"the policy variable ${{{variable}}} has no one value in this request")

"""From pydantic's errors to sentences that an author can act on, each at its place."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from compiler.documents import Plain
from compiler.places import Path
from compiler.problems import Findings, did_you_mean, nearest
from compiler.shapes import (
    ACTION,
    BankShape,
    HoursShape,
    IntentShape,
    LimitsShape,
    PhrasesShape,
    SlotShape,
    SlotTypeShape,
    ValueShape,
    VoiceShape,
)
from compiler.source import Located
from compiler.telephone_shapes import AuthoredTelephone, TelephonePhrasesShape

T = TypeVar("T")
_NESTED: Mapping[type[BaseModel] | None, Mapping[Path, type[BaseModel]]] = {
    BankShape: {
        (): BankShape,
        ("locales", "*"): VoiceShape,
        ("limits",): LimitsShape,
        ("hours",): HoursShape,
    },
    IntentShape: {(): IntentShape, ("slots", "*"): SlotShape},
    PhrasesShape: {(): PhrasesShape},
    AuthoredTelephone: {(): AuthoredTelephone, ("phrases",): TelephonePhrasesShape},
    None: {("*",): SlotTypeShape, ("*", "values", "*"): ValueShape},
}
_WANTED = {
    "string_type": "a text",
    "list_type": "a list (`- ` before each item)",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "bool_parsing": "`true` or `false`",
    "bool_type": "`true` or `false`",
}
_ATTEMPTS = 3


def validated(
    shape: type[BaseModel] | None, build: Callable[[Any], T], data: Plain, file: Located, findings: Findings
) -> T | None:
    """The data in its shape; None, with what is wrong in `findings`, if it doesn't fit.

    An unknown key is reported and then read as the known one that it is a slip of, so that everything
    else in the file is still checked.
    """
    mended: Any = copy.deepcopy(data)
    for _ in range(_ATTEMPTS):
        try:
            return build(mended)
        except ValidationError as broken:
            errors = broken.errors(include_url=False)
            unknown = [e for e in errors if e["type"] == "extra_forbidden"]
            for error in unknown:
                _mend(shape, tuple(error["loc"]), mended, file, findings)
            if not unknown:
                for error in errors:
                    _report(error, file, findings)
                return None
    return None


def known_keys(shape: type[BaseModel] | None, parent: Path) -> tuple[str, ...]:
    """The keys that a mapping may have."""
    for pattern, nested in _NESTED[shape].items():
        if len(pattern) == len(parent) and all(p in ("*", k) for p, k in zip(pattern, parent, strict=True)):
            names = [info.alias or name for name, info in nested.model_fields.items()]
            return tuple(name for name in names if name != "variants")
    return ()


def _mend(shape: type[BaseModel] | None, path: Path, data: Any, file: Located, findings: Findings) -> None:
    holder, word = data, str(path[-1])
    for step in path[:-1]:
        holder = holder[step]
    known = known_keys(shape, path[:-1])
    findings.error(file.key(path), f"unknown key `{word}`. {did_you_mean(word, known)}")
    value = holder.pop(word)
    meant = nearest(word, known)
    if meant is not None and meant not in holder:
        holder[meant] = value


def _report(error: Any, file: Located, findings: Findings) -> None:
    path: Path = tuple(step for step in error["loc"] if step != "variants")
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        findings.error(file.at(path[:-1]), f"`{path[-1]}` is missing. Add it.")
        return
    if path and path[-1] == "[key]":
        path = path[:-1]
    if kind == "prompt":
        at = tuple(context["at"])
        findings.error(file.key((*path, *at)), f"{context['message']}.")
        return
    findings.error(file.at(path), _sentence(kind, context, error, str(path[-1]) if path else "the file"))


def _sentence(kind: str, context: Mapping[str, Any], error: Any, key: str) -> str:
    value = error.get("input")
    if kind in _WANTED:
        return f"`{key}` wants {_WANTED[kind]}, not {_described(value)}."
    if kind == "literal_error":
        known = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return f"`{value}` is not a value of `{key}`. {did_you_mean(str(value), known)}"
    bounds = {
        "greater_than_equal": ("ge", "at least"),
        "less_than_equal": ("le", "at most"),
        "greater_than": ("gt", "more than"),
        "less_than": ("lt", "less than"),
    }
    if kind in bounds:
        name, words = bounds[kind]
        return f"`{key}` must be {words} {context[name]}, not {value}."
    if kind == "string_too_long":
        return f"`{key}` may have {context['max_length']} characters at most, this has {len(str(value))}."
    if kind == "too_long":
        return f"`{key}` may have {context['max_length']} entries at most, this has {context['actual_length']}."
    if kind in ("too_short", "string_too_short"):
        return f"`{key}` is empty. Write at least one."
    if kind == "string_pattern_mismatch":
        return f"`{value}` does not have the form that `{key}` wants, {_form(str(context['pattern']))}."
    return f"`{key}`: {error['msg']}."


def _form(pattern: str) -> str:
    return {
        r"^[A-Z]{3}$": "three capital letters such as USD",
        r"^\d\d:\d\d-\d\d:\d\d$": "a span such as 08:00-20:00",
        ACTION: "a function's name such as transfer_money",
    }.get(pattern, pattern)


def _described(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return "a list"
    return "keys" if isinstance(value, dict) else f"`{value}`"

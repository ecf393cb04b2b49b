"""Checks a JSON value against a shape of botocore's service model: types, required members, lengths,
patterns, enums.

botocore's own validator leaves lengths above the minimum, patterns and enums to the service; the service
is us. Messages follow the wording that AWS services answer with. A null stands for an absent member, and
for an unset entry of a map of structures (a slot that is not filled yet).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape

SERVICE = "lexv2-runtime"


@dataclass(frozen=True, slots=True)
class Violation:
    """One constraint that a value breaks."""

    path: str
    """Where, e.g. sessionState.dialogAction.type."""
    rule: str
    """Which, in AWS's words, e.g. "Member must not be null"."""
    shown: str | None = None
    """The value as text; None where the model calls it sensitive."""
    of_type: bool = False
    """True if the JSON type is wrong, so that the value cannot be read at all."""

    def __str__(self) -> str:
        value = f"Value '{self.shown}'" if self.shown is not None else "Value"
        return f"{value} at '{self.path}' failed to satisfy constraint: {self.rule}"


@lru_cache(maxsize=1)
def service_model() -> ServiceModel:
    """Lex Runtime V2 as botocore describes it."""
    return ServiceModel(Loader().load_service_model(SERVICE, "service-2"), SERVICE)


def shape_named(name: str) -> Shape:
    """The shape called `name` in the Lex Runtime V2 model."""
    shape: Shape = service_model().shape_for(name)
    return shape


def violations(value: Any, shape: Shape, path: str = "", *, closed: bool = False) -> list[Violation]:
    """All constraints of `shape` that `value` breaks, in the order of the model.

    `closed` also refuses members that the model does not know, for what the stand-in itself sends.
    """
    return list(_check(value, shape, path, closed))


def summary(found: list[Violation]) -> str:
    """AWS's sentence for a list of violations."""
    noun = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {noun} detected: " + "; ".join(str(each) for each in found)


def pruned(value: Any, shape: Shape) -> Any:
    """A value that fits `shape`, without members that the model does not know and without nulls.

    A null stays where it says that a slot is not filled.
    """
    if isinstance(shape, StructureShape):
        known = ((name, member) for name, member in shape.members.items() if value.get(name) is not None)
        return {name: pruned(value[name], member) for name, member in known}
    if isinstance(shape, ListShape):
        return [pruned(item, shape.member) for item in value]
    if isinstance(shape, MapShape):
        kept = {key: item for key, item in value.items() if item is not None or shape.value.name == "Slot"}
        return {key: None if item is None else pruned(item, shape.value) for key, item in kept.items()}
    return value


def _check(value: Any, shape: Shape, path: str, closed: bool) -> Iterator[Violation]:
    match shape.type_name:
        case "structure":
            yield from _check_structure(value, shape, path, closed)
        case "list":
            yield from _check_list(value, shape, path, closed)
        case "map":
            yield from _check_map(value, shape, path, closed)
        case "string":
            yield from _check_string(value, shape, path)
        case "integer" | "long" | "double" | "float":
            yield from _check_number(value, shape, path)
        case "boolean":
            if not isinstance(value, bool):
                yield _wrong_type(path, "a boolean")
        case "blob":
            if not isinstance(value, bytes):
                yield _wrong_type(path, "bytes")
        case other:
            raise ValueError(f"the Lex model has a shape of a type unknown here: {other}")


def _check_structure(value: Any, shape: Shape, path: str, closed: bool) -> Iterator[Violation]:
    assert isinstance(shape, StructureShape)
    if not isinstance(value, dict):
        yield _wrong_type(path, "an object")
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield Violation(_join(path, name), "Member must not be null", "null")
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _check(value[name], member, _join(path, name), closed)
    for name in value.keys() - shape.members.keys() if closed else ():
        yield Violation(_join(path, name), "Member must be one of the model")


def _check_list(value: Any, shape: Shape, path: str, closed: bool) -> Iterator[Violation]:
    assert isinstance(shape, ListShape)
    if not isinstance(value, list | tuple):
        yield _wrong_type(path, "a list")
        return
    yield from _check_length(len(value), shape, path, None)
    for index, item in enumerate(value, 1):
        place = f"{path}.{index}.member"
        if item is None:
            yield Violation(place, "Member must not be null", "null")
        else:
            yield from _check(item, shape.member, place, closed)


def _check_map(value: Any, shape: Shape, path: str, closed: bool) -> Iterator[Violation]:
    assert isinstance(shape, MapShape)
    if not isinstance(value, dict):
        yield _wrong_type(path, "an object")
        return
    yield from _check_length(len(value), shape, path, None)
    for key, item in value.items():
        yield from _check(key, shape.key, f"{path}.key", closed)
        place = f"{path}.{key}.member"
        if item is not None:
            yield from _check(item, shape.value, place, closed)
        elif shape.value.type_name == "string":
            yield Violation(place, "Member must not be null", "null")


def _check_string(value: Any, shape: Shape, path: str) -> Iterator[Violation]:
    assert isinstance(shape, StringShape)
    if not isinstance(value, str):
        yield _wrong_type(path, "a string")
        return
    shown = None if shape.metadata.get("sensitive") else value
    yield from _check_length(len(value), shape, path, shown)
    if shape.enum and value not in shape.enum:
        yield Violation(path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]", shown)
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        yield Violation(path, f"Member must satisfy regular expression pattern: {pattern}", shown)


def _check_number(value: Any, shape: Shape, path: str) -> Iterator[Violation]:
    whole = shape.type_name in {"integer", "long"}
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        yield _wrong_type(path, "an integer" if whole else "a number")
        return
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        yield Violation(path, f"Member must have value greater than or equal to {least}", str(value))
    if most is not None and value > most:
        yield Violation(path, f"Member must have value less than or equal to {most}", str(value))


def _check_length(length: int, shape: Shape, path: str, shown: str | None) -> Iterator[Violation]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and length < least:
        yield Violation(path, f"Member must have length greater than or equal to {least}", shown)
    if most is not None and length > most:
        yield Violation(path, f"Member must have length less than or equal to {most}", shown)


def _wrong_type(path: str, wanted: str) -> Violation:
    return Violation(path, f"Member must be {wanted}", of_type=True)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name

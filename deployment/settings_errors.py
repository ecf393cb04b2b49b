"""Data into the shape of settings; what doesn't fit becomes sentences, each at its place."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from compiler.documents import Plain
from compiler.places import Path, Place
from compiler.problems import Findings, did_you_mean, nearest
from compiler.source import Located
from deployment.settings_context import Argument
from deployment.settings_secrets import names_secret, printable, shown
from deployment.settings_text import forms
from deployment.shapes import EnvironmentShape, groups, settings

_KEYS = "keys with values"
_WANTED = {
    "string_type": "a text",
    "list_type": "a list (`- ` before each item)",
    "dict_type": _KEYS,
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_parsing": "`true` or `false`",
    "bool_type": "`true` or `false`",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}
_WHY: Mapping[Path, str] = {
    ("kept", "backup_days"): " DynamoDB keeps 1 to 35 days.",
    ("running", "memory_megabytes"): " Lambda offers 128 to 10240.",
    ("running", "reserved_concurrency"): " Leave it out to share the account's instances.",
    ("watched", "slow_turn_milliseconds"): " Milliseconds: Lex and Alexa give up after 6 to 8 seconds.",
    ("watched", "failures"): " It is a number of turns in five minutes.",
}


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is left once everything that doesn't fit is taken out."""

    shape: EnvironmentShape
    broken: frozenset[Path]
    """Settings that were taken out: what is said of them was not understood."""


def fitted(data: dict[str, Plain], file: Located, findings: Findings) -> Fitted:
    """The data in its shape, with what doesn't fit in `findings` and out of the result.

    An unknown key is reported and then read as the known one that it is a slip of. So one go finds
    everything.
    """
    mended: Any = copy.deepcopy(data)
    written: dict[Path, Path] = {}
    broken: set[Path] = set()
    while True:
        try:
            return Fitted(EnvironmentShape.model_validate(mended), frozenset(broken))
        except ValidationError as failed:
            errors = failed.errors(include_url=False)
        unknown = [error for error in errors if error["type"] == "extra_forbidden"]
        for error in unknown:
            _mend(tuple(error["loc"]), mended, written, file, findings)
        if unknown:
            continue
        # What was taken out is missing, but not because somebody forgot it.
        forgotten = [e for e in errors if e["type"] != "missing" or tuple(e["loc"]) not in broken]
        faulty = {_report(error, written, file, findings) for error in forgotten}
        faulty |= {tuple(error["loc"][:-1]) for error in errors if error not in forgotten}
        broken |= faulty
        for path in sorted(faulty, key=_order, reverse=True):
            _remove(mended, path)


def _mend(path: Path, data: Any, written: dict[Path, Path], file: Located, findings: Findings) -> None:
    holder, word, parent = data, str(path[-1]), path[:-1]
    for step in parent:
        holder = holder[step]
    value = holder.pop(word)
    findings.error(file.key(_origin(path, written)), _unknown(word, parent))
    meant = nearest(word, groups().get(parent, ()))
    if meant is not None and meant not in holder and not names_secret(word):
        holder[meant] = value
        written[(*parent, meant)] = path


def _unknown(word: str, parent: Path) -> str:
    if names_secret(word):
        return (
            f"`{printable(word)}`: a secret does not belong in this file. Put it into Secrets Manager, write the "
            "secret's name as `alexa.vendor.login_secret`, and draw a new one: whoever reads the file has this one."
        )
    if not parent and word in ("name", "environment"):
        return f"`{word}` is no setting: an environment is called like its file. Leave it out, and rename the file."
    dotted = {".".join(map(str, path)): path for path in settings()}
    home = dotted.get(word) or next((path for path in settings() if path[-1] == word), None)
    if home is not None:
        above = "`, `".join(map(str, home[:-1]))
        at_top = "at the beginning of a line" if len(home) == 1 else f"under `{above}`"
        return f"`{word}` does not belong here. Write `{home[-1]}` {at_top}."
    return f"unknown setting {shown(word)}. {did_you_mean(word, groups().get(parent, ()))}"


def _report(error: Any, written: Mapping[Path, Path], file: Located, findings: Findings) -> Path:
    path: Path = tuple(error["loc"])
    if error["type"] == "missing":
        parent = path[:-1]
        findings.error(file.key(_origin(parent, written)), f"`{path[-1]}` is missing here. Add it.")
        return parent
    of_key = bool(path) and path[-1] == "[key]"
    path = path[:-1] if of_key else path
    origin = _origin(path, written)
    place = file.key(origin) if of_key else file.at(origin)
    findings.error(place, _sentence(error, path, place))
    return path


def _sentence(error: Any, path: Path, place: Place) -> str:
    kind, context, value = error["type"], error.get("ctx", {}), error.get("input")
    key = printable(str(next((step for step in reversed(path) if isinstance(step, str)), "")))
    why = next((words for start, words in _WHY.items() if path[: len(start)] == start), "")
    if kind == "value_error":
        return str(context["error"])
    if kind in _WANTED:
        one = _WANTED[kind] == _KEYS and isinstance(place, Argument)
        hint = f" {forms(path)}" if one else ""
        return f"`{key}` wants {_WANTED[kind]}, not {shown(value)}.{hint or why}"
    if kind == "enum":
        known = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return f"{shown(value)} is not a value of `{key}`. {did_you_mean(str(value), known)}"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"`{key}` must be {words} {context[name]}, not {shown(value)}.{why}"
    if kind == "too_long":
        return f"`{key}` may have {context['max_length']} entries at most, this has {len(value)}."
    return f"`{key}`: {error['msg']}."


def _origin(path: Path, written: Mapping[Path, Path]) -> Path:
    """Where the author wrote what is now at `path`."""
    for end in range(len(path), 0, -1):
        if path[:end] in written:
            return _origin((*written[path[:end]], *path[end:]), {k: v for k, v in written.items() if k != path[:end]})
    return path


def _order(path: Path) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(s, str), 0, s) if isinstance(s, str) else (False, s, "") for s in path)


def _remove(data: Any, path: Path) -> None:
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]

"""CDK's context as a layer of settings above the file, each with the place where somebody wrote it.

The CDK command line hands the app one mapping: what cdk.json says, what `-c KEY=VALUE` says instead (always
text), and its own keys. What stands in cdk.json just so came from there; the rest from the command line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from compiler.documents import Document, Plain, mapping, parse
from compiler.load import overlaid
from compiler.places import Path, Place
from compiler.problems import Findings, did_you_mean
from deployment import settings_values as values
from deployment.settings_file import DEEPEST
from deployment.settings_secrets import names_secret, printable, shown
from deployment.settings_text import unfolded
from deployment.shapes import OPEN, settings

ENVIRONMENT = "environment"
DEFAULT = "dev"
_FILES = ("cdk.json", "cdk.context.json")
_OWN = ("@aws-cdk", "aws:", "aws-cdk")
"""How CDK's own keys begin: feature flags, and what its command line adds, such as aws:cdk:enable-path-metadata."""
_LOOKED_UP = re.compile(r":account=|^acknowledged-issue-numbers$")
"""What the CDK command line remembers in cdk.context.json: look-ups in an account, and notices that were read."""


@dataclass(frozen=True, slots=True)
class Argument(Place):
    """A spot on the command line."""

    def __str__(self) -> str:
        """As it was typed, without the value."""
        return self.file

    # Places sort among each other whatever their class; a dataclass compares only with its own.
    def __lt__(self, other: Place) -> bool:
        return (self.file, self.line, self.column) < (other.file, other.line, other.column)

    def __gt__(self, other: Place) -> bool:
        return (self.file, self.line, self.column) > (other.file, other.line, other.column)


@dataclass(frozen=True, slots=True)
class Context:
    """What the context says."""

    name: str | None
    """The environment's; None if the one that was chosen can't be one."""
    chosen: Place | None
    """Where it was chosen; None if it is the default."""
    layer: Document
    """The settings that override the file's."""


class _Odd(ValueError):
    """A value that no setting has."""


def read_context(root: FilePath, context: Mapping[str, object], findings: Findings) -> Context:
    """Sort the context into the environment's name, settings and CDK's own keys; the rest are errors."""
    written = [document for file in _FILES if (document := _context_file(root, file)) is not None]
    layer = Document("-c", {})
    name: str | None = DEFAULT
    chosen: Place | None = None
    # Shorter keys first, so that `lex.guests` counts more than `lex`.
    for key, value in sorted(context.items(), key=lambda item: (item[0].count("."), item[0])):
        if key.startswith(_OWN) or _LOOKED_UP.search(key):
            continue
        source = _source(key, value, written)
        place = source.key(("context", key)) if source else Argument(f"-c {printable(key)}", 1, 1)
        path = _path(key)
        if path is None and key != ENVIRONMENT:
            findings.error(place, _unknown(key))
            continue
        try:
            plain = _plain(value)
            if path is not None and isinstance(plain, str):
                plain = unfolded(path, plain)
        except ValueError as odd:
            findings.error(place, f"`{printable(key)}` {odd}")
            continue
        if path is not None:
            _add(layer, path, plain, source, place)
        elif plain is not None:
            chosen = place
            name = _name(plain, place, findings)
    return Context(name, chosen, layer)


def _name(plain: Plain, place: Place, findings: Findings) -> str | None:
    if not isinstance(plain, str):
        findings.error(place, f"`environment` wants the name of a file in environments/, not {shown(plain)}.")
        return None
    try:
        return values.name(plain)
    except ValueError as broken:
        findings.error(place, str(broken))
        return None


def _path(key: str) -> Path | None:
    path: Path = tuple(key.split("."))
    if path in settings():
        return path
    for group in OPEN:
        start = ".".join(map(str, group)) + "."
        if key.startswith(start) and len(key) > len(start):
            return (*group, key[len(start) :])
    return None


def _unknown(key: str) -> str:
    if names_secret(key):
        return (
            "a secret is no setting, and a command line is seen by others. Put it into Secrets Manager and give its "
            "name as `alexa.vendor.login_secret`."
        )
    if key == "name":
        return "`name` is no setting: an environment is called like its file. Write -c environment=NAME."
    known = [ENVIRONMENT, *(".".join(map(str, path)) for path in settings())]
    return f"there is no setting {shown(key)}. {did_you_mean(key, known)}"


def _plain(value: object, depth: int = 0) -> Plain:
    """The value as a file would hold it: numbers and switches are text."""
    if depth > DEEPEST:
        raise _Odd(f"is nested more than {DEEPEST} deep, as no setting is. Check its brackets.")
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # Python refuses to write out numbers of thousands of digits; no setting has more than twelve.
        return str(value) if value.bit_length() < 256 else "a number of more than 70 digits"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    raise _Odd("is neither text, number, switch, list nor mapping. Write one of these.")


def _add(layer: Document, path: Path, plain: Plain, source: Document | None, place: Place) -> None:
    nested: Plain = plain
    for step in reversed(path):
        nested = {str(step): nested}
    layer.data = overlaid(layer.data, nested)
    key: Path = ("context", ".".join(map(str, path)))
    for end in range(1, len(path)):
        layer.values.setdefault(path[:end], place)
    for below in _below(plain):
        whole = (*path, *below)
        layer.values[whole] = source.at((*key, *below)) if source else place
        layer.keys[whole] = source.key((*key, *below)) if source else place


def _below(plain: Plain) -> list[Path]:
    items: list[tuple[str | int, Plain]] = []
    if isinstance(plain, dict):
        items.extend(plain.items())
    elif isinstance(plain, list):
        items.extend(enumerate(plain))
    return [(), *((step, *rest) for step, item in items for rest in _below(item))]


def _context_file(root: FilePath, name: str) -> Document | None:
    """A file of CDK's, only to know what stands where in it: CDK has read it before us and found no fault."""
    path = root / name
    if not path.is_file():
        return None
    # JSON is YAML, but for tabs, which JSON allows between its words only.
    text = path.read_bytes().decode("utf-8", "replace").replace("\t", " ")
    return parse(text, name, Findings())


def _source(key: str, value: object, written: list[Document]) -> Document | None:
    for document in written:
        there = mapping(mapping(document.data).get("context"))
        try:
            if key in there and there[key] == _plain(value):
                return document
        except _Odd:
            return None
    return None

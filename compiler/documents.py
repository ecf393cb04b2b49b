"""One YAML file as plain data that remembers where each key and value stands.

Scalars stay the text that the author wrote: `no`, `on`, `20:00` and `0.10` are words, not booleans,
sexagesimal numbers or floats (YAML 1.1 would make them so). What is a number or a switch is decided
by the shape that the file must have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath

import yaml

from compiler.places import Path, Place
from compiler.problems import Findings

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML without libyaml is slower, not wrong
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]  # same interface, other class

Plain = str | list["Plain"] | dict[str, "Plain"] | None
"""What a file holds: mappings, lists, text, nothing."""

_NULL = {"", "~", "null", "Null", "NULL"}
_TABBED = "found character '\\t' that cannot start any token"
_UNCLOSED = "found unexpected end of stream"
_WORDS = {
    _UNCLOSED: "a quoted text is never closed. Add the closing quote",
    _TABBED: "a tab is used for indentation. Use spaces",
    "found character that cannot start any token": ("this character can't start a value. Put the text in quotes"),
    "mapping values are not allowed in this context": (
        "a colon with a space after it starts a new key here. Put the whole text in quotes"
    ),
    "did not find expected key": ("this line does not fit the mapping it stands in. Check its indentation and quotes"),
    "could not find expected ':'": "a key without a colon. Write `key: value`",
    "did not find expected '-' indicator": ("this line does not fit the list it stands in. Check its indentation"),
}


@dataclass(slots=True)
class Document:
    """A file's data and positions."""

    name: str
    """Path as it is shown to the author."""
    data: Plain = None
    values: dict[Path, Place] = field(default_factory=dict)
    """Where each value begins."""
    keys: dict[Path, Place] = field(default_factory=dict)
    """Where each mapping key begins, under the path of its value."""

    def at(self, path: Path) -> Place:
        """Where the value at `path` begins, or its nearest parent that the author wrote."""
        for end in range(len(path), -1, -1):
            found = self.values.get(path[:end])
            if found is not None:
                return found
        return Place(self.name, 1, 1)

    def key(self, path: Path) -> Place:
        """Where the key of the value at `path` begins, or else the value's place."""
        return self.keys.get(path) or self.at(path)


def read(file: FilePath, name: str, findings: Findings) -> Document | None:
    """Read one file. Problems of YAML itself go to `findings`; None if nothing could be read."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as broken:
        line = broken.object[: broken.start].count(b"\n") + 1
        findings.error(Place(name, line, 1), "this is not UTF-8 text. Save the file as UTF-8.")
        return None
    return parse(text, name, findings)


def parse(text: str, name: str, findings: Findings) -> Document | None:
    """Parse the text of a file. Problems of YAML itself go to `findings`; None if it can't be read."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as broken:
        unclosed = broken.problem == _UNCLOSED
        mark = (broken.context_mark if unclosed else None) or broken.problem_mark or broken.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
        findings.error(place, f"{_explained(broken, text, mark)}.")
        return None
    except yaml.YAMLError as broken:
        findings.error(Place(name, 1, 1), f"this is not YAML: {broken}.")
        return None
    document = Document(name)
    if node is not None:
        document.data = _plain(node, (), document, findings, ())
    return document


def _explained(broken: yaml.MarkedYAMLError, text: str, mark: yaml.Mark | None) -> str:
    problem = str(broken.problem or "this is not YAML")
    if mark is not None:
        lines = text.splitlines()
        before = lines[mark.line][: mark.column + 1] if mark.line < len(lines) else ""
        if "\t" in before and not before.strip():
            problem = _TABBED
    return _WORDS.get(problem, problem)


def _plain(node: yaml.Node, path: Path, document: Document, findings: Findings, above: tuple[int, ...]) -> Plain:
    place = _place(document.name, node)
    document.values[path] = place
    if id(node) in above:
        findings.error(place, "this alias contains itself. Write the value out.")
        return None
    inside = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document, findings, inside)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, i), document, findings, inside) for i, item in enumerate(node.value)]
    if not node.tag.startswith("tag:yaml.org,2002:"):
        findings.error(place, f"the tag `{node.tag}` means nothing here. Leave it out.")
    text = str(node.value)
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    return None if plain and text in _NULL else text


def _mapping(
    node: yaml.MappingNode, path: Path, document: Document, findings: Findings, above: tuple[int, ...]
) -> Plain:
    found: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        place = _place(document.name, key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            findings.error(place, "a key must be plain text. Put it in quotes if it holds brackets or braces.")
            continue
        key = str(key_node.value)
        if key in found:
            first = document.keys[(*path, key)]
            findings.error(place, f"the key `{key}` is here twice, first in line {first.line}. Keep one of them.")
            continue
        document.keys[(*path, key)] = place
        found[key] = _plain(value_node, (*path, key), document, findings, above)
    return found


def _place(name: str, node: yaml.Node) -> Place:
    return Place(name, node.start_mark.line + 1, node.start_mark.column + 1)


def mapping(data: Plain) -> Mapping[str, Plain]:
    """The data as a mapping; an empty one if it is anything else."""
    return data if isinstance(data, dict) else {}

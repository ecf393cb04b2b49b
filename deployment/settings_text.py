"""Mappings and lists that stand in the context as one text, in YAML's or JSON's braces and brackets."""

from __future__ import annotations

from compiler.documents import Plain, parse
from compiler.places import Path
from compiler.problems import Findings
from deployment.settings_file import outlandish
from deployment.shapes import LISTS, OPEN, groups

_LABEL = "-c"


def unfolded(path: Path, text: str) -> Plain:
    """What `text` says of the setting at `path`: a mapping's keys, a list's items, or else the text as it is.

    Of a list the items may stand between commas without brackets. Raises ValueError, with the form that is wanted,
    if there are braces or brackets that can't be read; what stood in them is not repeated.
    """
    opened = text.lstrip()[:1]
    if path in LISTS:
        return _items(path, text) if opened == "[" else [item.strip() for item in text.split(",") if item.strip()]
    if opened == "{" and (path in OPEN or path in groups()):
        return _keys(path, text)
    return text


def forms(path: Path) -> str:
    """How the keys of the setting at `path` are given on a command line."""
    key = ".".join(map(str, path))
    return f"Name one of them, as in -c {key}.KEY=VALUE, or several, in quotes: -c '{key}={{KEY: VALUE, KEY: VALUE}}'."


def _keys(path: Path, text: str) -> Plain:
    found = _read(text)
    if not isinstance(found, dict):
        raise ValueError(
            "wants keys with values, and what stands between its braces can't be read as such (each key once, a colon "
            f"and a space after it, commas between, a brace at the end). {forms(path)}"
        )
    return {key: value for one in found.items() for key, value in (_apart(*one),)}


def _apart(key: str, value: Plain) -> tuple[str, Plain]:
    """`{lex_turn:5}` is to YAML the key `lex_turn:5` without a value; nobody means that."""
    word, colon, rest = key.partition(":")
    return (word, rest) if value is None and word and colon and rest and ":" not in rest else (key, value)


def _items(path: Path, text: str) -> Plain:
    found = _read(text)
    if not isinstance(found, list):
        key = ".".join(map(str, path))
        raise ValueError(
            "wants a list, and what stands between its brackets can't be read as one. "
            f"Write its items with commas between them, as in -c '{key}=ITEM, ITEM'."
        )
    return found


def _read(text: str) -> Plain:
    """The text's data; None if it is no YAML, or not of the kind that settings are."""
    # A shell may hand over half characters, which YAML's reader can't take.
    whole = text.encode("utf-8", "replace").decode()
    if outlandish(whole, _LABEL) is not None:
        return None
    findings = Findings()
    document = parse(whole, _LABEL, findings)
    return None if document is None or findings.failed else document.data

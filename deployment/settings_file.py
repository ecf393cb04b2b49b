"""Finding and reading `environments/<name>.yaml`."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

import yaml

from compiler.documents import Document, read
from compiler.places import Place
from compiler.problems import Findings, nearest
from deployment.settings_secrets import printable

FOLDER = "environments"
LARGEST = 100_000
"""Bytes; a settings file of ours has some three thousand."""
DEEPEST = 8
"""Mappings and lists in one another; ours has four."""
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def settings_file(root: FilePath, name: str, chosen: Place | None, findings: Findings) -> Document | None:
    """The file's data and positions; None, with the reason in `findings`, if it can't be read.

    `chosen` is where the environment was named, if it was: that is where a missing file is reported.
    """
    label = f"{FOLDER}/{name}.yaml"
    path = root / FOLDER / f"{name}.yaml"
    here = Place(label, 1, 1)
    if not path.is_file():
        findings.error(chosen or here, f"there is no {label}. {_instead(root / FOLDER, name)}")
        return None
    try:
        content = path.read_bytes()
    except OSError as broken:
        findings.error(here, f"this file can't be read: {broken.strerror}. Mend its permissions.")
        return None
    if len(content) > LARGEST:
        findings.error(here, f"this file has {len(content)} bytes, too many for settings. Is it another file?")
        return None
    odd = outlandish(content.decode("utf-8", "replace"), label)
    if odd is not None:
        findings.error(*odd)
        return None
    return read(path, label, findings)


def _instead(folder: FilePath, name: str) -> str:
    if (folder / f"{name}.yml").is_file():
        return f"There is {FOLDER}/{name}.yml: give it the ending .yaml."
    there = sorted(path.stem for path in folder.glob("*.yaml") if path.is_file()) if folder.is_dir() else []
    if not there:
        return "Write it: an empty file means all defaults."
    close = nearest(name, there)
    guess = f"Did you mean `{printable(close)}`? " if close else ""
    files = ", ".join(f"{FOLDER}/{printable(stem)}.yaml" for stem in there)
    return f"{guess}Write it, or choose with -c environment=NAME one of those there are: {files}."


def outlandish(text: str, label: str) -> tuple[Place, str] | None:
    """What is YAML but could take for ever to read: aliases that double with each level, or a bottomless nest.

    None if there is nothing of the kind; also if it is no YAML, which the reader that comes next says better.
    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            mark = event.start_mark
            place = Place(label, mark.line + 1, mark.column + 1) if mark else Place(label, 1, 1)
            if isinstance(event, yaml.AliasEvent):
                return place, "settings have no aliases. Write the value out."
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    return (
                        place,
                        f"this is nested more than {DEEPEST} deep, as no setting is. Check brackets and dashes.",
                    )
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return None
    return None

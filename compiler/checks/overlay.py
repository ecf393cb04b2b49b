"""A locale's overlay: words only, and all of them."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.documents import Document, Plain
from compiler.places import Path, Place
from compiler.problems import Findings, did_you_mean
from compiler.shapes import VARIANTS
from compiler.telephone_shapes import TELEPHONE

_WORDS = (
    "label", "doing", "keywords", "utterances", "ask", "again", "help", "confirm", "confirm_again", "begun", "done",
    "item", "refused", "answer", "name", "synonyms",
)  # fmt: skip
_SAID: tuple[Path, ...] = (("keywords",), ("utterances",))
"""A locale may have keywords where the default one has utterances only, and the other way round."""
_BANK_WORDS = ("corrections", "invocation")
_PHRASES: Path = ("phrases",)
_HOLDERS = ("slots", "values", "intent")


def check_overlay(name: str, below: Document, above: Document | None, label: str, findings: Findings) -> None:
    """What one overlay file says beyond words, or leaves in the default locale's words."""
    wanted = [path for path, _ in _words(name, below.data, ())]
    if above is None:
        if wanted and name != "bank.yaml":
            findings.error(Place(label, 1, 1), "this translation is missing. Write the file, with the words only.")
        return
    given = {path for path, _ in _words(name, above.data, ())}
    for path in wanted:
        if path not in given and path not in _optional(name, wanted):
            place = above.key(path[:-1]) if len(path) > 1 else above.at(())
            findings.error(place, f"`{'.'.join(map(str, path))}` is not translated. Add it.")
    known = {path[:i] for path in wanted for i in range(1, len(path) + 1)}
    if known & set(_SAID):
        known |= set(_SAID)
    for path in _paths(above.data, ()):
        if path[:-1] and path[:-1] not in known:
            continue
        if path not in known and path != ("intent",) and not any(path[: len(w)] == w for w in wanted):
            siblings = [str(k[-1]) for k in known if k[:-1] == path[:-1]]
            findings.error(
                above.key(path),
                f"`{path[-1]}` can't be translated here. {did_you_mean(str(path[-1]), siblings)}",
            )


def _optional(name: str, wanted: list[Path]) -> set[Path]:
    """Words that may stay as they are: a value may have no synonyms, a business the same name everywhere."""
    spare = {path for path in wanted if path[-1] == "synonyms"}
    return spare | ({("invocation",)} if name == "bank.yaml" else set())


def _words(name: str, data: Plain, path: Path) -> Iterator[tuple[Path, Plain]]:
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        at = (*path, key)
        short = path[-1:] == ("values",) and isinstance(value, str)
        if name == "bank.yaml":
            if key in _BANK_WORDS:
                yield at, value
        elif name == TELEPHONE:
            if path == _PHRASES:
                yield at, value
            elif at == _PHRASES:
                yield from _words(name, value, at)
        elif name == "phrases.yaml" or short or (not path and key.startswith(VARIANTS)):
            yield at, value
        elif path and path[-1] in _HOLDERS and isinstance(value, dict):
            yield from _words(name, value, at)
        elif key in _WORDS and (path or name != "slot_types.yaml"):
            yield at, value
        elif isinstance(value, dict) and (key in _HOLDERS or name == "slot_types.yaml"):
            yield from _words(name, value, at)


def _paths(data: Plain, path: Path) -> Iterator[Path]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key)
            yield from _paths(value, (*path, key))

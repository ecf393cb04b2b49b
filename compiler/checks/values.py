"""slot_types.yaml: names, ids, words of values."""

from __future__ import annotations

import re
import unicodedata

from compiler.neutral import BUILT_IN, LABELS, built_in
from compiler.places import Path
from compiler.problems import Findings, did_you_mean
from compiler.shapes import SlotTypeShape
from compiler.source import Edition
from throughline.dialogue.values import fold

VALUE_LENGTH = 140
"""Characters of a value or synonym (Lex V2 API, Value)."""
TYPES = 250
"""Slot types of a bot locale (AWS::Lex::Bot, SlotTypes)."""
VALUES = 10_000
"""Values of a slot type (Lex V2 API, SlotTypeValues)."""
NAME_LENGTH = 100
"""Characters of a name (Lex V2 API, Name)."""
ALEXA_NAME = re.compile(r"[a-z]+(_[a-z]+)*")
_BOUNDED_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_ID = re.compile(r"[a-z0-9_]+")
_PUNCTUATION = frozenset(" '\u2019-_.&/+")
_RESERVED = {LABELS, "confirmation", "correct"}
_BOUNDED = ("digits", "text")


def check(edition: Edition, findings: Findings) -> None:
    """Every slot type."""
    file = edition.slot_types_file
    for name, shape in edition.slot_types.items():
        _name(name, shape, edition, findings)
        if (shape.values is None) == (shape.base is None):
            findings.error(file.key((name,)), f"`{name}` wants either `values` or `base`. Give exactly one of them.")
        _bounds(name, shape, edition, findings)
        _values(name, shape, edition, findings)
    used = {slot.type for intent in edition.intents.values() for slot in intent.shape.slots.values()}
    if edition.seen_intents == frozenset(edition.intents):
        for name in edition.slot_types:
            if name not in used:
                findings.warning(file.key((name,)), f"no slot has the type `{name}`. Use it or remove it.")
    if len(edition.slot_types) > TYPES - 2:
        findings.error(file.at(()), f"Lex takes {TYPES} slot types a locale, two of them generated. Remove some.")


def _name(name: str, shape: SlotTypeShape, edition: Edition, findings: Findings) -> None:
    place = edition.slot_types_file.key((name,))
    if built_in(name) or name == "choice":
        findings.error(place, f"`{name}` is a built-in type and can't be defined again. Choose another name.")
    elif name in _RESERVED:
        findings.error(place, f"`{name}` is a reserved name. Choose another one.")
    elif shape.values is not None and not ALEXA_NAME.fullmatch(name):
        findings.error(place, f"`{name}`: a choice is named with lower-case letters and single underscores (Alexa).")
    elif shape.values is None and not _BOUNDED_NAME.fullmatch(name):
        findings.error(place, f"`{name}`: a type is named with lower-case letters, digits and single underscores.")
    if len(name) > NAME_LENGTH:
        findings.error(place, f"a name may have {NAME_LENGTH} characters at most (Lex), this has {len(name)}.")


def _bounds(name: str, shape: SlotTypeShape, edition: Edition, findings: Findings) -> None:
    file = edition.slot_types_file
    for key in ("shortest", "longest"):
        if getattr(shape, key) is not None and shape.base not in _BOUNDED:
            findings.error(file.key((name, key)), f"`{key}` is for digits and text only. Remove it.")
    if shape.shortest and shape.longest and shape.shortest > shape.longest:
        findings.error(file.at((name, "shortest")), f"`shortest` is more than `longest` ({shape.longest}). Swap them.")


def _values(name: str, shape: SlotTypeShape, edition: Edition, findings: Findings) -> None:
    file = edition.slot_types_file
    if shape.values is None:
        return
    if not shape.values:
        findings.error(file.key((name, "values")), f"`{name}` has no values. Write at least one.")
    if len(shape.values) > VALUES:
        findings.error(file.key((name, "values")), f"Lex takes {VALUES} values a type, this has {len(shape.values)}.")
    said: dict[str, Path] = {}
    for value_id, value in shape.values.items():
        path: Path = (name, "values", value_id)
        if not _ID.fullmatch(value_id):
            suggestion = re.sub(r"[^a-z0-9]+", "_", value_id.lower()).strip("_")
            findings.error(file.key(path), f"`{value_id}`: a value's id has a-z, 0-9 and _ only. Try `{suggestion}`.")
        _word(value.name, (*path, "name"), said, edition, findings)
        for i, synonym in enumerate(value.synonyms):
            _word(synonym, (*path, "synonyms", i), said, edition, findings)


def _word(word: str, path: Path, said: dict[str, Path], edition: Edition, findings: Findings) -> None:
    file = edition.slot_types_file
    folded = fold(word)
    if not folded:
        findings.error(file.at(path), f"`{word}` has no letter or digit. Write how it is said.")
        return
    if len(word) > VALUE_LENGTH:
        findings.error(
            file.at(path), f"a value may have {VALUE_LENGTH} characters at most (Lex), this has {len(word)}."
        )
    odd = next((c for c in word if not _sayable(c)), None)
    if odd is not None:
        findings.error(file.at(path), f"`{word}` holds `{odd}`, which Lex and Alexa refuse. Write how it is said.")
    first = said.setdefault(folded, path)
    if first != path:
        findings.error(
            file.at(path),
            f"`{word}` is already a value or synonym of `{path[0]}` at {file.at(first)}. Remove one.",
        )


def _sayable(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LMN"


def known_type(edition: Edition, name: str) -> bool:
    """Whether a type of that name is declared, with or without mistakes, or built in."""
    return built_in(name) or name in edition.seen_types


def type_suggestion(edition: Edition, name: str) -> str:
    """The nearest type."""
    return did_you_mean(name, [*sorted(edition.seen_types), *sorted(BUILT_IN)])

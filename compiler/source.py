"""A checked model in memory: the files of each locale as typed shapes, with their positions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from compiler.documents import Document
from compiler.places import Path, Place
from compiler.problems import Problem
from compiler.prompts import Prompt
from compiler.shapes import BankShape, IntentShape, SlotShape, SlotTypeShape
from compiler.telephone_shapes import Telephone


@dataclass(frozen=True, slots=True)
class Located:
    """A file's positions; those of a locale's overlay come before those of the file it lies upon."""

    layers: tuple[Document, ...]

    def at(self, path: Path) -> Place:
        """Where a value begins."""
        layer = next((d for d in self.layers if path in d.values), self.layers[-1])
        return layer.at(path)

    def key(self, path: Path) -> Place:
        """Where a key begins."""
        layer = next((d for d in self.layers if path in d.keys), self.layers[-1])
        return layer.key(path)

    @property
    def name(self) -> str:
        """Path of the file, as shown to the author."""
        return self.layers[0].name


WORKING = ("task", "prove", "identify")
"""Roles that ask for things and do something."""


@dataclass(frozen=True, slots=True)
class AuthoredIntent:
    """One intent's file."""

    shape: IntentShape
    file: Located

    @property
    def name(self) -> str:
        """Name of the intent."""
        return self.shape.intent

    @property
    def works(self) -> bool:
        """Whether it asks for things and does something: a task, or a step up."""
        return self.shape.role in WORKING

    @property
    def samples(self) -> tuple[str, ...]:
        """What the recognisers learn it by: its keywords, then its utterances."""
        return (*self.shape.keywords, *self.shape.utterances)

    @property
    def asked(self) -> Mapping[str, SlotShape]:
        """Its slots that are no secret."""
        return {name: slot for name, slot in self.shape.slots.items() if not slot.sensitive}


@dataclass(frozen=True, slots=True)
class Edition:
    """The whole model in the words of one locale."""

    locale: str
    bank: BankShape
    bank_file: Located
    intents: Mapping[str, AuthoredIntent]
    """By name, in the order of their files' names."""
    slot_types: Mapping[str, SlotTypeShape]
    slot_types_file: Located
    phrases: Mapping[str, Prompt]
    tiered: Mapping[str, tuple[Prompt, ...]]
    phrases_file: Located
    seen_intents: frozenset[str] = frozenset()
    """Every intent that a file names, even if the file has a mistake elsewhere."""
    seen_types: frozenset[str] = frozenset()
    """Every slot type that is named, even if it has a mistake."""
    complete: bool = True
    """Whether slot types and phrases could be read at all: if not, nothing is said about what they lack."""
    telephone: Telephone | None = None
    """What the contact flows say and which queues there are; None if the model has no telephone."""

    def by_role(self, role: str) -> AuthoredIntent | None:
        """The intent of a universal role."""
        return next((i for i in self.intents.values() if i.shape.role == role), None)


@dataclass(frozen=True, slots=True)
class Source:
    """A model that passed every check."""

    folder: FilePath
    editions: Mapping[str, Edition]
    """By locale, the default one first."""
    warnings: tuple[Problem, ...] = ()
    default_locale: str = ""

    @property
    def default(self) -> Edition:
        """The edition that decides everything but words."""
        return self.editions[self.default_locale]

    @property
    def name(self) -> str:
        """The business's name."""
        return self.default.bank.name


def snake(name: str) -> str:
    """PascalCase to snake_case: the stem of an intent's file."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def pascal(stem: str) -> str:
    """snake_case to PascalCase: the intent that a file of that stem should hold."""
    return "".join(part.capitalize() for part in stem.split("_"))


def spaced(name: str) -> str:
    """A name as words: "StartOver" and "start_over" are "start over"."""
    return snake(name).replace("_", " ")

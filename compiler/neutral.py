"""Neutral kinds of value and what each platform calls them.

Built-in types: Amazon Lex V2 developer guide, "Built-in slot types"; Alexa Skills Kit, "Slot type reference".
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler.shapes import SlotTypeShape
from compiler.source import Edition
from throughline.dialogue.model import Base, SlotType

LABELS = "slot_label"
"""The generated choice of slots' labels."""
CORRECT = "Correct"
"""The generated intent."""
WHICH = "which"
"""Its slot for the label."""
LEX_ALPHANUMERIC = "AMAZON.AlphaNumeric"
ALEXA_FREE_TEXT = "AMAZON.SearchQuery"
LEX_FREE_TEXT = "AMAZON.FreeFormInput"

_LEX = {
    Base.MONEY: "AMAZON.Number",
    Base.NUMBER: "AMAZON.Number",
    Base.DATE: "AMAZON.Date",
    Base.TIME: "AMAZON.Time",
    Base.PHONE: "AMAZON.PhoneNumber",
    Base.EMAIL: "AMAZON.EmailAddress",
    Base.NAME: "AMAZON.FirstName",
    Base.CITY: "AMAZON.City",
    Base.TEXT: LEX_FREE_TEXT,
    Base.YES_NO: "AMAZON.Confirmation",
}
_ALEXA = {
    Base.MONEY: "AMAZON.NUMBER",
    Base.NUMBER: "AMAZON.NUMBER",
    Base.DATE: "AMAZON.DATE",
    Base.TIME: "AMAZON.TIME",
    Base.PHONE: "AMAZON.PhoneNumber",
    Base.EMAIL: ALEXA_FREE_TEXT,
    Base.NAME: "AMAZON.FirstName",
    Base.TEXT: ALEXA_FREE_TEXT,
    Base.YES_NO: "yes_no",
}
_FOUR = 4
BUILT_IN = frozenset(base.value for base in Base) - {Base.CHOICE.value}
_SHARED = {Base.MONEY: "number"}
_UNCORRECTABLE = {Base.TEXT, Base.YES_NO}
"""Free text would swallow every sentence; a bare yes or no answers the open question instead."""
_DEFAULTS = SlotType("", Base.TEXT)


@dataclass(frozen=True, slots=True)
class Kind:
    """A slot type resolved: its own name, its base, its bounds."""

    name: str
    base: Base
    values: tuple[str, ...] = ()
    shortest: int = _DEFAULTS.shortest
    longest: int = _DEFAULTS.longest

    @property
    def lex(self) -> str:
        """What a Lex slot of this kind has as its slot type.

        Digits get a type of their own below AMAZON.AlphaNumeric, which alone takes a pattern and keeps
        leading zeros; AMAZON.Number would turn 0042 into 42.
        """
        return _LEX.get(self.base, self.name)

    def alexa(self, locale: str) -> str:
        """What an Alexa slot of this kind has as its type."""
        if self.base is Base.DIGITS:
            return "AMAZON.FOUR_DIGIT_NUMBER" if self.shortest == self.longest == _FOUR else "AMAZON.NUMBER"
        if self.base is Base.CITY:
            return "AMAZON.US_CITY" if locale == "en_US" else "AMAZON.City"
        return _ALEXA.get(self.base, self.name)

    @property
    def correction(self) -> str:
        """Name of the slot that takes such a value in a correction; empty if none does."""
        if self.base in _UNCORRECTABLE:
            return ""
        return self.name if self.base is Base.CHOICE else _SHARED.get(self.base, self.base.value)


def built_in(name: str) -> bool:
    """Whether `name` is a neutral type that needs no declaration."""
    return name in BUILT_IN


def kind(edition: Edition, name: str) -> Kind | None:
    """The type called `name`, declared or built in; None if there is none."""
    declared = edition.slot_types.get(name)
    if declared is not None:
        return declared_kind(name, declared)
    return Kind(name, Base(name)) if built_in(name) else None


def declared_kind(name: str, shape: SlotTypeShape) -> Kind:
    """A type of slot_types.yaml."""
    return Kind(
        name,
        Base(shape.base) if shape.base else Base.CHOICE,
        tuple(shape.values or ()),
        shape.shortest or _DEFAULTS.shortest,
        shape.longest or _DEFAULTS.longest,
    )

"""Finds what could fill a slot: every stretch of an utterance that reads as a value of the slot's type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rehearsal.recogniser.codes import code_spans, email_spans, phone_spans
from rehearsal.recogniser.confirmation import read_confirmation
from rehearsal.recogniser.dates import WEEKDAYS, date_at
from rehearsal.recogniser.grammar import SlotType
from rehearsal.recogniser.kinds import Kind
from rehearsal.recogniser.listed import ListedIndex
from rehearsal.recogniser.numbers import amount_at, ordinal_at, plain
from rehearsal.recogniser.places import CITIES, COUNTRIES, STATES
from rehearsal.recogniser.times import UNITS, duration_at, time_at
from rehearsal.recogniser.words import Utterance

GAZETTEERS = {Kind.CITY: CITIES, Kind.COUNTRY: COUNTRIES, Kind.STATE: STATES}
NOT_A_COUNT = frozenset({
    "the", "this", "that", "another", "new", "second", "first", "third", "last", "other", "which", "no",
    "old", "different", "each", "every",
})  # fmt: skip
AFTER_OTHER_NUMBERS = frozenset(UNITS) | {
    "am",
    "pm",
    "%",
    "percent",
    "o'clock",
    "oclock",
    "st",
    "nd",
    "rd",
    "th",
}


@dataclass(frozen=True, slots=True)
class SlotReading:
    """A slot's value in the three shapes that Lex gives it."""

    original: str
    """The customer's own words."""
    interpreted: str
    """The value that they stand for."""
    resolved: tuple[str, ...]
    """All values that they may stand for, the interpreted one first; empty if the list does not know them."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of words that reads as a value."""

    start: int
    """First word."""
    end: int
    """The word after the last."""
    reading: SlotReading
    """What it reads as."""
    strength: float
    """0 to 1: how surely this is such a value."""


class Reader:
    """Knows the lists of one grammar; finds values of any type in any utterance."""

    def __init__(self, slot_types: Mapping[str, SlotType]) -> None:
        self._lists = {one.name: _index(one) for one in slot_types.values() if one.values}
        self._gazetteers = {kind: ListedIndex.of(names.items()) for kind, names in GAZETTEERS.items()}

    def spans(self, utterance: Utterance, slot_type: SlotType, today: date, hints: Sequence[str] = ()) -> list[Span]:
        """Every stretch that reads as that type; they may overlap. `hints` are phrases to expect (runtime
        hints).
        """
        found: list[Span] = []
        index = self._lists.get(slot_type.name)
        if index is not None:
            found.extend(_listed(utterance, index, slot_type.resolve))
        if hints:
            found.extend(_listed(utterance, ListedIndex.of((hint, hint) for hint in hints), True))
        gazetteer = self._gazetteers.get(slot_type.kind)
        if gazetteer is not None:
            found.extend(_listed(utterance, gazetteer, True))
        finder = _FINDERS.get(slot_type.kind)
        if finder is not None:
            found.extend(finder(utterance, today))
        return [span for span in found if fits(slot_type, span.reading)]


def fits(slot_type: SlotType, reading: SlotReading) -> bool:
    """Whether the value matches the type's own regular expression, if it has one."""
    if slot_type.pattern is None:
        return True
    return re.fullmatch(slot_type.pattern, reading.interpreted, re.IGNORECASE) is not None


def as_said(text: str, known: bool = False) -> SlotReading:
    """A reading that takes the words as they are."""
    return SlotReading(text, text, (text,) if known else ())


def single(original: str, value: str) -> SlotReading:
    """A reading with exactly one meaning."""
    return SlotReading(original, value, (value,))


def _index(slot_type: SlotType) -> ListedIndex:
    return ListedIndex.of(
        (phrase, value.canonical) for value in slot_type.values for phrase in (value.canonical, *value.synonyms)
    )


def _listed(utterance: Utterance, index: ListedIndex, resolve: bool) -> Iterator[Span]:
    for match in index.find(utterance.lower):
        original = utterance.between(match.start, match.end)
        interpreted = match.canonical[0] if resolve else original
        yield Span(match.start, match.end, SlotReading(original, interpreted, match.canonical), match.strength)


def _numbers(utterance: Utterance, _: date) -> Iterator[Span]:
    words, position = utterance.lower, 0
    while position < len(words):
        found = amount_at(words, position)
        if found is None or (not found[2] and _pronoun(words, position, found[0])):
            position += 1
            continue
        end, value, money = found
        follows = words[end] if end < len(words) else ""
        strength = 1.0 if money else 0.3 if follows in AFTER_OTHER_NUMBERS else 0.9
        yield Span(position, end, single(utterance.between(position, end), plain(value, money)), strength)
        position = end


def _pronoun(words: Sequence[str], start: int, end: int) -> bool:
    """Whether "one" stands for a thing, as in "the checking one" or "another one"."""
    return words[start:end] == ("one",) and not NOT_A_COUNT.isdisjoint(words[max(0, start - 3) : start])


def _percentages(utterance: Utterance, today: date) -> Iterator[Span]:
    words = utterance.lower
    for span in _numbers(utterance, today):
        following = words[span.end : span.end + 2]
        extra = 1 if following[:1] in (("%",), ("percent",)) else 2 if following == ("per", "cent") else 0
        end = span.end + extra
        reading = single(utterance.between(span.start, end), f"{span.reading.interpreted}%")
        yield Span(span.start, end, reading, 1.0 if extra else 0.4)


def _ordinals(utterance: Utterance, today: date) -> Iterator[Span]:
    words, position = utterance.lower, 0
    while position < len(words):
        found = ordinal_at(words, position)
        if found is not None:
            end = found[0]
            yield Span(position, end, single(utterance.between(position, end), str(found[1])), 0.9)
        position = found[0] if found else position + 1


def _dates(utterance: Utterance, today: date) -> Iterator[Span]:
    words, position = utterance.lower, 0
    while position < len(words):
        found = date_at(words, position, today)
        if found is not None:
            reading = single(utterance.between(position, found[0]), found[1])
            yield Span(position, found[0], reading, 0.95 if words[position] in WEEKDAYS else 1.0)
        position = found[0] if found else position + 1


def _times(utterance: Utterance, _: date) -> Iterator[Span]:
    words, position = utterance.lower, 0
    while position < len(words):
        found = time_at(words, position)
        if found is not None:
            original = utterance.between(position, found[0])
            yield Span(position, found[0], SlotReading(original, found[1][0], found[1]), 1.0)
        position = found[0] if found else position + 1


def _durations(utterance: Utterance, _: date) -> Iterator[Span]:
    words, position = utterance.lower, 0
    while position < len(words):
        found = duration_at(words, position)
        if found is not None:
            yield Span(position, found[0], single(utterance.between(position, found[0]), found[1]), 1.0)
        position = found[0] if found else position + 1


def _confirmations(utterance: Utterance, _: date) -> Iterator[Span]:
    answer = read_confirmation(utterance.text)
    if answer is not None:
        yield Span(0, len(utterance.words), single(utterance.text, answer.value), 1.0)


def _codes(utterance: Utterance, _: date) -> Iterator[Span]:
    for start, end, value in code_spans(utterance, letters=True):
        yield Span(start, end, single(utterance.between(start, end), value), 0.9)


def _digits(utterance: Utterance, _: date) -> Iterator[Span]:
    for start, end, value in code_spans(utterance, letters=False):
        yield Span(start, end, single(utterance.between(start, end), value), 0.9)


def _phones(utterance: Utterance, _: date) -> Iterator[Span]:
    for start, end, value in phone_spans(utterance):
        yield Span(start, end, single(utterance.between(start, end), value), 1.0)


def _emails(utterance: Utterance, _: date) -> Iterator[Span]:
    for start, end, value in email_spans(utterance):
        yield Span(start, end, single(utterance.between(start, end), value), 1.0)


_FINDERS: dict[Kind, Callable[[Utterance, date], Iterator[Span]]] = {
    Kind.NUMBER: _numbers,
    Kind.ORDINAL: _ordinals,
    Kind.PERCENTAGE: _percentages,
    Kind.DATE: _dates,
    Kind.TIME: _times,
    Kind.DURATION: _durations,
    Kind.CONFIRMATION: _confirmations,
    Kind.ALPHANUMERIC: _codes,
    Kind.DIGITS: _digits,
    Kind.PHONE: _phones,
    Kind.EMAIL: _emails,
}

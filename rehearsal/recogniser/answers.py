"""Reads the answer to a question: the bare value for one slot, with the words that people wrap around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rehearsal.recogniser.codes import spelled
from rehearsal.recogniser.grammar import SlotType
from rehearsal.recogniser.kinds import OPEN, Kind
from rehearsal.recogniser.numbers import number_at, ordinal_at
from rehearsal.recogniser.readings import Reader, SlotReading, Span, as_said, fits, single
from rehearsal.recogniser.words import Utterance, cut

CARRIERS = frozenset({
    "it", "it's", "its", "is", "that", "that's", "this", "um", "uh", "er", "erm", "hmm", "make", "i", "i'd",
    "i'll", "i'm", "want", "would", "like", "let's", "let", "us", "say", "do", "to", "the", "a", "an", "my",
    "from", "for", "on", "at", "in", "please", "well", "ok", "okay", "yeah", "yes", "maybe", "actually",
    "no", "change", "be", "use", "put", "set", "mean", "meant", "take", "think", "guess", "thanks", "thank",
    "you", "one", "with", "of", "about", "how", "just", "then", "should", "and", "will", "have", "go",
    "going", "by", "around", "into", "them", "so", "we", "could", "can", "sorry", "rather", "instead",
    "not", "oh", "was", "name", "called", "number", "there", "need", "choose", "pick", "prefer", "option",
    "account", "card", "me", "your", "probably", "exactly", "only", "amount", "date", "are", "s",
})  # fmt: skip
NAMES = frozenset({Kind.FIRST_NAME, Kind.LAST_NAME, Kind.CITY, Kind.COUNTRY, Kind.STATE})
POSITIONS = {"former": 0, "latter": -1, "last": -1}
GUESS, NAMED, CHOSEN = 0.45, 0.65, 0.85


def answer_spans(
    reader: Reader, utterance: Utterance, slot_type: SlotType, today: date, hints: Sequence[str] = ()
) -> list[Span]:
    """All that could fill the slot that was asked for, what only makes sense as an answer included."""
    found = [_surer(span, slot_type.kind) for span in reader.spans(utterance, slot_type, today, hints)]
    found.extend(span for span in _only_as_answer(reader, utterance, slot_type, today) if fits(slot_type, span.reading))
    if hints:
        found.extend(_by_position(utterance, hints))
    if not found and (slot_type.kind in OPEN | NAMES or slot_type.accepts_others):
        found.extend(span for span in _as_it_stands(utterance, slot_type) if fits(slot_type, span.reading))
    return found


def coverage(utterance: Utterance, spans: Iterable[Span]) -> float:
    """The share, 0 to 1, of the words that matter which the spans account for."""
    inside = {index for span in spans for index in range(span.start, span.end)}
    matter = [index for index, word in enumerate(utterance.lower) if index in inside or word not in CARRIERS]
    return len(inside & set(matter)) / len(matter) if matter else 0.0


def _surer(span: Span, kind: Kind) -> Span:
    """A plain number is an amount, a percentage or a code when one was asked for."""
    floor = 0.85 if kind in (Kind.NUMBER, Kind.PERCENTAGE, Kind.DIGITS, Kind.ALPHANUMERIC) else 0.0
    return Span(span.start, span.end, span.reading, max(span.strength, floor))


def _only_as_answer(reader: Reader, utterance: Utterance, slot_type: SlotType, today: date) -> Iterable[Span]:
    start, end = _core(utterance)
    if start == end:
        return
    kind, words = slot_type.kind, utterance.lower
    if kind in (Kind.NUMBER, Kind.ORDINAL, Kind.DATE):
        for position in range(start, end):
            ordinal = ordinal_at(words, position) or (_bare_day(words, position) if kind is Kind.DATE else None)
            if ordinal is not None and kind is Kind.DATE:
                asked = cut(f"the {ordinal[1]}th")
                for span in reader.spans(asked, slot_type, today):
                    original = utterance.between(position, ordinal[0])
                    yield Span(position, ordinal[0], single(original, span.reading.interpreted), 0.8)
            elif ordinal is not None:
                original = utterance.between(position, ordinal[0])
                yield Span(position, ordinal[0], single(original, str(ordinal[1])), 0.8)
    if kind is Kind.TIME:
        asked = cut(f"at {utterance.between(start, end)}")
        for span in reader.spans(asked, slot_type, today):
            if span.start == 1:
                yield Span(start, start + span.end - 1, span.reading, 0.8)
    if kind in (Kind.ALPHANUMERIC, Kind.DIGITS):
        part = cut(utterance.between(start, end))
        code = spelled(part) or ("" if len(part.words) > 1 else part.text)
        if code and (kind is Kind.ALPHANUMERIC or code.isdecimal()) and code.isalnum():
            yield Span(start, end, single(utterance.between(start, end), code), 0.8)
    if kind is Kind.FREE_TEXT:
        yield Span(0, len(words), single(utterance.text, utterance.text), GUESS)


def _bare_day(words: Sequence[str], position: int) -> tuple[int, int] | None:
    """Read "3" or "twelve" as an answer to "on which day?"."""
    number = number_at(words, position)
    if number is None or len(words) > 4 or number[1] != int(number[1]) or not 1 <= number[1] <= 31:
        return None
    return number[0], int(number[1])


def _by_position(utterance: Utterance, hints: Sequence[str]) -> Iterable[Span]:
    """Read "the second one" as the second of the phrases that were offered."""
    words = utterance.lower
    for position, word in enumerate(words):
        ordinal = ordinal_at(words, position)
        place = ordinal[1] - 1 if ordinal is not None else POSITIONS.get(word)
        end = ordinal[0] if ordinal is not None else position + 1
        if place is not None and -1 <= place < len(hints):
            yield Span(position, end, single(utterance.between(position, end), hints[place]), CHOSEN)


def _as_it_stands(utterance: Utterance, slot_type: SlotType) -> Iterable[Span]:
    """The words themselves, for a type that takes what it does not know."""
    start, end = _core(utterance)
    length = end - start
    if slot_type.kind in (Kind.PHRASE, Kind.FREE_TEXT) and length:
        said = as_said(utterance.between(start, end))
        yield Span(start, end, SlotReading(said.original, said.interpreted, (said.interpreted,)), GUESS)
    elif 0 < length <= 3:
        known = slot_type.kind in NAMES
        said = as_said(utterance.between(start, end), known=known)
        yield Span(start, end, said, NAMED if known and length <= 2 else GUESS)


def _core(utterance: Utterance) -> tuple[int, int]:
    """The words between the carriers at both ends; all of them if they are nothing but carriers."""
    words = utterance.lower
    start, end = 0, len(words)
    while start < end and words[start] in CARRIERS:
        start += 1
    while end > start and words[end - 1] in CARRIERS:
        end -= 1
    return start, end

"""Fills the slots of one intent from an utterance that need not follow any sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rehearsal.recogniser.contexts import SLOT_MARK, Contexts, surroundings
from rehearsal.recogniser.grammar import SlotType
from rehearsal.recogniser.kinds import OPEN, Kind
from rehearsal.recogniser.readings import Span, as_said, fits
from rehearsal.recogniser.words import DETERMINERS, Utterance

STOPS = frozenset({
    "from", "to", "into", "on", "at", "for", "with", "by", "in", "about", "and", "or", "please", "using",
    "out", "of", "is", "as", "because", "so", "that", "thanks", "today", "tomorrow", "now",
})  # fmt: skip
LONGEST_OPEN = {Kind.FIRST_NAME: 1, Kind.LAST_NAME: 2, Kind.CITY: 3, Kind.PHRASE: 40, Kind.LISTED: 3}
BEAM = 40
ENOUGH_ALONE, ENOUGH_WITH_CONTEXT = 0.75, 0.85
ELICITED_BONUS = 0.6


@dataclass(frozen=True, slots=True)
class Option:
    """One way to fill one slot."""

    slot: str
    """The slot."""
    span: Span
    """What would fill it."""
    support: float
    """What the words around it say."""
    score: float
    """All in all."""


def fill(
    utterance: Utterance,
    types: Mapping[str, SlotType],
    spans: Mapping[str, Sequence[Span]],
    contexts: Contexts,
    elicited: str | None = None,
) -> dict[str, Span]:
    """The best filling without overlaps; `types` and `spans` are per slot, in the order of the slots."""
    known = _covered(utterance, spans)
    options: list[Option] = []
    for slot, slot_type in types.items():
        found = list(spans.get(slot, ()))
        if slot_type.kind in OPEN or slot_type.accepts_others:
            found.extend(_open_spans(utterance, slot_type, contexts, slot, known))
        options.extend(
            _weigh(utterance, slot, span, contexts, known, slot == elicited)
            for span in found
            if slot_type.kind is not Kind.FREE_TEXT
        )
    options = [option for option in options if _convincing(option, slot_is_elicited=option.slot == elicited)]
    return _best(_without_guesses(options, tuple(types), elicited), tuple(types))


def _weigh(
    utterance: Utterance, slot: str, span: Span, contexts: Contexts, known: frozenset[int], elicited: bool
) -> Option:
    words = list(utterance.lower)
    support = contexts.support(slot, surroundings(words, span.start, span.end))
    if span.start and span.start - 1 in known:
        marked = [*words[: span.start - 1], SLOT_MARK, *words[span.start :]]
        support = max(support, contexts.support(slot, surroundings(marked, span.start, span.end)))
    length = min(0.1 * (span.end - span.start - 1), 0.4)
    bonus = ELICITED_BONUS if elicited else 0.0
    return Option(slot, span, support, span.strength + support + length + bonus)


def _convincing(option: Option, slot_is_elicited: bool) -> bool:
    if option.span.strength >= ENOUGH_ALONE:
        return option.support > -0.5 or slot_is_elicited
    return slot_is_elicited or option.span.strength + option.support >= ENOUGH_WITH_CONTEXT


def _without_guesses(options: list[Option], order: tuple[str, ...], elicited: str | None) -> list[Option]:
    """Drops a value that fits two slots equally, unless the utterance holds a value for each of them."""
    kept: list[Option] = []
    for option in options:
        rivals = [
            other
            for other in options
            if other.slot != option.slot and (other.span.start, other.span.end) == (option.span.start, option.span.end)
        ]
        undecided = [other for other in rivals if abs(other.score - option.score) < 0.05]
        if not undecided or elicited == option.slot:
            kept.append(option)
            continue
        places = {other.span.start for other in options if other.slot == option.slot}
        if len(places) > len(undecided):
            rank = order.index(option.slot)
            kept.append(Option(option.slot, option.span, option.support, option.score - 0.01 * rank))
    return kept


def _best(options: Sequence[Option], order: tuple[str, ...]) -> dict[str, Span]:
    beam: list[tuple[float, dict[str, Span]]] = [(0.0, {})]
    for slot in order:
        wider = list(beam)
        for score, chosen in beam:
            wider.extend(
                (score + option.score, chosen | {slot: option.span})
                for option in options
                if option.slot == slot and not any(_overlap(option.span, span) for span in chosen.values())
            )
        wider.sort(key=lambda entry: -entry[0])
        beam = wider[:BEAM]
    return beam[0][1]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _covered(utterance: Utterance, spans: Mapping[str, Sequence[Span]]) -> frozenset[int]:
    return frozenset(
        index
        for found in spans.values()
        for span in found
        if span.strength >= ENOUGH_ALONE
        for index in range(span.start, span.end)
    )


def _open_spans(
    utterance: Utterance, slot_type: SlotType, contexts: Contexts, slot: str, known: frozenset[int]
) -> list[Span]:
    """Words that nothing knows, standing where the samples have the slot."""
    words, lefts = utterance.lower, contexts.lefts(slot)
    found: list[Span] = []
    longest = LONGEST_OPEN.get(slot_type.kind, 3)
    for start in range(1, len(words)):
        if surroundings(words, start, start + 1)[0] not in lefts or start in known or words[start] in STOPS:
            continue
        if words[start - 1] in DETERMINERS:
            continue
        if slot_type.kind is not Kind.PHRASE and words[start] in contexts.own_words - DETERMINERS:
            continue
        end, content = start, 0
        while end < len(words) and end not in known and content < longest:
            if words[end] in STOPS and (slot_type.kind is not Kind.PHRASE or words[end] == "please"):
                break
            content += words[end] not in DETERMINERS
            end += 1
        if content and any(char.isalpha() for word in words[start:end] for char in word):
            reading = as_said(utterance.between(start, end))
            if fits(slot_type, reading):
                found.append(Span(start, end, reading, 0.3 if slot_type.kind is Kind.LISTED else 0.55))
    return found

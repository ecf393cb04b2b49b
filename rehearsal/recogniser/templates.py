"""Matches an utterance word by word with the samples, slots standing for the values that fit them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rehearsal.recogniser.embeddings import shared_embeddings
from rehearsal.recogniser.grammar import Grammar
from rehearsal.recogniser.kinds import OPEN
from rehearsal.recogniser.readings import Span, as_said
from rehearsal.recogniser.training_set import SLOT
from rehearsal.recogniser.words import Utterance, allowed_edits, cut, opened, within_edits

FILLERS = frozenset({
    "please", "um", "uh", "er", "erm", "hmm", "hey", "ok", "okay", "so", "well", "just", "kindly", "oh",
    "ah", "thanks", "actually", "like",
})  # fmt: skip
OPEN_WORDS, SHORT = 4, 6
EXACT, WITH_OPEN_SLOT, MISTYPED = 1.0, 0.9, 0.9
BARE_VALUE, ANY_WORDS = 0.6, 0.1


@dataclass(frozen=True, slots=True)
class Template:
    """A sample utterance taken apart."""

    intent: str
    """The intent it belongs to."""
    sample: str
    """As the author wrote it."""
    pieces: tuple[str, ...]
    """Words, and `{Slot}` for slots; fillers left out."""


@dataclass(frozen=True, slots=True)
class TemplateMatch:
    """A sample that an utterance follows to the word."""

    template: Template
    """Which one."""
    confidence: float
    """1, or a little less if a slot took words as they came or a word was mistyped."""
    slots: Mapping[str, Span]
    """What each of its slots took."""


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance's words without fillers, contractions opened, each with the word it came from."""

    words: tuple[str, ...]
    """What is compared."""
    origin: tuple[int, ...]
    """Index of the original word."""

    @classmethod
    def of(cls, utterance: Utterance) -> Line:
        """The line to compare with templates."""
        pairs = [(word, index) for index, said in enumerate(utterance.lower) for word in (opened([said]) or [said])]
        kept = [pair for pair in pairs if pair[0] not in FILLERS] or pairs
        return cls(tuple(word for word, _ in kept), tuple(index for _, index in kept))


def templates_of(grammar: Grammar) -> tuple[Template, ...]:
    """Every sample of the grammar, taken apart."""
    return tuple(
        Template(intent.name, sample, pieces)
        for intent in grammar.intents
        for sample in intent.samples
        if (pieces := _pieces(sample))
    )


class TemplateMatcher:
    """Finds the samples that an utterance follows exactly, or with one mistyped word."""

    def __init__(self, grammar: Grammar) -> None:
        self._open = {
            (intent.name, slot.name): (kind := grammar.slot_type(slot)).kind in OPEN or kind.accepts_others
            for intent in grammar.intents
            for slot in intent.slots
        }
        self.templates = templates_of(grammar)
        self._by_words = {template.pieces: template for template in reversed(self.templates)}
        self._short: dict[int, list[Template]] = {}
        for template in self.templates:
            if "{" not in template.sample and len(template.pieces) <= SHORT:
                self._short.setdefault(len(template.pieces), []).append(template)
        self._with_slots = [
            (template, frozenset(piece for piece in template.pieces if piece[0] != "{"))
            for template in self.templates
            if "{" in template.sample
        ]

    def candidates(self, utterance: Utterance) -> frozenset[str]:
        """Intents with a sample whose own words all occur; only their slots need be read for `match`."""
        present = frozenset(Line.of(utterance).words)
        return frozenset(template.intent for template, literal in self._with_slots if literal <= present)

    def match(self, utterance: Utterance, spans: Mapping[str, Mapping[str, Sequence[Span]]]) -> list[TemplateMatch]:
        """The samples followed, best first; `spans` holds intent → slot → what could fill it."""
        line = Line.of(utterance)
        found = [self._by_words[line.words]] if line.words in self._by_words else []
        matches = [TemplateMatch(template, EXACT, {}) for template in found]
        if not found:
            matches.extend(self._mistyped(line))
        present = frozenset(line.words)
        for template, literal in self._with_slots:
            if literal <= present and template.intent in spans:
                filled = next(self._walk(template, line, utterance, spans[template.intent], 0, 0), None)
                if filled is not None:
                    matches.append(TemplateMatch(template, self._worth(template, literal, filled), filled))
        matches.sort(key=lambda match: (-match.confidence, -len(match.template.pieces)))
        return matches

    def _worth(self, template: Template, literal: frozenset[str], filled: Mapping[str, Span]) -> float:
        sure = all(span.strength >= 0.7 for span in filled.values())
        if not literal:
            return BARE_VALUE if sure else ANY_WORDS
        return EXACT if sure else WITH_OPEN_SLOT

    def _mistyped(self, line: Line) -> Iterator[TemplateMatch]:
        for template in self._short.get(len(line.words), ()):
            pairs = zip(template.pieces, line.words, strict=True)
            differing = [(right, typed) for right, typed in pairs if right != typed]
            if len(differing) != 1 or shared_embeddings().is_whole(differing[0][1]):
                continue  # a word of its own, such as "five" beside "fine", is no slip of the finger
            if within_edits(*differing[0], allowed_edits(differing[0][0])):
                yield TemplateMatch(template, MISTYPED, {})

    def _walk(
        self,
        template: Template,
        line: Line,
        utterance: Utterance,
        spans: Mapping[str, Sequence[Span]],
        piece: int,
        position: int,
    ) -> Iterator[dict[str, Span]]:
        if piece == len(template.pieces):
            if position == len(line.words):
                yield {}
            return
        if position == len(line.words):
            return
        wanted = template.pieces[piece]
        if wanted[0] != "{":
            if line.words[position] == wanted:
                yield from self._walk(template, line, utterance, spans, piece + 1, position + 1)
            return
        slot = wanted[1:-1]
        for span in self._fillings(template.intent, slot, line, utterance, spans, position):
            after = position
            while after < len(line.words) and line.origin[after] < span.end:
                after += 1
            for rest in self._walk(template, line, utterance, spans, piece + 1, after):
                yield {slot: span} | rest

    def _fillings(
        self,
        intent: str,
        slot: str,
        line: Line,
        utterance: Utterance,
        spans: Mapping[str, Sequence[Span]],
        position: int,
    ) -> Iterator[Span]:
        start = line.origin[position]
        if position and line.origin[position - 1] == start:
            return
        for span in sorted(spans.get(slot, ()), key=lambda span: span.start - span.end):
            if span.start == start:
                yield span
        if self._open.get((intent, slot)):
            for end in range(start + 1, min(len(utterance.words), start + OPEN_WORDS) + 1):
                yield Span(start, end, as_said(utterance.between(start, end)), 0.5)


def _pieces(sample: str) -> tuple[str, ...]:
    pieces: list[str] = []
    place = 0
    for slot in SLOT.finditer(sample):
        pieces.extend(opened(cut(sample[place : slot.start()]).lower))
        pieces.append(f"{{{slot[1]}}}")
        place = slot.end()
    pieces.extend(opened(cut(sample[place:]).lower))
    return tuple(piece for piece in pieces if piece not in FILLERS) or tuple(pieces)

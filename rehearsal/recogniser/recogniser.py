"""The ear of the rehearsal: understands an utterance as Lex would, from the very definition that is deployed.

A recognition goes through three doors: samples followed to the word, a classifier for everything else, and,
while a slot is being asked for, the reading of a bare value. What convinces none of them is the grammar's
fallback.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from rehearsal.recogniser.answers import answer_spans, coverage
from rehearsal.recogniser.classifier import Classifier, Scores, StaleModel
from rehearsal.recogniser.confirmation import Answer, leading_answer, read_confirmation
from rehearsal.recogniser.contexts import Contexts
from rehearsal.recogniser.filling import fill
from rehearsal.recogniser.grammar import Grammar, SlotType
from rehearsal.recogniser.readings import Reader, SlotReading, Span
from rehearsal.recogniser.said import Said
from rehearsal.recogniser.templates import BARE_VALUE, TemplateMatch, TemplateMatcher
from rehearsal.recogniser.training_set import (
    answering,
    known_words,
    sharing_values,
    training_utterances,
)
from rehearsal.recogniser.words import Utterance, cut

SAMPLE = 0.9
"""Words that follow a sample are at least as sure as this."""
MOST = 5
"""Lex returns at most five interpretations (botocore's model of lexv2-runtime, shape Interpretations)."""
LONGEST = 1024
"""Lex takes at most 1,024 characters (the same model, shape Text); what follows is not heard."""

_TypeKey = tuple[str, tuple[str, ...]]
Hints = Mapping[str, Mapping[str, Sequence[str]]]
"""Lex's runtime hints: intent → slot → phrases to expect."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One thing that an utterance may mean."""

    intent: str
    """The intent's name."""
    confidence: float | None
    """0 to 1; None for the fallback, which Lex gives none either."""
    slots: Mapping[str, SlotReading | None] = field(default_factory=dict)
    """Every slot of the intent, None where the utterance says nothing."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """One utterance with all that was found in it, for interpretation and for explanation."""

    utterance: Utterance
    """Its words."""
    scores: Scores
    """What the classifier thinks."""
    matches: tuple[TemplateMatch, ...]
    """The samples followed to the word, best first."""
    confidence: Mapping[str, float]
    """Per intent, all doors taken together."""
    slots: Mapping[str, Mapping[str, Span]]
    """Intent → slot → what fills it, for the intents worth a look."""
    reasons: tuple[str, ...]
    """What raised or lowered an intent, in plain words."""


class Recogniser:
    """Understands utterances of one grammar; safe to share between threads."""

    def __init__(self, grammar: Grammar, classifier: Classifier, today: Callable[[], date] = date.today) -> None:
        self.grammar = grammar
        self._classifier = classifier
        self._today = today
        self._reader = Reader(grammar.slot_types)
        self._matcher = TemplateMatcher(grammar)
        self._contexts = {
            intent.name: Contexts(t for t in self._matcher.templates if t.intent == intent.name)
            for intent in grammar.intents
        }
        self._answering = answering(grammar)
        self._valued = sharing_values(grammar)
        self._yes, self._no = self._intent_for("yes"), self._intent_for("no")

    @classmethod
    def train(cls, grammar: Grammar, today: Callable[[], date] = date.today) -> Recogniser:
        """Learns the grammar; the same grammar always gives the same recogniser. `today` anchors relative
        dates.
        """
        return cls(grammar, Classifier.train(training_utterances(grammar), known_words(grammar)), today)

    def save(self, path: Path) -> None:
        """Writes what was learnt as one .npz file."""
        self._classifier.save(path, self.grammar.digest())

    @classmethod
    def load(cls, path: Path, grammar: Grammar, today: Callable[[], date] = date.today) -> Recogniser:
        """Reads what was learnt for this very grammar; raises StaleModel otherwise."""
        return cls(grammar, Classifier.load(path, grammar.digest()), today)

    @classmethod
    def cached(cls, folder: Path, grammar: Grammar, today: Callable[[], date] = date.today) -> Recogniser:
        """Loads from the folder if this grammar was learnt before, else trains and saves there."""
        path = folder / f"{grammar.digest()[:24]}.npz"
        try:
            return cls.load(path, grammar, today)
        except StaleModel:
            trained = cls.train(grammar, today)
            trained.save(path)
            return trained

    def dated(self, today: Callable[[], date]) -> Recogniser:
        """The same, with another day to anchor relative dates at; what was learnt is shared."""
        other = copy.copy(self)
        other._today = today
        return other

    def recognise(
        self,
        text: str,
        *,
        eliciting: tuple[str, str] | None = None,
        confirming: bool = False,
        within: str | None = None,
        hints: Hints = MappingProxyType({}),
    ) -> tuple[Interpretation, ...]:
        """What the text may mean: best first, at most five, never empty, never raising for any text.

        `eliciting` is the (intent, slot) just asked for, `confirming` tells that a yes or no was asked for,
        `within` names the intent in progress (eliciting's own by default). Intents that reach the grammar's
        threshold come first, then the fallback, then the others: Lex puts its FallbackIntent where the
        threshold falls.
        """
        hearing = self.hear(text, eliciting=eliciting, confirming=confirming, within=within, hints=hints)
        threshold = self.grammar.threshold
        ranked = sorted(hearing.confidence.items(), key=lambda pair: -pair[1])
        above = [self._interpretation(hearing, name, value) for name, value in ranked if value >= threshold]
        below = [self._interpretation(hearing, name, value) for name, value in ranked if value < threshold]
        fallback = Interpretation(self.grammar.fallback, None)
        return (*above[: MOST - 1], fallback, *below)[:MOST]

    def hear(
        self,
        text: str,
        *,
        eliciting: tuple[str, str] | None = None,
        confirming: bool = False,
        within: str | None = None,
        hints: Hints = MappingProxyType({}),
    ) -> Hearing:
        """All that is found in the text; `recognise` makes interpretations of it."""
        utterance = cut(text[:LONGEST])
        pending = eliciting is not None or confirming or within is not None
        scores = self._classifier.score(
            utterance.text, self.grammar.threshold, asked=pending, answering=self._answering
        )
        if not utterance.words:
            return Hearing(utterance, scores, (), {}, {}, ("there are no words in it",))
        likeliest = [name for name, _ in zip(scores.confidence, range(MOST), strict=False)]
        named = eliciting[0] if eliciting else within
        current = named if named and self.grammar.intent(named) else None
        wanted = dict.fromkeys([*likeliest, *self._matcher.candidates(utterance), *([current] if current else [])])
        today, known = self._today(), dict[_TypeKey, list[Span]]()
        spans = {name: self._spans(utterance, name, hints, today, known) for name in wanted}
        matches = tuple(self._matcher.match(utterance, spans))
        confidence = dict(scores.confidence)
        reasons: list[str] = []
        for match in matches:
            if match.confidence > confidence.get(match.template.intent, 0.0):
                confidence[match.template.intent] = match.confidence
                reasons.append(f'{match.template.intent}: follows the sample "{match.template.sample}"')
        slots = {name: self._fill(utterance, name, found, matches) for name, found in spans.items()}
        if not pending and self._is_bare_value(utterance, spans):
            followed = {match.template.intent for match in matches if match.confidence > BARE_VALUE}
            low = self.grammar.threshold / 2
            for name in (self._valued - followed) & confidence.keys():
                confidence[name] = min(confidence[name], low)
            reasons.append("is nothing but a value that nobody asked for")
        self._weigh_confirmation(utterance, confirming, confidence, reasons)
        if current is not None:
            asked = eliciting[1] if eliciting else None
            said = self._answer(utterance, current, asked, hints)
            slots[current] = said.beside(slots.get(current, {}))
            if said.worth > confidence.get(current, 0.0):
                confidence[current] = said.worth
            if said.complete and not any(match.confidence >= 1 for match in matches):
                limit = round(said.worth - 0.05, 4)
                confidence = {n: c if n == current else min(c, limit) for n, c in confidence.items()}
            if said.filling:
                heard = ", ".join(f"{slot} = {span.reading.interpreted}" for slot, span in said.filling.items())
                reasons.append(f"{current}: answers with {heard}")
        return Hearing(utterance, scores, matches, confidence, slots, tuple(reasons))

    def _answer(self, utterance: Utterance, intent: str, asked: str | None, hints: Hints) -> Said:
        """What the utterance says to the intent in progress, in whole or after a leading yes or no."""
        lead = leading_answer(utterance.text)
        if lead is not None:
            rest = self._read_answer(cut(lead[1]), intent, asked, hints)
            if rest.complete:
                return self._shifted(utterance, rest)
        return self._read_answer(utterance, intent, asked, hints)

    def _read_answer(self, utterance: Utterance, intent: str, asked: str | None, hints: Hints) -> Said:
        spans = self._spans(utterance, intent, hints, self._today(), {})
        types = self._types(intent)
        if asked in types:
            phrases = hints.get(intent, {}).get(asked, ())
            spans[asked] = answer_spans(self._reader, utterance, types[asked], self._today(), phrases)
        filling = fill(utterance, types, spans, self._contexts[intent], asked)
        free = [span for span in spans.get(asked or "", ()) if span.strength < 0.5]
        if not filling and free and asked:
            filling = {asked: max(free, key=lambda span: span.strength)}
        share = coverage(utterance, filling.values())
        sure = min((span.strength for span in filling.values()), default=0.0)
        complete = share > 0.99 and sure >= 0.7
        if not filling:
            return Said({}, 0.0, False)
        if complete:
            return Said(filling, 0.95 if asked in filling else 0.85, True)
        if sure < 0.7:
            return Said(filling, (0.7 if sure > 0.5 else 0.6) if asked in filling else 0.0, False)
        return Said(filling, (0.45 if asked in filling else 0.2) + 0.45 * share, False)

    def _shifted(self, utterance: Utterance, said: Said) -> Said:
        """The same reading with its words counted in the whole utterance."""
        filling = {
            slot: Span(span.start + 1, span.end + 1, span.reading, span.strength) for slot, span in said.filling.items()
        }
        return Said(filling, said.worth, said.complete)

    def _weigh_confirmation(
        self, utterance: Utterance, confirming: bool, confidence: dict[str, float], reasons: list[str]
    ) -> None:
        """Gives the grammar's own Yes and No intents what they deserve."""
        answer, worth = read_confirmation(utterance.text), 0.95 if confirming else 0.85
        if answer is None:
            lead = leading_answer(utterance.text)
            answer, worth = (lead[0], 0.6 if confirming else 0.5) if lead else (None, 0.0)
            if answer is Answer.YES:
                # "Yes, but make it sixty" is no yes to what was asked, unless a sample says it word for word.
                worth = min(worth, self.grammar.threshold * 0.9)
                if self._yes is not None and confidence.get(self._yes, 0.0) < SAMPLE:
                    confidence[self._yes] = min(confidence.get(self._yes, 0.0), worth)
        name = {Answer.YES: self._yes, Answer.NO: self._no}.get(answer) if answer else None
        if name is not None and worth > confidence.get(name, 0.0):
            confidence[name] = worth
            reasons.append(f"{name}: sounds like {answer}")

    def _spans(
        self,
        utterance: Utterance,
        intent: str,
        hints: Hints,
        today: date,
        by_type: dict[_TypeKey, list[Span]],
    ) -> dict[str, list[Span]]:
        """Per slot, what could fill it; `by_type` remembers what was read for the types."""
        expected = hints.get(intent, {})
        result: dict[str, list[Span]] = {}
        for slot, slot_type in self._types(intent).items():
            key = (slot_type.name, tuple(expected.get(slot, ())))
            if key not in by_type:
                by_type[key] = self._reader.spans(utterance, slot_type, today, key[1])
            result[slot] = by_type[key]
        return result

    def _is_bare_value(self, utterance: Utterance, spans: Mapping[str, Mapping[str, Sequence[Span]]]) -> bool:
        """Whether one value of a task's slot accounts for every word that matters."""
        tasks = (found for name, found in spans.items() if name not in self._answering)
        sure = (span for found in tasks for read in found.values() for span in read if span.strength >= 0.7)
        return any(coverage(utterance, (span,)) > 0.99 for span in sure)

    def _fill(
        self,
        utterance: Utterance,
        intent: str,
        spans: Mapping[str, Sequence[Span]],
        matches: Iterable[TemplateMatch],
    ) -> dict[str, Span]:
        for match in matches:
            if match.template.intent == intent and match.slots:
                return dict(match.slots)
        return fill(utterance, self._types(intent), spans, self._contexts[intent])

    def _interpretation(self, hearing: Hearing, name: str, confidence: float) -> Interpretation:
        filled = hearing.slots.get(name, {})
        slots = {slot: filled[slot].reading if slot in filled else None for slot in self._types(name)}
        return Interpretation(name, confidence, MappingProxyType(slots))

    def _types(self, intent: str) -> dict[str, SlotType]:
        found = self.grammar.intent(intent)
        return {slot.name: self.grammar.slot_type(slot) for slot in found.slots} if found else {}

    def _intent_for(self, word: str) -> str | None:
        for intent in self.grammar.intents:
            if any(cut(sample).lower == (word,) for sample in intent.samples):
                return intent.name
        return None

"""From an utterance to the intent under way: Lex's part between the recogniser and the code hook.

What Lex documents: the fallback intent takes an utterance that fits no intent, and an answer that a
question got wrong more often than its retries allow; an intent with input contexts is only heard while
all of them are active; five interpretations at most; a changed slot takes a confirmation back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rehearsal.lex.definition import Intent, Locale, Slot
from rehearsal.lex.ear import Ear, HeardSlot, Hints, Interpretation, YesOrNo
from rehearsal.lex.sentiment import Sentiment
from rehearsal.lex.session import Reading
from rehearsal.lex.values import IntentState, Json, SessionState, SlotValue

MOST_READINGS = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of an utterance."""

    intent: IntentState
    """The intent under way now."""
    readings: tuple[Reading, ...]
    """Interpretations; the first is of that intent."""
    fresh: bool
    """Whether the intent begins with this utterance."""
    failures: int = 0
    """Answers in a row that the open question could not use, this one included."""


def hear(
    ear: Ear,
    locale: Locale,
    state: SessionState,
    text: str,
    failures: int,
    sentiment: Sentiment | None,
    agreed: YesOrNo,
) -> Heard:
    """Understands `text` in the session's state; an empty text is silence."""
    question = _Question.of(state)
    readings = _recognised(ear, locale, state, question, text)
    if question is not None and question.slot is None and (answer := agreed(text)) is not None:
        settled = replace(question.intent, confirmation="Confirmed" if answer else "Denied")
        rest = [each for each in readings if each.intent.name != settled.name]
        return _heard(settled, [Reading(settled), *rest], False, 0, sentiment)
    top = readings[0]
    answers = question is not None and top.intent.name == question.intent.name
    if question is None or not (answers or top.intent.name == locale.fallback.name):
        begun = begin(locale.intents[top.intent.name], state, top.intent.slots)
        return _heard(begun, [replace(top, intent=begun), *readings[1:]], True, 0, sentiment)
    if answers and any(top.intent.slots.values()):
        merged = _merged(question.intent, top.intent)
        return _heard(merged, [replace(top, intent=merged), *readings[1:]], False, 0, sentiment)
    failures += 1
    if failures <= _retries(locale, question):
        rest = [each for each in readings if each.intent.name != question.intent.name]
        return _heard(question.intent, [Reading(question.intent), *rest], False, failures, sentiment)
    fallen = begin(locale.fallback, state, {})
    rest = [each for each in readings if each.intent.name != fallen.name]
    return _heard(fallen, [Reading(fallen), *rest], True, 0, sentiment)


def begin(intent: Intent, state: SessionState, slots: Mapping[str, SlotValue | None]) -> IntentState:
    """The intent at its start: every slot present, with what was heard or its default."""
    return IntentState(
        name=intent.name,
        slots={name: slots.get(name) or _default(slot, state) for name, slot in intent.slots.items()},
    )


def completed(intent: Intent, given: IntentState) -> IntentState:
    """The state with every slot of the intent present."""
    return replace(given, slots={name: given.slots.get(name) for name in intent.slots})


@dataclass(frozen=True, slots=True)
class _Question:
    intent: IntentState
    slot: str | None

    @classmethod
    def of(cls, state: SessionState) -> _Question | None:
        """The closed question that the bot asked last: for a slot, or (slot None) for a confirmation."""
        if state.intent is None or state.action is None:
            return None
        if state.action.type == "ElicitSlot":
            return cls(state.intent, state.action.slot)
        return cls(state.intent, None) if state.action.type == "ConfirmIntent" else None


def _recognised(ear: Ear, locale: Locale, state: SessionState, question: _Question | None, text: str) -> list[Reading]:
    """Readings that the bot can act on, the fallback intent among them; never empty."""
    found: Sequence[Interpretation] = ()
    if text.strip():
        asked = question is not None and question.slot is not None
        found = ear.recognise(
            text,
            eliciting=(question.intent.name, question.slot) if question and question.slot else None,
            confirming=question is not None and not asked,
            within=question.intent.name if question else None,
            hints=phrases(state.hints),
        )
    fallback = Reading(IntentState(locale.fallback.name))
    active = {context.name for context in state.contexts or ()}
    readings: list[Reading] = []
    for each in found:
        intent = locale.intents.get(each.intent)
        if intent is None or any(reading.intent.name == intent.name for reading in readings):
            continue
        if intent.is_fallback:
            readings.append(fallback)
        elif active.issuperset(intent.input_contexts):
            slots = {name: _slot_value(slot, each.slots.get(name)) for name, slot in intent.slots.items()}
            readings.append(Reading(IntentState(intent.name, slots), each.confidence))
    if fallback not in readings:
        below = (i for i, each in enumerate(readings) if (each.confidence or 0.0) < locale.threshold)
        readings.insert(next(below, len(readings)), fallback)
    place = readings.index(fallback)
    return readings[:MOST_READINGS] if place < MOST_READINGS else [*readings[: MOST_READINGS - 1], fallback]


def phrases(hints: Json | None) -> Hints:
    """Runtime hints as plain phrases by intent and slot; hints for parts of composite slots are left out."""
    by_intent = (hints or {}).get("slotHints") or {}
    return {
        intent: {
            slot: tuple(each["phrase"] for each in (details or {}).get("runtimeHintValues") or ())
            for slot, details in (slots or {}).items()
        }
        for intent, slots in by_intent.items()
    }


def _slot_value(slot: Slot, heard: HeardSlot | None) -> SlotValue | None:
    if heard is None or not heard.interpreted:
        return None
    scalar = SlotValue(
        original=heard.original or heard.interpreted,
        interpreted=heard.interpreted,
        resolved=tuple(each for each in heard.resolved if each),
    )
    return SlotValue(shape="List", values=(scalar,)) if slot.many else scalar


def _merged(current: IntentState, heard: IntentState) -> IntentState:
    slots = {name: heard.slots.get(name) or value for name, value in current.slots.items()}
    slots.update({name: value for name, value in heard.slots.items() if name not in slots})
    return replace(current, slots=slots, confirmation="None", state="InProgress")


def _retries(locale: Locale, question: _Question) -> int:
    intent = locale.intents[question.intent.name]
    if question.slot is None:
        return intent.confirmation.max_retries if intent.confirmation else 0
    return intent.slots[question.slot].prompt.max_retries


def _default(slot: Slot, state: SessionState) -> SlotValue | None:
    for text in slot.defaults:
        value: str | None = text
        if named := re.fullmatch(r"#([\w-]+)\.([\w-]+)", text):
            contexts = {context.name: context for context in state.contexts or ()}
            context = contexts.get(named[1])
            value = context.attributes.get(named[2]) if context else None
        elif named := re.fullmatch(r"\[([^\]]+)\]", text):
            value = (state.attributes or {}).get(named[1])
        if value:
            return SlotValue(original=value, interpreted=value, resolved=(value,))
    return None


def _heard(
    intent: IntentState, readings: list[Reading], fresh: bool, failures: int, sentiment: Sentiment | None
) -> Heard:
    kept = tuple(replace(each, sentiment=sentiment) for each in readings[:MOST_READINGS])
    return Heard(intent, kept, fresh, failures)

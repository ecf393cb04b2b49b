"""The utterances to learn from: the samples with their slots filled, and each intent's own name."""

from __future__ import annotations

import re
from collections import Counter
from zlib import crc32

from rehearsal.recogniser.answers import CARRIERS
from rehearsal.recogniser.features import plain_words
from rehearsal.recogniser.grammar import Grammar, Intent
from rehearsal.recogniser.words import cut

VARIANTS, ENOUGH = 2, 20
"""Two fillings of each sample, but one where an intent has this many samples: more only slows training."""
ANSWER_SHARE, MOST_VALUES = 0.75, 1000
SLOT = re.compile(r"\{\s*([\w.]+)\s*\}")
ALIKE = 3
"""So many samples are taken that differ only in which slot stands where: more would drown the others."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+")
_NAME_NOISE = frozenset({"intent", "amazon"})


def training_utterances(grammar: Grammar) -> list[tuple[str, str]]:
    """(intent, utterance) pairs: up to two fillings of each sample, and the intent's name as people might say
    it.
    """
    pairs: dict[tuple[str, str], None] = {}
    for intent in grammar.intents:
        variants = VARIANTS if len(intent.samples) < ENOUGH else 1
        carriers: Counter[str] = Counter()
        for sample in sorted(intent.samples, key=lambda said: crc32(said.encode())):
            carrier = SLOT.sub("{}", sample)
            carriers[carrier] += 1
            if carriers[carrier] > ALIKE:
                continue
            if not SLOT.sub("", sample).strip():
                continue  # a bare value says nothing about its intent; the templates take care of it
            for variant in range(variants):
                pairs[intent.name, filled(grammar, intent, sample, variant)] = None
        spoken = spoken_name(intent.name)
        if len(spoken.split()) > 1:
            pairs[intent.name, spoken] = None
    return list(pairs)


def filled(grammar: Grammar, intent: Intent, sample: str, variant: int) -> str:
    """The sample with example values in its slots, spread over the type's values but always the same ones."""
    types = {slot.name: grammar.slot_type(slot) for slot in intent.slots}

    def example(match: re.Match[str]) -> str:
        slot_type = types.get(match[1])
        if slot_type is None:
            return ""
        examples = slot_type.examples()
        return examples[(crc32(f"{sample}/{match[1]}".encode()) + variant) % len(examples)]

    return SLOT.sub(example, sample)


def answering(grammar: Grammar) -> frozenset[str]:
    """The intents that are said in answer to something ("the {option}", "no I meant {date}"): every sample
    has a slot, and little else but the words that people wrap around an answer.
    """
    return frozenset(intent.name for intent in grammar.intents if _is_answer(intent))


def sharing_values(grammar: Grammar) -> frozenset[str]:
    """The intents that a bare value says nothing about: all with slots, but for those that only answer and
    whose types of slot are theirs alone ("the second one" can only choose).
    """
    replies = answering(grammar)
    asked = {slot.type_name for intent in grammar.intents if intent.name not in replies for slot in intent.slots}
    return frozenset(
        intent.name
        for intent in grammar.intents
        if intent.slots and (intent.name not in replies or any(slot.type_name in asked for slot in intent.slots))
    )


def _is_answer(intent: Intent) -> bool:
    around = [word for sample in intent.samples for word in cut(SLOT.sub(" ", sample)).lower]
    wrapping = sum(word in CARRIERS for word in around)
    slotted = all(SLOT.search(sample) for sample in intent.samples)
    return bool(intent.samples) and slotted and wrapping >= ANSWER_SHARE * len(around)


def known_words(grammar: Grammar) -> list[str]:
    """The words of the slots' values, which are never taken for slips of the finger."""
    words: dict[str, None] = {}
    for slot_type in grammar.slot_types.values():
        for value in slot_type.examples()[:MOST_VALUES]:
            words.update(dict.fromkeys(plain_words(value)))
    return list(words)


def spoken_name(name: str) -> str:
    """Turn "ReportLostCard" into "report lost card"; empty if only filler is left."""
    words = _HUMP.sub(" ", name.rpartition(".")[2]).lower().split()
    return " ".join(word for word in words if word not in _NAME_NOISE)

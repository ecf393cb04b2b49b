"""The utterances to learn from: the samples with their slots filled, and each intent's own name."""

from __future__ import annotations

import re
from zlib import crc32

from rehearsal.recogniser.grammar import Grammar, Intent

VARIANTS, ENOUGH = 2, 20
"""Two fillings of each sample, but one where an intent has this many samples: more only slows training."""
SLOT = re.compile(r"\{\s*([\w.]+)\s*\}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+")
_NAME_NOISE = frozenset({"intent", "amazon"})


def training_utterances(grammar: Grammar) -> list[tuple[str, str]]:
    """(intent, utterance) pairs: up to two fillings of each sample, and the intent's name as people might say
    it.
    """
    pairs: dict[tuple[str, str], None] = {}
    for intent in grammar.intents:
        variants = VARIANTS if len(intent.samples) < ENOUGH else 1
        for sample in intent.samples:
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


def spoken_name(name: str) -> str:
    """Turn "ReportLostCard" into "report lost card"; empty if only filler is left."""
    words = _HUMP.sub(" ", name.rpartition(".")[2]).lower().split()
    return " ".join(word for word in words if word not in _NAME_NOISE)

"""Where a bot's own utterances end and everyday English begins."""

from __future__ import annotations

from math import log, log2

USUAL, RISE = -1.2, 0.95
"""Where the point lies with ten samples an intent, and how much higher for each doubling of them: with more
samples every score is higher, also that of what is not meant for the bot. Measured on the development bots.
"""
LEAST, COVERED = 0.5, 2.0


def evidence(probability: float, none: float, covered: float) -> float:
    """How much speaks for an intent: its own probability, little everyday English, few foreign words."""
    return log(max(probability, 1e-9)) - 0.5 * log(none + 1e-6) + COVERED * covered


def balance_point(samples: int, intents: int) -> float:
    """The evidence below which an utterance is not for a bot of that size."""
    return USUAL + RISE * log2(max(samples / (max(intents, 1) * 10), LEAST))

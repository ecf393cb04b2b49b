"""Finds where a bot's own utterances end and everyday English begins, when training.

A fixed limit does not carry from bot to bot: with few samples every score is lower, with many every score is
higher. So everyday English that was held out of training shows how high such utterances score for this very
bot.
"""

from __future__ import annotations

import numpy as np

from rehearsal.recogniser.embeddings import Matrix
from rehearsal.recogniser.logistic import fit, softmax

HELD_OUT = 3
"""One line of everyday English in so many is held out."""
HELD_OUT_QUANTILE = 0.97
USUAL, RISE = -2.0, 0.6
"""Where the point lies with ten samples an intent, and how much higher for each doubling of them."""


def evidence(probability: float, none: float, nearest: float) -> float:
    """How much speaks for an intent: its own probability, little everyday English, a sample nearby."""
    return float(np.log(max(probability, 1e-9)) - 0.5 * np.log(none + 1e-6) + nearest)


def balance_point(kernel: Matrix, labels: Matrix, likeness: Matrix) -> float:
    """The evidence below which an utterance is not for this bot.

    `kernel` is n by n and `labels` n by classes, everyday English last in both; `likeness` holds the cosine
    of each row with each of the bot's samples, which are the first rows.
    """
    samples = likeness.shape[1]
    everyday = len(labels) - samples
    if everyday < HELD_OUT or not samples:
        return USUAL
    usual = USUAL + RISE * float(np.log2(samples / (labels.shape[1] - 1) / 10))
    rows = np.arange(len(labels))
    out = (rows >= samples) & (rows % HELD_OUT == 0)
    held, kept = rows[out], rows[~out]
    chances = softmax(kernel[np.ix_(held, kept)] @ fit(kernel[np.ix_(kept, kept)], labels[kept]))
    nearest = likeness[held].max(axis=1)
    best = chances[:, :-1].max(axis=1)
    scores = [
        evidence(float(chance), float(none), float(near))
        for chance, none, near in zip(best, chances[:, -1], nearest, strict=True)
    ]
    return 0.5 * float(np.quantile(scores, HELD_OUT_QUANTILE)) + 0.5 * usual

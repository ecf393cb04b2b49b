"""Finds where a bot's own utterances end and everyday English begins, by cross-validation when training.

A fixed limit does not carry from bot to bot: with few samples every score is lower, with many every score is
higher. So everyday English that was held out of training shows how high such utterances score for this very
bot.
"""

from __future__ import annotations

import numpy as np

from rehearsal.recogniser.embeddings import Matrix
from rehearsal.recogniser.logistic import fit, softmax

FOLDS = 4
HELD_OUT_QUANTILE = 0.97
USUAL = -1.9
"""Where the point lies for the tests' development bots; it steadies the estimate, which few lines make
coarse.
"""


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
    if everyday < FOLDS or samples < FOLDS:
        return USUAL
    fold = np.concatenate([np.arange(samples) // 2 % FOLDS, np.arange(everyday) % FOLDS])
    scores: list[float] = []
    for number in range(FOLDS):
        kept = np.flatnonzero(fold != number)
        held = samples + np.flatnonzero(fold[samples:] == number)
        chances = softmax(kernel[np.ix_(held, kept)] @ fit(kernel[np.ix_(kept, kept)], labels[kept]))
        nearest = likeness[np.ix_(held, kept[kept < samples])].max(axis=1)
        best = chances[:, :-1].max(axis=1)
        scores.extend(
            evidence(float(chance), float(none), float(near))
            for chance, none, near in zip(best, chances[:, -1], nearest, strict=True)
        )
    return 0.5 * float(np.quantile(scores, HELD_OUT_QUANTILE)) + 0.5 * USUAL

"""Which intent an utterance belongs to, or none: trained on the samples and on everyday English as "none of
them".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rehearsal.recogniser.balance import balance_point, evidence
from rehearsal.recogniser.embeddings import DIMENSIONS, Matrix
from rehearsal.recogniser.features import Features, Vocabulary, embed
from rehearsal.recogniser.logistic import fit, softmax
from rehearsal.recogniser.words import clean

SLOPE = 0.9
"""How quickly confidence rises around the balance point."""
FORMAT = 5
"""Raised whenever features or training change, so that old caches are trained anew."""


class StaleModel(ValueError):
    """The saved model was made by other code, for another grammar, or is damaged: train again."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A sample utterance near to what was said."""

    intent: str
    """The intent it belongs to."""
    sample: str
    """The sample, its slots filled."""
    likeness: float
    """Cosine of the embeddings, at most 1."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the classifier thinks of one utterance."""

    confidence: Mapping[str, float]
    """Per intent, 0 to 1, with the balance point laid on the grammar's threshold; best first."""
    probability: Mapping[str, float]
    """Per intent as the regression gives it; with `none` they add up to 1."""
    none: float
    """The probability that it is everyday English and not for this bot."""
    neighbours: tuple[Neighbour, ...]
    """The five nearest samples, nearest first."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained model: small arrays only."""

    intents: tuple[str, ...]
    """Class names, without the class for everyday English, which comes last in the weights."""
    features: Features
    """The feature space."""
    weights: Matrix
    """Shape (256 + features.size + 1, len(intents) + 1); the last row is the bias."""
    samples: tuple[str, ...]
    """The training utterances, slots filled."""
    owners: NDArray[np.int32]
    """Index into `intents` for each sample."""
    embeddings: Matrix
    """Unit embedding of each sample."""
    balance: float
    """The evidence that parts what is for this bot from what is not; laid on the grammar's threshold."""

    @classmethod
    def train(cls, utterances: Sequence[tuple[str, str]]) -> Classifier:
        """Learns (intent, utterance) pairs; the same pairs always give the same model."""
        intents = tuple(dict.fromkeys(intent for intent, _ in utterances))
        texts = [text for _, text in utterances]
        everyday = _everyday(set(texts))
        features = Features.of(texts, everyday)
        everything = texts + everyday
        dense = np.zeros((len(everything), DIMENSIONS + features.size + 1), dtype=np.float32)
        dense[:, :DIMENSIONS] = embed(everything)
        dense[:, -1] = 1.0
        for row, text in enumerate(everything):
            columns, values = features.sparse(text)
            dense[row, columns + DIMENSIONS] = values
        index = {intent: number for number, intent in enumerate(intents)}
        owners = np.array([index[intent] for intent, _ in utterances], dtype=np.int32)
        labels = np.zeros((len(everything), len(intents) + 1), dtype=np.float32)
        labels[np.arange(len(texts)), owners] = 1.0
        labels[len(texts) :, -1] = 1.0
        kernel = dense @ dense.T
        nearest = dense[: len(texts), :DIMENSIONS].copy()
        balance = balance_point(kernel, labels, dense[:, :DIMENSIONS] @ nearest.T)
        return cls(intents, features, dense.T @ fit(kernel, labels), tuple(texts), owners, nearest, balance)

    def score(self, text: str, threshold: float) -> Scores:
        """Judges one utterance; `threshold` is where the balance point comes to lie."""
        embedding = embed([text])[0]
        columns, values = self.features.sparse(text)
        logits = embedding @ self.weights[:DIMENSIONS] + self.weights[-1]
        logits = logits + np.einsum("i,ij->j", values, self.weights[columns + DIMENSIONS])
        chances = softmax(logits)
        likeness = np.einsum("ij,j->i", self.embeddings, embedding)  # no BLAS threads for so little
        top = np.argsort(-likeness, kind="stable")[:5]
        nearest = float(likeness[top[0]]) if len(top) else 0.0
        none = float(chances[-1])
        probability = {name: float(chances[i]) for i, name in enumerate(self.intents)}
        confidence = {
            name: as_confidence(evidence(chance, none, nearest) - self.balance, threshold)
            for name, chance in sorted(probability.items(), key=lambda pair: -pair[1])
        }
        neighbours = tuple(
            Neighbour(self.intents[self.owners[i]], self.samples[i], float(likeness[i])) for i in top
        )
        return Scores(confidence, probability, none, neighbours)

    def save(self, path: Path, digest: str) -> None:
        """Writes the model as one .npz file (arrays and one JSON text, no pickle)."""
        described = {
            "format": FORMAT,
            "digest": digest,
            "intents": self.intents,
            "samples": self.samples,
            "words": list(self.features.words.position),
            "characters": list(self.features.characters.position),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            np.savez(
                file,
                described=np.frombuffer(json.dumps(described).encode(), dtype=np.uint8),
                word_idf=self.features.words.idf,
                character_idf=self.features.characters.idf,
                weights=self.weights,
                owners=self.owners,
                embeddings=self.embeddings,
                balance=np.array([self.balance]),
            )

    @classmethod
    def load(cls, path: Path, digest: str) -> Classifier:
        """Reads a saved model; raises StaleModel unless it was made for that digest by this code."""
        try:
            with np.load(path, allow_pickle=False) as saved:
                described = json.loads(saved["described"].tobytes())
                if described["format"] != FORMAT or described["digest"] != digest:
                    raise StaleModel(f"{path.name} was trained for another grammar: train again")
                features = Features(
                    _vocabulary(described["words"], saved["word_idf"]),
                    _vocabulary(described["characters"], saved["character_idf"]),
                )
                return cls(
                    tuple(described["intents"]),
                    features,
                    saved["weights"],
                    tuple(described["samples"]),
                    saved["owners"],
                    saved["embeddings"],
                    float(saved["balance"][0]),
                )
        except StaleModel:
            raise
        except (KeyError, ValueError, EOFError, OSError, BadZipFile) as problem:
            raise StaleModel(f"{path.name} cannot be read ({problem}): train again") from problem


def as_confidence(margin: float, threshold: float) -> float:
    """Maps evidence above the balance point to 0..1 so that no margin at all is the bot's own threshold."""
    level = min(max(threshold, 0.01), 0.99)
    shifted = SLOPE * margin + float(np.log(level / (1 - level)))
    return round(1.0 / (1.0 + float(np.exp(-shifted))), 4)


def _everyday(samples: set[str]) -> list[str]:
    """Everyday English, without what this very bot takes as its own."""
    text = files("rehearsal.recogniser").joinpath("background.txt").read_text(encoding="utf-8")
    own = {clean(sample).lower() for sample in samples}
    return [line for line in text.splitlines() if line and line not in own]


def _vocabulary(grams: Sequence[str], idf: Matrix) -> Vocabulary:
    return Vocabulary({gram: index for index, gram in enumerate(grams)}, idf)

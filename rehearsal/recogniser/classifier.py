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
from rehearsal.recogniser.enrichment import NEAR_MISSES, WRAPPED, enriched
from rehearsal.recogniser.features import Features, Vocabulary, plain_words
from rehearsal.recogniser.likeness import Coverage, Likeness
from rehearsal.recogniser.logistic import fit, softmax
from rehearsal.recogniser.spelling import Speller
from rehearsal.recogniser.words import clean

SLOPE = 0.9
"""How quickly confidence rises around the balance point."""
UNASKED = 2.0
"""How much an intent that only answers loses, in log odds, while nothing is open."""
ENRICHED, EVERYDAY, LEAST = 0.3, 0.5, 0.1
"""How much a made-up row counts beside a sample, all everyday English beside all samples, and at least each
line of it.
"""
PLENTY = 40
"""Samples an intent from which near misses count in full: fewer don't show which of their words decide."""
FORMAT = 7
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
    """Shape (features.size, len(intents) + 1); the last row is the bias."""
    samples: tuple[str, ...]
    """The training utterances, slots filled."""
    owners: NDArray[np.int32]
    """Index into `intents` for each sample."""
    embeddings: Matrix
    """Unit embedding of each sample."""
    coverage: Coverage
    """The words of each intent."""
    speller: Speller
    """Puts slips of the finger right."""
    balance: float
    """The evidence that parts what is for this bot from what is not; laid on the grammar's threshold."""

    @classmethod
    def train(cls, utterances: Sequence[tuple[str, str]], known: Sequence[str] = ()) -> Classifier:
        """Learns (intent, utterance) pairs; the same pairs always give the same model. `known` are further
        words that are no slips of the finger.
        """
        intents = tuple(dict.fromkeys(intent for intent, _ in utterances))
        texts = [text for _, text in utterances]
        samples = [plain_words(text) for text in texts]
        everyday = [plain_words(line) for line in _everyday(set(texts))]
        index = {intent: number for number, intent in enumerate(intents)}
        owners = np.array([index[intent] for intent, _ in utterances], dtype=np.int32)
        features = Features.of(samples, everyday)
        more = enriched(samples, everyday)
        wrapped = [words for _, words in more.wrapped]
        rows = features.dense([*samples, *everyday, *wrapped, *more.near_misses])
        none = len(intents)
        classes = [*owners, *[none] * len(everyday), *(owners[place] for place, _ in more.wrapped)]
        classes.extend([none] * len(more.near_misses))
        labels = np.zeros((len(rows), none + 1), dtype=np.float32)
        labels[np.arange(len(rows)), classes] = 1.0
        importance = _importance(len(samples), len(everyday), len(wrapped), len(more.near_misses), none)
        return cls(
            intents,
            features,
            rows.T @ fit(rows @ rows.T, labels, importance),
            tuple(texts),
            owners,
            rows[: len(samples), :DIMENSIONS].copy(),
            Coverage.of(features.likeness, samples, owners, none),
            Speller(word for words in [*samples, *everyday, known] for word in words),
            balance_point(len(samples), none),
        )

    def score(
        self, text: str, threshold: float, *, asked: bool = True, answering: frozenset[str] = frozenset()
    ) -> Scores:
        """Judges one utterance; `threshold` is where the balance point comes to lie. Unless something was
        `asked`, the intents in `answering` are less likely.
        """
        words = self.speller.corrected(plain_words(text))
        cosines, weight = self.features.likeness.rows(words)
        row = self.features.one(words, cosines)
        used = np.flatnonzero(row)
        logits = np.einsum("i,ij->j", row[used], self.weights[used])  # no BLAS threads for so little
        if not asked:
            logits[[i for i, name in enumerate(self.intents) if name in answering]] -= UNASKED
        chances = softmax(logits)
        covered = self.coverage.shares(cosines, weight)
        likeness = np.einsum("ij,j->i", self.embeddings, row[:DIMENSIONS])
        top = np.argsort(-likeness, kind="stable")[:5]
        none = float(chances[-1])
        probability = {name: float(chances[i]) for i, name in enumerate(self.intents)}
        share = float(covered[int(np.argmax(chances[:-1]))]) if len(covered) else 0.0
        worth = [evidence(float(chance), none, share) - self.balance for chance in chances[:-1]]
        ranked = sorted(zip(self.intents, worth, strict=True), key=lambda pair: -pair[1])
        confidence = {name: as_confidence(margin, threshold) for name, margin in ranked}
        neighbours = tuple(Neighbour(self.intents[self.owners[i]], self.samples[i], float(likeness[i])) for i in top)
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
            "likeness": self.features.likeness.words,
            "known": self.speller.known,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            np.savez(
                file,
                described=np.frombuffer(json.dumps(described).encode(), dtype=np.uint8),
                word_idf=self.features.words.idf,
                character_idf=self.features.characters.idf,
                likeness_idf=self.features.likeness.idf,
                columns=self.coverage.columns,
                starts=self.coverage.starts,
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
                    Likeness(described["likeness"], saved["likeness_idf"]),
                )
                return cls(
                    tuple(described["intents"]),
                    features,
                    saved["weights"],
                    tuple(described["samples"]),
                    saved["owners"],
                    saved["embeddings"],
                    Coverage(saved["columns"], saved["starts"]),
                    Speller(described["known"]),
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


def _importance(samples: int, everyday: int, wrapped: int, near_misses: int, intents: int) -> Matrix:
    """How much each row counts when training: a sample one, and the other kinds together a share of that."""
    plenty = min(1.0, samples / (PLENTY * max(intents, 1)))
    each = (
        1.0,
        min(1.0, max(LEAST, EVERYDAY * samples / max(everyday, 1))),
        ENRICHED * WRAPPED * samples / max(wrapped, 1),
        ENRICHED * plenty * NEAR_MISSES * samples / max(near_misses, 1),
    )
    return np.repeat(np.asarray(each, dtype=np.float32), (samples, everyday, wrapped, near_misses))


def _everyday(samples: set[str]) -> list[str]:
    """Everyday English, without what this very bot takes as its own."""
    text = files("rehearsal.recogniser").joinpath("background.txt").read_text(encoding="utf-8")
    own = {clean(sample).lower() for sample in samples}
    return [line for line in text.splitlines() if line and line not in own]


def _vocabulary(grams: Sequence[str], idf: Matrix) -> Vocabulary:
    return Vocabulary({gram: index for index, gram in enumerate(grams)}, idf)

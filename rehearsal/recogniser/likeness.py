"""Which words mean nearly the same: a bag of words in which "shift" also counts for "move".

The mean of a sentence's vectors blurs the one word that decides; here each word of the vocabulary gets the
cosine of the word that comes nearest to it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rehearsal.recogniser.embeddings import Matrix, shared_embeddings, unit

UNLIKE = 0.3
"""Cosine at and below which two words have nothing in common."""
MOST_WORDS = 1500


class Likeness:
    """Measures words against a vocabulary by their embeddings."""

    def __init__(self, words: Sequence[str], idf: Matrix) -> None:
        self.words = tuple(words)
        self.idf = idf
        self._place = {word: index for index, word in enumerate(self.words)}
        pooled = shared_embeddings().pooled(self.words)
        self._lengths = np.linalg.norm(pooled, axis=1)
        self._vectors = unit(pooled)
        self._among = self._vectors @ self._vectors.T
        np.fill_diagonal(self._among, 1.0)

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]]) -> Likeness:
        """The words that at least two documents hold, commonest first."""
        counts = Counter(word for document in documents for word in dict.fromkeys(document))
        kept = [word for word, count in counts.most_common(MOST_WORDS) if count >= 2]
        idf = [math.log((1 + len(documents)) / (1 + counts[word])) + 1 for word in kept]
        return cls(kept, np.asarray(idf, dtype=np.float32))

    def rows(self, words: Sequence[str]) -> tuple[Matrix, Matrix]:
        """Per word, its cosine with each of the vocabulary and its vector's length (how much it says)."""
        cosines = np.zeros((len(words), len(self.words)), dtype=np.float32)
        lengths = np.zeros(len(words), dtype=np.float32)
        for row, word in enumerate(words):
            place = self._place.get(word)
            if place is not None:
                cosines[row], lengths[row] = self._among[place], self._lengths[place]
            else:
                vector = shared_embeddings().pooled([word])[0]
                lengths[row] = np.linalg.norm(vector)
                cosines[row] = np.einsum("ij,j->i", self._vectors, unit(vector))  # too little for BLAS threads
        return cosines, lengths

    def bag(self, cosines: Matrix) -> Matrix:
        """The feature vector of an utterance from the cosines of its words; unit length, or zero."""
        if not len(cosines) or not len(self.words):
            return np.zeros(len(self.words), dtype=np.float32)
        nearest = np.maximum((cosines.max(axis=0) - UNLIKE) / (1 - UNLIKE), 0.0) * self.idf
        return unit(nearest)


class Coverage:
    """How much of an utterance the words of each intent's own samples account for."""

    def __init__(self, columns: NDArray[np.int32], starts: NDArray[np.int32]) -> None:
        self.columns = columns
        """Places in the vocabulary of the intents' words, one intent after the other."""
        self.starts = starts
        """Where each intent begins in `columns`; every intent has at least one."""

    @classmethod
    def of(
        cls, likeness: Likeness, documents: Sequence[Sequence[str]], owners: NDArray[np.int32], intents: int
    ) -> Coverage:
        """Collects the words of each intent."""
        place = {word: index for index, word in enumerate(likeness.words)}
        own: list[dict[int, None]] = [{} for _ in range(intents)]
        for document, owner in zip(documents, owners, strict=True):
            own[int(owner)].update((place[word], None) for word in document if word in place)
        columns = [list(found) or [0] for found in own]
        starts = np.cumsum([0, *(len(found) for found in columns)])[: len(columns)]
        flat = [column for found in columns for column in found]
        return cls(np.asarray(flat, dtype=np.int32), np.asarray(starts, dtype=np.int32))

    def shares(self, cosines: Matrix, weights: Matrix) -> Matrix:
        """Per intent, 0 to 1, weighing each word by how much it says."""
        total = float(weights.sum())
        if not total or not len(self.columns) or not cosines.shape[1]:
            return np.zeros(len(self.starts), dtype=np.float32)
        nearest = np.maximum.reduceat(cosines[:, self.columns], self.starts, axis=1)
        return np.asarray((np.maximum(nearest, 0.0) * weights[:, None]).sum(axis=0) / total, np.float32)

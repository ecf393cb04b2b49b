"""Turns an utterance into the numbers that the classifier weighs: an embedding, word grams, character grams,
and a bag of words in which words of like meaning stand for each other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rehearsal.recogniser.embeddings import DIMENSIONS, Matrix, shared_embeddings
from rehearsal.recogniser.likeness import Likeness
from rehearsal.recogniser.words import cut, opened, stem

WORD_WEIGHT, CHARACTER_WEIGHT, LIKENESS_WEIGHT = 0.65, 0.2, 0.84
"""Beside an embedding of length one. Chosen on the development bots of the tests; results hardly change
between half and twice of each.
"""

MOST_GRAMS = 1500
"""Per kind of gram; keeps the training of a large bot within seconds."""

Grams = Callable[[Sequence[str]], list[str]]


def plain_words(text: str) -> list[str]:
    """The words that features are made of: lower case, contractions opened, numbers bare."""
    return opened(word.text.lstrip("$€£#") for word in cut(text).words if word.text not in "$€£%#")


def word_grams(words: Sequence[str]) -> list[str]:
    """Stems and pairs of neighbouring stems, with the utterance's ends as neighbours."""
    stems = [stem(word) for word in words]
    return stems + [f"{one} {two}" for one, two in zip(["^", *stems], [*stems, "$"], strict=True)]


def character_grams(words: Sequence[str]) -> list[str]:
    """Runs of three to five characters within each word."""
    grams: list[str] = []
    for word in words:
        padded = f" {word} "
        for size in (3, 4, 5):
            grams.extend(padded[start : start + size] for start in range(len(padded) - size + 1))
    return grams


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The grams of a training set with their weights."""

    position: dict[str, int]
    """Column of each gram."""
    idf: Matrix
    """Inverse document frequency per column; grams of everyday English weigh less."""

    @classmethod
    def of(cls, grams: Sequence[list[str]], everyday: Sequence[list[str]]) -> Vocabulary:
        """The commonest grams that at least two documents hold: one that is seen once teaches noise.

        Among equally common ones the first seen is kept, so that the same documents always give the same vocabulary.
        """
        inside = Counter(gram for document in grams for gram in dict.fromkeys(document))
        everywhere = inside + Counter(gram for document in everyday for gram in dict.fromkeys(document))
        kept = [gram for gram, count in inside.most_common(MOST_GRAMS) if count >= 2]
        total = len(grams) + len(everyday)
        idf = [math.log((1 + total) / (1 + everywhere[gram])) + 1 for gram in kept]
        return cls({gram: index for index, gram in enumerate(kept)}, np.asarray(idf, dtype=np.float32))

    def weigh(self, grams: list[str], scale: float) -> tuple[NDArray[np.intp], Matrix]:
        """Columns and values of one document, its length scaled to `scale`."""
        counts = Counter(gram for gram in grams if gram in self.position)
        columns = np.fromiter((self.position[gram] for gram in counts), dtype=np.intp, count=len(counts))
        values = np.fromiter((1 + math.log(n) for n in counts.values()), dtype=np.float32, count=len(counts))
        values = values * self.idf[columns]
        length = float(np.linalg.norm(values))
        return columns, values * np.float32(scale / length) if length else values


@dataclass(frozen=True, slots=True)
class Features:
    """The feature space of one training set: embedding, words, characters, likeness, and a constant one."""

    words: Vocabulary
    """Stems and pairs of stems."""
    characters: Vocabulary
    """Character grams."""
    likeness: Likeness
    """The words that others are compared with."""

    @classmethod
    def of(cls, samples: Sequence[Sequence[str]], everyday: Sequence[Sequence[str]]) -> Features:
        """The space that the samples (as words) span, weighed against everyday English."""

        def vocabulary(grams: Grams) -> Vocabulary:
            return Vocabulary.of([grams(words) for words in samples], [grams(words) for words in everyday])

        return cls(vocabulary(word_grams), vocabulary(character_grams), Likeness.of([*samples, *everyday]))

    @property
    def size(self) -> int:
        """How many columns there are."""
        grams = len(self.words.position) + len(self.characters.position)
        return DIMENSIONS + grams + len(self.likeness.words) + 1

    def dense(self, documents: Sequence[Sequence[str]]) -> Matrix:
        """The feature vectors of many utterances (as words), shape (len(documents), size)."""
        matrix = np.zeros((len(documents), self.size), dtype=np.float32)
        matrix[:, :DIMENSIONS] = embed(documents)
        all_words = list(dict.fromkeys(word for words in documents for word in words))
        place = {word: index for index, word in enumerate(all_words)}
        cosines = self.likeness.rows(all_words)[0]
        for row, words in enumerate(documents):
            self._fill(matrix[row], words, cosines[[place[word] for word in words]])
        return matrix

    def one(self, words: Sequence[str], cosines: Matrix) -> Matrix:
        """The feature vector of one utterance whose `cosines` were taken by `likeness.rows` before."""
        row = np.zeros(self.size, dtype=np.float32)
        row[:DIMENSIONS] = embed([words])[0]
        self._fill(row, words, cosines)
        return row

    def _fill(self, row: Matrix, words: Sequence[str], cosines: Matrix) -> None:
        """Writes all columns but the embedding's."""
        columns, values = self.words.weigh(word_grams(words), WORD_WEIGHT)
        row[columns + DIMENSIONS] = values
        columns, values = self.characters.weigh(character_grams(words), CHARACTER_WEIGHT)
        row[columns + (DIMENSIONS + len(self.words.position))] = values
        start = DIMENSIONS + len(self.words.position) + len(self.characters.position)
        row[start:-1] = LIKENESS_WEIGHT * self.likeness.bag(cosines)
        row[-1] = 1.0


def embed(documents: Sequence[Sequence[str]]) -> Matrix:
    """Unit embeddings of utterances as words, shape (len(documents), 256)."""
    return shared_embeddings().of([" ".join(words) for words in documents])

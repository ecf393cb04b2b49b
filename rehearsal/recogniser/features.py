"""Turns an utterance into the numbers that the classifier weighs: word grams, character grams and an
embedding.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rehearsal.recogniser.embeddings import Matrix, shared_embeddings
from rehearsal.recogniser.words import cut, opened, stem

EMBEDDING_WEIGHT, WORD_WEIGHT, CHARACTER_WEIGHT = 1.0, 0.65, 0.2
"""Chosen on the two development bots of the tests; results hardly change between half and twice of each."""

MOST_GRAMS = 2000
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
        """The commonest grams that at least two documents hold: one that is seen once teaches noise."""
        inside = Counter(gram for document in grams for gram in set(document))
        everywhere = inside + Counter(gram for document in everyday for gram in set(document))
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
    """The feature space of one training set: embedding first, then words, then characters."""

    words: Vocabulary
    """Stems and pairs of stems."""
    characters: Vocabulary
    """Character grams."""

    @classmethod
    def of(cls, texts: Sequence[str], everyday: Sequence[str]) -> Features:
        """The space that the texts span, weighed against everyday English."""
        inside = [plain_words(text) for text in texts]
        outside = [plain_words(text) for text in everyday]

        def vocabulary(grams: Grams) -> Vocabulary:
            return Vocabulary.of([grams(words) for words in inside], [grams(words) for words in outside])

        return cls(vocabulary(word_grams), vocabulary(character_grams))

    @property
    def size(self) -> int:
        """How many columns there are after the embedding's."""
        return len(self.words.position) + len(self.characters.position)

    def sparse(self, text: str) -> tuple[NDArray[np.intp], Matrix]:
        """Columns (counted after the embedding's) and values of one text."""
        words = plain_words(text)
        columns, values = self.words.weigh(word_grams(words), WORD_WEIGHT)
        more, further = self.characters.weigh(character_grams(words), CHARACTER_WEIGHT)
        return (
            np.concatenate([columns, more + len(self.words.position)]),
            np.concatenate([values, further]).astype(np.float32),
        )


def embed(texts: Sequence[str]) -> Matrix:
    """Unit embeddings, shape (len(texts), 256)."""
    return shared_embeddings().of([" ".join(plain_words(text)) for text in texts]) * np.float32(
        EMBEDDING_WEIGHT
    )

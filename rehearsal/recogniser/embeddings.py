"""Static token embeddings: words as vectors, from the two files inside the `wordllama` wheel.

The wheel's own loader looks in the wrong folder and then tries the network, so the files are read directly
and nothing is ever downloaded.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
DIMENSIONS = 256


class EmbeddingsMissing(RuntimeError):
    """The wordllama wheel, or one of the two files that it should carry, is not installed."""


class Embeddings:
    """Turns texts into vectors: the mean of their tokens' vectors, whose lengths favour rare words."""

    def __init__(self) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        folder = _wheel_folder()
        self._table: Matrix = load_file(str(folder / "weights" / "l2_supercat_256.safetensors"))["embedding.weight"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
        self._tokenizer.no_padding()

    def pooled(self, texts: Sequence[str]) -> Matrix:
        """The mean vectors of the texts, shape (len(texts), 256); zero for a text without tokens."""
        pooled = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                pooled[row] = self._table[encoding.ids].astype(np.float32).mean(axis=0)
        return pooled

    def of(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of the texts, shape (len(texts), 256); the zero vector for a text without tokens."""
        return unit(self.pooled(texts))

    @lru_cache(maxsize=20_000)  # noqa: B019 - there is one table, which lives as long as the process
    def is_whole(self, word: str) -> bool:
        """Whether the word is one token: common English words are, slips of the finger hardly ever."""
        return len(self._tokenizer.encode(word, add_special_tokens=False).ids) < 2


def unit(rows: Matrix) -> Matrix:
    """The rows scaled to length one; zero rows stay zero."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


@lru_cache(maxsize=1)
def shared_embeddings() -> Embeddings:
    """The one table of this process (16 MB), loaded at first use."""
    return Embeddings()


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec("wordllama")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddingsMissing("install the rehearsal's packages: the wheel 'wordllama' carries the embeddings")
    folder = Path(spec.submodule_search_locations[0])
    for name in ("weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"):
        if not (folder / name).is_file():
            raise EmbeddingsMissing(f"wordllama lacks {name}: install the version that the lock file names")
    return folder

"""Puts slips of the finger right before the classifier looks at the words.

Only a word that the tokenizer has to break up is touched, since those are rarely English: "crad" becomes
"card", but "cart" stays "cart".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rehearsal.recogniser.embeddings import shared_embeddings
from rehearsal.recogniser.words import allowed_edits, within_edits

LONGEST = 40
"""Words; a longer text has context enough, and costs too much to check."""


class Speller:
    """Replaces misspelt words by the known ones they were meant to be."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(dict.fromkeys(known))
        self._known = frozenset(self.known)
        self._by_letter: dict[str, list[str]] = {}
        for word in self.known:
            if word.isalpha() and len(word) >= 4:
                self._by_letter.setdefault(word[0], []).append(word)
        self._seen: dict[str, str] = {}

    def corrected(self, words: Sequence[str]) -> list[str]:
        """The words, those that nobody knows replaced by the first known one within a slip or two."""
        if len(words) > LONGEST:
            return list(words)
        return [word if word in self._known else self._meant(word) for word in words]

    def _meant(self, word: str) -> str:
        once = word.rstrip(word[-1]) + word[-1]
        if once in self._known:
            return once
        if not word.isalpha() or len(word) < 4 or shared_embeddings().is_whole(word):
            return word
        if word not in self._seen:
            if len(self._seen) > 10_000:
                self._seen.clear()
            near = (
                known for known in self._by_letter.get(word[0], ()) if within_edits(known, word, allowed_edits(known))
            )
            self._seen[word] = next(near, word)
        return self._seen[word]

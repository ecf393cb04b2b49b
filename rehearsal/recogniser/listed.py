"""Finds the values of a list in an utterance: as written, in singular or plural, or with a slip of the
finger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rehearsal.recogniser.words import allowed_edits, cut, stem, within_edits

EXACT, INFLECTED, MISTYPED = 1.0, 0.95, 0.8


@dataclass(frozen=True, slots=True)
class Match:
    """A listed value found in an utterance."""

    start: int
    """Its first word."""
    end: int
    """The word after it."""
    canonical: tuple[str, ...]
    """The values that go by these words; more than one if the list is ambiguous."""
    strength: float
    """1 for the very words, less for inflected or mistyped ones."""


@dataclass(frozen=True, slots=True)
class ListedIndex:
    """The phrases of one list, ready to be looked up."""

    exact: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    """Words of a phrase to the values that it stands for."""
    inflected: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    """The same by stems."""
    similar: dict[tuple[int, str], list[tuple[str, ...]]] = field(default_factory=dict)
    """Phrases by their number of words and first letter: a slip of the finger keeps both."""
    longest: int = 0
    """Words in the longest phrase."""

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, str]]) -> ListedIndex:
        """From (phrase, canonical value) pairs."""
        exact: dict[tuple[str, ...], tuple[str, ...]] = {}
        inflected: dict[tuple[str, ...], tuple[str, ...]] = {}
        for phrase, canonical in phrases:
            cut_up = cut(phrase).lower
            if cut_up:
                _add(exact, cut_up, canonical)
                _add(inflected, _stems(cut_up), canonical)
        similar: dict[tuple[int, str], list[tuple[str, ...]]] = {}
        for words in exact:
            similar.setdefault((len(words), words[0][0]), []).append(words)
        return cls(exact, inflected, similar, max(map(len, exact), default=0))

    def find(self, words: Sequence[str]) -> list[Match]:
        """All matches, overlapping ones too; the longer and better ones first."""
        matches: list[Match] = []
        for start in range(len(words)):
            for end in range(min(len(words), start + self.longest), start, -1):
                found = self._look_up(tuple(words[start:end]))
                if found is not None:
                    matches.append(Match(start, end, *found))
        matches.sort(key=lambda match: (-(match.end - match.start) * match.strength, match.start))
        return matches

    def _look_up(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], float] | None:
        if words in self.exact:
            return self.exact[words], EXACT
        stems = _stems(words)
        if stems in self.inflected:
            return self.inflected[stems], INFLECTED
        for phrase in self.similar.get((len(words), words[0][0]), ()):
            if _mistyped(phrase, words):
                return self.exact[phrase], MISTYPED
        return None


def _add(table: dict[tuple[str, ...], tuple[str, ...]], words: tuple[str, ...], canonical: str) -> None:
    known = table.get(words, ())
    if canonical not in known:
        table[words] = (*known, canonical)


def _stems(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(stem(word.removesuffix("'s")) if not word.isdecimal() else word for word in words)


def _mistyped(phrase: Sequence[str], words: Sequence[str]) -> bool:
    """One word may be mistyped, in a word long enough that another word is hardly meant."""
    differing = [(right, typed) for right, typed in zip(phrase, words, strict=True) if right != typed]
    return len(differing) == 1 and within_edits(*differing[0], allowed_edits(differing[0][0]))

"""Words of an utterance: cut with their places in the original text, lowered, contractions opened, stems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

CONTRACTIONS = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not", "let's": "let us",
    "gonna": "going to", "wanna": "want to", "gotta": "got to", "gimme": "give me", "whats": "what is",
    "im": "i am", "ive": "i have", "dont": "do not", "cant": "can not", "didnt": "did not", "isnt": "is not",
    "doesnt": "does not", "wheres": "where is", "hows": "how is", "thats": "that is", "lemme": "let me",
}  # fmt: skip
ENDINGS = (
    ("n't", " not"),
    ("'re", " are"),
    ("'ve", " have"),
    ("'ll", " will"),
    ("'m", " am"),
    ("'d", " would"),
)
IS_BEFORE = frozenset({"what", "that", "it", "there", "who", "where", "how", "here", "when", "he", "she", "why"})
DETERMINERS = frozenset({"my", "the", "a", "an", "our", "your", "his", "her", "their", "this", "that", "some"})

_WORD = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?"  # a date in digits
    r"|\d{1,2}:\d{2}"  # a time of day
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+"  # an amount
    r"|(?<!\w)[-\u2212](?=[$€£]?\d)"  # a sum below nothing
    r"|[^\W_]+(?:['\u2019][^\W_]+)*|[$€£%#]",
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands."""

    text: str
    """Lower case, compatibility-normalised, straight apostrophes."""
    start: int
    """Offset of its first character in the cleaned text."""
    end: int
    """Offset after its last character."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a customer said, cut into words."""

    text: str
    """The cleaned text that the words' offsets point into."""
    words: tuple[Word, ...]
    """In order."""

    @property
    def lower(self) -> tuple[str, ...]:
        """The words alone."""
        return tuple(word.text for word in self.words)

    def between(self, start: int, end: int) -> str:
        """The text from word `start` up to word `end` (exclusive), as the customer wrote it."""
        return self.text[self.words[start].start : self.words[end - 1].end]


def clean(text: str) -> str:
    """One compatibility-normalised line without control, format or private characters."""
    normal = unicodedata.normalize("NFKC", text)
    kept = "".join(char if unicodedata.category(char)[0] != "C" else _spaced(char) for char in normal)
    return " ".join(kept.split())


def cut(text: str) -> Utterance:
    """The words of the text; never raises, whatever the text holds."""
    cleaned = clean(text)
    words = tuple(
        Word(match[0].lower().replace("\u2019", "'"), match.start(), match.end()) for match in _WORD.finditer(cleaned)
    )
    return Utterance(cleaned, words)


def opened(words: Iterable[str]) -> list[str]:
    """The words with contractions written out ("what's" becomes "what", "is")."""
    result: list[str] = []
    for word in words:
        result.extend(_open(word).split())
    return result


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its common English endings; every bare number becomes `#`."""
    if word.replace(",", "").replace(".", "").isdigit():
        return "#"
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending) + instead
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def within_edits(one: str, other: str, limit: int) -> bool:
    """Whether at most `limit` insertions, deletions, replacements or swaps of neighbours part the two."""
    if abs(len(one) - len(other)) > limit:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        current = [i]
        for j, right in enumerate(other, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return False
        before, row = row, current
    return row[-1] <= limit


def allowed_edits(word: str) -> int:
    """How many slips of the finger a word of that length forgives; numbers forgive none."""
    if not word.isalpha() or len(word) < 4:
        return 0
    return 2 if len(word) >= 9 else 1


def stripped(words: Sequence[str], edges: frozenset[str]) -> list[str]:
    """The words without those at both ends that are in `edges`, unless nothing would remain."""
    start, end = 0, len(words)
    while start < end and words[start] in edges:
        start += 1
    while end > start and words[end - 1] in edges:
        end -= 1
    return list(words[start:end]) or list(words)


def _open(word: str) -> str:
    if word in CONTRACTIONS:
        return CONTRACTIONS[word]
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return word.removesuffix(ending) + instead
    if word.endswith("'s"):
        base = word.removesuffix("'s")
        return f"{base} is" if base in IS_BEFORE else base
    return word


def _spaced(char: str) -> str:
    return " " if char in "\n\r\t\v\f" else ""

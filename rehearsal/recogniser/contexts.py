"""What stands left and right of each slot in the samples: how "from checking" and "to checking" are told
apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from rehearsal.recogniser.templates import Template
from rehearsal.recogniser.words import DETERMINERS, stem

SAME_WAY = {"into": "to", "onto": "to", "toward": "to", "towards": "to", "off": "from"}
EDGE, SLOT_MARK = "^", "{}"
LEFT, FARTHER_LEFT, RIGHT = 1.0, 0.4, 0.35
ELSEWHERE = -0.6

Key = TypeVar("Key")
Surroundings = tuple[str, tuple[str, str], str]
"""The word to the left, the two words to the left, the word to the right."""


class Contexts:
    """The surroundings of the slots of one intent, counted over its samples."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._left: dict[str, Counter[str]] = defaultdict(Counter)
        self._pair: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._right: dict[str, Counter[str]] = defaultdict(Counter)
        self.own_words: set[str] = set()
        for template in templates:
            self.own_words.update(piece for piece in template.pieces if piece[0] != "{")
            words = [SLOT_MARK if piece[0] == "{" else piece for piece in template.pieces]
            for position, piece in enumerate(template.pieces):
                if piece[0] == "{":
                    left, pair, right = surroundings(words, position, position + 1)
                    self._left[piece[1:-1]][left] += 1
                    self._pair[piece[1:-1]][pair] += 1
                    self._right[piece[1:-1]][right] += 1

    def support(self, slot: str, around: Surroundings) -> float:
        """How much the surroundings speak for that slot: from about -0.6 (another's place) to 1.75."""
        left, pair, right = around
        share = _share(self._left, slot, left)
        if left == EDGE:
            share *= 0.3
        score = LEFT * share + FARTHER_LEFT * _share(self._pair, slot, pair)
        score += RIGHT * _share(self._right, slot, right) if right != EDGE else 0.0
        if share == 0 and left not in (EDGE, SLOT_MARK) and any(left in seen for seen in self._left.values()):
            score += ELSEWHERE
        return score

    def lefts(self, slot: str) -> frozenset[str]:
        """Words left of the slot in some sample, and not much more often left of others."""
        return frozenset(
            word
            for word in self._left.get(slot, ())
            if word not in (EDGE, SLOT_MARK) and _share(self._left, slot, word) >= 0.3
        )


def surroundings(words: Sequence[str], start: int, end: int) -> Surroundings:
    """What stands around words `start` to `end`, articles and possessives passed over."""
    before = [_alike(word) for word in words[:start] if word not in DETERMINERS]
    if len(before) > 1 and before[-1] == "of" and before[-2] == "out":
        before[-2:] = ["from"]
    after = [_alike(word) for word in words[end : end + 2] if word not in DETERMINERS]
    left = before[-1] if before else EDGE
    return left, (before[-2] if len(before) > 1 else EDGE, left), after[0] if after else EDGE


def _alike(word: str) -> str:
    return SAME_WAY.get(word) or (word if word == SLOT_MARK else stem(word))


def _share(counts: dict[str, Counter[Key]], slot: str, key: Key) -> float:
    own = counts[slot][key] if slot in counts else 0
    if not own:
        return 0.0
    return own / sum(counter[key] for counter in counts.values())

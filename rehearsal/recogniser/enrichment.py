"""More to learn from than the samples: the same with the words that people wrap around them, and near misses.

"I lost my card" is made into "hi there i lost my card at the mall", which is still the same intent, and into
"i lost my umbrella", which is none. Both teach which words decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from rehearsal.recogniser.words import DETERMINERS

NEAR_MISSES, WRAPPED = 0.3, 0.5
"""How many of each are made for every sample."""
MOST = 450
"""Of each; keeps the training of a large bot within seconds."""
BEFORE = (
    "hey so", "could you please", "i was wondering if", "i am at the store and", "my wife says", "hi there",
    "um", "i would like to know", "so yesterday", "listen", "i need some help", "can you tell me",
    "quick question", "good morning", "i think", "just", "well", "sorry but", "excuse me", "the thing is",
)  # fmt: skip
AFTER = (
    "please", "thanks", "right now", "for my trip next week", "because i am moving", "before i go to work",
    "this morning", "today", "if that is possible", "if you do not mind", "and i do not know what to do",
    "at the mall", "last night", "when you get a chance", "on my way home", "and it is urgent", "for me",
    "again", "at a restaurant in chicago", "any time soon",
)  # fmt: skip
LITTLE_WORDS = DETERMINERS | {
    "to", "of", "for", "on", "at", "in", "with", "from", "and", "or", "is", "are", "was", "were", "be",
    "been", "do", "does", "did", "can", "could", "would", "should", "will", "i", "you", "it", "me",
    "us", "we", "they", "he", "she", "who", "what", "where", "when", "why", "how", "if", "not", "no",
    "go", "get", "have", "has", "had", "about", "by", "as", "so", "up", "down", "out", "off", "into",
    "over", "there", "here", "than", "then", "please", "am", "now", "just",
}  # fmt: skip

Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What is learnt besides the samples."""

    wrapped: tuple[tuple[int, tuple[str, ...]], ...]
    """(index of the sample, its words with others around them)."""
    near_misses: tuple[tuple[str, ...], ...]
    """Samples that speak of something else than the bot does."""


def enriched(samples: Sequence[Words], everyday: Sequence[Words]) -> Enrichment:
    """Makes both out of the samples and everyday English; always the same for the same."""
    chance = Random(0)
    known = {word for sample in samples for word in sample}
    things = [line[start:end] for line in everyday for start, end in things_in(line)]
    foreign = [tuple(thing) for thing in things if known.isdisjoint(thing)]
    misses: list[tuple[str, ...]] = []
    speaking = [sample for sample in samples if things_in(sample)]
    if foreign:
        for sample in chance.sample(speaking, min(len(speaking), MOST, int(NEAR_MISSES * len(samples)))):
            words = list(sample)
            for start, end in reversed(things_in(sample)):
                words[start:end] = chance.choice(foreign)
            misses.append(tuple(words))
    wrapped: list[tuple[int, tuple[str, ...]]] = []
    for index in chance.sample(range(len(samples)), min(MOST, int(WRAPPED * len(samples)))):
        side = chance.random()
        before = chance.choice(BEFORE).split() if side < 0.6 else []
        after = chance.choice(AFTER).split() if side > 0.4 else []
        wrapped.append((index, (*before, *samples[index], *after)))
    return Enrichment(tuple(wrapped), tuple(misses))


def things_in(words: Words) -> list[tuple[int, int]]:
    """Start and end of what is spoken of: the one or two words after an article or a possessive."""
    found: list[tuple[int, int]] = []
    place = 0
    while place + 1 < len(words):
        if words[place] in DETERMINERS and words[place + 1] not in LITTLE_WORDS:
            two = place + 2 < len(words) and words[place + 2] not in LITTLE_WORDS
            found.append((place + 1, place + 3 if two else place + 2))
            place += 2
        place += 1
    return found

"""The sentiment of an utterance, in the shape that Comprehend gives Lex: a rule-based score, offline.

An approximation by VADER's English lexicon; the label's thresholds are those that VADER's authors
recommend.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Protocol

from rehearsal.lex.values import Json

CLEAR = 0.05
MIXED_FROM = 0.2


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How an utterance sounds; the four scores sum to 1."""

    label: str
    """POSITIVE, NEGATIVE, NEUTRAL or MIXED."""
    positive: float
    """0 to 1."""
    negative: float
    """0 to 1."""
    neutral: float
    """0 to 1."""
    mixed: float
    """0 to 1."""


class _Scorer(Protocol):
    def polarity_scores(self, text: str) -> dict[str, float]: ...


@lru_cache(maxsize=1)
def _scorer() -> _Scorer:
    scorer: _Scorer = import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    return scorer


def sentiment_of(text: str) -> Sentiment:
    """The sentiment of `text`; NEUTRAL where there is nothing to go by."""
    scores = _scorer().polarity_scores(text)
    positive, negative, neutral = scores["pos"], scores["neg"], scores["neu"]
    mixed = 2 * min(positive, negative)
    total = positive + negative + neutral + mixed
    if not total:
        return Sentiment("NEUTRAL", 0.0, 0.0, 1.0, 0.0)
    if min(positive, negative) >= MIXED_FROM:
        label = "MIXED"
    elif scores["compound"] >= CLEAR:
        label = "POSITIVE"
    else:
        label = "NEGATIVE" if scores["compound"] <= -CLEAR else "NEUTRAL"
    shares = [round(score / total, 4) for score in (positive, negative, neutral, mixed)]
    return Sentiment(label, *shares)


def sentiment_json(sentiment: Sentiment) -> Json:
    """The SentimentResponse shape of `sentiment`."""
    return {
        "sentiment": sentiment.label,
        "sentimentScore": {
            "positive": sentiment.positive,
            "negative": sentiment.negative,
            "neutral": sentiment.neutral,
            "mixed": sentiment.mixed,
        },
    }


def read_sentiment(data: Json) -> Sentiment:
    """A sentiment from the SentimentResponse shape."""
    score = data["sentimentScore"]
    return Sentiment(data["sentiment"], score["positive"], score["negative"], score["neutral"], score["mixed"])

"""What a turn costs, roughly, for whoever looks at a dashboard: a count times a price, and no bill.

The metric that is multiplied doesn't tell a spoken turn from a typed one, so that each counts as typed;
`throughline cost` tells them apart, and knows about everything else.
"""

from __future__ import annotations

from typing import Final

from deployment.cost import prices
from deployment.cost.bill import ADDED_TARGET

HEARD_BY_LEX: Final = frozenset({"lex", "web"})
"""Channels of `Turn.channel` that Amazon Lex recognises; Alexa hears for itself."""


def turn_usd(channel: str, *, sentiment: bool) -> float:
    """USD for one turn on that channel; `sentiment` is whether Lex has each utterance judged."""
    usd = ADDED_TARGET / 1000
    if channel in HEARD_BY_LEX:
        usd += prices.LEX_TEXT.usd
        if sentiment:
            usd += prices.SENTIMENT.usd * prices.SENTIMENT_UNITS
    return float(usd)

"""The supervisor's ear: how each customer's turns sound, and an alert when a conversation falls.

The rule is Contact Lens' real-time one in small: so many negative turns of the customer in a row. It alerts once for
each fall, and again only after a turn that wasn't negative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Mood = Callable[[str], str]
"""Words to POSITIVE, NEGATIVE, NEUTRAL or MIXED."""
NEGATIVE = "NEGATIVE"


@dataclass(frozen=True, slots=True)
class Rule:
    """When to alert."""

    turns: int = 2
    """Negative customer turns in a row."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A conversation that fell."""

    contact: str
    """Its id."""
    at: float
    """Epoch seconds."""
    agent: str
    """Who had it; empty for nobody."""
    turns: tuple[str, ...]
    """The sentiments up to the fall, the last ones."""


class Supervision:
    """Sentiments by contact and the alerts that they made."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._turns: dict[str, list[str]] = {}
        self._alerts: list[Alert] = []

    def heard(self, contact: str, sentiment: str, at: float, agent: str) -> Alert | None:
        """One customer turn; the alert that it made, if it did."""
        turns = self._turns.setdefault(contact, [])
        turns.append(sentiment)
        row = 0
        for one in reversed(turns):
            if one != NEGATIVE:
                break
            row += 1
        if row != self.rule.turns:
            return None
        alert = Alert(contact, at, agent, tuple(turns[-10:]))
        self._alerts.append(alert)
        return alert

    def turns(self, contact: str) -> tuple[str, ...]:
        """A contact's sentiments, oldest first."""
        return tuple(self._turns.get(contact, ()))

    def alerts(self) -> tuple[Alert, ...]:
        """All of them, oldest first."""
        return tuple(self._alerts)

"""What an utterance says to the intent in progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.recogniser.readings import Span


@dataclass(frozen=True, slots=True)
class Said:
    """What an utterance says to the intent in progress."""

    filling: dict[str, Span]
    """Slot to what fills it."""
    worth: float
    """Confidence that it is an answer at all."""
    complete: bool
    """Whether the values account for every word that matters."""

    def beside(self, other: Mapping[str, Span]) -> dict[str, Span]:
        """This filling with what the other one reads out of the remaining words."""
        taken = {index for span in self.filling.values() for index in range(span.start, span.end)}
        free = {slot: span for slot, span in other.items() if taken.isdisjoint(range(span.start, span.end))}
        return free | self.filling

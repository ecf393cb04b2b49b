"""What the speaker needs of a recogniser: the shape only, so that any object with it will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class HeardSlot(Protocol):
    """A slot's value in an utterance."""

    @property
    def original(self) -> str:
        """The customer's words."""

    @property
    def interpreted(self) -> str:
        """What they stand for: a listed value's name, a date, a number."""

    @property
    def resolved(self) -> Sequence[str]:
        """All that they may stand for, the best first; empty for words outside the type's list."""


class Interpretation(Protocol):
    """One reading of an utterance."""

    @property
    def intent(self) -> str:
        """The intent's name in the interaction model."""

    @property
    def slots(self) -> Mapping[str, HeardSlot | None]:
        """The slots that were heard; None or absent where not."""


class Ear(Protocol):
    """A recogniser of one interaction model."""

    def recognise(
        self, text: str, *, eliciting: tuple[str, str] | None = None, confirming: bool = False
    ) -> Sequence[Interpretation]:
        """Readings of `text`, the best first; AMAZON.FallbackIntent leads where nothing fits.

        `eliciting` names intent and slot of the open question; `confirming` says that it asked for yes or no.
        """

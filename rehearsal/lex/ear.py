"""What the dialogue needs of a recogniser.

The dialogue depends on the shape below only; any object with it will do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

Hints = Mapping[str, Mapping[str, Sequence[str]]]
"""Phrases that are likely for a slot: by intent, then by slot."""


YesOrNo = Callable[[str], bool | None]
"""Tells a yes (True) and a no (False) from any other answer (None)."""


class HeardSlot(Protocol):
    """A slot's value in an utterance."""

    @property
    def original(self) -> str:
        """The customer's words."""

    @property
    def interpreted(self) -> str:
        """The value by the slot type's resolution strategy."""

    @property
    def resolved(self) -> Sequence[str]:
        """Possible resolutions, the best first."""


class Interpretation(Protocol):
    """One reading of an utterance."""

    @property
    def intent(self) -> str:
        """The intent's name in the locale; the fallback intent's where nothing fits."""

    @property
    def confidence(self) -> float | None:
        """0 to 1; None for the fallback intent."""

    @property
    def slots(self) -> Mapping[str, HeardSlot | None]:
        """The slots that were heard; None or absent where not."""


class Ear(Protocol):
    """A recogniser of one bot in one locale."""

    def recognise(
        self,
        text: str,
        *,
        eliciting: tuple[str, str] | None = None,
        confirming: bool = False,
        within: str | None = None,
        hints: Hints = ...,
    ) -> Sequence[Interpretation]:
        """Readings of `text`, the best first.

        `eliciting` names intent and slot of the open question; `confirming` says that it asked for yes or no;
        `within` names the intent under way.
        """


def keyed_yes_or_no(keys: str) -> bool | None:
    """1 is yes and 2 is no on a telephone (an assumption of the rehearsal); None for other keys."""
    return {"1": True, "2": False}.get(keys.strip())

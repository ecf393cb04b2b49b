"""What the dialogue needs of a recogniser, and how a plain yes or no is told.

The dialogue depends on the shape below only; any object with it will do.
"""

from __future__ import annotations

import re
import unicodedata
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
        hints: Hints | None = None,
    ) -> Sequence[Interpretation]:
        """Readings of `text`, the best first.

        `eliciting` names intent and slot of the open question; `confirming` says that it asked for yes or no.
        """


YES_WORDS = """
yes, yeah, yep, yup, ya, yes please, yes do, yes thanks, yes thank you, please, please do, do it, do so,
go ahead, sure, sure thing, of course, certainly, definitely, absolutely, ok, okay, okay then, fine,
alright, all right, correct, that is correct, thats correct, that is right, thats right, right, exactly,
confirm, confirmed, i confirm, affirmative, sounds good, yes go ahead, yes it is, yes i do, yes i am, yes
that is right, yes thats right, yes that is correct, yes thats correct, yes correct, yes sure, y, true, i
do, it is, si, oui, ja, sim
"""
NO_WORDS = """
no, nope, nah, no thanks, no thank you, no please, no dont, dont, do not, please dont, dont do it, do not
do it, never, not now, not really, negative, incorrect, that is wrong, thats wrong, wrong, that is not
right, thats not right, that is incorrect, thats incorrect, not correct, not right, no way, absolutely
not, of course not, certainly not, i do not, i dont, no i dont, no i do not, no it is not, no it isnt, no
that is wrong, no thats wrong, no not now, deny, denied, n, false, non, nein, nao, no gracias
"""
YES = frozenset(" ".join(each.split()) for each in YES_WORDS.split(","))
NO = frozenset(" ".join(each.split()) for each in NO_WORDS.split(","))


def yes_or_no(text: str) -> bool | None:
    """True for a plain yes, False for a plain no, None for any other answer to a confirmation.

    Lex does not publish what it takes for a yes. An answer with more in it ("yes, but on Friday") is neither.
    """
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    folded = "".join(letter for letter in folded if unicodedata.category(letter) not in {"Mn", "Cf"})
    words = " ".join(re.sub(r"[^\w\s]|_", "", folded).split())
    return True if words in YES else False if words in NO else None


def keyed_yes_or_no(keys: str) -> bool | None:
    """1 is yes and 2 is no on a telephone (an assumption of the rehearsal); None for other keys."""
    return {"1": True, "2": False}.get(keys.strip())

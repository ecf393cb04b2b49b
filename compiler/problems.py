"""What is wrong with a model, and where: collected while checking, raised all at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from compiler.places import Place


class Severity(StrEnum):
    """Whether a model with this problem may be deployed."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend, at one place."""

    place: Place
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """`path:line:column: what is wrong. suggestion`, warnings marked as such."""
        mark = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.place}: {mark}{self.message}"


class Problems(Exception):
    """The model can't be compiled. Holds every problem found, warnings included, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Those that forbid compiling."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Those that don't."""
        return tuple(p for p in self.problems if p.severity is Severity.WARNING)


@dataclass(slots=True)
class Findings:
    """Where the checks write what they find."""

    problems: list[Problem] = field(default_factory=list)

    def error(self, place: Place, message: str) -> None:
        """Something that forbids compiling."""
        self.problems.append(Problem(place, message))

    def warning(self, place: Place, message: str) -> None:
        """Something that the author should look at."""
        self.problems.append(Problem(place, message, Severity.WARNING))

    @property
    def failed(self) -> bool:
        """Whether anything forbids compiling."""
        return any(p.severity is Severity.ERROR for p in self.problems)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is most likely a slip of; None if none is near."""
    by_folded = {k.casefold(): k for k in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion to put after a full stop: the nearest known word, or a few of them."""
    words: Sequence[str] = list(known)
    close = nearest(word, words)
    if close is not None:
        return f"Did you mean `{close}`?"
    if not words:
        return "There are none yet."
    shown = ", ".join(f"`{w}`" for w in words[:12])
    return f"Known: {shown}{', …' if len(words) > 12 else ''}."

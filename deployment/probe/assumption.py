"""What is taken for granted about AWS, and what became of it when it was tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deployment.probe.site import Site


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that the product rests on and that only a live account can show."""

    id: str
    """Short and stable: how it is chosen on the command line and found again in a report."""
    says: str
    """The assumption, in a sentence."""
    expects: str
    """What is seen if it holds."""
    source: str
    """Where it comes from, and how sure that is."""
    matters: str
    """What in the product would change if it didn't hold."""


class Verdict(StrEnum):
    """How an assumption came out."""

    AS_EXPECTED = "as expected"
    DIFFERENT = "different"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What trying it brought."""

    verdict: Verdict
    came: str = ""
    """What was seen; empty if it wasn't tried."""
    why: str = ""
    """Why it wasn't tried; empty if it was."""


@dataclass(frozen=True, slots=True)
class Volume:
    """What trying it uses at most."""

    texts: int = 0
    """Text requests to Lex."""
    moods: int = 0
    """Those of them whose mood Comprehend may judge."""
    invocations: int = 0
    """Direct invocations of a function."""
    calls: int = 0
    """Other requests, which cost nothing or next to nothing."""
    queries: int = 0
    """Log queries, each stopped as soon as it has begun."""
    rings: int = 0
    """Alarms that are set off and back; both are written to whoever hears them."""

    def __add__(self, other: Volume) -> Volume:
        """Both together."""
        return Volume(
            self.texts + other.texts,
            self.moods + other.moods,
            self.invocations + other.invocations,
            self.calls + other.calls,
            self.queries + other.queries,
            self.rings + other.rings,
        )


@dataclass(frozen=True, slots=True)
class Probe:
    """An assumption and the way to try it."""

    assumption: Assumption
    check: Callable[[Site], Outcome]
    """May raise NotTried and whatever botocore raises: both are given a meaning by whoever runs it."""
    needs: tuple[str, ...] = ()
    """IAM actions that its caller needs."""
    volume: Volume = field(default_factory=Volume)
    answers: frozenset[str] = frozenset()
    """Error codes that are themselves the answer "different", rather than a reason why nothing was seen."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An assumption with its outcome."""

    assumption: Assumption
    outcome: Outcome


class NotTried(Exception):
    """It can't be tried here; the message says why, and what to do about it if there is something."""


def as_expected(came: str) -> Outcome:
    """It holds."""
    return Outcome(Verdict.AS_EXPECTED, came)


def different(came: str) -> Outcome:
    """It doesn't hold."""
    return Outcome(Verdict.DIFFERENT, came)


def not_tried(why: str) -> Outcome:
    """Nothing is known."""
    return Outcome(Verdict.NOT_TRIED, why=why)


def judged(holds: bool, came: str) -> Outcome:
    """It holds or it doesn't; `came` is what was seen."""
    return as_expected(came) if holds else different(came)

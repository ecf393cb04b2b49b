"""What a check found: one row of the doctor's table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a finding bears on the next deploy."""

    OK = "ok"
    MISSING = "missing"
    """The deploy would fail, or the deployment would not work."""
    WARNING = "warning"
    """The deploy works; somebody should know this."""
    UNKNOWN = "unknown"
    """It could not be looked at, so nothing is claimed."""
    LATER = "later"
    """For a channel that is not deployed yet; it never fails a run."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row."""

    name: str
    """The check's."""
    state: State
    told: str
    """What was seen, without anything of the account but its id, its region and counts."""
    mend: str = ""
    """How to get what is missing, or to look at what could not be looked at."""


def ok(name: str, told: str) -> Finding:
    """It is there."""
    return Finding(name, State.OK, told)


def missing(name: str, told: str, mend: str) -> Finding:
    """It is needed and not there."""
    return Finding(name, State.MISSING, told, mend)


def warning(name: str, told: str, mend: str = "") -> Finding:
    """It is there, and something is to be known about it."""
    return Finding(name, State.WARNING, told, mend)


def unknown(name: str, told: str, mend: str = "") -> Finding:
    """It could not be looked at."""
    return Finding(name, State.UNKNOWN, told, mend)


def later(name: str, told: str, mend: str = "") -> Finding:
    """It is for a channel that is not deployed yet."""
    return Finding(name, State.LATER, told, mend)


def counted(number: int, noun: str) -> str:
    """The number with its noun, in the plural where it belongs."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

"""A line of the tables of calls that no handler of ours makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rehearsal.permissions.policy import Call
from rehearsal.resources import Resources


@dataclass(frozen=True, slots=True)
class Rule:
    """One line."""

    why: str
    """What is done, and when."""
    calls: Callable[[Resources], Iterator[Call]]
    """The calls that it comes to for these templates."""
    source: str
    """Where AWS says so."""

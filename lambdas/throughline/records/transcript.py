"""What is kept of a strand: turns and the history of facts, each under the link that it came through.

A turn's record is the JSON that the conversation item carries as `turn`; it is kept to the letter. Whose it is, the
link says, which may move. Its place is made of its time and id, so writing it again changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from throughline.customers.profile import FactChange

TURN: Final = "turn#"
FACT: Final = "fact#"
_LONGEST_ID: Final = 700
"""Characters of a turn's id in a key: a sort key has at most 1,024 bytes (DynamoDB service quotas)."""


class Damaged(ValueError):
    """A record that can't be understood; the message holds nothing of it."""


@dataclass(frozen=True, slots=True)
class StrandTurn:
    """One turn of a transcript."""

    link: str
    """The strand it belongs to."""
    id: str
    at: float
    """Epoch seconds."""
    record: str
    """The record's JSON, masked."""
    expires: int | None = None
    """Epoch seconds; None while a legal hold keeps it."""

    @property
    def sort(self) -> str:
        """The sort key: by time, then id."""
        return f"{TURN}{milliseconds(self.at)}#{self.id[:_LONGEST_ID]}"

    def document(self) -> Mapping[str, Any]:
        """The record, read; empty if it can't be."""
        try:
            found = json.loads(self.record)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class StrandFact:
    """One line of the facts' history."""

    link: str
    at: float
    """Epoch seconds."""
    kind: str
    key: str
    value: str
    """Empty if the fact was taken back."""
    by: str
    expires: int | None = None

    @property
    def sort(self) -> str:
        """The sort key: by time, then what the fact is."""
        return f"{FACT}{milliseconds(self.at)}#{self.kind}.{self.key}"


def milliseconds(at: float) -> str:
    """A time as 13 digits, so that text order is time order until the year 2286."""
    return f"{max(round(at * 1000), 0):013d}"


def turn_in(record: str) -> StrandTurn | None:
    """The turn in a conversation's `turn`; None if it has none. Raises Damaged."""
    if not record:
        return None
    try:
        document = json.loads(record)
        link, id, at = document["link"], document["id"], document["at"]
    except (ValueError, KeyError, TypeError):
        raise Damaged("a turn's record is not of its form") from None
    numeric = isinstance(at, int | float) and not isinstance(at, bool)
    if not (isinstance(link, str) and isinstance(id, str) and numeric and link and id and 0 <= at < 1e10):
        raise Damaged("a turn's record has no link, id or time")
    return StrandTurn(link, id, float(at), record)


def fact_in(change: FactChange, written_at: float) -> StrandFact:
    """The history's line for a change; what doesn't say when happened when it was written."""
    at = change.at if change.at is not None else written_at
    return StrandFact(change.link, at, change.kind, change.key, change.value, change.by)


def fact_of(sort: str) -> tuple[str, str]:
    """A fact's kind and key, from its sort key."""
    kind, _, key = sort.split("#", 2)[2].partition(".")
    return kind, key


def time_of(sort: str) -> float:
    """The time in a turn's or a fact's sort key, in epoch seconds."""
    return int(sort.split("#", 2)[1]) / 1000


def in_time(*strands: Iterator[StrandTurn]) -> list[StrandTurn]:
    """Several strands' turns as one, oldest first: what a customer and a company said to each other."""
    return sorted((turn for strand in strands for turn in strand), key=lambda turn: (turn.at, turn.id))

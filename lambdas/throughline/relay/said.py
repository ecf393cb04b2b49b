"""What a customer said to a person, as the table's stream tells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from throughline.customers.store import Stored
from throughline.dialogue.state import WithPerson
from throughline.records import marks
from throughline.records.transcript import Damaged, turn_in
from throughline.turn import Assurance


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of a customer's."""

    turn: str
    """Its id."""
    text: str = field(repr=False)
    """Masked, as it is kept."""
    files: bool
    """Whether a file came with it."""
    relayed: bool
    """Whether it is a person's to answer; else the assistant has."""
    assurance: Assurance


def erasing(stored: Stored) -> bool:
    """Whether an erasure is announced. Raises Damaged."""
    try:
        mark = marks.read(stored.mark)
    except ValueError as problem:
        raise Damaged(str(problem)) from None
    return mark is not None and mark.job == marks.ERASE


def said_in(old: Stored | None, new: Stored, person: WithPerson) -> Said | None:
    """The turn that the change brought, if it is the customer's own and of the session that the person has.

    Raises Damaged, quoting nothing.
    """
    if not new.turn or (old is not None and old.turn == new.turn):
        return None
    turn = turn_in(new.turn)
    told = turn.document() if turn is not None else {}
    if told.get("sent") or told.get("session") != person.session:
        return None
    events = told.get("events")
    names = {one[0] for one in events if isinstance(one, list) and one} if isinstance(events, list) else set()
    try:
        assurance = Assurance.named(str(told.get("assurance", "")))
    except KeyError:
        raise Damaged("a turn's record names no assurance") from None
    return Said(
        str(told.get("id", "")), str(told.get("said", "")), "file_declined" in names, "relayed" in names, assurance
    )  # fmt: skip

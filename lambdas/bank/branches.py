"""Branches: where they are, when they are open, and appointments there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType

from bank.core import Book, CoreBanking
from bank.deeds import Deed, reading
from throughline.dialogue.action import Actions, Call, Done, Invalid, Outcome, Typed

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch."""

    address: str
    """Street and number, as it is told."""
    weekdays: tuple[str, str]
    """Opens and closes, HH:MM."""
    saturday: tuple[str, str] | None
    """The same on Saturdays; None if it is closed."""
    sunday: tuple[str, str] | None = None
    """The same on Sundays; None if it is closed."""

    def hours(self, day: date) -> tuple[str, str] | None:
        """When it opens and closes on that day; None if it doesn't."""
        if day.weekday() == _SATURDAY:
            return self.saturday
        return self.sunday if day.weekday() == _SUNDAY else self.weekdays


BRANCHES: Mapping[str, Branch] = MappingProxyType(
    {
        "downtown": Branch("12 Main Street", ("08:30", "18:00"), ("09:00", "15:00")),
        "riverside": Branch("240 Bridge Road", ("09:00", "17:00"), ("10:00", "14:00")),
        "airport": Branch("Terminal 2, upper level", ("06:00", "21:00"), ("07:00", "20:00"), ("07:00", "20:00")),
        "north_hills": Branch("North Hills Mall, ground floor", ("10:00", "19:00"), ("10:00", "18:00")),
        "university": Branch("5 College Square", ("09:00", "17:00"), None),
    }
)

MEETINGS = Branch("", ("09:00", "17:00"), ("10:00", "14:00"))
"""When people meet customers: alike at every branch, whatever its own hours."""


def branch_actions(core: CoreBanking) -> Actions:
    """branch_hours and book_appointment."""

    def branch_hours(call: Call) -> Outcome:
        branch = BRANCHES[call.slots["branch"]]
        today = datetime.fromtimestamp(call.now, UTC).date()
        day = date.fromisoformat(call.slots["date"]) if "date" in call.slots else today
        told = {"day": Typed("date", day.isoformat()), "address": Typed("text", branch.address)}
        hours = branch.hours(day)
        if hours is None:
            return Done(told, "closed")
        return Done({**told, "opens": Typed("time", hours[0]), "closes": Typed("time", hours[1])})

    def appointment(call: Call) -> Book | Invalid:
        slots = call.slots
        hours = MEETINGS.hours(date.fromisoformat(slots["date"]))
        if hours is None:
            return Invalid("date", "closed")
        opens, closes = hours
        if not opens <= slots["time"] < closes:
            return Invalid("time", "outside_hours", {"opens": Typed("time", opens), "closes": Typed("time", closes)})
        return Book(slots["branch"], slots["topic"], slots["date"], slots["time"])

    return {
        "branch_hours": reading(branch_hours),
        "book_appointment": Deed(core, appointment, {"clash": "time"}).action(),
    }

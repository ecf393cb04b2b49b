"""The contact centre with what a rehearsal arranges: holidays, others who wait, everybody gone; and all to be read."""

from __future__ import annotations

import math
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from rehearsal.connect.agents import OFFLINE
from rehearsal.connect.centre import Centre
from rehearsal.connect.errors import NoSuchResource
from rehearsal.connect.events import Heard, Party
from rehearsal.connect.inputs import HangUp
from rehearsal.connect.interpreter import Contact
from rehearsal.connect.layout import Holiday
from rehearsal.connect.ports import Ticket
from rehearsal.connect.state import Phase

QUARTER: Final = 900
"""Seconds: hours begin on a quarter of an hour."""
LONGEST_CLOSED: Final = 14 * 86_400
"""Seconds in which opening is looked for."""


class StagedCentre(Centre):
    """See `Centre`."""

    def contacts(self) -> tuple[Contact, ...]:
        """All that there were, to be read."""
        return tuple(live.contact for live in list(self._live.values()))

    def heard(self, contact: str) -> tuple[str, ...]:
        """How a contact's turns sounded, oldest first."""
        return self._supervision.turns(contact)

    def written(self, contact: str, words: str) -> None:
        """What the customer wrote before there was anybody to read it."""
        with self._lock:
            live = self._one(contact)
            live.events.append(Heard(Party.CUSTOMER, words))
            live.contact.records.transcript.append(f"customer: {words}")

    def now(self) -> float:
        """The centre's epoch seconds."""
        return self._clock()

    def zone(self) -> ZoneInfo:
        """The time zone of the first hours; UTC where there are none."""
        return ZoneInfo(self._layout.hours[0].zone if self._layout.hours else "UTC")

    def opens_in(self) -> float:
        """Seconds until somebody works; 0 while somebody does, or where there are no hours."""
        now, hours = self._clock(), self._layout.hours
        if not hours or any(self.open(it.arn) for it in hours):
            return 0.0
        quarters = (math.ceil(now / QUARTER + step) * QUARTER for step in range(LONGEST_CLOSED // QUARTER))
        return next((at - now for at in quarters if any(it.open(at) for it in hours)), 0.0)

    def holiday(self, day: date) -> None:
        """Nobody answers on that day."""
        with self._lock:
            self._holidays = (*self._holidays, Holiday("rehearsed", day, day))

    def crowd(self, queue: str, count: int) -> None:
        """So many others wait there by telephone, and go on waiting: nobody is offered them."""
        with self._lock:
            for number in range(count):
                other = f"other {number} in {queue}"
                self._room.join(Ticket(other, queue, "VOICE"))
                place = self._room.place(other)
                if place is not None:
                    place.offered = other

    def queue_named(self, name: str) -> str:
        """ARN of a queue by its name, with or without the deployment's before it. Raises NoSuchResource."""
        for it in self._layout.queues:
            if it.name == name or it.name.endswith(f"-{name}"):
                return it.arn
        raise NoSuchResource(f"no queue {name!r}: known are {', '.join(it.name for it in self._layout.queues)}")

    def close(self) -> None:
        """Everybody leaves: what is under way ends, nothing is waited for, no agent is there, no day is a holiday."""
        with self._lock:
            for live in self._live.values():
                if live.contact.phase is not Phase.OVER:
                    live.events += live.contact.take(HangUp())
            for place in self._room.all():
                self._room.leave(place.ticket.contact)
            self._callbacks.clear()
            self._settle()
            for agent in self._agents.values():
                agent.desks.clear()
                agent.status = OFFLINE
            self._live.clear()
            self._holidays = ()

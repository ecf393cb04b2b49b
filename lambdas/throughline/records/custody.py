"""What the dialogue and the desk ask about a customer's data as a whole: is it held, is a copy ready."""

from __future__ import annotations

from typing import Final, Protocol

from throughline.customers.store import Stored
from throughline.records import marks
from throughline.records.marks import CUSTOMER, ERASE
from throughline.records.retention import DAY
from throughline.records.strands import Keeping

OPEN_SECONDS: Final = 15 * 60
"""How long a link to an export opens it."""
FRESH_SECONDS: Final = DAY
"""How long an export is handed over; who asks later gets one of what is kept by then."""


class Linking(Protocol):
    """Makes links to exports."""

    def link(self, id: str, seconds: int) -> str:
        """A URL that opens the export for that long. Asks nobody."""


class Custody:
    """Answers from the customers' table and the exports' shelf: a read by key each."""

    def __init__(self, keeping: Keeping, shelf: Linking | None) -> None:
        """Without a shelf no export is ever ready."""
        self._keeping = keeping
        self._shelf = shelf

    def held_since(self, *customers: str) -> float | None:
        """Since when a hold of any of them forbids erasing (epoch seconds); None if none does. Raises StoreError."""
        holds = (self._keeping.hold(customer) for customer in customers)
        return min((hold.at for hold in holds if hold is not None and hold.holds), default=None)

    def postpone(self, stored: Stored, at: float, by: str = CUSTOMER) -> None:
        """Keep the wish to be erased until the hold ends; the first wish stands. Raises StoreError."""
        self._keeping.want_erasure(stored.customer, marks.marked(stored, ERASE, at=at, by=by).mark)
        for home in marks.homes_of(stored.links.values(), stored.customer):
            if self.held_since(home) is not None:
                self._keeping.note_waiting(home, stored.customer)

    def ready(self, customer: str, now: float) -> str:
        """A URL that opens the customer's export; "" if none is ready. Raises StoreError."""
        export = self._keeping.export(customer)
        if self._shelf is None or export is None or export.expires <= now or now - export.at > FRESH_SECONDS:
            return ""
        return self._shelf.link(export.id, OPEN_SECONDS)

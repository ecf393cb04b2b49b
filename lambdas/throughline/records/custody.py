"""What the dialogue and the desk ask about a customer's data as a whole: is it held, is a copy ready."""

from __future__ import annotations

from typing import Final, Protocol

from throughline.customers.store import Stored
from throughline.records import marks
from throughline.records.marks import CUSTOMER, ERASE
from throughline.records.strands import Keeping

OPEN_SECONDS: Final = 15 * 60
"""How long a link to an export opens it."""


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

    def held_since(self, customer: str) -> float | None:
        """Since when a legal hold forbids erasing (epoch seconds); None if nothing does. Raises StoreError."""
        hold = self._keeping.hold(customer)
        return hold.at if hold is not None and hold.holds else None

    def postpone(self, stored: Stored, at: float, by: str = CUSTOMER) -> None:
        """Keep the wish to be erased until the hold ends; the first wish stands. Raises StoreError."""
        self._keeping.want_erasure(stored.customer, marks.marked(stored, ERASE, at=at, by=by).mark)

    def ready(self, customer: str, now: float) -> str:
        """A URL that opens the customer's export; "" if none is ready. Raises StoreError."""
        export = self._keeping.export(customer)
        if self._shelf is None or export is None or export.expires <= now:
            return ""
        return self._shelf.link(export.id, OPEN_SECONDS)

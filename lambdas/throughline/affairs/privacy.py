"""The customer in command of their data: a copy of it (data.export), and having it erased (data.erase).

Both only announce a job (`Marked`), in the very write of the turn; what follows the table's stream does it. An
erasure takes the links out of the conversation in that same write, so every pointer is dead when the reply leaves.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Protocol

from throughline.customers.addresses import AddressKind
from throughline.customers.own import OwnActions
from throughline.customers.store import Stored
from throughline.dialogue.action import Assurance, Call, Done, NeedsPerson, Outcome, Typed
from throughline.dialogue.changes import Marked

EXPORT: Final = "data.export"
ERASE: Final = "data.erase"
SCREENS: Final = frozenset({AddressKind.WEB.value, AddressKind.APP.value, AddressKind.MESSENGER.value})
"""Kinds of link that a URL can be handed over by: it is read there, by whom the platform or our token proves."""
_NOT_PROVED: Final = NeedsPerson("assurance")


class Custody(Protocol):
    """What is kept about the customer's data as a whole. All may raise StoreError."""

    def held_since(self, *customers: str) -> float | None:
        """Since when a legal hold of any of them forbids erasing (epoch seconds); None if none does."""

    def postpone(self, stored: Stored, at: float) -> None:
        """Keep the wish to be erased until the hold ends. Again is no other wish."""

    def ready(self, customer: str, now: float) -> str:
        """A URL, good for some minutes, that opens the customer's export; "" if none is ready."""


class Privacy:
    """The two actions."""

    def __init__(self, custody: Custody) -> None:
        self._custody = custody

    def actions(self) -> OwnActions:
        """data.export and data.erase."""
        return {EXPORT: self.export, ERASE: self.erase}

    def export(self, call: Call, stored: Stored) -> Outcome:
        """Done with the link (variant `ready`), plain while it is being prepared, `elsewhere` without a screen."""
        if call.assurance < Assurance.VERIFIED:
            return _NOT_PROVED
        url = self._custody.ready(stored.customer, call.now)
        if not url:
            return Done(changes=(Marked("export"),))
        link = stored.links.get(call.link)
        if link is None or link.kind not in SCREENS:
            return Done(variant="elsewhere")
        return Done({"link": Typed("once", url)}, variant="ready")

    def erase(self, call: Call, stored: Stored) -> Outcome:
        """Done with the job announced; variant `held` with the date since when a legal hold postpones it."""
        if call.assurance < Assurance.VERIFIED:
            return _NOT_PROVED
        homes = {home for link in stored.links.values() for home in (link.home, *(one.home for one in link.came))}
        since = self._custody.held_since(stored.customer, *sorted(homes - {"", stored.customer}))
        if since is None:
            return Done(changes=(Marked("erase"),))
        self._custody.postpone(stored, call.now)
        day = datetime.fromtimestamp(since, UTC).date().isoformat()
        return Done({"since": Typed("date", day)}, variant="held")

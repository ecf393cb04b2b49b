"""The port by which a channel gets a message of ours to its customer, outside of any turn."""

from __future__ import annotations

from typing import Protocol

from throughline.exchange import Exchange
from throughline.turn import Capabilities


class Outlet(Protocol):
    """One text channel."""

    @property
    def can(self) -> Capabilities:
        """What it can carry back."""

    def deliver(self, exchange: Exchange) -> None:
        """Send what was told: to the exchange's customer, through its turn's link, into its session.

        A second time for one turn id is harmless, as far as the channel can tell. Raises StoreError if it can't be done
        now.
        """

"""Two customers who are both known and claim one address: noted at both, for a person to look at.

Nothing else changes until somebody at the desk decides: merges them, takes the address off one of them, or closes
the conflict. The same two and the same address are one conflict, however often it is tried.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

from throughline.customers.rules import DAY, derived

KEPT_SECONDS: Final = 400 * DAY
"""A conflict that nobody looked at in so long has settled itself."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """What two customers disagree about."""

    customer: str
    """Who wanted the address."""
    other: str
    """Who has it."""
    address: str
    """Its keyed hash."""
    at: float
    """Epoch seconds."""

    @property
    def id(self) -> str:
        """The same for both, and for every further try."""
        return derived("k", *sorted((self.customer, self.other)), self.address)


class Conflicts(Protocol):
    """Where they are noted: at both, and among all that are open."""

    def note(self, dispute: Dispute) -> None:
        """Note it at both. Raises StoreError."""


@dataclass
class MemoryConflicts:
    """Remembers them: for tests and for a laptop without a table."""

    noted: list[Dispute] = field(default_factory=list)

    def note(self, dispute: Dispute) -> None:
        """See `Conflicts.note`."""
        if dispute.id not in {one.id for one in self.noted}:
            self.noted.append(dispute)

"""Conflicts as the desk sees them: noted by an introduction, told with the customer's links until they are closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from throughline.customers.conflicts import Conflicts, Dispute


@dataclass(frozen=True, slots=True)
class Open:
    """A conflict that nobody has closed yet, as one of the two customers has it."""

    id: str
    other: str
    """Id of the other customer."""
    at: float
    """When it was found last, in epoch seconds."""


@dataclass(frozen=True, slots=True)
class Between:
    """An open conflict, and the two whom it is between."""

    id: str
    customers: tuple[str, str]
    at: float
    """When it was found last, in epoch seconds."""


class Disputes(Conflicts, Protocol):
    """Notes conflicts and tells them. All may raise StoreError."""

    def of(self, customer: str, now: float) -> tuple[Open, ...]:
        """The customer's open conflicts, by id."""

    def open(self, now: float) -> tuple[Between, ...]:
        """Everybody's open conflicts, newest first."""


@dataclass
class MemoryDisputes:
    """Conflicts in a dictionary that the test's keeping may share: customer to sort key to the other."""

    conflicts: dict[str, dict[str, str]] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)

    def note(self, dispute: Dispute) -> None:
        """See `Conflicts.note`."""
        for customer, other in ((dispute.customer, dispute.other), (dispute.other, dispute.customer)):
            self.conflicts.setdefault(customer, {})[f"conflict#{dispute.id}"] = other
        self.times[dispute.id] = dispute.at

    def of(self, customer: str, now: float) -> tuple[Open, ...]:
        """See `Disputes.of`."""
        del now
        found = ((sort.partition("#")[2], other) for sort, other in sorted(self.conflicts.get(customer, {}).items()))
        return tuple(Open(id, other, self.times.get(id, 0.0)) for id, other in found)

    def open(self, now: float) -> tuple[Between, ...]:
        """See `Disputes.open`."""
        found: dict[str, Between] = {}
        for customer in sorted(self.conflicts):
            for one in self.of(customer, now):
                found.setdefault(one.id, Between(one.id, (customer, one.other), one.at))
        return newest(found.values())


def newest(found: Iterable[Between]) -> tuple[Between, ...]:
    """The same, newest first."""
    return tuple(sorted(found, key=lambda one: (-one.at, one.id)))

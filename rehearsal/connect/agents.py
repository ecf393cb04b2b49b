"""An agent's desk: the status, and the contacts that ring, are talked to, held or finished up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rehearsal.connect.errors import Misplaced
from rehearsal.connect.layout import AgentSpec, ProfileSpec

OFFLINE = "offline"
AVAILABLE = "available"
MISSED = "missed"
"""After a contact that rang in vain, until the agent is available again."""


class Slot(StrEnum):
    """What an agent does with a contact."""

    OFFERED = "offered"
    CONNECTED = "connected"
    HELD = "held"
    AFTER = "after contact work"


@dataclass(slots=True)
class Desk:
    """One contact at an agent's desk."""

    channel: str
    state: Slot
    since: float
    """Epoch seconds of the state."""


@dataclass(slots=True)
class Agent:
    """An agent in this moment."""

    spec: AgentSpec
    profile: ProfileSpec
    status: str = OFFLINE
    """`offline`, `available`, `missed`, or a status of the centre's own such as `lunch`."""
    since: float = 0.0
    """Epoch seconds since when nothing was done: who waits longest is asked first."""
    desks: dict[str, Desk] = field(default_factory=dict)
    """By contact id."""

    def states(self) -> tuple[Slot, ...]:
        """Of all contacts at the desk."""
        return tuple(it.state for it in self.desks.values())

    def takes(self, queue: str, channel: str) -> bool:
        """Whether contacts of a queue come to this agent at all; `channel` empty for any."""
        if queue == self.spec.arn:
            return True
        return any(it.queue == queue and (not channel or it.channel == channel) for it in self.profile.queues)

    def free(self, channel: str) -> bool:
        """Whether another contact of a channel may be offered now.

        Contacts of one channel only at a time: Connect's default, ROUTE_CURRENT_CHANNEL_ONLY.
        """
        if self.status != AVAILABLE or any(it.channel != channel for it in self.desks.values()):
            return False
        return len(self.desks) < self.profile.slots.get(channel, 0)

    def desk(self, contact: str, *states: Slot) -> Desk:
        """A contact at the desk in one of these states. Raises Misplaced."""
        found = self.desks.get(contact)
        if found is None or found.state not in states:
            is_ = found.state if found else "not at this desk"
            raise Misplaced(f"{self.spec.username}: the contact is {is_}, and this takes {' or '.join(states)}")
        return found

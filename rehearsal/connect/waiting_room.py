"""Queues with people in them: places, capacity, priority, and what a queue looks like from a flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from rehearsal.connect.agents import Agent, Slot
from rehearsal.connect.errors import NoSuchResource, QueueFull
from rehearsal.connect.layout import Layout
from rehearsal.connect.ports import Clock, Metrics, Ticket

HANDLING: Final = 180.0
"""Seconds of a conversation, for estimates."""


@dataclass(slots=True)
class Place:
    """A contact in a queue."""

    ticket: Ticket
    since: float
    """Epoch seconds."""
    order: int
    """In which it came, among all."""
    offered: str = ""
    """The agent for whom it rings now."""

    def rank(self) -> tuple[int, float, int]:
        """Sorts before who is served later: priority, then age."""
        return (self.ticket.priority, self.since - self.ticket.ahead, self.order)


class WaitingRoom:
    """All queues; agents' own among them. Not safe for threads by itself."""

    def __init__(self, layout: Layout, agents: Mapping[str, Agent], clock: Clock) -> None:
        self._queues = {it.arn: it for it in layout.queues}
        self._agents, self._clock = agents, clock
        self._places: dict[str, Place] = {}
        self._came = 0

    def find(self, reference: str) -> str:
        """The ARN of a queue or agent named by ARN, id or name. Raises NoSuchResource."""
        for arn, name in [(it.arn, it.name) for it in self._queues.values()] + [
            (it.spec.arn, it.spec.username) for it in self._agents.values()
        ]:
            if reference in (arn, name, arn.rpartition("/")[2]):
                return arn
        raise NoSuchResource(f"no queue and no agent {reference!r}")

    def name(self, arn: str) -> str:
        """As a person reads it."""
        return self._queues[arn].name if arn in self._queues else self._agents[arn].spec.username

    def join(self, ticket: Ticket) -> int:
        """See Queues."""
        arn = self.find(ticket.queue)
        spec = self._queues.get(arn)
        if spec is not None and spec.capacity is not None and len(self.waiting(arn)) >= spec.capacity:
            raise QueueFull(f"{spec.name} has room for {spec.capacity}")
        self._came += 1
        known = Ticket(ticket.contact, arn, ticket.channel, ticket.priority, ticket.ahead)
        self._places[ticket.contact] = Place(known, self._clock(), self._came)
        return self.position(ticket.contact)

    def leave(self, contact: str) -> None:
        """See Queues."""
        self._places.pop(contact, None)

    def place(self, contact: str) -> Place | None:
        """Where a contact waits; None for nowhere."""
        return self._places.get(contact)

    def position(self, contact: str) -> int:
        """From 1; 0 for one that waits nowhere."""
        place = self._places.get(contact)
        return self.waiting(place.ticket.queue).index(place) + 1 if place else 0

    def waiting(self, queue: str, channel: str = "") -> list[Place]:
        """Who waits, in the order in which they are served."""
        found = [
            it
            for it in self._places.values()
            if it.ticket.queue == queue and (not channel or it.ticket.channel == channel)
        ]
        return sorted(found, key=Place.rank)

    def all(self) -> list[Place]:
        """Everybody who waits, in the order in which they are served."""
        return sorted(self._places.values(), key=Place.rank)

    def metrics(self, queue: str, channel: str) -> Metrics:
        """See Queues."""
        arn = self.find(queue)
        waiting = self.waiting(arn, channel)
        now = self._clock()
        team = [it for it in self._agents.values() if it.takes(arn, channel)]
        online = [it for it in team if it.status != "offline"]
        count = _counter(online)
        available = count(lambda it: it.free(channel or "VOICE"))
        staffed = count(lambda it: it.status == "available")
        return Metrics(
            arn,
            self.name(arn),
            len(waiting),
            max((now - it.since for it in waiting), default=0.0),
            len(online),
            available,
            staffed,
            busy=count(lambda it: any(one in (Slot.CONNECTED, Slot.HELD) for one in it.states())),
            after_contact_work=count(lambda it: Slot.AFTER in it.states()),
            wait=0.0 if available > len(waiting) else (len(waiting) + 1) * HANDLING / max(1, staffed),
        )


def _counter(agents: list[Agent]) -> Callable[[Callable[[Agent], bool]], int]:
    return lambda test: sum(map(test, agents))

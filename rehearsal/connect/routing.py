"""Who gets which contact: an idle agent is offered the contact that their profile puts first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rehearsal.connect.agents import MISSED, Agent, Desk, Slot
from rehearsal.connect.interpreter import Contact
from rehearsal.connect.ports import Clock
from rehearsal.connect.state import Phase
from rehearsal.connect.waiting_room import Place, WaitingRoom

HELD_PHASES: Final = (Phase.JOINING, Phase.TALKING, Phase.HELD)
"""In which a contact is an agent's."""


class Routing:
    """Offers contacts and keeps desks in line with them. Not safe for threads by itself."""

    def __init__(self, agents: Mapping[str, Agent], room: WaitingRoom, clock: Clock) -> None:
        """`agents` by ARN."""
        self._agents, self._room, self._clock = agents, room, clock

    def settle(self, contacts: Mapping[str, Contact]) -> None:
        """Bring the desks in line with the contacts, then offer who waits to who is free."""
        now = self._clock()
        for agent in self._agents.values():
            for id, desk in list(agent.desks.items()):
                it = contacts[id]
                with_agent = it.data.agent is not None and it.data.agent.arn == agent.spec.arn
                if desk.state is Slot.OFFERED and self._room.place(id) is None:
                    del agent.desks[id]
                elif desk.state in (Slot.CONNECTED, Slot.HELD) and not (with_agent and it.phase in HELD_PHASES):
                    desk.state, desk.since = Slot.AFTER, now
        # Who has been idle longest is asked first; the name settles a tie, so that a run repeats itself.
        for agent in sorted(self._agents.values(), key=lambda it: (it.since, it.spec.username)):
            while (place := self._next(agent, now)) is not None:
                place.offered = agent.spec.arn
                agent.desks[place.ticket.contact] = Desk(place.ticket.channel, Slot.OFFERED, now)

    def withdraw(self, agent: Agent, contact: str) -> None:
        """It no longer rings there, but keeps its place."""
        agent.desks.pop(contact, None)
        place = self._room.place(contact)
        if place is not None:
            place.offered = ""

    def missed(self, agent: Agent, contact: str) -> None:
        """It rang in vain."""
        self.withdraw(agent, contact)
        agent.status, agent.since = MISSED, self._clock()

    def _next(self, agent: Agent, now: float) -> Place | None:
        found = []
        for place in self._room.all():
            ticket = place.ticket
            if place.offered or ticket.contact in agent.desks or not agent.free(ticket.channel):
                continue
            if ticket.queue == agent.spec.arn:
                found.append((0, place.rank(), place))
            found.extend(
                (it.priority, place.rank(), place)
                for it in agent.profile.queues
                if (it.queue, it.channel) == (ticket.queue, ticket.channel) and now - place.since >= it.delay
            )
        return min(found, key=lambda it: it[:2])[2] if found else None

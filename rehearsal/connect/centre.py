"""The contact centre: contacts that run through flows, queues that fill, agents that take them, and who watches.

It is its own queues, hours and calls back (see `ports`), and the only door for the page and for rehearsal files.
Time is the injected clock's: `advance` lets everything happen that is due. One lock guards it all, so a slow function
holds up the centre as a whole; a rehearsal has few callers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Final

from rehearsal.connect.agents import AVAILABLE, OFFLINE, Agent, Slot
from rehearsal.connect.centre_views import AgentView, CentreView, ContactView, Disposition
from rehearsal.connect.errors import ConnectError, Misplaced, NoSuchResource
from rehearsal.connect.events import Event
from rehearsal.connect.flows import Flows
from rehearsal.connect.inputs import (
    AgentAccepted,
    AgentEnded,
    AgentHeld,
    AgentResumed,
    AgentSaid,
    AgentTransferred,
    Input,
    Said,
    Tick,
    Typed,
    ViewAnswered,
)
from rehearsal.connect.interpreter import Contact
from rehearsal.connect.layout import Holiday, Layout, ProfileSpec
from rehearsal.connect.mood import Alert, Mood, Rule, Supervision
from rehearsal.connect.ports import Callback, Metrics, Services, Ticket
from rehearsal.connect.routing import HELD_PHASES, Routing
from rehearsal.connect.state import ContactData, Phase
from rehearsal.connect.waiting_room import WaitingRoom

RINGING: Final = 20.0
"""Seconds that a contact rings at a desk (administrator guide, "Contact states": missed)."""
DIALLING: Final = 30.0
"""Seconds that a call back rings at the customer's."""


@dataclass(slots=True)
class _Live:
    """A contact with what it went through."""

    contact: Contact
    began: float
    seen: float
    """Until when time has passed for it."""
    events: list[Event] = field(default_factory=list)
    callback: Callback | None = None


class Centre:
    """A contact centre; safe for threads."""

    def __init__(
        self,
        layout: Layout,
        flows: Flows,
        services: Services,
        *,
        rule: Rule | None = None,
        mood: Mood | None = None,
        ringing: float = RINGING,
    ) -> None:
        """`services` gives Lambda, Lex, the vault, lines, profiles, clock and ids; queues, hours and calls back are
        the centre's own. `mood` tells a sentiment of words; without one only `sounded` does.
        """
        self._layout, self._flows, self._ringing, self._mood = layout, flows, ringing, mood
        self._clock, self._new_id, self._lines = services.clock, services.new_id, services.lines
        profiles = {it.arn: it for it in layout.profiles}
        nothing = ProfileSpec("", "", ())
        self._agents = {it.arn: Agent(it, profiles.get(it.profile, nothing)) for it in layout.agents}
        self._room = WaitingRoom(layout, self._agents, self._clock)
        self._routing = Routing(self._agents, self._room, self._clock)
        self._services = replace(services, queues=self, hours=self, callbacks=self)
        self._supervision = Supervision(rule or Rule())
        self._live: dict[str, _Live] = {}
        self._callbacks: list[tuple[float, Callback]] = []
        self._dispositions: list[Disposition] = []
        self._holidays: tuple[Holiday, ...] = ()
        self._lock = RLock()

    # Contacts

    def start(
        self,
        flow: str,
        *,
        customer: str,
        channel: str = "VOICE",
        system: str = "",
        attributes: Mapping[str, str] | None = None,
        initial: str = "",
        instance: str = "",
    ) -> str:
        """A call or a chat comes in; the new contact's id. Raises UnknownFlow, UnsupportedBlock, NoProgress."""
        with self._lock:
            self.advance()
            data = ContactData(
                self._new_id(),
                channel,
                customer,
                system,
                initial=initial,
                initiation="INBOUND" if channel == "VOICE" else "API",
                instance=instance,
                attributes=dict(attributes or {}),
            )
            live = self._keep(Contact(data, self._flows, self._services))
            live.events += live.contact.begin(flow)
            self._settle()
            return data.id

    def take(self, contact: str, given: Input) -> list[Event]:
        """What the customer does, or time; the events that came of it, time's before it included."""
        with self._lock:
            live = self._one(contact)
            before = len(live.events)
            self.advance()
            live.events += live.contact.take(given)
            if isinstance(given, Said | Typed) and self._mood is not None:
                words = given.words if isinstance(given, Said) else given.text
                self.sounded(contact, self._mood(words))
            self._settle()
            return live.events[before:]

    def events(self, contact: str, since: int = 0) -> list[Event]:
        """A contact's events from a number on."""
        with self._lock:
            return self._one(contact).events[since:]

    def contact(self, contact: str) -> Contact:
        """The contact itself, to be read. Raises NoSuchResource."""
        return self._one(contact).contact

    def advance(self) -> None:
        """Let everything happen that is due at the clock's now."""
        with self._lock:
            now = self._clock()
            for live in list(self._live.values()):
                if now > live.seen:
                    passed, live.seen = now - live.seen, now
                    live.events += live.contact.take(Tick(passed))
            for agent in self._agents.values():
                for contact, desk in list(agent.desks.items()):
                    if desk.state is Slot.OFFERED and now - desk.since >= self._ringing:
                        self._routing.missed(agent, contact)
            for due, callback in [it for it in self._callbacks if it[0] <= now]:
                self._callbacks.remove((due, callback))
                self._queue_callback(callback)
            self._settle()

    # Agents

    def status(self, agent: str, status: str) -> None:
        """An agent signs in, is available, takes a break or leaves (`offline`). Raises NoSuchResource."""
        with self._lock:
            self.advance()
            found = self._agent(agent)
            found.status, found.since = status, self._clock()
            if status == OFFLINE and any(it is Slot.CONNECTED or it is Slot.HELD for it in found.states()):
                found.status = AVAILABLE
                raise Misplaced(f"{found.spec.username} talks to somebody: end that first")
            for contact, desk in list(found.desks.items()):
                if desk.state is Slot.OFFERED and status != AVAILABLE:
                    self._routing.withdraw(found, contact)
            self._settle()

    def accept(self, agent: str, contact: str) -> list[Event]:
        """The agent takes what rings. A call back is dialled now. Raises Misplaced where it doesn't ring there."""
        with self._lock:
            found, live = self._agent(agent), self._one(contact)
            self.advance()
            desk = found.desk(contact, Slot.OFFERED)
            before = len(live.events)
            if live.callback is not None and self._lines.call(live.callback.number, DIALLING) != "answered":
                self._unanswered(found, live, live.callback)
            else:
                desk.state, desk.since = Slot.CONNECTED, self._clock()
                live.events += live.contact.take(AgentAccepted(found.spec.arn, found.spec.username))
            self._settle()
            return live.events[before:]

    def reject(self, agent: str, contact: str) -> None:
        """The agent lets it go to another; it counts as missed."""
        with self._lock:
            found = self._agent(agent)
            found.desk(contact, Slot.OFFERED)
            self._routing.missed(found, contact)
            self._settle()

    def say(self, agent: str, contact: str, words: str) -> list[Event]:
        """The agent speaks or writes."""
        return self._act(agent, contact, AgentSaid(words), Slot.CONNECTED)

    def hold(self, agent: str, contact: str) -> list[Event]:
        """The customer is put on hold."""
        return self._act(agent, contact, AgentHeld(), Slot.CONNECTED, becomes=Slot.HELD)

    def resume(self, agent: str, contact: str) -> list[Event]:
        """The customer comes back from hold."""
        return self._act(agent, contact, AgentResumed(), Slot.HELD, becomes=Slot.CONNECTED)

    def transfer(
        self, agent: str, contact: str, *, queue: str = "", to: str = "", flow: str = ""
    ) -> list[Event]:  # fmt: skip
        """Pass it on to a queue, another agent or a flow. Raises QueueFull, NoSuchResource: it then stays."""
        return self._act(agent, contact, AgentTransferred(queue, to, flow), Slot.CONNECTED, Slot.HELD)

    def end(self, agent: str, contact: str) -> list[Event]:
        """The agent leaves the conversation; after-contact work begins."""
        return self._act(agent, contact, AgentEnded(), Slot.CONNECTED, Slot.HELD)

    def answer_view(self, agent: str, contact: str, action: str, data: Mapping[str, str]) -> list[Event]:
        """The agent acts in the screen that is shown."""
        return self._act(agent, contact, ViewAnswered(action, dict(data)), Slot.CONNECTED, Slot.HELD, Slot.AFTER)

    def complete(self, agent: str, contact: str, code: str = "", note: str = "") -> Disposition:
        """After-contact work is done; the agent is free again."""
        with self._lock:
            found = self._agent(agent)
            self.advance()
            found.desk(contact, Slot.AFTER)
            del found.desks[contact]
            found.since = self._clock()
            done = Disposition(contact, found.spec.username, code, note, found.since)
            self._dispositions.append(done)
            self._settle()
            return done

    # Supervisors

    def sounded(self, contact: str, sentiment: str) -> Alert | None:
        """How a customer's turn sounded; the alert that came of it."""
        with self._lock:
            card = self._one(contact).contact.data.agent
            return self._supervision.heard(contact, sentiment, self._clock(), card.username if card else "")

    def view(self) -> CentreView:
        """The centre at this moment."""
        with self._lock:
            self.advance()
            agents = tuple(self._agent_view(it) for it in self._agents.values())
            at_desks = {contact for it in agents for contact in it.contacts}
            contacts = [
                self._contact_view(live)
                for id, live in self._live.items()
                if live.contact.phase is not Phase.OVER or id in at_desks
            ]
            queues = tuple(self._room.metrics(it.arn, "") for it in self._layout.queues)
            waiting = tuple(it for _, it in self._callbacks)
            return CentreView(tuple(contacts), queues, agents, self._supervision.alerts(), waiting)

    def dispositions(self) -> tuple[Disposition, ...]:
        """What agents put down, oldest first."""
        return tuple(self._dispositions)

    # What flows ask (ports Queues, Hours and Callbacks)

    def join(self, ticket: Ticket) -> int:
        """See Queues."""
        with self._lock:
            return self._room.join(ticket)

    def leave(self, contact: str) -> None:
        """See Queues."""
        with self._lock:
            self._room.leave(contact)

    def position(self, contact: str) -> int:
        """See Queues."""
        with self._lock:
            return self._room.position(contact)

    def metrics(self, queue: str, channel: str) -> Metrics:
        """See Queues."""
        with self._lock:
            return self._room.metrics(queue, channel)

    def open(self, hours: str) -> bool:
        """See Hours."""
        for it in self._layout.hours:
            if hours in (it.arn, it.name, it.arn.rpartition("/")[2]):
                return replace(it, exceptions=(*self._holidays, *it.exceptions)).open(self._clock())
        raise NoSuchResource(f"no hours of operation {hours!r}")

    def open_queue(self, queue: str) -> bool:
        """See Hours; an agent's own queue is always open."""
        arn = self._room.find(queue)
        hours = next((it.hours for it in self._layout.queues if it.arn == arn), "")
        return self.open(hours) if hours else True

    def ask(self, callback: Callback) -> None:
        """See Callbacks."""
        with self._lock:
            known = replace(callback, queue=self._room.find(callback.queue))
            self._callbacks.append((self._clock() + callback.delay, known))

    # Inside

    def _one(self, contact: str) -> _Live:
        found = self._live.get(contact)
        if found is None:
            raise NoSuchResource(f"no contact {contact}")
        return found

    def _agent(self, agent: str) -> Agent:
        for it in self._agents.values():
            if agent in (it.spec.username, it.spec.arn):
                return it
        raise NoSuchResource(f"no agent {agent!r}")

    def _keep(self, contact: Contact) -> _Live:
        now = self._clock()
        live = self._live[contact.data.id] = _Live(contact, now, now)
        return live

    def _act(
        self, agent: str, contact: str, given: Input, *states: Slot, becomes: Slot | None = None
    ) -> list[Event]:  # fmt: skip
        with self._lock:
            found, live = self._agent(agent), self._one(contact)
            self.advance()
            desk = found.desk(contact, *states)
            before = len(live.events)
            live.events += live.contact.take(given)
            if becomes is not None:
                desk.state, desk.since = becomes, self._clock()
            self._settle()
            return live.events[before:]

    def _settle(self) -> None:
        self._routing.settle({id: live.contact for id, live in self._live.items()})

    def _queue_callback(self, callback: Callback) -> None:
        outbound = next((it.outbound_flow for it in self._layout.queues if it.arn == callback.queue), "")
        data = ContactData(
            callback.id,
            "VOICE",
            callback.number,
            previous=callback.previous,
            initial=callback.previous,
            initiation="CALLBACK",
            attributes=dict(callback.attributes),
            hooks=dict(callback.hooks) | ({"OutboundWhisper": outbound} if outbound else {}),
            queue=callback.queue,
            queue_name=self._room.name(callback.queue),
        )
        live = self._keep(Contact(data, self._flows, self._services))
        live.callback = callback
        try:
            if callback.flow:
                live.events += live.contact.begin(callback.flow)
            else:
                position = self._room.join(Ticket(callback.id, callback.queue, "VOICE"))
                live.events += live.contact.queue(callback.queue, position)
        except ConnectError as refused:
            live.events += live.contact.fail(f"unanswered: {refused}")
        if live.contact.phase is Phase.OVER:
            # A full queue takes no call back either; it is tried again like one that nobody answered.
            self._again(callback)

    def _unanswered(self, agent: Agent, live: _Live, callback: Callback) -> None:
        del agent.desks[callback.id]
        agent.since = self._clock()
        self._room.leave(callback.id)
        live.events += live.contact.fail("unanswered")
        self._again(callback)

    def _again(self, callback: Callback) -> None:
        if callback.attempts > 1:
            later = replace(callback, id=self._new_id(), attempts=callback.attempts - 1)
            self._callbacks.append((self._clock() + callback.retry, later))

    def _contact_view(self, live: _Live) -> ContactView:
        it = live.contact
        agent = it.data.agent.username if it.data.agent and it.phase in HELD_PHASES else ""
        return ContactView(
            it.data.id,
            it.data.channel,
            it.phase,
            it.data.queue_name,
            self._room.position(it.data.id),
            agent,
            live.began,
            self._supervision.turns(it.data.id),
        )

    def _agent_view(self, agent: Agent) -> AgentView:
        contacts = {contact: desk.state for contact, desk in agent.desks.items()}
        return AgentView(agent.spec.username, agent.spec.team, agent.status, contacts)

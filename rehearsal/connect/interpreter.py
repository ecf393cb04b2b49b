"""One contact through its flows: inputs in, events out.

The contact is in one phase at a time: in a flow, in a queue (where the customer queue flow runs), with an agent, on
hold, or over. Joining an agent runs the whispers first: the agent's, then the customer's. An agent's screen flow runs
beside the conversation as a chat contact of its own (administrator guide, "Set event flow", "Step-by-step guides").
Nothing here reads a clock: time passes by `Tick`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rehearsal.connect.blocks import BLOCKS
from rehearsal.connect.errors import Misplaced, NoProgress, UnknownFlow
from rehearsal.connect.events import (
    Connected,
    Dequeued,
    Ended,
    Event,
    Heard,
    Held,
    Music,
    Party,
    Queued,
    Spoke,
    Transferred,
    Unheard,
)
from rehearsal.connect.flows import Flow, Flows
from rehearsal.connect.inputs import (
    AgentAccepted,
    AgentEnded,
    AgentHeld,
    AgentResumed,
    AgentSaid,
    AgentTransferred,
    HangUp,
    Happened,
    Input,
    Keys,
    Said,
    Silence,
    ThirdPartyEnded,
    Tick,
    Typed,
    ViewAnswered,
)
from rehearsal.connect.ports import Services, Ticket
from rehearsal.connect.run import Block, IntoQueue, Role, Waiting
from rehearsal.connect.state import AgentCard, ContactData, Phase, Records
from rehearsal.connect.thread import MOST_ROUNDS, Thread

_HEARS = (Phase.TALKING, Phase.HELD)
_READ = (*_HEARS, Phase.QUEUED, Phase.JOINING)
"""What is written while a chat waits stands in its transcript: whoever takes it reads it."""
_HEARD = {"key": (Keys,), "keys": (Keys,), "words": (Keys, Said), "text": (Typed,)}


class Contact:
    """A contact; not safe for threads by itself."""

    def __init__(
        self, data: ContactData, flows: Flows, services: Services, blocks: dict[str, Block] | None = None
    ) -> None:
        """A contact that has not begun. `blocks` stands in for the known block types."""
        self.data = data
        self.records = Records()
        self.phase = Phase.NEW
        self.ended: Ended | None = None
        self.seconds = 0.0
        self._flows, self._services = flows, services
        self._blocks = BLOCKS if blocks is None else blocks
        self._main: Thread | None = None
        self._screen: Thread | None = None
        self._screen_data: ContactData | None = None
        self._then: Callable[[], None] | None = None
        self._events: list[Event] = []
        self._paths: list[str] = []

    @property
    def waiting(self) -> Waiting | None:
        """What the customer's flow waits for; None for nothing."""
        return self._main.waiting if self._main else None

    @property
    def screen_waiting(self) -> Waiting | None:
        """What the agent's screen flow waits for."""
        return self._screen.waiting if self._screen else None

    @property
    def screen(self) -> ContactData | None:
        """The chat contact of the agent's screen flow."""
        return self._screen_data

    @property
    def at(self) -> tuple[str, str] | None:
        """Flow and action in which the customer's flow stands."""
        return (self._main.flow.name, self._main.action.id) if self._main else None

    @property
    def screen_at(self) -> tuple[str, str] | None:
        """Flow and action in which the agent's screen flow stands."""
        return (self._screen.flow.name, self._screen.action.id) if self._screen else None

    def branches(self, *, screen: bool = False) -> tuple[str, ...]:
        """The operands on which the block that waits can branch."""
        thread = self._screen if screen else self._main
        return tuple(one for it in thread.action.conditions for one in it.operands) if thread else ()

    def begin(self, flow: str) -> list[Event]:
        """Start in a flow. Raises UnknownFlow, UnsupportedBlock, NoProgress; Misplaced for a contact under way."""
        if self.phase is not Phase.NEW:
            raise Misplaced(f"the contact is {self.phase}: begin a new one")
        found = self._flows.find(flow)
        self.phase = Phase.FLOW
        self._run(found, Role.MAIN, Party.CUSTOMER)
        return self._taken()

    def queue(self, queue: str, position: int) -> list[Event]:
        """Start in a queue, as a call back does: nobody is on the line yet."""
        if self.phase is not Phase.NEW:
            raise Misplaced(f"the contact is {self.phase}: begin a new one")
        self.phase = Phase.QUEUED
        self._emit(Queued(queue, position))
        return self._taken()

    def take(self, given: Input) -> list[Event]:
        """One input's events. Raises UnsupportedBlock, NoProgress, and Misplaced for what can't come now."""
        match given:
            case Tick(seconds):
                self._tick(seconds)
            case ViewAnswered() if self._screen is not None:
                self._screen.take(given)
            case _ if self.phase is Phase.OVER:
                pass
            case Silence():
                left = self._main.left if self._main else None
                self._tick(left or 0.0)
            case Keys() | Said() | Typed():
                self._heard(given)
            case ViewAnswered() | Happened() | ThirdPartyEnded():
                self._answered(given)
            case HangUp():
                self._end(Ended("customer"))
            case AgentAccepted(arn, username):
                self._accepted(AgentCard(arn, username))
            case AgentSaid(words):
                self._need(Phase.TALKING, Phase.HELD)
                self._emit(Heard(Party.AGENT, words))
            case AgentHeld():
                self._hold()
            case AgentResumed():
                self._need(Phase.HELD)
                self._back()
            case AgentTransferred():
                self._transfer(given)
            case AgentEnded():
                self._left_alone()
        return self._taken()

    def fail(self, why: str) -> list[Event]:
        """End the contact from outside: an outbound call that nobody answered."""
        self._end(Ended(why))
        return self._taken()

    def spilt(self) -> list[Event]:
        """The events of an input that raised, up to where it did."""
        taken, self._events = self._events, []
        return taken

    def _taken(self) -> list[Event]:
        self._settle()
        return self.spilt()

    def _need(self, *phases: Phase) -> None:
        if self.phase not in phases:
            raise Misplaced(f"the contact is {self.phase}, and this takes {' or '.join(phases)}")

    def _emit(self, event: Event) -> None:
        self._events.append(event)
        recorded = self.data.automated_recorded and self.data.channel == "VOICE"
        match event:
            case Spoke(content, _, _, Party.CUSTOMER) if recorded:
                self.records.tape.append(f"system: {content}")
            case Spoke(content, _, _, Party.CUSTOMER) if self.data.channel == "CHAT":
                self.records.transcript.append(f"system: {content}")
            case Heard(by, words):
                self.records.transcript.append(f"{by}: {words}")
                if by.value.capitalize() in self.data.recorded:
                    self.records.tape.append(f"{by}: {words}")

    def _log(self, entry: dict[str, object]) -> None:
        if self.data.logging:
            self.records.log.append(entry)

    def _run(
        self, flow: Flow, role: Role, to: Party, then: Callable[[], None] | None = None, data: ContactData | None = None
    ) -> None:
        thread = Thread(
            flow, role, to, data or self.data, self._services, self._flows, self._blocks, self._emit, self._log
        )  # fmt: skip
        if role is Role.SCREEN:
            self._close_screen()
            self._screen = thread
        else:
            self._stop()
            self._main, self._then = thread, then
        thread.start()

    def _hook(self, event: str) -> Flow | None:
        reference = self.data.hooks.get(event)
        if not reference:
            return None
        try:
            return self._flows.find(reference)
        except UnknownFlow:
            # Connect goes on without a flow that is gone, as it does without a hook.
            return None

    def _stop(self) -> None:
        if self._main is not None:
            self._paths += self._main.path
            self._main.close()
        self._main, self._then = None, None

    def _close_screen(self) -> None:
        if self._screen is not None:
            self._screen.close()
        self._screen = None

    def _settle(self) -> None:
        """Go on where a flow came to its end."""
        if self._screen is not None and self._screen.over is not None:
            self._screen = None
        rounds = iter(range(MOST_ROUNDS))
        while self._main is not None and self._main.over is not None:
            if next(rounds, None) is None:
                raise NoProgress(self._paths)
            over, role, then = self._main.over, self._main.role, self._then
            self._stop()
            if over.queued is not None:
                self._enter(over.queued)
            elif over.ended is not None and not (role is Role.WHISPER and over.ended.why == "dead_end"):
                self._end(over.ended)
            elif then is not None:
                then()
            elif role is Role.MAIN:
                self._end(Ended("flow_over"))
        if self._screen is not None and self._screen.over is not None:
            self._screen = None

    def _enter(self, it: IntoQueue) -> None:
        self.phase = Phase.QUEUED
        self._emit(Queued(it.queue, it.position))
        if self.data.initiation == "CALLBACK":
            return  # nobody is on the line yet
        flow = self._hook("CustomerQueue")
        if flow is None:
            self._emit(Music("default", "default"))
        else:
            self._run(flow, Role.QUEUE, Party.CUSTOMER)

    def _tick(self, seconds: float) -> None:
        if not seconds >= 0:
            raise Misplaced("time only passes forwards: give seconds from 0")
        self.seconds += seconds
        self._pass(seconds, lambda: self._main)
        self._pass(seconds, lambda: self._screen)

    def _pass(self, seconds: float, running: Callable[[], Thread | None]) -> None:
        """Let time pass for whichever flow runs at each moment of it."""
        while (thread := running()) is not None:
            left = thread.left
            if left is None or seconds < left:
                thread.tick(seconds)
                return
            seconds -= left
            thread.tick(left)
            self._settle()

    def _heard(self, given: Keys | Said | Typed) -> None:
        chat = self.data.channel == "CHAT"
        if isinstance(given, Typed) != chat:
            raise Misplaced(f"{type(given).__name__} can't come on {self.data.channel}")
        waiting = self.waiting
        if waiting is not None and isinstance(given, _HEARD.get(waiting.kind, ())):
            self.records.hear(given, automated=self.data.automated_recorded)
            assert self._main is not None, "something waits"
            self._main.take(given)
        elif self.phase in (_READ if chat else _HEARS) and not isinstance(given, Keys):
            self._emit(Heard(Party.CUSTOMER, given.text if isinstance(given, Typed) else given.words))
        else:
            self.records.hear(given, automated=self.data.automated_recorded)
            self._emit(Unheard({"Keys": "keys", "Said": "words", "Typed": "text"}[type(given).__name__]))

    def _answered(self, given: ViewAnswered | Happened | ThirdPartyEnded) -> None:
        waiting = self.waiting
        kind = {"ViewAnswered": "view", "Happened": "time", "ThirdPartyEnded": "third_party"}[type(given).__name__]
        if waiting is None or waiting.kind != kind or self._main is None:
            raise Misplaced(f"nothing waits for {type(given).__name__}")
        if not isinstance(given, Happened) or given.event in waiting.events:
            self._main.take(given)

    def _accepted(self, agent: AgentCard) -> None:
        self._need(Phase.QUEUED)
        self._stop()
        self._services.queues.leave(self.data.id)
        self._emit(Dequeued(self.data.target_agent or self.data.queue, "accepted"))
        self.data.agent = agent
        self.phase = Phase.JOINING
        if self.data.initiation == "CALLBACK":
            self._whisper("OutboundWhisper", Party.CUSTOMER, self._join)
        else:
            then = partial(self._whisper, "CustomerWhisper", Party.CUSTOMER, self._join)
            self._whisper("AgentWhisper", Party.AGENT, then)

    def _whisper(self, event: str, to: Party, then: Callable[[], None]) -> None:
        flow = self._hook(event)
        if flow is None:
            then()
        else:
            self._run(flow, Role.WHISPER, to, then)

    def _join(self) -> None:
        self.phase = Phase.TALKING
        assert self.data.agent is not None, "an agent accepted"
        self._emit(Connected(self.data.agent.arn))
        self._show("DefaultAgentUI")

    def _show(self, event: str) -> None:
        if (flow := self._hook(event)) is not None:
            self._screen_data = self.data.screen(self._services.new_id())
            self._run(flow, Role.SCREEN, Party.AGENT, data=self._screen_data)

    def _hold(self) -> None:
        self._need(Phase.TALKING)
        self.phase = Phase.HELD
        self._emit(Held(True))
        flow = self._hook("CustomerHold")
        if flow is None:
            self._emit(Music("default", "default"))
        else:
            self._run(flow, Role.HOLD, Party.CUSTOMER)

    def _back(self) -> None:
        self._stop()
        self.phase = Phase.TALKING
        self._emit(Held(False))

    def _transfer(self, it: AgentTransferred) -> None:
        self._need(Phase.TALKING, Phase.HELD)
        if sum(map(bool, (it.queue, it.agent, it.flow))) != 1:
            raise Misplaced("a transfer goes to exactly one of a queue, an agent and a flow")
        if it.flow:
            flow = self._flows.find(it.flow)
            self._passed_on("flow", flow.arn)
            self.phase = Phase.FLOW
            self._run(flow, Role.MAIN, Party.CUSTOMER)
            return
        target = self._services.queues.metrics(it.queue or it.agent, "")
        ticket = Ticket(self.data.id, target.queue, self.data.channel, self.data.priority, self.data.ahead)
        position = self._services.queues.join(ticket)
        self._passed_on("queue" if it.queue else "agent", target.queue)
        self.data.queue, self.data.target_agent = it.queue and target.queue, it.agent and target.queue
        self.data.queue_name = target.name
        self._enter(IntoQueue(target.queue, position))

    def _passed_on(self, kind: str, to: str) -> None:
        self._stop()
        self._emit(Transferred(kind, to))
        self._show("DisconnectAgentUI")
        self.data.agent = None
        self.data.initiation = "TRANSFER"

    def _left_alone(self) -> None:
        self._need(Phase.TALKING, Phase.HELD)
        self._stop()
        self._show("DisconnectAgentUI")
        self.data.agent = None
        flow = self._hook("CustomerRemaining")
        if flow is None:
            self._end(Ended("agent"))
            return
        self.phase = Phase.FLOW
        self.data.initiation = "DISCONNECT"
        self._run(flow, Role.MAIN, Party.CUSTOMER)

    def _end(self, ended: Ended) -> None:
        if self.phase is Phase.OVER:
            return
        before = self.phase
        self._stop()
        if before is Phase.QUEUED:
            self._services.queues.leave(self.data.id)
            self._emit(Dequeued(self.data.target_agent or self.data.queue, "ended"))
        self.phase, self.ended = Phase.OVER, ended
        if before in (Phase.TALKING, Phase.HELD, Phase.JOINING):
            self._show("DisconnectAgentUI")
        self._emit(ended)

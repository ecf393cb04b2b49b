"""One flow that runs for somebody: block after block, until it waits or is over."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from rehearsal.connect.errors import NoProgress, UnsupportedBlock
from rehearsal.connect.events import (
    Ended,
    Entered,
    Event,
    Left,
    Party,
    Transferred,
)
from rehearsal.connect.flows import Action, Flow, Flows
from rehearsal.connect.inputs import Keys, Said, Typed
from rehearsal.connect.matching import matching
from rehearsal.connect.ports import Services
from rehearsal.connect.run import (
    Block,
    CallModule,
    Chose,
    Disconnect,
    Failed,
    FlowOver,
    GoTo,
    IntoQueue,
    Outcome,
    ReturnFromModule,
    Role,
    Run,
    Signal,
    Steps,
    Success,
    TimeIsUp,
    Waiting,
)
from rehearsal.connect.state import ContactData

MOST_BLOCKS: Final = 1000
"""Blocks that may run without anybody being waited for; a flow has 250 at most."""
MOST_ROUNDS: Final = 100
"""Flows that may end one after another while nobody is waited for, as a queue flow does that only queues again."""
SHORTEST_WAIT: Final = 0.1
"""Seconds; a time limit of nothing still lets a moment pass."""
DEEPEST: Final = 5
"""Modules within modules."""


@dataclass(frozen=True, slots=True)
class Over:
    """How a thread ended."""

    ended: Ended | None
    """None where the flow is over and the contact may go on."""
    queued: IntoQueue | None = None
    """Where it ended in a queue."""


class Thread:
    """A flow in progress."""

    def __init__(
        self,
        flow: Flow,
        role: Role,
        to: Party,
        data: ContactData,
        services: Services,
        flows: Flows,
        blocks: dict[str, Block],
        emit: Callable[[Event], None],
        log: Callable[[dict[str, object]], None],
    ) -> None:
        self.role = role
        self.waiting: Waiting | None = None
        self.over: Over | None = None
        self.flow = flow
        self.action = flow.actions[flow.start]
        self.path: list[str] = []
        self._left: float | None = None
        self._callers: list[tuple[Flow, Action]] = []
        self._to, self._data, self._services, self._flows = to, data, services, flows
        self._blocks, self._emit, self._log = blocks, emit, log
        self._steps: Steps | None = None
        self._heard = ""
        self._run: Run | None = None

    @property
    def left(self) -> float | None:
        """Seconds until what it waits for gives up; None for never, or for nothing."""
        return self._left

    def start(self) -> None:
        """Run from the flow's first block."""
        self._go(None)

    def take(self, signal: Signal) -> None:
        """What was waited for comes."""
        if self.over is None and self._steps is not None:
            match signal:
                # Connect's logs show what was keyed in, encrypted or not: so logging is switched off around secrets.
                case Keys(heard) | Said(heard) | Typed(heard):
                    self._heard += heard
            self._go(signal)

    def tick(self, seconds: float) -> None:
        """Let time pass, at most until what it waits for gives up."""
        if self.over is not None or self._left is None:
            return
        if seconds < self._left:
            self._left -= seconds
        else:
            self._left = None
            self.take(TimeIsUp())

    def close(self) -> None:
        """Stop where it stands."""
        if self._steps is not None:
            self._steps.close()
        self._steps = None
        self.waiting = None
        self._left = None
        self.over = self.over or Over(None)

    def _go(self, signal: Signal | None) -> None:
        ran: list[str] = []
        while self.over is None:
            outcome = self._resumed(signal) if signal is not None else self._entered(ran)
            signal = None
            if outcome is None:
                return
            self._leave(outcome)
        self.close()

    def _entered(self, ran: list[str]) -> Outcome | None:
        here = f"{self.flow.name}/{self.action.id}"
        ran.append(here)
        self.path.append(here)
        if len(ran) > MOST_BLOCKS:
            raise NoProgress(ran)
        block = self._blocks.get(self.action.type)
        if block is None:
            raise UnsupportedBlock(self.action.type, self.action.id, self.flow.name)
        self._emit(Entered(self.flow.name, self.action.id, self.action.type))
        if block.channels and self._data.channel not in block.channels:
            return Failed(block.elsewhere, f"not for the channel {self._data.channel}")
        run = self._run = Run(
            self.action, self.flow, self._data, self._services, self._flows, self.role, self._to, self._emit
        )  # fmt: skip
        try:
            done = block.handler(run)
        except (KeyError, ValueError, OverflowError) as bad:
            return Failed("NoMatchingError", f"a parameter can't be read: {bad}")
        if not isinstance(done, Generator):
            return done
        self._steps = done
        return self._next(lambda: next(done))

    def _resumed(self, signal: Signal) -> Outcome | None:
        steps = self._steps
        assert steps is not None, "only a waiting block is resumed"
        return self._next(lambda: steps.send(signal))

    def _next(self, go: Callable[[], Waiting]) -> Outcome | None:
        try:
            self.waiting = go()
        except StopIteration as done:
            outcome: Outcome = done.value
        except (KeyError, ValueError, OverflowError) as bad:
            outcome = Failed("NoMatchingError", f"a parameter can't be read: {bad}")
        else:
            seconds = self.waiting.seconds
            self._left = None if seconds is None else max(seconds, SHORTEST_WAIT)
            return None
        self._steps, self.waiting, self._left = None, None, None
        return outcome

    def _leave(self, outcome: Outcome) -> None:
        match outcome:
            case GoTo(flow):
                self._mark("Success", "", flow.name)
                self._emit(Transferred("flow", flow.arn))
                self._callers.clear()
                self.flow, self.action = flow, flow.actions[flow.start]
            case CallModule(flow) if len(self._callers) >= DEEPEST:
                self._leave(Failed("NoMatchingError", f"{flow.name} would be a module {DEEPEST} deep"))
            case CallModule(flow):
                self._mark("Module", "", flow.name)
                self._emit(Transferred("module", flow.arn))
                self._callers.append((self.flow, self.action))
                self.flow, self.action = flow, flow.actions[flow.start]
            case ReturnFromModule() if self._callers:
                self._mark("Success", "", "")
                self.flow, self.action = self._callers.pop()
                self._follow("Success", self.action.next)
            case ReturnFromModule() | FlowOver():
                self._mark("Success", "", "")
                self.over = Over(None)
            case Disconnect(why):
                self._mark("Success", "", "")
                self.over = Over(Ended(why))
            case IntoQueue():
                self._mark("Success", "", outcome.queue)
                self.over = Over(None, outcome)
            case Success():
                self._follow("Success", self.action.next)
            case Chose(value, fallback):
                found = matching(self.action, value, self._data.tree(), self.flow.name)
                if found is not None:
                    self._follow(found.operands[0], found.next or None, result=value)
                elif fallback in self.action.errors:
                    self._follow(fallback, self.action.errors[fallback], result=value)
                else:
                    self._follow("Success", self.action.next, result=value)
            case Failed(error, why):
                branch = error if error in self.action.errors else "NoMatchingError"
                self._follow(branch, self.action.errors.get(branch), why=why)

    def _follow(self, branch: str, to: str | None, *, result: str = "", why: str = "") -> None:
        self._mark(branch, result or why, to or "")
        if to is None:
            where = f"{self.flow.name}, {self.action.id} ({self.action.type}) has no branch {branch}"
            self.over = Over(Ended("dead_end", f"{where}: {why}" if why else where))
        else:
            self.action = self.flow.actions[to]

    def _mark(self, branch: str, result: str, to: str) -> None:
        self._emit(Left(self.flow.name, self.action.id, branch, to))
        heard, self._heard = self._heard, ""
        run, self._run = self._run, None
        parameters = run.filled(self.action.parameters) if run else self.action.parameters
        self._log(
            {
                "ContactId": self._data.id,
                "ContactFlowName": self.flow.name,
                "ContactFlowModuleType": self.action.type,
                "Identifier": self.action.id,
                "Timestamp": datetime.fromtimestamp(self._services.clock(), UTC).isoformat(),
                "Parameters": parameters,
                "Results": heard or result or branch,
            }
        )

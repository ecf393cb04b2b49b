"""Calls by the thousand while functions and Lex fail at random: how each ended, and whether any went silent.

A caller follows a script, answers whatever the flows ask, and takes what is offered. A call ends well with an answer,
with a person or with the promise of a call back; what comes after that is another call's business.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rehearsal.connect.agents import AVAILABLE
from rehearsal.connect.events import CallbackAsked, Connected, Event, Left, Music, Party, Spoke, Understood, Whispered
from rehearsal.connect.inputs import AgentEnded, HangUp, Input, Keys, Said
from rehearsal.connect.staged import StagedCentre
from rehearsal.connect.state import Phase
from rehearsal.people import Person
from rehearsal.phone_steps import NotThere, prepare
from rehearsal.world import World
from throughline.rendering import plain

ANSWER, PERSON, CALLBACK = "answer", "person", "callback"
SILENCE, LOOP = "silence", "loop"
MOST_INPUTS: Final = 60
"""After so many a call goes round."""
SCRIPTS: Final[Sequence[tuple[str, ...]]] = (
    ("when is the downtown branch open", "goodbye"),
    ("what's your routing number", "goodbye"),
    ("what's my checking balance", "goodbye"),
    ("pay the electric bill by card", "eighty dollars", "yes", "goodbye"),
    ("I want to talk to a person",),
)
KEYED: Final = {"value": "4111111111111111", "expiry": "1230", "security_code": "123"}
FULL: Final = 20
"""Who wait in a queue that takes nobody more."""
APART: Final = 30.0
"""Seconds between two calls."""


@dataclass(slots=True)
class Trial:
    """What came of the calls."""

    ended: Counter[str] = field(default_factory=Counter)
    """How many ended how."""
    faults: Counter[str] = field(default_factory=Counter)
    """Faults that were made, as `contact_data slow`."""
    inputs: int = 0
    """What the callers did, in all."""
    bad: list[str] = field(default_factory=list)
    """For each call that ended in silence or went round: the blocks at its end."""

    @property
    def calls(self) -> int:
        """In all."""
        return sum(self.ended.values())


def failing_calls(world: World, calls: int, *, rate: float = 0.2, seed: int = 7) -> Trial:
    """So many calls, of whose calls to functions and Lex that share fails.

    Raises NotThere where the templates have no contact centre.
    """
    line = world.line
    if line is None:
        raise NotThere("the templates have no contact centre")
    prepare(world, {"at": "tuesday 10:00", "agents": [one.username for one in line.agents]})
    line.patience.wait(True)
    dice, trial = random.Random(seed), Trial()
    line.faults.dice = random.Random(seed + 1)
    line.faults.made.clear()
    try:
        for number in range(calls):
            if number == calls // 2:  # for the rest, the queue that most come to is full
                prepare(world, {"waiting": {"everyday": FULL}})
            # A new customer each time: whom a person helped, the assistant leaves to that person.
            phone = f"+1{200 + number // 100}55501{number % 100:02d}"
            person = replace(Person.called(f"trial-{seed}-{number}"), phone=phone)
            world.customer(person)
            line.faults.rate = rate
            contact = line.dial(person, withheld=dice.random() < 0.2)
            how, inputs = _held(line.centre, contact, dice)
            line.faults.rate = 0.0
            trial.ended[how] += 1
            trial.inputs += inputs
            if how in (SILENCE, LOOP):
                trial.bad.append(f"call {number}: {' '.join(_places(line.centre.events(contact))[-12:])}")
            _tidy(line.centre, contact)
            world.clock.pass_(APART)
    finally:
        line.faults.heal()
    trial.faults = Counter(line.faults.made)
    return trial


def _held(centre: StagedCentre, contact: str, dice: random.Random) -> tuple[str, int]:
    """How a call ended, and after how much that the caller did."""
    script = list(dice.choice(SCRIPTS))
    for done in range(MOST_INPUTS):
        events = centre.events(contact)
        phase, waiting = _where(centre, contact)
        if any(isinstance(one, CallbackAsked) for one in events):
            return CALLBACK, done
        if phase is Phase.QUEUED:
            return (PERSON if _joined(centre, contact) else SILENCE), done
        if phase is Phase.OVER:
            return (ANSWER if _answered(events) else SILENCE), done
        if not waiting:
            return SILENCE, done
        came = centre.take(contact, _given(centre, contact, waiting, script, dice))
        over = _where(centre, contact)[0] is Phase.OVER
        if not over and not any(_audible(one) for one in came):
            return SILENCE, done
    return LOOP, MOST_INPUTS


def _where(centre: StagedCentre, contact: str) -> tuple[Phase, str]:
    """In which phase the call is, and what it waits for."""
    it = centre.contact(contact)
    return it.phase, it.waiting.kind if it.waiting is not None else ""


def _given(centre: StagedCentre, contact: str, kind: str, script: list[str], dice: random.Random) -> Input:
    at = centre.contact(contact).at
    action = at[1] if at is not None else ""
    if kind == "key":
        return Keys(dice.choice(centre.contact(contact).branches() or ("1",)))
    if kind == "keys":
        return Keys(f"{KEYED.get(action.rpartition(' ')[2], '2125550123')}#")
    return Said(script.pop(0) if script else "goodbye")


def _joined(centre: StagedCentre, contact: str) -> bool:
    """Whether an agent can be had."""
    for agent in centre.view().agents:
        if contact in agent.contacts:
            centre.accept(agent.username, contact)
            return any(isinstance(one, Connected) for one in centre.events(contact))
    return False


def _answered(events: Sequence[Event]) -> bool:
    """Whether the assistant answered something, and was the last to speak."""
    said = [one for one in events if isinstance(one, Understood | Spoke)]
    return any(isinstance(one, Understood) for one in said) and isinstance(said[-1], Spoke)


def _audible(event: Event) -> bool:
    match event:
        case Spoke(content, _, _, Party.CUSTOMER) | Whispered(Party.CUSTOMER, content, _):
            return bool(plain(content).strip())
        case Music():
            return True
    return False


def _places(events: Sequence[Event]) -> list[str]:
    return [f"{one.flow}/{one.action}" for one in events if isinstance(one, Left)]


def _tidy(centre: StagedCentre, contact: str) -> None:
    """The caller leaves; the agents are free again."""
    it = centre.contact(contact)
    if it.phase in (Phase.TALKING, Phase.HELD):
        it.take(AgentEnded())
    if it.phase is not Phase.OVER:
        centre.take(contact, HangUp())
    for agent in centre.view().agents:
        for one, state in agent.contacts.items():
            if state.value == "after contact work":
                centre.complete(agent.username, one)
        if agent.status != AVAILABLE:
            centre.status(agent.username, AVAILABLE)

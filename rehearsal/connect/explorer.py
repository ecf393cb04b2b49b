"""Walks through flows that nobody wrote answers for: every branch that customers, agents and services can open.

Each walk starts anew and repeats the answers so far, so nothing needs to be undone; an answer is tried once in each
place. Deterministic: the same flows give the same walks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rehearsal.connect.errors import NoProgress, UnsupportedBlock
from rehearsal.connect.events import Ended, Entered, Event
from rehearsal.connect.flows import Action, Flow, Flows
from rehearsal.connect.inputs import (
    AgentAccepted,
    AgentEnded,
    AgentHeld,
    AgentResumed,
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
from rehearsal.connect.interpreter import Contact
from rehearsal.connect.ports import Services
from rehearsal.connect.run import Waiting
from rehearsal.connect.stand_ins import AnsweringLambdas, NamingLex, OpenCentre, stand_ins
from rehearsal.connect.state import ContactData, Phase

MOST_RUNS: Final = 400
"""Walks in one world."""
MOST_SUGGESTED: Final = 8
"""Worlds that are made of what flows compare."""
DEEPEST: Final = 60
"""Answers in one walk."""
NUMBER: Final = "+15555550101"
"""The caller's, and what is keyed in where a telephone number is asked for."""
_AGENT: Final = AgentAccepted("arn:aws:connect:us-east-1:123456789012:instance/i/agent/a", "agent")
_HOOKS: Final = {
    "CUSTOMER_QUEUE": "CustomerQueue",
    "CUSTOMER_HOLD": "CustomerHold",
    "AGENT_HOLD": "CustomerHold",
    "CUSTOMER_WHISPER": "CustomerWhisper",
    "AGENT_WHISPER": "AgentWhisper",
}


@dataclass(frozen=True, slots=True)
class World:
    """Circumstances of a walk."""

    name: str
    """In a word or two."""
    channel: str = "VOICE"
    """VOICE or CHAT."""
    lambdas: Mapping[str, object] = field(default_factory=dict)
    """Answers of functions, by ARN or name."""
    otherwise: object = None
    """The answer of every other function; None lets it fail."""
    open: bool = True
    """Whether it is within all hours of operation."""
    full: bool = False
    """Whether every queue is full."""
    available: int = 1
    """Free agents that metrics show."""
    named_open: bool | None = None
    """The answer of hours that a block names, where it differs from a queue's own."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """The contact's attributes from the beginning."""
    session: Mapping[str, str] = field(default_factory=dict)
    """Session attributes with which bots close."""
    chance: int | None = None
    """What every draw gives; None for a seeded one."""

    def services(self) -> Services:
        """Fresh ones."""
        place = OpenCentre(self.open, self.full, self.named_open, self.available)
        lex = NamingLex(attributes=self.session)
        services = stand_ins(AnsweringLambdas(self.lambdas, self.otherwise), lex, place)
        drawn = self.chance
        return services if drawn is None else replace(services, chance=lambda: drawn)


def worlds(lambdas: Mapping[str, object]) -> tuple[World, ...]:
    """The usual circumstances, with these functions' answers."""
    return (
        World("open", lambdas=lambdas, otherwise={}, chance=1),
        World("functions fail", chance=100),
        World("no holiday", lambdas=lambdas, otherwise={}, named_open=False, available=0),
        World("closed", lambdas=lambdas, otherwise={}, open=False),
        World("full", lambdas=lambdas, otherwise={}, full=True, available=0),
        World("chat", "CHAT", lambdas, otherwise={}),
    )


def suggested(flows: Sequence[Flow], lambdas: Mapping[str, object]) -> tuple[World, ...]:
    """Circumstances in which functions, bots and attributes say what the flows compare them with."""
    wanted: dict[str, dict[str, list[str]]] = {"External": {}, "Lex.SessionAttributes": {}, "Attributes": {}}
    for flow in flows:
        for it in flow.actions.values():
            root, _, name = str(it.parameters.get("ComparisonValue", "")).removeprefix("$.").rpartition(".")
            if it.type == "Compare" and root in wanted:
                values = wanted[root].setdefault(name, [])
                values += [one for it in it.conditions for one in it.operands if one not in values]
    most = max((len(values) for names in wanted.values() for values in names.values()), default=0)
    found = []
    for turn in range(min(most, MOST_SUGGESTED)):
        said = {
            root: {name: values[turn % len(values)] for name, values in names.items() if values}
            for root, names in wanted.items()
        }
        world = World(f"as compared, {turn + 1}", lambdas=lambdas, otherwise=said["External"], named_open=False)
        found.append(replace(world, attributes=said["Attributes"], session=said["Lex.SessionAttributes"]))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Walk:
    """One way through."""

    world: str
    """The world's name."""
    answers: tuple[str, ...]
    """What was done."""
    path: tuple[str, ...]
    """Blocks, as `flow/action`."""
    ended: str
    """How it ended, in words."""


@dataclass(frozen=True, slots=True)
class Report:
    """What exploring a flow showed."""

    flow: str
    """Its name."""
    walks: tuple[Walk, ...]
    """All that were walked to an end."""
    entered: frozenset[str]
    """Blocks of the flow that were run, by id."""
    unseen: tuple[str, ...]
    """Blocks of the flow that no walk ran."""
    unsupported: tuple[str, ...]
    """Block types that can't be rehearsed."""
    loops: tuple[str, ...]
    """Where a flow went round without waiting for anybody."""


def explore(flow: Flow, flows: Sequence[Flow], circumstances: Sequence[World], words: Sequence[str] = ()) -> Report:
    """Walk through a flow; `flows` are those to which it may lead, `words` what customers may say."""
    start, all_flows = _led_into(flow), Flows([*flows, flow])
    walks: list[Walk] = []
    entered: set[str] = set()
    for world in circumstances:
        for walk in _walks(start, Flows([*all_flows, start]), world, words):
            walks.append(walk)
            blocks = [it.rpartition("/") for it in walk.path]
            entered.update(action for name, _, action in blocks if name == flow.name)
    unseen = tuple(id for id in flow.actions if id not in entered)
    unsupported = {it.ended for it in walks if it.ended.startswith("unsupported ")}
    loops = {it.ended for it in walks if it.ended.startswith("loop ")}
    seen = frozenset(entered & set(flow.actions))
    return Report(flow.name, tuple(walks), seen, unseen, tuple(sorted(unsupported)), tuple(sorted(loops)))


def walk(flow: Flow, flows: Sequence[Flow], world: World, answers: Sequence[Input]) -> Walk:
    """One walk with given answers; after them the customer stays silent, and hangs up in the end."""
    start = _led_into(flow)
    return _walked(start, Flows([*flows, flow, start]), world, [*answers, *[Silence()] * 20, HangUp()])[0]


def _walks(start: Flow, flows: Flows, world: World, words: Sequence[str]) -> list[Walk]:
    done: list[Walk] = []
    tried: set[tuple[object, ...]] = set()
    waiting: deque[tuple[Input, ...]] = deque([()])
    while waiting and len(done) < MOST_RUNS:
        answers = waiting.popleft()
        walked, contact = _walked(start, flows, world, answers)
        if contact is None or contact.phase is Phase.OVER:
            done.append(walked)
            if contact is None or contact.screen_waiting is None:
                continue
        place = (contact.phase, contact.at, contact.screen_at)
        fresh = [it for it in _possible(contact, words) if (place, repr(it)) not in tried]
        if len(answers) >= DEEPEST or not fresh:
            if contact.phase is not Phase.OVER:
                done.append(_walked(start, flows, world, (*answers, HangUp()))[0])
            continue
        for it in fresh:
            tried.add((place, repr(it)))
            waiting.append((*answers, it))
    return done


def _walked(start: Flow, flows: Flows, world: World, answers: Sequence[Input]) -> tuple[Walk, Contact | None]:
    """The walk, and its contact where nothing went wrong."""
    data = ContactData("contact-1", world.channel, NUMBER if world.channel == "VOICE" else "customer", "+15555550100")
    data.attributes = dict(world.attributes)
    contact = Contact(data, flows, world.services())
    events: list[Event] = []
    given: list[Input] = []
    try:
        events += contact.begin(start.arn)
        for it in answers:
            if contact.phase is Phase.OVER and not isinstance(it, ViewAnswered | Tick):
                break
            given.append(it)
            events += contact.take(it)
    except UnsupportedBlock as unsupported:
        path = (*_path([*events, *contact.spilt()]), f"{unsupported.flow}/{unsupported.action}")
        return Walk(world.name, _told(given), path, f"unsupported {unsupported.type} ({unsupported.action})"), None
    except NoProgress as loop:
        path = _path(events) + loop.path
        return Walk(world.name, _told(given), path, f"loop {' → '.join(loop.path[-6:])}"), None
    ended = next((it for it in events if isinstance(it, Ended)), None)
    how = f"{ended.why}: {ended.detail}" if ended and ended.detail else ended.why if ended else "waiting"
    return Walk(world.name, _told(given), _path(events), how), contact


def _path(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(f"{it.flow}/{it.action}" for it in events if isinstance(it, Entered))


def _told(answers: Sequence[Input]) -> tuple[str, ...]:
    told = []
    for it in answers:
        name = type(it).__name__
        what = next(
            (str(getattr(it, one)) for one in ("digits", "words", "text", "action", "event") if hasattr(it, one)), ""
        )
        told.append(f"{name} {what}".strip())
    return tuple(told)


def _possible(contact: Contact, words: Sequence[str]) -> list[Input]:
    """What may come now, each of which might lead elsewhere."""
    found: list[Input] = []
    screen = contact.screen_waiting
    if screen is not None:
        found += [ViewAnswered(it) for it in contact.branches(screen=True)]
        found += [ViewAnswered("Anything")]
        found += [Tick(screen.seconds)] if screen.seconds is not None else []
    if contact.waiting is not None:
        found += _answers(contact, contact.waiting, words)
    if contact.phase is Phase.QUEUED:
        found.append(_AGENT)
    if contact.phase is Phase.TALKING:
        found += [AgentHeld(), AgentEnded()]
    if contact.phase is Phase.HELD:
        found.append(AgentResumed())
    if contact.phase is not Phase.OVER:
        found.append(HangUp())
    return found


def _answers(contact: Contact, waiting: Waiting, words: Sequence[str]) -> list[Input]:
    branches = contact.branches()
    silent: list[Input] = [Silence()] if waiting.seconds is not None else []
    match waiting.kind:
        case "key":
            other = next((it for it in "0987654321" if it not in branches), "")
            return [*(Keys(it) for it in branches if it), *([Keys(other)] if other else []), *silent]
        case "keys":
            return [Keys("4111111111111111#"), Keys(f"{NUMBER[1:]}#"), Keys("12#"), Keys("*#"), *silent]
        case "words":
            return [*(Said(it) for it in (*words, *branches, "something else entirely")), *silent]
        case "text":
            return [*(Typed(it) for it in (*words, *branches, "something else entirely")), *silent]
        case "view":
            return [*(ViewAnswered(it) for it in (*branches, "Anything")), *silent]
        case "time":
            return [*(Happened(it) for it in waiting.events), *silent]
        case "third_party":
            return [ThirdPartyEnded()]
        case _:
            return silent


def _led_into(flow: Flow) -> Flow:
    """A flow of its own for a call that reaches a queue, hold or whisper flow; others begin a contact themselves."""
    hook = _HOOKS.get(flow.kind)
    if hook is None:
        return flow
    steps = (
        Action(
            "hook",
            "UpdateContactEventHooks",
            {"EventHooks": {hook: flow.arn}},
            "target",
            (),
            {"NoMatchingError": "over"},
        ),
        Action("target", "UpdateContactTargetQueue", {"QueueId": "queue"}, "queue", (), {}),
        Action("queue", "TransferContactToQueue", {}, None, (), {"NoMatchingError": "over"}),
        Action("over", "DisconnectParticipant", {}, None, (), {}),
    )
    return Flow("flow/leading-in", "leading-in", "CONTACT_FLOW", "hook", {it.id: it for it in steps})

"""Walks through flows that nobody wrote answers for: every branch that customers, agents and services can open.

Each walk starts anew and repeats the answers so far, so nothing needs to be undone; an answer is tried once in each
place. Deterministic: the same flows give the same walks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rehearsal.connect.circumstances import LED_INTO, NUMBER, World, keyed_in
from rehearsal.connect.errors import NoProgress, UnsupportedBlock
from rehearsal.connect.events import Ended, Entered, Event, Understood
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
from rehearsal.connect.run import Waiting
from rehearsal.connect.state import Phase

MOST_RUNS: Final = 400
"""Walks in one world."""
DEEPEST: Final = 60
"""Answers in one walk."""
MOST_VARIANTS: Final = 4
"""How often an answer is given in one place: again only where attributes, loops or the bot's turn differ."""
_AGENT: Final = AgentAccepted("arn:aws:connect:us-east-1:123456789012:instance/i/agent/a", "agent")
_HOOKS: Final = {
    "CUSTOMER_QUEUE": "CustomerQueue",
    "CUSTOMER_HOLD": "CustomerHold",
    "AGENT_HOLD": "CustomerHold",
    "CUSTOMER_WHISPER": "CustomerWhisper",
    "AGENT_WHISPER": "AgentWhisper",
}


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
    unfinished: tuple[str, ...]
    """Worlds in which there was more to walk than MOST_RUNS."""


def explore(flow: Flow, flows: Sequence[Flow], circumstances: Sequence[World], words: Sequence[str] = ()) -> Report:
    """Walk through a flow; `flows` are those to which it may lead, `words` what customers may say."""
    start, all_flows = _led_into(flow), Flows([*flows, flow])
    walks: list[Walk] = []
    entered: set[str] = set()
    keys = keyed_in([*flows, flow])
    unfinished = []
    for world in circumstances:
        walked, finished = _walks(start, Flows([*all_flows, start]), world, words, keys)
        unfinished += [] if finished else [world.name]
        for walk in walked:
            walks.append(walk)
            blocks = [it.rpartition("/") for it in walk.path]
            entered.update(action for name, _, action in blocks if name == flow.name)
    unseen = tuple(id for id in flow.actions if id not in entered)
    unsupported = {it.ended for it in walks if it.ended.startswith("unsupported ")}
    loops = {it.ended for it in walks if it.ended.startswith("loop ")}
    seen = frozenset(entered & set(flow.actions))
    return Report(
        flow.name, tuple(walks), seen, unseen, tuple(sorted(unsupported)), tuple(sorted(loops)), tuple(unfinished)
    )


def walk(flow: Flow, flows: Sequence[Flow], world: World, answers: Sequence[Input]) -> Walk:
    """One walk with given answers; after them the customer stays silent, and hangs up in the end."""
    start = _led_into(flow)
    return _walked(start, Flows([*flows, flow, start]), world, [*answers, *[Silence()] * 20, HangUp()])[0]


def _walks(
    start: Flow, flows: Flows, world: World, words: Sequence[str], keys: Sequence[str]
) -> tuple[list[Walk], bool]:
    """The walks in one world, and whether they are all that there are."""
    done: list[Walk] = []
    tried: dict[tuple[object, ...], set[object]] = {}
    waiting: deque[tuple[Input, ...]] = deque([()])
    while waiting and len(done) < MOST_RUNS:
        answers = waiting.popleft()
        walked, contact, turns = _walked(start, flows, world, answers)
        if contact is None or contact.phase is Phase.OVER:
            done.append(walked)
            if contact is None or contact.screen_waiting is None:
                continue
        place = (contact.phase, contact.at, contact.screen_at)
        variant = (turns, repr(contact.data.loops), repr(contact.data.attributes))
        fresh = []
        for it in _possible(contact, words, keys):
            variants = tried.setdefault((place, repr(it)), set())
            if variant not in variants and len(variants) < MOST_VARIANTS:
                variants.add(variant)
                fresh.append(it)
        if len(answers) >= DEEPEST or not fresh:
            if contact.phase is not Phase.OVER:
                done.append(_walked(start, flows, world, (*answers, HangUp()))[0])
            continue
        waiting.extend((*answers, it) for it in fresh)
    return done, not waiting


def _walked(start: Flow, flows: Flows, world: World, answers: Sequence[Input]) -> tuple[Walk, Contact | None, int]:
    """The walk, its contact where nothing went wrong, and the turns that a bot has had in the block that waits."""
    contact = Contact(world.contact(), world.flows(flows), world.services())
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
        return Walk(world.name, _told(given), path, f"unsupported {unsupported.type} ({unsupported.action})"), None, 0
    except NoProgress as loop:
        path = _path(events) + loop.path
        return Walk(world.name, _told(given), path, f"loop {' → '.join(loop.path[-6:])}"), None, 0
    ended = next((it for it in events if isinstance(it, Ended)), None)
    how = f"{ended.why}: {ended.detail}" if ended and ended.detail else ended.why if ended else "waiting"
    since = next((at for at, it in enumerate(reversed(events)) if isinstance(it, Entered)), 0)
    turns = sum(isinstance(it, Understood) for it in events[len(events) - since :])
    return Walk(world.name, _told(given), _path(events), how), contact, turns


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


def _possible(contact: Contact, words: Sequence[str], keys: Sequence[str]) -> list[Input]:
    """What may come now, each of which might lead elsewhere."""
    found: list[Input] = []
    screen = contact.screen_waiting
    if screen is not None:
        found += [ViewAnswered(it) for it in contact.branches(screen=True)]
        found += [ViewAnswered("Anything")]
        found += [Tick(screen.seconds)] if screen.seconds is not None else []
    if contact.waiting is not None:
        found += _answers(contact, contact.waiting, words, keys)
    if contact.phase is Phase.QUEUED:
        found.append(_AGENT)
    if contact.phase is Phase.TALKING:
        found += [AgentHeld(), AgentEnded()]
    if contact.phase is Phase.HELD:
        found.append(AgentResumed())
    if contact.phase is not Phase.OVER:
        found.append(HangUp())
    return found


def _answers(contact: Contact, waiting: Waiting, words: Sequence[str], keys: Sequence[str]) -> list[Input]:
    branches = contact.branches()
    silent: list[Input] = [Silence()] if waiting.seconds is not None else []
    match waiting.kind:
        case "key":
            other = next((it for it in "0987654321" if it not in branches), "")
            return [*(Keys(it) for it in branches if it), *([Keys(other)] if other else []), *silent]
        case "keys":
            asked = [Keys(f"{it}#") for it in keys]
            return [*asked, Keys("4111111111111111#"), Keys(f"{NUMBER[2:]}#"), Keys("12#"), Keys("*#"), *silent]
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
        Action("target", "UpdateContactTargetQueue", {"QueueId": LED_INTO}, "queue", (), {}),
        Action("queue", "TransferContactToQueue", {}, None, (), {"NoMatchingError": "over"}),
        Action("over", "DisconnectParticipant", {}, None, (), {}),
    )
    return Flow("flow/leading-in", "leading-in", "CONTACT_FLOW", "hook", {it.id: it for it in steps})

"""Rehearsal files: conversations in plain words, replayed on every way that can carry them.

A file is YAML:

    about: what it shows, in a sentence
    assurance: linked            # how well the customer is known (verified unless said)
    needs: [transfer]            # what a way must be able to do, of the capability table; optional
    lacks: [secrets]             # and what it must not; optional
    steps:
      - says: move fifty dollars from checking to savings
        keys: ["2", "50", "1", "2"]    # the same on telephone keys; without it keys can't carry the file
        hears: [TransferMoney.confirm] # prompts that must be heard, in this order; others may be between
        shows: ["$50"]                 # facts that the customer must see or hear
        hides: ["4111"]                # and what they must not, nor may it be stored
      - silence: true
      - opens: true
      - again: true                    # the platform delivers the last event once more
      - leaves: true                   # the session ends
      - waits: 20 minutes
      - on: alexa                      # from here on this way, whatever the file is replayed on
      - on: elsewhere                  # from here on another way: the web chat, or from there the speaker
      - on: here                       # from here on the file's own way again
      - hands_back: true               # the person who had the conversation has finished
    ends:
      frames: [{intent: TransferMoney, slots: {amount: "50.00"}}]   # tasks still open; none unless said
      asks: confirm                    # kind of the open question; none unless said
      done: [CheckBalance]             # tasks that were done, in order
      refused: [PayBill.insufficient]  # what the back end would not do
      person: true                     # a person has the conversation
      bank: {blocked: [debit]}         # what became of it in the back end

`<next tuesday>` as a whole value of `ends` is that day, and among `keys` that day as it is keyed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import yaml

from rehearsal.endings import day, end_state, expected_end, kept
from rehearsal.people import Person
from rehearsal.ways import WAYS, Device, Told
from rehearsal.world import World
from throughline.channels import capabilities
from throughline.channels.capabilities import ALEXA, EAR
from throughline.turn import Assurance

HERE: Final = "here"
ELSEWHERE: Final = "elsewhere"
_SERIALS: Final = count()
_UNITS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_STEP_KEYS: Final = {
    "says", "keys", "silence", "opens", "again", "leaves", "waits", "on", "hands_back", "hears", "shows", "hides",
}  # fmt: skip
_NEEDS: Final = (
    "transfer", "secrets", "screen", "voice", "confidence", "silence", "transcript", "repeats", "verified", "stays",
)  # fmt: skip


class RehearsalError(ValueError):
    """A rehearsal file is not one; says file, step and what is wrong."""


class Unlike(AssertionError):
    """The conversation went otherwise than the file says."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens."""

    number: int
    says: str = ""
    keys: tuple[str, ...] = ()
    silence: bool = False
    opens: bool = False
    again: bool = False
    leaves: bool = False
    waits: float = 0.0
    """Seconds."""
    on: str = ""
    hands_back: bool = False
    hears: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A rehearsal file."""

    name: str
    about: str
    steps: tuple[Step, ...]
    ends: Mapping[str, Any]
    assurance: Assurance = Assurance.VERIFIED
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(slots=True)
class Replay:
    """What a replay came to."""

    way: str
    end: dict[str, Any] = field(default_factory=dict)
    """The end state, the same on every way."""
    told: list[str] = field(default_factory=list)


def read(path: Path) -> Conversation:
    """Read a file. Raises RehearsalError."""
    data = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(data, dict) or not data.get("about") or not isinstance(data.get("steps"), list):
        raise RehearsalError(f"{path.name}: needs `about` and `steps`")
    needs, lacks = tuple(data.get("needs", ())), tuple(data.get("lacks", ()))
    unknown = [name for name in needs + lacks if name not in _NEEDS]
    if unknown:
        raise RehearsalError(f"{path.name}: {unknown}: only {', '.join(_NEEDS)} are capabilities")
    return Conversation(
        name=path.stem,
        about=str(data["about"]),
        steps=tuple(_step(path, number, entry) for number, entry in enumerate(data["steps"], start=1)),
        ends=data.get("ends", {}),
        assurance=Assurance.named(data.get("assurance", "verified")),
        needs=needs,
        lacks=lacks,
    )


def why_not(conversation: Conversation, way: str) -> str:
    """Why that way can't carry the conversation, by the capability table; empty if it can."""
    row = capabilities.WAYS[way]
    has = {
        "transfer": row.back.transfer, "secrets": row.back.secrets, "screen": row.back.screen,
        "voice": row.back.voice, "confidence": row.confidence, "silence": row.silence,
        "transcript": row.transcript, "repeats": row.repeats, "verified": row.proves >= Assurance.VERIFIED,
        "stays": not row.back.cancel_exits,
    }  # fmt: skip
    lacking = [name for name in conversation.needs if not has[name]]
    if lacking:
        return f"{way} has no {', '.join(lacking)}"
    having = [name for name in conversation.lacks if has[name]]
    if having:
        return f"{way} has {', '.join(having)}"
    if conversation.assurance < row.proves < Assurance.VERIFIED:
        proved = row.proves.name.lower()
        return f"{way} proves by itself that its customer is {proved}: no less can be told there"
    first = conversation.steps[0].on
    if first and first != way:
        return f"it begins on {first}"
    return next((why for step, at in _places(conversation, way) if (why := _cannot(step, at))), "")


def _places(conversation: Conversation, way: str) -> Iterator[tuple[Step, str]]:
    """Every step with the way that it is taken on."""
    at = way
    for step in conversation.steps:
        if step.on == HERE:
            at = way
        elif step.on == ELSEWHERE:
            at = EAR if way != EAR else ALEXA
        elif step.on:
            at = step.on
        yield step, at


def _cannot(step: Step, way: str) -> str:
    row = capabilities.WAYS[way]
    if step.silence and not row.silence:
        return f"{way} is not told of silence (step {step.number})"
    if step.again and not row.repeats:
        return f"{way} can't tell a repeated event (step {step.number})"
    if step.says and not row.words and not step.keys:
        return f"{way} carries keys alone (step {step.number} has none)"
    if step.keys and not step.says and row.words:
        return f"{way} has no telephone keys (step {step.number} has nothing else)"
    return ""


def replay(conversation: Conversation, way: str, world: World) -> Replay:
    """Hold the conversation on that way with a new customer. Raises Unlike where it goes otherwise."""
    person = _somebody(f"{conversation.name}-{way}")
    customer = world.customer(person).customer
    devices: dict[str, Device] = {}
    result = Replay(way)
    for step, at in _places(conversation, way):
        if at not in devices:
            devices[at] = WAYS[at](world, person, conversation.assurance)
        told = _take(devices[at], step, world, person)
        if told is not None:
            result.told.append(told.text)
            _check(conversation, step, at, told, world, person, customer)
    result.end = end_state(world, person, customer)
    expected = expected_end(conversation.ends, world.clock.today())
    if result.end != expected:
        unlike = {name: (value, expected[name]) for name, value in result.end.items() if value != expected[name]}
        raise Unlike(f"{conversation.name} on {way} ends otherwise, is and should be: {unlike}")
    return result


def _somebody(name: str) -> Person:
    """Somebody new, whose number is nobody else's of this process: 555-01xx in one area code after another."""
    serial = next(_SERIALS)
    person = Person.called(f"{name}-{uuid.uuid4().hex[:6]}")
    return replace(person, phone=f"+1{200 + serial // 100}55501{serial % 100:02d}")


def _take(device: Device, step: Step, world: World, person: Person) -> Told | None:
    if step.waits:
        world.clock.pass_(step.waits)
    if step.leaves:
        device.leave()
    if step.hands_back:
        world.hand_back(person)
    if step.opens:
        return device.open()
    if step.silence:
        return device.silence()
    if step.again:
        return device.again()
    if step.keys and not capabilities.WAYS[device.way].words:
        told = None
        for keys in step.keys:
            told = device.key(_keyed(keys, world))
        return told
    return device.say(step.says) if step.says else None


def _keyed(keys: str, world: World) -> str:
    if not keys.startswith("<"):
        return keys
    return day(keys.strip("<>"), world.clock.today()).strftime("%m%d%Y")


def _check(
    conversation: Conversation, step: Step, way: str, told: Told, world: World, person: Person, customer: str
) -> None:
    where = f"{conversation.name} on {way}, step {step.number} ({step.says or 'no words'})"
    prompts = (world.timeline.turns(customer) or [{"prompts": []}])[-1]["prompts"]
    if not _in_order(step.hears, prompts):
        raise Unlike(f"{where}: heard {prompts}, not {list(step.hears)}\n  {told.text}")
    said = _flat(told.text)
    for fact in step.shows:
        if _flat(fact) not in said:
            raise Unlike(f"{where}: {fact!r} is not in: {told.text}")
    for fact in step.hides:
        if _flat(fact) in said:
            raise Unlike(f"{where}: {fact!r} must not be in: {told.text}")
        if _stands_in(_flat(fact), _flat(kept(world, person, customer))):
            raise Unlike(f"{where}: {fact!r} is stored")
    if not told.text.strip() and not any(name == "relayed" for name, _ in _last_events(world, customer)):
        raise Unlike(f"{where}: the answer is empty")


def _last_events(world: World, customer: str) -> list[list[str]]:
    turns = world.timeline.turns(customer)
    events: list[list[str]] = turns[-1]["events"] if turns else []
    return events


def _stands_in(fact: str, kept: str) -> bool:
    """Whether the fact is kept, by itself: four digits may well be part of some id or time."""
    return re.search(rf"(?<![\w.]){re.escape(fact)}(?![\w.])", kept) is not None


def _in_order(wanted: Sequence[str], heard: Sequence[str]) -> bool:
    rest = iter(heard)
    return all(any(name == one for one in rest) for name in wanted)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


def _step(path: Path, number: int, entry: object) -> Step:
    if not isinstance(entry, dict):
        raise RehearsalError(f"{path.name}, step {number}: a step is a mapping")
    entry = {"on" if name is True else name: value for name, value in entry.items()}  # in YAML 1.1 an `on` is true
    unknown = set(entry) - _STEP_KEYS
    if unknown:
        raise RehearsalError(f"{path.name}, step {number}: unknown {sorted(unknown)}")
    places = (HERE, ELSEWHERE, *WAYS)
    if entry.get("on", "") not in ("", *places):
        raise RehearsalError(f"{path.name}, step {number}: `on` is one of {', '.join(places)}")
    return Step(
        number=number,
        says=str(entry.get("says", "")),
        keys=tuple(str(keys) for keys in _listed(entry.get("keys"))),
        silence=bool(entry.get("silence")),
        opens=bool(entry.get("opens")),
        again=bool(entry.get("again")),
        leaves=bool(entry.get("leaves")),
        waits=seconds(str(entry["waits"])) if "waits" in entry else 0.0,
        on=entry.get("on", ""),
        hands_back=bool(entry.get("hands_back")),
        hears=tuple(_listed(entry.get("hears"))),
        shows=tuple(str(fact) for fact in _listed(entry.get("shows"))),
        hides=tuple(str(fact) for fact in _listed(entry.get("hides"))),
    )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def seconds(text: str) -> float:
    """A span of time in words, like "20 minutes" or "2 days". Raises RehearsalError."""
    found = re.fullmatch(r"(\d+) (second|minute|hour|day)s?", text)
    if not found:
        raise RehearsalError("a span of time is like `20 minutes` or `2 days`")
    return float(int(found[1]) * _UNITS[found[2]])

"""Replays of rehearsal files: a conversation held with a new customer on a way, and checked step by step."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from bank.fake.telephone_pins import pin_of
from rehearsal import phone_steps, relay_steps
from rehearsal.caller import Caller
from rehearsal.connect.chat_stream import Weather
from rehearsal.connect.errors import ConnectError
from rehearsal.endings import day, end_state, expected_end, kept
from rehearsal.people import Person
from rehearsal.rehearsal_file import (
    KIN,
    OUTLETS,
    SELF,
    STRANGER,
    WRONG,
    Conversation,
    RehearsalError,
    Step,
    places,
    read,
    seconds,
    why_not,
)
from rehearsal.told import Told
from rehearsal.ways import WAYS, Device, TextPhone, WebChat
from rehearsal.world import World
from throughline.channels import capabilities
from throughline.channels.capabilities import LEX_KEYS, LEX_SPEECH

__all__ = ["Conversation", "RehearsalError", "Replay", "Step", "Unlike", "read", "replay", "seconds", "why_not"]

_SERIALS: Final = count()


class Unlike(AssertionError):
    """The conversation went otherwise than the file says."""


@dataclass(slots=True)
class Replay:
    """What a replay came to."""

    way: str
    end: dict[str, Any] = field(default_factory=dict)
    """The end state, the same on every way."""
    told: list[str] = field(default_factory=list)
    person: Person | None = None
    """With whom it was held."""


@dataclass(slots=True)
class _Cast:
    """Who takes part in a replay, at which devices, and which codes they look at."""

    world: World
    conversation: Conversation
    people: dict[str, Person]
    devices: dict[tuple[str, str], Device] = field(default_factory=dict)
    who: str = SELF
    carrier: str = ""

    @classmethod
    def of(cls, world: World, conversation: Conversation, way: str) -> _Cast:
        """A new customer; somebody else of the household only where the file has them."""
        person = _somebody(f"{conversation.name}-{way}")
        people = {SELF: person, STRANGER: person.at_strange_devices(uuid.uuid4().hex[:6])}
        world.customer(person)
        if any(step.who == KIN for step in conversation.steps):
            people[KIN] = _somebody(f"kin-{conversation.name}-{way}").sharing_the_phone_of(person)
            world.customer(people[KIN])
        return cls(world, conversation, people)

    @property
    def person(self) -> Person:
        """Who acts at the moment."""
        return self.people[self.who]

    def at(self, way: str) -> Device:
        """The acting person's device for that way."""
        if (way, self.who) not in self.devices:
            self.devices[way, self.who] = WAYS[way](self.world, self.person, self.conversation.assurance)
        return self.devices[way, self.who]

    def code(self, kind: str) -> str:
        """The newest code that the acting person can read, or one that it isn't."""
        person = self.person
        found = self.world.post.newest_code(person.phone, person.email, person.new_email, way=self.carrier)
        if kind == WRONG:
            return f"{(int(found or '0') + 1) % 1_000_000:06d}"
        if not found:
            raise Unlike(f"{self.conversation.name}: no code came to {person.name}'s phone or mailbox")
        return found


def replay(conversation: Conversation, way: str, world: World) -> Replay:
    """Hold the conversation on that way with a new customer. Raises Unlike where it goes otherwise."""
    cast = _Cast.of(world, conversation, way)
    if world.line is not None:
        world.line.patience.wait(True)  # a busy machine's seconds are nobody's silence
    if world.relays is not None:
        world.relays.stream.weather = conversation.stream
        if way in OUTLETS and ("transfer" in conversation.needs or conversation.ends.get("person")):
            # At whichever hour it is rehearsed, somebody works who could take over.
            world.clock.pass_(world.relays.line.centre.opens_in())
    result = Replay(way, person=cast.people[SELF])
    try:
        for step, at in places(conversation, way):
            cast.who, cast.carrier = step.who or cast.who, step.codes or cast.carrier
            told = _taken(cast, step, at)
            if told is not None:
                result.told.append(told.text)
                _check(cast, step, at, told)
        result.end = end_state(world, cast.people[SELF])
    finally:
        world.post.failing.clear()
        if world.relays is not None:
            world.relays.stream.weather = Weather.STEADY
        # What is on its way to a person gets there and is ended, and that is told: not in somebody else's replay.
        world.settle()
        phone_steps.leave(world)
        world.settle()
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


def _taken(cast: _Cast, step: Step, way: str) -> Told | None:
    """A step, whoever's part it is."""
    if set(step.phone) - relay_steps.ARRANGES or (step.phone and way in (LEX_SPEECH, LEX_KEYS)):
        return _on_the_phone(cast, step, way)
    if step.phone:
        phone_steps.prepare(cast.world, step.phone)
    told = _take(cast, step, way)
    return _relayed(cast, step, way) if step.relay else told


def _relayed(cast: _Cast, step: Step, way: str) -> Told | None:
    """A step of which a part is an agent's, who writes to the customer."""
    device = cast.at(way)
    if not isinstance(device, WebChat | TextPhone):
        raise Unlike(f"{cast.conversation.name}, step {step.number}: nothing gets to {way} outside of a turn")
    try:
        read = relay_steps.act(cast.world, cast.person, step.relay)
        wanted = relay_steps.listed(step.relay.get("arrives"))
        return relay_steps.arrives(cast.world, device.arrived, wanted) if wanted else read
    except (relay_steps.NotTold, ConnectError) as otherwise:
        raise Unlike(f"{cast.conversation.name} on {way}, step {step.number}: {otherwise}") from otherwise


def _take(cast: _Cast, step: Step, way: str) -> Told | None:
    world, device = cast.world, cast.at(way)
    if step.leaves:
        device.leave()
    if step.waits:
        world.clock.pass_(step.waits)
    if step.fails or step.works:
        world.post.fail(step.fails or step.works, failing=bool(step.fails))
    if step.hands_back:
        world.hand_back(cast.person)
    if step.signs_in:
        device.sign_in()
    if step.enters_code:
        code = cast.code(step.enters_code)
        return device.say(code) if capabilities.WAYS[device.way].words else device.key(code)
    if step.opens:
        return device.open()
    if step.silence:
        return device.silence()
    if step.again:
        return device.again()
    if step.attaches and isinstance(device, WebChat | TextPhone):
        return device.attach(step.attaches, _filled(step.says, cast))
    if step.keys and (not step.says or not capabilities.WAYS[device.way].words):
        told: Told | None = None
        for keys in step.keys:
            told = device.key(_keyed(keys, cast))
        return told
    return device.say(_filled(step.says, cast)) if step.says else None


def _filled(words: str, cast: _Cast) -> str:
    """The words with what is this person's own."""
    person = cast.person
    own = {"{phone}": person.phone, "{email}": person.email, "{new_email}": person.new_email}
    if "{telephone_pin}" in words:
        own["{telephone_pin}"] = pin_of(cast.world.customer(person).customer)
    for place, value in own.items():
        words = words.replace(place, value)
    return words


def _on_the_phone(cast: _Cast, step: Step, way: str) -> Told | None:
    """A step of which a part is the contact centre's."""
    world, caller = cast.world, cast.at(way)
    if not isinstance(caller, Caller) or world.line is None:
        raise Unlike(f"{cast.conversation.name}, step {step.number}: there is no telephone on {way}")
    try:
        phone_steps.prepare(world, step.phone)
        before = caller.contact
        since = len(world.line.centre.events(before)) if before else 0
        told = phone_steps.act(world, caller, step.phone)
        said = _take(cast, step, way)
        world.line.centre.advance()
        if caller.contact:
            phone_steps.check(world, caller.contact, since if caller.contact == before else 0, step.phone)
    except (phone_steps.NotThere, ConnectError) as otherwise:
        raise Unlike(f"{cast.conversation.name} on {way}, step {step.number}: {otherwise}") from otherwise
    if step.waits:
        told = caller.heard(world.line.centre.events(caller.contact, since))
    found = said or told
    silent = found is None or not (found.text.strip() or step.hears or step.shows)
    return None if silent else found


def _keyed(keys: str, cast: _Cast) -> str:
    if not keys.startswith("<"):
        return _filled(keys, cast)
    return day(keys.strip("<>"), cast.world.clock.today()).strftime("%m%d%Y")


def _check(cast: _Cast, step: Step, way: str, told: Told) -> None:
    world, name = cast.world, cast.conversation.name
    where = f"{name} on {way}, step {step.number} ({step.says or step.enters_code or 'no words'})"
    # Whoever it belongs to by now, the newest turn of all is this one: replays come one after another.
    nothing: dict[str, Any] = {"prompts": [], "events": [], "assurance": ""}
    # What an agent's words became is told besides, whenever it comes.
    newest = next((turn for turn in reversed(world.timeline.turns()) if not turn.get("sent")), nothing)
    if not _in_order(step.hears, newest["prompts"]):
        raise Unlike(f"{where}: heard {newest['prompts']}, not {list(step.hears)}\n  {told.text}")
    if step.assurance and newest["assurance"] != step.assurance:
        raise Unlike(f"{where}: {newest['assurance']}, not {step.assurance}\n  {told.text}")
    said = _flat(told.text)
    for fact in step.shows:
        if _flat(fact) not in said:
            raise Unlike(f"{where}: {fact!r} is not in: {told.text}")
    for fact in (_filled(it, cast) for it in step.hides):
        if _flat(fact) in said:
            raise Unlike(f"{where}: {fact!r} must not be in: {told.text}")
        if _stands_in(_flat(fact), _flat(kept(world, cast.people[SELF]))):
            raise Unlike(f"{where}: {fact!r} is stored")
    if not told.text.strip() and not any(event == "relayed" for event, _ in newest["events"]):
        raise Unlike(f"{where}: the answer is empty")


def _stands_in(fact: str, kept: str) -> bool:
    """Whether the fact is kept, by itself: four digits may well be part of some id or time."""
    return re.search(rf"(?<![\w.]){re.escape(fact)}(?![\w.])", kept) is not None


def _in_order(wanted: Sequence[str], heard: Sequence[str]) -> bool:
    rest = iter(heard)
    return all(any(name == one for one in rest) for name in wanted)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()

"""In what worlds flows are explored: what is open, what functions and bots say, what a contact brings with it.

Some are the usual ones. The others are read off the flows: a value that a flow compares with is one that it expects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rehearsal.connect.errors import UnknownFlow
from rehearsal.connect.flows import CONTACT_FLOW, Action, Flow, Flows
from rehearsal.connect.ports import Services
from rehearsal.connect.stand_ins import AnsweringLambdas, NamingLex, OpenCentre, OpenLines, SomeProfiles, stand_ins
from rehearsal.connect.state import ContactData, is_reference, steps_of

MOST_SUGGESTED: Final = 16
"""Worlds that are made of what flows compare."""
NUMBER: Final = "+15555550101"
"""The caller's, and what is keyed in where a telephone number is asked for."""
LED_INTO: Final = "queue"
"""The queue through which a call reaches a queue, hold or whisper flow."""
_EXTERNAL: Final = ("External",)
_SESSION: Final = ("Lex", "SessionAttributes")
_SLOTS: Final = ("Lex", "Slots")
_ATTRIBUTES: Final = ("Attributes",)
_SEGMENT: Final = ("SegmentAttributes",)
_PROFILE: Final = ("Customer",)
_QUEUE: Final = ("Queue",)
_ROOTS: Final[tuple[tuple[str, ...], ...]] = (_EXTERNAL, _SESSION, _SLOTS, _ATTRIBUTES, _SEGMENT, _PROFILE, _QUEUE)
"""What can be laid down beforehand."""
_Names = dict[tuple[str, ...], list[str]]
"""Steps below a root, and the values that are compared there."""
_OTHER_CHANNELS: Final = ("TASK", "EMAIL")
_SEARCHES: Final = frozenset(
    "GetCustomerProfile GetCustomerProfileObject GetCalculatedAttributesForCustomerProfile CreateCustomerProfile "
    "UpdateCustomerProfile AssociateContactToCustomerProfile GetCase CreateCase UpdateCase".split()
)
_FOUND: Final = {0: "nothing found", 1: "one found", 2: "several found"}


@dataclass(frozen=True, slots=True)
class World:
    """Circumstances of a walk."""

    name: str
    """In a word or two."""
    channel: str = "VOICE"
    """VOICE, CHAT, TASK or EMAIL."""
    lambdas: Mapping[str, object] = field(default_factory=dict)
    """Answers of functions, by ARN or name."""
    otherwise: object = None
    """The answer of every other function; None lets it fail."""
    open: bool = True
    """Whether it is within all hours of operation."""
    full: bool = False
    """Whether every queue is full, but the one in which a queue's own flow is explored."""
    failing: bool = False
    """Whether bots, calls, queues and hours fail."""
    available: int = 1
    """Free agents that metrics show."""
    named_open: bool | None = None
    """The answer of hours that a block names, where it differs from a queue's own."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """The contact's attributes from the beginning."""
    segment: Mapping[str, str] = field(default_factory=dict)
    """Its segment attributes."""
    profile: Mapping[str, str] = field(default_factory=dict)
    """Its customer's profile."""
    found: int | None = None
    """How many profiles and cases a search finds; None where neither is enabled."""
    queue_name: str = ""
    """Every queue's name; empty for what its id ends with."""
    session: Mapping[str, str] = field(default_factory=dict)
    """Session attributes with which bots close."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Slots with which bots close."""
    chance: int | None = None
    """What every draw gives; None for a seeded one."""
    elsewhere: bool = False
    """Whether flows and modules that nobody gave are there; each of them ends at once."""

    def services(self) -> Services:
        """Fresh ones."""
        place = OpenCentre(
            self.open, self.full, self.named_open, self.available, self.queue_name, LED_INTO, self.failing
        )  # fmt: skip
        lex = NamingLex(attributes=self.session, slots=self.slots, failing=self.failing)
        services = stand_ins(AnsweringLambdas(self.lambdas, self.otherwise), lex, place)
        if self.failing:
            services = replace(services, lines=OpenLines(otherwise="failed"))
        if self.found is not None:
            services = replace(services, profiles=SomeProfiles(self.found, self.profile))
        drawn = self.chance
        return services if drawn is None else replace(services, chance=lambda: drawn)

    def contact(self) -> ContactData:
        """A contact that has not begun."""
        data = ContactData("contact-1", self.channel, NUMBER if self.channel == "VOICE" else "customer", "+15555550100")
        data.attributes, data.segment, data.profile = dict(self.attributes), dict(self.segment), dict(self.profile)
        return data

    def flows(self, given: Flows) -> Flows:
        """The flows that there are."""
        return _Everywhere(given) if self.elsewhere else given


class _Everywhere(Flows):
    """Flows among which any reference finds one."""

    def find(self, reference: str) -> Flow:
        """The flow, or one that ends at once. Raises UnknownFlow for a reference to nothing."""
        try:
            return super().find(reference)
        except UnknownFlow:
            if not reference:
                raise
        end = Action("end", "EndFlowModuleExecution", {}, None, (), {})
        return Flow(reference, f"elsewhere {reference.rpartition('/')[2]}", CONTACT_FLOW, "end", {"end": end})


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
    """Circumstances that the flows themselves speak of.

    Functions, bots and contacts say what the flows compare them with; contacts come by the channels that they ask for;
    chances fall as they are divided; profiles are found, or not; flows that nobody gave are there.
    """
    wanted: dict[tuple[str, ...], _Names] = {root: {} for root in _ROOTS}
    channels: list[str] = []
    draws: list[int] = []
    for it in (action for flow in flows for action in flow.actions.values()):
        if it.type == "DistributeByPercentage":
            draws += [int(one) for one in _fitting(it) if one.isdigit() and 1 <= int(one) <= 100]
        path = steps_of(str(it.parameters.get("ComparisonValue", "")))
        if it.type != "Compare" or not path:
            continue
        if path == ("Channel",):
            channels += [one for one in _OTHER_CHANNELS if one in _fitting(it) and one not in channels]
        root = next((one for one in _ROOTS if path[: len(one)] == one and len(path) > len(one)), None)
        if root is not None:
            values = wanted[root].setdefault(path[len(root) :], [])
            values += [one for one in _fitting(it) if one not in values]
    found = [World(it.lower(), it, lambdas, otherwise={}) for it in channels]
    found += [World(f"chance {it}", lambdas=lambdas, otherwise={}, chance=it) for it in dict.fromkeys(draws)]
    found.append(World("services fail", lambdas=lambdas, otherwise={}, failing=True))
    if any(action.type in _SEARCHES for flow in flows for action in flow.actions.values()):
        found += [World(name, lambdas=lambdas, otherwise={}, found=number) for number, name in _FOUND.items()]
    if _leads_elsewhere(flows):
        found.append(World("flows elsewhere", lambdas=lambdas, otherwise={}, elsewhere=True))
    for root, names in _named(flows).items():
        for path, value in names.items():
            if path not in wanted[root]:
                wanted[root][path] = [value]
    asks_hours = any(action.type == "CheckHoursOfOperation" for flow in flows for action in flow.actions.values())
    for turn, said in enumerate(_told(wanted)):
        world = World(
            f"as compared, {turn + 1}",
            lambdas=lambdas,
            otherwise=said[_EXTERNAL],
            attributes=_flat(said[_ATTRIBUTES]),
            segment=_flat(said[_SEGMENT]),
            profile=_flat(said[_PROFILE]),
            found=1 if said[_PROFILE] else None,
            queue_name=_flat(said[_QUEUE]).get("Name", ""),
            session=_flat(said[_SESSION]),
            slots=_flat(said[_SLOTS]),
        )
        found.append(replace(world, named_open=False))
        if asks_hours:
            found.append(replace(world, name=f"{world.name}, open"))
    return tuple(found)


def keyed_in(flows: Sequence[Flow]) -> tuple[str, ...]:
    """What flows compare stored input with, directly or by an attribute: digits that a customer may key in."""
    found: dict[str, None] = {}
    for flow in flows:
        for it in flow.actions.values():
            path = steps_of(str(it.parameters.get("ComparisonValue", "")))
            if it.type == "Compare" and path[:1] in (("StoredCustomerInput",), _ATTRIBUTES):
                found |= dict.fromkeys(one for one in _fitting(it) if one.isdigit())
    return tuple(found)


def _fitting(it: Action) -> list[str]:
    """Values for each of which another branch of a comparison holds."""
    found = []
    for condition in it.conditions:
        for operand in condition.operands:
            beside = {"NumberGreaterThan": 1.0, "NumberLessThan": -1.0}.get(condition.operator, 0.0)
            try:
                value = f"{float(operand) + beside:g}" if beside else operand
            except ValueError:
                value = operand
            if not is_reference(value) and value not in found:
                found.append(value)
    return found


def _told(wanted: Mapping[tuple[str, ...], _Names]) -> list[dict[tuple[str, ...], dict[str, object]]]:
    """What is said under each root, world by world, so that each value meets each of the next longest list."""
    listed = [(root, path, values) for root, names in wanted.items() for path, values in names.items() if values]
    listed.sort(key=lambda it: -len(it[2]))
    if not listed:
        return []
    longest = len(listed[0][2])
    rounds = longest * (len(listed[1][2]) if len(listed) > 1 else 1)
    worlds_told = []
    for turn in range(min(rounds, MOST_SUGGESTED)):
        trees: dict[tuple[str, ...], dict[str, object]] = {root: {} for root in wanted}
        for rank, (root, path, values) in enumerate(listed):
            beat = turn % longest + turn // longest if rank % 2 else turn
            _put(trees[root], path, values[beat % len(values)])
        worlds_told.append(trees)
    return worlds_told


def _put(tree: dict[str, object], path: tuple[str, ...], value: str) -> None:
    for step in path[:-1]:
        inner = tree.setdefault(step, {})
        if not isinstance(inner, dict):
            return  # A name can't be both a value and an object.
        tree = inner
    tree[path[-1]] = value


def _named(flows: Sequence[Flow]) -> dict[tuple[str, ...], dict[tuple[str, ...], str]]:
    """What flows read from functions and attributes without comparing it, with a value that fits where it is read."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], str]] = {_EXTERNAL: {}, _ATTRIBUTES: {}}

    def look(name: str, value: object) -> None:
        match value:
            case str() if is_reference(value) and (path := steps_of(value))[:1] in found and len(path) > 1:
                fits = NUMBER if "Number" in name else "2" if name.endswith(("Count", "Seconds")) else path[-1]
                found[path[:1]].setdefault(path[1:], fits)
            case Mapping():
                for key, inner in value.items():
                    look(str(key), inner)
            case list():
                for inner in value:
                    look(name, inner)

    for flow in flows:
        for it in flow.actions.values():
            if it.type != "Compare":
                look("", it.parameters)
    return found


def _flat(tree: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in tree.items() if isinstance(value, str)}


def _leads_elsewhere(flows: Sequence[Flow]) -> bool:
    known = Flows(flows)
    for it in (action for flow in flows for action in flow.actions.values()):
        name = {"TransferToFlow": "ContactFlowId", "InvokeFlowModule": "FlowModuleId"}.get(it.type)
        if name is None:
            continue
        try:
            known.find(str(it.parameters.get(name, "")))
        except UnknownFlow:
            return True
    return False

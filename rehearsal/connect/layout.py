"""What a contact centre is made of: hours, queues, routing profiles and agents, written down or read from templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from rehearsal.assembly import Assembly
    from rehearsal.resources import Resource, Resources

DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


@dataclass(frozen=True, slots=True)
class Opening:
    """A stretch of a day."""

    day: str
    """As in MONDAY."""
    start: time
    """From this moment."""
    end: time
    """Until before this one; midnight is the day's end, and an earlier one lies on the next day."""

    def holds(self, moment: datetime) -> bool:
        """Whether a local moment lies in it."""
        at, day = moment.time().replace(tzinfo=None), DAYS[moment.weekday()]
        if self.end > self.start:
            return day == self.day and self.start <= at < self.end
        before = DAYS[moment.weekday() - 1]
        return (day == self.day and at >= self.start) or (before == self.day and at < self.end)


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days on which other hours hold, or none."""

    name: str
    """As a person reads it."""
    first: date
    """The first day."""
    last: date
    """The last one, included."""
    openings: tuple[Opening, ...] = ()
    """The hours of these days; none for closed."""


@dataclass(frozen=True, slots=True)
class HoursSpec:
    """Hours of operation."""

    arn: str
    """By which flows and queues name them."""
    name: str
    """As a person reads it."""
    zone: str
    """As in Europe/Berlin."""
    openings: tuple[Opening, ...]
    """The week's."""
    exceptions: tuple[Holiday, ...] = ()
    """Holidays and the like."""

    def open(self, now: float) -> bool:
        """Whether it is open at an epoch second."""
        moment = datetime.fromtimestamp(now, ZoneInfo(self.zone))
        for it in self.exceptions:
            if it.first <= moment.date() <= it.last:
                return any(one.holds(moment) for one in it.openings)
        return any(one.holds(moment) for one in self.openings)


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A queue."""

    arn: str
    """By which flows name it."""
    name: str
    """As a person reads it."""
    hours: str = ""
    """Its hours' ARN; empty for always."""
    capacity: int | None = None
    """Most contacts that wait; None for any number."""
    outbound_flow: str = ""
    """The outbound whisper flow of calls that are made for it."""


@dataclass(frozen=True, slots=True)
class Routed:
    """A queue in a routing profile."""

    queue: str
    """Its ARN."""
    channel: str
    """VOICE, CHAT or TASK."""
    priority: int = 1
    """1 goes first."""
    delay: float = 0.0
    """Seconds that a contact waits before these agents get it."""


@dataclass(frozen=True, slots=True)
class ProfileSpec:
    """A routing profile: what a team takes."""

    arn: str
    """By which agents name it."""
    name: str
    """As a person reads it."""
    queues: tuple[Routed, ...]
    """From which they take."""
    slots: Mapping[str, int] = field(default_factory=lambda: {"VOICE": 1, "CHAT": 2, "TASK": 1})
    """Contacts at once, by channel."""


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """An agent."""

    arn: str
    """By which flows name it."""
    username: str
    """Unique."""
    profile: str
    """The routing profile's ARN."""
    team: str = ""
    """As a person reads it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole centre."""

    hours: tuple[HoursSpec, ...] = ()
    queues: tuple[QueueSpec, ...] = ()
    profiles: tuple[ProfileSpec, ...] = ()
    agents: tuple[AgentSpec, ...] = ()


def layout_of(assembly: Assembly) -> Layout:
    """The centre of the synthesised templates. Raises AssemblyError where a name can't be resolved."""
    them = assembly.resources
    return Layout(
        tuple(_hours(them, it) for it in them.of_type("AWS::Connect::HoursOfOperation")),
        tuple(_queue(them, it) for it in them.of_type("AWS::Connect::Queue")),
        tuple(_profile(them, it) for it in them.of_type("AWS::Connect::RoutingProfile")),
        tuple(_agent(them, it) for it in them.of_type("AWS::Connect::User")),
    )


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    yield from (it for it in value if isinstance(it, Mapping)) if isinstance(value, list) else ()


def _moment(value: object) -> time:
    given = value if isinstance(value, Mapping) else {}
    return time(int(str(given.get("Hours", 0))) % 24, int(str(given.get("Minutes", 0))))


def _openings(value: object) -> tuple[Opening, ...]:
    return tuple(
        Opening(str(it["Day"]), _moment(it.get("StartTime")), _moment(it.get("EndTime"))) for it in _objects(value)
    )


def _hours(them: Resources, it: Resource) -> HoursSpec:
    exceptions = tuple(
        Holiday(
            str(one.get("OverrideName", "")),
            date.fromisoformat(str(one["EffectiveFrom"])),
            date.fromisoformat(str(one["EffectiveTill"])),
            _openings(one.get("OverrideConfig")),
        )
        for one in _objects(them.resolved(it, "HoursOfOperationOverrides", []))
    )
    name, zone = str(them.resolved(it, "Name", it.id)), str(them.resolved(it, "TimeZone", "UTC"))
    return HoursSpec(them.ref(it), name, zone, _openings(them.resolved(it, "Config", [])), exceptions)


def _queue(them: Resources, it: Resource) -> QueueSpec:
    most = them.resolved(it, "MaxContacts")
    outbound = them.resolved(it, "OutboundCallerConfig", {})
    return QueueSpec(
        them.ref(it),
        str(them.resolved(it, "Name", it.id)),
        str(them.resolved(it, "HoursOfOperationArn", "")),
        None if most is None else int(most),
        str(outbound.get("OutboundFlowArn", "")),
    )


def _profile(them: Resources, it: Resource) -> ProfileSpec:
    queues = []
    for one in _objects(them.resolved(it, "QueueConfigs", [])):
        reference = one.get("QueueReference")
        if isinstance(reference, Mapping):
            queue, channel = str(reference.get("QueueArn", "")), str(reference.get("Channel", "VOICE"))
            delay = float(str(one.get("Delay", 0)))
            queues.append(Routed(queue, channel, int(str(one.get("Priority", 1))), delay))
    slots = {
        str(one["Channel"]): int(str(one["Concurrency"]))
        for one in _objects(them.resolved(it, "MediaConcurrencies", []))
    }
    return ProfileSpec(them.ref(it), str(them.resolved(it, "Name", it.id)), tuple(queues), slots)


def _agent(them: Resources, it: Resource) -> AgentSpec:
    return AgentSpec(
        them.ref(it), str(them.resolved(it, "Username", it.id)), str(them.resolved(it, "RoutingProfileArn", ""))
    )

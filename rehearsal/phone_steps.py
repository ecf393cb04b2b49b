"""What only a telephone has in rehearsal files: calls, the contact centre around them, and what its people see.

Keys of a step, besides those of every step:

    at: monday 10:00            # it becomes the next such moment, by the contact centre's hours
    holiday: true               # today is one
    agents: [morgan]             # who is signed in from here on; [] for nobody
    waiting: {everyday: 20}     # so many others wait in that queue
    breaks: {contact_data: slow}  # a function, or lex, from here on: fails, slow (its answer comes too late) or
                                # throttled (the first attempts are refused); {} for nothing any more
    dials: true                 # a new call, with nothing keyed yet; `withheld` for one that hides its number
    chats: true                 # a new chat with the contact centre
    hangs_up: true
    agent: accepts              # or holds, resumes, ends, completes, or {says: words}, {transfers: queue},
                                # {saves: {code: resolved, note: words, follow_up: "true"}}
    calls_back: answered        # the agent takes the call that was promised; or `unanswered`
    passes: [hand-over/say closed, offer later]  # blocks that the contact came by, in this order, others between
    whispers: words             # what the agent heard before they were joined
    screen: {assurance: verified}   # what stands on the agent's screen, among other words
    recorded: false             # whether the call is recorded now
    phase: queued               # where the contact is: flow, queued, talking, held or over
    alerts: 1                   # falls of sentiment that the supervisor was told of in this contact
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from rehearsal.caller import Caller
from rehearsal.connect.agents import AVAILABLE, OFFLINE, Slot
from rehearsal.connect.events import Connected, Entered, Event, Party, Screen, Spoke, Whispered
from rehearsal.connect.faults import KINDS
from rehearsal.telephone import Telephone
from rehearsal.told import Told
from rehearsal.world import World

KEYS: Final = frozenset(
    {
        "at", "holiday", "agents", "waiting", "breaks", "dials", "chats", "hangs_up", "agent", "calls_back", "passes",
        "whispers", "screen", "recorded", "phase", "alerts",
    }
)  # fmt: skip
ACTS: Final = ("accepts", "holds", "resumes", "ends", "completes")
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AT: Final = re.compile(rf"({'|'.join(_DAYS)}) (\d\d):(\d\d)")


class NotThere(AssertionError):
    """The contact centre is otherwise than the file says."""


def prepare(world: World, wanted: Mapping[str, Any]) -> None:
    """The centre as it is before anybody says anything."""
    line = _line(world)
    if "at" in wanted:
        world.clock.pass_(_until(str(wanted["at"]), line.centre.zone(), line.centre.now()))
        line.centre.advance()
    if wanted.get("holiday"):
        line.centre.holiday(datetime.fromtimestamp(line.centre.now(), line.centre.zone()).date())
    if "agents" in wanted:
        strange = set(wanted["agents"]) - {one.username for one in line.agents}
        if strange:
            raise NotThere(f"`agents` takes {', '.join(one.username for one in line.agents)}, not {strange}")
        for one in line.agents:
            line.centre.status(one.username, AVAILABLE if one.username in wanted["agents"] else OFFLINE)
    for queue, count in wanted.get("waiting", {}).items():
        line.centre.crowd(line.centre.queue_named(queue), int(count))
    if "breaks" in wanted:
        unknown = set(wanted["breaks"].values()) - set(KINDS)
        if unknown:
            raise NotThere(f"`breaks` takes {', '.join(KINDS)}, not {', '.join(unknown)}")
        line.faults.heal()
        line.faults.broken.update(wanted["breaks"])


def act(world: World, caller: Caller, wanted: Mapping[str, Any]) -> Told | None:
    """What the caller or the agent does; what the customer heard of it."""
    told: Told | None = None
    if "dials" in wanted:
        told = caller.dial(withheld=wanted["dials"] == "withheld")
    if wanted.get("chats"):
        told = caller.dial(channel="CHAT")
    if wanted.get("hangs_up"):
        caller.leave()
    if "agent" in wanted:
        told = caller.heard(_agent(world, caller.contact, wanted["agent"]))
    if "calls_back" in wanted:
        told = _called_back(world, caller, str(wanted["calls_back"]))
    return told


def check(world: World, contact: str, since: int, wanted: Mapping[str, Any]) -> None:
    """Raises NotThere where anything is otherwise; `since` counts the contact's events before the step."""
    centre = _line(world).centre
    events, data = centre.events(contact), centre.contact(contact).data
    fresh = events[since:]
    passed = iter([f"{it.flow}/{it.action}" for it in fresh if isinstance(it, Entered)])
    for place in wanted.get("passes", ()):
        if not any(one.endswith((f"-{place}", f"/{place}")) for one in passed):
            told = [f"{it.flow}/{it.action}" for it in fresh if isinstance(it, Entered)]
            raise NotThere(f"the call did not pass {place}, or not in this order: {', '.join(told)}")
    if "whispers" in wanted:
        heard = [it.content for it in events if isinstance(it, Whispered | Spoke) and it.to is Party.AGENT]
        if not any(str(wanted["whispers"]) in one for one in heard):
            raise NotThere(f"{wanted['whispers']!r} was not whispered; heard was {heard}")
    if "screen" in wanted:
        _check_screen(events, wanted["screen"])
    if "recorded" in wanted and data.automated_recorded is not bool(wanted["recorded"]):
        raise NotThere(f"recorded: {data.automated_recorded}, not {wanted['recorded']}")
    if "phase" in wanted and centre.contact(contact).phase.value != wanted["phase"]:
        raise NotThere(f"the contact is {centre.contact(contact).phase.value}, not {wanted['phase']}")
    if "alerts" in wanted:
        alerts = [it for it in centre.view().alerts if it.contact == contact]
        if len(alerts) != wanted["alerts"]:
            raise NotThere(f"{len(alerts)} alerts, not {wanted['alerts']}: {centre.heard(contact)}")


def leave(world: World) -> None:
    """The centre as it was found: nobody waits, nobody is signed in, nothing is broken."""
    line = world.line
    if line is None:
        return
    line.faults.heal()
    line.network.outcomes.clear()
    line.centre.close()


def _line(world: World) -> Telephone:
    if world.line is None:
        raise NotThere("the templates have no contact centre")
    return world.line


def _until(moment: str, zone: ZoneInfo, now: float) -> float:
    """Seconds until the next such moment."""
    found = _AT.fullmatch(moment)
    if found is None:
        raise NotThere(f"`at` is a day and a time like `monday 10:00`, not {moment!r}")
    here = datetime.fromtimestamp(now, zone)
    then = here.replace(hour=int(found[2]), minute=int(found[3]), second=0, microsecond=0)
    while then <= here or _DAYS[then.weekday()] != found[1]:
        then += timedelta(days=1)
    return then.timestamp() - now


def _agent(world: World, contact: str, does: object) -> list[Event]:
    """An act at the desk where the contact is."""
    centre = _line(world).centre
    who = _at_desk(world, contact, offered=does == "accepts")
    match does:
        case "accepts":
            return list(centre.accept(who, contact))
        case "holds":
            return list(centre.hold(who, contact))
        case "resumes":
            return list(centre.resume(who, contact))
        case "ends":
            return list(centre.end(who, contact))
        case "completes":
            centre.complete(who, contact)
            return []
        case {"says": words}:
            return list(centre.say(who, contact, str(words)))
        case {"transfers": queue}:
            return list(centre.transfer(who, contact, queue=centre.queue_named(str(queue))))
        case {"saves": given}:
            return list(centre.answer_view(who, contact, "Save", {k: str(v) for k, v in given.items()}))
    raise NotThere(f"`agent` takes {', '.join(ACTS)}, says, transfers or saves, not {does!r}")


def _at_desk(world: World, contact: str, *, offered: bool) -> str:
    """Whose desk the contact is at: where it rings, or where it is talked to or was last."""
    states = {it.username: it.contacts[contact] for it in _line(world).centre.view().agents if contact in it.contacts}
    wanted = (Slot.OFFERED,) if offered else (Slot.CONNECTED, Slot.HELD, Slot.AFTER)
    for state in wanted:
        found = [name for name, one in states.items() if one is state]
        if found:
            return found[-1]
    phase = _line(world).centre.contact(contact).phase.value
    raise NotThere(f"the contact is at nobody's desk for that: it is {phase}, {dict(states)}")


def _called_back(world: World, caller: Caller, outcome: str) -> Told | None:
    """Whoever is free takes the call back that waits; the caller's telephone rings."""
    line = _line(world)
    if caller.person is None:
        raise NotThere("nobody is called back who has no number")
    line.answers(caller.person.phone, outcome)
    for contact, who in _ringing(world):
        data = line.centre.contact(contact).data
        if data.initiation == "CALLBACK" and data.customer == caller.person.phone:
            events = line.centre.accept(who, contact)
            if outcome == "answered":
                caller.contact = contact
                if not any(isinstance(it, Connected) for it in events):
                    raise NotThere("the call back did not reach the customer")
                return caller.heard(events)
            return None
    view = line.centre.view()
    raise NotThere(f"no call back rings at anybody's desk: {view.agents}, {view.callbacks}, {view.contacts}")


def _ringing(world: World) -> Iterator[tuple[str, str]]:
    for agent in _line(world).centre.view().agents:
        for contact, state in agent.contacts.items():
            if state is Slot.OFFERED:
                yield contact, agent.username


def _check_screen(events: list[Event], wanted: Mapping[str, Any]) -> None:
    shown = [it for it in events if isinstance(it, Screen) and it.to is Party.AGENT and "Save" not in it.actions]
    if not shown:
        raise NotThere("the agent was shown no screen")
    for name, words in wanted.items():
        for one in words if isinstance(words, list) else [words]:
            if str(one) not in str(shown[-1].data.get(name, "")):
                raise NotThere(f"{one!r} is not on the agent's screen under {name}: {dict(shown[-1].data)}")

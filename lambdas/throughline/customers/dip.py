"""The data dip: what a channel or an agent may see of a customer, from one read, at one assurance.

A telephone flow asks for it before it speaks, an agent's screen when a contact arrives. What the assurance
doesn't allow is absent, never empty or masked, so that nobody can tell what is missing (`SEEN`):

| what | at least |
|---|---|
| customer, assurance, provable, person | anonymous |
| known, doing (which tasks), pending (that something is), locale, time zone | claimed |
| name, preferred channel, consents, public traits, contacts, codes_to | linked |
| why and since when a person has it, which task is pending, when each task was worked on | linked |
| a task's slots | linked, and the task's own assurance |
| other traits | verified |

Secrets are in none of it: no slot that a model calls sensitive is ever kept, and one that it calls so only
since is left out here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from throughline.customers.assurance import CODES_GO_TO, reachable
from throughline.customers.profile import view
from throughline.customers.store import Link, Stored
from throughline.dialogue.model import Limits, Model
from throughline.dialogue.state import Frame, State, decode
from throughline.turn import Assurance, Provable

MOST_BYTES: Final = 32 * 1024
"""Of `Dip.attributes`: what Amazon Connect takes from a Lambda function, and as a contact's attributes
(Amazon Connect Administrator Guide, "Invoke AWS Lambda functions" and "Service quotas")."""
MOST_CONTACTS: Final = 5
"""How many of the last contacts are told."""

SEEN: Final[Mapping[str, Assurance]] = MappingProxyType(
    {
        "customer": Assurance.ANONYMOUS,
        "assurance": Assurance.ANONYMOUS,
        "provable": Assurance.ANONYMOUS,
        "person": Assurance.ANONYMOUS,
        "known": Assurance.CLAIMED,
        "doing": Assurance.CLAIMED,
        "pending": Assurance.CLAIMED,
        "person_reason": Assurance.LINKED,
        "person_since": Assurance.LINKED,
        "pending_intent": Assurance.LINKED,
        "task_times": Assurance.LINKED,
        "slots": Assurance.LINKED,
        "contacts": Assurance.LINKED,
        "codes_to": Assurance.LINKED,
    }
)
"""The assurance from which on each part is there; the profile's own table is `customers.profile.LEAST`."""

_NO_FACTS: Final[Mapping[str, str]] = MappingProxyType({})
_FLOW_FACTS: Final = ("locale", "time_zone", "name", "preferred_channel")
_LEAST_IN_A_FLOW: Final = {"time_zone": Assurance.LINKED}
_CUT: Final = "cut"


@dataclass(frozen=True, slots=True)
class Doing:
    """A task that the customer has not finished."""

    intent: str
    """Its name in the model."""
    label: str
    """What it is called, in the customer's locale; the intent's name if no model was given."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Canonical values, where they may be seen; never a secret."""
    touched_at: float | None = None
    """When it was last worked on (epoch seconds), where that may be seen."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One of the last times that the customer came."""

    channel: str
    """The channel's name where the turn's record tells it, else the kind of address; "guest" if it has none."""
    at: float
    """Epoch seconds."""
    seconds_ago: int
    """How long before the dip."""


@dataclass(frozen=True, slots=True)
class Dip:
    """What may be seen; None or empty where the assurance doesn't allow it, or where there is nothing."""

    customer: str
    """The customer's pseudonymous id."""
    assurance: Assurance
    """At which all of this was looked up."""
    provable: Provable
    """How they could prove more."""
    with_person: bool
    """Whether a person has the conversation."""
    known: bool | None = None
    """Whether an address was ever proved to be this customer's."""
    pending: bool | None = None
    """Whether something was set off whose outcome isn't known yet."""
    pending_intent: str = ""
    """The task that it belongs to."""
    person_reason: str = ""
    """Why a person has it: asked, misses, refused, failed, silence, assurance."""
    person_since: float | None = None
    """Since when, in epoch seconds."""
    profile: Mapping[str, str] = field(default_factory=dict)
    """Facts by path, as `customers.profile.view` gives them."""
    doing: tuple[Doing, ...] = ()
    """Unfinished tasks, the latest first."""
    contacts: tuple[Contact, ...] = ()
    """The last contacts, the latest first."""
    codes_to: tuple[str, ...] = ()
    """Kinds of address that a code could be sent to."""

    def as_json(self) -> str:
        """All that is there, as compact JSON; what isn't there has no key."""
        parts: dict[str, Any] = {
            "customer": self.customer,
            "assurance": self.assurance.name.lower(),
            "provable": self.provable.value,
            "person": self.with_person,
            "known": self.known,
            "pending": self.pending,
            "pending_intent": self.pending_intent,
            "person_reason": self.person_reason,
            "person_since": self.person_since,
            "profile": dict(self.profile),
            "doing": [_doing_out(one) for one in self.doing],
            "contacts": [{"channel": c.channel, "at": c.at, "seconds_ago": c.seconds_ago} for c in self.contacts],
            "codes_to": list(self.codes_to),
        }
        kept = {name: part for name, part in parts.items() if part or part is False}
        return json.dumps(kept, separators=(",", ":"), ensure_ascii=False)

    def attributes(self) -> Mapping[str, str]:
        """For a contact flow: text by names of letters, digits and underscores, at most MOST_BYTES together.

        No slot, no trait, no contact, and no personal value below LINKED. `cut` is "true" if consents had to be
        left out to keep the bound.
        """
        found = {
            "customer": self.customer,
            "assurance": self.assurance.name.lower(),
            "provable": self.provable.value,
            "person": _yes(self.with_person),
        }
        if self.known is not None:
            found["known"] = _yes(self.known)
        if self.pending is not None:
            found["pending"] = _yes(self.pending)
        if self.person_reason:
            found["person_reason"] = self.person_reason
        if self.doing:
            found |= {"doing": self.doing[0].intent, "doing_label": self.doing[0].label}
        for path in _FLOW_FACTS:
            if path in self.profile and self.assurance >= _LEAST_IN_A_FLOW.get(path, Assurance.CLAIMED):
                found[path] = self.profile[path]
        size = sum(_size(name, value) for name, value in found.items()) + _size(_CUT, _yes(True))
        for path in sorted(path for path in self.profile if path.startswith("consent.")):
            name, value = path.replace(".", "_"), self.profile[path]
            size += _size(name, value)
            if size > MOST_BYTES:
                return {**found, _CUT: _yes(True)}
            found[name] = value
        return found


def dip(
    stored: Stored,
    *,
    assurance: Assurance,
    now: float,
    model: Model | None = None,
    steps_up: bool = True,
    reaches: Collection[str] = CODES_GO_TO,
) -> Dip:
    """What may be seen of `stored` at `assurance`; `now` in epoch seconds. Reads nothing further.

    `model` gives the tasks their names, limits and assurance: without it they go by their intents' names and
    without their slots, since only the model knows what each is worth. `steps_up` and `reaches` are as for
    `customers.assurance.provable`: whether more can be proved where this is asked, and where codes can go.
    """

    def seen(part: str) -> bool:
        return assurance >= SEEN[part]

    limits = model.limits if model is not None else Limits()
    state = decode(stored.state)
    profile = view(stored.profile, assurance)
    links = stored.links.values()
    goes_to = sorted({link.kind for link in links if reachable(link, reaches, now, limits)})
    person = state.person
    if person is not None and now - person.since > limits.person_hours * 3600:
        person = None
    return Dip(
        customer=stored.customer,
        assurance=assurance,
        provable=_provable(assurance, steps_up and bool(reaches), bool(goes_to)),
        with_person=person is not None,
        known=_proved(links) if seen("known") else None,
        pending=state.pending is not None if seen("pending") else None,
        pending_intent=state.pending.frame.intent if state.pending and seen("pending_intent") else "",
        person_reason=person.reason if person and seen("person_reason") else "",
        person_since=person.since if person and seen("person_since") else None,
        profile=profile,
        doing=_doing(state, assurance, now, model, limits, profile.get("locale", "")) if seen("doing") else (),
        contacts=_contacts(stored, state, now) if seen("contacts") else (),
        codes_to=tuple(goes_to) if seen("codes_to") else (),
    )


def _proved(links: Collection[Link]) -> bool:
    return any(link.assurance > Assurance.CLAIMED and not link.closed for link in links)


def _provable(assurance: Assurance, possible: bool, somewhere: bool) -> Provable:
    if not possible or assurance is Assurance.VERIFIED:
        return Provable.NO
    if somewhere:
        return Provable.CODE
    return Provable.NO if assurance > Assurance.CLAIMED else Provable.IDENTIFY


def _doing(
    state: State, assurance: Assurance, now: float, model: Model | None, limits: Limits, locale: str
) -> tuple[Doing, ...]:
    oldest = now - limits.resume_hours * 3600
    open_still = [frame for frame in reversed(state.frames) if frame.touched_at > oldest]
    touched = assurance >= SEEN["task_times"]
    return tuple(
        Doing(
            frame.intent,
            _label(frame, model, locale),
            _slots(frame, model) if assurance >= max(SEEN["slots"], _worth(frame, model)) else _NO_FACTS,
            frame.touched_at if touched else None,
        )
        for frame in open_still
    )


def _label(frame: Frame, model: Model | None, locale: str) -> str:
    intent = model.intent(frame.intent) if model is not None else None
    if model is None or intent is None:
        return frame.intent
    labels = model.words(locale or model.default_locale).labels
    return labels.get(f"{intent.name}.doing") or labels.get(intent.name) or intent.name


def _worth(frame: Frame, model: Model | None) -> Assurance:
    intent = model.intent(frame.intent) if model is not None else None
    return intent.assurance if intent is not None else Assurance.VERIFIED


def _slots(frame: Frame, model: Model | None) -> Mapping[str, str]:
    intent = model.intent(frame.intent) if model is not None else None
    if intent is None:
        return _NO_FACTS
    plain = {slot.name for slot in intent.slots if not slot.sensitive}
    return {name: value for name, value in frame.slots.items() if name in plain}


def _contacts(stored: Stored, state: State, now: float) -> tuple[Contact, ...]:
    """The latest moment of each session that the conversation still tells of."""
    latest: dict[tuple[str, str], tuple[float, str]] = {}
    told = _last_turn(stored.turn)
    moments = [(a.link, a.session, a.at, "") for a in state.recent]
    moments += [(f.link, f.session, f.touched_at, "") for f in state.frames]
    for link, session, at, channel in [*moments, *told]:
        held = stored.links.get(link)
        if held is None or at <= 0:
            continue
        before_at, before_name = latest.get((link, session), (0.0, ""))
        name = channel or before_name or held.kind or "guest"
        latest[link, session] = (max(at, before_at), name)
    newest = sorted(latest.values(), reverse=True)[:MOST_CONTACTS]
    return tuple(Contact(channel, at, max(0, round(now - at))) for at, channel in newest)


def _last_turn(record: str) -> list[tuple[str, str, float, str]]:
    """Link, session, time and channel of the last turn's record, if it can be read."""
    try:
        data = json.loads(record or "null")
        return [(str(data["link"]), str(data["session"]), float(data["at"]), str(data["channel"]))]
    except (ValueError, TypeError, KeyError):
        return []


def _doing_out(one: Doing) -> dict[str, Any]:
    parts = {"intent": one.intent, "label": one.label, "slots": dict(one.slots), "touched_at": one.touched_at}
    return {name: part for name, part in parts.items() if part}


def _yes(flag: bool) -> str:
    return "true" if flag else "false"


def _size(name: str, value: str) -> int:
    """Bytes as JSON, quotes, colon and comma included; what JSON escapes counts for more."""
    return len(json.dumps([name, value], separators=(",", ":")))

"""What the page's telephone, the agents' desks and the supervisor ask: the contact centre as plain JSON.

It keeps what the centre itself doesn't: what each customer did, in its place among the contact's events; which contact
is on whose phone; and calls back that ring there until somebody answers.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from threading import RLock
from typing import Any, Final

from rehearsal.assembly import Assembly
from rehearsal.connect.agents import Slot
from rehearsal.connect.centre import Centre
from rehearsal.connect.centre_views import CentreView
from rehearsal.connect.errors import NoSuchResource
from rehearsal.connect.events import AskedFor, CallbackAsked, Event, Left, Music, Screen
from rehearsal.connect.inputs import HangUp, Input, Keys, Said, Typed
from rehearsal.connect.interpreter import Contact
from rehearsal.connect.layout import layout_of
from rehearsal.connect.state import Phase
from rehearsal.flow_picture import names, pictures
from rehearsal.patience import PatientClock
from rehearsal.people import Person

MOST_CONTACTS: Final = 12
"""Contacts of which the page is told at once, the newest first: those at a desk and on the phone are among them."""
STEP: Final = 900
"""Seconds: hours begin on a quarter of an hour."""
LONGEST_CLOSED: Final = 14 * 86_400
"""Seconds for which opening is looked for."""
TURNS: Final = frozenset({"key", "keys", "words", "text"})
"""What a flow waits for that a customer gives."""
DIALLING: Final = 15.0
"""Seconds that a call back rings at the customer's: less than it rings at a desk, which waits for both."""
MOST_KEPT: Final = 40
"""Dispositions and alerts that are told."""


@dataclass(slots=True)
class _Log:
    """A contact's events, with what its customer did between them."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0
    """Of the centre's own events."""


class Switchboard:
    """Answers the page; safe for threads."""

    def __init__(
        self,
        centre: Centre,
        assembly: Assembly,
        clock: Callable[[], float],
        dial: Callable[[Person, str, bool], str],
        answers: Callable[[str, str], None],
        *,
        number: str,
        entry: str,
        patience: PatientClock | None = None,
        attach: Callable[[str], None] | None = None,
    ) -> None:
        """`dial(person, channel, withheld)` gives a new contact's id; `answers(number, outcome)` says how the next call
        to a number goes; `number` is the bank's own and `entry` the name of the flow that answers there. `patience` is
        the centre's clock, which stands still while somebody on the page is waited for; without it the centre's time
        is `clock`'s. `attach(contact)` sends a file from the desk into a chat that a text channel's customer is in.
        """
        self._centre, self._assembly, self._clock = centre, assembly, clock
        self._dial, self._answers, self._number, self._entry = dial, answers, number, entry
        self._patience, self._attach = patience, attach
        self._names = names(assembly)
        self._hours = layout_of(assembly).hours
        self._run = uuid.uuid4().hex
        self._logs: dict[str, _Log] = {}
        self._phones: dict[str, str] = {}
        self._ringing: dict[str, tuple[str, str, float]] = {}
        self._lock = RLock()

    # What is told

    def about(self) -> dict[str, Any]:
        """What doesn't change while the rehearsal runs."""
        from rehearsal.speech import speaks

        drawn = {name: asdict(picture) for name, picture in pictures(self._assembly).items()}
        return {
            "number": self._number,
            "entry": self._entry,
            "speaks": speaks(),
            "flows": drawn,
            "names": self._names,
            "codes": _codes(self._assembly),
        }

    def told(self, person: Person, agent: str, seen: Mapping[str, int]) -> dict[str, Any]:
        """All that the page shows; of each contact those events that come after the first `seen` ones."""
        with self._lock:
            view = self._centre.view()
            self._ring_out(view)
            self._be_patient()
            desk = self._desk(agent)
            mine = self._phones.get(person.name, "")
            wanted = dict.fromkeys(one for one in (mine, *(it["contact"] for it in desk)) if one)
            return {
                "run": self._run,
                "now": self._clock(),
                "mine": mine,
                "opens_in": self._opens_in(),
                "ringing": self._rings_for(person),
                "logs": {id: self._told(id, seen.get(id, 0)) for id in wanted},
                "desk": desk,
                "centre": {
                    "contacts": [
                        _plain(it)
                        | {"contact": it.id, "customer": self._customer(it.id), "queue": self._short(it.queue)}
                        for it in view.contacts
                    ][-MOST_CONTACTS:],
                    "queues": [_plain(it) | {"name": self._names.get(it.queue, it.name)} for it in view.queues],
                    "agents": [_plain(it) for it in view.agents],
                    "alerts": [_plain(it) | {"customer": self._customer(it.contact)} for it in view.alerts][
                        -MOST_KEPT:
                    ],
                    "callbacks": [
                        {"number": it.number, "queue": self._names.get(it.queue, it.queue)} for it in view.callbacks
                    ],
                    "dispositions": [_plain(it) for it in self._centre.dispositions()][-MOST_KEPT:],
                },
            }

    # What the customer does

    def dial(self, person: Person, channel: str, withheld: bool) -> str:
        """The person calls, or opens a chat; what was on their phone is hung up. The new contact."""
        with self._lock:
            before = self._phones.get(person.name)
            if before and self._centre.contact(before).phase is not Phase.OVER:
                self.do(before, HangUp())
            contact = self._phones[person.name] = self._dial(person, channel, withheld)
            self._gather(contact)
            self._be_patient()
            return contact

    def do(self, contact: str, given: Input) -> None:
        """The customer says, keys or types something, is silent, or hangs up."""
        with self._lock:
            self._centre.advance()
            log = self._gather(contact)
            match given:
                case Keys(words):
                    log.lines.append(self._did(log, words, "keys", secret=self._encrypts(log)))
                case Said(words):
                    log.lines.append(self._did(log, words, "words"))
                case Typed(words):
                    log.lines.append(self._did(log, words, "text"))
                case _:
                    pass
            try:
                self._centre.take(contact, given)
            finally:
                self._gather(contact)
                self._be_patient()

    def pick_up(self, person: Person, *, answers: bool) -> None:
        """A call back rings on the person's phone: it is answered, or not."""
        with self._lock:
            contact, agent, _ = self._ringing.pop(person.phone, ("", "", 0.0))
            if not contact:
                raise NoSuchResource("nobody is calling: it has stopped ringing")
            if answers:
                self._phones[person.name] = contact
            self._answers(person.phone, "answered" if answers else "unanswered")
            self._centre.accept(agent, contact)
            self._gather(contact)

    # What an agent does

    def act(self, agent: str, act: str, contact: str, more: Mapping[str, str]) -> None:
        """One act at a desk. Raises ValueError for an unknown one, and what the centre raises."""
        centre = self._centre
        with self._lock:
            match act:
                case "status":
                    centre.status(agent, more.get("status", ""))
                case "accept" if self._rings_at_home(contact):
                    self._ringing[centre.contact(contact).data.customer] = (contact, agent, self._clock())
                case "accept":
                    centre.accept(agent, contact)
                case "reject":
                    centre.reject(agent, contact)
                case "say":
                    centre.say(agent, contact, more.get("words", ""))
                case "hold":
                    centre.hold(agent, contact)
                case "resume":
                    centre.resume(agent, contact)
                case "transfer":
                    centre.transfer(agent, contact, queue=more.get("queue", ""))
                case "end":
                    centre.end(agent, contact)
                case "view":
                    centre.answer_view(agent, contact, more.get("action", ""), {})
                case "attach" if self._attach is not None:
                    self._attach(contact)
                case "complete":
                    self._put_down(agent, contact, more)
                case _:
                    raise ValueError(f"there is no act {act!r} at a desk")

    def _put_down(self, agent: str, contact: str, more: Mapping[str, str]) -> None:
        """The view that asks how it ended is answered, where the flow shows one; then the agent is free."""
        code, note = more.get("code", ""), more.get("note", "")
        waits = self._centre.contact(contact)
        if waits.screen_waiting is not None and "Save" in waits.branches(screen=True):
            given = {"code": code, "note": note, "follow_up": more.get("follow_up", "false")}
            self._centre.answer_view(agent, contact, "Save", given)
        self._centre.complete(agent, contact, code, note)

    # Inside

    def _rings_at_home(self, contact: str) -> bool:
        """Whether it is a call back to one of the people of the page, whose phone rings first."""
        data = self._centre.contact(contact).data
        return data.initiation == "CALLBACK" and data.customer not in self._ringing

    def _rings_for(self, person: Person) -> bool:
        return person.phone in self._ringing

    def _ring_out(self, view: CentreView) -> None:
        """Nobody has picked up in time, or the desk has let it go to another."""
        desks = {it.username: it.contacts for it in view.agents}
        for number, (contact, agent, since) in list(self._ringing.items()):
            if desks.get(agent, {}).get(contact) is not Slot.OFFERED:
                del self._ringing[number]
            elif self._clock() - since >= DIALLING:
                del self._ringing[number]
                self._answers(number, "unanswered")
                self._centre.accept(agent, contact)

    def _be_patient(self) -> None:
        """Let time stand still while somebody's turn it is who is at the page."""
        if self._patience is not None:
            self._patience.wait(any(self._is_waited_for(id) for id in self._phones.values()))

    def _is_waited_for(self, contact: str) -> bool:
        """Whether it is the customer's turn. Keys that were begun end by a pause, which takes time."""
        it, lines = self._centre.contact(contact), self._logs[contact].lines
        begun = bool(lines) and lines[-1].get("how") == "keys"
        return it.phase is Phase.FLOW and it.waiting is not None and it.waiting.kind in TURNS and not begun

    def _opens_in(self) -> float:
        """Seconds until the first of the centre's hours begins; 0 while one is open, or where there are none."""
        now = self._patience() if self._patience else self._clock()
        if not self._hours or any(it.open(now) for it in self._hours):
            return 0.0
        later = (math.ceil(now / STEP + step) * STEP for step in range(LONGEST_CLOSED // STEP))
        return next((at - now for at in later if any(it.open(at) for it in self._hours)), 0.0)

    def _desk(self, agent: str) -> list[dict[str, Any]]:
        found = next((it for it in self._centre.view().agents if it.username == agent), None)
        if found is None:
            return []
        dialled = {contact for contact, _, _ in self._ringing.values()}
        told = []
        for id, state in found.contacts.items():
            contact = self._centre.contact(id)
            told.append(
                {
                    "contact": id,
                    "channel": contact.data.channel,
                    "state": state.value,
                    "since": self._since(contact),
                    "customer": contact.data.customer,
                    "queue": self._short(contact.data.queue_name),
                    "callback": contact.data.initiation == "CALLBACK",
                    "relayed": "relay" in contact.data.attributes,
                    "dialling": id in dialled and state is Slot.OFFERED,
                    "screen": self._screen(id),
                }
            )
        return told

    def _since(self, contact: Contact) -> float:
        log = self._logs.get(contact.data.id)
        return float(log.lines[0]["at"]) if log and log.lines else self._clock()

    def _screen(self, contact: str) -> dict[str, Any] | None:
        """What the newest view with data of the customer shows to the agent."""
        for event in reversed(self._centre.events(contact)):
            if isinstance(event, Screen) and event.to.value == "agent" and "Save" not in event.actions:
                return dict(event.data)
        return None

    def _told(self, id: str, since: int) -> dict[str, Any]:
        log, contact = self._gather(id), self._centre.contact(id)
        data, events = contact.data, self._centre.events(id)
        agent = data.agent.username if data.agent else ""
        return {
            "contact": id,
            "channel": data.channel,
            "phase": contact.phase.value,
            "customer": data.customer,
            "initiation": data.initiation,
            "queue": self._short(data.queue_name),
            "position": self._centre.position(id),
            "agent": agent,
            "began": float(log.lines[0]["at"]) if log.lines else self._clock(),
            "music": contact.phase is Phase.HELD or (contact.phase is Phase.QUEUED and _plays(events)),
            "callback": any(isinstance(event, CallbackAsked) for event in events),
            "from": min(since, len(log.lines)),
            "events": log.lines[since:],
        }

    def _gather(self, contact: str) -> _Log:
        """The contact's log, with the centre's newest events."""
        log = self._logs.setdefault(contact, _Log())
        new = self._centre.events(contact, log.seen)
        log.seen += len(new)
        now = self._clock()
        log.lines += [{"is": type(event).__name__, "at": now, **_plain(event)} for event in new]
        return log

    def _did(self, log: _Log, words: str, how: str, *, secret: bool = False) -> dict[str, Any]:
        shown = "•" * len(words) if secret else words
        return {"is": "Did", "at": self._clock(), "words": shown, "how": how, "secret": secret}

    def _encrypts(self, log: _Log) -> bool:
        """Whether the contact waits for keys that nobody may see."""
        last = next((it for it in reversed(log.lines) if it["is"] in (AskedFor.__name__, Left.__name__)), None)
        return bool(last and last.get("encrypted"))

    def _customer(self, contact: str) -> str:
        return self._centre.contact(contact).data.customer

    def _short(self, queue: str) -> str:
        """A queue's name without the deployment's."""
        return next((name for arn, name in self._names.items() if arn and queue.endswith(f"-{name.lower()}")), queue)


def _plays(events: Sequence[Event]) -> bool:
    return any(isinstance(event, Music) for event in events)


def _plain(value: Any) -> dict[str, Any]:
    """A frozen value as JSON."""
    told = asdict(value)
    return {name: dict(one) if isinstance(one, Mapping) else one for name, one in told.items()}


def _codes(assembly: Assembly) -> list[dict[str, str]]:
    """The outcomes that the disposition's view offers."""
    for view in assembly.resources.of_type("AWS::Connect::View"):
        found = _options(assembly.resources.resolved(view, "Template"))
        if found:
            return found
    return []


def _options(part: object) -> list[dict[str, str]]:
    """The options of the dropdown `code`, wherever in a view's template it stands."""
    if isinstance(part, Mapping):
        if part.get("Name") == "code" and isinstance(part.get("Options"), list):
            return [{"label": str(it["Label"]), "value": str(it["Value"])} for it in part["Options"]]
        part = list(part.values())
    if isinstance(part, list):
        return next((found for one in part if (found := _options(one))), [])
    return []

"""Where a conversation stands: what the customer is in the middle of, on no channel in particular.

Frozen; the engine makes a new one each turn. `encode` and `decode` are its form at rest: compact JSON
with nothing sensitive in it. An unreadable or newer state decodes to what of it can be understood.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from throughline.reply import Awaits, Choice, Handover, Line, Param, Reply, Typed
from throughline.turn import Assurance

KEPT_SECONDS = 600
"""How long a turn's reply is kept for repeats of its id."""
KEPT_TURNS = 120
"""The most replies kept, so that a burst can't fill the item."""

_Read = TypeVar("_Read")

NONE: Mapping[str, str] = MappingProxyType({})


class Asked(StrEnum):
    """What kind of question is open."""

    SLOT = "slot"
    CONFIRM = "confirm"
    CHANGE = "change"
    """What to change after a confirmation was declined."""
    WHICH_SLOT = "which_slot"
    WHICH_INTENT = "which_intent"
    RESUME = "resume"
    MORE = "more"
    """Anything else?"""
    PROVE = "prove"
    """Whether to prove who they are, so that what was left elsewhere can go on."""
    NEW_CODE = "new_code"
    """Whether to send another code, once one is used up."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things a question offers."""

    intent: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Values that come with it: heard before the question was asked."""
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the customer was asked and has not answered."""

    id: str
    """Ends in ":" and the secret's kind where a secret was asked for, so that even a late answer is masked."""
    asked: Asked
    session: str
    """Where it was asked: elsewhere, a yes is not an answer to it."""
    at: float
    frame: str = ""
    slot: str = ""
    shown: str = ""
    """Digest of the very values that a confirmation showed."""
    options: tuple[Option, ...] = ()
    link: str = ""
    """The link that it was asked through."""

    @property
    def secret(self) -> str:
        """The kind of secret asked for, or empty."""
        return secret_in(self.id)


def secret_in(question_id: str) -> str:
    """The kind of secret that a question's id announces, or empty."""
    return question_id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Frame:
    """One task in progress."""

    id: str
    intent: str
    opened_at: float
    touched_at: float
    session: str
    """The channel session that last worked on it."""
    link: str
    """The link to the customer that it came through."""
    model: str
    """The model's version that it was last checked against."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Canonical values in the order they were given."""
    misses: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Slot (or "confirm") to its misses in a row: not understood, silent."""
    confirmed: str = ""
    """Digest of the values the customer said yes to."""
    offered: str = ""
    """The session in which going on was last offered, since it was last worked on; after a "-" if it was declined."""
    through: Mapping[str, str] = field(default_factory=dict)
    """Slot to the link that its value came through, where that is not the task's own."""
    begun: str = ""
    """Digest of the values that the task's first action ran with; empty if it has none or has not run."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An irreversible action that was announced and whose outcome is not written yet."""

    frame: Frame
    action: str
    key: str
    turn: str
    """The turn that set it off."""
    at: float
    told: bool = False
    """The customer has heard that the outcome is not known."""
    customer: str = ""
    """The customer whom the back end was called for, where links have moved since; empty if it is this one."""


ONCE = "once"
"""Kind of a parameter that is told and never kept, such as a link that opens something for some minutes."""
compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode
"""Data as JSON text, as small as can be."""


class Answered(str):
    """A turn's reply, kept for repeats of the turn: its time, the turn's id, its session, its link and the reply.

    It stays the text that it is at rest: nearly all are never looked into.
    """

    __slots__ = ()

    @classmethod
    def of(cls, turn: str, at: float, session: str, link: str, reply: Reply) -> Answered:
        """Keep `reply` under the turn's id. In JSON text no tab and no line's end stands as itself."""
        return cls(f"{at!r}\t{compact(turn)}\t{compact(session)}\t{compact(link)}\t{compact(reply_out(reply))}")

    @property
    def at(self) -> float:
        """When it was answered; 0 if the line can't be read."""
        try:
            return float(self.partition("\t")[0])
        except ValueError:
            return 0.0

    @property
    def turn(self) -> str:
        """The turn's id; "" if the line can't be read."""
        return str(_tolerant(json.loads, self._part(1)) or "")

    @property
    def session(self) -> str:
        """The turn's session; "" if the line can't be read."""
        return str(_tolerant(json.loads, self._part(2)) or "")

    @property
    def link(self) -> str:
        """The link that the turn came through; "" if the line can't be read."""
        return str(_tolerant(json.loads, self._part(3)) or "")

    @property
    def told(self) -> str:
        """The reply as `reply_out` gives it, as JSON text; "null" if the line can't be read."""
        return self._part(4)

    @property
    def reply(self) -> Reply | None:
        """The reply; None if it can't be read."""
        return _tolerant(reply_in, _tolerant(json.loads, self.told))

    def _part(self, number: int) -> str:
        parts = self.split("\t", 4)
        return parts[number] if len(parts) == 5 else "null"


def answered(state: State, turn: str) -> Answered | None:
    """The kept reply to the turn with that id, if there is one."""
    text = f"\t{compact(turn)}\t"
    return next((a for a in state.recent if text in a and a.turn == turn), None)


@dataclass(frozen=True, slots=True)
class WithPerson:
    """A person has taken over."""

    since: float
    session: str
    reason: str
    link: str = ""
    """The link that was handed over."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody proved to be this customer: through one link, in one session, for some minutes."""

    link: str
    session: str
    at: float
    """Epoch seconds; it ages (`Limits.verified_minutes`)."""
    how: str
    """What proved it: "code", "login", "pin"."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who comes by a shared address proved to be somebody in this session: their conversation is elsewhere."""

    session: str
    customer: str
    link: str
    """Of that customer."""
    epoch: int
    at: float


@dataclass(frozen=True, slots=True)
class State:
    """A customer's conversation."""

    sequence: int = 0
    """Counts decided turns; ids and variations are made from it."""
    frames: tuple[Frame, ...] = ()
    """Tasks in progress; the last one is being worked on."""
    question: Question | None = None
    pending: Pending | None = None
    person: WithPerson | None = None
    recent: tuple[Answered, ...] = ()
    """Oldest first."""
    misses: tuple[int, int] = (0, 0)
    """Misses in a row outside any task: not understood, silent."""
    last_at: float = 0.0
    proofs: tuple[Proof, ...] = ()
    """Oldest first; at most one for a link and session."""
    acting: tuple[Acting, ...] = ()
    """Only of an address that several people share."""


def encode(state: State) -> str:
    """The state as text: a line of compact JSON without its defaults, then a line for each reply that is kept."""
    return "\n".join((compact(_state_out(state)), *state.recent))


def decode(text: str) -> State:
    """The state from its text; "" is a new one.

    What can't be read (a newer code's kind of question, a damaged frame) is left out, never an error:
    a customer who can't resume is better off than one who can't talk.
    """
    if not text:
        return State()
    head, *lines = text.split("\n")
    try:
        data = json.loads(head)
    except ValueError:
        data = None
    return _state_in(data if isinstance(data, dict) else {}, tuple(map(Answered, lines)))


def _drop_empty(**items: Any) -> dict[str, Any]:
    return {k: v for k, v in items.items() if v or v is True}


def _state_out(s: State) -> dict[str, Any]:
    return _drop_empty(
        n=s.sequence,
        f=[_frame_out(f) for f in s.frames],
        q=s.question and _question_out(s.question),
        p=s.pending and _pending_out(s.pending),
        h=s.person and [s.person.since, s.person.session, s.person.reason, s.person.link],
        m=list(s.misses) if any(s.misses) else None,
        t=s.last_at,
        pr=[[p.link, p.session, p.at, p.how] for p in s.proofs],
        ac=[[a.session, a.customer, a.link, a.epoch, a.at] for a in s.acting],
    )


def _frame_out(f: Frame) -> dict[str, Any]:
    return _drop_empty(
        id=f.id, i=f.intent, o=f.opened_at, t=f.touched_at, se=f.session, l=f.link, v=f.model, s=dict(f.slots),
        m={k: list(v) for k, v in f.misses.items()}, c=f.confirmed, of=f.offered, th=dict(f.through), b=f.begun,
    )  # fmt: skip


def _question_out(q: Question) -> dict[str, Any]:
    return _drop_empty(
        id=q.id, k=q.asked.value, se=q.session, t=q.at, f=q.frame, s=q.slot, h=q.shown, l=q.link,
        o=[_drop_empty(i=o.intent, v=dict(o.slots), s=o.slot) for o in q.options],
    )  # fmt: skip


def _pending_out(p: Pending) -> dict[str, Any]:
    return _drop_empty(f=_frame_out(p.frame), a=p.action, k=p.key, u=p.turn, t=p.at, x=p.told, w=p.customer)


def reply_out(r: Reply) -> dict[str, Any]:
    """A reply's JSON: prompt ids and masked parameters, no words."""
    return _drop_empty(
        l=[_line_out(line) for line in r.lines], a=r.awaits.value, q=r.question, i=r.intent, s=r.slot,
        v=dict(r.slots), c=_choices_out(r.choices),
        h=r.handover and [r.handover.reason, r.handover.intent, r.handover.callback], y=r.relayed,
        n=int(r.needs), u=None if r.step_up is None else int(r.step_up),
        p=r.reprompt and _reprompt_out(r.reprompt, r),
    )  # fmt: skip


def _choices_out(choices: tuple[Choice, ...]) -> dict[str, Any] | list[Any]:
    """Values of one slot in one piece, a menu by its intents' names: they are most of what a reply weighs."""
    first = choices[0] if choices else None
    if first is not None and all(
        c.label.value == c.value and (c.label.kind, c.intent, c.slot) == (first.label.kind, first.intent, first.slot)
        for c in choices
    ):
        return {"k": first.label.kind, "i": first.intent, "s": first.slot, "v": [c.value for c in choices]}
    return [
        c.intent if c == _menu_choice(c.intent) else [c.label.kind, c.label.value, c.intent, c.slot, c.value]
        for c in choices
    ]


def _choices_in(entries: Any) -> tuple[Choice, ...]:
    if isinstance(entries, dict):
        kind, intent, slot = entries["k"], entries["i"], entries["s"]
        return tuple(Choice(Typed(kind, value), intent, slot, value) for value in entries["v"])
    return tuple(
        _menu_choice(c) if isinstance(c, str) else Choice(Typed(c[0], c[1]), c[2], c[3], c[4]) for c in entries
    )


def _menu_choice(intent: str) -> Choice:
    return Choice(Typed(f"label:{intent}", intent), intent)


def _reprompt_out(reprompt: Line, reply: Reply) -> Any:
    """True for the reply's last line, which it nearly always is."""
    return True if reply.lines and reprompt == reply.lines[-1] else _line_out(reprompt)


def _line_out(line: Line) -> list[Any]:
    params = {name: _param_out(value) for name, value in line.params.items()}
    return [line.prompt, line.variation, params] if params else [line.prompt, line.variation]


def _param_out(param: Param) -> list[Any]:
    if isinstance(param, Typed):
        return [param.kind, "" if param.kind == ONCE else param.value]
    return [{name: [typed.kind, typed.value] for name, typed in record.items()} for record in param]


_BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def _state_in(d: Mapping[str, Any], recent: tuple[Answered, ...]) -> State:
    frames = tuple(f for f in (_tolerant(_frame_in, e) for e in _list(d.get("f"))) if f is not None)
    last = d.get("t")
    return State(
        sequence=d["n"] if isinstance(d.get("n"), int) else 0,
        frames=frames,
        question=_tolerant(_question_in, d.get("q")),
        pending=_tolerant(_pending_in, d.get("p")),
        person=_tolerant(_person_in, d.get("h")),
        recent=recent,
        misses=_tolerant(_misses_in, d.get("m")) or (0, 0),
        last_at=last if isinstance(last, int | float) else 0.0,
        proofs=tuple(p for p in (_tolerant(_proof_in, e) for e in _list(d.get("pr"))) if p is not None),
        acting=tuple(a for a in (_tolerant(_acting_in, e) for e in _list(d.get("ac"))) if a is not None),
    )


def _proof_in(entry: list[Any]) -> Proof:
    return Proof(str(entry[0]), str(entry[1]), float(entry[2]), str(entry[3]))


def _acting_in(entry: list[Any]) -> Acting:
    return Acting(str(entry[0]), str(entry[1]), str(entry[2]), int(entry[3]), float(entry[4]))


def _person_in(entry: list[Any]) -> WithPerson:
    return WithPerson(float(entry[0]), str(entry[1]), str(entry[2]), str(entry[3]) if len(entry) > 3 else "")


def _misses_in(entry: list[Any]) -> tuple[int, int]:
    return int(entry[0]), int(entry[1])


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _tolerant(read: Callable[[Any], _Read], entry: object) -> _Read | None:
    if entry is None:
        return None
    try:
        return read(entry)
    except _BROKEN:
        return None


def _frame_in(d: Mapping[str, Any]) -> Frame:
    return Frame(
        id=d["id"], intent=d["i"], opened_at=float(d["o"]), touched_at=float(d["t"]), session=d.get("se", ""),
        link=d.get("l", ""), model=d.get("v", ""), slots={str(k): str(v) for k, v in d.get("s", {}).items()},
        misses={k: _misses_in(v) for k, v in d.get("m", {}).items()}, confirmed=d.get("c", ""),
        offered=d.get("of", ""), through={str(k): str(v) for k, v in d.get("th", {}).items()}, begun=d.get("b", ""),
    )  # fmt: skip


def _question_in(d: Mapping[str, Any]) -> Question:
    return Question(
        id=d["id"], asked=Asked(d["k"]), session=d.get("se", ""), at=float(d["t"]), frame=d.get("f", ""),
        slot=d.get("s", ""), shown=d.get("h", ""),
        options=tuple(Option(o.get("i", ""), dict(o.get("v", {})), o.get("s", "")) for o in d.get("o", ())),
        link=d.get("l", ""),
    )  # fmt: skip


def _pending_in(d: Mapping[str, Any]) -> Pending:
    return Pending(_frame_in(d["f"]), d["a"], d["k"], d["u"], float(d["t"]), bool(d.get("x", False)), d.get("w", ""))


def reply_in(d: Mapping[str, Any]) -> Reply:
    """A reply from its JSON."""
    handover, step_up, reprompt = d.get("h"), d.get("u"), d.get("p")
    lines = tuple(_line_in(entry) for entry in d.get("l", ()))
    return Reply(
        lines=lines, awaits=Awaits(d["a"]), question=d.get("q", ""),
        intent=d.get("i", ""), slot=d.get("s", ""), slots=dict(d.get("v", {})),
        choices=_choices_in(d.get("c", ())),
        handover=Handover(*handover) if handover else None, relayed=bool(d.get("y", False)),
        needs=Assurance(d.get("n", 0)), step_up=None if step_up is None else Assurance(step_up),
        reprompt=lines[-1] if reprompt is True else _line_in(reprompt) if reprompt else None,
    )  # fmt: skip


def _line_in(entry: list[Any]) -> Line:
    params = {name: _param_in(value) for name, value in entry[2].items()} if len(entry) > 2 else {}
    return Line(entry[0], params, entry[1])


def _param_in(value: list[Any]) -> Param:
    if value and isinstance(value[0], str):
        return Typed(value[0], value[1])
    return tuple({name: Typed(t[0], t[1]) for name, t in record.items()} for record in value)

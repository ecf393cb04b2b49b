"""Where a conversation stands: what the customer is in the middle of, on no channel in particular.

Frozen; the engine makes a new one each turn. `encode` and `decode` are its form at rest: compact JSON
with nothing sensitive in it. An unreadable or newer state decodes to what of it can be understood.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from throughline.dialogue.at_rest import compact, filled, understood
from throughline.dialogue.replies import Answered

NONE: Mapping[str, str] = MappingProxyType({})
_WITH_PERSON: Final = re.compile(r'"h":\[[^,\]]*,"([a-z]+):')
"""In an encoded state's first line: no other key of that name holds a list, and in a text its quotes are escaped."""


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
    unproved: bool = False
    """Whether nobody who worked on it had proved enough for it yet."""


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
    aside: tuple[Frame, ...] = ()
    """Tasks that another of their intent displaced when two conversations were joined, the last one last."""


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


def person_scheme(text: str) -> str:
    """What the session is called before its ":" in which a person has the conversation (web, sms, live); else "".

    `text` is a state's, of which no more is read than that.
    """
    found = _WITH_PERSON.search(text, 0, text.find("\n") if "\n" in text else len(text))
    return found[1] if found is not None else ""


def _state_out(s: State) -> dict[str, Any]:
    return filled(
        n=s.sequence,
        f=[_frame_out(f) for f in s.frames],
        q=s.question and _question_out(s.question),
        p=s.pending and _pending_out(s.pending),
        h=s.person and [s.person.since, s.person.session, s.person.reason, s.person.link],
        m=list(s.misses) if any(s.misses) else None,
        t=s.last_at,
        pr=[[p.link, p.session, p.at, p.how] for p in s.proofs],
        ac=[[a.session, a.customer, a.link, a.epoch, a.at] for a in s.acting],
        fa=[_frame_out(f) for f in s.aside],
    )


def _frame_out(f: Frame) -> dict[str, Any]:
    return filled(
        id=f.id, i=f.intent, o=f.opened_at, t=f.touched_at, se=f.session, l=f.link, v=f.model, s=dict(f.slots),
        m={k: list(v) for k, v in f.misses.items()}, c=f.confirmed, of=f.offered, th=dict(f.through), b=f.begun,
        u=f.unproved,
    )  # fmt: skip


def _question_out(q: Question) -> dict[str, Any]:
    return filled(
        id=q.id, k=q.asked.value, se=q.session, t=q.at, f=q.frame, s=q.slot, h=q.shown, l=q.link,
        o=[filled(i=o.intent, v=dict(o.slots), s=o.slot) for o in q.options],
    )  # fmt: skip


def _pending_out(p: Pending) -> dict[str, Any]:
    return filled(f=_frame_out(p.frame), a=p.action, k=p.key, u=p.turn, t=p.at, x=p.told, w=p.customer)


def _state_in(d: Mapping[str, Any], recent: tuple[Answered, ...]) -> State:
    last = d.get("t")
    return State(
        sequence=d["n"] if isinstance(d.get("n"), int) else 0,
        frames=_frames_in(d.get("f")),
        question=understood(_question_in, d.get("q")),
        pending=understood(_pending_in, d.get("p")),
        person=understood(_person_in, d.get("h")),
        recent=recent,
        misses=understood(_misses_in, d.get("m")) or (0, 0),
        last_at=last if isinstance(last, int | float) else 0.0,
        proofs=tuple(p for p in (understood(_proof_in, e) for e in _list(d.get("pr"))) if p is not None),
        acting=tuple(a for a in (understood(_acting_in, e) for e in _list(d.get("ac"))) if a is not None),
        aside=_frames_in(d.get("fa")),
    )


def _frames_in(value: object) -> tuple[Frame, ...]:
    return tuple(f for f in (understood(_frame_in, e) for e in _list(value)) if f is not None)


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


def _frame_in(d: Mapping[str, Any]) -> Frame:
    return Frame(
        id=d["id"], intent=d["i"], opened_at=float(d["o"]), touched_at=float(d["t"]), session=d.get("se", ""),
        link=d.get("l", ""), model=d.get("v", ""), slots={str(k): str(v) for k, v in d.get("s", {}).items()},
        misses={k: _misses_in(v) for k, v in d.get("m", {}).items()}, confirmed=d.get("c", ""),
        offered=d.get("of", ""), through={str(k): str(v) for k, v in d.get("th", {}).items()}, begun=d.get("b", ""),
        unproved=bool(d.get("u", False)),
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

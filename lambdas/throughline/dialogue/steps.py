"""What the engine's decisions are made of: events, deeds, the step that leaves, the state while it changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from throughline.dialogue.changes import Change
from throughline.dialogue.replies import Answered
from throughline.dialogue.state import Acting, Frame, Pending, Proof, Question, State, WithPerson
from throughline.privacy.sealed import Sealed
from throughline.reply import Line, Reply
from throughline.turn import Assurance, Turn


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth counting."""

    name: str
    detail: str = ""
    """An intent, a slot or a reason; never anything a customer said."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a step up says on its way, where an action stands between it and the reply."""

    lines: tuple[Line, ...]
    needs: Assurance
    events: tuple[Event, ...]
    step_up: Assurance | None
    """The level that was asked for."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A business action that must run (or be settled) before the turn can be answered."""

    frame: Frame
    action: str
    key: str
    irreversible: bool
    settle: bool = False
    """Ask for the outcome of an earlier call instead of calling."""
    begins: bool = False
    """It is the task's first action, which runs before its secret is asked for."""
    customer: str = ""
    """For whom the back end was called, if that was another customer then."""
    secret: Sealed | None = None
    said: Said | None = None
    """What the turn had come to before: told together with the outcome."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the engine decided: a reply, or a deed whose outcome it needs first."""

    state: State
    reply: Reply | None = None
    deed: Deed | None = None
    events: tuple[Event, ...] = ()
    changes: tuple[Change, ...] = ()
    """What this turn's actions change about the customer, in order."""
    repeat: bool = False
    """The turn had been answered before: nothing changed, nothing needs to be written."""


@dataclass(slots=True)
class Working:
    """A state while it is being changed; field for field a `State`."""

    sequence: int
    frames: tuple[Frame, ...]
    question: Question | None
    pending: Pending | None
    person: WithPerson | None
    recent: tuple[Answered, ...]
    misses: tuple[int, int]
    last_at: float
    proofs: tuple[Proof, ...]
    acting: tuple[Acting, ...]
    aside: tuple[Frame, ...]

    @classmethod
    def on(cls, s: State) -> Working:
        """The state at the beginning of the next turn's decision."""
        return cls(
            s.sequence + 1, s.frames, s.question, s.pending, s.person, s.recent, (0, 0), s.last_at, s.proofs, s.acting,
            s.aside,
        )  # fmt: skip

    def done(self) -> State:
        """The state as it is now."""
        return State(
            self.sequence, self.frames, self.question, self.pending, self.person, self.recent, self.misses,
            self.last_at, self.proofs, self.acting, self.aside,
        )  # fmt: skip


def proved_now(state: State, turn: Turn) -> Turn:
    """The turn as verified, if the customer proved who they are in this very turn, on its link and in its session."""
    just = (turn.link, turn.session, turn.at)
    if turn.assurance < Assurance.VERIFIED and any((p.link, p.session, p.at) == just for p in state.proofs):
        return replace(turn, assurance=Assurance.VERIFIED)
    return turn

"""One decision in the making: the state as it changes, the lines as they are chosen, and every way to end it.

A `Draft` lives for one call of the engine; what leaves is a frozen `Step`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from throughline.dialogue.changes import Change
from throughline.dialogue.frames import deed_key, digest
from throughline.dialogue.model import Intent, Model, Role, Slot
from throughline.dialogue.state import (
    KEPT_SECONDS,
    KEPT_TURNS,
    Acting,
    Answered,
    Asked,
    Frame,
    Option,
    Pending,
    Proof,
    Question,
    State,
    WithPerson,
)
from throughline.dialogue.values import kind_of, slot_type, unlike
from throughline.privacy.sealed import Sealed
from throughline.reply import NO_PARAMS, Awaits, Choice, Handover, Line, Param, Reply, Typed
from throughline.turn import Assurance, Turn

MOST_KEYS = 9
"""Keys 1 to 9 choose; 0 calls a person."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth counting."""

    name: str
    detail: str = ""
    """An intent, a slot or a reason; never anything a customer said."""


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

    @classmethod
    def on(cls, s: State) -> Working:
        """The state at the beginning of the next turn's decision."""
        return cls(
            s.sequence + 1, s.frames, s.question, s.pending, s.person, s.recent, (0, 0), s.last_at, s.proofs, s.acting
        )

    def done(self) -> State:
        """The state as it is now."""
        return State(
            self.sequence, self.frames, self.question, self.pending, self.person, self.recent, self.misses,
            self.last_at, self.proofs, self.acting,
        )  # fmt: skip


class Draft:
    """Collects one decision. Methods that return a `Step` end it."""

    def __init__(self, model: Model, state: State, turn: Turn) -> None:
        self.model = model
        self.turn = turn
        self.state = Working.on(state)
        self.missed = state.misses
        self.lines: list[Line] = []
        self.events: list[Event] = []
        self.needs = Assurance.ANONYMOUS

    # -- the state as it changes ---------------------------------------------------------------

    @property
    def top(self) -> Frame | None:
        """The task being worked on."""
        return self.state.frames[-1] if self.state.frames else None

    @property
    def question(self) -> Question | None:
        """The question that is open."""
        return self.state.question

    def intent_of(self, frame: Frame) -> Intent:
        """The frame's intent; frames of intents that are gone were dropped when the turn began."""
        return self.model.intents[frame.intent]

    def put(self, frame: Frame) -> Frame:
        """Make `frame` the task being worked on, replacing its former self and touching it.

        There is one task of an intent at most. A confirmation holds in the session where it was given.
        """
        here = frame.session == self.turn.session
        touched = replace(
            frame,
            touched_at=self.turn.at,
            session=self.turn.session,
            confirmed=frame.confirmed if here else "",
            offered="",
        )
        others = tuple(f for f in self.state.frames if f.id != frame.id and f.intent != frame.intent)
        self.state.frames = (*others, touched)[-self.model.limits.frames :]
        return touched

    def drop(self, frame: Frame) -> None:
        """Forget a task, and the question about it."""
        asked = self.question
        self.state.frames = tuple(f for f in self.state.frames if f.id != frame.id)
        if asked is not None and asked.frame == frame.id:
            self.state.question = None

    def close_question(self) -> None:
        """Nothing is asked any more."""
        self.state.question = None

    def fresh_id(self) -> str:
        """An id for a task that no other task of this customer ever had, even after the conversation was forgotten."""
        return f"{int(self.turn.at * 1000):x}-{self.state.sequence}"

    def note(self, name: str, detail: str = "") -> None:
        """Count something."""
        self.events.append(Event(name, detail))

    # -- the lines -----------------------------------------------------------------------------

    def say(self, prompt: str, **params: Param) -> None:
        """Add a prompt with its parameters."""
        self.lines.append(Line(prompt, params or NO_PARAMS, self.state.sequence))

    def say_first(self, name: str, **params: Param) -> None:
        """Put a phrase before all that was said so far: a greeting comes before the news."""
        self.say_phrase(name, **params)
        self.lines.insert(0, self.lines.pop())

    def say_phrase(self, name: str, **params: Param) -> None:
        """Add one of the phrases that every model has."""
        self.say(f"phrases.{name}", **params)

    def say_of(self, intent: Intent, part: str, frame: Frame | None, results: Mapping[str, Param] = NO_PARAMS) -> None:
        """Add a prompt of an intent, with those of the frame's values and the results that it mentions."""
        prompt = f"{intent.name}.{part}"
        self.needs = max(self.needs, min(intent.assurance, self.turn.assurance))
        params: dict[str, Param] = {}
        if frame is not None:
            for name, value in frame.slots.items():
                slot = intent.slot(name)
                if slot is not None and self._mentions(prompt, name):
                    params[name] = Typed(kind_of(self.model, slot.type), value)
        params.update((name, value) for name, value in results.items() if self._mentions(prompt, name))
        self.say(prompt, **params)

    def has(self, intent: Intent, part: str) -> bool:
        """Whether the intent has that prompt."""
        return self.model.prompt(self.turn.locale, f"{intent.name}.{part}") is not None

    def doing(self, frame: Frame) -> Typed:
        """What the customer was doing, as a parameter."""
        return Typed(f"doing:{frame.intent}", frame.intent)

    def slot_label(self, intent: Intent, slot: str) -> Typed:
        """What a slot is called, as a parameter."""
        return Typed(f"slot:{intent.name}.{slot}", slot)

    def _mentions(self, prompt: str, name: str) -> bool:
        found = self.model.prompt(self.turn.locale, prompt)
        mark = f"{{{name}}}"
        return found is not None and any(mark in text for text in (*found.say, *found.show))

    # -- questions -----------------------------------------------------------------------------

    def ask_slot(self, frame: Frame, slot: Slot, *, part: str = "ask") -> Step:
        """Ask for a slot, with `part` of its prompts."""
        intent = self.intent_of(frame)
        self.say_of(intent, f"{slot.name}.{part}", frame)
        self._open(Asked.SLOT, frame=frame.id, slot=slot.name, secret=slot.sensitive)
        return self._end(Awaits.SLOT, frame=frame, slot=slot.name, choices=self._values_of(intent, slot, frame))

    def _values_of(self, intent: Intent, slot: Slot, frame: Frame) -> tuple[Choice, ...]:
        """The values to choose from: none that another slot's value forbids, unless nothing else were left."""
        every = slot_type(self.model, slot.type).values
        taken = {frame.slots.get(other) for other in unlike(intent, slot)}
        values = tuple(value for value in every if value not in taken) or every
        return tuple(Choice(Typed(f"choice:{slot.type}", value), intent.name, slot.name, value) for value in values)

    def ask_confirmation(self, frame: Frame, *, part: str = "confirm") -> Step:
        """Ask for a yes to the very values of the frame."""
        intent = self.intent_of(frame)
        self.say_of(intent, part, frame)
        self._open(Asked.CONFIRM, frame=frame.id, shown=digest(frame))
        return self._end(Awaits.CONFIRM, frame=frame, choices=self.yes_no())

    def ask_options(self, asked: Asked, options: tuple[Option, ...], choices: tuple[Choice, ...]) -> Step:
        """Ask which of several things is meant; the lines have been said."""
        frame = self.top
        self._open(asked, frame=frame.id if frame and asked is not Asked.WHICH_INTENT else "", options=options)
        return self._end(Awaits.CHOICE, choices=choices)

    def ask_resume(self, frame: Frame) -> Step:
        """Offer to go on with a task that was left."""
        self.state.frames = tuple(
            replace(f, offered=self.turn.session) if f.id == frame.id else f for f in self.state.frames
        )
        self.say_phrase("resume_offer", doing=self.doing(frame))
        self._open(Asked.RESUME, frame=frame.id)
        return self._end(Awaits.CHOICE, choices=self.yes_no())

    def ask_more(self, phrase: str = "anything_else") -> Step:
        """Ask what else, once something is finished."""
        self.say_phrase(phrase)
        if phrase != "anything_else":
            self.close_question()
            return self._end(Awaits.INTENT, choices=self.menu())
        self._open(Asked.MORE)
        return self._end(Awaits.INTENT, choices=self.yes_no())

    def leave_open(self) -> Step:
        """End with nothing in particular asked."""
        self.close_question()
        return self._end(Awaits.INTENT, choices=self.menu())

    def keep_question(self) -> Step:
        """End with whatever was open still open."""
        return self._end(Awaits.INTENT)

    def close(self, handover: Handover | None = None) -> Step:
        """End the conversation for now."""
        self.close_question()
        return self._end(Awaits.NOTHING, handover=handover)

    def say_again(self, reply: Reply) -> Step:
        """End with a former reply, whose question is still the open one."""
        return self._finish(reply)

    def relay(self) -> Step:
        """A person has the conversation: say nothing, pass the turn on."""
        return self._finish(Reply(lines=(), awaits=Awaits.NOTHING, relayed=True))

    def demand(self, intent: Intent) -> Step:
        """Say what must be proved first."""
        self.note("assurance_needed", intent.name)
        self.say_phrase(f"need_{intent.assurance.name.lower()}")
        self.close_question()
        return self._end(Awaits.INTENT, step_up=intent.assurance)

    def _open(
        self, asked: Asked, *, frame: str = "", slot: str = "", shown: str = "", secret: str = "",
        options: tuple[Option, ...] = (),
    ) -> None:  # fmt: skip
        old, turn = self.question, self.turn
        new = Question(
            id=f"q{self.state.sequence}" + (f":{secret}" if secret else ""),
            asked=asked, session=turn.session, at=turn.at, frame=frame, slot=slot, shown=shown, options=options,
            link=turn.link,
        )  # fmt: skip
        if old is not None and replace(new, id=old.id, at=old.at) == old:
            new = old
        self.state.question = new

    # -- choices -------------------------------------------------------------------------------

    def yes_no(self) -> tuple[Choice, ...]:
        """Yes and no as buttons."""
        roles = ((Role.YES, "yes"), (Role.NO, "no"))
        return tuple(
            Choice(Typed("phrase", word), self.model.by_role[role])
            for role, word in roles
            if role in self.model.by_role
        )

    def menu(self) -> tuple[Choice, ...]:
        """What can be done here, as buttons."""
        return tuple(Choice(Typed(f"label:{name}", name), name) for name in self.model.menu)

    # -- ends ----------------------------------------------------------------------------------

    def run(self, frame: Frame, secret: Sealed | None = None) -> Step:
        """The frame is complete: its action must run. An irreversible one is announced in the state first."""
        intent = self.intent_of(frame)
        deed = Deed(frame, intent.action, deed_key(frame, intent.action), intent.irreversible, secret=secret)
        if deed.irreversible:
            self.drop(frame)
            announced = Pending(frame, deed.action, deed.key, self.turn.id, self.turn.at)
            self.state.pending, self.state.question, self.state.last_at = announced, None, self.turn.at
        return Step(self.state.done(), deed=deed, events=tuple(self.events))

    def _end(
        self, awaits: Awaits, *, frame: Frame | None = None, slot: str = "", choices: tuple[Choice, ...] = (),
        handover: Handover | None = None, step_up: Assurance | None = None,
    ) -> Step:  # fmt: skip
        question = self.question
        if self.turn.can.keys and awaits is not Awaits.NOTHING and not _asks_more(question):
            self._say_keys(choices)
        return self._finish(
            Reply(
                lines=tuple(self.lines),
                awaits=awaits,
                question=question.id if question is not None else "",
                intent=frame.intent if frame is not None else "",
                slot=slot,
                slots=dict(frame.slots) if frame is not None else NO_VALUES,
                choices=choices,
                handover=handover,
                needs=self.needs,
                step_up=step_up,
                reprompt=self.lines[-1] if awaits is not Awaits.NOTHING and self.lines else None,
            )
        )

    def _say_keys(self, choices: tuple[Choice, ...]) -> None:
        if choices and choices == self.menu():
            self.say_phrase("keys_menu")
        for place, choice in enumerate(choices[:MOST_KEYS], start=1):
            key = Typed("number", str(self._key(choice) or place))
            self.say_phrase("key_option", key=key, option=choice.label)

    def _key(self, choice: Choice) -> int:
        """A value's key is its place in its type, whichever others are offered; 0 for what is no slot's value."""
        intent = self.model.intent(choice.intent) if choice.slot else None
        slot = intent.slot(choice.slot) if intent is not None else None
        if slot is None:
            return 0
        values = slot_type(self.model, slot.type).values
        return values.index(choice.value) + 1 if choice.value in values else 0

    def _finish(self, reply: Reply) -> Step:
        turn = self.turn
        state = self.state
        kept = state.recent
        old = next((n for n, a in enumerate(kept) if turn.at - a.at < KEPT_SECONDS), len(kept))
        state.recent = (*kept[old:], Answered.of(turn.id, turn.at, turn.session, turn.link, reply))[-KEPT_TURNS:]
        state.last_at = turn.at
        return Step(state.done(), reply, events=tuple(self.events))


def _asks_more(question: Question | None) -> bool:
    """Whether only "anything else?" is asked: that needs no explanation of its keys each time."""
    return question is not None and question.asked is Asked.MORE


NO_VALUES: Mapping[str, str] = {}

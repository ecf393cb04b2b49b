"""One decision in the making: the state as it changes, the lines as they are chosen, and every way to end it.

A `Draft` lives for one call of the engine; what leaves is a frozen `Step`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from throughline.dialogue.changes import Change
from throughline.dialogue.choices import keyed, menu, values_of, yes_no
from throughline.dialogue.frames import deed_key, digest
from throughline.dialogue.model import STEP_UP, Intent, Model, Slot
from throughline.dialogue.replies import KEPT_SECONDS, KEPT_TURNS, Answered
from throughline.dialogue.state import Asked, Frame, Option, Pending, Question, State
from throughline.dialogue.steps import Deed, Event, Said, Step, Working, proved_now
from throughline.dialogue.values import kind_of
from throughline.privacy.sealed import Sealed
from throughline.reply import NO_PARAMS, Awaits, Choice, Handover, Line, Param, Reply, Typed
from throughline.turn import Assurance, Turn

STEPS_AT_ONCE = 4
"""Sessions of one customer that may be proving who they are at the same time."""
_ABOUT_NO_TASK = (Asked.WHICH_INTENT, Asked.PROVE)
DECLINED = "-"
"""Before the session in `Frame.offered`: the offer was declined there."""


class Draft:
    """Collects one decision. Methods that return a `Step` end it."""

    def __init__(self, model: Model, state: State, turn: Turn) -> None:
        self.model = model
        self.turn = proved_now(state, turn)
        self.state = Working.on(state)
        self.missed = state.misses
        self.lines: list[Line] = []
        self.events: list[Event] = []
        self.needs = Assurance.ANONYMOUS
        self.changes: tuple[Change, ...] = ()
        self.step_up: Assurance | None = None
        self.stepping = False
        """A step up is on its way: what was said so far is told though an action comes between."""
        self._ids = 0
        self._origin = state
        self.looked = False
        """The pending action was looked into in this very decision."""

    # -- the state as it changes ---------------------------------------------------------------

    @property
    def top(self) -> Frame | None:
        """The task being worked on; never the step up of another session."""
        frame = self.state.frames[-1] if self.state.frames else None
        return None if frame is None or self.elsewhere(frame) else frame

    def frame(self, frame_id: str) -> Frame | None:
        """The task with that id."""
        return next((f for f in self.state.frames if f.id == frame_id), None)

    def same(self, intent: Intent) -> Frame | None:
        """The open task of that intent, if there is one that this session may touch."""
        return next(
            (
                f for f in self.state.frames
                if f.intent == intent.name and not self.elsewhere(f) and not self.beyond(f)
            ),
            None,
        )  # fmt: skip

    def beyond(self, frame: Frame) -> bool:
        """Whether the task was begun in another session by somebody who had proved more: not for this one to touch."""
        return frame.session != self.turn.session and not self.enough(frame)

    def steps_up(self, frame: Frame) -> bool:
        """Whether the frame is a step up: no task that somebody came for."""
        intent = self.model.intents.get(frame.intent)
        return intent is not None and intent.role in STEP_UP

    def elsewhere(self, frame: Frame) -> bool:
        """Whether the frame is another session's step up, which is nobody else's business."""
        return frame.session != self.turn.session and self.steps_up(frame)

    def enough(self, frame: Frame) -> bool:
        """Whether the turn's assurance is enough for the task."""
        return self.turn.assurance >= self.intent_of(frame).assurance

    @property
    def question(self) -> Question | None:
        """The question that is open."""
        return self.state.question

    def intent_of(self, frame: Frame) -> Intent:
        """The frame's intent; frames of intents that are gone were dropped when the turn began."""
        return self.model.intents[frame.intent]

    def put(self, frame: Frame) -> Frame:
        """Make `frame` the task being worked on, replacing its former self and touching it.

        There is one task of an intent at most, and one step up of a session. A confirmation holds in the
        session where it was given, and a code in the one where it was asked for.
        """
        here = frame.session == self.turn.session
        touched = replace(
            frame,
            touched_at=self.turn.at,
            session=self.turn.session,
            confirmed=frame.confirmed if here else "",
            begun=frame.begun if here else "",
            offered="",
            unproved=not self.enough(frame) and (frame.unproved or self.frame(frame.id) is None),
        )
        others = (
            f
            for f in self.state.frames
            if f.id != frame.id and (f.intent != frame.intent or self.elsewhere(f) or self.beyond(f))
        )
        self.state.frames = self._room((*others, touched))
        return touched

    def _room(self, frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
        """The oldest give way; a step up never drives out the task it is for, nor a claim what was begun by a proof,
        however many sessions claim.
        """
        most = self.model.limits.frames
        tasks = [f for f in frames if not self.steps_up(f)]
        claims = [f for f in tasks if f.unproved and f.session != self.turn.session][-most:]
        proved = [f for f in tasks if not f.unproved or f.session == self.turn.session]
        mine = [f for f in proved if not self.beyond(f)][-most:]
        others = [f for f in proved if self.beyond(f)][-most:]
        steps = [f for f in frames if self.steps_up(f)][-STEPS_AT_ONCE:]
        kept = {f.id for f in (*claims, *mine, *others, *steps)}
        return tuple(f for f in frames if f.id in kept)

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
        self._ids += 1
        more = f"-{self._ids}" if self._ids > 1 else ""
        return f"{int(self.turn.at * 1000):x}-{self.state.sequence}{more}"

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
        intent = self.model.intents.get(frame.intent)
        if intent is not None:
            self.needs = max(self.needs, min(intent.assurance, self.turn.assurance))
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
        """Ask for a slot, with `part` of its prompts; a secret by a capture, where the channel can."""
        intent = self.intent_of(frame)
        self.say_of(intent, f"{slot.name}.{part}", frame)
        capture = slot.sensitive if slot.sensitive in self.turn.can.captures else ""
        self._open(Asked.SLOT, frame=frame.id, slot=slot.name, secret=slot.sensitive, anew=bool(capture))
        choices = values_of(self.model, intent, slot, frame.slots)
        return self._end(Awaits.SLOT, frame=frame, slot=slot.name, choices=choices, capture=capture)

    def ask_capture(self, kind: str) -> Step:
        """Have the channel capture what is no slot's; the lines have been said."""
        self._open(Asked.PROVE, secret=kind, anew=True)
        return self._end(Awaits.CHOICE, capture=kind)

    def ask_confirmation(self, frame: Frame, *, part: str = "confirm") -> Step:
        """Ask for a yes to the very values of the frame."""
        intent = self.intent_of(frame)
        self.say_of(intent, part, frame)
        self._open(Asked.CONFIRM, frame=frame.id, shown=digest(frame))
        return self._end(Awaits.CONFIRM, frame=frame, choices=yes_no(self.model))

    def ask_options(self, asked: Asked, options: tuple[Option, ...], choices: tuple[Choice, ...]) -> Step:
        """Ask which of several things is meant; the lines have been said."""
        frame = self.top
        self._open(asked, frame=frame.id if frame and asked not in _ABOUT_NO_TASK else "", options=options)
        return self._end(Awaits.CHOICE, choices=choices)

    def ask_resume(self, frame: Frame) -> Step:
        """Offer to go on with a task that was left."""
        self.mark_offered(frame)
        self.say_phrase("resume_offer", doing=self.doing(frame))
        self._open(Asked.RESUME, frame=frame.id)
        return self._end(Awaits.CHOICE, choices=yes_no(self.model))

    def mark_offered(self, *frames: Frame, declined: bool = False) -> None:
        """Remember that going on with these was offered, or declined, in this session."""
        ids = {frame.id for frame in frames}
        mark = DECLINED + self.turn.session if declined else self.turn.session
        self.state.frames = tuple(replace(f, offered=mark) if f.id in ids else f for f in self.state.frames)

    def offered(self, frame: Frame) -> bool:
        """Whether going on with the task was offered in this session before."""
        return frame.offered in (self.turn.session, DECLINED + self.turn.session)

    def ask_more(self, phrase: str = "anything_else") -> Step:
        """Ask what else, once something is finished."""
        self.say_phrase(phrase)
        if phrase != "anything_else":
            self.close_question()
            return self._end(Awaits.INTENT, choices=menu(self.model))
        self._open(Asked.MORE)
        return self._end(Awaits.INTENT, choices=yes_no(self.model))

    def leave_open(self) -> Step:
        """End with nothing in particular asked."""
        self.close_question()
        return self._end(Awaits.INTENT, choices=menu(self.model))

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
        """A person has the conversation: pass the turn on, and say nothing but what can't be."""
        return self._finish(Reply(lines=tuple(self.lines), awaits=Awaits.NOTHING, relayed=True))

    def _open(
        self, asked: Asked, *, frame: str = "", slot: str = "", shown: str = "", secret: str = "",
        options: tuple[Option, ...] = (), anew: bool = False,
    ) -> None:  # fmt: skip
        """`anew`: not even the same question keeps its id, by which alone a capture is told from its repeat."""
        old, turn = self.question, self.turn
        new = Question(
            id=f"q{self.state.sequence}" + (f":{secret}" if secret else ""),
            asked=asked, session=turn.session, at=turn.at, frame=frame, slot=slot, shown=shown, options=options,
            link=turn.link,
        )  # fmt: skip
        if not anew and old is not None and replace(new, id=old.id, at=old.at) == old:
            new = old
        self.state.question = new

    # -- ends ----------------------------------------------------------------------------------

    def run(self, frame: Frame, secret: Sealed | None = None) -> Step:
        """The frame is complete: its action must run. An irreversible one is announced in the state first."""
        intent = self.intent_of(frame)
        key = deed_key(frame, intent.action)
        deed = Deed(frame, intent.action, key, intent.irreversible, secret=secret, said=self._said())
        if deed.irreversible:
            self.drop(frame)
            announced = Pending(frame, deed.action, deed.key, self.turn.id, self.turn.at)
            self.state.pending, self.state.question, self.state.last_at = announced, None, self.turn.at
        return Step(self.state.done(), deed=deed, events=tuple(self.events), changes=self.changes)

    def begin(self, frame: Frame) -> Step:
        """All but the secret is known: the task's first action must run, before the secret is asked for."""
        intent = self.intent_of(frame)
        deed = Deed(frame, intent.begin, deed_key(frame, intent.begin), False, begins=True, said=self._said())
        return Step(self.state.done(), deed=deed, events=tuple(self.events), changes=self.changes)

    def settle(self, pending: Pending) -> Step:
        """It must be known first how the pending action ended; then the turn is decided anew."""
        deed = Deed(
            pending.frame, pending.action, pending.key, irreversible=True, settle=True, customer=pending.customer
        )
        return Step(self._origin, deed=deed)

    def take_up(self, said: Said | None) -> None:
        """Go on from what was said before an action ran."""
        if said is not None:
            self.lines = [*said.lines, *self.lines]
            self.events = [*said.events, *self.events]
            self.needs = max(self.needs, said.needs)
            self.step_up, self.stepping = said.step_up, True

    def _said(self) -> Said | None:
        if not self.stepping:
            return None
        return Said(tuple(self.lines), self.needs, tuple(self.events), self.step_up)

    def _end(
        self, awaits: Awaits, *, frame: Frame | None = None, slot: str = "", choices: tuple[Choice, ...] = (),
        handover: Handover | None = None, capture: str = "",
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
                capture=capture,
                slots=dict(frame.slots) if frame is not None else NO_VALUES,
                choices=choices,
                handover=handover,
                needs=self.needs,
                step_up=self.step_up,
                reprompt=self.lines[-1] if awaits is not Awaits.NOTHING and self.lines else None,
            )
        )

    def _say_keys(self, choices: tuple[Choice, ...]) -> None:
        if choices and choices == menu(self.model):
            self.say_phrase("keys_menu")
        for key, choice in keyed(self.model, choices):
            self.say_phrase("key_option", key=Typed("number", str(key)), option=choice.label)

    def _finish(self, reply: Reply) -> Step:
        turn = self.turn
        state = self.state
        kept = state.recent
        old = next((n for n, a in enumerate(kept) if turn.at - a.at < KEPT_SECONDS), len(kept))
        state.recent = (*kept[old:], Answered.of(turn.id, turn.at, turn.session, turn.link, reply))[-KEPT_TURNS:]
        state.last_at = turn.at
        return Step(state.done(), reply, events=tuple(self.events), changes=self.changes)


def _asks_more(question: Question | None) -> bool:
    """Whether only "anything else?" is asked: that needs no explanation of its keys each time."""
    return question is not None and question.asked is Asked.MORE


NO_VALUES: Mapping[str, str] = {}

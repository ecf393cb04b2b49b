"""The dialogue engine: `(model, state, turn) → step`. Pure; equal inputs give equal outputs.

`decide` answers a turn or names the business action that must run first; `conclude` takes that
action's outcome and answers. Guards come first: a repeated turn gets its first reply, a turn that
finds an action pending has it settled, a person who took over is not talked over, and tasks that
are too old or of another model's version are put right. Then `talk` does what the turn means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from throughline.dialogue import deeds
from throughline.dialogue.action import Outcome
from throughline.dialogue.asking import reask
from throughline.dialogue.draft import Draft
from throughline.dialogue.frames import carry_over
from throughline.dialogue.model import Model
from throughline.dialogue.parting import brought_back
from throughline.dialogue.replies import KEPT_SECONDS, Answered
from throughline.dialogue.state import Frame, State, answered
from throughline.dialogue.steps import Deed, Step, proved_now
from throughline.dialogue.talk import talk
from throughline.dialogue.tasks import left, may_hear, next_task
from throughline.reply import Awaits, Line, Reply
from throughline.turn import Assurance, Turn

__all__ = ["announce", "bind", "conclude", "decide", "hand_back", "proved_now", "secret_awaited"]

ANYBODY = Assurance.ANONYMOUS
GRACE_SECONDS = 2.0
"""Beyond an action's own time, before another turn may settle it."""


def bind(state: State, turn: Turn) -> Turn:
    """The turn with the question that it answers, fixed at the first read and kept however often it is decided.

    A channel that carries question ids tells itself. Elsewhere a turn answers what is open in its own
    session, unless it was sent before that was asked.
    """
    question = state.question
    if turn.answers or question is None or question.session != turn.session:
        return turn
    if turn.sent_at is not None and turn.sent_at < question.at:
        return turn
    return replace(turn, answers=question.id)


def secret_awaited(model: Model, state: State, session: str) -> str:
    """The kind of secret that this session may still answer with, though another one's question is open; or empty."""
    question = state.question
    if question is not None and question.session == session:
        return question.secret
    for frame in state.frames:
        intent = model.intents.get(frame.intent)
        if intent is not None and frame.begun and frame.session == session:
            return next((slot.sensitive for slot in intent.slots if slot.sensitive), "")
    return ""


def decide(model: Model, state: State, turn: Turn) -> Step:
    """Answer the turn, or name the deed that must be done or settled first."""
    repeated = _repeated(model, state, turn)
    if repeated is not None:
        return repeated
    draft = Draft(model, state, turn)
    pending = state.pending
    if pending is not None:
        if turn.at - pending.at < model.limits.action_seconds + GRACE_SECONDS:
            draft.note("still_working")
            draft.say_phrase("working")
            return draft.keep_question()
        if may_hear(draft, pending.frame):
            return draft.settle(pending)
        # Who may not hear how it ended is answered without; it is looked into when it stands in their way.
    return _go(draft)


def conclude(model: Model, state: State, turn: Turn, deed: Deed, outcome: Outcome) -> Step:
    """Answer the turn now that its deed has an outcome; `state` is the one written last."""
    repeated = _repeated(model, state, turn)
    if repeated is not None:
        return repeated
    draft = Draft(model, state, turn)
    if not deed.irreversible:
        return deeds.concluded(draft, deed, outcome)
    pending = state.pending
    if pending is None or pending.key != deed.key:
        return _go(draft)
    if not deed.settle:
        return deeds.concluded(draft, deed, outcome)
    deeds.settled(draft, pending, outcome)
    hears = may_hear(draft, pending.frame)
    if draft.lines and answered(state, pending.turn) is None:
        intent = model.intents.get(pending.frame.intent)
        needs = intent.assurance if intent is not None else draft.needs
        told = Reply(tuple(draft.lines), Awaits.INTENT, needs=needs)
        draft.state.recent = (
            *draft.state.recent,
            Answered.of(pending.turn, turn.at, pending.frame.session, pending.frame.link, told),
        )
    if not hears:
        draft.lines, draft.needs = [], Assurance.ANONYMOUS
    return _go(draft)


def announce(model: Model, state: State, turn: Turn, lines: Sequence[Line], *, needs: Assurance = ANYBODY) -> Step:
    """A message of ours, in the conversation that is there: under its own turn id, and said only once.

    What is open stays open: the question, the tasks, the misses in a row. `needs`: at which assurance it may be
    said again.
    """
    repeated = _repeated(model, state, turn)
    if repeated is not None:
        return repeated
    draft = Draft(model, state, turn)
    draft.note("announced")
    draft.state.misses = state.misses
    step = draft.say_again(Reply(tuple(lines), Awaits.INTENT, needs=needs))
    return replace(step, state=replace(step.state, last_at=state.last_at))


def hand_back(model: Model, state: State, turn: Turn, phrase: str = "person_gone") -> Step:
    """The person has finished: the bot takes the conversation up again and says so, in that phrase."""
    step = next_task(_handed_back(model, state, turn, phrase))
    if step.deed is None:
        return step
    # All that it takes was said before: but nobody asked for it to be done just now.
    draft = _handed_back(model, state, turn, phrase)
    return draft.ask_resume(draft.top) if draft.top is not None else draft.ask_more()


def _handed_back(model: Model, state: State, turn: Turn, phrase: str) -> Draft:
    draft = Draft(model, replace(state, person=None), turn)
    _put_right(draft)
    draft.note("handed_back")
    draft.say_phrase(phrase)
    return draft


def _go(draft: Draft) -> Step:
    if draft.turn.attachments:
        draft.note("file_declined")
        draft.say_phrase("no_files")
    if _with_person(draft):
        draft.note("relayed")
        return draft.relay()
    _put_right(draft)
    if draft.turn.attachments and not (draft.turn.text or draft.turn.heard or draft.turn.sealed):
        return reask(draft)
    return talk(draft)


def _repeated(model: Model, state: State, turn: Turn) -> Step | None:
    first = answered(state, turn.id)
    reply = first.reply if first is not None and turn.at - first.at < KEPT_SECONDS else None
    if reply is None:
        return None
    if turn.assurance < reply.needs:
        reply = Reply((Line("phrases.not_repeated"),), Awaits.INTENT)
    intent = model.intents.get(reply.intent)
    if reply.intent and (intent is None or (reply.slot and intent.slot(reply.slot) is None)):
        # Another version's code answered first: what it asked for is not to be had of this version's bot.
        reply = replace(reply, awaits=Awaits.INTENT, intent="", slot="", capture="", slots={})
    return Step(state, reply, repeat=True)


def _with_person(draft: Draft) -> bool:
    person, turn = draft.state.person, draft.turn
    if person is None:
        return False
    if turn.at - person.since >= draft.model.limits.person_hours * 3600:
        draft.state.person = None
        return False
    return person.session == turn.session


def _put_right(draft: Draft) -> None:
    """Forget tasks that are too old, carry the others over to today's model, close questions about what is gone."""
    model, turn, state = draft.model, draft.turn, draft.state
    oldest = turn.at - model.limits.resume_hours * 3600
    idle = turn.at - model.limits.idle_minutes * 60

    def fresh(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
        return tuple(f for f in frames if f.touched_at > (idle if draft.steps_up(f) else oldest))

    announced = state.pending.frame.intent if state.pending is not None else ""
    now = brought_back(replace(state.done(), frames=fresh(state.frames), aside=fresh(state.aside)), but=announced)
    draft.state.aside = now.aside
    moved = carry_over(model, turn.locale, now.frames)
    for frame in moved.lost:
        draft.note("task_lost", frame.intent)
    if moved.lost and not moved.frames:
        draft.say_phrase("changed_since")
    question = state.question
    if question is not None and turn.at - state.last_at > model.limits.idle_minutes * 60:
        question = None
    if question is not None and question.frame:
        asked_about = next((f for f in moved.frames if f.id == question.frame), None)
        before = next((f for f in state.frames if f.id == question.frame), None)
        if (
            asked_about is None
            or before is None
            or before.intent != asked_about.intent
            or (question.slot and model.intents[asked_about.intent].slot(question.slot) is None)
        ):
            question = None
    draft.state.frames, draft.state.question = moved.frames, question
    draft.state.frames = tuple(sorted(moved.frames, key=lambda frame: _place(draft, frame)))


def _place(draft: Draft, frame: Frame) -> int:
    """Where in the stack a task belongs while this session speaks: its own above what others left.

    Where another session's question came between, the step up that waits for its code is what to go on with.
    """
    if draft.elsewhere(frame):
        return 0
    if left(draft, frame):
        return 1
    question = draft.question
    interrupted = question is not None and question.session != draft.turn.session
    return 3 if interrupted and draft.steps_up(frame) else 2

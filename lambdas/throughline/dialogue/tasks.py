"""Working on a task: starting it, filling it, going on with it, and giving it to a person.

`go_on` is the one place where the assurance is checked, the next slot asked, the confirmation asked
or the action started; whatever touches a task ends there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from throughline.dialogue.draft import Draft, Step
from throughline.dialogue.frames import digest, fill, missing, without
from throughline.dialogue.model import Intent
from throughline.dialogue.phrases import TIERS
from throughline.dialogue.state import Asked, Frame, Question, WithPerson
from throughline.dialogue.values import canonical, complaint, kind_of
from throughline.reply import Handover, Param, Typed

NOT_UNDERSTOOD, SILENT = 0, 1
"""The two kinds of misses, in the order in which they are kept."""
CONFIRM = "confirm"
"""Under which name misses of a confirmation are counted."""


def go_on(d: Draft) -> Step:
    """Work on the task on top: ask what is missing, confirm it, or run it."""
    frame = d.top
    if frame is None:
        return d.ask_more()
    intent = d.intent_of(frame)
    frame = d.put(frame)
    if d.turn.assurance < intent.assurance:
        d.put(replace(frame, confirmed=""))
        return d.demand(intent)
    slot = missing(intent, frame, secrets=False)
    if slot is not None:
        return d.ask_slot(frame, slot)
    if (intent.confirms or intent.irreversible) and frame.confirmed != digest(frame):
        return d.ask_confirmation(frame)
    secret = missing(intent, frame, secrets=True)
    if secret is None:
        return start_action(d, frame)
    if d.turn.can.secrets:
        return d.ask_slot(frame, secret)
    d.say_phrase("secret_elsewhere", doing=d.doing(frame))
    d.drop(frame)
    return next_task(d)


def next_task(d: Draft) -> Step:
    """Something is finished: back to the task beneath it, if there is one that may be gone on with."""
    frame = d.top
    if frame is None or d.turn.assurance < d.intent_of(frame).assurance:
        return d.ask_more()
    if not left(d, frame):
        d.say_phrase("back_to", doing=d.doing(frame))
        return go_on(d)
    return d.ask_resume(frame) if frame.offered != d.turn.session else d.ask_more()


def start(d: Draft, intent: Intent, values: Mapping[str, str]) -> Step:
    """Open a new task, on top of whatever was going on."""
    d.note("digression" if d.top is not None and not left(d, d.top) else "opened", intent.name)
    d.close_question()
    same = next((f for f in d.state.frames if f.intent == intent.name), None)
    if same is not None:
        d.drop(same)
    now = d.turn.at
    d.put(Frame(d.fresh_id(), intent.name, now, now, d.turn.session, d.turn.link, d.model.version))
    return take(d, values, opening=True)


def take(d: Draft, values: Mapping[str, str], *, opening: bool = False) -> Step:
    """Put values into the task on top; what is out of bounds is said and asked for."""
    frame = d.top
    if frame is None:
        return d.ask_more()
    intent = d.intent_of(frame)
    if d.turn.assurance < intent.assurance:
        d.put(fill(intent, frame, _sound(d, intent, frame, values)[0]))
        return go_on(d)
    good, bad = _sound(d, intent, frame, values)
    frame = d.put(fill(intent, frame, good))
    if not bad:
        return go_on(d)
    slot = bad[0]
    frame = d.put(without(frame, slot))
    if opening:
        return go_on(d)
    return counted(d, slot, NOT_UNDERSTOOD) or go_on(d)


def acceptable(d: Draft, intent: Intent, frame: Frame, name: str, value: str) -> bool:
    """Whether the value is of the slot's type and within its bounds."""
    slot = intent.slot(name)
    if slot is None or canonical(d.model, d.turn.locale, slot.type, value) is None:
        return False
    return complaint(d.model, intent, name, value, frame.slots, d.turn.at) is None


def _sound(d: Draft, intent: Intent, frame: Frame, values: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Values within their bounds, and the names of the others; the first complaint is said."""
    good: dict[str, str] = {}
    bad: list[str] = []
    for name, value in values.items():
        slot = intent.slot(name)
        if slot is None:
            continue
        found = complaint(d.model, intent, name, value, {**frame.slots, **good}, d.turn.at)
        if found is None:
            good[name] = value
            continue
        bad.append(name)
        if len(bad) > 1:
            continue
        label = d.slot_label(intent, name)
        if found.phrase == "must_differ":
            d.say_phrase("must_differ", slot=label, other=d.slot_label(intent, found.bound))
        else:
            edge = Typed(kind_of(d.model, slot.type), found.bound)
            bound = "least" if found.phrase == "too_small" else "most"
            d.say_phrase(found.phrase, slot=label, **{bound: edge})
    return good, tuple(bad)


def refuse_value(d: Draft, frame: Frame, slot: str, code: str, params: Mapping[str, Param]) -> Step:
    """The business doesn't take a slot's value: say why and ask for it again."""
    intent = d.intent_of(frame)
    d.note("refused", f"{intent.name}.{code}")
    if d.has(intent, f"refused.{code}"):
        d.say_of(intent, f"refused.{code}", frame, params)
    asked = intent.slot(slot)
    if asked is None:
        d.put(replace(frame, confirmed=""))
        return to_person(d, "refused")
    d.put(frame if asked.sensitive else without(frame, slot))
    return counted(d, slot, NOT_UNDERSTOOD) or go_on(d)


def to_person(d: Draft, reason: str) -> Step:
    """A person takes over, or calls back where the channel can't transfer."""
    doing = d.top.intent if d.top is not None else ""
    d.note("handover", reason)
    d.state.misses = (0, 0)
    if d.top is not None:
        d.state.frames = (*d.state.frames[:-1], replace(d.top, misses={}))
    if not d.turn.can.transfer:
        d.say_phrase("call_back")
        return d.close(Handover(reason, doing, callback=True))
    d.say_phrase("handed_over")
    d.state.person = WithPerson(d.turn.at, d.turn.session, reason, d.turn.link)
    return d.close(Handover(reason, doing))


def counted(d: Draft, what: str, kind: int) -> Step | None:
    """Count a miss of the task on top; after the third in a row, a person."""
    frame = d.top
    if frame is None:
        return None
    counts = list(frame.misses.get(what, (0, 0)))
    counts[kind] += 1
    if sum(counts) > TIERS:
        return to_person(d, "silence" if kind == SILENT else "misses")
    d.put(replace(frame, misses={**frame.misses, what: (counts[0], counts[1])}))
    return None


def about(question: Question) -> str:
    """Under which name misses of a question are counted in its task."""
    return question.slot or (CONFIRM if question.asked is Asked.CONFIRM else f"({question.asked.value})")


def start_action(d: Draft, frame: Frame) -> Step:
    """Run the complete task's action; nothing else irreversible starts while an outcome is not known."""
    intent = d.intent_of(frame)
    if intent.irreversible and d.state.pending is not None:
        d.say_phrase("still_unknown", doing=d.doing(d.state.pending.frame))
        d.put(replace(frame, confirmed=""))
        return d.ask_more()
    return d.run(frame)


def left(d: Draft, frame: Frame) -> bool:
    """Whether the task was left: on another channel, or too long ago to go on without a word."""
    return frame.session != d.turn.session or d.turn.at - frame.touched_at > d.model.limits.idle_minutes * 60


def may_offer(d: Draft) -> Frame | None:
    """The task that was left and may be offered again: once a session, and only to who may go on with it."""
    frame = d.top
    if frame is None or not left(d, frame) or frame.offered == d.turn.session:
        return None
    return frame if d.turn.assurance >= d.intent_of(frame).assurance else None

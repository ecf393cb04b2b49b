"""Asking again, and the questions of the dialogue's own: which one, what to change, was that a yes."""

from __future__ import annotations

from throughline.dialogue.choices import to_do
from throughline.dialogue.draft import Draft
from throughline.dialogue.model import Role
from throughline.dialogue.phrases import TIERS
from throughline.dialogue.state import Asked, Frame, Option
from throughline.dialogue.steps import Step
from throughline.dialogue.tasks import (
    CONFIRM,
    NOT_UNDERSTOOD,
    SILENT,
    about,
    ask_new_code,
    ask_prove,
    counted,
    go_on,
    left,
    may_offer,
    may_offer_proof,
    offer_proof,
    to_person,
)
from throughline.reply import Choice, Typed

_TIERED = ("not_understood", "silence")


def reask(d: Draft) -> Step:
    """Ask again what is open, without counting it; where nothing is, ask what else."""
    question, frame = d.question, d.top
    if question is None or question.session != d.turn.session:
        if frame is not None and not left(d, frame) and d.enough(frame):
            return go_on(d)
        d.close_question()
        return d.ask_more("what_else")
    if question.asked in (Asked.SLOT, Asked.CONFIRM) and frame is not None:
        return go_on(d)
    if question.asked is Asked.PROVE:
        return ask_prove(d)
    if question.asked is Asked.NEW_CODE and frame is not None:
        return ask_new_code(d)
    if question.asked is Asked.RESUME and (offered := d.frame(question.frame)) is not None and d.enough(offered):
        return d.ask_resume(offered)
    if question.asked is Asked.CHANGE and frame is not None:
        return ask_change(d, frame)
    if question.asked is Asked.WHICH_SLOT and frame is not None:
        return ask_which_slot(d, frame, question.options)
    if question.asked is Asked.WHICH_INTENT:
        return ask_which_intent(d, question.options)
    return d.ask_more()


def miss(d: Draft, kind: int) -> Step:
    """Nothing usable came: a rising reprompt, three in a row at most, then a person."""
    d.note("silence" if kind == SILENT else "not_understood")
    offer = may_offer(d)
    if offer is not None:
        return d.ask_resume(offer)
    question, frame = d.question, d.top
    here = question is not None and question.session == d.turn.session
    if not here and (frame is None or left(d, frame)) and may_offer_proof(d):
        return offer_proof(d)
    if question is None or frame is None or question.frame != frame.id or not here:
        return _miss_outside(d, kind, here=here)
    if d.turn.assurance < d.intent_of(frame).assurance:
        return go_on(d)
    what = about(question)
    over = counted(d, what, kind)
    if over is not None:
        return over
    frame = d.top or frame
    intent, tier = d.intent_of(frame), frame.misses[what][kind] - 1
    slot = intent.slot(question.slot)
    if slot is not None and kind == NOT_UNDERSTOOD and d.has(intent, f"{slot.name}.again.{tier}"):
        return d.ask_slot(frame, slot, part=f"again.{tier}")
    if what == CONFIRM and kind == NOT_UNDERSTOOD and d.has(intent, f"confirm.again.{tier}"):
        return d.ask_confirmation(frame, part=f"confirm.again.{tier}")
    d.say_phrase(f"{_TIERED[kind]}.{tier}")
    return reask(d)


def _miss_outside(d: Draft, kind: int, *, here: bool) -> Step:
    counts = list(d.missed)
    counts[kind] += 1
    if sum(counts) > TIERS:
        return to_person(d, "silence" if kind == SILENT else "misses")
    d.state.misses = (counts[0], counts[1])
    d.say_phrase(f"{_TIERED[kind]}.{counts[kind] - 1}")
    mine = d.question is not None and d.top is not None and not left(d, d.top)
    return reask(d) if here or mine else d.leave_open()


def ask_change(d: Draft, frame: Frame) -> Step:
    """Ask which of the values should change, once a confirmation was declined."""
    intent = d.intent_of(frame)
    names = [name for name in frame.slots if intent.slot(name) is not None]
    labels = tuple({"slot": d.slot_label(intent, name)} for name in names)
    d.say_phrase("what_to_change", slots=labels)
    correct = d.model.by_role.get(Role.CORRECT, "")
    return d.ask_options(
        Asked.CHANGE,
        tuple(Option(slot=name) for name in names),
        tuple(Choice(d.slot_label(intent, name), correct, "which", name) for name in names),
    )


def ask_which_slot(d: Draft, frame: Frame, options: tuple[Option, ...]) -> Step:
    """Ask which of two slots a correction is for."""
    intent = d.intent_of(frame)
    first, second = (d.slot_label(intent, option.slot) for option in options[:2])
    d.say_phrase("which_slot", first=first, second=second)
    correct = d.model.by_role.get(Role.CORRECT, "")
    return d.ask_options(
        Asked.WHICH_SLOT,
        options,
        tuple(Choice(d.slot_label(intent, o.slot), correct, "which", o.slot) for o in options),
    )


def ask_which_intent(d: Draft, options: tuple[Option, ...]) -> Step:
    """Ask which of two intents was meant."""
    first, second = (Typed(f"label:{option.intent}", option.intent) for option in options[:2])
    d.say_phrase("which_intent", first=first, second=second)
    return d.ask_options(
        Asked.WHICH_INTENT,
        options,
        tuple(to_do(option.intent) for option in options),
    )

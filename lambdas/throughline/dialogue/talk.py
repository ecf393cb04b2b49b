"""What a turn's meaning does: the dialogue's moves, one function a move. Every move ends in a `Step`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from throughline.dialogue import meanings as m
from throughline.dialogue.asking import ask_change, ask_which_intent, ask_which_slot, miss, reask
from throughline.dialogue.deeds import note_proof
from throughline.dialogue.draft import Draft
from throughline.dialogue.frames import digest, missing, without
from throughline.dialogue.meaning import meaning
from throughline.dialogue.model import STEP_UP, Intent, Role
from throughline.dialogue.state import NONE, Asked, Option
from throughline.dialogue.steps import Step
from throughline.dialogue.tasks import (
    NOT_UNDERSTOOD,
    SILENT,
    about,
    acceptable,
    counted,
    demand,
    go_on,
    hidden,
    left,
    may_offer,
    may_offer_proof,
    next_task,
    offer_proof,
    prove,
    proving,
    refer,
    refuse_value,
    start,
    start_action,
    take,
    take_pin,
    tellable,
    to_person,
)
from throughline.reply import Typed
from throughline.turn import TELEPHONE_PIN, Assurance, InputMode


def talk(d: Draft) -> Step:
    """Answer the turn, whatever it means."""
    question, turn = d.question, d.turn
    # Another session's question is not what this one hears its customer by.
    mine = question if question is not None and question.session == turn.session else None
    if turn.captured is not None and turn.captured.kind == TELEPHONE_PIN:
        return _pin(d, turn.captured.flaw) if mine is not None and turn.answers == mine.id else reask(d)
    found = meaning(d.model, d.top, mine, turn)
    here = mine is not None and turn.answers == mine.id
    theirs = question is not None and mine is None and turn.answers == question.id
    # Keys mean what was read out with them: to another question they are no choice of today's menu.
    keyed = turn.mode is InputMode.KEYS and bool(turn.answers) and not isinstance(found, m.Universal)
    if ((m.is_answer(found) or keyed) and not here) or (theirs and isinstance(found, m.NotUnderstood)):
        return _answer_to_nothing(d, found)
    match found:
        case m.Opened():
            return _arrive(d)
        case m.Silent():
            return miss(d, SILENT)
        case m.NotUnderstood():
            return miss(d, NOT_UNDERSTOOD)
        case m.Yes(values):
            return _yes(d, values)
        case m.No(values):
            return _no(d, values)
        case m.Picked(index):
            return _picked(d, index)
        case m.Told(values, unfit):
            return _told(d, values, unfit)
        case m.Secret():
            return _secret(d)
        case m.Corrected(slots, value):
            return _corrected(d, slots, value)
        case m.Wanted(intent, values, _):
            return _wanted(d, intent, values)
        case m.Torn(first, second):
            return _torn(d, first, second)
        case m.Universal(role):
            return _universal(d, role)


def _answer_to_nothing(d: Draft, found: m.Meaning) -> Step:
    """A yes, no or value that answers no open question is never applied."""
    offer, frame, question = may_offer(d), d.top, d.question
    if d.turn.answers:
        d.note("stale_answer")
        d.say_phrase("asked_again")
        if offer is not None:
            return d.ask_resume(offer)
        here = question is not None and question.session == d.turn.session
        over = counted(d, about(question), NOT_UNDERSTOOD) if question is not None and here else None
        return over or reask(d)
    if isinstance(found, m.Told) and found.values and frame is not None:
        return start(d, d.intent_of(frame), found.values) if left(d, frame) else take(d, found.values, opening=True)
    if offer is not None:
        return d.ask_resume(offer)
    if isinstance(found, m.Yes) and may_offer_proof(d):
        return offer_proof(d)
    if question is not None:
        d.say_phrase("asked_again")
        return reask(d)
    if isinstance(found, m.Corrected | m.Told) and frame is not None and not left(d, frame):
        return go_on(d)
    if isinstance(found, m.Yes):
        return d.ask_more("what_else")
    if isinstance(found, m.No):
        d.say_phrase("goodbye")
        return d.close()
    return miss(d, NOT_UNDERSTOOD)


def _arrive(d: Draft) -> Step:
    offer = may_offer(d)
    if d.state.last_at:
        d.say_first("welcome_back")
    else:
        d.say_first("welcome", business=Typed("text", d.model.name))
    if offer is not None:
        return d.ask_resume(offer)
    if d.top is not None and not left(d, d.top) and d.enough(d.top):
        return reask(d)
    return offer_proof(d) if may_offer_proof(d) else d.ask_more("what_else")


def _wanted(d: Draft, intent: Intent, values: Mapping[str, str]) -> Step:
    question = d.question
    if question is not None and question.asked is Asked.WHICH_INTENT and d.turn.answers == question.id:
        known = next((o.slots for o in question.options if o.intent == intent.name), NONE)
        values = {**known, **values}
    if intent.role is Role.ANSWER:
        return _answer(d, intent)
    if intent.role in STEP_UP:
        if d.turn.assurance >= Assurance.VERIFIED:
            d.say_phrase("already_proved")
            return reask(d)
        proves = proving(d, intent.role)
        if proves is None:
            return refer(d)
        intent, values = proves, {name: value for name, value in values.items() if proves.slot(name) is not None}
    same = d.same(intent)
    if same is None:
        return start(d, intent, values)
    if same.begun and not left(d, same):
        # Said again, the task begins again: another code is sent.
        d.drop(same)
        same = d.put(replace(same, id=d.fresh_id(), begun=""))
    if not left(d, same):
        if question is not None and question.frame != same.id:
            d.close_question()
        d.put(same)
        return take(d, values, opening=True)
    if values:
        d.drop(same)
        return start(d, intent, values)
    if d.turn.assurance < intent.assurance:
        d.put(same)
        return go_on(d)
    d.state.frames = (*(f for f in d.state.frames if f.id != same.id), same)
    return d.ask_resume(same)


def _answer(d: Draft, intent: Intent) -> Step:
    d.note("answered", intent.name)
    if d.turn.assurance < intent.assurance:
        return demand(d, intent)
    d.say_of(intent, "answer", None)
    frame = d.top
    if frame is not None and not left(d, frame) and d.enough(frame):
        return go_on(d)
    offer = may_offer(d)
    return d.ask_resume(offer) if offer is not None else d.ask_more()


def _told(d: Draft, values: Mapping[str, str], unfit: tuple[str, ...]) -> Step:
    question = d.question
    if question is not None and question.asked is Asked.SLOT and not values and question.slot in unfit:
        return miss(d, NOT_UNDERSTOOD)
    if not values:
        return miss(d, NOT_UNDERSTOOD)
    d.close_question()
    return take(d, values)


def _secret(d: Draft) -> Step:
    frame, question = d.top, d.question
    if frame is None or question is None or question.frame != frame.id or d.turn.sealed is None:
        return reask(d)
    intent = d.intent_of(frame)
    slot, captured = intent.slot(question.slot), d.turn.captured
    if slot is None or not (tellable(d, slot) if captured is None else captured.kind == slot.sensitive):
        return miss(d, NOT_UNDERSTOOD)
    ready = missing(intent, frame, secrets=False) is None
    if d.turn.assurance < intent.assurance or not ready or (intent.confirms and frame.confirmed != digest(frame)):
        return go_on(d)
    if intent.begin and frame.begun != digest(frame):
        return go_on(d)
    if captured is not None and captured.flaw:
        return refuse_value(d, frame, slot.name, captured.flaw, {})
    return start_action(d, d.put(frame), d.turn.sealed)


def _pin(d: Draft, flaw: str) -> Step:
    if not flaw:
        note_proof(d, "pin")
    return take_pin(d, flaw)


def _corrected(d: Draft, slots: tuple[str, ...], value: str) -> Step:
    frame, question = d.top, d.question
    if frame is None:
        return miss(d, NOT_UNDERSTOOD)
    intent = d.intent_of(frame)
    if not value and question is not None and question.asked is Asked.WHICH_SLOT:
        value = next((o.slots[o.slot] for o in question.options if o.slot == slots[0]), "")
    if not value:
        d.close_question()
        d.put(without(frame, slots[0]))
        return go_on(d)
    if len(slots) > 1:
        return ask_which_slot(d, frame, tuple(Option(slots={name: value}, slot=name) for name in slots[:2]))
    d.note("corrected", slots[0])
    d.close_question()
    if acceptable(d, intent, frame, slots[0], value):
        d.say_phrase("corrected", slot=d.slot_label(intent, slots[0]))
    return take(d, {slots[0]: value})


def _yes(d: Draft, values: Mapping[str, str]) -> Step:
    question, frame = d.question, d.top
    if question is None:
        return d.ask_more("what_else")
    if question.asked is Asked.MORE:
        return d.ask_more("what_else")
    if question.asked is Asked.PROVE:
        return prove(d) or refer(d)
    if question.asked is Asked.NEW_CODE and frame is not None and frame.id == question.frame:
        d.close_question()
        return go_on(d)
    offered = d.frame(question.frame) if question.asked is Asked.RESUME else None
    if offered is not None:
        d.note("resumed", offered.intent)
        d.close_question()
        d.say_phrase("resumed", doing=d.doing(offered))
        d.put(offered)
        return go_on(d)
    if question.asked is not Asked.CONFIRM or frame is None:
        return miss(d, NOT_UNDERSTOOD)
    if values:
        return take(d, values)
    if frame.id != question.frame or digest(frame) != question.shown:
        d.say_phrase("asked_again")
        return go_on(d)
    d.put(replace(frame, confirmed=question.shown))
    return go_on(d)


def _no(d: Draft, values: Mapping[str, str]) -> Step:
    question, frame = d.question, d.top
    if question is None or question.asked is Asked.MORE:
        d.say_phrase("goodbye")
        return d.close()
    if question.asked is Asked.PROVE:
        d.note("declined")
        d.mark_offered(*hidden(d), declined=True)
        return d.ask_more("what_else")
    if question.asked is Asked.WHICH_INTENT or frame is None:
        return d.ask_more("what_else")
    if values:
        return take(d, values)
    if question.asked is Asked.RESUME:
        offered = d.frame(question.frame) or frame
        d.note("declined", offered.intent)
        d.say_phrase("dropped", doing=d.doing(offered))
        d.drop(offered)
        return next_task(d)
    if question.asked is Asked.CONFIRM and frame.slots:
        d.say_phrase("not_confirmed", doing=d.doing(frame))
        d.put(replace(frame, confirmed=""))
        return ask_change(d, frame)
    return _cancel(d)


def _picked(d: Draft, index: int) -> Step:
    question, frame = d.question, d.top
    option = question.options[index] if question is not None and index < len(question.options) else None
    if option is None:
        return miss(d, NOT_UNDERSTOOD)
    d.close_question()
    if option.intent:
        intent = d.model.intent(option.intent)
        return _wanted(d, intent, option.slots) if intent is not None else d.ask_more("what_else")
    if frame is None:
        return d.ask_more("what_else")
    if option.slots:
        return take(d, option.slots)
    d.put(without(frame, option.slot))
    return go_on(d)


def _torn(d: Draft, first: m.Wanted, second: m.Wanted) -> Step:
    d.note("disambiguated")
    options = tuple(Option(intent=w.intent.name, slots=dict(w.values)) for w in (first, second))
    return ask_which_intent(d, options)


def _universal(d: Draft, role: Role) -> Step:
    if role in (Role.HELP, Role.REPEAT):
        d.state.misses = d.missed
    if role is Role.HELP:
        return _help(d)
    if role is Role.REPEAT:
        return _repeat(d)
    if role is Role.CANCEL:
        return _cancel(d)
    if role is Role.START_OVER:
        return _start_over(d)
    if role is Role.GO_BACK:
        return _go_back(d)
    if role is Role.GOODBYE:
        d.say_phrase("goodbye")
        return d.close()
    if role is Role.PERSON:
        return to_person(d, "asked")
    return _arrive(d)


def _help(d: Draft) -> Step:
    d.note("help")
    frame, question = d.top, d.question
    if frame is None or question is None or question.frame != frame.id or question.session != d.turn.session:
        d.say_phrase("help")
        return d.leave_open()
    if not d.enough(frame):
        return reask(d)
    intent = d.intent_of(frame)
    if question.slot and d.has(intent, f"{question.slot}.help"):
        d.say_of(intent, f"{question.slot}.help", frame)
    elif d.has(intent, "help"):
        d.say_of(intent, "help", frame)
    return reask(d)


def _repeat(d: Draft) -> Step:
    here = (a.reply for a in reversed(d.state.recent) if a.session == d.turn.session)
    reply, question = next((said for said in here if said is not None and said.lines), None), d.question
    if reply is None:
        d.say_phrase("nothing_to_repeat")
        return reask(d)
    if d.turn.assurance < reply.needs:
        d.say_phrase("not_repeated")
        return reask(d)
    if reply.question and (question is None or question.id != reply.question):
        d.lines.extend(reply.lines[:-1])
        d.needs = reply.needs
        return reask(d)
    if reply.handover is not None:
        return reask(d)
    return d.say_again(reply)


def _cancel(d: Draft) -> Step:
    frame, question = d.top, d.question
    asked = question is not None and question.session == d.turn.session
    meant = frame is not None and (not left(d, frame) or (asked and d.enough(frame)))
    if frame is None or not meant:
        d.say_phrase("nothing_to_cancel")
    else:
        d.note("cancelled", frame.intent)
        d.say_phrase("cancelled", doing=d.doing(frame))
        d.drop(frame)
    d.close_question()
    return d.close() if d.turn.can.cancel_exits else next_task(d)


def _start_over(d: Draft) -> Step:
    frame = d.top
    if frame is None or left(d, frame):
        d.close_question()
        return d.ask_more("what_else")
    d.note("started_over", frame.intent)
    d.close_question()
    d.say_phrase("started_over", doing=d.doing(frame))
    d.put(replace(frame, slots={}, misses={}, confirmed="", through={}, begun=""))
    return go_on(d)


def _go_back(d: Draft) -> Step:
    frame = d.top
    question = d.question
    if frame is None or not frame.slots or question is None or question.frame != frame.id:
        d.say_phrase("nothing_to_go_back_to")
        return reask(d)
    d.close_question()
    d.put(without(frame, list(frame.slots)[-1]))
    return go_on(d)

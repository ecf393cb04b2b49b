"""Working on a task: starting it, filling it, going on with it, and giving it to a person.

`go_on` is the one place where the assurance is checked, the next slot asked, the confirmation asked
or the action started; whatever touches a task ends there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from throughline.dialogue.choices import yes_no
from throughline.dialogue.draft import Draft
from throughline.dialogue.frames import digest, fill, missing, without
from throughline.dialogue.model import STEP_UP, Intent, Role, Slot
from throughline.dialogue.parting import through
from throughline.dialogue.phrases import TIERS
from throughline.dialogue.state import Asked, Frame, Question, WithPerson
from throughline.dialogue.steps import Step
from throughline.dialogue.values import canonical, complaint, kind_of
from throughline.privacy.sealed import Sealed
from throughline.reply import Handover, Param, Typed
from throughline.turn import TELEPHONE_PIN, Assurance, Provable

NOT_UNDERSTOOD, SILENT = 0, 1
"""The two kinds of misses, in the order in which they are kept."""
CONFIRM = "confirm"
"""Under which name misses of a confirmation are counted."""
PIN, NO_PIN = "(pin)", "(no pin)"
"""Under which names wrong telephone PINs are counted, and that no more are asked for."""
NEW_CODE = "(new code)"
"""Under which name it is kept that another code was offered; no slot can be called so."""


def go_on(d: Draft) -> Step:
    """Work on the task on top: ask what is missing, confirm it, or run it."""
    frame = d.top
    if frame is None:
        return d.ask_more()
    intent = d.intent_of(frame)
    frame = d.put(frame)
    if d.turn.assurance < intent.assurance:
        d.put(replace(frame, confirmed=""))
        return demand(d, intent)
    if intent.role in STEP_UP and d.turn.assurance >= Assurance.VERIFIED:
        d.drop(frame)
        d.say_phrase("already_proved")
        return next_task(d)
    if intent.role is Role.ANSWER:
        d.drop(frame)
        d.say_of(intent, "answer", None)
        return next_task(d)
    slot = missing(intent, frame, secrets=False)
    if slot is not None:
        return d.ask_slot(frame, slot)
    if (intent.confirms or intent.irreversible) and frame.confirmed != digest(frame):
        return d.ask_confirmation(frame)
    secret = missing(intent, frame, secrets=True)
    apart = d.turn.forgeable and intent.role not in STEP_UP  # who keys a secret there could be anybody by then
    if secret is not None and (apart or not askable(d, secret)):
        d.say_phrase("secret_elsewhere", doing=d.doing(frame))
        d.drop(frame)
        return next_task(d)
    if intent.begin and frame.begun != digest(frame):
        return d.begin(frame)
    if d.turn.forgeable and intent.irreversible and not intent.protective and d.turn.assurance < Assurance.VERIFIED:
        # Anybody might have written that yes: a code for these very values is what does it.
        return demand(d, intent, Assurance.VERIFIED)
    return start_action(d, frame) if secret is None else d.ask_slot(frame, secret)


def askable(d: Draft, secret: Slot) -> bool:
    """Whether this channel may be asked for such a secret."""
    return secret.sensitive in d.turn.can.captures or tellable(d, secret)


def tellable(d: Draft, secret: Slot) -> bool:
    """Whether the secret may be answered here in words, as any other slot is."""
    return d.turn.can.secrets or (secret.sensitive == "code" and d.turn.can.codes)


def demand(d: Draft, intent: Intent, level: Assurance | None = None) -> Step:
    """Say what must be proved first, and have it proved here if that can be; the task waits beneath.

    `level` is what it takes, if not what the intent says.
    """
    level = intent.assurance if level is None else level
    d.note("assurance_needed", intent.name)
    d.say_phrase(f"need_{level.name.lower()}")
    d.close_question()
    d.step_up = level
    if proving(d) is not None and intent.role is Role.ANSWER:
        d.put(d.same(intent) or fresh(d, intent))
    return (None if intent.role in STEP_UP else ask_pin(d) or prove(d)) or refer(d)


def ask_pin(d: Draft) -> Step | None:
    """Have the telephone PIN keyed in, for the task that waits; None where that can't be, or was tried too often."""
    frame = d.top
    if TELEPHONE_PIN not in d.turn.can.captures or frame is None or NO_PIN in frame.misses:
        return None
    d.say_phrase("pin_ask")
    return d.ask_capture(TELEPHONE_PIN)


def take_pin(d: Draft, flaw: str) -> Step:
    """The telephone PIN was keyed in and looked at: the task goes on, or another try or another way follows."""
    frame = d.top
    d.close_question()
    if frame is None or left(d, frame):
        return d.ask_more("what_else")
    if not flaw:
        return go_on(d)
    d.note("refused", f"pin.{flaw}")
    tries = frame.misses.get(PIN, (0, 0))[NOT_UNDERSTOOD] + 1
    again = flaw == "wrong" and tries < TIERS
    d.put(replace(frame, misses={**frame.misses, **({PIN: (tries, 0)} if again else {NO_PIN: (1, 0)})}))
    d.say_phrase("pin_wrong" if again else "pin_spent")
    return ask_pin(d) or prove(d) or refer(d)


def proving(d: Draft, wanted: Role = Role.PROVE) -> Intent | None:
    """The intent by which who speaks can prove who they are, here and now; whom we don't know must say who they are."""
    if d.turn.provable is Provable.NO:
        return None
    role = wanted if d.turn.provable is Provable.CODE else Role.IDENTIFY
    intent = d.model.intents.get(d.model.by_role.get(role, ""))
    secret = next((slot for slot in intent.slots if slot.sensitive), None) if intent is not None else None
    return intent if secret is not None and askable(d, secret) else None


def prove(d: Draft) -> Step | None:
    """Have it proved who speaks, on top of whatever is open; None where that can't be. A code that is out counts."""
    intent = proving(d)
    if intent is None:
        return None
    d.stepping = True
    d.close_question()
    d.put(d.same(intent) or fresh(d, intent))
    return go_on(d)


def refer(d: Draft) -> Step:
    """What must be proved can't be proved here: say where else, and who can help."""
    d.say_phrase("prove_elsewhere")
    if d.turn.can.transfer:
        d.say_phrase("person_can_help")
    d.close_question()
    return d.keep_question()


def ask_prove(d: Draft) -> Step:
    """Offer to go on with what was left, once the customer has proved who they are; what it was is not named."""
    d.say_phrase("prove_offer")
    return d.ask_options(Asked.PROVE, (), yes_no(d.model))


def ask_new_code(d: Draft) -> Step:
    """Offer to send another code."""
    d.say_phrase("new_code_offer")
    return d.ask_options(Asked.NEW_CODE, (), yes_no(d.model))


def fresh(d: Draft, intent: Intent) -> Frame:
    """A new task, not on the stack yet."""
    now = d.turn.at
    return Frame(d.fresh_id(), intent.name, now, now, d.turn.session, d.turn.link, d.model.version)


def next_task(d: Draft) -> Step:
    """Something is finished: back to the task beneath it, if there is one that may be gone on with."""
    frame = d.top
    if frame is None or not d.enough(frame):
        return d.ask_more()
    if not left(d, frame):
        d.say_phrase("back_to", doing=d.doing(frame))
        return go_on(d)
    return d.ask_more() if d.offered(frame) else d.ask_resume(frame)


def start(d: Draft, intent: Intent, values: Mapping[str, str]) -> Step:
    """Open a new task, on top of whatever was going on."""
    d.note("digression" if d.top is not None and not left(d, d.top) else "opened", intent.name)
    d.close_question()
    same = d.same(intent)
    if same is not None:
        d.drop(same)
    d.put(fresh(d, intent))
    return take(d, values, opening=True)


def take(d: Draft, values: Mapping[str, str], *, opening: bool = False) -> Step:
    """Put values into the task on top; what is out of bounds is said and asked for."""
    frame = d.top
    if frame is None:
        return d.ask_more()
    intent = d.intent_of(frame)
    values = {**_implied(intent, frame, values), **values} if intent.begin else values
    if d.turn.assurance < intent.assurance:
        good = _sound(d, intent, frame, values)[0]
        d.put(through(fill(intent, frame, good), good, d.turn.link))
        return go_on(d)
    good, bad = _sound(d, intent, frame, values)
    frame = d.put(through(fill(intent, frame, good), good, d.turn.link))
    if not bad:
        return go_on(d)
    slot = bad[0]
    frame = d.put(without(frame, slot))
    if opening:
        return go_on(d)
    return counted(d, slot, NOT_UNDERSTOOD) or go_on(d)


def _implied(intent: Intent, frame: Frame, values: Mapping[str, str]) -> dict[str, str]:
    """What goes without saying: who tells a phone number wants the code there, and isn't asked which way."""
    said = {**frame.slots, **values}
    slots = (slot for name in values if (slot := intent.slot(name)) is not None)
    return {other: wanted[0] for slot in slots for other, wanted in slot.when.items() if other not in said}


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
    if intent.begin and asked.sensitive and frame.misses.get(slot, (0, 0))[NOT_UNDERSTOOD] + 1 >= TIERS:
        return used_up(d, frame)
    return counted(d, slot, NOT_UNDERSTOOD) or go_on(d)


def used_up(d: Draft, frame: Frame) -> Step:
    """A code is worth nothing any more: another one is offered once, then a person helps."""
    if NEW_CODE in frame.misses:
        d.drop(frame)
        return cannot_prove(d) if d.steps_up(frame) else to_person(d, "refused")
    d.drop(frame)
    d.put(replace(frame, id=d.fresh_id(), begun="", misses={NEW_CODE: (1, 0)}))
    return ask_new_code(d)


def cannot_prove(d: Draft) -> Step:
    """It can't be proved here who speaks: a person helps, or they hear where else to go. What they wanted stays."""
    d.note("not_proved")
    if d.turn.can.transfer:
        return to_person(d, "assurance")
    return refer(d)


def to_person(d: Draft, reason: str) -> Step:
    """A person takes over, or calls back where the channel can't transfer."""
    wanted = [f for f in d.state.frames if not d.steps_up(f)]
    doing = wanted[-1].intent if wanted else ""
    d.note("handover", reason)
    d.state.misses = (0, 0)
    if d.top is not None:
        d.state.frames = (*d.state.frames[:-1], replace(d.top, misses={}))
    if reason == "assurance":
        d.state.frames = tuple(f for f in d.state.frames if not d.steps_up(f) or d.elsewhere(f))
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
        return to_person(d, "assurance" if d.steps_up(frame) else "silence" if kind == SILENT else "misses")
    d.put(replace(frame, misses={**frame.misses, what: (counts[0], counts[1])}))
    return None


def about(question: Question) -> str:
    """Under which name misses of a question are counted in its task."""
    return question.slot or (CONFIRM if question.asked is Asked.CONFIRM else f"({question.asked.value})")


def start_action(d: Draft, frame: Frame, secret: Sealed | None = None) -> Step:
    """Run the complete task's action; nothing else irreversible starts while an outcome is not known."""
    intent = d.intent_of(frame)
    pending = d.state.pending
    if intent.irreversible and pending is not None:
        if not d.looked:
            return d.settle(pending)
        if may_hear(d, pending.frame):
            d.say_phrase("still_unknown", doing=d.doing(pending.frame))
        else:
            d.say_phrase("working")
        d.put(replace(frame, confirmed=""))
        return d.ask_more()
    return d.run(frame, secret)


def may_hear(d: Draft, frame: Frame) -> bool:
    """Whether who speaks may be told how a task ended."""
    intent = d.model.intents.get(frame.intent)
    return intent is None or d.turn.assurance >= intent.assurance


def left(d: Draft, frame: Frame) -> bool:
    """Whether the task was left: on another channel, or too long ago to go on without a word."""
    return frame.session != d.turn.session or d.turn.at - frame.touched_at > d.model.limits.idle_minutes * 60


def may_offer(d: Draft) -> Frame | None:
    """The task that was left and may be offered again: once a session, and only to who may go on with it."""
    frame = d.top
    return frame if frame is not None and left(d, frame) and not d.offered(frame) and d.enough(frame) else None


def hidden(d: Draft) -> tuple[Frame, ...]:
    """Tasks that were left and that only somebody who proves more may go on with."""
    return tuple(f for f in d.state.frames if not d.steps_up(f) and left(d, f) and not d.enough(f))


def may_offer_proof(d: Draft) -> bool:
    """Whether to offer a proof for the sake of what was left: once a session, and without naming it."""
    waiting = hidden(d)
    return bool(waiting) and not any(d.offered(f) for f in waiting) and proving(d) is not None


def offer_proof(d: Draft) -> Step:
    """Offer it."""
    d.mark_offered(*hidden(d))
    return ask_prove(d)

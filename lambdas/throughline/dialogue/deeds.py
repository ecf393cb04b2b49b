"""What follows from the outcome of a business action."""

from __future__ import annotations

from dataclasses import replace

from throughline.dialogue.action import Done, Failed, Invalid, NeedsPerson, Outcome, Refused, Unknown
from throughline.dialogue.changes import Change, Identified, Proved
from throughline.dialogue.draft import Draft
from throughline.dialogue.frames import digest, missing
from throughline.dialogue.model import STEP_UP, Intent
from throughline.dialogue.phrases import TIERS
from throughline.dialogue.state import Frame, Pending, Proof
from throughline.dialogue.steps import Deed, Step
from throughline.dialogue.tasks import cannot_prove, may_hear, next_task, refuse_value, to_person, used_up
from throughline.turn import Assurance

FAILED = "(failed)"
"""Where a frame counts its technical failures among its misses; no slot can be called so."""
USED_UP = frozenset({"expired", "too_many_tries"})
"""Codes of refusals that mean: this one-time code is worth nothing any more, another one may be."""
KEPT_PROOFS = 8
"""Of one customer at once: so many sessions may be verified."""


def concluded(draft: Draft, deed: Deed, outcome: Outcome) -> Step:
    """The action of this very turn has ended.

    A task that goes on after all gets a new id, so that its next attempt is a deed of its own to the back end.
    """
    frame = deed.frame
    draft.take_up(deed.said)
    draft.looked = True  # The turn can't be decided anew any more: its action has run.
    if deed.irreversible:
        if isinstance(outcome, Unknown):
            return _not_known(draft, frame)
        draft.state.pending = None
    draft.drop(frame)
    intent = draft.intent_of(frame)
    if isinstance(outcome, Done):
        return _begun(draft, intent, frame, outcome) if deed.begins else _done(draft, intent, frame, outcome)
    if isinstance(outcome, Refused):
        tell(draft, frame, outcome)
        if intent.begin and not deed.begins and outcome.code in USED_UP:
            return used_up(draft, frame)
        return cannot_prove(draft) if intent.role in STEP_UP else next_task(draft)
    frame = replace(frame, id=draft.fresh_id())
    if isinstance(outcome, Invalid):
        return refuse_value(draft, frame, outcome.slot, outcome.code, outcome.params)
    if isinstance(outcome, NeedsPerson):
        draft.put(replace(frame, confirmed=""))
        return to_person(draft, outcome.reason)
    return _failed(draft, frame)


def _done(draft: Draft, intent: Intent, frame: Frame, outcome: Done) -> Step:
    draft.changes = _may_change(intent, outcome)
    tell(draft, frame, outcome)
    how = next((c.how for c in draft.changes if isinstance(c, Proved | Identified)), "")
    if how:
        note_proof(draft, how)
    return next_task(draft)


def _begun(draft: Draft, intent: Intent, frame: Frame, outcome: Done) -> Step:
    """The code is out: ask for it. Where the task has no secret to ask for after all, that was all of it."""
    secret = missing(intent, frame, secrets=True)
    if secret is None:
        return _done(draft, intent, frame, outcome)
    draft.note("begun", intent.name)
    draft.changes = _may_change(intent, outcome)
    frame = draft.put(replace(frame, begun=digest(frame)))
    variant = f"begun_{outcome.variant}"
    draft.say_of(intent, variant if outcome.variant and draft.has(intent, variant) else "begun", frame, outcome.params)
    return draft.ask_slot(frame, secret)


def _may_change(intent: Intent, outcome: Done) -> tuple[Change, ...]:
    """What the action changes about the customer; that somebody is who they say is a step up's to find."""
    if intent.role in STEP_UP:
        return outcome.changes
    return tuple(change for change in outcome.changes if not isinstance(change, Proved | Identified))


def note_proof(draft: Draft, how: str) -> None:
    """From now on, and for some minutes, who speaks through this link in this session is verified."""
    turn, state = draft.turn, draft.state
    oldest = turn.at - draft.model.limits.verified_minutes * 60
    # One that has aged still tells whose the tasks of its session are, should somebody else prove to be there.
    begun = {frame.session for frame in state.frames}
    others = (
        p
        for p in state.proofs
        if (p.at > oldest or p.session in begun) and (p.link, p.session) != (turn.link, turn.session)
    )
    state.proofs = (*others, Proof(turn.link, turn.session, turn.at, how))[-KEPT_PROOFS:]
    # What was offered without its name, to who might not hear it, may be offered now; and nothing is left to prove.
    state.frames = tuple(
        replace(f, offered="") if f.offered == turn.session else f
        for f in state.frames
        if not draft.steps_up(f) or f.session != turn.session
    )
    draft.turn = replace(turn, assurance=Assurance.VERIFIED)
    draft.stepping = True
    draft.note("proved", how)


def settled(draft: Draft, pending: Pending, outcome: Outcome) -> None:
    """An earlier turn's action has been looked into: say what came of it; the turn itself is answered next."""
    frame = pending.frame
    draft.looked = True
    hears = may_hear(draft, frame)
    doing = draft.doing(frame)
    if isinstance(outcome, Unknown | Failed):
        if not pending.told:
            draft.say_phrase("outcome_unknown", doing=doing)
        elif draft.turn.opens:
            draft.say_phrase("still_unknown", doing=doing)
        draft.state.pending = replace(pending, told=pending.told or hears)
        return
    draft.state.pending = None
    intent = draft.model.intents.get(frame.intent)
    if isinstance(outcome, Done) and intent is not None:
        draft.changes = _may_change(intent, outcome)
    if intent is None:
        draft.say_phrase("changed_since")
    elif isinstance(outcome, Done | Refused):
        tell(draft, frame, outcome)
    else:
        draft.note("not_done", frame.intent)
        draft.say_phrase("not_done_after_all", doing=doing)
        again = replace(frame, id=draft.fresh_id(), confirmed="")
        if not hears:
            draft.state.frames = (again, *(f for f in draft.state.frames if f.intent != frame.intent))
            return
        draft.close_question()
        draft.put(again)


def tell(draft: Draft, frame: Frame, outcome: Done | Refused) -> None:
    """Say how it ended."""
    intent = draft.intent_of(frame)
    if isinstance(outcome, Done):
        draft.note("done", intent.name)
        if intent.protective and draft.turn.assurance < Assurance.LINKED:
            draft.note("protective", intent.name)
        variant = f"done_{outcome.variant}"
        draft.say_of(
            intent,
            variant if outcome.variant and draft.has(intent, variant) else "done",
            frame,
            outcome.params,
        )
        return
    draft.note("refused", f"{intent.name}.{outcome.code}")
    part = f"refused.{outcome.code}"
    if draft.has(intent, part):
        draft.say_of(intent, part, frame, outcome.params)
    else:
        draft.say_phrase("failed", doing=draft.doing(frame))


def _failed(draft: Draft, frame: Frame) -> Step:
    failures = frame.misses.get(FAILED, (0, 0))[0] + 1
    draft.note("failed", frame.intent)
    draft.say_phrase("failed", doing=draft.doing(frame))
    kept = draft.put(replace(frame, confirmed="", misses={**frame.misses, FAILED: (failures, 0)}))
    if failures >= TIERS:
        return to_person(draft, "failed")
    return draft.ask_resume(kept)


def _not_known(draft: Draft, frame: Frame) -> Step:
    draft.note("outcome_unknown", frame.intent)
    pending = draft.state.pending
    if pending is not None:
        draft.state.pending = replace(pending, told=True)
    draft.say_phrase("outcome_unknown", doing=draft.doing(frame))
    return next_task(draft)

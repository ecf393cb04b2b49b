"""What follows from the outcome of a business action."""

from __future__ import annotations

from dataclasses import replace

from throughline.dialogue.action import Done, Failed, Invalid, NeedsPerson, Outcome, Refused, Unknown
from throughline.dialogue.draft import Deed, Draft, Step
from throughline.dialogue.phrases import TIERS
from throughline.dialogue.state import Frame, Pending
from throughline.dialogue.tasks import next_task, refuse_value, to_person

FAILED = "(failed)"
"""Where a frame counts its technical failures among its misses; no slot can be called so."""


def concluded(draft: Draft, deed: Deed, outcome: Outcome) -> Step:
    """The action of this very turn has ended.

    A task that goes on after all gets a new id, so that its next attempt is a deed of its own to the back end.
    """
    frame = deed.frame
    if deed.irreversible:
        if isinstance(outcome, Unknown):
            return _not_known(draft, frame)
        draft.state.pending = None
    draft.drop(frame)
    if isinstance(outcome, Done | Refused):
        tell(draft, frame, outcome)
        return next_task(draft)
    frame = replace(frame, id=draft.fresh_id())
    if isinstance(outcome, Invalid):
        return refuse_value(draft, frame, outcome.slot, outcome.code, outcome.params)
    if isinstance(outcome, NeedsPerson):
        draft.put(replace(frame, confirmed=""))
        return to_person(draft, outcome.reason)
    return _failed(draft, frame)


def settled(draft: Draft, pending: Pending, outcome: Outcome) -> None:
    """An earlier turn's action has been looked into: say what came of it; the turn itself is answered next."""
    frame = pending.frame
    doing = draft.doing(frame)
    if isinstance(outcome, Unknown | Failed):
        if not pending.told:
            draft.say_phrase("outcome_unknown", doing=doing)
        elif draft.turn.opens:
            draft.say_phrase("still_unknown", doing=doing)
        draft.state.pending = replace(pending, told=True)
        return
    draft.state.pending = None
    if frame.intent not in draft.model.intents:
        draft.say_phrase("changed_since")
    elif isinstance(outcome, Done | Refused):
        tell(draft, frame, outcome)
    else:
        draft.note("not_done", frame.intent)
        draft.say_phrase("not_done_after_all", doing=doing)
        draft.close_question()
        draft.put(replace(frame, id=draft.fresh_id(), confirmed=""))


def tell(draft: Draft, frame: Frame, outcome: Done | Refused) -> None:
    """Say how it ended."""
    intent = draft.intent_of(frame)
    if isinstance(outcome, Done):
        draft.note("done", intent.name)
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

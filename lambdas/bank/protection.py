"""Undoing a protection: the card turned up, the account may be used again."""

from __future__ import annotations

from bank.core import CoreBanking, LiftProtection
from bank.deeds import Deed
from throughline.dialogue.action import Action, Actions, Assurance, Call, NeedsPerson, NotDone, Outcome, Refused

MISUSED = "misused"
"""The core system's refusal to free what was misused: the fraud team decides that, with the customer."""


def protection_actions(core: CoreBanking) -> Actions:
    """undo_protection."""

    def lifting(call: Call) -> LiftProtection:
        return LiftProtection(call.slots["protected"])

    deed = Deed(core, lifting)

    def undo(call: Call) -> Outcome:
        # Anybody may protect, so only a proof tells the customer from whoever would have the card work again.
        if call.assurance is not Assurance.VERIFIED:
            return NeedsPerson("assurance")
        outcome = deed.run(call)
        return NeedsPerson("refused") if _misused(outcome) else outcome

    def settle(call: Call) -> Outcome:
        outcome = deed.settle(call)
        return NotDone() if _misused(outcome) else outcome

    return {"undo_protection": Action(undo, settle)}


def _misused(outcome: Outcome) -> bool:
    return isinstance(outcome, Refused) and outcome.code == MISUSED

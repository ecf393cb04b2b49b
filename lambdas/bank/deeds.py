"""From an action's call to an order in the core banking system, and from its receipt back to an outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bank.core import CoreBanking, NoAnswer, Order, Receipt, Unavailable
from throughline.dialogue.action import (
    Action,
    Call,
    Done,
    Failed,
    Invalid,
    NotDone,
    Outcome,
    Refused,
    Typed,
    Unknown,
)

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "amount": "money",
        "application_number": "digits",
        "arrival": "date",
        "available": "money",
        "balance": "money",
        "case_number": "digits",
        "highest": "money",
        "left": "money",
        "owed": "money",
        "points_left": "number",
        "worth": "money",
    }
)
"""Fact in a receipt to the kind of value that it is when told."""

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Deed:
    """An irreversible action: one order, placed under the call's key."""

    core: CoreBanking
    """Where it is carried out."""
    order: Callable[[Call], Order | Invalid]
    """The order that a call means; Invalid if it can't be one, and then nothing is recorded under the key."""
    asks_again: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Refusal code to the slot that is asked again because of it; other refusals end the task."""

    def run(self, call: Call) -> Outcome:
        """Place the order."""
        order = self.order(call)
        if isinstance(order, Invalid):
            return order
        try:
            receipt = self.core.order(call.customer, call.key, call.now, order)
        except Unavailable:
            return Failed()
        except NoAnswer:
            return Unknown()
        return self._outcome(receipt)

    def settle(self, call: Call) -> Outcome:
        """Find out what became of the order, or strike it off."""
        try:
            receipt = self.core.settle(call.customer, call.key, call.now)
        except (Unavailable, NoAnswer):
            return Unknown()
        return self._outcome(receipt)

    def action(self) -> Action:
        """As the engine knows it."""
        return Action(self.run, self.settle)

    def _outcome(self, receipt: Receipt | None) -> Outcome:
        return NotDone() if receipt is None else told(receipt, self.asks_again)


def told(receipt: Receipt, asks_again: Mapping[str, str] = NOTHING) -> Done | Refused | Invalid:
    """A receipt as an outcome, its facts typed."""
    params = {name: Typed(KINDS[name], value) for name, value in receipt.facts.items()}
    if receipt.accepted:
        return Done(params, receipt.code)
    slot = asks_again.get(receipt.code)
    return Refused(receipt.code, params) if slot is None else Invalid(slot, receipt.code, params)


def reading(run: Callable[[Call], Outcome]) -> Action:
    """An action that changes nothing of value: if the core system fails, it may be tried again."""

    def careful(call: Call) -> Outcome:
        try:
            return run(call)
        except (Unavailable, NoAnswer):
            return Failed()

    return Action(careful)

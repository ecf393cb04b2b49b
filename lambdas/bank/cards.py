"""Cards: blocking, replacing, explaining, applying for one, its PIN and its limit."""

from __future__ import annotations

from decimal import Decimal

from bank.core import Apply, BlockCard, CoreBanking, ReplaceCard, ReportFraud, SetLimit, SetPin
from bank.deeds import Deed, reading
from bank.pins import four_digits, is_weak
from throughline.dialogue.action import Actions, Call, Done, Invalid, Outcome, Typed

SMALL_CHANGE = Decimal(20)
"""Dollars: a card that can spend less than this was most likely declined for lack of funds."""
_STATES = {"review": "", "approved": "approved", "declined": "declined"}


def card_actions(core: CoreBanking) -> Actions:
    """Everything about cards: protecting, renewing, explaining, PIN, limit and applications."""

    def explain_decline(call: Call) -> Outcome:
        card = call.slots["card"]
        if card == "both":
            return Invalid("card", "one_card")
        state = core.card(call.customer, card)
        if state.blocked or state.frozen:
            return Done({}, "blocked" if state.blocked else "frozen")
        if state.available < SMALL_CHANGE:
            return Done({"available": Typed("money", str(state.available))}, "funds")
        return Done()

    def application_status(call: Call) -> Outcome:
        found = core.application(call.customer, call.slots["application_number"])
        if found is None:
            return Invalid("application_number", "unknown")
        variant = _STATES[found.state]
        return Done({"product": Typed("choice:card_product", found.product)}, variant)

    def set_pin(call: Call) -> SetPin | Invalid:
        pin = four_digits(call.secret.reveal()) if call.secret is not None else None
        if pin is None:
            return Invalid("new_pin", "not_four_digits")
        return Invalid("new_pin", "weak_pin") if is_weak(pin) else SetPin(call.slots["card"], pin)

    def block(call: Call) -> BlockCard:
        return BlockCard(call.slots["card"], call.slots.get("last_four", ""))

    def fraud(call: Call) -> ReportFraud:
        return ReportFraud(call.slots["fraud_kind"], call.slots["card"])

    def replacement(call: Call) -> ReplaceCard:
        return ReplaceCard(call.slots["card"])

    def limit(call: Call) -> SetLimit:
        return SetLimit(Decimal(call.slots["new_limit"]))

    def application(call: Call) -> Apply:
        return Apply(call.slots["product"])

    return {
        "block_card": Deed(core, block, {"no_such_card": "last_four"}).action(),
        "report_fraud": Deed(core, fraud).action(),
        "replace_card": Deed(core, replacement).action(),
        "explain_decline": reading(explain_decline),
        "change_pin": Deed(core, set_pin).action(),
        "change_credit_limit": Deed(core, limit).action(),
        "apply_for_card": Deed(core, application).action(),
        "application_status": reading(application_status),
    }

"""Every way each action can end, as the slots that lead there: what the prompts are checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bank.core import Transfer
from bank.fake import invented
from tests.unit.bank.bank_calls import DAY, NOW, call, calm_bank
from throughline.dialogue.action import Outcome


@dataclass(frozen=True, slots=True)
class Step:
    """One call."""

    action: str
    """The action's name."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Canonical values."""
    secret: str | None = None
    """The sensitive slot's answer."""
    later: float = 0.0
    """Seconds after NOW."""


_SAME = {"name": "Ada", "branch": "downtown", "topic": "loan"}
_MEET = {**_SAME, "date": "2026-11-24", "time": "10:00"}
_BILL = {"biller": "power", "amount": "80.00", "from_account": "checking", "date": "2026-11-20"}
_MOVE = {"amount": "50.00", "from_account": "checking", "to_account": "savings"}
_PAY = {"biller": "power", "amount": "80.00"}
_CARDS = (
    "4111 1111 1111 1111, 12/30, 123",
    "4111 1111 1111 1112, 12/30, 123",
    "4111 1111 1111 1111, 13/30, 123",
    "4111 1111 1111 1111, 01/26, 123",
    "4111 1111 1111 1111, 12/30, 12",
    "4000 0000 0000 0002, 12/30, 123",
    "4000 0000 0000 9995, 12/2030, 123",
)
_LOST = Step("block_card", {"card": "both"})
_FREEZE = Step("freeze_account", {"account": "checking"})
_UNDO = Step("undo_protection", {"protected": "checking"})
_PROTECT = [Step("report_fraud", {"fraud_kind": "scam", "card": "credit"})] * 5
_BUSY = [Step("book_appointment", {**_MEET, "time": f"{hour}:00"}) for hour in (10, 11, 12, 13, 14)]

SCENARIOS: tuple[list[Step], ...] = (
    [Step("check_balance"), Step("check_balance", {"account": "savings"})],
    [Step("check_balance", {"account": "credit_card"})],
    [Step("recent_transactions", {"account": "checking"})],
    [Step("recent_transactions", {"account": "money_market"})],
    [Step("transfer_money", _MOVE)],
    [Step("transfer_money", {**_MOVE, "amount": "4999999.00"})],
    [Step("transfer_money", {**_MOVE, "from_account": "credit_card"})],
    [
        _FREEZE,
        Step("transfer_money", _MOVE),
        Step("pay_bill", _BILL),
        Step("explain_decline", {"card": "debit"}),
    ],
    [_FREEZE, _FREEZE],
    [_UNDO, _FREEZE, _UNDO],
    [_FREEZE, replace(_UNDO, later=2 * DAY)],
    [*_PROTECT, _FREEZE, Step("block_card", {"card": "debit"}), *_PROTECT[:1]],
    [Step("pay_bill", _BILL), Step("pay_bill", {**_BILL, "date": "2026-12-01"})],
    [Step("pay_bill", {**_BILL, "amount": "9999999.00"})],
    [Step("pay_by_card", _PAY, card) for card in _CARDS],
    [Step("pay_bill", {**_BILL, "from_account": "credit_card"})],
    [Step("block_card", {"card": "debit", "last_four": "0000"}), _LOST, _LOST],
    [_LOST, Step("replace_card", {"card": "debit"}), Step("change_pin", {"card": "debit"}, "2580")],
    [_LOST, Step("explain_decline", {"card": "credit"})],
    [Step("replace_card", {"card": "both"}), Step("replace_card", {"card": "debit"})],
    [Step("explain_decline", {"card": "both"}), Step("explain_decline", {"card": "debit"})],
    [Step("change_pin", {"card": "debit"}, pin) for pin in ("1234", "12", "two five eight oh")],
    [Step("change_credit_limit", {"new_limit": limit}) for limit in ("2999.00", "2999.00", "20000.00", "500.00")],
    [Step("rewards_balance"), Step("redeem_rewards", {"reward": "travel", "points": "500"})],
    [Step("redeem_rewards", {"reward": "travel", "points": points}) for points in ("99999", "500.5")],
    [Step("apply_for_card", {"product": product}) for product in ("everyday", "everyday")],
    [Step("application_status", {"application_number": n}) for n in ("204816", "305127", "406238", "111111")],
    [
        Step("interest_rate", {"product": "savings"}),
        Step("interest_rate", {"product": "mortgage", "term": "long"}),
    ],
    [Step("book_appointment", _MEET), Step("book_appointment", {**_MEET, "branch": "airport"})],
    [
        Step("book_appointment", {**_MEET, "date": "2026-11-22"}),
        Step("book_appointment", {**_MEET, "time": "20:00"}),
    ],
    [*_BUSY, Step("book_appointment", {**_MEET, "time": "15:00"})],
    [Step("branch_hours", {"branch": "university", "date": day}) for day in ("2026-11-21", "2026-11-23")],
)


def outcomes() -> list[tuple[str, Step, Outcome]]:
    """Run every scenario on a bank of its own: the action, the step and how it ended."""
    found: list[tuple[str, Step, Outcome]] = []
    for index, steps in enumerate(SCENARIOS):
        known, _, _ = calm_bank()
        for number, step in enumerate(steps):
            made = call(step.slots, key=f"{index}-{number}", secret=step.secret, now=NOW + step.later)
            found.append((step.action, step, known[step.action].run(made)))
    return [*found, *_unknown_payee(), *_daily_limit(), *_empty_card(), *_deep_in_debt()]


def _unknown_payee() -> list[tuple[str, Step, Outcome]]:
    known, _, _ = calm_bank()
    stranger = next(n for n in map(str, range(99)) if "grace" not in invented.customer(n).payees)
    step = Step("transfer_money", {**_MOVE, "to_account": "grace"})
    return [("transfer_money", step, known["transfer_money"].run(call(step.slots, customer=stranger)))]


def _daily_limit() -> list[tuple[str, Step, Outcome]]:
    known, core, _ = calm_bank()
    for turn in range(20):
        pair = ("checking", "savings") if turn % 2 else ("savings", "checking")
        core.order("cust-1", f"warm-{turn}", NOW, Transfer(Decimal("500.00"), *pair))
    step = Step("transfer_money", _MOVE)
    tomorrow = Step("transfer_money", _MOVE, later=DAY)
    return [
        (
            "transfer_money",
            s,
            known["transfer_money"].run(call(s.slots, key=f"d{s.later}", now=NOW + s.later)),
        )
        for s in (step, tomorrow)
    ]


def _empty_card() -> list[tuple[str, Step, Outcome]]:
    known, core, _ = calm_bank()
    everything = core.balances("cust-1").accounts["checking"]
    core.order("cust-1", "all", NOW, Transfer(everything, "checking", "savings"))
    step = Step("explain_decline", {"card": "debit"})
    return [("explain_decline", step, known["explain_decline"].run(call(step.slots)))]


def _deep_in_debt() -> list[tuple[str, Step, Outcome]]:
    known, _, _ = calm_bank()
    debtor = next(n for n in map(str, range(999)) if invented.customer(n).accounts["credit_card"] < -600)
    step = Step("change_credit_limit", {"new_limit": "500.00"})
    return [("change_credit_limit", step, known["change_credit_limit"].run(call(step.slots, customer=debtor)))]

"""Accounts: what is in them, what happened on them, and moving money out of them."""

from __future__ import annotations

from decimal import Decimal

from bank.core import Bill, CoreBanking, FreezeAccount, Transfer
from bank.deeds import Deed, reading
from throughline.dialogue.action import Actions, Call, Done, Outcome, Typed

READ_OUT = 3
"""How many movements are told unless the customer names a number; more is hard to listen to."""


def account_actions(core: CoreBanking) -> Actions:
    """check_balance, recent_transactions, transfer_money, pay_bill and freeze_account."""

    def check_balance(call: Call) -> Outcome:
        held = core.balances(call.customer)
        owed = max(-held.accounts["credit_card"], Decimal("0.00"))
        account = call.slots.get("account")
        if account == "credit_card":
            spare = held.limit + held.accounts["credit_card"]
            return Done({"owed": _money(owed), "available": _money(spare)}, "owed")
        if account is not None:
            return Done({"balance": _money(held.accounts[account])})
        rows = tuple(
            {"account": Typed("choice:account", name), "balance": _money(amount)}
            for name, amount in held.accounts.items()
            if name != "credit_card"
        )
        return Done({"accounts": rows, "owed": _money(owed)}, "all")

    def recent_transactions(call: Call) -> Outcome:
        wanted = int(Decimal(call.slots.get("count", READ_OUT)))
        latest = core.movements(call.customer, call.slots["account"], call.now)[:wanted]
        if not latest:
            return Done({}, "none")
        rows = tuple(
            {
                "date": Typed("date", movement.day),
                "merchant": Typed("text", movement.text),
                "amount": _money(movement.amount),
            }
            for movement in latest
        )
        return Done({"transactions": rows})

    def transfer(call: Call) -> Transfer:
        slots = call.slots
        return Transfer(Decimal(slots["amount"]), slots["from_account"], slots["to_account"])

    def bill(call: Call) -> Bill:
        slots = call.slots
        return Bill(slots["biller"], Decimal(slots["amount"]), slots["from_account"], slots["date"])

    def freeze(call: Call) -> FreezeAccount:
        return FreezeAccount(call.slots["account"])

    from_account = {"not_from_card": "from_account"}
    return {
        "check_balance": reading(check_balance),
        "recent_transactions": reading(recent_transactions),
        "transfer_money": Deed(core, transfer, from_account).action(),
        "pay_bill": Deed(core, bill, from_account).action(),
        "freeze_account": Deed(core, freeze).action(),
    }


def _money(amount: Decimal) -> Typed:
    return Typed("money", str(amount.quantize(Decimal("0.01"))))

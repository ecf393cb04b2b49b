"""Invented customers: whoever asks has believable accounts, always the same for the same id.

So that a rehearsal can name them, some things are alike for everybody: cards end in 4444 (debit) and 4242
(credit), one application is under review (204816), one was approved (305127), one declined (406238); Emma,
Daniel and Mom are saved as payees, and Grace is saved for every other customer.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

from bank.core import Movement
from bank.fake.book import Card, Customer, day_of

_CENT = Decimal("0.01")
_SPENDING = (
    ("Corner Grocery", 1800, 14000),
    ("Blue Heron Coffee", 350, 1200),
    ("Quickway Fuel", 2500, 6500),
    ("Paper Moon Books", 900, 4800),
    ("Tandoor House", 1900, 7200),
    ("Streamly", 999, 1599),
    ("Greenleaf Pharmacy", 700, 5200),
    ("City Transit", 275, 2750),
    ("Oak and Iron Hardware", 1100, 19000),
)
_ROWS = {"checking": 10, "credit_card": 10, "savings": 4, "money_market": 0}


def customer(name: str) -> Customer:
    """The invented customer with that id, before anything has happened."""
    payees = ("emma", "daniel", "mom", "grace") if _pick(name, "grace", 0, 1) else ("emma", "daniel", "mom")
    return Customer(
        accounts={
            "checking": _money(name, "checking", 150_000, 620_000),
            "savings": _money(name, "savings", 400_000, 2_400_000),
            "money_market": _money(name, "money_market", 250_000, 1_500_000),
            "credit_card": -_money(name, "credit_card", 8_000, 95_000),
        },
        outside=Decimal("0.00"),
        limit=Decimal(_pick(name, "limit", 6, 16) * 500),
        points=_pick(name, "points", 4_000, 38_000),
        payees=payees,
        cards={"debit": Card("4444"), "credit": Card("4242")},
        applications={
            "204816": ("student", "review"),
            "305127": ("cash_back", "approved"),
            "406238": ("travel", "declined"),
        },
    )


def movements(name: str, account: str, now: float) -> tuple[Movement, ...]:
    """Movements from before the customer was first seen, dated back from `now`, newest first."""
    today = date.fromisoformat(day_of(now))
    rows: list[Movement] = []
    days_ago = 0
    for row in range(_ROWS.get(account, 0)):
        days_ago += _pick(name, f"{account}:{row}:gap", 1, 4)
        day = (today - timedelta(days=days_ago)).isoformat()
        if account == "savings":
            rows.append(Movement(day, "deposit", _money(name, f"{account}:{row}", 5_000, 40_000)))
        elif account == "checking" and row % 5 == 3:
            rows.append(Movement(day, "paycheck from Birchwood Studio", _money(name, "pay", 180_000, 340_000)))
        else:
            merchant, low, high = _SPENDING[_pick(name, f"{account}:{row}:who", 0, len(_SPENDING) - 1)]
            rows.append(Movement(day, merchant, _money(name, f"{account}:{row}", low, high)))
    return tuple(rows)


def _money(name: str, what: str, low: int, high: int) -> Decimal:
    """An amount between two numbers of cents."""
    return Decimal(_pick(name, what, low, high)) * _CENT


def _pick(name: str, what: str, low: int, high: int) -> int:
    """A number from `low` to `high`, the same each time for the same customer and purpose."""
    digest = sha256(f"{name}\n{what}".encode()).digest()
    return low + int.from_bytes(digest[:8]) % (high - low + 1)

"""How the stand-in carries out orders that move money, points or the limit. Pure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bank.core import Bill, Receipt, Redeem, SetLimit, Transfer
from bank.fake.book import KEPT_MOVES, Customer, Move, day_of

DAILY_LIMIT = Decimal("10000.00")
"""Dollars that may be transferred in one day."""
MOST_LIMIT = Decimal("20000.00")
POINT_WORTH = Decimal("0.01")
"""Dollars a reward point."""

_NAMES = {
    "power": "City Power",
    "water": "Lakeside Water",
    "gas": "Prairie Gas",
    "internet": "Hilltop Internet",
    "mobile": "Bluebird Mobile",
    "insurance": "Harbor Insurance",
    "rent": "Maple Court Rentals",
    "tuition": "Northfield College",
    "emma": "Emma",
    "daniel": "Daniel",
    "mom": "Mom",
    "grace": "Grace",
}


def transfer(customer: Customer, order: Transfer, now: float) -> tuple[Customer, Receipt]:
    """Between own accounts, or to a saved person."""
    refusal = _cannot_leave(customer, order.source, order.amount)
    own = order.target in customer.accounts
    today = day_of(now)
    moved = customer.moved if customer.moved_day == today else Decimal("0.00")
    if refusal is None and not own and order.target not in customer.payees:
        refusal = Receipt(False, "unknown_payee")
    if refusal is None and moved + order.amount > DAILY_LIMIT:
        refusal = Receipt(False, "daily_limit", {"left": str(DAILY_LIMIT - moved)})
    if refusal is not None:
        return customer, refusal
    target = order.target if own else None
    after = _move(customer, order.source, target, order.amount, now, f"transfer to {_readable(order.target)}")
    after = replace(after, moved_day=today, moved=moved + order.amount)
    return after, Receipt(True, "", {"balance": str(after.accounts[order.source])})


def bill(customer: Customer, order: Bill, now: float) -> tuple[Customer, Receipt]:
    """To a company. Money for a later day leaves the account at once, so that it can't be spent twice."""
    refusal = _cannot_leave(customer, order.source, order.amount)
    if refusal is not None:
        return customer, refusal
    target = "credit_card" if order.biller == "credit_card" else None
    later = order.day > day_of(now)
    text = f"{'put aside for' if later else 'payment to'} {_readable(order.biller)}"
    after = _move(customer, order.source, target, order.amount, now, text)
    return after, Receipt(True, "later" if later else "", {"balance": str(after.accounts[order.source])})


def redeem(customer: Customer, order: Redeem, now: float) -> tuple[Customer, Receipt]:
    """Points for a reward; a statement credit lowers what is owed on the card."""
    if not 0 < order.points <= customer.points:
        return customer, Receipt(False, "not_enough", {"points_left": str(customer.points)})
    worth = (order.points * POINT_WORTH).quantize(Decimal("0.01"))
    after = replace(customer, points=customer.points - order.points)
    if order.reward == "statement_credit":
        after = _move(after, None, "credit_card", worth, now, "reward")
    return after, Receipt(True, "", {"worth": str(worth), "points_left": str(after.points)})


def set_limit(customer: Customer, order: SetLimit, now: float) -> tuple[Customer, Receipt]:
    """Up to twice today's limit, and never below what is owed."""
    owed = -customer.accounts["credit_card"]
    highest = min(customer.limit * 2, MOST_LIMIT)
    if order.limit == customer.limit:
        return customer, Receipt(True, "already")
    if order.limit > highest:
        return customer, Receipt(False, "too_high", {"highest": str(highest.quantize(Decimal("0.01")))})
    if order.limit < owed:
        return customer, Receipt(False, "below_owed", {"owed": str(owed)})
    return replace(customer, limit=order.limit), Receipt(True)


def _cannot_leave(customer: Customer, source: str, amount: Decimal) -> Receipt | None:
    if source == "credit_card" or source not in customer.accounts:
        return Receipt(False, "not_from_card")
    if source in customer.frozen:
        return Receipt(False, "frozen")
    available = customer.accounts[source]
    if amount <= 0 or amount > available:
        return Receipt(False, "insufficient", {"available": str(available)})
    return None


def _move(
    customer: Customer, source: str | None, target: str | None, amount: Decimal, now: float, text: str
) -> Customer:
    """Take from one place, give to another; None is the world outside."""
    accounts, outside = dict(customer.accounts), customer.outside
    moves: list[Move] = []
    if source is None:
        outside -= amount
    else:
        accounts[source] -= amount
        moves.append(Move(now, source, text, amount))
    if target is None:
        outside += amount
    else:
        accounts[target] += amount
        origin = text if source is None else f"received from {_readable(source)}"
        moves.append(Move(now, target, origin, amount))
    kept = (*moves, *customer.moves)[:KEPT_MOVES]
    return replace(customer, accounts=accounts, outside=outside, moves=kept)


def _readable(name: str) -> str:
    return _NAMES.get(name) or name.replace("_", " ")

"""How the stand-in carries out orders that protect or renew cards and accounts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bank.core import BlockCard, FreezeAccount, LiftProtection, Receipt, ReplaceCard, ReportFraud, SetPin
from bank.fake.book import Card, Customer, day_of

PROTECTIVE_A_DAY = 5
"""Protective orders need little proof of who asks; more than this in a day needs a person."""
UNDONE_WITHIN = 24 * 3600
"""Seconds: what was protected longer ago, a person lifts."""
_DAY = 24 * 3600
_DELIVERY_DAYS = 6
_COVERED = {
    "debit": (("debit",), ()),
    "credit": (("credit",), ("credit_card",)),
    "both": (("debit", "credit"), ("credit_card",)),
}
"""What undoing the protection of a card covers: cards, and accounts that are nothing but a card."""


def block(customer: Customer, order: BlockCard, now: float) -> tuple[Customer, Receipt]:
    """Nobody can pay with the card any more, until the block is lifted."""
    cards = _cards(customer, order.card)
    if order.last4 and all(card.last4 != order.last4 for card in cards.values()):
        return customer, Receipt(False, "no_such_card")
    if all(card.blocked for card in cards.values()):
        return customer, Receipt(True, "already")
    protected = _protecting(customer, now)
    if protected is None:
        return customer, Receipt(False, "too_many")
    lost = {name: replace(card, blocked=True, lost_at=now) for name, card in cards.items() if not card.blocked}
    return _with_cards(protected, lost), Receipt(True)


def freeze(customer: Customer, order: FreezeAccount, now: float) -> tuple[Customer, Receipt]:
    """No money leaves the account any more, until the freeze is lifted."""
    if order.account in customer.frozen:
        return customer, Receipt(True, "already")
    protected = _protecting(customer, now)
    if protected is None:
        return customer, Receipt(False, "too_many")
    frozen_at = {**customer.frozen_at, order.account: now}
    return replace(protected, frozen=(*customer.frozen, order.account), frozen_at=frozen_at), Receipt(True)


def lift(customer: Customer, order: LiftProtection, now: float) -> tuple[Customer, Receipt]:
    """All of what is named works again, or nothing does: half an undoing would be told as a whole one.

    Not a card that was misused, nor what was protected too long ago, nor a card that a new one takes the place of.
    """
    names, accounts = _COVERED.get(order.protected, ((), (order.protected,)))
    blocked = {name: customer.cards[name] for name in names if customer.cards[name].blocked}
    frozen = [account for account in accounts if account in customer.frozen]
    if not blocked and not frozen:
        return customer, Receipt(False, "nothing_to_undo")
    if not all(card.lost_at for card in blocked.values()):
        return customer, Receipt(False, "misused")
    since = [card.lost_at for card in blocked.values()] + [customer.frozen_at.get(account, 0.0) for account in frozen]
    replaced = any(card.arrival >= day_of(card.lost_at) for card in blocked.values())
    if replaced or now - min(since) > UNDONE_WITHIN:
        return customer, Receipt(False, "too_late")
    freed = _with_cards(customer, {name: replace(card, blocked=False, lost_at=0.0) for name, card in blocked.items()})
    left = tuple(account for account in customer.frozen if account not in frozen)
    frozen_at = {account: at for account, at in customer.frozen_at.items() if account in left}
    return replace(freed, frozen=left, frozen_at=frozen_at), Receipt(True)


def fraud(customer: Customer, order: ReportFraud, now: float) -> tuple[Customer, Receipt]:
    """A case for the fraud team, and the card is blocked."""
    protected = _protecting(customer, now)
    if protected is None:
        return customer, Receipt(False, "too_many")
    cases = customer.cases + 1
    cards = {name: replace(card, blocked=True, lost_at=0.0) for name, card in _cards(customer, order.card).items()}
    after = _with_cards(replace(protected, cases=cases), cards)
    return after, Receipt(True, "", {"case_number": str(700_000 + cases)})


def renew(customer: Customer, order: ReplaceCard, now: float) -> tuple[Customer, Receipt]:
    """A new copy by mail; the old one works on."""
    cards = _cards(customer, order.card)
    if any(card.blocked for card in cards.values()):
        return customer, Receipt(False, "blocked")
    today = day_of(now)
    coming = [card.arrival for card in cards.values() if card.arrival >= today]
    if len(coming) == len(cards):
        return customer, Receipt(True, "already", {"arrival": max(coming)})
    arrival = (date.fromisoformat(today) + timedelta(days=_DELIVERY_DAYS)).isoformat()
    after = _with_cards(customer, {name: replace(card, arrival=arrival) for name, card in cards.items()})
    return after, Receipt(True, "", {"arrival": arrival})


def set_pin(customer: Customer, order: SetPin, now: float) -> tuple[Customer, Receipt]:
    """A real system would hand the PIN to its security module; this one forgets it at once."""
    cards = _cards(customer, order.card)
    if any(card.blocked for card in cards.values()):
        return customer, Receipt(False, "blocked")
    today = day_of(now)
    return _with_cards(customer, {name: replace(card, pin_set=today) for name, card in cards.items()}), Receipt(True)


def _cards(customer: Customer, wanted: str) -> Mapping[str, Card]:
    return customer.cards if wanted == "both" else {wanted: customer.cards[wanted]}


def _with_cards(customer: Customer, cards: Mapping[str, Card]) -> Customer:
    return replace(customer, cards={**customer.cards, **cards})


def _protecting(customer: Customer, now: float) -> Customer | None:
    """The customer with one more protective order counted; None if there were too many."""
    recent = tuple(at for at in customer.protected if at > now - _DAY)
    return replace(customer, protected=(*recent, now)) if len(recent) < PROTECTIVE_A_DAY else None

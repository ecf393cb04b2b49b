"""Paying a bill with any bank's card: the card goes to the gateway and nowhere else."""

from __future__ import annotations

from decimal import Decimal

from bank.card_gateway import CardGateway, Payment
from bank.core import NoAnswer, Unavailable
from throughline.dialogue.action import (
    Action,
    Actions,
    Call,
    Done,
    Failed,
    Flaw,
    Invalid,
    NotDone,
    Outcome,
    Typed,
    Unknown,
    said_card,
)

CARD = "card"
"""The slot that another card is asked for in."""


def card_payment_actions(gateway: CardGateway) -> Actions:
    """pay_by_card."""

    def pay(call: Call) -> Outcome:
        card = said_card(call.secret.reveal(), call.now) if call.secret is not None else Flaw.NUMBER
        if isinstance(card, Flaw):
            return Invalid(CARD, card.value)
        try:
            paid = gateway.charge(call.key, card, Decimal(call.slots["amount"]), call.slots["biller"], call.now)
        except Unavailable:
            return Failed()
        except NoAnswer:
            return Unknown()
        return _told(paid)

    def settle(call: Call) -> Outcome:
        try:
            return _told(gateway.settle(call.key, call.now))
        except (Unavailable, NoAnswer):
            return Unknown()

    return {"pay_by_card": Action(pay, settle)}


def _told(paid: Payment | None) -> Outcome:
    if paid is None:
        return NotDone()
    if not paid.approved:
        return Invalid(CARD, paid.code)
    return Done({"reference": Typed("digits", paid.reference)})

"""What the bank needs of whoever charges cards: a card goes in, a token comes out, and the card is kept nowhere.

A payment is made under the caller's key, as orders are (`bank.core`): the same key is the same payment.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from throughline.dialogue.action import PaymentCard


@dataclass(frozen=True, slots=True)
class Payment:
    """What came of a payment."""

    approved: bool
    """Whether the card was charged."""
    code: str = ""
    """If not, why: declined or insufficient."""
    token: str = ""
    """Stands for the card at the gateway: worth nothing to anybody else. Empty if it was not charged."""
    reference: str = ""
    """What customers may be told: eight digits. Empty if it was not charged."""


class CardGateway(Protocol):
    """Charges cards. Every method may raise `bank.core.Unavailable` or `bank.core.NoAnswer`."""

    def charge(self, key: str, card: PaymentCard, amount: Decimal, biller: str, now: float) -> Payment | None:
        """Charge the card, unless the key was used: then what came of it. None if `settle` closed the key before.

        `amount` in dollars, `now` in epoch seconds.
        """
        ...

    def settle(self, key: str, now: float) -> Payment | None:
        """What came of the payment under that key; None if it never began, and then it never will."""
        ...

"""What the actions need from a core banking system: a few readings, and orders that are placed at most once.

An order is placed under the caller's key. The same key is the same order, whenever and however often it
arrives, and gets the same receipt. `settle` closes a key for good: either its receipt comes back, or the
order never happened and never will.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

NO_FACTS: Mapping[str, str] = MappingProxyType({})


class Unavailable(Exception):
    """The core banking system was not reached: nothing happened, and trying again is safe."""


class NoAnswer(Exception):
    """The core banking system was reached but did not answer: what happened is not known."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to an order."""

    accepted: bool
    """Whether it was carried out."""
    code: str = ""
    """If refused, why; if accepted, "" or in which of several ways."""
    facts: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    """What the customer may be told: canonical values by name."""


@dataclass(frozen=True, slots=True)
class Balances:
    """What is in the accounts."""

    accounts: Mapping[str, Decimal]
    """Account id to dollars; what is owed on the credit card is negative."""
    limit: Decimal
    """How much may be owed on the credit card, in dollars."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that happened on an account."""

    day: str
    """ISO date."""
    text: str
    """With whom, or what it was."""
    amount: Decimal
    """Dollars, always positive; the text says which way."""


@dataclass(frozen=True, slots=True)
class CardState:
    """Whether a card can pay."""

    blocked: bool
    """It was reported lost, stolen or misused."""
    frozen: bool
    """The account behind it is frozen."""
    available: Decimal
    """Dollars that it can still spend."""


@dataclass(frozen=True, slots=True)
class Application:
    """An application for a card."""

    product: str
    """Id of the card applied for."""
    state: str
    """review, approved or declined."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Move money to an own account or a saved person."""

    amount: Decimal
    """Dollars."""
    source: str
    """Account id."""
    target: str
    """Account id or saved person's id."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Pay a company."""

    biller: str
    """Biller id; "credit_card" is the bank's own card."""
    amount: Decimal
    """Dollars."""
    source: str
    """Account id."""
    day: str
    """ISO date; later than today puts the money aside until then."""


@dataclass(frozen=True, slots=True)
class BlockCard:
    """Let nobody pay with a card."""

    card: str
    """debit, credit or both."""
    last4: str = ""
    """Its last four digits, where the customer gave them."""


@dataclass(frozen=True, slots=True)
class FreezeAccount:
    """Let no money leave an account."""

    account: str
    """Account id."""


@dataclass(frozen=True, slots=True)
class LiftProtection:
    """Undo a freeze, or the block of a card that was reported lost and is there after all."""

    protected: str
    """debit, credit or both cards, or an account id; "credit" is the card and the account behind it."""


@dataclass(frozen=True, slots=True)
class ReportFraud:
    """Open a case and block the card."""

    kind: str
    """What happened: a fraud kind's id."""
    card: str
    """debit, credit or both."""


@dataclass(frozen=True, slots=True)
class ReplaceCard:
    """Send a new copy of a card."""

    card: str
    """debit, credit or both."""


@dataclass(frozen=True, slots=True)
class SetPin:
    """Give a card a new PIN."""

    card: str
    """debit, credit or both."""
    pin: str = field(repr=False)
    """Four digits. Never stored by us and never in a receipt."""


@dataclass(frozen=True, slots=True)
class SetLimit:
    """Change how much may be owed on the credit card."""

    limit: Decimal
    """Dollars."""


@dataclass(frozen=True, slots=True)
class Redeem:
    """Spend reward points."""

    reward: str
    """Reward id."""
    points: int
    """How many."""


@dataclass(frozen=True, slots=True)
class Apply:
    """Apply for a card."""

    product: str
    """Id of the card."""


@dataclass(frozen=True, slots=True)
class Book:
    """Reserve an appointment."""

    branch: str
    """Branch id."""
    topic: str
    """Topic id."""
    day: str
    """ISO date."""
    time: str
    """HH:MM."""


Order = (
    Transfer
    | Bill
    | BlockCard
    | FreezeAccount
    | LiftProtection
    | ReportFraud
    | ReplaceCard
    | SetPin
    | SetLimit
    | Redeem
    | Apply
    | Book
)


class CoreBanking(Protocol):
    """The core banking system, as the actions see it. Every method may raise Unavailable or NoAnswer."""

    def balances(self, customer: str) -> Balances:
        """What is in each account."""
        ...

    def movements(self, customer: str, account: str, now: float) -> tuple[Movement, ...]:
        """The account's latest movements, newest first."""
        ...

    def card(self, customer: str, card: str) -> CardState:
        """The state of one card, "debit" or "credit"."""
        ...

    def points(self, customer: str) -> int:
        """Reward points."""
        ...

    def application(self, customer: str, number: str) -> Application | None:
        """The customer's application under that number; None if there is none."""
        ...

    def order(self, customer: str, key: str, now: float, order: Order) -> Receipt | None:
        """Carry the order out, unless the key was used: then give its receipt again.

        None if `settle` closed the key before: the order did not happen. `now` is in epoch seconds.
        """
        ...

    def settle(self, customer: str, key: str, now: float) -> Receipt | None:
        """The receipt under that key; None if there is none, and then there never will be."""
        ...

"""All that the stand-in knows of one customer: an immutable value, kept as one bounded JSON document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from bank.core import Receipt

KEPT_SECONDS = 7 * 24 * 3600
"""How long a deed is remembered under its key."""
KEPT_DEEDS = 200
KEPT_MOVES = 40
KEPT_APPLICATIONS = 20


@dataclass(frozen=True, slots=True)
class Card:
    """One card of the customer's."""

    last4: str
    """Its last four digits."""
    blocked: bool = False
    """Nobody can pay with it."""
    arrival: str = ""
    """ISO date by which an ordered replacement comes; empty if none is under way."""
    pin_set: str = ""
    """ISO date of the latest PIN change. The PIN itself is nowhere."""
    lost_at: float = 0.0
    """When it was blocked as lost (epoch seconds); 0 if it is not blocked, or for another reason."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something that happened on an account since the customer was invented."""

    at: float
    """Epoch seconds."""
    account: str
    """Account id."""
    text: str
    """What it was."""
    amount: Decimal
    """Dollars, positive."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What became of an order."""

    at: float
    """Epoch seconds at which the key was closed."""
    receipt: Receipt | None
    """None: it was struck off before it began."""


@dataclass(frozen=True, slots=True)
class Customer:
    """The whole document."""

    accounts: Mapping[str, Decimal]
    """Account id to dollars; owed is negative."""
    outside: Decimal
    """Dollars that left for others, less what the bank gave: with the accounts it adds up to a constant."""
    limit: Decimal
    """Credit limit in dollars."""
    points: int
    """Reward points."""
    payees: tuple[str, ...]
    """Ids of saved people."""
    cards: Mapping[str, Card]
    """debit and credit."""
    frozen: tuple[str, ...] = ()
    """Ids of frozen accounts."""
    frozen_at: Mapping[str, float] = field(default_factory=dict)
    """Since when they are frozen (epoch seconds)."""
    moves: tuple[Move, ...] = ()
    """Newest first."""
    moved_day: str = ""
    """ISO date that `moved` counts."""
    moved: Decimal = Decimal(0)
    """Dollars transferred on that day."""
    protected: tuple[float, ...] = ()
    """When protective orders were carried out in the last day."""
    applications: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Number to product and state."""
    appointments: tuple[tuple[str, str, str, str], ...] = ()
    """Branch, topic, ISO date and time."""
    cases: int = 0
    """Fraud cases opened."""
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    """Marks of keys to what became of them, oldest first."""
    horizon: float = 0.0
    """Deeds from before this time may be forgotten: an order as old as that is not believed to be new."""


def day_of(now: float) -> str:
    """The ISO date of `now` (epoch seconds), in UTC as the dialogue's date bounds are."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()


def mark(key: str) -> str:
    """A key as it is kept: of fixed length, whatever the caller's keys are made of."""
    return sha256(key.encode()).hexdigest()[:32]


def remember(customer: Customer, key: str, deed: Deed) -> Customer:
    """The customer with the deed under its key, and without the deeds that are too old or too many."""
    newest = max([deed.at, *(other.at for other in customer.deeds.values())])
    young = [(name, kept) for name, kept in customer.deeds.items() if kept.at > newest - KEPT_SECONDS]
    kept = young[-(KEPT_DEEDS - 1) :]
    crowded_out = young[: len(young) - len(kept)]
    horizon = max([customer.horizon, newest - KEPT_SECONDS, *(old.at for _, old in crowded_out)])
    return replace(customer, deeds=dict([*kept, (mark(key), deed)]), horizon=horizon)


def to_json(customer: Customer) -> str:
    """The document's text: compact, and in order of arrival where pruning goes by age."""
    return json.dumps(
        {
            "accounts": {name: str(amount) for name, amount in customer.accounts.items()},
            "outside": str(customer.outside),
            "limit": str(customer.limit),
            "points": customer.points,
            "payees": customer.payees,
            "cards": {
                name: [card.last4, card.blocked, card.arrival, card.pin_set] for name, card in customer.cards.items()
            },
            "lost_at": {name: card.lost_at for name, card in customer.cards.items() if card.lost_at},
            "frozen": customer.frozen,
            "frozen_at": customer.frozen_at,
            "moves": [[move.at, move.account, move.text, str(move.amount)] for move in customer.moves],
            "moved_day": customer.moved_day,
            "moved": str(customer.moved),
            "protected": customer.protected,
            "applications": customer.applications,
            "appointments": customer.appointments,
            "cases": customer.cases,
            # While a release takes over from the one before, that one reads what this one wrote.
            "wishes": {},
            "deeds": [[key, deed.at, _receipt_out(deed.receipt)] for key, deed in customer.deeds.items()],
            "horizon": customer.horizon,
        },
        separators=(",", ":"),
        default=dict,
    )


def from_json(text: str) -> Customer:
    """The customer of a document written by `to_json`."""
    data = json.loads(text)
    return Customer(
        accounts={name: Decimal(amount) for name, amount in data["accounts"].items()},
        outside=Decimal(data["outside"]),
        limit=Decimal(data["limit"]),
        points=data["points"],
        payees=tuple(data["payees"]),
        cards={
            name: replace(Card(*card), lost_at=data.get("lost_at", {}).get(name, 0.0))
            for name, card in data["cards"].items()
        },
        frozen=tuple(data["frozen"]),
        frozen_at=data.get("frozen_at", {}),
        moves=tuple(Move(at, account, text, Decimal(amount)) for at, account, text, amount in data["moves"]),
        moved_day=data["moved_day"],
        moved=Decimal(data["moved"]),
        protected=tuple(data["protected"]),
        applications={number: (product, state) for number, (product, state) in data["applications"].items()},
        appointments=tuple((branch, topic, day, time) for branch, topic, day, time in data["appointments"]),
        cases=data["cases"],
        deeds={key: Deed(at, _receipt_in(receipt)) for key, at, receipt in data["deeds"]},
        horizon=data["horizon"],
    )


def _receipt_out(receipt: Receipt | None) -> list[object] | None:
    return None if receipt is None else [receipt.accepted, receipt.code, dict(receipt.facts)]


def _receipt_in(data: list[Any] | None) -> Receipt | None:
    return None if data is None else Receipt(data[0], data[1], data[2])

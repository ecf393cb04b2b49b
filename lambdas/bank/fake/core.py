"""The stand-in itself: readings and orders over a ledger, slow and faulty when told to be."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal

from bank.core import (
    Application,
    Apply,
    Balances,
    Bill,
    BlockCard,
    Book,
    CardState,
    FreezeAccount,
    LiftProtection,
    Movement,
    NoAnswer,
    Order,
    Receipt,
    Redeem,
    ReplaceCard,
    ReportFraud,
    SetLimit,
    SetPin,
    Transfer,
    Unavailable,
)
from bank.fake import desk, invented, money, plastic
from bank.fake.book import Customer, Deed, day_of, from_json, mark, remember, to_json
from bank.ledger import Ledger

ATTEMPTS = 64
"""How often a lost race for a document is run again before giving up (nothing is written then)."""
_BEHIND = {"debit": "checking", "credit": "credit_card"}


class FakeCore:
    """A core banking system for rehearsals and tests; satisfies `bank.core.CoreBanking`.

    `latency` (seconds a call) is slept half before and half after the work. `failure_rate` (0 to 1) is the
    share of calls that fail, decided by `chance` (a source of numbers from 0 up to 1): half of them before
    anything happened (Unavailable), half after it did, with the answer lost (NoAnswer).
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        latency: float = 0.0,
        failure_rate: float = 0.0,
        chance: Callable[[], float] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if failure_rate and chance is None:
            raise ValueError("a failure rate needs a source of chance: pass chance=random.Random(7).random")
        self._ledger = ledger
        self._latency = latency
        self._failure_rate = failure_rate
        self._chance = chance or (lambda: 1.0)
        self._sleep = sleep

    def balances(self, customer: str) -> Balances:
        """What is in each account."""
        known = self._read(customer)
        return Balances(known.accounts, known.limit)

    def movements(self, customer: str, account: str, now: float) -> tuple[Movement, ...]:
        """What happened here first, then what was invented."""
        known = self._read(customer)
        real = (Movement(day_of(move.at), move.text, move.amount) for move in known.moves if move.account == account)
        return (*real, *invented.movements(customer, account, now))

    def card(self, customer: str, card: str) -> CardState:
        """Whether "debit" or "credit" can pay, and how much."""
        known, account = self._read(customer), _BEHIND[card]
        spare = known.accounts[account] + (known.limit if card == "credit" else 0)
        return CardState(known.cards[card].blocked, account in known.frozen, max(spare, Decimal(0)))

    def points(self, customer: str) -> int:
        """Reward points."""
        return self._read(customer).points

    def application(self, customer: str, number: str) -> Application | None:
        """The application under that number, if it is this customer's."""
        found = self._read(customer).applications.get(number)
        return None if found is None else Application(*found)

    def order(self, customer: str, key: str, now: float, order: Order) -> Receipt | None:
        """Once a key: the order, its recorded receipt, or None if the key was struck off."""

        def change(known: Customer) -> tuple[Customer, Receipt | None]:
            deed = known.deeds.get(mark(key))
            if deed is not None:
                return known, deed.receipt
            if now < known.horizon:
                return known, None
            after, receipt = _carry_out(known, order, now)
            return remember(after, key, Deed(now, receipt)), receipt

        return self._change(customer, change)

    def settle(self, customer: str, key: str, now: float) -> Receipt | None:
        """The receipt under the key; else the key is struck off in the same write that finds it unused."""

        def change(known: Customer) -> tuple[Customer, Receipt | None]:
            deed = known.deeds.get(mark(key))
            if deed is not None:
                return known, deed.receipt
            return remember(known, key, Deed(now, None)), None

        return self._change(customer, change)

    def _read(self, customer: str) -> Customer:
        lost = self._before()
        known, _ = self._load(customer)
        self._after(lost)
        return known

    def _change(self, customer: str, change: Callable[[Customer], tuple[Customer, Receipt | None]]) -> Receipt | None:
        lost = self._before()
        for _ in range(ATTEMPTS):
            known, version = self._load(customer)
            changed, receipt = change(known)
            if changed is known or self._ledger.write(customer, to_json(changed), version):
                self._after(lost)
                return receipt
        raise Unavailable(f"the document was changed by others {ATTEMPTS} times in a row; nothing was done, try again")

    def _load(self, customer: str) -> tuple[Customer, int]:
        found = self._ledger.read(customer)
        return (invented.customer(customer), 0) if found is None else (from_json(found[0]), found[1])

    def _before(self) -> bool:
        """Wait, perhaps fail; True if the answer is to be lost afterwards."""
        self._wait()
        drawn = self._chance() if self._failure_rate else 1.0
        if drawn < self._failure_rate / 2:
            raise Unavailable("the core banking system can't be reached; nothing was done, try again")
        return drawn < self._failure_rate

    def _after(self, lost: bool) -> None:
        self._wait()
        if lost:
            raise NoAnswer("the core banking system did not answer; ask it what became of the order")

    def _wait(self) -> None:
        if self._latency:
            self._sleep(self._latency / 2)


def _carry_out(known: Customer, order: Order, now: float) -> tuple[Customer, Receipt]:
    match order:
        case Transfer():
            return money.transfer(known, order, now)
        case Bill():
            return money.bill(known, order, now)
        case Redeem():
            return money.redeem(known, order, now)
        case SetLimit():
            return money.set_limit(known, order, now)
        case BlockCard():
            return plastic.block(known, order, now)
        case FreezeAccount():
            return plastic.freeze(known, order, now)
        case LiftProtection():
            return plastic.lift(known, order, now)
        case ReportFraud():
            return plastic.fraud(known, order, now)
        case ReplaceCard():
            return plastic.renew(known, order, now)
        case SetPin():
            return plastic.set_pin(known, order, now)
        case Apply():
            return desk.apply(known, order, now)
        case Book():
            return desk.book(known, order, now)

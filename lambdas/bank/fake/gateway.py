"""A stand-in for whoever charges cards: approves all but some of the test numbers that gateways publish.

It keeps a document a payment: the key's mark, the token and how it ended. Token and reference are made of the key,
never of the card, so what is kept of two payments differs in nothing by which their cards could be told apart.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from bank.card_gateway import Payment
from bank.core import NoAnswer, Unavailable
from bank.ledger import Ledger
from throughline.dialogue.action import PaymentCard

DECLINED: Final[Mapping[str, str]] = MappingProxyType(
    {"4000000000000002": "declined", "4000000000009995": "insufficient"}
)
"""Test card numbers that are turned down, and why."""
FAILS: Final = "4000000000000119"
"""A test card number that the gateway stumbles over: nothing happens."""


class FakeCardGateway:
    """Charges nothing; satisfies `bank.card_gateway.CardGateway`.

    `latency` (seconds a call) is slept half before and half after the work. `failure_rate` (0 to 1) is the share of
    calls that fail, decided by `chance`: half of them before anything happened, half with the answer lost.
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

    def charge(self, key: str, card: PaymentCard, amount: Decimal, biller: str, now: float) -> Payment | None:
        """Once a key; see `CardGateway.charge`."""
        if card.number == FAILS:
            raise Unavailable("the gateway could not take the card; nothing was charged, try again")
        code = DECLINED.get(card.number, "")
        new = Payment(False, code) if code else Payment(True, "", f"tok_{_mark(key)[:24]}", _reference(key))
        return self._once(key, {**_out(new), "amount": str(amount), "biller": biller, "at": now})

    def settle(self, key: str, now: float) -> Payment | None:
        """What is there, else the key is struck off; see `CardGateway.settle`."""
        return self._once(key, {"struck_off": True, "at": now})

    def _once(self, key: str, document: Mapping[str, object]) -> Payment | None:
        lost = self._before()
        place = f"card-payment.{_mark(key)}"
        self._ledger.write(place, json.dumps(document, sort_keys=True), 0)
        found = self._ledger.read(place)
        self._after(lost)
        if found is None:
            raise NoAnswer("what became of the payment can't be read")
        kept = json.loads(found[0])
        return None if "struck_off" in kept else Payment(**{name: kept[name] for name in Payment.__slots__})

    def _before(self) -> bool:
        self._wait()
        drawn = self._chance() if self._failure_rate else 1.0
        if drawn < self._failure_rate / 2:
            raise Unavailable("the gateway can't be reached; nothing was charged, try again")
        return drawn < self._failure_rate

    def _after(self, lost: bool) -> None:
        self._wait()
        if lost:
            raise NoAnswer("the gateway did not answer; ask it what became of the payment")

    def _wait(self) -> None:
        if self._latency:
            self._sleep(self._latency / 2)


def _out(paid: Payment) -> dict[str, object]:
    return {name: getattr(paid, name) for name in Payment.__slots__}


def _mark(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:32]


def _reference(key: str) -> str:
    return str(10_000_000 + int(_mark(key), 16) % 90_000_000)

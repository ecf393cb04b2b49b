"""Paying with any card: once a key, a token and nothing else, and all that a gateway can do wrong."""

from __future__ import annotations

import random

import pytest

from bank.card_payments import card_payment_actions
from bank.fake.gateway import DECLINED, FAILS, FakeCardGateway
from bank.fake.telephone_pins import FakeTelephonePins, pin_of
from bank.ledger import MemoryLedger
from tests.unit.bank.bank_calls import call
from throughline.dialogue.action import Done, Failed, Invalid, NotDone, Outcome, Sealed, Unknown

GOOD = "4111 1111 1111 1111, 12/30, 123"
OTHER = "5555 5555 5555 4444, 07/29, 987"
SLOTS = {"biller": "power", "amount": "80.00"}


def pay(gateway: FakeCardGateway, card: str | None = GOOD, key: str = "k1") -> Outcome:
    return card_payment_actions(gateway)["pay_by_card"].run(call(SLOTS, key=key, secret=card))


def settle(gateway: FakeCardGateway, key: str = "k1") -> Outcome:
    action = card_payment_actions(gateway)["pay_by_card"]
    assert action.settle is not None
    return action.settle(call(SLOTS, key=key))


def test_a_payment_is_made_once_a_key_and_tells_the_same_again() -> None:
    ledger = MemoryLedger()
    first = pay(FakeCardGateway(ledger))
    assert isinstance(first, Done) and pay(FakeCardGateway(ledger)) == first == settle(FakeCardGateway(ledger))
    assert len(ledger._documents) == 1


def test_a_payment_that_never_began_is_struck_off_for_good() -> None:
    gateway = FakeCardGateway(MemoryLedger())
    assert settle(gateway) == NotDone()
    assert pay(gateway) == NotDone()


def test_two_cards_leave_the_same_behind() -> None:
    left = []
    for card in (GOOD, OTHER):
        ledger = MemoryLedger()
        pay(FakeCardGateway(ledger), card)
        left.append(repr(ledger._documents))
    assert left[0] == left[1] and "tok_" in left[0]


@pytest.mark.parametrize(("number", "code"), DECLINED.items())
def test_a_declined_card_is_asked_for_again(number: str, code: str) -> None:
    assert pay(FakeCardGateway(MemoryLedger()), f"{number} 12/30 123") == Invalid("card", code)


def test_what_can_be_no_card_never_reaches_the_gateway() -> None:
    ledger = MemoryLedger()
    assert pay(FakeCardGateway(ledger), "4111 1111 1111 1112 12/30 123") == Invalid("card", "bad_number")
    assert pay(FakeCardGateway(ledger), None) == Invalid("card", "bad_number")
    assert not ledger._documents


def test_a_fault_before_is_a_failure_and_one_after_is_unknown_and_can_be_settled() -> None:
    ledger = MemoryLedger()
    before = FakeCardGateway(ledger, failure_rate=0.5, chance=lambda: 0.1)
    after = FakeCardGateway(ledger, failure_rate=0.5, chance=lambda: 0.4)
    assert pay(before) == Failed() and not ledger._documents
    assert pay(after) == Unknown() and settle(after) == Unknown()
    assert isinstance(settle(FakeCardGateway(ledger)), Done)
    assert pay(FakeCardGateway(ledger), f"{FAILS} 12/30 123", "k2") == Failed()


def test_a_slow_gateway_takes_its_time() -> None:
    slept: list[float] = []
    pay(FakeCardGateway(MemoryLedger(), latency=2.0, sleep=slept.append))
    assert sum(slept) == 2.0


def test_a_failure_rate_without_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="chance"):
        FakeCardGateway(MemoryLedger(), failure_rate=0.1)


def test_in_any_trouble_a_key_is_charged_at_most_once() -> None:
    chance, ledger = random.Random(3), MemoryLedger()
    gateway = FakeCardGateway(ledger, failure_rate=0.6, chance=chance.random)
    found = {repr(outcome) for _ in range(50) if isinstance(outcome := pay(gateway), Done)}
    assert len(found) == 1 and len(ledger._documents) == 1


def test_a_telephone_pin_is_its_customers_and_nobody_elses() -> None:
    pins = FakeTelephonePins()
    assert pins.check("c1", Sealed(pin_of("c1"))) and not pins.check("c2", Sealed(pin_of("c1")))
    assert pin_of("c1").isdigit() and len(pin_of("c1")) == 6

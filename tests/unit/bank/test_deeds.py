"""A deed happens once or not at all, whoever calls, in whatever order, and money is conserved."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.actions import actions
from bank.core import NoAnswer, Transfer, Unavailable
from bank.fake import FakeCore, invented
from bank.fake.book import KEPT_DEEDS, KEPT_SECONDS, Customer, from_json
from bank.fake.gateway import FakeCardGateway
from bank.ledger import MemoryLedger
from tests.unit.bank.bank_calls import DAY, NOW, call, calm_bank
from throughline.dialogue.action import Actions, Done, Failed, NotDone, Outcome, Refused, Unknown

SLOTS = {"amount": "10.00", "from_account": "checking", "to_account": "emma"}
AMOUNT = Decimal("10.00")


class UnluckyLedger(MemoryLedger):
    """Loses the race for as many writes as it is told."""

    def __init__(self, losses: int) -> None:
        super().__init__()
        self.losses = losses

    def write(self, customer: str, document: str, expected_version: int) -> bool:
        """Say that somebody else was faster, while there are losses left."""
        if self.losses > 0:
            self.losses -= 1
            return False
        return super().write(customer, document, expected_version)


def _always(drawn: float) -> Callable[[], float]:
    return lambda: drawn


def _settle(known: Actions, name: str = "transfer_money") -> Callable[..., Outcome]:
    settle = known[name].settle
    assert settle is not None
    return settle


def _customer(ledger: MemoryLedger, name: str = "cust-1") -> Customer:
    found = ledger.read(name)
    assert found is not None
    return from_json(found[0])


def _total(customer: Customer) -> Decimal:
    return sum(customer.accounts.values(), customer.outside)


def test_the_same_key_moves_money_once_and_hears_the_same() -> None:
    known, _, ledger = calm_bank()
    first = known["transfer_money"].run(call(SLOTS))
    again = known["transfer_money"].run(call(SLOTS, now=NOW + 60))
    assert isinstance(first, Done)
    assert again == first
    assert _customer(ledger).outside == AMOUNT


def test_two_like_transfers_under_two_keys_are_two() -> None:
    known, _, ledger = calm_bank()
    known["transfer_money"].run(call(SLOTS, key="a"))
    known["transfer_money"].run(call(SLOTS, key="b"))
    assert _customer(ledger).outside == 2 * AMOUNT


def test_settling_a_deed_that_happened_tells_its_outcome() -> None:
    known, _, _ = calm_bank()
    done = known["transfer_money"].run(call(SLOTS))
    assert _settle(known)(call(SLOTS)) == done


def test_a_late_order_finds_its_key_struck_off() -> None:
    known, _, ledger = calm_bank()
    assert _settle(known)(call(SLOTS)) == NotDone()
    assert known["transfer_money"].run(call(SLOTS, now=NOW + 5)) == NotDone()
    assert _settle(known)(call(SLOTS)) == NotDone()
    assert _customer(ledger).outside == 0


def test_a_refusal_stays_a_refusal_under_its_key() -> None:
    known, core, _ = calm_bank()
    everything = core.balances("cust-1").accounts["checking"]
    core.order("cust-1", "away", NOW, Transfer(everything, "checking", "savings"))
    refused = known["transfer_money"].run(call(SLOTS))
    core.order("cust-1", "back", NOW, Transfer(everything, "savings", "checking"))
    assert refused == Refused("insufficient", refused.params if isinstance(refused, Refused) else {})
    assert known["transfer_money"].run(call(SLOTS)) == refused


def test_a_weak_pin_does_not_use_up_the_key() -> None:
    known, _, ledger = calm_bank()
    known["change_pin"].run(call({"card": "debit"}, secret="1234"))
    assert ledger.read("cust-1") is None
    assert known["change_pin"].run(call({"card": "debit"}, secret="2580")) == Done()


def test_a_pin_is_nowhere_in_the_document() -> None:
    known, _, ledger = calm_bank()
    known["change_pin"].run(call({"card": "debit"}, secret="8306"))
    found = ledger.read("cust-1")
    assert found is not None
    assert "8306" not in found[0]


def test_a_lost_race_is_run_again_on_the_fresh_document() -> None:
    ledger = UnluckyLedger(losses=5)
    known = actions(FakeCore(ledger), FakeCardGateway(ledger))
    assert isinstance(known["transfer_money"].run(call(SLOTS)), Done)
    assert _customer(ledger).outside == AMOUNT


def test_a_race_lost_for_ever_is_a_failure_without_effect() -> None:
    ledger = UnluckyLedger(losses=10_000)
    known = actions(FakeCore(ledger), FakeCardGateway(ledger))
    assert known["transfer_money"].run(call(SLOTS)) == Failed()
    assert _settle(known)(call(SLOTS)) == Unknown()
    assert ledger.read("cust-1") is None


def test_a_fault_before_the_deed_is_a_failure_and_one_after_it_is_unknown() -> None:
    ledger, drawn = MemoryLedger(), iter([0.1, 0.4, 0.9])
    known = actions(FakeCore(ledger, failure_rate=0.5, chance=lambda: next(drawn)), FakeCardGateway(ledger))
    assert known["transfer_money"].run(call(SLOTS)) == Failed()
    assert ledger.read("cust-1") is None
    assert known["transfer_money"].run(call(SLOTS)) == Unknown()
    assert isinstance(_settle(known)(call(SLOTS)), Done)
    assert _customer(ledger).outside == AMOUNT


def test_a_reading_in_trouble_fails_safely() -> None:
    for drawn in (0.1, 0.4):
        core = FakeCore(MemoryLedger(), failure_rate=0.5, chance=_always(drawn))
        assert actions(core, FakeCardGateway(MemoryLedger()))["check_balance"].run(call()) == Failed()


def test_faults_without_a_source_of_chance_are_refused() -> None:
    with pytest.raises(ValueError, match="chance"):
        FakeCore(MemoryLedger(), failure_rate=0.1)


def test_latency_is_waited_on_both_sides_of_the_work() -> None:
    slept: list[float] = []
    core = FakeCore(MemoryLedger(), latency=0.8, sleep=slept.append)
    core.points("cust-1")
    assert slept == [0.4, 0.4]


def test_keys_are_forgotten_after_a_week_but_an_order_that_old_is_not_carried_out() -> None:
    known, _, ledger = calm_bank()
    known["transfer_money"].run(call(SLOTS, key="old"))
    known["transfer_money"].run(call(SLOTS, key="new", now=NOW + KEPT_SECONDS + DAY))
    assert len(_customer(ledger).deeds) == 1
    assert known["transfer_money"].run(call(SLOTS, key="old")) == NotDone()
    assert _customer(ledger).outside == 2 * AMOUNT


def test_the_document_stays_bounded() -> None:
    _, core, ledger = calm_bank()
    for turn in range(KEPT_DEEDS + 150):
        pair = ("checking", "savings") if turn % 2 else ("savings", "checking")
        core.order("cust-1", f"key {turn} " * 40, NOW + turn * 3600, Transfer(Decimal("5.00"), *pair))
    found = ledger.read("cust-1")
    assert found is not None
    assert len(_customer(ledger).deeds) <= KEPT_DEEDS
    assert len(found[0]) < 60_000


def test_even_at_one_instant_the_latest_keys_are_the_ones_kept() -> None:
    _, core, ledger = calm_bank()
    order = Transfer(Decimal("0.01"), "checking", "emma")
    for turn in range(KEPT_DEEDS + 20):
        core.order("cust-1", f"k{turn}", NOW, order)
    before = _customer(ledger).outside
    core.order("cust-1", f"k{KEPT_DEEDS + 19}", NOW, order)
    assert _customer(ledger).outside == before


KEYS = st.sampled_from(["a", "b", "c"])
DEEDS = st.lists(st.tuples(st.sampled_from(["run", "settle"]), KEYS, st.floats(0, 1)), max_size=24)


@settings(max_examples=150, deadline=None)
@given(DEEDS)
def test_in_any_order_and_with_any_faults_a_deed_happens_once_or_not_at_all(
    deeds: list[tuple[str, str, float]],
) -> None:
    drawn = {"now": 1.0}
    ledger = MemoryLedger()
    known = actions(FakeCore(ledger, failure_rate=0.4, chance=lambda: drawn["now"]), FakeCardGateway(ledger))
    start = _total(_customer_or_invented(ledger))
    told: dict[str, Outcome] = {}
    for what, key, chance in deeds:
        drawn["now"] = chance
        deed = known["transfer_money"].run if what == "run" else _settle(known)
        outcome = deed(call(SLOTS, key=key))
        if not isinstance(outcome, Failed | Unknown):
            # Whatever has been told for certain stays true.
            assert told.setdefault(key, outcome) == outcome
    drawn["now"] = 1.0
    final = {key: _settle(known)(call(SLOTS, key=key)) for key in ("a", "b", "c")}
    assert all(final[key] == outcome for key, outcome in told.items())
    after = _customer(ledger)
    assert after.outside == AMOUNT * sum(isinstance(outcome, Done) for outcome in final.values())
    assert _total(after) == start


@pytest.mark.parametrize("seed", range(6))
def test_many_threads_with_few_keys_agree_on_what_happened(seed: int) -> None:
    chance = random.Random(seed)
    plan = [(chance.choice(["run", "run", "settle"]), f"k{chance.randrange(6)}") for _ in range(48)]
    ledger, barrier = MemoryLedger(), Barrier(8)
    known = actions(FakeCore(ledger), FakeCardGateway(ledger))
    start = _total(_customer_or_invented(ledger))

    def worker(number: int) -> list[tuple[str, Outcome]]:
        barrier.wait()
        found: list[tuple[str, Outcome]] = []
        for what, key in plan[number::8]:
            deed = known["transfer_money"].run if what == "run" else _settle(known)
            found.append((key, deed(call(SLOTS, key=key))))
        return found

    with ThreadPoolExecutor(8) as pool:
        results = [entry for part in pool.map(worker, range(8)) for entry in part]
    certain: dict[str, Outcome] = {}
    for key, outcome in results:
        assert not isinstance(outcome, Failed | Unknown)
        assert certain.setdefault(key, outcome) == outcome
    after = _customer(ledger)
    assert after.outside == AMOUNT * sum(isinstance(outcome, Done) for outcome in certain.values())
    assert _total(after) == start


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["transfer_money", "pay_bill", "redeem_rewards"]),
            st.sampled_from(["checking", "savings", "money_market", "credit_card"]),
            st.sampled_from(["checking", "savings", "credit_card", "emma"]),
            st.decimals("0.01", "9000", places=2),
        ),
        max_size=15,
    )
)
def test_whatever_is_ordered_money_is_conserved_and_no_account_is_overdrawn(
    orders: list[tuple[str, str, str, Decimal]],
) -> None:
    known, _, ledger = calm_bank()
    start = _total(_customer_or_invented(ledger))
    for number, (name, source, target, amount) in enumerate(orders):
        slots = {
            "amount": str(amount),
            "from_account": source,
            "to_account": target,
            "biller": "credit_card" if target == "credit_card" else "power",
            "date": "2026-11-20",
            "reward": "statement_credit",
            "points": str(int(amount) + 1),
        }
        known[name].run(call(slots, key=f"k{number}"))
        after = _customer(ledger)
        assert _total(after) == start
        assert all(amount >= 0 for account, amount in after.accounts.items() if account != "credit_card")


def test_a_document_survives_being_written_and_read() -> None:
    known, _, ledger = calm_bank()
    known["apply_for_card"].run(call({"product": "everyday"}, key="x"))
    known["block_card"].run(call({"card": "both"}, key="y"))
    found = ledger.read("cust-1")
    assert found is not None
    assert "float" not in found[0]
    assert all(isinstance(amount, str) for amount in json.loads(found[0])["accounts"].values())
    assert _customer(ledger).cards["debit"].blocked


def test_a_core_out_of_reach_says_so_to_whoever_asks_it_directly() -> None:
    down = FakeCore(MemoryLedger(), failure_rate=1.0, chance=_always(0.2))
    mute = FakeCore(MemoryLedger(), failure_rate=1.0, chance=_always(0.7))
    with pytest.raises(Unavailable):
        down.settle("cust-1", "k", NOW)
    with pytest.raises(NoAnswer):
        mute.settle("cust-1", "k", NOW)


def _customer_or_invented(ledger: MemoryLedger) -> Customer:
    return invented.customer("cust-1") if ledger.read("cust-1") is None else _customer(ledger)

"""The telephone PIN: how often it may be tried, what is kept of it, and the pointer that it earns."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from tests.leaks import leaks
from tests.unit.affairs.clerk import KEYS, NOW
from tests.unit.customers.codes_contract import CodesRig, MemoryCodesRig, TableCodesRig
from tests.unit.customers.tables import lost_answer, make_table
from throughline.affairs.pins import MINUTES, FakePinCheck, PinCheck, Pins, Unavailable, verified_pointer
from throughline.customers.allowances import DAY, HOUR, Allowances, MemoryAllowances, PinLimits
from throughline.customers.client import dynamodb_client
from throughline.customers.codes import Standing, Verdict
from throughline.customers.pointer import Pointer, mint, read
from throughline.dialogue.model import Limits
from throughline.errors import PointerError, StoreUnavailable
from throughline.privacy.sealed import Sealed
from throughline.turn import Assurance

PIN, OTHER = "408271", "550913"
RIGHT, WRONG, SPENT = Verdict(Standing.RIGHT, "c-pat"), Verdict(Standing.WRONG), Verdict(Standing.SPENT)
RING = KEYS.pointer_keys()


class Phone:
    """PINs over counters of some sort, and what the business was asked."""

    def __init__(self, allowances: Allowances | None = None, limits: PinLimits = PinLimits()) -> None:  # noqa: B008
        self.check = FakePinCheck({"c-pat": PIN})
        self.noted: list[str] = []
        self.pins = Pins(allowances or MemoryAllowances(KEYS), self.check, KEYS, limits, self.noted.append)

    def key(
        self, pin: str, turn: str = "t1", customer: str = "c-pat", link: str = "l-1", now: float = NOW, call: str = "k1"
    ) -> Verdict:
        return self.pins.prove(customer, link, call, Sealed(pin), turn, now)


class PinsContract:
    """Inherit from it and give a fixture `codes_rig`."""

    @pytest.fixture
    def phone(self, codes_rig: CodesRig) -> Phone:
        return Phone(codes_rig.allowances())

    def test_the_right_pin_proves_the_customer(self, phone: Phone) -> None:
        assert phone.key(PIN) == RIGHT

    def test_three_tries_an_hour_and_then_the_business_is_not_even_asked(self, phone: Phone) -> None:
        told = [phone.key(f"{n:04d}", f"t{n}") for n in range(3)]
        told += [phone.key(PIN, "t8"), phone.key(PIN, "t9", link="l-2"), phone.key(PIN, "t0", now=NOW + HOUR)]
        assert told == [WRONG, WRONG, WRONG, SPENT, SPENT, RIGHT]
        assert len(phone.check.asked) == 4
        assert set(phone.noted) == {"pin.customer"}

    def test_one_link_gets_three_tries_whomever_it_tries_them_for(self, phone: Phone) -> None:
        told = [phone.key("1234", f"t{n}", customer=f"c-{n}") for n in range(4)]
        assert told == [WRONG, WRONG, WRONG, SPENT]
        assert phone.noted == ["pin.source"]

    def test_ten_tries_a_day(self, phone: Phone) -> None:
        start = NOW - NOW % DAY
        told = [phone.key("1234", f"t{h}.{n}", now=start + h * HOUR) for h in range(6) for n in range(3)]
        assert told.count(WRONG) == 10

    def test_the_same_try_again_pays_once_and_another_pin_in_its_turn_pays(self, phone: Phone) -> None:
        told = [phone.key(OTHER, "t1") for _ in range(5)]
        told += [phone.key(f"00{n}0", "t1") for n in range(3)]
        assert told == [WRONG] * 7 + [SPENT]

    def test_the_last_try_delivered_again_hears_the_same(self, phone: Phone) -> None:
        told = [phone.key(OTHER, "t1"), phone.key(OTHER, "t2"), *(phone.key(PIN, "t3") for _ in range(3))]
        assert told == [WRONG, WRONG, RIGHT, RIGHT, RIGHT]
        assert phone.key(PIN, "t4") == SPENT

    def test_of_a_crowd_of_guesses_at_once_three_are_looked_at(self, phone: Phone) -> None:
        with ThreadPoolExecutor(16) as pool:
            told = Counter(pool.map(lambda n: phone.key(f"{n:04d}", f"t{n}").standing, range(40)))
        assert told == {Standing.WRONG: 3, Standing.SPENT: 37}
        assert len(phone.check.asked) == 3

    def test_one_try_delivered_many_times_at_once_pays_once(self, phone: Phone) -> None:
        with ThreadPoolExecutor(16) as pool:
            assert set(pool.map(lambda _: phone.key(PIN), range(20))) == {RIGHT}
        assert [phone.key(OTHER, f"u{n}") for n in range(3)] == [WRONG, WRONG, SPENT]

    def test_a_business_that_does_not_answer_costs_the_try_once_and_gives_no_verdict(self, phone: Phone) -> None:
        phone.check.broken = True
        for _ in range(4):
            with pytest.raises(Unavailable):
                phone.key(PIN)
        phone.check.broken = False
        assert phone.key(PIN) == RIGHT

    def test_no_pin_stands_in_what_is_kept(self, phone: Phone, codes_rig: CodesRig) -> None:
        phone.key(OTHER, "t1")
        phone.key(PIN, "t2")
        assert "pin.customer" in codes_rig.at_rest()
        assert leaks(codes_rig.at_rest(), [PIN, OTHER]) == []


class TestPinsInMemory(PinsContract):
    @pytest.fixture
    def codes_rig(self) -> CodesRig:
        return MemoryCodesRig()


class TestPinsOnMoto(PinsContract):
    @pytest.fixture
    def codes_rig(self) -> Iterator[TableCodesRig]:
        with mock_aws():
            client = dynamodb_client("eu-west-1")
            yield TableCodesRig(client, make_table(client), threadsafe=False)

    def test_a_table_that_does_not_answer_gives_no_verdict(self, phone: Phone, codes_rig: TableCodesRig) -> None:
        codes_rig.flaky.before += [lost_answer(), lost_answer()]
        with pytest.raises(StoreUnavailable):
            phone.key(PIN)
        assert phone.check.asked == []

    def test_a_payment_whose_answer_was_lost_is_made_once(self, phone: Phone, codes_rig: TableCodesRig) -> None:
        for n in range(3):
            codes_rig.flaky.after.append(lost_answer())
            assert phone.key(OTHER, f"t{n}") == WRONG
        assert phone.key(PIN, "t9") == SPENT

    def test_what_is_kept_is_swept_within_two_days(self, phone: Phone, codes_rig: TableCodesRig) -> None:
        phone.key(OTHER)
        items = codes_rig.client.scan(TableName=codes_rig.table)["Items"]
        assert len(items) == 4
        assert all(NOW < float(item["expires"]["N"]) < NOW + 2 * DAY for item in items)


@pytest.mark.parametrize("said", ["", "12", "123", "1234567890123", "12 34", "my pin", "٤٠٨٢", "1234\n"])
def test_what_can_be_no_pin_is_wrong_and_costs_nothing(said: str) -> None:
    phone = Phone()
    assert [phone.key(said, f"t{n}") for n in range(9)] == [WRONG] * 9
    assert phone.check.asked == []
    assert phone.key(PIN) == RIGHT


def test_somebody_without_a_pin_hears_what_a_wrong_one_hears() -> None:
    told = [[Phone().key("1234", customer=who), Phone().key("1234", customer=who)] for who in ("c-pat", "c-nobody")]
    assert told[0] == told[1] == [WRONG, WRONG]


def test_altogether_no_more_than_so_many_a_minute() -> None:
    phone = Phone(limits=replace(PinLimits(), overall_minute=2))
    told = [phone.key("1234", f"t{n}", customer=f"c-{n}", link=f"l-{n}") for n in range(3)]
    assert told == [WRONG, WRONG, SPENT]
    assert phone.noted == ["pin.overall"]


@pytest.mark.parametrize("missing", range(4))
def test_a_try_names_whose_it_is(missing: int) -> None:
    customer, link, session, turn = ("" if n == missing else "x" for n in range(4))
    with pytest.raises(ValueError, match="all four"):
        Phone().pins.prove(customer, link, session, Sealed(PIN), turn, NOW)


def test_neither_printing_nor_failing_shows_a_pin() -> None:
    phone = Phone()
    phone.check.broken = True
    with pytest.raises(Unavailable) as raised:
        phone.key(PIN)
    assert leaks(f"{raised.value!r} {phone.key('1')!r} {RIGHT!r}", [PIN]) == []


TOKEN = mint(Pointer("c-pat", "l-1", 4), contact="k1", assurance=Assurance.CLAIMED, expires=NOW + HOUR, keys=RING)


def earned(phone: Phone, pin: str, token: str = TOKEN, contact: str = "k1", turn: str = "t1") -> tuple[Verdict, str]:
    return verified_pointer(phone.pins, token, contact=contact, pin=Sealed(pin), turn=turn, now=NOW, keys=RING)


def test_a_right_pin_earns_a_verified_pointer_for_this_contact_and_some_minutes() -> None:
    verdict, token = earned(Phone(), PIN)
    assert verdict == RIGHT
    assert read(token, contact="k1", now=NOW, keys=RING) == (Pointer("c-pat", "l-1", 4), Assurance.VERIFIED)
    for contact, now in (("k2", NOW), ("k1", NOW + MINUTES * 60)):
        with pytest.raises(PointerError):
            read(token, contact=contact, now=now, keys=RING)
    assert Limits().verified_minutes == MINUTES


def test_a_wrong_pin_and_one_try_too_many_earn_none() -> None:
    phone = Phone()
    told = [earned(phone, OTHER, turn=f"t{n}") for n in range(3)]
    assert [*told, earned(phone, PIN, turn="t9")] == [(WRONG, ""), (WRONG, ""), (WRONG, ""), (SPENT, "")]


def test_a_pointer_of_another_contact_is_worth_nothing_and_costs_nothing() -> None:
    phone = Phone()
    for token, contact in ((TOKEN, "k2"), ("", "k1"), (TOKEN[:-1] + "A" if TOKEN[-1] != "A" else TOKEN[:-1], "k1")):
        with pytest.raises(PointerError):
            earned(phone, PIN, token, contact)
    assert phone.check.asked == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["c-pat", "c-kim"]),
            st.sampled_from(["l-1", "l-2"]),
            st.sampled_from(["t1", "t2", "t3"]),
            st.sampled_from([PIN, OTHER, "0000", "1111", "2222"]),
            st.sampled_from([0, 1, 900, HOUR]),
        ),
        max_size=30,
    )
)
def test_whatever_the_order_nobody_looks_at_more_than_three_pins_of_a_customer_or_by_a_link_in_an_hour(
    steps: list[tuple[str, str, str, str, int]],
) -> None:
    phone = Phone()
    now = NOW - NOW % HOUR
    looked: dict[tuple[str, float], set[tuple[str, str, str, str]]] = {}
    for customer, link, turn, pin, wait in steps:
        now += wait
        before = len(phone.check.asked)
        verdict = phone.key(pin, turn, customer, link, now)
        assert (verdict.standing is Standing.RIGHT) <= (customer == "c-pat" and pin == PIN)
        if len(phone.check.asked) > before:
            for whose in (customer, link):
                seen = looked.setdefault((whose, now // HOUR), set())
                seen.add((customer, link, turn, pin))
    # One try that was paid for just before the hour's end may be heard again in the next.
    assert all(len(seen) <= 3 + 1 for seen in looked.values())


def test_the_fake_is_a_pin_check() -> None:
    check: PinCheck = FakePinCheck()
    assert not check.check("c-pat", Sealed(PIN))


def test_tries_from_many_threads_over_one_fake_are_all_counted() -> None:
    phone, gate = Phone(), threading.Barrier(8)

    def guess(n: int) -> Standing:
        gate.wait()
        return phone.key(f"{n:04d}", f"t{n}").standing

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(guess, range(8)))[Standing.WRONG] == 3

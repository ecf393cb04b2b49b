"""Single outcomes, where the agreement test would not notice a wrong value."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bank.fake import invented
from bank.pins import four_digits, is_weak
from tests.unit.bank.bank_calls import NOW, call, calm_bank
from throughline.dialogue.action import Done, Invalid, Param, Typed


def _params(outcome: object) -> dict[str, Param]:
    assert isinstance(outcome, Done)
    return dict(outcome.params)


def _value(param: Param) -> str:
    assert isinstance(param, Typed)
    return param.value


def test_an_invented_customer_is_always_the_same_and_unlike_others() -> None:
    assert invented.customer("a") == invented.customer("a")
    assert invented.customer("a").accounts != invented.customer("b").accounts


@pytest.mark.parametrize("name", [f"cust-{n}" for n in range(40)])
def test_invented_accounts_are_believable(name: str) -> None:
    customer = invented.customer(name)
    assert customer.accounts["checking"] >= 1500
    assert 0 < -customer.accounts["credit_card"] < customer.limit
    assert all(amount.as_tuple().exponent == -2 for amount in customer.accounts.values())


def test_movements_are_newest_first_and_before_today() -> None:
    days = [movement.day for movement in invented.movements("cust-1", "checking", NOW)]
    assert days == sorted(days, reverse=True)
    assert days[0] < "2026-11-20"


def test_a_transfer_shows_up_in_both_balances_and_first_among_the_transactions() -> None:
    known, core, _ = calm_bank()
    before = core.balances("cust-1").accounts
    known["transfer_money"].run(call({"amount": "25.50", "from_account": "checking", "to_account": "savings"}))
    after = core.balances("cust-1").accounts
    assert after["checking"] == before["checking"] - Decimal("25.50")
    assert after["savings"] == before["savings"] + Decimal("25.50")
    rows = _params(known["recent_transactions"].run(call({"account": "savings", "count": "1"})))["transactions"]
    assert not isinstance(rows, Typed)
    assert [row["amount"].value for row in rows] == ["25.50"]


def test_paying_the_credit_card_lowers_what_is_owed() -> None:
    known, core, _ = calm_bank()
    owed = core.balances("cust-1").accounts["credit_card"]
    bill = {"biller": "credit_card", "amount": "20.00", "from_account": "checking", "date": "2026-11-20"}
    known["pay_bill"].run(call(bill))
    assert core.balances("cust-1").accounts["credit_card"] == owed + 20


def test_three_transactions_are_read_out_unless_more_are_wanted() -> None:
    known, _, _ = calm_bank()
    rows = _params(known["recent_transactions"].run(call({"account": "checking"})))["transactions"]
    assert not isinstance(rows, Typed)
    assert len(rows) == 3


def test_a_branch_closed_on_sunday_says_so_and_the_airport_is_open() -> None:
    known, _, _ = calm_bank()
    hours = known["branch_hours"]
    downtown = hours.run(call({"branch": "downtown", "date": "2026-11-22"}))
    airport = hours.run(call({"branch": "airport", "date": "2026-11-22"}))
    assert isinstance(downtown, Done)
    assert downtown.variant == "closed"
    assert _value(_params(airport)["opens"]) == "07:00"


def test_a_branch_asked_about_without_a_day_answers_for_today() -> None:
    known, _, _ = calm_bank()
    assert _value(_params(known["branch_hours"].run(call({"branch": "downtown"})))["day"]) == "2026-11-20"


def test_a_term_makes_no_difference_to_a_product_without_one() -> None:
    known, _, _ = calm_bank()
    rate = known["interest_rate"]
    with_term = rate.run(call({"product": "savings", "term": "long"}))
    assert with_term == rate.run(call({"product": "savings"}))


def test_a_new_application_can_be_asked_about_by_its_number() -> None:
    known, _, _ = calm_bank()
    number = _value(_params(known["apply_for_card"].run(call({"product": "everyday"})))["application_number"])
    assert len(number) == 6
    status = known["application_status"].run(call({"application_number": number}))
    assert isinstance(status, Done)
    assert status.variant == ""


def test_one_customers_application_is_unknown_to_another() -> None:
    known, _, _ = calm_bank()
    number = _value(_params(known["apply_for_card"].run(call({"product": "everyday"})))["application_number"])
    other = known["application_status"].run(call({"application_number": number}, customer="cust-2"))
    assert other == Invalid("application_number", "unknown")


def test_protective_orders_are_counted_by_the_day() -> None:
    known, _, _ = calm_bank()
    fraud = known["report_fraud"]
    slots = {"fraud_kind": "scam", "card": "credit"}
    for number in range(5):
        assert isinstance(fraud.run(call(slots, key=f"k{number}")), Done)
    assert not isinstance(fraud.run(call(slots, key="sixth")), Done)
    assert isinstance(fraud.run(call(slots, key="later", now=NOW + 25 * 3600)), Done)


@pytest.mark.parametrize(
    ("said", "pin"),
    [
        ("2580", "2580"),
        ("2 5 8 0", "2580"),
        ("two five eight oh", "2580"),
        ("it's one nine, double four", "1944"),
        ("٢٥٨٠", "2580"),
        ("258", None),
        ("25801", None),
        ("no idea", None),
    ],
)
def test_a_pin_is_understood_typed_or_spoken(said: str, pin: str | None) -> None:
    assert four_digits(said) == pin


@pytest.mark.parametrize("pin", ["1111", "1212", "1234", "4321", "0123"])
def test_what_a_thief_tries_first_is_weak(pin: str) -> None:
    assert is_weak(pin)


def test_an_ordinary_pin_is_not_weak() -> None:
    assert not is_weak("8306")

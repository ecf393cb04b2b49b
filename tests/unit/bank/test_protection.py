"""What was protected by mistake is undone by who proved to be the customer, soon, and while it can still be."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.core import BlockCard, FreezeAccount, LiftProtection, ReplaceCard, ReportFraud
from bank.fake import invented, plastic
from bank.fake.book import Customer, from_json, to_json
from tests.unit.bank.bank_calls import DAY, NOW, call, calm_bank
from throughline.dialogue.action import Assurance, Done, NeedsPerson, NotDone, Refused

ADA = invented.customer("cust-1")
PROTECTED = ("debit", "credit", "both", "checking", "savings", "money_market")


def _lift(customer: Customer, protected: str, now: float) -> tuple[Customer, str]:
    after, receipt = plastic.lift(customer, LiftProtection(protected), now)
    assert receipt.accepted == (receipt.code == "")
    return after, receipt.code


def test_a_card_that_turned_up_within_a_day_pays_again() -> None:
    lost, _ = plastic.block(ADA, BlockCard("both"), NOW)
    assert lost.cards["debit"].blocked
    after, code = _lift(lost, "both", NOW + DAY)
    assert code == ""
    assert after.cards == ADA.cards


def test_a_freeze_is_lifted_for_the_account_that_was_named_alone() -> None:
    frozen, _ = plastic.freeze(ADA, FreezeAccount("checking"), NOW)
    frozen, _ = plastic.freeze(frozen, FreezeAccount("savings"), NOW)
    after, code = _lift(frozen, "checking", NOW + 60)
    assert (code, after.frozen, dict(after.frozen_at)) == ("", ("savings",), {"savings": NOW})


@pytest.mark.parametrize("protected", PROTECTED)
def test_where_nothing_is_protected_there_is_nothing_to_undo(protected: str) -> None:
    assert _lift(ADA, protected, NOW) == (ADA, "nothing_to_undo")


def test_after_a_day_it_takes_a_person() -> None:
    lost, _ = plastic.block(ADA, BlockCard("debit"), NOW)
    frozen, _ = plastic.freeze(lost, FreezeAccount("checking"), NOW)
    for protected in ("debit", "checking"):
        assert _lift(frozen, protected, NOW + DAY + 1) == (frozen, "too_late")


def test_a_card_blocked_for_fraud_is_not_for_the_customer_to_free() -> None:
    misused, _ = plastic.fraud(ADA, ReportFraud("charge", "debit"), NOW)
    assert _lift(misused, "debit", NOW + 60) == (misused, "misused")
    lost, _ = plastic.block(ADA, BlockCard("debit"), NOW)
    misused, _ = plastic.fraud(lost, ReportFraud("charge", "debit"), NOW + 60)
    assert _lift(misused, "debit", NOW + 120) == (misused, "misused")


def test_reporting_a_misused_card_as_lost_does_not_make_it_one_that_can_be_freed() -> None:
    misused, _ = plastic.fraud(ADA, ReportFraud("charge", "debit"), NOW)
    lost, _ = plastic.block(misused, BlockCard("both"), NOW + 60)
    assert _lift(lost, "debit", NOW + 120) == (lost, "misused")
    assert _lift(lost, "credit", NOW + 120)[1] == ""


def test_a_card_that_a_new_one_replaces_stays_blocked() -> None:
    renewed, _ = plastic.renew(ADA, ReplaceCard("debit"), NOW)
    lost, _ = plastic.block(renewed, BlockCard("debit"), NOW + 60)
    assert _lift(lost, "debit", NOW + 120) == (lost, "too_late")


def test_a_card_that_was_replaced_long_before_can_be_freed() -> None:
    renewed, _ = plastic.renew(ADA, ReplaceCard("debit"), NOW - 30 * DAY)
    lost, _ = plastic.block(renewed, BlockCard("debit"), NOW)
    assert _lift(lost, "debit", NOW + 60)[1] == ""


def test_half_of_it_is_not_undone() -> None:
    first, _ = plastic.block(ADA, BlockCard("debit"), NOW)
    both, _ = plastic.block(first, BlockCard("credit"), NOW + DAY)
    assert _lift(both, "both", NOW + DAY + 60) == (both, "too_late")
    assert _lift(both, "credit", NOW + DAY + 60)[1] == ""


def test_the_credit_card_is_freed_from_a_freeze_too() -> None:
    frozen, _ = plastic.freeze(ADA, FreezeAccount("credit_card"), NOW)
    for protected in ("credit", "both"):
        assert _lift(frozen, protected, NOW + 60)[0].frozen == ()
    assert _lift(frozen, "debit", NOW + 60) == (frozen, "nothing_to_undo")


def test_with_a_misused_card_the_customer_gets_to_a_person() -> None:
    known, core, _ = calm_bank()
    undo = known["undo_protection"]
    assert undo.settle is not None
    known["report_fraud"].run(call({"fraud_kind": "scam", "card": "debit"}, key="fraud"))
    made = call({"protected": "both"}, key="undo")
    assert undo.run(made) == NeedsPerson("refused")
    assert undo.settle(made) == NotDone()
    assert core.card("cust-1", "debit").blocked


@pytest.mark.parametrize("assurance", [Assurance.ANONYMOUS, Assurance.CLAIMED, Assurance.LINKED])
def test_who_proved_too_little_undoes_nothing(assurance: Assurance) -> None:
    known, core, _ = calm_bank()
    known["block_card"].run(call({"card": "debit"}, key="lost"))
    undo = known["undo_protection"].run(call({"protected": "debit"}, key="undo", assurance=assurance))
    assert undo == NeedsPerson("assurance")
    assert core.card("cust-1", "debit").blocked


def test_undone_once_it_stays_undone_however_often_it_is_asked() -> None:
    known, core, _ = calm_bank()
    undo = known["undo_protection"]
    assert undo.settle is not None
    known["block_card"].run(call({"card": "debit"}, key="lost"))
    made = call({"protected": "debit"}, key="undo", now=NOW + 60)
    assert undo.run(made) == Done()
    known["block_card"].run(call({"card": "debit"}, key="lost again", now=NOW + 120))
    assert undo.run(made) == undo.settle(made) == Done()
    assert core.card("cust-1", "debit").blocked


def test_struck_off_it_does_not_happen_later() -> None:
    known, core, _ = calm_bank()
    undo = known["undo_protection"]
    assert undo.settle is not None
    known["freeze_account"].run(call({"account": "checking"}, key="freeze"))
    made = call({"protected": "checking"}, key="undo")
    assert undo.settle(made) == undo.run(made) == NotDone()
    assert core.card("cust-1", "debit").frozen
    assert known["undo_protection"].run(call({"protected": "savings"}, key="other")) == Refused("nothing_to_undo")


def test_a_document_from_before_this_could_be_undone_is_read_and_needs_a_person() -> None:
    lost, _ = plastic.block(ADA, BlockCard("debit"), NOW)
    frozen, _ = plastic.freeze(lost, FreezeAccount("checking"), NOW)
    data = json.loads(to_json(frozen))
    del data["lost_at"], data["frozen_at"]
    old = from_json(json.dumps(data))
    assert (old.cards["debit"].blocked, old.frozen) == (True, ("checking",))
    assert [_lift(old, protected, NOW + 60)[1] for protected in ("debit", "checking")] == ["misused", "too_late"]


ORDERS = st.lists(
    st.one_of(
        st.builds(BlockCard, st.sampled_from(["debit", "credit", "both"])),
        st.builds(ReplaceCard, st.sampled_from(["debit", "credit", "both"])),
        st.builds(ReportFraud, st.just("scam"), st.sampled_from(["debit", "credit", "both"])),
        st.builds(FreezeAccount, st.sampled_from(["checking", "savings", "money_market", "credit_card"])),
        st.builds(LiftProtection, st.sampled_from(PROTECTED)),
    ),
    max_size=12,
)


@given(ORDERS)
def test_whatever_happened_undoing_never_frees_a_misused_card_and_survives_being_kept(
    orders: list[BlockCard | ReplaceCard | ReportFraud | FreezeAccount | LiftProtection],
) -> None:
    _, core, ledger = calm_bank()
    misused: set[str] = set()
    for number, order in enumerate(orders):
        receipt = core.order("cust-1", f"k{number}", NOW + number * 3600, order)
        assert receipt is not None
        if isinstance(order, ReportFraud) and receipt.accepted:
            misused |= {"debit", "credit"} if order.card == "both" else {order.card}
    assert all(core.card("cust-1", card).blocked for card in misused)
    found = ledger.read("cust-1")
    if found is not None:
        kept = from_json(found[0])
        assert set(kept.frozen_at) == set(kept.frozen)
        assert all(card.blocked for card in kept.cards.values() if card.lost_at)
        assert to_json(replace(kept)) == found[0]

"""Protective acts of somebody who only claims: possible, and limited."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.affairs.clerk import KEYS, NOW
from throughline.affairs.protecting import Protecting
from throughline.customers.allowances import DAY, MemoryAllowances, ProtectLimits
from throughline.dialogue.action import Action, Assurance, Call, Done, NotDone, Outcome, Refused
from throughline.errors import StoreUnavailable

CALL = Call(
    "ReportLostCard", {}, "c-pat", Assurance.CLAIMED, "key", NOW, NOW + 4, "en_US", session="call#1", link="l-1"
)


def protecting(
    limits: ProtectLimits = ProtectLimits(),  # noqa: B008 - frozen
    noted: list[str] | None = None,
    origin: str = "",
) -> Protecting:
    noted = noted if noted is not None else []
    return Protecting(MemoryAllowances(KEYS), limits, noted.append, origin=lambda: origin)


def test_a_claimed_customer_may_three_times_a_day() -> None:
    noted: list[str] = []
    counted = protecting(noted=noted)
    assert [counted.allowed(CALL) for _ in range(4)] == [True, True, True, False]
    assert counted.allowed(replace(CALL, now=NOW + DAY))
    assert noted == ["protect.customer"]


@pytest.mark.parametrize("assurance", [Assurance.LINKED, Assurance.VERIFIED])
def test_a_linked_customer_is_not_counted(assurance: Assurance) -> None:
    counted = protecting()
    assert all(counted.allowed(replace(CALL, assurance=assurance)) for _ in range(9))
    assert counted.allowed(CALL)


def test_one_link_or_session_cannot_bother_customer_after_customer() -> None:
    for field in ("link", "session"):
        counted = protecting()
        calls = [replace(CALL, customer=f"c-{n}", link=f"l-{n}", session=f"call#{n}") for n in range(4)]
        shared: dict[str, Any] = {field: "the same"}
        same = [replace(call, **shared) for call in calls]
        assert [counted.allowed(call) for call in same] == [True, True, True, False]


def test_altogether_no_more_than_so_many_a_minute() -> None:
    counted = protecting(ProtectLimits(overall_minute=2))
    calls = [replace(CALL, customer=f"c-{n}", link=f"l-{n}", session=f"call#{n}") for n in range(3)]
    assert [counted.allowed(call) for call in calls] == [True, True, False]


def test_guests_share_less_and_leave_callers_theirs() -> None:
    noted: list[str] = []
    counted = protecting(ProtectLimits(overall_minute=1, guests_minute=2), noted)
    calls = [replace(CALL, customer=f"c-{n}", link=f"l-{n}", session=f"web#{n}", guest=True) for n in range(3)]
    assert [counted.allowed(call) for call in calls] == [True, True, False]
    assert noted == ["protect.guests"]
    assert counted.allowed(CALL)


def test_one_place_in_the_network_is_bounded_before_anybody_else_is() -> None:
    noted: list[str] = []
    counted = protecting(ProtectLimits(overall_minute=3, guests_minute=0, origin_day=2), noted, "203.0.113.9")
    calls = [replace(CALL, customer=f"c-{n}", link=f"l-{n}", session=f"web#{n}", guest=True) for n in range(4)]
    assert [counted.allowed(call) for call in calls] == [True, True, False, False]
    assert noted == ["protect.origin"] * 2


def test_counters_that_do_not_answer_let_nobody_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise StoreUnavailable("down")

    noted: list[str] = []
    counted = protecting(noted=noted)
    monkeypatch.setattr(MemoryAllowances, "spend", down)
    assert not counted.allowed(CALL)
    assert noted == ["StoreUnavailable"]


def test_a_guarded_action_is_refused_when_there_were_too_many_but_settled_all_the_same() -> None:
    done: list[str] = []

    def run(call: Call) -> Outcome:
        done.append(call.key)
        return Done()

    def settle(call: Call) -> Outcome:
        return NotDone()

    action = protecting().guarded(Action(run, settle))
    assert [action.run(CALL) for _ in range(4)] == [Done(), Done(), Done(), Refused("too_many")]
    assert done == ["key"] * 3
    assert action.settle is not None
    assert action.settle(CALL) == NotDone()

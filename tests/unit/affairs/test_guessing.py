"""Guesses at one code each of very many customers: bounded altogether, and by whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.affairs.clerk import DAY, MAIL, NOW, OTHER_PHONE, PHONE, WEB, Clerk
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.allowances import GuessLimits
from throughline.customers.codes import TRIES
from throughline.customers.store import Stored
from throughline.dialogue.action import Assurance, Done, Failed, Invalid, Refused
from throughline.errors import StoreUnavailable

WRONG = Invalid("code", "wrong")


def many(clerk: Clerk, count: int) -> list[Stored]:
    return [clerk.customer(Address(AddressKind.EMAIL, f"a{n}@example.com")) for n in range(count)]


def guessed(clerk: Clerk, people: list[Stored], assurance: Assurance = Assurance.CLAIMED) -> list[object]:
    """One wrong guess at each, all codes having been sent before."""
    for one in people:
        clerk.do("prove.send", one, assurance=assurance)
    return [clerk.do("prove.check", one, said="000000", assurance=assurance) for one in people]


def test_guesses_at_many_customers_are_bounded_altogether_and_the_log_tells() -> None:
    clerk = Clerk(guesses=GuessLimits(callers_day=3))
    told = guessed(clerk, many(clerk, 5))
    assert told == [WRONG] * 3 + [Refused("too_many_tries")] * 2
    assert clerk.noted == ["wrong.callers"] * 2


def test_when_they_are_used_up_not_even_the_right_guess_gets_in_nor_is_a_code_sent() -> None:
    clerk = Clerk(guesses=GuessLimits(callers_day=3))
    people = many(clerk, 5)
    guessed(clerk, people[:3] + people[4:])
    pat, sent = people[4], len(clerk.sent)
    assert clerk.do("prove.check", pat, said=clerk.sent[-1][1], turn="t2") == Refused("too_many_tries")
    assert clerk.do("prove.send", people[3]) == Refused("too_many")
    assert len(clerk.sent) == sent
    assert set(clerk.noted) == {"wrong.callers"}
    tomorrow = NOW + DAY
    assert clerk.do("prove.send", pat, now=tomorrow) == Done(variant="email")
    assert isinstance(clerk.do("prove.check", pat, said=clerk.sent[-1][1], now=tomorrow), Done)


def test_right_codes_take_nothing_of_it() -> None:
    clerk = Clerk(guesses=GuessLimits(callers_day=1))
    for one in many(clerk, 9):
        clerk.do("prove.send", one)
        assert isinstance(clerk.do("prove.check", one, said=clerk.sent[-1][1]), Done)
    assert not any(place.startswith("wrong.") for place in clerk.allowances.kept)


def test_a_turn_delivered_again_is_counted_once_and_what_is_no_code_not_at_all() -> None:
    clerk = Clerk(guesses=GuessLimits(callers_day=1))
    pat = clerk.customer(MAIL)
    clerk.do("prove.send", pat)
    assert [clerk.do("prove.check", pat, said=said) for said in ("hello", "000000", "000000", "hm")] == [WRONG] * 4
    assert clerk.noted == []


def test_proved_customers_and_callers_keep_theirs_when_a_script_of_guests_has_used_up_its_own() -> None:
    clerk = Clerk(guesses=GuessLimits(guests_day=4))
    pat = clerk.customer(PHONE)
    for n in range(2):
        session: dict[str, Any] = {"session": f"web#{n}", "assurance": Assurance.ANONYMOUS}
        visitor = clerk.visitor(f"web#{n}")
        clerk.do("identify.send", visitor, phone_number=OTHER_PHONE.value, **session)
        for turn in range(TRIES):
            clerk.do("identify.check", visitor, said="000000", turn=f"t{turn}", **session)
    assert clerk.noted == ["wrong.guests"] * 2
    late: dict[str, Any] = {"session": "web#9", "assurance": Assurance.ANONYMOUS, "phone_number": PHONE.value}
    assert clerk.do("identify.send", clerk.visitor("web#9"), **late) == Refused("too_many")
    device, _ = clerk.store.by_address(WEB, NOW)
    assert clerk.do("identify.send", device, **late) == Done(variant="phone")
    for assurance in (Assurance.CLAIMED, Assurance.LINKED):
        clerk.do("prove.send", pat, assurance=assurance)
        assert isinstance(clerk.do("prove.check", pat, said=clerk.sent[-1][1], assurance=assurance), Done)


def test_one_place_in_the_network_uses_up_its_own_share_and_no_more() -> None:
    clerk = Clerk(guesses=GuessLimits(callers_day=5, origin_day=2), origin="203.0.113.9")
    people = many(clerk, 5)
    for one in people:
        clerk.do("prove.send", one)
    told = [clerk.do("prove.check", one, said="000000") for one in people[:4]]
    assert told == [WRONG] * 2 + [Refused("too_many_tries")] * 2
    assert clerk.do("prove.check", people[4], said=clerk.sent[4][1]) == Refused("too_many_tries")
    assert set(clerk.noted) == {"wrong.callers.origin"}
    overall = [count for place, count in clerk.allowances.kept.items() if place.startswith("wrong.callers.86400#")]
    assert overall == [2]


def test_forged_callers_leave_proved_customers_theirs() -> None:
    clerk = Clerk(guesses=GuessLimits(callers_day=1))
    people = many(clerk, 3)
    assert guessed(clerk, people)[1:] == [Refused("too_many_tries")] * 2
    assert guessed(clerk, people, Assurance.LINKED) == [WRONG] * 3


@pytest.mark.parametrize("said", ["000000", "700001"])
def test_where_the_count_does_not_answer_no_verdict_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = Clerk()
    pat = clerk.customer()
    clerk.do("prove.send", pat)

    def down(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(clerk.allowances, "spend", down)
    monkeypatch.setattr(clerk.allowances, "left", down)
    assert clerk.do("prove.check", pat, said=said) == Failed()
    monkeypatch.undo()
    if said == "700001":
        assert isinstance(clerk.do("prove.check", pat, said=said), Done)


def test_a_customer_whose_only_number_is_in_a_country_that_is_not_served_gets_no_code() -> None:
    clerk = Clerk()
    pat = clerk.customer(Address(AddressKind.PHONE, "+442079460143"))
    assert clerk.do("prove.send", pat) == Refused("nowhere")
    both = clerk.customer(Address(AddressKind.PHONE, "+442079460144"), MAIL)
    assert clerk.do("prove.send", both) == Done(variant="email")
    told = clerk.do("identify.send", clerk.visitor(), phone_number="+442079460143", assurance=Assurance.ANONYMOUS)
    assert told == Refused("nowhere")
    assert [address for address, _ in clerk.sent] == [MAIL.value]

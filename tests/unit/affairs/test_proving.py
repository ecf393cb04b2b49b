"""The step-up of a customer whom we know: where a code goes, what is told of it, and what it proves."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.affairs.clerk import DAY, MAIL, NOW, OTHER_PHONE, PHONE, WEB, Clerk, link_to
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.allowances import HOUR, SendLimits
from throughline.customers.codes import SECONDS
from throughline.customers.store import Stored
from throughline.dialogue.action import Assurance, Done, Failed, Invalid, NeedsPerson, Proved, Refused, Typed
from throughline.errors import StoreUnavailable


def proved(stored: Stored, by: Address = PHONE) -> Done:
    """What a right answer comes to: a proof, by the link that the code went to."""
    return Done(changes=(Proved("code", link_to(stored, by)),))


def test_a_code_goes_to_the_phone_that_was_proved_and_its_answer_proves_the_customer(clerk: Clerk) -> None:
    pat = clerk.customer()
    assert clerk.do("prove.send", pat) == Done(variant="phone")
    assert clerk.sent == [("+12025550143", "700001")]
    assert clerk.do("prove.check", pat, said="it's 700001") == proved(pat)


def test_where_it_went_is_told_to_a_linked_customer_by_two_digits_and_never_by_more(clerk: Clerk) -> None:
    pat = clerk.customer()
    assert clerk.do("prove.send", pat, assurance=Assurance.CLAIMED) == Done(variant="phone")
    told = clerk.do("prove.send", pat, assurance=Assurance.LINKED)
    assert told == Done({"ending": Typed("digits", "43")}, "phone_ending")


def test_of_a_mail_address_nothing_is_told_at_all(clerk: Clerk) -> None:
    pat = clerk.customer(MAIL)
    assert clerk.do("prove.send", pat, assurance=Assurance.LINKED) == Done(variant="email")


def test_the_address_proved_last_is_preferred(clerk: Clerk) -> None:
    clerk.customer(PHONE, MAIL)
    stored, _ = clerk.store.by_address(PHONE, NOW)
    newer = {link_to(stored, MAIL): NOW - 2 * DAY, link_to(stored, PHONE): NOW - 9 * DAY}
    stored = replace(stored, links={key: replace(held, at=newer[key]) for key, held in stored.links.items()})
    assert clerk.do("prove.send", stored) == Done(variant="email")
    assert clerk.do("prove.send", stored, code_by="phone") == Done(variant="phone")


@pytest.mark.parametrize(
    "link",
    [
        {"assurance": Assurance.CLAIMED},
        {"assurance": Assurance.ANONYMOUS},
        {"at": NOW - 23 * HOUR},
        {"shared": True},
        {"closed": True},
    ],
    ids=str,
)
def test_an_address_not_proved_too_young_shared_or_closed_gets_no_code(clerk: Clerk, link: dict[str, Any]) -> None:
    pat = clerk.customer(**link)
    assert clerk.do("prove.send", pat) == Refused("nowhere")
    assert clerk.sent == []


def test_an_address_whose_edge_leads_to_somebody_else_by_now_gets_no_code(clerk: Clerk) -> None:
    pat = clerk.customer()
    edge = clerk.store.edge_of(PHONE, NOW)
    assert edge is not None
    clerk.store._edges[edge.address] = replace(edge, customer="c-somebody-else")
    assert clerk.do("prove.send", pat) == Refused("nowhere")


def test_a_way_that_is_not_deployed_gets_no_code() -> None:
    clerk = Clerk(kinds="email")
    assert clerk.do("prove.send", clerk.customer(PHONE)) == Refused("nowhere")
    assert clerk.do("prove.send", clerk.customer(MAIL), code_by="phone") == Refused("nowhere")


def test_a_device_is_no_place_for_a_code(clerk: Clerk) -> None:
    assert clerk.do("prove.send", clerk.customer(WEB)) == Refused("nowhere")


def test_a_wrong_code_is_asked_for_again_and_the_third_ends_it(clerk: Clerk) -> None:
    pat = clerk.customer()
    clerk.do("prove.send", pat)
    told = [clerk.do("prove.check", pat, said=f"00000{n}", turn=f"t{n}") for n in range(3)]
    assert told == [Invalid("code", "wrong"), Invalid("code", "wrong"), Refused("too_many_tries")]
    assert clerk.do("prove.check", pat, said="700001", turn="t9") == Refused("too_many_tries")


def test_a_code_is_worth_nothing_after_five_minutes(clerk: Clerk) -> None:
    pat = clerk.customer()
    clerk.do("prove.send", pat)
    assert clerk.do("prove.check", pat, said="700001", now=NOW + SECONDS) == Refused("expired")


def test_a_code_is_worth_nothing_in_another_session_or_for_another_customer(clerk: Clerk) -> None:
    pat, kim = clerk.customer(PHONE), clerk.customer(OTHER_PHONE)
    clerk.do("prove.send", pat, session="web#1")
    assert clerk.do("prove.check", pat, said="700001", session="call#9") == Refused("expired")
    assert clerk.do("prove.check", kim, said="700001", session="web#1") == Refused("expired")
    assert clerk.do("prove.check", pat, said="700001", session="web#1") == proved(pat)


def test_a_code_counts_once_and_its_turn_hears_the_same_when_delivered_again(clerk: Clerk) -> None:
    pat = clerk.customer()
    clerk.do("prove.send", pat)
    told = [clerk.do("prove.check", pat, said="700001", turn=turn) for turn in ("t1", "t1", "t2")]
    assert told == [proved(pat), proved(pat), Refused("expired")]


def test_a_code_for_something_else_proves_nobody(clerk: Clerk) -> None:
    pat = clerk.customer()
    clerk.do("channel.send", pat, assurance=Assurance.VERIFIED, phone_number=OTHER_PHONE.value)
    assert clerk.do("prove.check", pat, said="700001") == Refused("expired")


def test_a_new_code_takes_the_place_of_the_old_one(clerk: Clerk) -> None:
    pat = clerk.customer()
    clerk.do("prove.send", pat)
    clerk.do("prove.send", pat)
    assert clerk.do("prove.check", pat, said="700001", turn="t1") == Invalid("code", "wrong")
    assert clerk.do("prove.check", pat, said="700002", turn="t2") == proved(pat)


def test_without_a_session_there_is_no_code(clerk: Clerk) -> None:
    pat = clerk.customer()
    assert clerk.do("prove.send", pat, session="") == NeedsPerson("assurance")
    assert clerk.do("prove.check", pat, session="", said="700001") == NeedsPerson("assurance")


def test_a_carrier_that_refuses_is_told_as_such(clerk: Clerk) -> None:
    for carrier in clerk.carriers.values():
        carrier.broken = True
    assert clerk.do("prove.send", clerk.customer()) == Refused("undelivered")
    assert clerk.noted == ["undelivered"]


def test_five_codes_an_hour_and_ten_a_day_and_no_more(clerk: Clerk) -> None:
    pat = clerk.customer()
    told = [clerk.do("prove.send", pat, now=NOW + n) for n in range(7)]
    assert told == [Done(variant="phone")] * 5 + [Refused("too_many")] * 2
    hours = [clerk.do("prove.send", pat, now=NOW + hour * HOUR) for hour in (1, 1, 1, 1, 1, 2, 3)]
    assert hours == [Done(variant="phone")] * 5 + [Refused("too_many")] * 2
    assert len(clerk.sent) == 10
    assert set(clerk.noted) == {"claim.customer"}


def test_no_phone_is_bombed_by_whoever_asks_and_however(clerk: Clerk) -> None:
    pat = clerk.customer()
    others = [clerk.customer(Address(AddressKind.EMAIL, f"a{n}@example.com")) for n in range(9)]
    for n in range(9):
        visitor = clerk.visitor(f"web#{n}")
        clerk.do("identify.send", visitor, session=f"web#{n}", phone_number=PHONE.value)
        clerk.do("channel.send", others[n], assurance=Assurance.VERIFIED, phone_number=PHONE.value)
        clerk.do("prove.send", pat, assurance=Assurance.CLAIMED)
        clerk.do("prove.send", pat, assurance=Assurance.LINKED)
    assert Counter(clerk.sent[n][0] for n in range(len(clerk.sent))) == {PHONE.value: 3 + 3 + 5 + 5}


def test_a_forged_caller_leaves_the_codes_of_her_proved_links_to_her(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE, WEB)
    for n in range(9):
        clerk.do("prove.send", pat, session=f"call#{n}", link=link_to(pat, PHONE), assurance=Assurance.CLAIMED)
    told = clerk.do("prove.send", pat, link=link_to(pat, WEB), assurance=Assurance.LINKED)
    assert told != Refused("too_many")


def test_customers_who_would_connect_her_number_leave_her_codes_to_her(clerk: Clerk) -> None:
    pat, kim = clerk.customer(PHONE), clerk.customer(MAIL)
    told = [clerk.do("channel.send", kim, assurance=Assurance.VERIFIED, phone_number=PHONE.value) for _ in range(5)]
    assert told == [Done(variant="phone")] * 3 + [Refused("too_many")] * 2
    assert clerk.do("prove.send", pat, assurance=Assurance.LINKED) != Refused("too_many")


def test_the_overall_share_is_spent_by_messages_alone() -> None:
    clerk = Clerk(SendLimits(overall_minute=1))
    nowhere = clerk.customer(OTHER_PHONE, shared=True)
    assert [clerk.do("prove.send", nowhere) for _ in range(3)] == [Refused("nowhere")] * 3
    assert clerk.allowances.kept == {}
    assert clerk.do("prove.send", clerk.customer()) == Done(variant="phone")


def test_the_proof_tells_which_address_the_code_went_to(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE, MAIL)
    for address, way in ((PHONE, "phone"), (MAIL, "email")):
        clerk.do("prove.send", pat, code_by=way)
        assert clerk.do("prove.check", pat, said=f"70000{clerk.drawn}", turn=way) == proved(pat, address)


def test_one_link_can_cost_five_messages_an_hour() -> None:
    clerk = Clerk(SendLimits(customer_hour=99, customer_day=99, destination_hour=99, destination_day=99))
    pat = clerk.customer(PHONE, MAIL)
    told = [clerk.do("prove.send", pat, code_by=way) for way in ("phone", "email") * 4]
    assert told.count(Refused("too_many")) == 3
    assert set(clerk.noted) == {"claim.source"}
    assert clerk.do("prove.send", pat, link=link_to(pat, MAIL)) != Refused("too_many")


def test_altogether_no_more_than_so_many_a_minute() -> None:
    clerk = Clerk(SendLimits(overall_minute=2))
    told = [clerk.do("prove.send", clerk.customer(address)) for address in (PHONE, OTHER_PHONE, MAIL)]
    assert told[2] == Refused("too_many")
    assert clerk.noted == ["claim.overall"]


@pytest.mark.parametrize("part", ["challenges", "allowances"])
def test_a_table_that_does_not_answer_is_a_failure_and_never_a_verdict(
    clerk: Clerk, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pat = clerk.customer()
    clerk.do("prove.send", pat)

    def down(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(getattr(clerk, part), "spend", down)
    action = {"challenges": "prove.check", "allowances": "prove.send"}[part]
    assert clerk.do(action, pat, said="700001") == Failed()
    assert clerk.noted == ["StoreUnavailable"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["prove.send", "prove.check", "identify.check", "channel.check"]),
            st.sampled_from(["web#1", "call#2"]),
            st.sampled_from(["t1", "t2", "t3", "t4"]),
            st.sampled_from(["700001", "700002", "123456", "hello"]),
            st.sampled_from([0, 1, 299, 300, 4000]),
        ),
        max_size=25,
    )
)
def test_whatever_the_order_only_a_fresh_code_of_this_session_proves(
    steps: list[tuple[str, str, str, str, int]],
) -> None:
    clerk = Clerk()
    pat = clerk.customer()
    open_code: dict[str, tuple[str, float]] = {}
    used: dict[str, str] = {}
    now = NOW
    for action, session, turn, said, wait in steps:
        now += wait
        before = len(clerk.sent)
        outcome = clerk.do(action, pat, session=session, turn=turn, said=said, now=now)
        if action == "prove.send" and len(clerk.sent) > before:
            open_code[session] = (clerk.sent[-1][1], now + SECONDS)
            used.pop(session, None)
        if isinstance(outcome, Done) and outcome.changes:
            assert action == "prove.check"
            code, until = open_code[session]
            assert (said, now < until) == (code, True)
            assert used.setdefault(session, turn) == turn

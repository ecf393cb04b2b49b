"""Saying who one is by an address: what comes of it, and that nobody learns whom we know."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.affairs.clerk import DAY, KEYS, MAIL, NOW, OTHER_PHONE, PHONE, WEB, Clerk
from throughline.affairs.proving import EVEN_SECONDS
from throughline.customers.allowances import HOUR, SendLimits
from throughline.customers.store import Stored
from throughline.dialogue.action import Assurance, Done, Invalid, NeedsPerson, Outcome, Refused
from throughline.dialogue.changes import Identified


def ask(clerk: Clerk, visitor: Stored, phone: str = PHONE.value, session: str = "web#visitor", **more: Any) -> Outcome:
    given: dict[str, Any] = {"assurance": Assurance.ANONYMOUS, "session": session, "phone_number": phone, **more}
    return clerk.do("identify.send", visitor, **given)


def answer(clerk: Clerk, visitor: Stored, said: str, turn: str = "t1", session: str = "web#visitor") -> Outcome:
    return clerk.do("identify.check", visitor, said=said, turn=turn, session=session, assurance=Assurance.ANONYMOUS)


def test_a_code_to_a_known_address_tells_whose_it_is(clerk: Clerk) -> None:
    pat, visitor = clerk.customer(), clerk.visitor()
    assert ask(clerk, visitor, "+1 202 555 0143") == Done(variant="phone")
    assert clerk.sent == [("+12025550143", "700001")]
    assert answer(clerk, visitor, "700001") == Done(changes=(Identified(pat.customer, "code"),))


UNKNOWN: dict[str, dict[str, Any]] = {
    "nobody's": {},
    "only claimed": {"assurance": Assurance.CLAIMED},
    "too young": {"proved": NOW - 3600},
    "shared": {"shared": True},
    "closed": {"closed": True},
}


@pytest.mark.parametrize("link", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_an_address_that_gets_no_code_is_answered_like_one_that_does(link: dict[str, Any]) -> None:
    known, unknown = Clerk(), Clerk()
    known.customer()
    if link:
        unknown.customer(**link)
    told = [ask(clerk, clerk.visitor()) for clerk in (known, unknown)]
    assert told[0] == told[1] == Done(variant="phone")
    assert (len(known.sent), len(unknown.sent)) == (1, 0)
    assert known.clock.now == unknown.clock.now == EVEN_SECONDS
    assert len(known.allowances.kept) == len(unknown.allowances.kept)
    assert len(known.challenges.kept) == len(unknown.challenges.kept) == 1
    first, second = (vars_of(clerk) for clerk in (known, unknown))
    assert first == second
    guesses = [[answer(clerk, clerk.visitor(), f"00000{n}", f"t{n}") for n in range(5)] for clerk in (known, unknown)]
    assert guesses[0] == guesses[1]
    assert guesses[1][:3] == [Invalid("code", "wrong"), Invalid("code", "wrong"), Refused("too_many_tries")]


def vars_of(clerk: Clerk) -> tuple[str, str, int]:
    """What a challenge looks like from outside: its purpose, its link, its end."""
    challenge = next(iter(clerk.challenges.kept.values()))
    return challenge.purpose, challenge.link, challenge.expires


def test_the_same_number_of_reads_for_a_known_and_an_unknown_address() -> None:
    reads = []
    for known in (True, False):
        clerk = Clerk()
        if known:
            clerk.customer()
        visitor = clerk.visitor()
        before = clerk.store.operations.reads
        ask(clerk, visitor)
        reads.append(clerk.store.operations.reads - before)
    assert reads == [2, 2]


def test_not_even_the_code_that_was_never_sent_opens_the_dummy(clerk: Clerk) -> None:
    visitor = clerk.visitor()
    ask(clerk, visitor, OTHER_PHONE.value)
    assert answer(clerk, visitor, "700001") == Invalid("code", "wrong")


def test_a_carrier_that_refuses_is_not_told_since_it_would_tell_whom_we_know(clerk: Clerk) -> None:
    clerk.customer()
    for carrier in clerk.carriers.values():
        carrier.broken = True
    assert ask(clerk, clerk.visitor()) == Done(variant="phone")
    assert clerk.clock.now == EVEN_SECONDS


def test_one_anonymous_session_is_refused_after_five_whoever_it_asks_for(clerk: Clerk) -> None:
    clerk.customer()
    visitor = clerk.visitor()
    told = [ask(clerk, visitor, f"+120255501{n:02d}") for n in range(40, 47)]
    assert told == [Done(variant="phone")] * 5 + [Refused("too_many")] * 2


def test_anonymous_senders_are_told_apart_by_their_session_and_others_by_their_link(clerk: Clerk) -> None:
    visitor = clerk.visitor()
    for assurance, passed in ((Assurance.ANONYMOUS, 7), (Assurance.CLAIMED, 5)):
        told = [ask(clerk, visitor, session=f"web#{n}", assurance=assurance) for n in range(7)]
        assert told.count(Done(variant="phone")) == passed


def test_an_address_gets_ten_codes_a_day_whoever_asks() -> None:
    clerk = Clerk(SendLimits(customer_hour=99, customer_day=99))
    clerk.customer()
    for hour in range(6):
        for n in range(3):
            session = f"web#{hour}.{n}"
            ask(clerk, clerk.visitor(session), session=session, now=NOW + hour * HOUR)
    assert len(clerk.sent) == 10


def test_that_an_address_has_had_its_codes_is_not_told(clerk: Clerk) -> None:
    clerk.customer()
    told = [ask(clerk, clerk.visitor(f"web#{n}"), session=f"web#{n}") for n in range(9)]
    assert told == [Done(variant="phone")] * 9
    assert len(clerk.sent) == 5
    assert answer(clerk, clerk.visitor("web#8"), "700009", session="web#8") == Invalid("code", "wrong")


def test_that_a_customer_has_had_codes_elsewhere_is_not_told_either() -> None:
    clerk = Clerk(SendLimits(source_hour=99))
    clerk.customer(PHONE, MAIL)
    visitor = clerk.visitor()
    told = [ask(clerk, visitor, now=NOW) for _ in range(5)]
    told += [ask(clerk, visitor, "", email_address=MAIL.value, now=NOW) for _ in range(3)]
    assert told == [Done(variant="phone")] * 5 + [Done(variant="email")] * 3
    assert len(clerk.sent) == 5
    assert ask(clerk, visitor, "", email_address=MAIL.value, now=NOW + HOUR) == Done(variant="email")
    assert len(clerk.sent) == 6


def test_the_answer_counts_only_in_the_session_that_asked(clerk: Clerk) -> None:
    clerk.customer()
    visitor, other = clerk.visitor(), clerk.visitor("web#other")
    ask(clerk, visitor)
    assert answer(clerk, other, "700001", session="web#other") == Refused("expired")
    assert answer(clerk, visitor, "700001", session="web#other") == Refused("expired")


def test_a_code_to_identify_is_none_to_prove(clerk: Clerk) -> None:
    clerk.customer()
    visitor = clerk.visitor()
    ask(clerk, visitor)
    assert clerk.do("prove.check", visitor, said="700001", session="web#visitor") == Refused("expired")


@pytest.mark.parametrize(
    ("slots", "told"),
    [
        ({"phone_number": "12"}, Invalid("phone_number", "unusable")),
        ({"email_address": "pat"}, Invalid("email_address", "unusable")),
        ({}, Refused("nowhere")),
        ({"code_by": "email", "phone_number": PHONE.value}, Refused("nowhere")),
        ({"code_by": "email", "phone_number": "12", "email_address": MAIL.value}, Done(variant="email")),
    ],
)
def test_what_is_no_address_is_asked_for_again(clerk: Clerk, slots: dict[str, Any], told: Outcome) -> None:
    assert clerk.do("identify.send", clerk.visitor(), **slots) == told


def test_where_no_text_messages_are_sent_a_phone_is_refused_whosever_it_is() -> None:
    clerk = Clerk(kinds="email")
    clerk.customer(PHONE)
    visitor = clerk.visitor()
    assert [ask(clerk, visitor, one.value) for one in (PHONE, OTHER_PHONE)] == [Refused("nowhere")] * 2


def test_without_a_session_nobody_is_identified(clerk: Clerk) -> None:
    assert ask(clerk, clerk.visitor(), session="") == NeedsPerson("assurance")


def test_the_wait_leaves_the_turn_its_time(clerk: Clerk) -> None:
    clerk.clock.now = 5.0
    ask(clerk, clerk.visitor())
    assert clerk.clock.slept == [EVEN_SECONDS]


def test_a_caller_who_names_the_number_they_call_from_is_nobody_by_that(clerk: Clerk) -> None:
    caller, _ = clerk.store.by_address(PHONE, NOW - 9 * DAY)
    caller = clerk.store.save(caller, NOW - 60)
    assert ask(clerk, caller) == Done(variant="phone")
    assert clerk.sent == []


def test_a_device_is_not_what_anybody_is_known_by(clerk: Clerk) -> None:
    pat = clerk.customer(WEB)
    assert pat.links[next(iter(pat.links))].address == WEB.hashed(KEYS.address_keys())
    ask(clerk, clerk.visitor())
    assert clerk.sent == []

"""Saying who one is by an address: what comes of it, and that nobody learns whom we know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.unit.affairs.clerk import DAY, KEYS, MAIL, NOW, OTHER_PHONE, PHONE, WEB, Clerk, Clock, link_to
from throughline.affairs.delivery import FakeDelivery, Message
from throughline.affairs.proving import CARRIER_SECONDS, EVEN_SECONDS
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.allowances import HOUR, Allowance, SendLimits
from throughline.customers.store import Stored
from throughline.dialogue.action import Assurance, Done, Failed, Invalid, NeedsPerson, Outcome, Refused
from throughline.dialogue.changes import Identified
from throughline.errors import StoreUnavailable
from throughline.outbound.carriers import CONNECT_SECONDS, READ_SECONDS


def ask(clerk: Clerk, visitor: Stored, phone: str = PHONE.value, session: str = "web#visitor", **more: Any) -> Outcome:
    given: dict[str, Any] = {"assurance": Assurance.ANONYMOUS, "session": session, "phone_number": phone, **more}
    return clerk.do("identify.send", visitor, **given)


def answer(clerk: Clerk, visitor: Stored, said: str, turn: str = "t1", session: str = "web#visitor") -> Outcome:
    return clerk.do("identify.check", visitor, said=said, turn=turn, session=session, assurance=Assurance.ANONYMOUS)


def test_a_code_to_a_known_address_tells_whose_it_is(clerk: Clerk) -> None:
    pat, visitor = clerk.customer(), clerk.visitor()
    assert ask(clerk, visitor, "+1 202 555 0143") == Done(variant="phone")
    assert clerk.sent == [("+12025550143", "700001")]
    identified = Identified(pat.customer, "code", link_to(pat, PHONE))
    assert answer(clerk, visitor, "700001") == Done(changes=(identified,))


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


@pytest.mark.parametrize("assurance", [Assurance.ANONYMOUS, Assurance.CLAIMED])
def test_senders_are_told_apart_by_their_device_and_never_by_a_session_that_a_page_chose(
    clerk: Clerk, assurance: Assurance
) -> None:
    device, _ = clerk.store.by_address(WEB, NOW)
    told = [ask(clerk, device, session=f"web#{n}", assurance=assurance) for n in range(7)]
    assert told == [Done(variant="phone")] * 5 + [Refused("too_many")] * 2
    assert clerk.noted[-2:] == ["identify.source"] * 2


def test_a_page_that_is_another_guest_each_time_is_bounded_and_takes_nothing_but_identifying() -> None:
    clerk = Clerk(SendLimits(guests_minute=7))
    pat = clerk.customer()
    told = [ask(clerk, clerk.visitor(f"web#{n}"), f"+12025550{n:03d}", f"web#{n}") for n in range(100, 110)]
    assert told == [Done(variant="phone")] * 7 + [Refused("too_many")] * 3
    assert set(clerk.noted) == {"identify.guests"}
    device, _ = clerk.store.by_address(WEB, NOW)
    assert ask(clerk, device, session="web#device") == Done(variant="phone")
    assert clerk.do("prove.send", pat) == Done(variant="phone")


def test_where_the_channel_tells_the_origin_a_page_is_bounded_by_that() -> None:
    clerk = Clerk(SendLimits(origin_hour=2), origin="203.0.113.9")
    visitors = [(f"web#{n}", clerk.visitor(f"web#{n}")) for n in range(4)]
    told = [ask(clerk, visitor, session=session) for session, visitor in visitors]
    assert told == [Done(variant="phone")] * 2 + [Refused("too_many")] * 2
    assert set(clerk.noted) == {"identify.origin"}
    assert not any("203.0.113.9" in place for place in clerk.allowances.kept)


def test_where_the_origin_is_known_guests_share_what_everybody_has() -> None:
    clerk = Clerk(SendLimits(guests_minute=1, identified_minute=2), origin="203.0.113.9")
    told = [ask(clerk, clerk.visitor(f"web#{n}"), session=f"web#{n}") for n in range(3)]
    assert told == [Done(variant="phone")] * 2 + [Refused("too_many")]
    assert clerk.noted == ["identify.overall"]


@pytest.mark.parametrize("known", [True, False])
def test_the_bound_on_all_identifications_counts_known_and_unknown_alike(known: bool) -> None:
    clerk = Clerk(SendLimits(guests_minute=2))
    if known:
        clerk.customer()
    told = [ask(clerk, clerk.visitor(f"web#{n}"), session=f"web#{n}") for n in range(3)]
    assert told == [Done(variant="phone")] * 2 + [Refused("too_many")]


def test_ten_strangers_who_name_her_number_leave_her_own_codes_to_her(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE, MAIL)
    for n in range(10):
        ask(clerk, clerk.visitor(f"web#{n}"), session=f"web#{n}")
    assert len(clerk.sent) == 3
    for assurance in (Assurance.CLAIMED, Assurance.LINKED):
        told = [clerk.do("prove.send", pat, assurance=assurance, code_by="phone") for _ in range(6)]
        assert [outcome == Refused("too_many") for outcome in told] == [False] * 5 + [True]


def test_sixty_strangers_a_minute_leave_everybody_elses_codes_to_them(clerk: Clerk) -> None:
    pat = clerk.customer()
    for n in range(80):
        ask(clerk, clerk.visitor(f"web#{n}"), f"+1202555{2000 + n}", f"web#{n}")
    assert clerk.do("prove.send", pat) == Done(variant="phone")


def test_an_address_gets_six_codes_a_day_from_whoever_names_it(clerk: Clerk) -> None:
    clerk.customer()
    for hour in range(6):
        for n in range(3):
            session = f"web#{hour}.{n}"
            ask(clerk, clerk.visitor(session), session=session, now=NOW + hour * HOUR)
    assert len(clerk.sent) == 6


def test_that_an_address_has_had_its_codes_is_not_told(clerk: Clerk) -> None:
    clerk.customer()
    told = [ask(clerk, clerk.visitor(f"web#{n}"), session=f"web#{n}") for n in range(9)]
    assert told == [Done(variant="phone")] * 9
    assert len(clerk.sent) == 3
    assert answer(clerk, clerk.visitor("web#8"), "700009", session="web#8") == Invalid("code", "wrong")


def test_that_a_customer_has_had_codes_elsewhere_is_not_told_either() -> None:
    clerk = Clerk(SendLimits(source_hour=99))
    clerk.customer(PHONE, MAIL)
    visitor = clerk.visitor()
    told = [ask(clerk, visitor, now=NOW) for _ in range(3)]
    told += [ask(clerk, visitor, "", email_address=MAIL.value, now=NOW) for _ in range(3)]
    assert told == [Done(variant="phone")] * 3 + [Done(variant="email")] * 3
    assert len(clerk.sent) == 3
    assert ask(clerk, visitor, "", email_address=MAIL.value, now=NOW + HOUR) == Done(variant="email")
    assert len(clerk.sent) == 4


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


class Slow(FakeDelivery):
    """A carrier that takes its time."""

    def __init__(self, clock: Clock, seconds: float, *, broken: bool = False) -> None:
        super().__init__()
        self._clock, self._seconds, self.broken = clock, seconds, broken

    def deliver(self, address: Address, message: Message) -> None:
        self._clock.now += self._seconds
        super().deliver(address, message)


def slow_table(clerk: Clerk, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    spend = clerk.allowances.spend

    def late(*given: Any) -> str:
        clerk.clock.now += seconds
        return spend(*given)

    monkeypatch.setattr(clerk.allowances, "spend", late)


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("carrier", [0.0, 0.3, CARRIER_SECONDS])
@pytest.mark.parametrize("table", [0.0, 0.04, 0.2, 0.7, 1.0, 1.5])
def test_neither_a_slow_carrier_nor_a_slow_table_tells_whom_we_know(
    table: float, carrier: float, broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for known in (True, False):
        clerk = Clerk()
        clerk.carriers[AddressKind.PHONE] = Slow(clerk.clock, carrier, broken=broken)
        slow_table(clerk, table, monkeypatch)
        if known:
            clerk.customer()
        seen.append((ask(clerk, clerk.visitor()), round(clerk.clock.now, 6)))
    assert seen[0] == seen[1]


def test_carriers_take_no_longer_than_what_is_waited_for() -> None:
    assert CONNECT_SECONDS + READ_SECONDS < CARRIER_SECONDS < EVEN_SECONDS


def test_where_no_time_is_left_for_a_carrier_nobody_is_written_to(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.customer()
    slow_table(clerk, 1.3, monkeypatch)
    assert ask(clerk, clerk.visitor()) == Failed()
    assert (clerk.sent, clerk.noted) == ([], ["late"])


@pytest.mark.parametrize("known", [True, False])
def test_counters_of_an_address_that_do_not_answer_tell_nothing_of_it(
    known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = Clerk()
    if known:
        clerk.customer()
    spend = clerk.allowances.spend

    def busy(wanted: Sequence[Allowance], now: float, once: str = "") -> str:
        if any(one.name == "identify.destination" for one in wanted):
            raise StoreUnavailable("two of one customer's addresses at once")
        return spend(wanted, now, once)

    monkeypatch.setattr(clerk.allowances, "spend", busy)
    assert ask(clerk, clerk.visitor()) == Done(variant="phone")
    assert (clerk.sent, clerk.clock.now) == ([], EVEN_SECONDS)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("part", ["store.by_address", "challenges.put", "allowances.spend"])
def test_a_table_that_does_not_answer_is_a_failure_that_takes_as_long_as_any(
    known: bool, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = Clerk()
    if known:
        clerk.customer()
    visitor = clerk.visitor()

    def down(*_: object) -> None:
        raise StoreUnavailable("down")

    place, name = part.split(".")
    monkeypatch.setattr(getattr(clerk, place), name, down)
    assert ask(clerk, visitor) == Failed()
    assert (clerk.sent, clerk.clock.now) == ([], EVEN_SECONDS)


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

"""Two people in one session, one after the other: what was asked of the first is not the second one's to answer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.unit.path.caller import KEYS, NOW, PAY, Caller, Till
from throughline.affairs.logins import Login
from throughline.belonging import Belonging
from throughline.conversation import Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.memory import MemoryStore
from throughline.customers.pointer import Pointer
from throughline.customers.store import Stored
from throughline.dialogue.model import Limits
from throughline.dialogue.state import Proof, State, decode
from throughline.records.taking_along import proved_elsewhere
from throughline.turn import Assurance, Heard

ANN, BEN, NOBODY = "subject-ann", "subject-ben", ""
HALF = {"amount": "12.50", "source": "card"}
LIMITS = Limits()
LINE = Address(AddressKind.PHONE, "+1 212 555 0143")


class Page:
    """An open page of one browser, in which people sign in and out."""

    def __init__(self) -> None:
        self.till = Till()
        self.store = MemoryStore(KEYS)
        self.caller = Caller(self.store, self.till.actions())
        self.since: dict[str, float] = {}

    def says(
        self, who: str, intent: str, slots: Mapping[str, str] | None = None, *, session: str = "tab", after: float = 5.0
    ) -> str:
        """One turn; `who` is whose token comes with it, from a sign-in just before their first one."""
        caller = self.caller
        caller.now += after
        login = Login(who, self.since.setdefault(who, caller.now)) if who else None
        transport = Assurance.VERIFIED if who else Assurance.LINKED
        sender = Sender(transport, address=caller.address, steps_up=True, login=login)
        return caller.take(caller.turn(heard=(Heard(intent, 0.9, dict(slots or {})),), session=session), sender)

    @property
    def customer(self) -> str:
        """Whom the last turn was taken for."""
        assert self.caller.last is not None
        return self.caller.last.customer

    def sure(self) -> str:
        """How sure the last turn was of who spoke."""
        assert self.caller.last is not None
        return self.caller.last.turn.assurance.name.lower()

    def state(self, customer: str) -> State:
        """Where somebody's conversation stands."""
        return decode(self.stored(customer).state)

    def stored(self, customer: str) -> Stored:
        found = self.store.by_customer(customer, self.caller.now)
        assert found is not None
        return found

    def tasks(self, customer: str) -> list[str]:
        """What somebody is in the middle of."""
        return [frame.intent for frame in self.state(customer).frames]


def _first_time(page: Page) -> None:
    """Nobody knew the browser: the first turn with her token makes it hers."""
    page.says(ANN, "Hours")


def _again(page: Page) -> None:
    """It is hers since yesterday, and she signs in again."""
    page.says(ANN, "Hours", session="yesterday")
    page.since.clear()
    page.says(ANN, "Hours", after=72_000.0)


def _at_a_household(page: Page) -> None:
    """Both have been there before."""
    page.says(ANN, "Hours", session="one")
    page.says(BEN, "Hours", session="two")
    page.says(ANN, "Hours")


WAYS = pytest.mark.parametrize("before", [_first_time, _again, _at_a_household])


@WAYS
@pytest.mark.parametrize("word", ["Yes", "Repeat", "Resume", "Hours"])
def test_who_signs_in_next_answers_nothing_that_the_first_one_was_asked(page: Page, before: object, word: str) -> None:
    assert callable(before)
    before(page)
    assert "PayFee.confirm" in page.says(ANN, "PayFee", PAY)
    ann = page.customer
    said = page.says(BEN, word)
    ben = page.customer
    assert ben != ann
    assert "PayFee" not in said and "12.50" not in said
    assert page.till.runs == []
    assert (page.tasks(ann), page.tasks(ben)) == (["PayFee"], [])
    assert not any("PayFee.confirm" in one.told for one in page.state(ben).recent)


@WAYS
def test_the_first_one_who_comes_back_has_her_task_and_is_asked_anew(page: Page, before: object) -> None:
    assert callable(before)
    before(page)
    page.says(ANN, "PayFee", PAY)
    ann = page.customer
    page.says(BEN, "Hours")
    page.says(ANN, "Yes")
    assert page.customer == ann
    assert page.till.runs == [], "what she was asked before somebody else sat there is asked again"
    assert page.tasks(ann) == ["PayFee"]


def test_what_she_began_at_her_own_browser_without_a_sign_in_stays_hers(page: Page) -> None:
    page.says(ANN, "Hours", session="yesterday")
    ann = page.customer
    page.says(NOBODY, "PayFee", HALF, after=72_000.0)
    assert (page.customer, page.sure()) == (ann, "linked")
    said = page.says(BEN, "Yes")
    assert "PayFee" not in said
    assert (page.tasks(ann), page.tasks(page.customer)) == (["PayFee"], [])


def test_what_a_visitor_began_goes_with_them_and_so_does_the_question(page: Page) -> None:
    page.says(NOBODY, "Renew")
    page.says(NOBODY, "Reserve", {"pickup": "locker"})
    begun, asked = page.tasks(page.customer), page.state(page.customer).question
    assert begun and asked is not None
    page.says(ANN, "Hours")
    assert page.tasks(page.customer) == begun


def test_what_a_visitor_began_at_a_household_goes_with_them(page: Page) -> None:
    page.says(ANN, "Hours", session="one")
    page.says(BEN, "Hours", session="two")
    page.says(NOBODY, "Reserve", {"pickup": "locker"})
    visitor = page.customer
    begun = page.tasks(visitor)
    page.says(ANN, "Hours")
    assert page.customer != visitor
    assert (page.tasks(page.customer), page.tasks(visitor)) == (begun, [])


@pytest.mark.parametrize("word", ["Yes", "Repeat", "PayFee"])
def test_who_signs_out_is_no_longer_verified(page: Page, word: str) -> None:
    page.says(ANN, "Hours", session="yesterday")
    page.says(BEN, "PayFee", PAY)
    assert page.sure() == "verified"
    ben = page.customer
    said = page.says(NOBODY, word)
    assert page.sure() == "claimed", "which is what a shared browser is worth"
    assert page.till.runs == []
    assert "12.50" not in said
    assert page.tasks(ben) == ["PayFee"], "it waits for him"
    page.says(BEN, "Hours")
    assert (page.customer, page.sure()) == (ben, "verified")


def test_an_old_sign_in_verifies_nobody_at_another_browser(page: Page) -> None:
    page.says(ANN, "Hours")
    page.caller.address = Address(AddressKind.WEB, "browser-2")
    page.says(ANN, "Hours", session="other", after=LIMITS.verified_minutes * 60 + 1.0)
    assert page.sure() == "linked"


def test_a_sign_in_is_recorded_once_for_a_session_and_for_so_many_sessions(page: Page) -> None:
    for number in range(12):
        for _ in range(2):
            page.says(ANN, "Hours", session=f"tab-{number}")
    proofs = page.state(page.customer).proofs
    assert [proof.session for proof in proofs] == [f"tab-{number}" for number in range(4, 12)]
    assert {proof.how for proof in proofs} == {"login"}


def test_a_call_that_was_verified_by_a_pin_stays_hers_where_another_proves_to_be_there() -> None:
    store = MemoryStore(KEYS)
    call = Caller(store, Till().actions(), address=LINE, session="call")
    call.enrol()
    hers, link = store.by_address(LINE, NOW)
    pointer = Pointer(hers.customer, link, hers.links[link].epoch)
    flow = Sender(Assurance.VERIFIED, pointer=pointer, steps_up=True, vouched=Assurance.VERIFIED)
    call.take(call.turn(heard=(Heard("PayFee", 0.9, HALF),)), flow)
    assert call.last is not None and call.last.turn.assurance is Assurance.VERIFIED
    him, _ = store.by_address(Address(AddressKind.EMAIL, "ben@example.com"), NOW)
    him = store.save(him, NOW)
    before = store.by_customer(hers.customer, NOW)
    assert before is not None
    belonging = Belonging(store, LIMITS)
    his, _ = belonging.identified(before, link, him.customer, "code", "call", call.now + 60)
    after = store.by_customer(hers.customer, call.now + 60)
    assert after is not None
    assert [frame.intent for frame in decode(after.state).frames] == ["PayFee"]
    assert decode(his.state).frames == ()
    assert proved_elsewhere(before, after) == (), "nor do her words go with him"
    assert Proof(link, "call", 0.0, "present") in decode(after.state).proofs


def test_a_customer_who_began_as_a_guest_keeps_everything_through_that_link() -> None:
    store = MemoryStore(KEYS)
    caller = Caller(store, Till().actions())
    caller.enrol()
    her, _ = store.by_address(caller.address, NOW)
    caller.hears("PayFee", HALF)
    guest = store.save(store.by_session("lex:x:1", caller.now), caller.now)
    belonging = Belonging(store, LIMITS)
    now, link = belonging.identified(guest, next(iter(guest.links)), her.customer, "code", "s9", caller.now)
    assert now.links[link].guest
    caller.now += LIMITS.idle_minutes * 60 + 60
    pointer = Pointer(now.customer, link, now.links[link].epoch)
    caller.take(
        caller.turn(heard=(Heard("Hours", 0.9),), session="s9"), Sender(Assurance.LINKED, pointer=pointer)
    )  # fmt: skip
    kept = store.by_customer(her.customer, caller.now)
    assert kept is not None and caller.last is not None
    assert caller.last.customer == her.customer
    assert [frame.intent for frame in decode(kept.state).frames] == ["PayFee"]
    assert decode(kept.state).proofs


def test_a_guest_who_is_nobody_else_leaves_nothing_for_the_next_one() -> None:
    store = MemoryStore(KEYS)
    caller = Caller(store, Till().actions())
    sender = Sender(Assurance.ANONYMOUS, session="lex:x:1")
    caller.take(caller.turn(heard=(Heard("Reserve", 0.9, {"pickup": "locker"}),)), sender)
    guest = store.by_session("lex:x:1", caller.now)
    begun = decode(guest.state).frames
    caller.now += LIMITS.idle_minutes * 60 + 60
    caller.take(caller.turn(heard=(Heard("Hours", 0.9),)), sender)
    assert begun
    assert decode(store.by_session("lex:x:1", caller.now).state).frames == ()


@pytest.fixture
def page() -> Page:
    return Page()

"""An address of several people: whose is what is said by it, and whose it stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from throughline.customers.households import attended
from throughline.customers.linking import (
    add,
    household_empty,
    household_of,
    is_household,
    share,
    strong,
    without_acting,
)
from throughline.customers.store import Edge, Stored
from throughline.dialogue.replies import Answered
from throughline.dialogue.state import Acting, Asked, Proof, Question, State, decode
from throughline.turn import Assurance

from .linking_people import ANN, REPLY, change, customer, link, task


def shared(owner: Stored, to: Stored = ANN, household: Stored | None = None, session: str = "s2") -> list[Stored]:
    (key, *_) = owner.links
    result = share(owner, to, key, session=session, household=household, how="code", by="customer", now=9.0)
    return list(result.writes)


def test_a_known_customers_address_becomes_a_households_and_this_session_goes_on_as_the_other() -> None:
    state = State(
        frames=(task("old", "x", "s1"), task("new", "x", "s2", 5.0)), last_at=6.0,
        recent=(Answered.of("t1", 5.0, "s2", "x", REPLY),), proofs=(Proof("x", "s1", 1.0, "code"),),
    )  # fmt: skip
    ben = customer("ben", link("x", "web", Assurance.CLAIMED), state=state)
    his, hers, house = shared(ben)
    (mine,) = hers.links.keys() - ANN.links.keys()
    assert (his.links["x"].shared, his.links["x"].epoch, his.links["x"].assurance) == (True, 2, Assurance.CLAIMED)
    assert hers.links[mine].shared and hers.links[mine].assurance is Assurance.CLAIMED
    assert [frame.id for frame in decode(his.state).frames] == ["old"]
    assert [(frame.id, frame.link) for frame in decode(hers.state).frames] == [("new", mine)]
    assert decode(hers.state).recent[0].link == mine
    assert decode(his.state).proofs == ()
    assert house.customer == household_of("a1.x") and is_household(house) and not strong(house)
    assert decode(house.state).acting == (Acting("s2", "ann", mine, 1, 9.0),)


@pytest.mark.parametrize("how", ["code", "login"])
def test_what_was_begun_at_a_linked_browser_is_its_owners_without_a_proof_in_that_session(how: str) -> None:
    asked = Question("q1", Asked.CONFIRM, "s2", 6.0, frame="new", link="x")
    state = State(
        frames=(task("new", "x", "s2", 5.0),), last_at=6.0, question=asked,
        recent=(Answered.of("t1", 6.0, "s2", "x", replace(REPLY, needs=Assurance.LINKED)),),
    )  # fmt: skip
    ben = customer("ben", link("x", "web", Assurance.LINKED), state=state)
    result = share(ben, ANN, "x", session="s2", household=None, how=how, by="customer", now=9.0)
    his, hers = decode(result.of("ben").state), decode(result.of("ann").state)
    assert ([frame.id for frame in his.frames], hers.frames) == (["new"], ())
    assert (his.question, hers.question) == (None, None), "somebody else answers in that session now"
    assert hers.recent == (), "nor is she told what only he was to hear"


def test_a_sign_in_takes_no_reply_along_that_the_owner_was_given() -> None:
    state = State(
        last_at=6.0, recent=(Answered.of("t1", 6.0, "s2", "x", REPLY),), proofs=(Proof("x", "s2", 4.0, "login"),),
        question=Question("q1", Asked.MORE, "s2", 6.0, link="x"),
    )  # fmt: skip
    ben = customer("ben", link("x", "web", shared=True), state=state)
    result = share(ben, ANN, "x", session="s2", household=None, how="login", by="customer", now=9.0)
    assert (decode(result.of("ann").state).recent, decode(result.of("ann").state).question) == ((), None)
    assert decode(result.of("ben").state).question is None


def test_that_the_customer_was_in_a_session_is_remembered_where_nothing_else_tells_it() -> None:
    browser, phone = link("x", "web", Assurance.LINKED), link("p", "phone", Assurance.VERIFIED)
    nothing, proved = State(), State(proofs=(Proof("p", "s1", 4.0, "pin"),))
    assert attended(nothing, browser, "s1", Assurance.LINKED) is nothing, "the link tells it"
    assert attended(nothing, phone, "s1", Assurance.CLAIMED) is nothing
    assert attended(proved, phone, "s1", Assurance.VERIFIED) is proved
    (mark,) = attended(nothing, phone, "s1", Assurance.VERIFIED).proofs
    assert (mark.link, mark.session, mark.at) == ("p", "s1", 0.0), "it proves nothing by itself"
    assert attended(nothing, replace(browser, shared=True, assurance=Assurance.CLAIMED), "s1", Assurance.LINKED).proofs


def test_who_comes_by_a_household_keeps_one_link_of_their_own() -> None:
    ben = customer("ben", link("x", "alexa", Assurance.LINKED))
    his, hers, house = shared(ben)
    for session in ("s3", "s4"):
        house, again = shared(house, hers, session=session)
        assert again.links.keys() == hers.links.keys()
    house, back = shared(house, his, session="s5")
    assert back.links.keys() == his.links.keys(), "the former owner has hers already"
    assert [acting.session for acting in decode(house.state).acting] == ["s2", "s3", "s4", "s5"]


@pytest.mark.parametrize("kind", ["web", "phone"])
def test_a_task_begun_by_who_was_proved_in_this_session_stays_hers(kind: str) -> None:
    state = State(
        frames=(task("f1", "x", "s2", 5.0),), last_at=6.0, proofs=(Proof("x", "s2", 4.0, "code"),),
        recent=(Answered.of("t1", 5.0, "s2", "x", REPLY), Answered.of("t2", 6.0, "s2", "x", REPLY)),
    )  # fmt: skip
    his, hers, *_ = shared(customer("ben", link("x", kind, Assurance.LINKED), state=state))
    assert [frame.id for frame in decode(his.state).frames] == ["f1"]
    assert decode(hers.state).frames == ()
    assert [one.turn for one in decode(hers.state).recent] == ["t2"]


@pytest.mark.parametrize("kind", ["phone", "email", "contact"])
@pytest.mark.parametrize("known", [True, False])
def test_who_comes_by_what_can_be_forged_is_themselves_for_this_session_alone(kind: str, known: bool) -> None:
    state = State(
        frames=(task("old", "x", "s1"), task("new", "x", "s2", 5.0)), last_at=6.0,
        recent=(Answered.of("t1", 5.0, "s2", "x", REPLY),), proofs=(Proof("x", "s1", 1.0, "code"),),
    )  # fmt: skip
    ben = customer("ben", link("x", kind, Assurance.LINKED if known else Assurance.ANONYMOUS), state=state)
    result = share(ben, ANN, "x", session="s2", household=None, how="code", by="customer", now=9.0)
    his, hers = result.writes
    assert his.links == ben.links and not result.edges and not result.bared
    (mine,) = hers.links.keys() - ANN.links.keys()
    assert (hers.links[mine].shared, hers.links[mine].address) == (True, "a1.x")
    assert [frame.id for frame in decode(his.state).frames] == ["old"]
    assert [frame.id for frame in decode(hers.state).frames] == ["new"]
    assert decode(his.state).acting == (Acting("s2", "ann", mine, 1, 9.0),)
    assert decode(his.state).proofs == (Proof("x", "s1", 1.0, "code"),), "of another session"
    his, again = shared(his, hers, session="s3")
    assert again.links.keys() == hers.links.keys(), "one link for all sessions"


def test_the_owners_proof_in_a_session_ends_where_another_proves_to_be_there() -> None:
    ben = customer("ben", link("x", "phone"), state=State(proofs=(Proof("x", "s2", 8.0, "code"),)))
    his, _ = shared(ben)
    assert decode(his.state).proofs == (Proof("x", "s2", 0.0, "code"),), "and it is still told that she was"


def test_a_third_in_a_forgeable_session_is_remembered_where_the_address_leads() -> None:
    ben = customer("ben", link("x", "phone", Assurance.LINKED))
    cat = customer("cat", link("c", "login"))
    his, hers = shared(ben)
    (mine,) = hers.links.keys() - ANN.links.keys()
    third = share(hers, cat, mine, session="s2", household=his, how="code", by="customer", now=10.0)
    (acting,) = decode(third.of("ben").state).acting
    assert (acting.session, acting.customer) == ("s2", "cat")
    assert third.of("ben").links == ben.links and third.of("ann").links == hers.links


def test_the_owner_who_comes_back_in_a_forgeable_session_has_her_own_link_again() -> None:
    ben = customer("ben", link("x", "phone", Assurance.LINKED), link("l", "login"))
    his, hers = shared(ben)
    (mine,) = hers.links.keys() - ANN.links.keys()
    back = share(hers, his, mine, session="s2", household=his, how="code", by="customer", now=10.0)
    assert {stored.customer for stored in back.writes} == {"ann", "ben"}
    assert back.of("ben").links == ben.links
    assert decode(back.of("ben").state).acting == ()


@pytest.mark.parametrize("kind", ["web", "phone"])
def test_who_acted_a_day_ago_is_forgotten_when_the_next_is_written(kind: str) -> None:
    state = State(acting=(Acting("s0", "eve", "e", 1, 9.0 - 86_400.0), Acting("s1", "eve", "e", 1, 8.0)))
    evidence = "household" if kind == "web" else "code"
    owner = customer("h", link("x", kind, evidence=evidence), state=state)
    where, _ = shared(owner)
    assert [acting.session for acting in decode(where.state).acting] == ["s1", "s2"]


def test_an_erased_customer_is_taken_out_of_a_household_and_the_last_one_lets_it_go() -> None:
    his, hers, house = shared(customer("ben", link("x", "web", Assurance.LINKED)))
    (mine,) = hers.links.keys() - ANN.links.keys()
    (way,) = house.links.values()
    assert way.members == ("x", mine) and not household_empty(house)
    without = without_acting(house, "ann", hers.links)
    assert without is not None
    assert decode(without.state).acting == () and not household_empty(without)
    assert without_acting(without, "ann", hers.links) is None, "done before"
    nobody = without_acting(without, "ben", his.links)
    assert nobody is not None and household_empty(nobody)
    assert not household_empty(ANN) and without_acting(ANN, "ben", his.links) is None


def test_who_adds_a_households_address_is_one_of_it() -> None:
    house = customer("h", link("m", "email", evidence="household"))
    added = add(ANN, change(), there=Edge("a1.m", "h", "m", 99), holder=house, by="customer", now=9.0)
    (mine,) = added.of("ann").links.keys() - ANN.links.keys()
    assert added.of("h").links["m"].members == (mine,)


def test_a_guests_session_that_is_somebodys_is_shared_without_a_household() -> None:
    ben = customer("ben", link("x", "", address=""), link("l", "login"))
    his, hers = shared(ben)
    assert his.links["x"].shared
    assert len(hers.links) == 2


def test_the_last_turn_of_a_session_that_was_anothers_all_along_goes_with_it() -> None:
    """It would come back into the first one's transcript from her conversation, whenever that changes hands."""
    said = '{"id":"t1","at":5.0,"link":"x","session":"s2","said":"hello"}'
    his, hers = shared(customer("ben", link("x", "phone"), turn=said))
    (mine,) = hers.links.keys() - ANN.links.keys()
    assert (his.turn, hers.turn) == ("", said.replace('"x"', f'"{mine}"'))
    his, hers = shared(customer("ben", link("x", "phone"), turn=said), session="s3")
    assert (his.turn, hers.turn) == (said, ""), "of another session"
    proved = State(proofs=(Proof("x", "s2", 1.0, "code"),))
    his, hers = shared(customer("ben", link("x", "phone"), turn=said, state=proved))
    assert (his.turn, hers.turn) == (said, ""), "it may be what she said"

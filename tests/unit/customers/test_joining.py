"""Who is somebody, and what comes along when a link joins them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from throughline.customers.linking import Busy, Unjoinable, free, gone, join, joins, strong
from throughline.customers.profile import facts, noted
from throughline.customers.store import Stored
from throughline.dialogue.changes import Noted
from throughline.dialogue.replies import Answered
from throughline.dialogue.state import Pending, Proof, State, decode, encode
from throughline.turn import Assurance

from .linking_people import ANN, REPLY, customer, link, task


def test_somebody_is_who_has_a_proved_link_or_a_sign_in() -> None:
    assert not strong(customer("g", link("x")))
    assert not strong(customer("g", link("x", "phone", Assurance.CLAIMED)))
    assert strong(customer("g", link("x", "phone", Assurance.LINKED)))
    assert strong(customer("g", link("x", "login")))


@pytest.mark.parametrize(
    ("kind", "how", "assurance"),
    [
        ("web", "code", 1), ("app", "code", 1), ("web", "login", 2), ("app", "login", 2), ("messenger", "code", 2),
        ("alexa", "code", 2), ("alexa", "login", 2), ("phone", "code", 1), ("email", "login", 1), ("", "code", 1),
        ("contact", "code", 1),
    ],
)  # fmt: skip
def test_a_link_that_joins_is_as_sure_as_its_transport_and_its_proof(kind: str, how: str, assurance: int) -> None:
    guest = customer("g", link("x", kind))
    joined = join(guest, ANN, "x", how=how, by="customer", now=9.0).of("ann").links["x"]
    assert (joined.assurance, joined.evidence, joined.home, joined.epoch) == (assurance, how, "g", 2)


@pytest.mark.parametrize("kind", ["phone", "email", "contact", "push"])
def test_an_address_that_anybody_can_write_joins_nobody_by_a_session(kind: str) -> None:
    assert not joins(customer("g", link("x", kind)), "x")
    assert free(customer("g", link("x", kind)), "x")


@pytest.mark.parametrize("kind", ["web", "app", "messenger", "alexa"])
def test_a_link_whose_transport_proves_the_sender_joins_by_a_session(kind: str) -> None:
    assert joins(customer("g", link("x", kind)), "x")
    assert joins(customer("g", link("x", "", address="")), "x"), "only its own session leads to a guest's"


def test_nobody_is_there_whose_ways_are_closed_or_who_is_being_erased() -> None:
    assert not gone(ANN)
    assert gone(customer("g")) and gone(customer("g", link("x", closed=True)))
    assert gone(replace(ANN, mark='{"job":"erase"}')) and not gone(replace(ANN, mark='{"job":"export"}'))


def test_all_that_came_through_a_link_goes_with_it_but_no_proof_holds() -> None:
    state = State(
        sequence=5, frames=(task("f1", "x"), task("f2", "y")), last_at=4.0,
        recent=(Answered.of("t1", 3.0, "s1", "x", REPLY),), proofs=(Proof("y", "s1", 1.0, "code"),),
        pending=Pending(task("f3", "x"), "pay", "k", "t1", 1.0),
    )  # fmt: skip
    known = noted("", Noted("name", "", "Pat"), link="x", at=1.0, by="customer")
    guest = customer("g", link("x"), link("y"), state=state, profile=known, turn='{"at":3.0,"link":"x"}')
    relinking = join(guest, ANN, "x", how="code", by="customer", now=9.0)
    rest, ann = relinking.of("g"), relinking.of("ann")
    assert [frame.id for frame in decode(rest.state).frames] == ["f2"]
    assert [frame.id for frame in decode(ann.state).frames] == ["f1"]
    assert decode(ann.state).recent and not decode(rest.state).recent
    assert decode(rest.state).proofs == (Proof("y", "s1", 0.0, "code"),), "outdated for good"
    assert decode(ann.state).proofs == ()
    pending = decode(ann.state).pending
    assert pending is not None and pending.customer == "g"
    assert (rest.profile, [fact.value for fact in facts(ann.profile)]) == ("", ["Pat"])
    assert (rest.turn, ann.turn) == ("", guest.turn)
    (write,) = relinking.edges
    assert (write.edge.customer, write.over.customer, write.edge.address) == ("ann", "g", "a1.x")


@pytest.mark.parametrize(
    "owner",
    [
        customer("b", link("x"), link("l", "login")),
        customer("b", link("x", shared=True)),
        customer("b", link("x", closed=True)),
        customer("b", link("x", evidence="household")),
        customer("b", link("x"), state=State(proofs=(Proof("x", "s0", 0.0, "login"),))),
        customer("b"),
    ],
    ids=["somebody's", "shared", "closed", "a household's", "somebody proved there", "none"],
)
def test_what_is_not_free_to_go_does_not_join(owner: Stored) -> None:
    assert not joins(owner, "x") and not free(owner, "x")
    with pytest.raises(Unjoinable):
        join(owner, ANN, "x", how="code", by="customer", now=9.0)


def test_two_unknown_outcomes_block_a_join() -> None:
    waits = State(pending=Pending(task("f1", "x"), "pay", "k", "t1", 1.0))
    ann = replace(ANN, state=encode(State(pending=Pending(task("f2", "login"), "pay", "k2", "t2", 1.0))))
    with pytest.raises(Busy):
        join(customer("g", link("x"), state=waits), ann, "x", how="code", by="customer", now=9.0)

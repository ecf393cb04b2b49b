"""Links that are added, closed and given back: what becomes of the address, and where a wrong link goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from throughline.customers.linking import StrongConflict, Unjoinable, add, close, join, leave, merge, split
from throughline.customers.moving import having
from throughline.customers.store import Came, Edge
from throughline.dialogue.state import Proof, State, decode
from throughline.turn import Assurance

from .linking_people import ANN, change, customer, link, task

FROM_G = (Came("g", Assurance.ANONYMOUS, 1.0, "first contact"),)


def test_an_unknown_address_becomes_a_proved_link() -> None:
    relinking = add(ANN, change(), there=None, holder=None, by="customer", now=9.0)
    (new,) = (one for one in relinking.of("ann").links.values() if one.id != "login")
    assert (new.assurance, new.evidence, new.reach, new.kind) == (Assurance.LINKED, "code", "pat@example.com", "email")


def test_an_address_of_nobody_in_particular_joins_as_proved_whatever_its_transport() -> None:
    guest = customer("g", link("m", "email"))
    relinking = add(ANN, change(), there=Edge("a1.m", "g", "m", 99), holder=guest, by="customer", now=9.0)
    assert relinking.of("ann").links["m"].assurance is Assurance.LINKED


def test_an_address_of_somebody_known_is_a_conflict_that_names_both() -> None:
    ben = customer("ben", link("m", "email", Assurance.LINKED))
    with pytest.raises(StrongConflict) as conflict:
        add(ANN, change(), there=Edge("a1.m", "ben", "m", 99), holder=ben, by="customer", now=9.0)
    assert (conflict.value.customer, conflict.value.other, conflict.value.address) == ("ann", "ben", "a1.m")


def test_an_address_that_was_closed_is_open_again_with_a_new_epoch() -> None:
    ann = customer("ann", link("m", "email", closed=True, epoch=4))
    again = add(ann, change(), there=Edge("a1.m", "ann", "m", 99), holder=ann, by="customer", now=9.0).of("ann")
    assert (again.links["m"].closed, again.links["m"].epoch) == (False, 5)


def test_proving_ones_own_address_anew_keeps_its_pointers() -> None:
    ann = customer("ann", link("m", "email", epoch=4))
    again = add(ann, change(), there=Edge("a1.m", "ann", "m", 99), holder=ann, by="customer", now=9.0).of("ann")
    assert (again.links["m"].epoch, again.links["m"].at, again.links["m"].assurance) == (4, 9.0, Assurance.LINKED)


def test_a_households_address_is_never_more_than_claimed() -> None:
    house = customer("h", link("m", "email", evidence="household"))
    there = Edge("a1.m", "h", "m", 99)
    for ann in (ANN, add(ANN, change(), there=there, holder=house, by="customer", now=9.0).of("ann")):
        grown = add(ann, change(), there=there, holder=house, by="customer", now=9.0).of("ann")
        (new,) = (one for one in grown.links.values() if one.id != "login")
        assert (new.shared, new.assurance) == (True, Assurance.CLAIMED)


def test_a_closed_link_keeps_its_tasks_and_lets_nobody_in() -> None:
    ann = customer("ann", link("x"), state=State(frames=(task("f1", "x"),), proofs=(Proof("x", "s1", 1.0, "code"),)))
    relinking = close(ann, "x")
    (shut,) = relinking.writes
    assert (shut.links["x"].closed, shut.links["x"].epoch) == (True, 2)
    assert decode(shut.state).frames and not decode(shut.state).proofs
    assert [write.edge.address for write in relinking.bared] == ["a1.x"]
    with pytest.raises(Unjoinable):
        close(shut, "x")


def test_a_wrong_link_goes_back_to_where_it_came_from_as_a_first_contact() -> None:
    guest = customer("g", link("x"), state=State(frames=(task("f1", "x"),)))
    joined = join(guest, ANN, "x", how="code", by="customer", now=9.0)
    back = leave(joined.of("ann"), ["x"], home=joined.of("g"), by="customer")
    assert back.of("ann").links == ANN.links
    assert decode(back.of("g").state).frames == decode(guest.state).frames
    again = back.of("g").links["x"]
    assert (again.assurance, again.evidence, again.home, again.epoch) == (Assurance.ANONYMOUS, "first contact", "", 3)


@pytest.mark.parametrize("joined_before", [True, False], ids=["joined", "began here"])
def test_a_merge_with_whom_a_link_was_wrongly_taken_from_finds_it_as_it_was(joined_before: bool) -> None:
    proved = link("x", "alexa", Assurance.LINKED, evidence="code", at=8.0)
    ann = having(ANN, proved)
    if joined_before:
        ann = having(ANN, replace(proved, came=(Came("g", Assurance.ANONYMOUS, 1.0, "first contact"),)))
    rest, new = leave(ann, ["x"], home=None, by="desk").writes
    assert new.links["x"].assurance is Assurance.ANONYMOUS
    other = merge(customer("cat", link("c")), new, act="m0", by="desk").of("cat")
    assert other.links["x"].assurance is Assurance.ANONYMOUS, "nobody else gets the proof"
    again = merge(rest, new, act="m1", by="desk").of("ann").links["x"]
    assert (again.assurance, again.evidence, again.at) == (Assurance.LINKED, "code", 8.0)
    gone_again = split(merge(rest, new, act="m1", by="desk").of("ann"), "m1", {}, by="desk")
    assert gone_again.of(new.customer).links["x"].assurance is Assurance.ANONYMOUS


def test_what_became_shared_meanwhile_goes_back_as_no_more_than_claimed() -> None:
    came = (Came("g", Assurance.LINKED, 2.0, "code", "m1"),)
    ann = customer("ann", link("x", "web", Assurance.CLAIMED, shared=True, came=came))
    assert split(ann, "m1", {}, by="desk").of("g").links["x"].assurance is Assurance.CLAIMED


def test_nothing_goes_back_to_who_is_being_erased() -> None:
    erased = customer("g", mark='{"job":"erase"}')
    ann = customer("ann", link("x", came=FROM_G))
    back = leave(ann, ["x"], home=erased, by="desk")
    assert [stored.customer for stored in back.writes if "x" in stored.links] != ["g"]
    for a, b in ((ANN, replace(ann, mark=erased.mark)), (replace(ANN, mark=erased.mark), ann)):
        with pytest.raises(Unjoinable):
            merge(a, b, act="m1", by="desk")


def test_a_wrong_link_that_began_here_leaves_to_somebody_new() -> None:
    ann = customer("ann", link("x"), link("y"))
    rest, new = leave(ann, ["x"], home=None, by="customer").writes
    assert (list(rest.links), list(new.links), new.version) == (["y"], ["x"], 0)
    assert new.customer not in ("ann", "")


def test_a_home_that_is_no_longer_kept_begins_anew_under_its_id() -> None:
    ann = customer("ann", link("x", came=FROM_G))
    assert leave(ann, ["x"], home=None, by="customer").of("g").version == 0


def test_links_of_several_homes_do_not_leave_together() -> None:
    ann = customer("ann", link("x", came=FROM_G), link("y"))
    with pytest.raises(Unjoinable):
        leave(ann, ["x", "y"], home=None, by="customer")
    with pytest.raises(Unjoinable):
        leave(ann, ["x"], home=customer("other"), by="customer")

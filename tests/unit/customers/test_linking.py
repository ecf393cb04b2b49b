"""Who is whom: what joins, what is shared, what is refused, and what goes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from throughline.customers.addresses import Address, AddressKind
from throughline.customers.client import Calls, count_calls, dynamodb_client
from throughline.customers.linking import (
    Busy,
    StrongConflict,
    Unjoinable,
    add,
    close,
    free,
    gone,
    homes,
    homes_of,
    household_empty,
    household_of,
    is_household,
    join,
    joins,
    leave,
    merge,
    share,
    split,
    strong,
    without_acting,
)
from throughline.customers.moving import having
from throughline.customers.profile import facts, noted
from throughline.customers.store import AddressTaken, Came, Conflict, Edge, Link, Stored
from throughline.dialogue.changes import Linked, Noted
from throughline.dialogue.state import Acting, Answered, Frame, Pending, Proof, State, decode, encode
from throughline.reply import Awaits, Line, Reply
from throughline.turn import Assurance

from .contract import KEYS, MAIL, NOW, PHONE, met
from .tables import TableRig, lost_answer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

REPLY = Reply((Line("phrases.done"),), Awaits.INTENT)


def link(key: str, kind: str = "web", assurance: Assurance = Assurance.ANONYMOUS, **more: object) -> Link:
    made = Link(key, 1, assurance, "first contact", 1.0, f"a1.{key}", kind=kind)
    return replace(made, **more)  # type: ignore[arg-type]


def customer(name: str, *links: Link, state: State | None = None, **more: str) -> Stored:
    text = encode(state) if state is not None else ""
    return replace(Stored(name, 3, text, nonce="n", links={one.id: one for one in links}), **more)  # type: ignore[arg-type]


def task(key: str, by: str, session: str = "s1", at: float = 1.0) -> Frame:
    return Frame(key, f"Task{key}", at, at, session, by, "v1", {"amount": key})


FROM_G = (Came("g", Assurance.ANONYMOUS, 1.0, "first contact"),)
ANN = customer("ann", link("login", "login", Assurance.LINKED))


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
        recent=(Answered.of("t1", 3.0, "s1", "x", REPLY),), proofs=(Proof("x", "s1", 1.0, "code"),),
        pending=Pending(task("f3", "x"), "pay", "k", "t1", 1.0),
    )  # fmt: skip
    known = noted("", Noted("name", "", "Pat"), link="x", at=1.0, by="customer")
    guest = customer("g", link("x"), link("y"), state=state, profile=known, turn='{"at":3.0,"link":"x"}')
    relinking = join(guest, ANN, "x", how="code", by="customer", now=9.0)
    rest, ann = relinking.of("g"), relinking.of("ann")
    assert [frame.id for frame in decode(rest.state).frames] == ["f2"]
    assert [frame.id for frame in decode(ann.state).frames] == ["f1"]
    assert decode(ann.state).recent and not decode(rest.state).recent
    assert decode(ann.state).proofs == (Proof("x", "s1", 0.0, "code"),), "outdated for good"
    assert decode(rest.state).proofs == ()
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
        customer("b"),
    ],
    ids=["somebody's", "shared", "closed", "a household's", "none"],
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


def shared(owner: Stored, to: Stored = ANN, household: Stored | None = None, session: str = "s2") -> list[Stored]:
    (key, *_) = owner.links
    result = share(owner, to, key, session=session, household=household, how="code", by="customer", now=9.0)
    return list(result.writes)


def test_a_known_customers_address_becomes_a_households_and_this_session_goes_on_as_the_other() -> None:
    state = State(
        frames=(task("old", "x", "s1"), task("new", "x", "s2", 5.0)), last_at=6.0,
        recent=(Answered.of("t1", 5.0, "s2", "x", REPLY),), proofs=(Proof("x", "s1", 1.0, "code"),),
    )  # fmt: skip
    ben = customer("ben", link("x", "web", Assurance.LINKED), state=state)
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


def change(key: str = "m", kind: str = "email") -> Linked:
    return Linked(kind, f"a1.{key}", "pat@example.com", "code")


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


def test_a_merge_moves_closed_links_too_and_keeps_how_well_each_was_proved() -> None:
    ben = customer("ben", link("x", "phone", Assurance.LINKED), link("y", closed=True))
    merged = merge(ANN, ben, act="m1", by="desk").of("ann")
    assert {(one.id, one.home, one.act, one.epoch) for one in merged.links.values() if one.act} == {
        ("x", "ben", "m1", 2),
        ("y", "ben", "m1", 2),
    }
    assert merged.links["x"].assurance is Assurance.LINKED
    assert merged.links["y"].closed


def test_two_sign_ins_are_merged_only_by_a_supervisor() -> None:
    ben = customer("ben", link("l2", "login"))
    with pytest.raises(StrongConflict):
        merge(ANN, ben, act="m1", by="desk")
    assert merge(ANN, ben, act="m1", by="desk", supervised=True).of("ann").links.keys() == {"login", "l2"}


def test_a_split_undoes_one_act_and_leaves_the_others() -> None:
    ben, cat = customer("ben", link("x")), customer("cat", link("y"), link("z"))
    first = merge(ANN, ben, act="m1", by="desk")
    second = merge(first.of("ann"), cat, act="m2", by="desk")
    homes = {"cat": second.of("cat")}
    undone = split(second.of("ann"), "m2", homes, by="desk")
    assert undone.of("ann").links.keys() == {"login", "x"}
    assert undone.of("cat").links.keys() == {"y", "z"}
    with pytest.raises(Unjoinable):
        split(undone.of("ann"), "m2", homes, by="desk")


@pytest.mark.parametrize("order", [("m1", "m2"), ("m2", "m1")])
def test_nested_merges_are_undone_in_either_order(order: tuple[str, str]) -> None:
    proved = Link("y", 1, Assurance.LINKED, "code", 2.0, "a1.y", kind="phone")
    ben, cat = customer("ben", link("x", "login", Assurance.LINKED)), customer("cat", proved, link("z", closed=True))
    kept = {one.customer: one for one in merge(ben, cat, act="m1", by="desk").writes}
    kept |= {one.customer: one for one in merge(ANN, kept["ben"], act="m2", by="desk", supervised=True).writes}
    assert kept["ann"].links.keys() == {"login", "x", "y", "z"}
    assert homes(kept["ann"]) == {"ben", "cat"}
    for act in order:
        holder = next(one for one in kept.values() if homes_of(one, act))
        where = {home: kept[home] for home in homes_of(holder, act)}
        kept |= {one.customer: one for one in split(holder, act, where, by="desk").writes}
    for before in (ANN, ben, cat):
        after = kept[before.customer].links
        assert after.keys() == before.links.keys()
        for key, now in after.items():
            was = before.links[key]
            assert (now.assurance, now.evidence, now.at, now.came) == (was.assurance, was.evidence, was.at, ())


def test_what_a_merge_moved_on_from_a_customer_does_not_go_back_to_them_by_an_older_one() -> None:
    ben = customer("ben", link("x"))
    ann = merge(ANN, ben, act="m1", by="desk").of("ann")
    back = merge(replace(ben, links={}), ann, act="m2", by="desk").of("ben")
    with pytest.raises(Unjoinable, match="later"):
        split(back, "m1", {}, by="desk")
    undone = split(back, "m2", {}, by="desk").of("ann")
    assert split(undone, "m1", {}, by="desk").of("ben").links.keys() == {"x"}


def test_an_act_that_brought_two_customers_sends_both_home_in_one_write() -> None:
    ben, cat = customer("ben", link("x")), customer("cat", link("y"))
    one = merge(ANN, ben, act="m1", by="desk").of("ann")
    both = merge(one, cat, act="m1", by="desk").of("ann")
    undone = split(both, "m1", {}, by="desk")
    assert {stored.customer: set(stored.links) for stored in undone.writes} == {
        "ann": {"login"},
        "ben": {"x"},
        "cat": {"y"},
    }
    assert undone.of("ann").version == ANN.version


def test_a_household_is_merged_with_nobody() -> None:
    house = customer("h", link("m", evidence="household"))
    for a, b in ((ANN, house), (house, ANN), (ANN, ANN)):
        with pytest.raises(Unjoinable):
            merge(a, b, act="m1", by="desk")


@pytest.fixture(scope="module")
def counted_client() -> Iterator[tuple[DynamoDBClient, Calls]]:
    with mock_aws():
        client = dynamodb_client("eu-west-1")
        yield client, count_calls(client)


@pytest.fixture
def rig(counted_client: tuple[DynamoDBClient, Calls]) -> TableRig:
    return TableRig(*counted_client, threadsafe=False)


def test_a_join_whose_answer_was_lost_counts_as_done(rig: TableRig) -> None:
    store = rig.store()
    (mine, pointer), (other, _) = met(store), met(store, MAIL)
    rig.flaky.after.append(lost_answer())
    _, grown = store.relink(join(mine, other, pointer.link, how="code", by="customer", now=NOW), NOW)
    assert store.by_address(PHONE, NOW) == (grown, pointer.link)
    assert grown.version == 2


def test_a_new_link_whose_answer_was_lost_and_whose_address_was_free_counts_as_done(rig: TableRig) -> None:
    store = rig.store()
    other, _ = met(store, MAIL)
    wanted = Linked("phone", PHONE.hashed(KEYS.address_keys()), PHONE.value, "code")
    rig.flaky.after.append(lost_answer())
    (grown,) = store.relink(add(other, wanted, there=None, holder=None, by="customer", now=NOW), NOW)
    assert store.by_address(PHONE, NOW)[0] == grown


def test_a_lost_answer_overtaken_by_another_turn_of_one_of_them_is_done_all_the_same(rig: TableRig) -> None:
    store = rig.store()
    (mine, pointer), (other, mail) = met(store), met(store, MAIL)

    def another() -> None:
        stored = store.by_customer(mine.customer, NOW)
        assert stored is not None
        store.save(stored, NOW)

    rig.flaky.after.append(lost_answer())
    rig.flaky.meanwhile.append(another)
    store.relink(join(mine, other, pointer.link, how="code", by="customer", now=NOW), NOW)
    assert store.by_address(PHONE, NOW)[0].customer == mail.customer


def test_a_raw_address_leaves_the_table_with_its_closed_link(rig: TableRig) -> None:
    store = rig.store()
    mine, pointer = met(store)
    store.relink(close(mine, pointer.link), NOW)
    assert PHONE.value not in str(rig.client.scan(TableName=rig.table)["Items"])


def test_a_conversation_that_is_gone_is_not_relinked(rig: TableRig) -> None:
    store = rig.store()
    (mine, pointer), (other, _) = met(store), met(store, MAIL)
    changed = store.save(other, NOW)
    with pytest.raises(Conflict) as conflict:
        store.relink(join(mine, other, pointer.link, how="code", by="customer", now=NOW), NOW)
    assert conflict.value.fresh == changed
    stale = Linked("email", Address(AddressKind.EMAIL, "pat@example.com").hashed(KEYS.address_keys()), "", "code")
    with pytest.raises(AddressTaken):
        store.relink(add(mine, stale, there=None, holder=None, by="customer", now=NOW), NOW)

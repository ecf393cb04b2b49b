"""Two customers become one, and come apart again as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest

from throughline.customers.linking import StrongConflict, Unjoinable, homes, homes_of, join, merge, split
from throughline.customers.store import Link
from throughline.turn import Assurance

from .linking_people import ANN, customer, link


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


def test_what_somebody_proved_to_be_theirs_since_is_no_longer_a_merges_to_undo() -> None:
    merged = merge(customer("a", link("y")), customer("b", link("x"), link("z")), act="m1", by="desk").of("a")
    ann = join(merged, ANN, "x", how="code", by="customer", now=9.0)
    assert homes_of(ann.of("ann"), "m1") == (), "she proved that the browser is hers"
    with pytest.raises(Unjoinable):
        split(ann.of("ann"), "m1", {}, by="desk")
    rest = split(ann.of("a"), "m1", {}, by="desk")
    assert (set(rest.of("a").links), set(rest.of("b").links)) == ({"y"}, {"z"})
    on = merge(customer("d", link("w", "login")), ann.of("ann"), act="m2", by="desk", supervised=True).of("d")
    assert set(split(on, "m2", {}, by="desk").of("ann").links) == {"login", "x"}, "a later one is"

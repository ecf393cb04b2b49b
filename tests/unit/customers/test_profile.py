"""Facts keep to the link that they came through; what is shown of them follows the assurance."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.customers.profile import (
    GIVEN,
    LEAST,
    LONGEST_VALUE,
    MOST_FACTS,
    WITHDRAWN,
    Fact,
    FactChange,
    FactRefused,
    changes_between,
    facts,
    in_force,
    joined,
    noted,
    parted,
    text_of,
    view,
)
from throughline.dialogue.changes import Noted
from throughline.turn import Assurance

KIND_AND_KEY = st.sampled_from(
    [
        *((kind, "") for kind in ("name", "locale", "time_zone", "preferred_channel")),
        *(("trait", "tier"), ("trait", "public.tier"), ("consent", "text.offers"), ("consent", "email.offers")),
    ]
)
VALUES = {
    "name": ("Pat", "Patricia Example"),
    "locale": ("en_US", "es_419"),
    "time_zone": ("America/New_York", "UTC"),
    "preferred_channel": ("text", "app"),
    "trait": ("gold", "blue"),
    "consent": (GIVEN, WITHDRAWN),
}
TIMES = st.integers(1_700_000_000, 1_700_000_009).map(float)


@st.composite
def changes(draw: st.DrawFn, *, taken_back: bool = True) -> Noted:
    kind, key = draw(KIND_AND_KEY)
    return Noted(kind, key, draw(st.sampled_from(VALUES[kind] + (("",) if taken_back else ()))))


@st.composite
def known(draw: st.DrawFn, *links: str) -> str:
    kept = []
    for _ in range(draw(st.integers(0, 12))):
        change, link = draw(changes(taken_back=False)), draw(st.sampled_from(links))
        kept.append(Fact(change.kind, change.key, change.value, link, draw(TIMES), "customer"))
    return text_of(kept)


def _noted(text: str, kind: str, key: str, value: str, link: str = "l1", at: float = 100.0) -> str:
    return noted(text, Noted(kind, key, value), link=link, at=at, by="customer")


@given(known("l1", "l2"), known("l3", "l4"))
def test_what_was_joined_can_be_parted_again(a: str, b: str) -> None:
    assert parted(joined(a, b), {"l3", "l4"}) == (a, b)
    assert joined(a, b) == joined(b, a)


@given(known("l1", "l2", "l3"), changes(), st.sampled_from(["l1", "l2", "l9"]), TIMES)
def test_noting_the_same_twice_is_noting_it_once(text: str, change: Noted, link: str, at: float) -> None:
    once = noted(text, change, link=link, at=at, by="customer")
    assert noted(once, change, link=link, at=at, by="customer") == once


@given(known("l1", "l2", "l3"), changes(), st.sampled_from(["l1", "l2", "l9"]), TIMES)
def test_what_was_noted_last_holds_whatever_the_clocks_say(text: str, change: Noted, link: str, at: float) -> None:
    after = in_force(noted(text, change, link=link, at=at, by="customer"))
    path = f"{change.kind}.{change.key}" if change.key else change.kind
    assert (after[path].value if path in after else "") == change.value


@given(known("l1", "l2", "l3"), changes(), st.sampled_from(["l1", "l2", "l9"]), TIMES)
def test_the_history_tells_exactly_what_a_note_changed(text: str, change: Noted, link: str, at: float) -> None:
    after = noted(text, change, link=link, at=at, by="customer")
    told = changes_between(text, after)
    assert {(c.kind, c.key) for c in told} <= {(change.kind, change.key)}
    assert {c.value for c in told} <= {change.value}
    assert bool(told) == (text != after)


@given(known("l1", "l2", "l3"))
def test_a_text_survives_being_read(text: str) -> None:
    assert text_of(facts(text)) == text


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=20).map(json.dumps))
def test_what_can_not_be_read_is_left_out(text: str) -> None:
    assert facts(text) == ()
    assert view(text, Assurance.VERIFIED) == {}


def test_a_damaged_fact_takes_no_other_with_it() -> None:
    good = ["name", "", "Pat", "l1", 5.0, "customer"]
    bad = [
        ["name", "key", "Pat", "l1", 5.0, "customer"],
        ["nickname", "", "Pat", "l1", 5.0, "customer"],
        ["trait.public", "", "Pat", "l1", 5.0, "customer"],
        ["name", "", "", "l1", 5.0, "customer"],
        ["name", "", "Pat", "l1", float("nan"), "customer"],
        ["name", "", "Pat", "l1", True, "customer"],
        ["name", "", "Pat", "l1"],
        [["name"], "", "Pat", "l1", 5.0, "customer"],
    ]
    assert facts(json.dumps([*bad, good])) == (Fact("name", "", "Pat", "l1", 5.0, "customer"),)
    assert facts("[[") == ()


def test_each_kind_is_seen_from_its_own_assurance_on() -> None:
    text = ""
    for kind, key in [("name", ""), ("locale", ""), ("time_zone", ""), ("preferred_channel", ""), ("trait", "tier")]:
        text = _noted(text, kind, key, VALUES[kind][0])
    text = _noted(_noted(text, "trait", "public.tier", "gold"), "consent", "text.offers", GIVEN)
    claimed = {"locale", "time_zone"}
    linked = claimed | {"name", "preferred_channel", "trait.public.tier", "consent.text.offers"}
    assert set(view(text, Assurance.ANONYMOUS)) == set()
    assert set(view(text, Assurance.CLAIMED)) == claimed
    assert set(view(text, Assurance.LINKED)) == linked
    assert set(view(text, Assurance.VERIFIED)) == linked | {"trait.tier"}
    assert min(LEAST.values()) > Assurance.ANONYMOUS


def test_the_newest_of_several_links_holds_and_the_other_comes_back_when_that_link_leaves() -> None:
    text = _noted(_noted("", "name", "", "Pat", "l1", 1.0), "name", "", "Alex", "l2", 2.0)
    assert view(text, Assurance.LINKED) == {"name": "Alex"}
    staying, leaving = parted(text, {"l2"})
    assert view(staying, Assurance.LINKED) == {"name": "Pat"}
    assert view(leaving, Assurance.LINKED) == {"name": "Alex"}


def test_a_fact_taken_back_is_gone_for_every_link() -> None:
    text = _noted(_noted("", "name", "", "Pat", "l1", 1.0), "name", "", "Alex", "l2", 2.0)
    assert _noted(text, "name", "", "", "l1", 3.0) == ""


def test_said_again_after_somebody_else_said_otherwise_it_is_news() -> None:
    text = _noted(
        _noted("", "consent", "text.offers", GIVEN, "l1", 1.0), "consent", "text.offers", WITHDRAWN, "l2", 2.0
    )
    again = _noted(text, "consent", "text.offers", GIVEN, "l1", 3.0)
    assert view(again, Assurance.LINKED) == {"consent.text.offers": GIVEN}
    assert _noted(again, "consent", "text.offers", GIVEN, "l1", 4.0) == again


def test_of_two_joined_at_the_same_moment_the_withdrawal_holds() -> None:
    a = _noted("", "consent", "text.offers", GIVEN, "l1", 1.0)
    b = _noted("", "consent", "text.offers", WITHDRAWN, "l2", 1.0)
    assert view(joined(a, b), Assurance.LINKED) == view(joined(b, a), Assurance.LINKED)
    assert view(joined(a, b), Assurance.LINKED) == {"consent.text.offers": WITHDRAWN}


def test_what_left_with_its_link_is_no_change_of_the_fact() -> None:
    text = _noted(_noted("", "name", "", "Pat", "l1", 1.0), "name", "", "Alex", "l2", 2.0)
    staying, _ = parted(text, {"l2"})
    assert changes_between(text, staying, {"l1"}) == ()
    assert changes_between(text, staying) == (FactChange("name", "", "", "l2", None, ""),)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("nickname", "", "Pat"),
        ("trait.public", "", "Pat"),
        ("name", "first", "Pat"),
        ("name", "", "x" * (LONGEST_VALUE + 1)),
        ("name", "", "\ud800"),
        ("name", "", "a\u202eb"),
        ("locale", "", "en-US"),
        ("locale", "", "english"),
        ("time_zone", "", "Eastern time"),
        ("time_zone", "", "../etc/passwd"),
        ("time_zone", "", "A/" + "b" * 70),
        ("preferred_channel", "", "by text"),
        ("trait", "", "gold"),
        ("trait", "Tier", "gold"),
        ("trait", "a.b.c", "gold"),
        ("consent", "offers", GIVEN),
        ("consent", "text.offers", "yes"),
        ("consent", "text.", GIVEN),
    ],
)
def test_what_is_no_fact_is_refused_and_not_quoted(kind: str, key: str, value: str) -> None:
    with pytest.raises(FactRefused) as refused:
        _noted("", kind, key, value)
    assert value not in str(refused.value) or value in (GIVEN, WITHDRAWN)


def test_a_fact_needs_a_link_and_somebody_who_said_it() -> None:
    with pytest.raises(FactRefused, match="link"):
        _noted("", "name", "", "Pat", link="")
    with pytest.raises(FactRefused, match="who said it"):
        noted("", Noted("name", "", "Pat"), link="l1", at=1.0, by="")


def test_a_secret_in_a_fact_is_masked_before_it_is_kept() -> None:
    text = _noted("", "name", "", "Pat 4111 1111 1111 1111")
    assert "1111" not in text
    assert view(text, Assurance.LINKED) == {"name": "Pat [card number]"}
    with pytest.raises(FactRefused, match="key"):
        _noted("", "trait", "n4111111111111111", "x")


def test_a_value_is_one_line() -> None:
    assert view(_noted("", "name", "", "  Pat\n\u00a0Example "), Assurance.LINKED) == {"name": "Pat Example"}


def test_a_full_profile_takes_no_new_fact_but_still_changes_and_joins() -> None:
    text = ""
    for number in range(MOST_FACTS):
        text = _noted(text, "trait", f"t{number}", "x")
    with pytest.raises(FactRefused, match="at most 100"):
        _noted(text, "name", "", "Pat")
    assert view(_noted(text, "trait", "t7", "y", at=101.0), Assurance.VERIFIED)["trait.t7"] == "y"
    other = text_of(replace(fact, link="l2") for fact in facts(text))
    assert len(facts(joined(text, other))) == 2 * MOST_FACTS
    assert parted(joined(text, other), {"l2"}) == (text, other)
    assert len(facts(_noted(joined(text, other), "trait", "t7", ""))) == 2 * MOST_FACTS - 2

"""What a customer said last about messages holds, and nobody is advertised to who never asked for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.affairs.consents import ANY, allows, consent, consent_actions
from throughline.customers.profile import GIVEN, WITHDRAWN, joined, noted, parted, view
from throughline.customers.store import Stored
from throughline.dialogue.action import Assurance, Call, Done, NeedsPerson
from throughline.dialogue.changes import Noted

CHANNELS = ("text", "email", "phone", "app")
PURPOSES = ("security", "payments", "statements", "offers")
NOW = 1_763_800_000.0


def _call(notice: str, setting: str, way: str = "", *, assurance: Assurance = Assurance.LINKED) -> Call:
    slots = {"notice": notice, "setting": setting} | ({"contact_way": way} if way else {})
    return Call(
        intent="Preferences", slots=slots, customer="cust-1", assurance=assurance, key="k", now=NOW,
        deadline=NOW + 1, locale="en_US",
    )  # fmt: skip


def _said(profile: str, call: Call, *, link: str = "l1", at: float = NOW) -> str:
    outcome = consent(call, Stored("cust-1", profile=profile))
    assert isinstance(outcome, Done)
    for change in outcome.changes:
        assert isinstance(change, Noted)
        profile = noted(profile, change, link=link, at=at, by="customer")
    return profile


def test_on_is_noted_for_the_channel_that_was_named() -> None:
    outcome = consent(_call("offers", "on", "text"), Stored("cust-1"))
    assert outcome == Done(changes=(Noted("consent", "text.offers", GIVEN),))


def test_off_is_noted_for_every_channel_and_says_so() -> None:
    profile = _said("", _call("offers", "on", "text"))
    outcome = consent(_call("offers", "off"), Stored("cust-1", profile=profile))
    assert outcome == Done(
        {}, "off", (Noted("consent", "any.offers", WITHDRAWN), Noted("consent", "text.offers", WITHDRAWN))
    )


def test_off_leaves_other_purposes_alone() -> None:
    profile = _said(_said("", _call("offers", "on", "text")), _call("statements", "on", "text"))
    profile = _said(profile, _call("offers", "off"), at=NOW + 1)
    assert not allows(profile, "text", "offers")
    assert allows(profile, "text", "statements")


def test_a_claimed_sender_changes_nobodys_settings() -> None:
    call = _call("security", "off", assurance=Assurance.CLAIMED)
    assert consent(call, Stored("cust-1")) == NeedsPerson("assurance")


@pytest.mark.parametrize(
    ("purpose", "may"), [("security", True), ("payments", True), ("statements", False), ("offers", False)]
)
def test_without_a_word_only_what_serves_the_customer_is_sent(purpose: str, may: bool) -> None:
    assert all(allows("", channel, purpose) is may for channel in CHANNELS)


def test_on_again_after_off_is_for_that_channel_alone() -> None:
    profile = _said("", _call("payments", "off"))
    profile = _said(profile, _call("payments", "on", "email"), at=NOW + 1)
    assert [allows(profile, channel, "payments") for channel in CHANNELS] == [False, True, False, False]


def test_of_two_customers_who_are_joined_the_later_word_holds() -> None:
    yes = _said("", _call("offers", "on", "text"), link="l1", at=NOW)
    no = _said("", _call("offers", "off"), link="l2", at=NOW + 1)
    assert not allows(joined(yes, no), "text", "offers")
    assert allows(parted(joined(yes, no), {"l2"})[0], "text", "offers")


def test_a_yes_and_a_no_of_the_same_moment_are_a_no() -> None:
    yes = _said("", _call("offers", "on", "text"), link="l1")
    no = _said("", _call("offers", "off"), link="l2")
    assert not allows(joined(yes, no), "text", "offers")


@given(st.lists(st.tuples(st.sampled_from(PURPOSES), st.sampled_from(("", *CHANNELS)), st.sampled_from(("l1", "l2")))))
def test_the_last_word_on_each_channel_and_purpose_holds(said: list[tuple[str, str, str]]) -> None:
    profile, expected = "", {(c, p): p in ("security", "payments") for c in CHANNELS for p in PURPOSES}
    for second, (purpose, way, link) in enumerate(said):
        profile = _said(profile, _call(purpose, "on" if way else "off", way), link=link, at=NOW + second)
        expected |= {(way, purpose): True} if way else {(channel, purpose): False for channel in CHANNELS}
    assert {(c, p): allows(profile, c, p) for c in CHANNELS for p in PURPOSES} == expected


def test_what_was_withdrawn_from_all_shows_as_withdrawn_wherever_it_was_given() -> None:
    profile = _said(_said("", _call("offers", "on", "app")), _call("offers", "off"), at=NOW + 1)
    shown = view(profile, Assurance.LINKED)
    assert shown == {f"consent.{channel}.offers": WITHDRAWN for channel in ("app", ANY)}


def test_it_is_known_by_its_dotted_name() -> None:
    assert consent_actions() == {"profile.consent": consent}

"""At each assurance the dip shows what it may, and nothing tells what it may not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.unit.dialogue.library import library
from throughline.customers.dip import MOST_BYTES, MOST_CONTACTS, SEEN, Contact, Doing, dip
from throughline.customers.profile import GIVEN, Fact, text_of
from throughline.customers.store import Link, Stored
from throughline.dialogue.replies import Answered
from throughline.dialogue.state import Frame, Pending, State, WithPerson, encode
from throughline.reply import Awaits, Reply
from throughline.turn import Assurance, Provable

NOW = 1_763_800_000.0
DAY = 86_400.0
MODEL = library()
ANONYMOUS, CLAIMED, LINKED, VERIFIED = Assurance

PHONE = Link("l-phone", 1, LINKED, "code", NOW - 9 * DAY, "a.phone", kind="phone", reach="+12025550143")
ALEXA = Link("l-alexa", 1, LINKED, "login", NOW - 9 * DAY, "a.alexa", kind="alexa")

RENEWAL = Frame("f1", "RenewLoan", NOW - 600, NOW - 300, "s-alexa", "l-alexa", MODEL.version, {"item": "map"})
FEE = Frame("f2", "PayFee", NOW - 60, NOW - 50, "s-phone", "l-phone", MODEL.version, {"amount": "12.50"})
PIN = Frame(
    "f3", "SetPin", NOW - 40, NOW - 30, "s-phone", "l-phone", MODEL.version, {"purse": "cash", "new_pin": "8306"}
)


def _fact(kind: str, value: str, key: str = "", link: str = "l-phone") -> Fact:
    return Fact(kind, key, value, link, NOW - DAY, "customer")


PROFILE = text_of(
    [
        _fact("name", "Pat Example"),
        _fact("locale", "en_US"),
        _fact("time_zone", "America/Chicago"),
        _fact("preferred_channel", "app"),
        _fact("consent", GIVEN, "text.offers"),
        _fact("trait", "gold", "public.tier"),
        _fact("trait", "cautious", "risk"),
    ]
)
STATE = State(
    sequence=9,
    frames=(RENEWAL, FEE, PIN),
    pending=Pending(FEE, "pay", "k", "t8", NOW - 45),
    person=WithPerson(NOW - 20, "s-phone", "misses", "l-phone"),
    recent=(Answered.of("t7", NOW - 250, "s-alexa", "l-alexa", Reply((), Awaits.INTENT)),),
)
TURN = json.dumps({"id": "t9", "at": NOW - 10, "channel": "lex-speech", "session": "s-phone", "link": "l-phone"})
STORED = Stored(
    "cust-1", 9, encode(STATE), TURN, {link.id: link for link in (PHONE, ALEXA)}, int(NOW + DAY), profile=PROFILE
)

PERSONAL = {
    CLAIMED: ("en_US", "America/Chicago", "doing RenewLoan", "doing SetPin"),
    LINKED: ("Pat Example", '"app"', "text.offers", "gold", "lex-speech", "misses", "map", "12.50", "alexa"),
    VERIFIED: ("cautious", "cash"),
}
"""What each level adds, as it would stand in the JSON."""


@pytest.mark.parametrize("assurance", list(Assurance))
def test_what_is_not_allowed_is_absent(assurance: Assurance) -> None:
    text = dip(STORED, assurance=assurance, now=NOW, model=MODEL).as_json()
    for least, values in PERSONAL.items():
        for value in values:
            assert (value in text) == (least <= assurance), value
    for part in (
        "known",
        "doing",
        "pending",
        "pending_intent",
        "person_reason",
        "person_since",
        "contacts",
        "codes_to",
    ):
        assert (part in json.loads(text)) == (SEEN[part] <= assurance), part
    for part in ("customer", "assurance", "provable", "person"):
        assert part in json.loads(text)


@pytest.mark.parametrize("assurance", list(Assurance))
def test_no_secret_and_no_address_is_ever_in_it(assurance: Assurance) -> None:
    seen = dip(STORED, assurance=assurance, now=NOW, model=MODEL)
    for text in (seen.as_json(), json.dumps(dict(seen.attributes()))):
        assert "8306" not in text
        assert "5550143" not in text
        assert "a.phone" not in text


@pytest.mark.parametrize(
    ("assurance", "names"),
    [
        (ANONYMOUS, {"customer", "assurance", "provable", "person"}),
        (CLAIMED, {"known", "pending", "doing", "doing_label", "locale"}),
        (LINKED, {"person_reason", "time_zone", "name", "preferred_channel", "consent_text_offers"}),
        (VERIFIED, set()),
    ],
)
def test_a_flow_gets_more_with_each_level_and_nothing_personal_below_linked(
    assurance: Assurance, names: set[str]
) -> None:
    here = dip(STORED, assurance=assurance, now=NOW, model=MODEL).attributes()
    below = dip(STORED, assurance=Assurance(assurance - 1), now=NOW, model=MODEL).attributes() if assurance else {}
    assert set(here) - set(below) == names
    assert set(below) <= set(here)
    if assurance < LINKED:
        assert not {"Pat Example", "America/Chicago", "app", "gold", "map"} & set(here.values())


def test_below_linked_two_customers_with_other_details_look_alike() -> None:
    other = text_of([_fact("name", "Alex Other"), _fact("consent", GIVEN, "email.offers"), _fact("locale", "en_US")])
    plain = text_of([_fact("locale", "en_US")])
    for assurance in (ANONYMOUS, CLAIMED):
        assert dip(replace(STORED, profile=other), assurance=assurance, now=NOW) == dip(
            replace(STORED, profile=plain), assurance=assurance, now=NOW
        )


def test_a_task_shows_its_values_only_at_its_own_assurance() -> None:
    assert dip(STORED, assurance=LINKED, now=NOW, model=MODEL).doing == (
        Doing("SetPin", "doing SetPin", {}, PIN.touched_at),
        Doing("PayFee", "doing PayFee", {"amount": "12.50"}, FEE.touched_at),
        Doing("RenewLoan", "doing RenewLoan", {"item": "map"}, RENEWAL.touched_at),
    )
    assert dip(STORED, assurance=VERIFIED, now=NOW, model=MODEL).doing[0].slots == {"purse": "cash"}


def test_without_a_model_a_task_has_its_name_and_no_values() -> None:
    assert dip(STORED, assurance=VERIFIED, now=NOW).doing[0] == Doing("SetPin", "SetPin", {}, PIN.touched_at)


def test_a_task_too_old_to_go_on_is_not_told() -> None:
    old = replace(STATE, frames=(replace(FEE, touched_at=NOW - 2 * DAY), RENEWAL))
    seen = dip(replace(STORED, state=encode(old)), assurance=LINKED, now=NOW, model=MODEL)
    assert [one.intent for one in seen.doing] == ["RenewLoan"]


def test_a_hand_over_that_nobody_ended_is_over_after_its_hours() -> None:
    assert dip(STORED, assurance=LINKED, now=NOW, model=MODEL).with_person
    later = dip(STORED, assurance=LINKED, now=NOW + 5 * 3600, model=MODEL)
    assert not later.with_person
    assert later.person_reason == ""
    assert later.person_since is None


def test_the_last_contacts_come_newest_first_once_a_session() -> None:
    assert dip(STORED, assurance=LINKED, now=NOW, model=MODEL).contacts == (
        Contact("lex-speech", NOW - 10, 10),
        Contact("alexa", NOW - 250, 250),
    )


def test_only_the_latest_contacts_are_told() -> None:
    frames = tuple(replace(RENEWAL, id=f"f{n}", session=f"s{n}", touched_at=NOW - 100 - n) for n in range(9))
    seen = dip(replace(STORED, state=encode(State(frames=frames)), turn="{"), assurance=LINKED, now=NOW)
    assert [contact.at for contact in seen.contacts] == [NOW - 100 - n for n in range(MOST_CONTACTS)]


def test_what_came_through_a_link_that_left_is_no_contact_of_theirs() -> None:
    seen = dip(replace(STORED, links={PHONE.id: PHONE}), assurance=LINKED, now=NOW, model=MODEL)
    assert [contact.channel for contact in seen.contacts] == ["lex-speech"]


@pytest.mark.parametrize(
    ("links", "assurance", "steps_up", "provable", "codes_to"),
    [
        ((PHONE,), CLAIMED, True, Provable.CODE, ()),
        ((PHONE, ALEXA), LINKED, True, Provable.CODE, ("phone",)),
        ((PHONE,), VERIFIED, True, Provable.NO, ("phone",)),
        ((PHONE,), CLAIMED, False, Provable.NO, ()),
        ((replace(PHONE, at=NOW - 3600),), CLAIMED, True, Provable.IDENTIFY, ()),
        ((replace(PHONE, shared=True),), CLAIMED, True, Provable.IDENTIFY, ()),
        ((replace(PHONE, closed=True), ALEXA), LINKED, True, Provable.NO, ()),
        ((), ANONYMOUS, True, Provable.IDENTIFY, ()),
    ],
)
def test_how_they_could_prove_more(
    links: tuple[Link, ...], assurance: Assurance, steps_up: bool, provable: Provable, codes_to: tuple[str, ...]
) -> None:
    stored = replace(STORED, links={link.id: link for link in links})
    seen = dip(stored, assurance=assurance, now=NOW, model=MODEL, steps_up=steps_up)
    assert (seen.provable, seen.codes_to) == (provable, codes_to)


def test_somebody_is_known_whose_address_was_proved() -> None:
    first = replace(PHONE, assurance=ANONYMOUS, evidence="first contact")
    for link, known in ((PHONE, True), (first, False), (replace(PHONE, closed=True), False)):
        assert dip(replace(STORED, links={link.id: link}), assurance=CLAIMED, now=NOW).known is known


@pytest.mark.parametrize("assurance", list(Assurance))
def test_nobody_we_ever_heard_of_has_a_dip_too(assurance: Assurance) -> None:
    seen = dip(Stored("cust-2"), assurance=assurance, now=NOW, model=MODEL)
    assert (seen.profile, seen.doing, seen.contacts, seen.with_person) == ({}, (), (), False)
    assert seen.attributes()["customer"] == "cust-2"


def test_the_attributes_stay_within_what_a_contact_flow_takes_and_say_if_something_is_missing() -> None:
    crowd = text_of(
        Fact("consent", f"{'c' * 39}{n % 10}.{'p' * 36}{n:04}", GIVEN, f"l{n}", NOW, "customer") for n in range(900)
    )
    full = dip(replace(STORED, profile=crowd), assurance=LINKED, now=NOW, model=MODEL).attributes()
    assert full["cut"] == "true"
    assert len(json.dumps(dict(full), separators=(",", ":"))) <= MOST_BYTES
    assert len(full) > 100
    assert "cut" not in dip(STORED, assurance=LINKED, now=NOW, model=MODEL).attributes()


def test_a_flow_can_read_every_name_and_value() -> None:
    for name, value in dip(STORED, assurance=VERIFIED, now=NOW, model=MODEL).attributes().items():
        assert name.isidentifier()
        assert isinstance(value, str)

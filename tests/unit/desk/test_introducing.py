"""An introduction makes known whom the business knows, and can neither fuse two customers nor overrule one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.customers.rig import ROTATED
from tests.unit.desk.front import Front
from tests.unit.desk.introductions import MAIL, NAME, OTHER, PHONE, Introductions, at, introduce, mail, meets, phone
from tests.unit.records.world import NOW
from throughline.customers import linking, profile
from throughline.customers.assurance import CODES_GO_TO, reachable
from throughline.customers.store import Relinking, Stored
from throughline.desk.matrix import Team
from throughline.dialogue.model import Limits
from throughline.turn import Assurance


class TestIntroductionsOverMemory(Introductions):
    @pytest.fixture
    def place(self) -> Front:
        return Front()


def name_of(front: Front) -> str:
    return profile.in_force(at(front, "phone", PHONE)[0].profile)["name"].value


def test_no_address_and_no_fact_is_in_the_answer_or_the_trail() -> None:
    front = Front()
    meets(front, assurance=Assurance.LINKED)
    meets(front, OTHER, Assurance.LINKED)
    for addresses in ((phone(), mail()), (phone(), phone(OTHER)), (phone("0143"),), (mail("pat@"),)):
        said = introduce(front, *addresses, facts=[NAME])
        text = json.dumps(said.body) + repr(front.trail.entries)
        assert [secret for secret in ("555", "0143", "pat@", "Pat Doe") if secret in text] == []


def test_the_trail_ends_with_whom_it_was_about() -> None:
    front = Front()
    customer = introduce(front, phone()).body["customer"]
    begun, ended = sorted(front.trail.entries.values(), key=lambda entry: entry.sort)
    assert (begun.act, begun.outcome, begun.customer) == ("introduce", "begun", "")
    assert (ended.outcome, ended.customer) == ("told", customer)


@pytest.mark.parametrize(
    ("addresses", "rule"),
    [
        (None, "list of 1 to 20"),
        ([], "list of 1 to 20"),
        ("x", "list of 1 to 20"),
        ([phone()] * 21, "list of 1 to 20"),
        ([phone(), mail("no address")], "address 2: that is no email"),
        ([phone("call me")], "address 1: that is no phone: write a plus"),
        ([{"kind": "web", "value": "d1"}], "address 1: its kind is one of phone, email, login"),
        ([{"kind": "fax", "value": "1"}], "its kind is one of"),
        ([{"kind": ["phone"], "value": "1"}], "its kind is one of"),
        ([{"kind": "phone", "value": 5}], "its value a text"),
        (["+12025550143"], "address 1: it is"),
        ([phone(assurance="verified")], "address 1: it is"),
        ([phone(proved_at="soon")], '"proved_at" is a date'),
        ([phone(proved_at="2040-01-01")], "that has been"),
        ([phone(proved_at=True)], "that has been"),
        ([phone(proved_at=-1)], "that has been"),
        ([phone(proved_at=float("nan"))], "that has been"),
        ([phone(proved_at="9999-12-31T23:59:59-23:59")], "that has been"),
    ],
)
def test_a_bad_address_is_told_by_its_number_and_its_rule(addresses: Any, rule: str) -> None:
    front = Front()
    said = front.ask(Team.OPERATOR, "introduce", addresses=addresses)
    assert said.status == 400 and rule in said.body["error"]
    assert at(front, "phone", PHONE)[0].version == 0


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ([NAME, {"kind": "locale", "value": "Zebulon"}], "fact 2: the value of a locale must be"),
        ([{"kind": "name", "value": " "}], "fact 1: it has no value"),
        ("Zebulon", "list of at most"),
        ([{"kind": "name"}], "fact 1: a fact is"),
    ],
)
def test_a_bad_fact_stops_the_whole_introduction(facts: Any, rule: str) -> None:
    front = Front()
    said = front.ask(Team.OPERATOR, "introduce", addresses=[phone()], facts=facts)
    assert said.status == 400 and rule in said.body["error"] and "Zebulon" not in said.body["error"]
    assert at(front, "phone", PHONE)[0].version == 0


def test_an_address_that_is_said_twice_counts_once_at_its_last_proof() -> None:
    front = Front()
    said = introduce(front, phone("+1 (202) 555-0143", proved_at=1000), phone(proved_at=3000), phone(proved_at=2000))
    stored, link = at(front, "phone", PHONE)
    assert said.body["links"] == [link] and stored.links[link].at == 3000


def test_a_claim_becomes_proof_and_a_later_proof_renews_it_but_no_earlier_one_does() -> None:
    front = Front()
    introduce(front, mail())
    stored = at(front, "email", MAIL)[0]
    nobody = meets(front)
    front.store.relink(
        linking.join(nobody, stored, next(iter(nobody.links)), how="code", by="customer", now=NOW), front.now
    )
    assert at(front, "phone", PHONE)[0].links[at(front, "phone", PHONE)[1]].assurance is Assurance.CLAIMED
    for proved, kept in ((5000, 5000), (4000, 5000), (6000, 6000)):
        introduce(front, mail(), phone(proved_at=proved))
        stored, link = at(front, "phone", PHONE)
        assert (stored.links[link].at, stored.links[link].assurance) == (kept, Assurance.LINKED)


def test_a_code_may_be_sent_at_once_only_where_the_proof_is_old_enough() -> None:
    front = Front()
    limits = Limits()
    introduce(front, phone(), mail(proved_at=front.now - limits.proved_hours * 3600))
    stored = at(front, "phone", PHONE)[0]
    now = {link.kind: reachable(link, CODES_GO_TO, front.now, limits) for link in stored.links.values()}
    later = front.now + limits.proved_hours * 3600
    assert now == {"phone": False, "email": True}
    assert all(reachable(link, CODES_GO_TO, later, limits) for link in stored.links.values())


def test_an_address_that_is_new_to_somebody_known_gets_no_code_for_a_day_whatever_is_said_of_it() -> None:
    front = Front()
    introduce(front, mail(proved_at=1000))
    introduce(front, mail(proved_at=1000), phone(proved_at=2000))
    stored, link = at(front, "phone", PHONE)
    assert stored.customer == at(front, "email", MAIL)[0].customer
    assert stored.links[link].at == front.now
    assert not reachable(stored.links[link], CODES_GO_TO, front.now, Limits())


def test_what_the_customer_or_a_person_said_holds_against_the_records() -> None:
    front = Front()
    stored = meets(front, assurance=Assurance.LINKED, name="Patricia")
    said = introduce(front, phone(), facts=[NAME])
    assert said.body["introduction"] == "known" and said.body["left"][0]["fact"] == "name"
    assert name_of(front) == "Patricia"
    front.ask(Team.AGENT, "note", customer=stored.customer, fact={"kind": "name", "value": "Trish"})
    introduce(front, phone(), facts=[NAME])
    assert name_of(front) == "Trish"


def test_records_correct_what_they_said_before() -> None:
    front = Front()
    introduce(front, phone(), facts=[NAME])
    said = introduce(front, phone(), facts=[{"kind": "name", "value": "Pat Roe"}])
    assert said.body["introduction"] == "added" and name_of(front) == "Pat Roe"


def test_a_withdrawn_consent_is_not_given_again_by_the_records() -> None:
    front = Front()
    given = {"kind": "consent", "key": "text.offers", "value": "given"}
    customer = introduce(front, phone(), facts=[given]).body["customer"]
    front.ask(Team.AGENT, "note", customer=customer, fact=given | {"value": "withdrawn"})
    assert introduce(front, phone(), facts=[given]).body["left"][0]["fact"] == "consent.text.offers"
    consent = profile.in_force(at(front, "phone", PHONE)[0].profile)["consent.text.offers"]
    assert consent.value == "withdrawn"


def test_an_address_that_was_taken_off_stays_off() -> None:
    front = Front()
    said = introduce(front, phone(), mail())
    customer, (link, _) = said.body["customer"], said.body["links"]
    front.ask(Team.AGENT, "unlink", customer=customer, link=link, how="gone")
    again = introduce(front, phone(), mail())
    assert again.body["introduction"] == "known" and again.body["left"][0]["link"] == link
    assert at(front, "phone", PHONE)[0].version == 0
    somebody = introduce(front, phone(), mail("kim@example.com"))
    assert somebody.body["introduction"] == "made" and somebody.body["customer"] != customer
    assert somebody.body["links"][0] != link, "the next one who comes by it has a strand of their own"


PAGE: dict[str, object] = {"kind": "messenger", "value": "psid-4711"}


def shared(front: Front) -> tuple[str, str]:
    """Two customers, known by their e-mail, who come by the same messenger account."""
    other = introduce(front, mail()).body["customer"]
    introduce(front, PAGE, mail("one@example.com"))
    one = at(front, "messenger", "psid-4711")[0]
    to = at(front, "email", MAIL)[0]
    link = at(front, "messenger", "psid-4711")[1]
    front.store.relink(
        linking.share(one, to, link, session="s", household=None, how="code", by="customer", now=NOW), front.now
    )
    return one.customer, other


def test_an_address_that_several_come_by_stays_shared_and_finds_nobody() -> None:
    front = Front()
    one, other = shared(front)
    assert introduce(front, PAGE).status == 400
    for whose, address in ((one, "one@example.com"), (other, MAIL)):
        said = introduce(front, PAGE, mail(address))
        assert (said.status, said.body["customer"], said.body["introduction"]) == (200, whose, "known")
    third = introduce(front, PAGE, mail("third@example.com"))
    stored = at(front, "email", "third@example.com")[0]
    held = stored.links[third.body["links"][0]]
    assert third.body["introduction"] == "made" and held.shared and held.assurance is Assurance.CLAIMED
    assert introduce(front, PAGE, mail("third@example.com")).body == third.body | {"introduction": "known"}


def test_who_was_erased_is_somebody_new() -> None:
    front = Front()
    before = introduce(front, phone(), facts=[NAME]).body["customer"]
    assert front.ask(Team.OPERATOR, "erase", customer=before).status == 200
    said = introduce(front, phone())
    assert said.body["introduction"] == "made" and said.body["customer"] != before
    assert not at(front, "phone", PHONE)[0].profile


def racing(front: Front, meanwhile: Callable[[], object]) -> None:
    """Something happens between the next introduction's reads and its write."""
    relink, done = front.store.relink, [False]

    def raced(relinking: Relinking, now: float) -> tuple[Stored, ...]:
        if not done[0]:
            done[0] = True
            meanwhile()
        return relink(relinking, now)

    front.store.relink = raced  # type: ignore[method-assign]  # a race at the one moment that matters


@pytest.mark.parametrize("known", [Assurance.ANONYMOUS, Assurance.LINKED])
def test_who_comes_for_the_first_time_at_that_moment_is_found(known: Assurance) -> None:
    front = Front()
    front.now = NOW + 30
    racing(front, lambda: meets(front, assurance=known))
    said = introduce(front, phone(), mail())
    assert said.status == 200
    assert {at(front, "phone", PHONE)[0].customer, at(front, "email", MAIL)[0].customer} == {said.body["customer"]}


def test_two_introductions_at_once_make_one_customer() -> None:
    front = Front()
    racing(front, lambda: introduce(front, mail(), phone()))
    said = introduce(front, phone(), mail())
    assert said.status == 200 and said.body["introduction"] == "known"
    assert at(front, "phone", PHONE)[0] == at(front, "email", MAIL)[0]


def test_an_introduction_that_was_wrong_comes_apart_again() -> None:
    front = Front()
    nobody = meets(front, name="Kim")
    customer = introduce(front, phone(), mail()).body["customer"]
    link = next(iter(nobody.links))
    assert front.ask(Team.AGENT, "unlink", customer=customer, link=link, how="wrong").status == 200
    back, its = at(front, "phone", PHONE)
    assert (back.customer, its) == (nobody.customer, link) and name_of(front) == "Kim"
    assert back.links[its].assurance is Assurance.ANONYMOUS


def test_after_a_rotation_of_the_keys_everybody_is_known_still() -> None:
    front = Front()
    _, other = shared(front)
    introduce(front, phone(OTHER), mail("kim@example.com"))
    rotated = Front(keys=ROTATED, over=front)
    for addresses in ((phone(OTHER), mail("kim@example.com")), (PAGE, mail())):
        before = introduce(front, *addresses).body
        assert before["introduction"] == "known"
        assert introduce(rotated, *addresses).body == before
    assert introduce(rotated, phone(OTHER), mail("new@example.com")).body["introduction"] == "added"
    assert introduce(rotated, phone(OTHER), mail("new@example.com")).body["introduction"] == "known"
    assert other in introduce(rotated, PAGE, mail()).body.values()

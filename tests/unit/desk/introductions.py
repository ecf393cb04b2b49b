"""What an introduction is to do, wherever it is kept: shared by the desk over memory and over a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from throughline.customers import profile
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.store import CustomerStore, Stored
from throughline.desk.acts import Said
from throughline.desk.matrix import Team
from throughline.dialogue.changes import Noted
from throughline.turn import Assurance

PHONE, OTHER, MAIL = "+12025550143", "+12025550144", "pat@example.com"
NAME = {"kind": "name", "value": "Pat Doe"}


class Place(Protocol):
    """A desk and the store behind it."""

    now: float

    @property
    def store(self) -> CustomerStore:
        """Where customers are kept."""

    def ask(self, team: Team, act: str, **request: Any) -> Said:
        """What the desk says."""


def phone(value: str = PHONE, **more: object) -> dict[str, object]:
    return {"kind": "phone", "value": value, **more}


def mail(value: str = MAIL, **more: object) -> dict[str, object]:
    return {"kind": "email", "value": value, **more}


def introduce(place: Place, *addresses: dict[str, object], facts: object = None) -> Said:
    return place.ask(Team.OPERATOR, "introduce", addresses=list(addresses), facts=facts or [])


def at(place: Place, kind: str, value: str) -> tuple[Stored, str]:
    """Whom the address leads to, and by which link."""
    return place.store.by_address(Address(AddressKind(kind), value), place.now)


def meets(place: Place, value: str = PHONE, assurance: Assurance = Assurance.ANONYMOUS, name: str = "") -> Stored:
    """Somebody comes by that phone, and may have proved it."""
    stored, link = at(place, "phone", value)
    held = replace(stored.links[link], assurance=assurance)
    text = profile.noted("", Noted("name", "", name), link=link, at=place.now, by="customer") if name else ""
    return place.store.save(replace(stored, links={link: held}, profile=text), place.now)


class Introductions:
    """An introduction made, made again, joined and in conflict; `place` is the fixture's."""

    def test_somebody_new_is_known_by_all_of_the_addresses(self, place: Place) -> None:
        said = introduce(place, phone(), mail(proved_at="2030-01-31"), facts=[NAME])
        assert said.status == 200 and said.body["introduction"] == "made"
        stored, link = at(place, "phone", PHONE)
        assert said.body == {
            "customer": stored.customer, "introduction": "made", "links": [link, at(place, "email", MAIL)[1]],
        }  # fmt: skip
        by_mail = stored.links[at(place, "email", MAIL)[1]]
        assert stored.version == 1 and at(place, "email", MAIL)[0] == stored
        assert {(one.assurance, one.evidence, one.by) for one in stored.links.values()} == {
            (Assurance.LINKED, "import", "operator-1")
        }
        assert stored.links[link].at == place.now and by_mail.at == 1_896_048_000.0
        (fact,) = profile.facts(stored.profile)
        assert (fact.path, fact.value, fact.by) == ("name", "Pat Doe", "import")

    def test_the_same_introduction_again_changes_nothing(self, place: Place) -> None:
        addresses = (phone(), mail(proved_at=1_896_048_000))
        first = introduce(place, *addresses, facts=[NAME])
        stored, _ = at(place, "phone", PHONE)
        place.now += 3600
        again = introduce(place, *addresses, facts=[NAME])
        assert again.body == first.body | {"introduction": "known"}
        assert at(place, "phone", PHONE)[0] == stored

    def test_who_would_be_forgotten_soon_is_kept_on_by_it(self, place: Place) -> None:
        introduce(place, phone())
        before, _ = at(place, "phone", PHONE)
        place.now += 380 * 86_400
        assert introduce(place, phone()).body["introduction"] == "known"
        after, _ = at(place, "phone", PHONE)
        assert after.expires > before.expires and after.links.keys() == before.links.keys()

    def test_a_further_address_is_added_to_who_is_known(self, place: Place) -> None:
        stored = meets(place, assurance=Assurance.LINKED)
        said = introduce(place, mail(), phone())
        assert said.body["introduction"] == "added" and said.body["customer"] == stored.customer
        assert at(place, "email", MAIL)[0].customer == stored.customer

    def test_a_first_contact_joins_with_what_was_said(self, place: Place) -> None:
        nobody = meets(place, name="Pat")
        known = meets(place, OTHER, Assurance.LINKED)
        said = introduce(place, phone(OTHER), phone())
        assert said.status == 200 and said.body["customer"] == known.customer
        there, link = at(place, "phone", PHONE)
        assert there.customer == known.customer and link in nobody.links
        held = there.links[link]
        assert (held.assurance, held.home, held.evidence) == (Assurance.LINKED, nobody.customer, "import")
        assert profile.in_force(there.profile)["name"].value == "Pat"

    def test_a_first_contact_alone_becomes_somebody(self, place: Place) -> None:
        nobody = meets(place)
        said = introduce(place, phone(), mail())
        there, link = at(place, "phone", PHONE)
        assert said.body["introduction"] == "made" and link in nobody.links
        assert there.links[link].assurance is Assurance.LINKED and at(place, "email", MAIL)[0] == there
        assert introduce(place, phone(), mail()).body["introduction"] == "known"

    def test_two_known_customers_stay_two_and_the_conflict_is_noted_at_both(self, place: Place) -> None:
        one, other = meets(place, assurance=Assurance.LINKED), meets(place, OTHER, Assurance.LINKED)
        said = introduce(place, phone(), mail(), phone(OTHER))
        assert said.status == 409 and set(said.body) == {"error", "conflicts", "customers"}
        assert sorted(said.body["customers"]) == sorted((one.customer, other.customer))
        assert introduce(place, phone(OTHER), mail(), phone()) == said
        assert at(place, "phone", PHONE)[0] == one and at(place, "phone", OTHER)[0] == other
        assert at(place, "email", MAIL)[0].version == 0
        for mine, theirs in ((one, other), (other, one)):
            links = place.ask(Team.OPERATOR, "links", customer=mine.customer).body
            assert [(c["id"], c["with"]) for c in links["conflicts"]] == [(said.body["conflicts"][0], theirs.customer)]
            assert links["conflicts"][0]["when"].startswith("2033-05-18")
        resolved = place.ask(Team.SUPERVISOR, "resolve", customer=one.customer, conflict=said.body["conflicts"][0])
        assert resolved.status == 200
        assert place.ask(Team.OPERATOR, "links", customer=other.customer).body["conflicts"] == []

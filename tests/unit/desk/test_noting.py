"""What a person notes of a customer: under their name, through a link, and by the rules of the profile."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.desk.front import Front
from tests.unit.records.world import NOW
from throughline.customers import profile
from throughline.customers.profile import Fact
from throughline.customers.store import Link, Stored
from throughline.desk.matrix import Team
from throughline.turn import Assurance


def facts(front: Front, stored: Stored) -> list[Fact]:
    there = front.store.by_customer(stored.customer, front.now)
    assert there is not None
    return list(profile.facts(there.profile))


def note(front: Front, stored: Stored, fact: object, **more: Any) -> tuple[int, dict[str, Any]]:
    said = front.ask(Team.AGENT, "note", customer=stored.customer, fact=fact, **more)
    return said.status, said.body


def two_ways(front: Front) -> Stored:
    """A customer with a proved phone and a device that is claimed."""
    stored = front.meets()
    device = Link("l-device", 1, Assurance.CLAIMED, "login", NOW + 1, kind="web")
    return front.store.save(replace(stored, links={**stored.links, device.id: device}), NOW)


@pytest.mark.parametrize(
    ("fact", "path"),
    [
        ({"kind": "name", "value": "Pat Doe"}, "name"),
        ({"kind": "locale", "value": "es_US"}, "locale"),
        ({"kind": "time_zone", "value": "America/New_York"}, "time_zone"),
        ({"kind": "preferred_channel", "value": "text"}, "preferred_channel"),
        ({"kind": "trait", "key": "public.pet", "value": "a dog"}, "trait.public.pet"),
        ({"kind": "consent", "key": "text.offers", "value": "withdrawn"}, "consent.text.offers"),
    ],
)
def test_a_fact_is_noted_by_the_person_through_the_best_proved_link(fact: dict[str, str], path: str) -> None:
    front = Front()
    stored = two_ways(front)
    phone = next(link.id for link in stored.links.values() if link.kind == "phone")
    assert note(front, stored, fact) == (200, {"customer": stored.customer, "link": phone, "noted": path})
    (known,) = facts(front, stored)
    assert (known.path, known.value, known.link, known.by) == (path, fact["value"], phone, "agent-1")


def test_a_fact_is_noted_through_the_link_that_is_named() -> None:
    front = Front()
    stored = two_ways(front)
    assert note(front, stored, {"kind": "name", "value": "Pat"}, link="l-device")[1]["link"] == "l-device"
    assert facts(front, stored)[0].link == "l-device"


def test_a_fact_is_taken_back_whoever_said_it() -> None:
    front = Front()
    stored = two_ways(front)
    note(front, stored, {"kind": "name", "value": "Pat"}, link="l-device")
    status, body = note(front, stored, {"kind": "name", "value": ""})
    assert (status, body["taken back"]) == (200, "name")
    assert not facts(front, stored)


def test_who_notes_does_not_learn_what_was_known() -> None:
    front = Front()
    stored = front.meets()
    first = note(front, stored, {"kind": "name", "value": "Pat"})
    written = front.store.by_customer(stored.customer, front.now)
    assert note(front, stored, {"kind": "name", "value": "Pat"}) == first
    assert front.store.by_customer(stored.customer, front.now) == written, "and what is known is not written again"
    assert note(front, stored, {"kind": "name", "value": "Kim"}) == first


@pytest.mark.parametrize(
    ("fact", "rule"),
    [
        ({"kind": "shoe", "value": "Zebulon"}, "use one of locale, time_zone, name"),
        ({"kind": "locale", "value": "Zebulon"}, "en_US"),
        ({"kind": "name", "key": "first", "value": "Zebulon"}, "has no key"),
        ({"kind": "consent", "key": "text", "value": "given"}, "<channel>.<purpose>"),
        ({"kind": "consent", "key": "text.offers", "value": "Zebulon"}, "given"),
        ({"kind": "name", "value": "Zebulon" * 50}, "200 characters"),
        ({"kind": "name", "value": 5}, "a fact is"),
        ({"kind": "name"}, "a fact is"),
        ({"kind": "name", "value": "Zebulon", "by": "customer"}, "a fact is"),
        ("Zebulon", "a fact is"),
        (None, "a fact is"),
    ],
)
def test_a_bad_fact_is_refused_by_its_rule_and_its_value_is_not_repeated(fact: object, rule: str) -> None:
    front = Front()
    stored = front.meets()
    status, body = note(front, stored, fact)
    assert status == 400 and rule in body["error"] and "Zebulon" not in body["error"]
    assert not facts(front, stored)
    assert "Zebulon" not in repr(front.trail.entries)


def test_a_secret_in_a_fact_is_masked() -> None:
    front = Front()
    stored = front.meets()
    assert note(front, stored, {"kind": "trait", "key": "card", "value": "4111 1111 1111 1111"})[0] == 200
    assert "4111" not in json.dumps([fact.value for fact in facts(front, stored)])


def test_a_link_that_is_none_of_theirs_or_is_closed_carries_no_fact() -> None:
    front = Front()
    stored = front.meets()
    link = next(iter(stored.links))
    fact = {"kind": "name", "value": "Pat"}
    assert note(front, stored, fact, link="l-other")[0] == 404
    assert note(front, stored, fact, link=5)[0] == 404
    front.ask(Team.AGENT, "unlink", customer=stored.customer, link=link, how="gone")
    for named in ({"link": link}, {}):
        status, body = note(front, stored, fact, **named)
        assert status == 400 and "closed" in body["error"]


def test_a_turn_at_the_same_time_loses_nothing() -> None:
    front = Front()
    stored = front.meets()
    save, raced = front.store.save, [False]

    def meanwhile(stored: Stored, now: float) -> Stored:
        if not raced[0]:
            raced[0] = True
            save(replace(stored, profile="", turn='{"id":"t9"}'), now)
        return save(stored, now)

    front.store.save = meanwhile  # type: ignore[method-assign]  # a race at the one moment that matters
    assert note(front, stored, {"kind": "name", "value": "Pat"})[0] == 200
    there = front.store.by_customer(stored.customer, front.now)
    assert there is not None and there.turn == '{"id":"t9"}' and "Pat" in there.profile

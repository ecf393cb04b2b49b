"""The item says which channel's session a person has, so that the table's stream can be filtered by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from moto import mock_aws

from tests.unit.customers.rig import NOW, PHONE, met
from tests.unit.customers.tables import TableRig
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.client import count_calls, dynamodb_client
from throughline.customers.linking import merge
from throughline.customers.store import Stored
from throughline.dialogue.state import State, WithPerson, encode

BROWSER = Address(AddressKind.WEB, "browser-1")


@pytest.fixture
def rig() -> Iterator[TableRig]:
    with mock_aws():
        client = dynamodb_client("eu-west-1")
        yield TableRig(client, count_calls(client), threadsafe=False)


def kept(rig: TableRig, customer: str) -> str | None:
    """The item's `person`."""
    items = rig.client.scan(TableName=rig.table)["Items"]
    item = next(one for one in items if one["pk"]["S"].endswith(customer) and one["sk"]["S"] == "conversation")
    return item["person"]["S"] if "person" in item else None


def with_person(stored: Stored, session: str) -> Stored:
    link = next(iter(stored.links))
    return replace(stored, state=encode(State(sequence=1, person=WithPerson(NOW, session, "asked", link))))


@pytest.mark.parametrize(
    ("session", "scheme"), [("web:s1", "web"), ("sms:hash", "sms"), ("live:call-1", "live"), ("lex:guest:x", "lex")]
)
def test_the_item_names_the_scheme_of_the_session_that_a_person_has(rig: TableRig, session: str, scheme: str) -> None:
    stored, _ = met(rig.store())
    rig.store().save(with_person(stored, session), NOW)
    assert kept(rig, stored.customer) == scheme


def test_the_item_names_none_before_and_none_after(rig: TableRig) -> None:
    store = rig.store()
    stored, _ = met(store)
    assert kept(rig, stored.customer) is None
    stored = store.save(with_person(stored, "web:s1"), NOW)
    store.save(replace(stored, state=encode(State(sequence=2))), NOW)
    assert kept(rig, stored.customer) is None


def test_the_name_moves_with_a_conversation_that_joins_another(rig: TableRig) -> None:
    store = rig.store()
    theirs, _ = met(store, BROWSER)
    theirs = store.save(with_person(theirs, "web:s1"), NOW)
    other, _ = met(store, PHONE)
    store.relink(merge(other, theirs, act="act-1", by="agent"), NOW)
    assert (kept(rig, other.customer), kept(rig, theirs.customer)) == ("web", None)

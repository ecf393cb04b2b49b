"""What linking makes of a table whose answers are lost, and what it leaves in the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from throughline.customers.addresses import Address, AddressKind
from throughline.customers.client import Calls, count_calls, dynamodb_client
from throughline.customers.linking import add, close, join
from throughline.customers.store import AddressTaken, Conflict
from throughline.dialogue.changes import Linked

from .rig import KEYS, MAIL, NOW, PHONE, met
from .tables import TableRig, lost_answer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


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

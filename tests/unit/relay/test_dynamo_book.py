"""Both books keep one contract: the fake, and the customers' table on moto."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from tests.unit.customers.tables import Flaky, lost_answer, make_table
from throughline.customers.client import dynamodb_client
from throughline.customers.dynamo_codes import ALLOWANCE_PREFIX
from throughline.customers.table import ADDRESS_PREFIX, CUSTOMER_PREFIX, OPEN_CONFLICTS
from throughline.errors import StoreError, StoreUnavailable
from throughline.relay.book import KEPT, TOLD, Book, Lost, MemoryBook, Relay, changed, relay_id
from throughline.relay.chat import Kind, Message, Role
from throughline.relay.dynamo_book import RELAY_PREFIX, DynamoBook

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOW = 1_790_000_000.0
FULL = Relay(
    id=relay_id("web:s1", NOW), session="web:s1", since=NOW, customer="c1", link="l1", channel="web", locale="en_US",
    assurance=2, contact="contact-1", participant="sealed-participant", connection="sealed-connection",
    connected_until=NOW + 3600.5,
    waiting=(
        Message("m2", NOW + 2.001, Role.AGENT, Kind.WORDS, "Grüße, “Ada” 👋", "Morgan"),
        Message("m1", NOW + 1, Role.SYSTEM, Kind.JOINED),
    ),
    told=((NOW, "m0"), (NOW + 0.123, "mm")),
    holder="h1", held_until=NOW + 30,
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> Iterator[DynamoDBClient]:
    with mock_aws():
        yield dynamodb_client("eu-west-1")


@pytest.fixture
def table(client: DynamoDBClient) -> str:
    return make_table(client)


@pytest.fixture(params=["memory", "table"])
def book(request: pytest.FixtureRequest) -> Book:
    if request.param == "memory":
        return MemoryBook()
    return DynamoBook(request.getfixturevalue("client"), request.getfixturevalue("table"))


def test_what_is_put_is_read_again_by_its_id_and_by_its_contact(book: Book) -> None:
    kept = book.put(FULL, NOW)
    assert kept == replace(FULL, version=1)
    assert book.get(FULL.id) == kept
    assert book.of_contact(FULL.contact) == kept


def test_what_was_never_kept_is_not_found(book: Book) -> None:
    book.put(FULL, NOW)
    assert book.get("another") is None and book.of_contact("another") is None
    assert book.of_contact(FULL.id) is None and book.get(FULL.contact) is None


def test_who_has_read_before_somebody_else_wrote_is_told_so(book: Book) -> None:
    first = book.put(FULL, NOW)
    book.put(replace(first, holder="h2"), NOW)
    with pytest.raises(Lost, match="read it again"):
        book.put(replace(first, holder="h3"), NOW)
    kept = book.get(FULL.id)
    assert kept is not None and (kept.holder, kept.version) == ("h2", 2)


def test_two_who_begin_the_same_relay_make_one(book: Book) -> None:
    book.put(FULL, NOW)
    with pytest.raises(Lost):
        book.put(replace(FULL, contact="contact-2"), NOW)
    kept = book.get(FULL.id)
    assert kept is not None and kept.contact == "contact-1"
    assert book.of_contact("contact-2") is None


def test_a_change_is_made_to_what_is_there_now(book: Book) -> None:
    first = book.put(FULL, NOW)
    tries: list[str] = []

    def holder(relay: Relay) -> Relay:
        tries.append(relay.holder)
        if len(tries) == 1:
            book.put(replace(first, holder="meanwhile"), NOW)
        return replace(relay, open=False)

    after = changed(book, FULL.id, holder, NOW)
    assert after is not None and (after.holder, after.open, tries) == ("meanwhile", False, ["h1", "meanwhile"])
    assert changed(book, "another", holder, NOW) is None


def test_a_change_that_always_loses_gives_up(book: Book) -> None:
    book.put(FULL, NOW)

    def loses(relay: Relay) -> Relay:
        book.put(replace(relay, holder=f"h{relay.version}"), NOW)
        return replace(relay, open=False)

    with pytest.raises(StoreUnavailable, match="try again"):
        changed(book, FULL.id, loses, NOW)


def test_what_is_removed_is_gone_with_its_pointer_and_may_be_removed_again(book: Book) -> None:
    kept = book.put(FULL, NOW)
    for _ in range(2):
        book.remove(kept)
        assert book.get(FULL.id) is None and book.of_contact(FULL.contact) is None


# -- the table -------------------------------------------------------------------------------------


def items(client: DynamoDBClient, table: str) -> dict[str, Any]:
    return {f"{it['pk']['S']} {it['sk']['S']}": it for it in client.scan(TableName=table)["Items"]}


def test_both_items_expire_and_neither_says_whose_they_are(client: DynamoDBClient, table: str) -> None:
    DynamoBook(client, table).put(FULL, NOW)
    found = items(client, table)
    assert set(found) == {f"{RELAY_PREFIX}{FULL.id} relay", f"{RELAY_PREFIX}contact-1 contact"}
    assert {it["expires"]["N"] for it in found.values()} == {str(int(NOW) + KEPT)}
    assert not [key for key in found if FULL.customer in key or FULL.session in key]


def test_a_later_write_keeps_it_for_longer(client: DynamoDBClient, table: str) -> None:
    book = DynamoBook(client, table)
    book.put(book.put(FULL, NOW), NOW + 60)
    assert items(client, table)[f"{RELAY_PREFIX}{FULL.id} relay"]["expires"]["N"] == str(int(NOW) + 60 + KEPT)


def test_nothing_else_in_the_table_begins_like_it() -> None:
    """Roles tell what is whose by the beginning of the key: what may write relays may write nothing else by that."""
    others = (ADDRESS_PREFIX, ALLOWANCE_PREFIX, CUSTOMER_PREFIX, OPEN_CONFLICTS, "L#", "P#")
    assert not [one for one in others if one.startswith(RELAY_PREFIX) or RELAY_PREFIX.startswith(one)]


def test_it_stays_far_below_what_an_item_may_hold(client: DynamoDBClient, table: str) -> None:
    from throughline.relay.queue import LONGEST_KEPT, MOST_WAITING

    told = tuple((NOW + number, f"{number:036}") for number in range(TOLD))
    words = Message("0" * 36, NOW, Role.AGENT, Kind.WORDS, "w" * (LONGEST_KEPT // 2), "Morgan")
    waiting = tuple(replace(words, id=f"{number:036}") for number in range(MOST_WAITING))
    DynamoBook(client, table).put(replace(FULL, told=told, waiting=waiting), NOW)
    kept = items(client, table)[f"{RELAY_PREFIX}{FULL.id} relay"]["kept"]["S"]
    assert len(kept.encode()) < 400 * 1024


def flaky(client: DynamoDBClient, table: str) -> tuple[Flaky, DynamoBook]:
    calls = Flaky(client)
    return calls, DynamoBook(calls, table)  # type: ignore[arg-type]  # Flaky passes all through


def test_a_write_whose_answer_got_lost_is_read_again_and_made_once(client: DynamoDBClient, table: str) -> None:
    calls, book = flaky(client, table)
    first = book.put(FULL, NOW)
    calls.after.append(lost_answer())
    after = changed(book, first.id, lambda relay: replace(relay, told=(*relay.told[:2], (NOW + 9, "m9"))), NOW)
    assert after is not None and [id for _, id in after.told] == ["m0", "mm", "m9"]
    assert book.get(first.id) == after


def test_a_beginning_whose_answer_got_lost_is_there_all_the_same(client: DynamoDBClient, table: str) -> None:
    calls, book = flaky(client, table)
    calls.after.append(lost_answer())
    with pytest.raises(Lost):
        book.put(FULL, NOW)
    assert book.of_contact(FULL.contact) == replace(FULL, version=1)


def test_a_table_that_does_not_answer_is_unavailable(client: DynamoDBClient, table: str) -> None:
    calls, book = flaky(client, table)
    asks: tuple[Callable[[], object], ...] = (
        lambda: book.get("r"), lambda: book.put(FULL, NOW), lambda: book.remove(FULL),
    )  # fmt: skip
    for ask in asks:
        calls.before.extend([lost_answer(), lost_answer()])
        with pytest.raises(StoreUnavailable):
            ask()
        calls.before.clear()


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda kept: kept[: len(kept) // 2],
        lambda kept: "[]",
        lambda kept: json.dumps({**json.loads(kept), "waiting": [{"id": "secret words"}]}),
        lambda kept: json.dumps({name: value for name, value in json.loads(kept).items() if name != "session"}),
    ],
)
def test_what_is_not_of_its_form_is_refused_and_not_quoted(
    client: DynamoDBClient, table: str, spoilt: Callable[[str], str]
) -> None:
    book = DynamoBook(client, table)
    book.put(FULL, NOW)
    item = items(client, table)[f"{RELAY_PREFIX}{FULL.id} relay"]
    client.put_item(TableName=table, Item={**item, "kept": {"S": spoilt(item["kept"]["S"])}})
    with pytest.raises(StoreError, match="not of its form") as refused:
        book.get(FULL.id)
    assert "secret" not in str(refused.value) and "web:s1" not in str(refused.value)

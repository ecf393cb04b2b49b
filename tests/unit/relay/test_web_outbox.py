"""What waits for a page: only for the link and session that it is for, in its order, and gone with the strand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from tests.unit.customers.tables import Flaky, lost_answer, make_table
from tests.unit.dialogue.library import library
from throughline.channels import web
from throughline.customers.client import dynamodb_client
from throughline.customers.pointer import Pointer
from throughline.errors import StoreUnavailable
from throughline.exchange import Exchange
from throughline.records.dynamo_strands import DynamoStrands
from throughline.relay.web_outbox import KEPT, MOST, WebOutbox
from throughline.reply import Line, Reply, Typed
from throughline.turn import Assurance, InputMode, Turn

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOW = 1_790_000_000.0
MODEL = library()


@pytest.fixture(scope="module")
def client() -> Iterator[DynamoDBClient]:
    with mock_aws():
        yield dynamodb_client("eu-west-1")


@pytest.fixture
def table(client: DynamoDBClient) -> str:
    return make_table(client)


@pytest.fixture
def outbox(client: DynamoDBClient, table: str) -> WebOutbox:
    return WebOutbox(client, table, MODEL)


def told(
    outbox: WebOutbox, words: str, *, at: float = NOW, id: str = "", link: str = "l1", session: str = "web:s1"
) -> Exchange:
    turn = Turn(
        id=id or f"agent-{words}", at=at, channel=web.CHANNEL, session=session, locale=MODEL.default_locale,
        mode=InputMode.TEXT, can=outbox.can, assurance=Assurance.LINKED, link=link,
    )  # fmt: skip
    reply = Reply((Line("phrases.person_says", {"words": Typed("text", words)}),))
    return Exchange(turn, reply, "c1", Pointer("c1", link, 1), (), repeated=False, writes=1)


def lines(outbox: WebOutbox, link: str = "l1", session: str = "web:s1", after: str = "") -> list[str]:
    arrived = outbox.arrived(link, session, after)
    return [" ".join(one.answer["lines"]).removeprefix("person_says ") for one in arrived]


def test_what_was_delivered_arrives_in_its_order_and_as_the_page_shows_it(outbox: WebOutbox) -> None:
    for at, words in ((NOW + 2, "third"), (NOW, "first"), (NOW + 0.001, "second")):
        outbox.deliver(told(outbox, words, at=at))
    assert lines(outbox) == ["first", "second", "third"]
    (one, *_) = outbox.arrived("l1", "web:s1", "")
    assert one.answer == web.to_answer(told(outbox, "first"), MODEL)


def test_a_page_asks_for_what_came_after_what_it_has(outbox: WebOutbox) -> None:
    for number in range(3):
        outbox.deliver(told(outbox, f"word {number}", at=NOW + number))
    places = [one.place for one in outbox.arrived("l1", "web:s1", "")]
    assert lines(outbox, after=places[0]) == ["word 1", "word 2"]
    assert lines(outbox, after=places[2]) == []


@pytest.mark.parametrize("after", ["turn#", "", "zzz", "erased", "#", "turn#9999999999999#x", "out"])
def test_a_place_that_is_none_brings_all_of_it_and_nothing_but_that(
    client: DynamoDBClient, table: str, outbox: WebOutbox, after: str
) -> None:
    outbox.deliver(told(outbox, "mine"))
    for sort in ("turn#1790000000000#t1", "fact#1790000000000#f1", "erased"):
        client.put_item(TableName=table, Item={"pk": {"S": "O#l1"}, "sk": {"S": sort}, "session": {"S": "web:s1"}})
    assert lines(outbox, after=after) == ["mine"]


def test_only_the_link_and_the_session_that_it_is_for_get_it(outbox: WebOutbox) -> None:
    outbox.deliver(told(outbox, "mine"))
    assert lines(outbox, link="l2") == lines(outbox, session="web:s2") == lines(outbox, link="l") == []


def test_the_same_message_once_more_arrives_once(outbox: WebOutbox) -> None:
    for at in (NOW, NOW, NOW + 5):
        outbox.deliver(told(outbox, "mine", at=at, id="agent-1"))
    assert lines(outbox) == ["mine"]


def test_one_question_brings_so_many_and_the_next_one_the_rest(outbox: WebOutbox) -> None:
    for number in range(MOST + 5):
        outbox.deliver(told(outbox, f"word {number}", at=NOW + number))
    first = outbox.arrived("l1", "web:s1", "")
    assert len(first) == MOST
    assert lines(outbox, after=first[-1].place)[-1] == f"word {MOST + 4}"


def test_what_another_session_left_behind_stands_in_nobodys_way(outbox: WebOutbox) -> None:
    for number in range(MOST + 5):
        outbox.deliver(told(outbox, f"word {number}", at=NOW + number, session="web:s0"))
    outbox.deliver(told(outbox, "mine", at=NOW + MOST + 10))
    assert lines(outbox) == ["mine"]


def items(client: DynamoDBClient, table: str) -> list[dict[str, Any]]:
    return [dict(it) for it in client.scan(TableName=table)["Items"]]


def test_it_lies_by_its_link_until_a_day_has_gone(client: DynamoDBClient, table: str, outbox: WebOutbox) -> None:
    outbox.deliver(told(outbox, "mine"))
    (item,) = items(client, table)
    assert item["pk"] == {"S": "O#l1"} and item["sk"]["S"].startswith("out#1790000000000#")
    assert item["expires"] == {"N": str(int(NOW) + KEPT)} and KEPT == 86_400


def test_an_erasure_of_the_strand_finds_and_deletes_it(client: DynamoDBClient, table: str, outbox: WebOutbox) -> None:
    outbox.deliver(told(outbox, "mine"))
    outbox.deliver(told(outbox, "another's", link="l2"))
    strands = DynamoStrands(client, table)
    strands.delete("l1", [one.sort for one in strands.kept("l1")])
    assert lines(outbox) == [] and lines(outbox, link="l2") == ["another's"]


def test_a_table_that_does_not_answer_is_unavailable(client: DynamoDBClient, table: str) -> None:
    calls = Flaky(client)
    outbox = WebOutbox(calls, table, MODEL)  # type: ignore[arg-type]  # Flaky passes all through
    calls.before.extend([lost_answer(), lost_answer()])
    with pytest.raises(StoreUnavailable):
        outbox.deliver(told(outbox, "mine"))
    calls.after.append(lost_answer())
    outbox.deliver(told(outbox, "mine"))
    assert lines(outbox) == ["mine"]

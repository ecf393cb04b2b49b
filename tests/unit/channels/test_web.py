"""Messages of the web chat: what they become, and what the page is given."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from tests.unit.channels.lantern import ODD, exchange, lantern, replies
from throughline.channels import web
from throughline.channels.capabilities import EAR, WAYS
from throughline.errors import EventError
from throughline.reply import Reply
from throughline.turn import InputMode, Turn

MESSAGE = {
    "id": "m1",
    "session": "d1",
    "locale": "en_US",
    "text": "hello",
    "question": "q1",
    "sent_at": 1_790_000_000,
}


def taken(**changes: Any) -> Turn:
    return web.to_turn({**MESSAGE, **changes}, at=1_790_000_001.0)


def test_a_text_is_a_turn_without_readings() -> None:
    turn = taken()
    assert (turn.id, turn.session, turn.text, turn.mode) == ("web-m1", "web:d1", "hello", InputMode.TEXT)
    assert turn.heard == () and turn.answers == "q1" and turn.sent_at == 1_790_000_000


def test_a_tap_carries_its_intent_and_value() -> None:
    turn = taken(text=None, tap={"intent": "Reserve", "slot": "item", "value": "map"})
    assert turn.mode is InputMode.TAP and turn.text == ""
    assert turn.heard[0].intent == "Reserve" and turn.heard[0].slots == {"item": "map"}


def test_secrets_are_sealed() -> None:
    turn = taken(text="card 4111 1111 1111 1111")
    assert turn.text == "card [card number]" and turn.sealed is not None
    tapped = taken(text=None, tap={"intent": "X", "slot": "s", "value": "4111111111111111"})
    assert "4111" not in repr(tapped)


def test_a_cut_leaves_no_part_of_a_card_number() -> None:
    turn = taken(text="x" * (web.LONGEST - 12) + " 4111111111111111")
    assert "4111" not in turn.text


@pytest.mark.parametrize("sent_at", [10**400, float("nan"), float("inf"), True, "now", None, -(10**20)])
def test_a_time_that_is_none_is_left_out(sent_at: object) -> None:
    assert taken(sent_at=sent_at).sent_at is None


@pytest.mark.parametrize(
    "message",
    [None, 3, [], {}, {"id": "m1"}, {"id": "m1", "session": "d1"}, {"id": 3, "session": "d1", "text": "x"},
     {"id": "", "session": "d1", "text": "x"}, {"id": "m1", "session": "d1", "text": 3, "opens": "yes"}],
)  # fmt: skip
def test_what_says_nothing_is_no_message(message: object) -> None:
    with pytest.raises(EventError):
        web.to_turn(message, at=1.0)


def test_a_client_cannot_write_who_it_is() -> None:
    turn = taken(assurance="verified", link="l1", customer="c1", sealed="x", can={"secrets": True})
    assert turn.assurance == 0 and turn.link == "" and turn.sealed is None


def test_strange_ids_are_hashed_and_still_told_apart() -> None:
    ids = [taken(id=i).id for i in ("a b", "a\ud800", "x" * 300, "x" * 300 + "y", "someone@example.com")]
    assert len(set(ids)) == 5
    assert all(i.isascii() and "someone" not in i for i in ids)


@settings(max_examples=80, deadline=None)
@given(text=ODD, turn_id=ODD.filter(bool), question=ODD, value=ODD)
def test_whatever_is_written_can_be_kept(text: str, turn_id: str, question: str, value: str) -> None:
    tap = {"intent": value, "slot": "item", "value": value}
    for message in ({"text": text}, {"tap": tap}):
        turn = web.to_turn({"id": turn_id, "session": "d", "question": question, **message}, at=1.0)
        repr(turn).encode("utf-8")


@settings(max_examples=80, deadline=None)
@given(reply=replies())
def test_every_reply_has_something_to_show(reply: Reply) -> None:
    answer = web.to_answer(exchange(reply, WAYS[EAR].back), lantern())
    json.dumps(answer, ensure_ascii=False, allow_nan=False).encode("utf-8")
    assert answer["lines"] and all(line.strip() for line in answer["lines"])
    assert len(answer["choices"]) == len(reply.choices)

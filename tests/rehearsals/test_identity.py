"""Who is who in the whole system: what the replayed conversations leave behind, in the table and with the records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.people import Person
from rehearsal.replay import read, replay
from rehearsal.ways import SmartSpeaker, TextPhone, WebChat
from rehearsal.world import World
from throughline.turn import Assurance

HERE = Path(__file__).parent
pytestmark = pytest.mark.xdist_group("rehearsals")


def items(world: World) -> list[dict[str, Any]]:
    """Everything that is in the customers' table, once the records function has read its stream."""
    assert world.records is not None, "the templates have no function that reads the customers' table's stream"
    world.records.drain()
    table = world.assembly.function("lex_turn").environment["TABLE"]
    return world.cloud.dump()[table]


def strand(world: World, links: set[str]) -> list[str]:
    """Ids of the turns that are kept under these links, oldest first."""
    kept = [
        (item["sk"]["S"], item["pk"]["S"].removeprefix("L#"))
        for item in items(world)
        if item["sk"]["S"].startswith("turn#")
    ]
    return [sort.rpartition("#")[2] for sort, link in sorted(kept) if link in links]


def test_one_transfer_over_three_channels_is_one_timeline_and_one_execution(world: World) -> None:
    held = replay(read(HERE / "speaker_chat_text.yaml"), "alexa", world)
    assert held.person is not None
    stored = world.customer(held.person)
    turns = world.timeline.turns(stored.links)
    assert [turn["channel"] for turn in turns if turn["channel"] != "agent"] == sorted(
        (turn["channel"] for turn in turns), key=["alexa", "web", "sms"].index
    )
    assert {turn["channel"] for turn in turns} == {"alexa", "web", "sms"}
    assert len({turn["link"] for turn in turns}) == 3
    assert held.end["bank"]["moved"] == ["50.00 checking: transfer to savings"]
    assert strand(world, set(stored.links)) == [turn["id"] for turn in turns]


def test_what_an_anonymous_visitor_said_is_theirs_once_they_are_known(world: World) -> None:
    sam = Person.called("Sam who was a visitor")
    known = world.customer(sam).customer
    chat = WebChat(world, sam.at_strange_devices("v"), Assurance.LINKED)
    for words in ("move fifty dollars from checking to savings", "email", sam.email):
        chat.say(words)
    assert len(world.timeline.turns(world.customer(sam).links)) == 0
    chat.say(world.post.newest_code(sam.email))
    assert world.customer(sam).customer == known
    assert len(world.timeline.turns(world.customer(sam).links)) == 4
    assert "$50" in chat.say("yes").text


def test_of_somebody_who_was_forgotten_no_word_and_no_address_is_left(world: World) -> None:
    robin = Person.called("Robin to be forgotten")
    stored = world.customer(robin)
    SmartSpeaker.of(world, robin).say("move fifty dollars from checking")
    chat = WebChat(world, robin, Assurance.VERIFIED)
    chat.say("no thanks")
    chat.say("please delete all my data")
    assert "erased" in chat.say("yes").text
    left = json.dumps([item for item in items(world) if stored.customer in json.dumps(item)])
    assert robin.phone not in json.dumps(items(world)) and robin.email not in json.dumps(items(world))
    assert strand(world, set(stored.links)) == []
    assert "TransferMoney" not in left


def test_a_code_of_one_session_is_no_code_of_another(world: World) -> None:
    alex = Person.called("Alex with two browsers")
    world.customer(alex)
    mine, other = (WebChat(world, alex, Assurance.LINKED) for _ in range(2))
    mine.say("change the pin of my debit card")
    code = world.post.newest_code(alex.phone)
    other.say("please send me a code")
    assert "not the code" in other.say(code).text.casefold()


def test_a_forged_text_gets_the_code_sent_to_the_real_phone_and_nothing_else(world: World) -> None:
    sam = Person.called("Sam of the forged text")
    world.customer(sam)
    told = TextPhone(world, sam, Assurance.CLAIMED).say("what's my balance")
    assert "$" not in told.text
    assert world.post.newest_code(sam.phone) and world.post.newest_code(sam.phone) not in told.text

"""Topic, contact and conversation belong together, or nothing is told to anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.relay.desk import Desk, with_agent
from throughline.customers import linking
from throughline.customers.store import Stored
from throughline.dialogue.state import encode
from throughline.errors import StoreUnavailable
from throughline.records import marks
from throughline.relay.chat import Kind


def test_a_contact_that_nobody_began_tells_nobody_anything() -> None:
    desk = with_agent()
    desk.relaying.heard("another-contact", desk.enters(Kind.WORDS, "hello"))
    desk.relaying.ended("another-contact")
    assert desk.heard == []
    assert desk.with_person


def test_a_contact_speaks_to_its_own_customer_alone() -> None:
    desk = with_agent()
    first = desk.customer
    other = Desk()
    other.store, other.customer.store = desk.store, desk.store
    desk.customer = replace(first, session="web:s2", address=replace(first.address, value="browser-2"), last=None)
    desk.asks_for_person("me too")
    desk.follow()
    mine, theirs = desk.chats.contacts.values()
    desk.relaying.heard(theirs.id, desk.enters(Kind.WORDS, "for you", contact=theirs))
    assert [(one.turn.session, one.customer) for one in desk.outlet.delivered] == [("web:s2", desk.pointer.customer)]
    assert mine.id != theirs.id


def test_an_unlinked_customer_is_told_nothing_and_the_contact_is_left() -> None:
    desk = with_agent()
    stored = desk.stored()
    desk.store.relink(linking.close(stored, desk.pointer.link), desk.now)
    desk.writes("secret")
    assert desk.heard == []
    assert desk.chats.only.left
    assert not desk.relay.open


def test_the_table_alone_tells_of_an_unlinked_customer() -> None:
    desk = with_agent()
    desk.store.relink(linking.close(desk.stored(), desk.pointer.link), desk.now)
    desk.follow()
    assert desk.chats.only.left
    assert not desk.relay.open


def _merged(desk: Desk) -> str:
    """Their link goes to another customer, and what came through it."""
    other, _ = desk.store.by_address(replace(desk.customer.address, value="browser-9"), desk.now)
    other = desk.store.save(other, desk.now)
    desk.store.relink(linking.merge(other, desk.stored(), act="act-1", by="agent"), desk.now)
    return other.customer


def test_a_link_that_moved_takes_its_agent_along() -> None:
    desk = with_agent()
    link = desk.pointer.link
    customer = _merged(desk)
    desk.follow()
    assert desk.chats.only.over is False
    desk.writes("still me")
    (told,) = desk.outlet.delivered
    assert (told.customer, told.turn.link) == (customer, link)
    desk.ends()
    assert not desk.with_person


def test_what_comes_between_a_move_and_its_news_waits_and_is_not_lost() -> None:
    desk = with_agent()
    customer = _merged(desk)
    message = desk.enters(Kind.WORDS, "meanwhile")
    with pytest.raises(StoreUnavailable):
        desk.relaying.heard(desk.chats.only.id, message)
    assert desk.heard == []
    desk.follow()
    desk.now += 60
    desk.relaying.heard(desk.chats.only.id, message)
    assert desk.heard == ["person_says meanwhile"]
    assert desk.outlet.delivered[0].customer == customer


def test_an_old_change_does_not_move_the_agent_back() -> None:
    desk = with_agent()
    customer = _merged(desk)
    desk.follow()
    desk.replay()
    desk.writes("still me")
    assert [one.customer for one in desk.outlet.delivered] == [customer]


def test_a_customer_whose_relay_closed_while_a_person_had_them_gets_the_assistant_back() -> None:
    desk = with_agent()
    desk.book.put(replace(desk.relay, open=False), desk.now)
    desk.says("hello?")
    desk.follow()
    assert not desk.with_person
    assert len(desk.heard) == 1


def test_once_the_assistant_has_the_conversation_no_agent_speaks_in_it() -> None:
    desk = with_agent()
    desk.store.save(replace(desk.stored(), state=encode(replace(desk.state(), person=None))), desk.now)
    desk.writes("secret")
    assert desk.heard == []
    assert not desk.relay.open
    assert desk.chats.only.left


def test_a_conversation_that_no_person_has_any_more_leaves_the_chat() -> None:
    desk = with_agent()
    desk.store.save(replace(desk.stored(), state=encode(replace(desk.state(), person=None))), desk.now)
    desk.follow()
    assert desk.chats.only.left
    assert not desk.relay.open


def _erased(desk: Desk) -> Stored:
    return desk.store.save(replace(marks.marked(desk.stored(), marks.ERASE, at=desk.now), turn=""), desk.now)


def test_an_erased_customer_leaves_nothing_of_the_relay() -> None:
    desk = with_agent()
    desk.writes("hello")
    _erased(desk)
    desk.follow()
    assert desk.chats.only.left
    assert not desk.book.relays and not desk.book.contacts
    desk.replay()
    assert len(desk.chats.contacts) == 1, "an old change begins nothing for whom was erased"
    desk.relaying.heard(desk.chats.only.id, desk.enters(Kind.WORDS, "late"))
    assert len(desk.outlet.delivered) == 1


def test_what_comes_before_the_news_of_an_erasure_is_told_to_nobody() -> None:
    desk = with_agent()
    _erased(desk)
    desk.writes("late")
    assert desk.heard == []


def test_a_conversation_that_is_swept_leaves_nothing_of_the_relay() -> None:
    desk = with_agent()
    desk.store.removed(desk.pointer.customer, expired=True)
    desk.follow()
    assert desk.chats.only.left
    assert not desk.book.relays


def test_an_export_is_no_erasure() -> None:
    desk = with_agent()
    desk.store.save(marks.marked(desk.stored(), marks.EXPORT, at=desk.now), desk.now)
    desk.writes("hello")
    desk.ends()
    desk.follow()
    desk.replay()
    assert len(desk.chats.contacts) == 1
    assert len(desk.outlet.delivered) == 2

"""The relay's rules, one by one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.unit.dialogue.library import library
from tests.unit.path.caller import KEYS, NOW
from tests.unit.relay.desk import SECRET, TOPIC, Desk, Killed, with_agent
from throughline.customers.pointer import read
from throughline.errors import StoreUnavailable
from throughline.relay.chat import LONGEST, ChatUnavailable, Kind, Role
from throughline.relay.events import streamed
from throughline.relay.relaying import GIVE_UP
from throughline.turn import Assurance, Heard

# -- outward ------------------------------------------------------------------------------------


def test_a_hand_over_begins_one_contact_with_the_customers_last_words() -> None:
    desk = with_agent()
    contact = desk.chats.only
    assert contact.first == "I want a person"
    assert contact.streamed
    assert desk.relay.contact == contact.id
    assert set(contact.attributes) >= {"pointer", "reason", "assurance", "locale"}
    assert contact.attributes["reason"] == "asked"


def test_the_contact_can_find_its_customer_and_nobody_elses() -> None:
    desk = with_agent()
    told = desk.chats.only.attributes
    pointer, assurance = read(told["pointer"], contact=told["relay"], now=NOW, keys=KEYS.pointer_keys())
    assert pointer == desk.pointer
    assert assurance <= Assurance.LINKED
    assert "browser-1" not in str(told)


def test_a_change_that_is_seen_again_begins_nothing_again() -> None:
    desk = with_agent()
    desk.says("hello?")
    desk.follow()
    desk.replay()
    assert len(desk.chats.contacts) == 1
    assert desk.chats.only.customer_said == ["I want a person", "hello?"]


def test_what_the_customer_says_is_said_to_the_agent_in_order() -> None:
    desk = with_agent()
    for text in ("one", "two", "three"):
        desk.says(text)
    desk.follow()
    assert list(desk.chats.only.said.values()) == ["one", "two", "three"]


def test_long_words_are_said_in_pieces_and_lose_nothing() -> None:
    desk = Desk()
    text = "so it was " * 180
    desk.asks_for_person(text)
    desk.says(text + "end")
    desk.follow()
    said = "".join(desk.chats.only.customer_said)
    assert all(len(one) <= LONGEST for one in desk.chats.only.customer_said)
    assert said.replace(" ", "") == (text + text + "end").replace(" ", "")


def test_a_session_of_a_channel_without_an_outlet_begins_nothing() -> None:
    desk = Desk()
    desk.customer.session = "live:call-1"
    desk.asks_for_person()
    desk.follow()
    assert not desk.chats.contacts


def test_a_file_is_declined_and_the_agent_knows_of_it() -> None:
    desk = with_agent()
    heard = desk.says("see the picture", attachments=1)
    desk.follow()
    assert heard == "no_files"
    assert list(desk.chats.only.said.values()) == ["see the picture", "file_from_customer"]


def test_a_file_alone_is_declined_too() -> None:
    desk = with_agent()
    assert desk.says("", attachments=2) == "no_files"
    desk.follow()
    assert list(desk.chats.only.said.values()) == ["file_from_customer"]


def test_a_connection_that_has_run_out_is_made_anew() -> None:
    desk = with_agent()
    desk.now += desk.chats.good_for + 1
    relay = desk.relay
    desk.writes("still there?")
    assert desk.relay.connection != relay.connection


def test_a_connection_that_is_refused_though_the_chat_goes_on_is_made_anew() -> None:
    desk = with_agent()
    desk.chats.cut.add(f"{SECRET}:connection:contact-1:1")
    desk.says("hello?")
    desk.follow()
    assert list(desk.chats.only.said.values()) == ["hello?"]


def test_a_contact_centre_that_does_not_answer_is_asked_again() -> None:
    desk = Desk()
    desk.chats.down = True
    desk.asks_for_person()
    with pytest.raises(ChatUnavailable):
        desk.follow()
    desk.chats.down = False
    desk.follow()
    assert desk.chats.only.first == "I want a person"
    assert desk.with_person


def test_who_cannot_be_connected_in_time_has_the_assistant_again() -> None:
    desk = Desk()
    desk.chats.down = True
    desk.asks_for_person()
    desk.now += GIVE_UP
    desk.follow()
    assert not desk.with_person
    assert len(desk.heard) == 1 and desk.heard[0].startswith("nobody_there")
    desk.chats.down = False
    desk.replay()
    assert not desk.chats.contacts, "an old change begins no chat for whom the assistant has"
    assert len(desk.outlet.delivered) == 1


def test_a_chat_that_is_over_as_the_customer_speaks_brings_the_assistant_back() -> None:
    desk = with_agent()
    desk.chats.only.over = True
    desk.says("hello?")
    desk.follow()
    assert not desk.with_person
    assert len(desk.heard) == 1 and "nobody_there" in desk.heard[0], "no agent was ever there"
    assert not desk.relay.open and len(desk.pauses) == 1


def test_words_that_are_told_after_the_end_are_still_waited_for() -> None:
    """The queue was closed: the flow says so and hangs up, and the end is told first."""
    desk = with_agent()
    words = desk.enters(Kind.WORDS, "we are closed", role=Role.SYSTEM)
    end = desk.enters(Kind.ENDED, role=Role.SYSTEM)
    desk.meanwhile = lambda: desk.relaying.heard(desk.chats.only.id, words)
    desk.relaying.heard(desk.chats.only.id, end)
    assert [line.partition(" |")[0] for line in desk.heard] == ["person_says we are closed", "nobody_there"]
    assert len(desk.pauses) == 1 and not desk.with_person


def test_a_tap_or_an_opened_page_with_nothing_said_is_not_said() -> None:
    desk = with_agent()
    desk.says("", opens=True)
    desk.follow()
    assert desk.chats.only.customer_said == ["I want a person"]


# -- inward -------------------------------------------------------------------------------------


def test_what_an_agent_writes_reaches_the_customer_once() -> None:
    desk = with_agent()
    message = desk.writes("Good morning")
    for _ in range(3):
        desk.relaying.heard(desk.chats.only.id, message)
    assert desk.heard == ["person_says Good morning"]
    assert desk.store.told == [f"agent-{message.id}"]
    assert len(desk.outlet.delivered) == 1


def test_messages_that_come_the_other_way_round_are_told_in_order() -> None:
    desk = with_agent()
    first, second = desk.enters(Kind.WORDS, "first"), desk.enters(Kind.WORDS, "second")
    desk.relaying.heard(desk.chats.only.id, second)
    desk.relaying.heard(desk.chats.only.id, first)
    assert desk.heard == ["person_says first", "person_says second"]


def test_a_message_that_the_stream_lost_comes_with_the_next_one() -> None:
    desk = with_agent()
    desk.enters(Kind.WORDS, "lost")
    desk.writes("found")
    assert desk.heard == ["person_says lost", "person_says found"]


def test_a_message_that_the_stream_lost_comes_as_the_customer_speaks() -> None:
    desk = with_agent()
    desk.enters(Kind.WORDS, "lost")
    desk.says("are you there?")
    desk.follow()
    assert desk.heard == ["person_says lost"]


def test_where_no_transcript_can_be_read_what_was_told_is_told_and_the_rest_later() -> None:
    desk = with_agent()
    desk.chats.readable = False
    desk.enters(Kind.WORDS, "lost")
    desk.writes("told")
    assert desk.heard == ["person_says told"]
    desk.chats.readable = True
    desk.writes("again")
    assert sorted(desk.heard) == ["person_says again", "person_says lost", "person_says told"]


def test_an_agent_who_joins_is_announced() -> None:
    desk = with_agent()
    desk.relaying.heard(desk.chats.only.id, desk.enters(Kind.JOINED))
    assert desk.heard == ["person_here"]


def test_an_agents_file_is_declined_to_both() -> None:
    desk = with_agent()
    desk.relaying.heard(desk.chats.only.id, desk.enters(Kind.FILE))
    assert desk.heard == ["file_from_person"]
    assert list(desk.chats.only.said.values()) == ["file_not_delivered"]


def test_what_is_not_the_customers_to_see_is_not_told_and_costs_nothing() -> None:
    desk = with_agent()
    message = desk.enters(Kind.OTHER)
    calls = desk.ports.calls
    desk.relaying.heard(desk.chats.only.id, message)
    assert desk.heard == []
    assert desk.ports.calls - calls <= 1


def test_the_agents_end_brings_the_assistant_back_with_a_word() -> None:
    desk = with_agent()
    desk.writes("Bye")
    desk.ends()
    assert not desk.with_person
    assert [line.partition(" |")[0] for line in desk.heard] == ["person_says Bye", "person_gone"]
    assert "Hours.answer" in desk.says("hours", heard=(Heard("Hours", 0.9),))
    desk.follow()
    assert desk.chats.only.customer_said == ["I want a person"]


def test_the_contacts_end_is_a_second_sign_of_it() -> None:
    desk = with_agent()
    desk.enters(Kind.ENDED, role=Role.SYSTEM)
    desk.relaying.ended(desk.chats.only.id)
    desk.relaying.ended(desk.chats.only.id)
    assert not desk.with_person
    assert len(desk.outlet.delivered) == 1


def test_a_contact_that_went_on_as_another_has_not_ended() -> None:
    desk = with_agent()
    desk.relaying.ended(desk.chats.only.id)
    assert desk.with_person
    desk.writes("I am the next one")
    assert desk.heard == ["person_says I am the next one"]


def test_words_of_the_very_moment_of_the_end_are_told_before_it() -> None:
    desk = with_agent()
    desk.chats.readable = False
    ended = desk.enters(Kind.ENDED, role=Role.SYSTEM)
    words = replace(desk.enters(Kind.WORDS, "Bye"), at=ended.at)
    desk.chats.only.over = False
    relay = desk.relay
    desk.book.put(replace(relay, waiting=(ended, words)), desk.now)
    desk.relaying.ended(desk.chats.only.id)
    assert [line.partition(" |")[0] for line in desk.heard] == ["person_says Bye", "person_gone"]


def test_replays_after_the_end_change_nothing() -> None:
    desk = with_agent()
    words, ended = desk.writes("Bye"), desk.ends()
    desk.follow()
    before, told = desk.stored(), len(desk.outlet.delivered)
    for message in (words, ended, words):
        desk.relaying.heard(desk.chats.only.id, message)
    desk.relaying.ended(desk.chats.only.id)
    desk.replay()
    assert desk.stored() == before
    assert len(desk.outlet.delivered) == told
    assert len(desk.chats.contacts) == 1


def test_a_second_hand_over_is_a_relay_of_its_own() -> None:
    desk = with_agent()
    desk.ends()
    desk.follow()
    desk.asks_for_person("once more")
    desk.follow()
    assert [one.first for one in desk.chats.contacts.values()] == ["I want a person", "once more"]
    old = desk.chats.contacts["contact-1"]
    desk.relaying.heard(old.id, desk.enters(Kind.WORDS, "late", contact=old))
    assert not any("late" in line for line in desk.heard)


def test_a_card_number_that_an_agent_types_goes_no_further() -> None:
    desk = with_agent()
    card = "4111 1111 1111 1111"
    told = {
        "AbsoluteTime": "2026-11-23T02:13:07.125Z", "Content": f"Is it {card}?", "ContentType": "text/plain",
        "Id": "m-1", "Type": "MESSAGE", "ParticipantRole": "AGENT", "InitialContactId": desk.chats.only.id,
    }  # fmt: skip
    heard = streamed({"Sns": {"TopicArn": TOPIC, "Message": json.dumps(told), "MessageAttributes": {}}})
    desk.outlet.down = True
    with pytest.raises(StoreUnavailable):
        desk.relaying.heard(heard.contact, heard.message)
    assert "1111" not in str([one.text for one in desk.relay.waiting])
    desk.outlet.down = False
    desk.relaying.heard(heard.contact, heard.message)
    assert desk.heard == ["person_says Is it [card number]?"]
    assert "1111" not in str(desk.store.changes) + str(desk.troubles.told)


def test_the_assistant_goes_on_with_what_was_open_before_the_person() -> None:
    desk = Desk()
    desk.says("pay", heard=(Heard("PayFee", 0.9, {"amount": "12.50", "source": "card"}),))
    desk.asks_for_person()
    desk.follow()
    desk.writes("You can pay it here")
    desk.ends()
    assert "person_gone" in desk.heard[-1]
    assert desk.state().frames[-1].slots["amount"] == "12.50"
    assert desk.chats.only.attributes["intent"] == "PayFee"
    assert "PayFee" in desk.says("yes", heard=(Heard("Yes", 0.9),))


def test_a_person_who_had_the_conversation_for_too_long_has_it_no_more() -> None:
    desk = with_agent()
    desk.now += library().limits.person_hours * 3600 + 1
    desk.says("hours", heard=(Heard("Hours", 0.9),))
    desk.follow()
    contact = desk.chats.only
    assert contact.left and not desk.relay.open
    assert contact.customer_said == ["I want a person"]
    desk.relaying.heard(contact.id, desk.enters(Kind.WORDS, "sorry to be late"))
    assert desk.heard == []
    desk.replay()
    assert len(desk.chats.contacts) == 1


# -- dying --------------------------------------------------------------------------------------


def test_a_worker_that_fails_lets_go_at_once() -> None:
    desk = with_agent()
    message = desk.enters(Kind.WORDS, "hello")
    desk.outlet.down = True
    with pytest.raises(StoreUnavailable):
        desk.relaying.heard(desk.chats.only.id, message)
    desk.outlet.down = False
    desk.relaying.heard(desk.chats.only.id, message)
    assert desk.heard == ["person_says hello"]


def test_a_worker_that_died_is_followed_once_its_lease_has_run_out() -> None:
    desk = with_agent()
    message = desk.enters(Kind.WORDS, "hello")
    desk.ports.fail(6)
    with pytest.raises(Killed):
        desk.relaying.heard(desk.chats.only.id, message)
    desk.now += 60
    desk.relaying.heard(desk.chats.only.id, message)
    assert desk.heard == ["person_says hello"]


def test_a_stream_worker_that_died_is_followed_by_its_own_retry_at_once() -> None:
    desk = with_agent()
    desk.enters(Kind.WORDS, "lost")
    desk.says("are you there?")
    while not desk.relay.holder:
        desk.ports.fail(12)
        with pytest.raises(Killed):
            desk.follow()
    desk.follow()
    assert desk.heard == ["person_says lost"]


# -- secrets ------------------------------------------------------------------------------------


def test_tokens_are_nowhere_in_the_clear() -> None:
    desk = with_agent()
    desk.writes("hello")
    desk.says("hello?")
    desk.follow()
    assert SECRET not in repr(desk.book.relays) + str([one.participant + one.connection for one in [desk.relay]])
    assert "sealed" not in repr(desk.relay)
    assert SECRET not in str(desk.store.changes) + str(desk.outlet.delivered) + str(desk.troubles.told)


def test_a_token_that_was_sealed_for_another_relay_is_worth_nothing() -> None:
    desk = with_agent()
    desk.book.put(replace(desk.relay, connection="sealed:another:00", participant="sealed:another:00"), desk.now)
    desk.says("hello?")
    with pytest.raises(Exception, match="not sealed for this relay") as caught:
        desk.follow()
    assert SECRET not in str(caught.value)
    assert not desk.chats.only.said

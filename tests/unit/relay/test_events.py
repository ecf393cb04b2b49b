"""What is believed of the stream, of a transcript and of contact events."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline.errors import EventError
from throughline.relay.chat import Kind, Role
from throughline.relay.events import LARGEST, LONGEST_KEPT, LONGEST_TEXT, ended, entry, streamed

TOPIC = "arn:aws:sns:eu-central-1:123456789012:chats"
EVENT = "application/vnd.amazonaws.connect.event."
CARD = "4111 1111 1111 1111"
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def item(**given: object) -> dict[str, object]:
    """An entry as an agent's words make it."""
    return {
        "AbsoluteTime": "2026-11-23T02:13:07.125Z", "Content": "Good morning", "ContentType": "text/plain",
        "Id": "m-1", "Type": "MESSAGE", "ParticipantId": "p-1", "DisplayName": "Kim", "ParticipantRole": "AGENT",
        "InitialContactId": "c-1", "ContactId": "c-2", **given,
    }  # fmt: skip


def record(told: object, *, visible: str = "ALL") -> dict[str, Any]:
    return {
        "EventSource": "aws:sns",
        "Sns": {
            "TopicArn": TOPIC,
            "Message": told if isinstance(told, str) else json.dumps(told),
            "MessageAttributes": {"MessageVisibility": {"Type": "String", "Value": visible}},
        },
    }


def test_an_agents_words_are_told_with_their_topic_and_the_first_contact() -> None:
    told = streamed(record(item()))
    assert (told.topic, told.contact) == (TOPIC, "c-1")
    message = told.message
    assert (message.id, message.role, message.kind, message.text) == ("m-1", Role.AGENT, Kind.WORDS, "Good morning")
    assert message.at == 1795399987.125


def test_without_a_first_contact_it_is_the_contact_itself() -> None:
    assert streamed(record(item(InitialContactId=None))).contact == "c-2"


def test_what_an_agent_whispers_to_agents_is_nothing() -> None:
    assert streamed(record(item(), visible="AGENT")).message.kind is Kind.OTHER
    assert streamed(record(item(), visible="AGENT")).message.text == ""
    assert streamed(record(item(), visible="CUSTOMER")).message.kind is Kind.WORDS


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"ContentType": "text/markdown", "Content": "**Now**"}, Kind.WORDS),
        ({"ContentType": "application/json"}, Kind.OTHER),
        ({"ContentType": "application/vnd.amazonaws.connect.message.interactive"}, Kind.OTHER),
        ({"Content": "   "}, Kind.OTHER),
        ({"Content": None}, Kind.OTHER),
        ({"ParticipantRole": "CUSTOMER"}, Kind.OTHER),
        ({"ParticipantRole": "SYSTEM"}, Kind.WORDS),
        ({"ParticipantRole": "CUSTOM_BOT"}, Kind.WORDS),
        ({"Type": "ATTACHMENT", "ContentType": ""}, Kind.FILE),
        ({"Type": "ATTACHMENT", "ParticipantRole": "CUSTOMER"}, Kind.OTHER),
        ({"Type": "EVENT", "ContentType": f"{EVENT}participant.joined"}, Kind.JOINED),
        ({"Type": "EVENT", "ContentType": f"{EVENT}participant.joined", "ParticipantRole": "CUSTOMER"}, Kind.OTHER),
        ({"Type": "EVENT", "ContentType": f"{EVENT}participant.left"}, Kind.OTHER),
        ({"Type": "EVENT", "ContentType": f"{EVENT}typing"}, Kind.OTHER),
        ({"Type": "EVENT", "ContentType": f"{EVENT}chat.ended", "ParticipantRole": None}, Kind.ENDED),
        ({"Type": "MESSAGE", "ContentType": f"{EVENT}chat.ended"}, Kind.OTHER),
    ],
)
def test_what_an_entry_is_to_a_customer(given: dict[str, object], kind: Kind) -> None:
    assert streamed(record(item(**given))).message.kind is kind
    assert entry(item(**given)).kind is kind


def test_a_transcripts_entry_is_the_same_as_its_streams() -> None:
    assert entry(item()) == streamed(record(item())).message


def test_a_card_number_that_an_agent_types_is_masked() -> None:
    message = entry(item(Content=f"Is it {CARD}?", DisplayName=f"Kim {CARD}"))
    assert message.text == "Is it [card number]?"
    assert "1111" not in str((message.text, message.name))
    assert "card" not in repr(message)


def test_what_is_too_long_is_cut_and_no_secret_shows_at_the_cut() -> None:
    for longest in (LONGEST_KEPT, LONGEST_TEXT):
        for before in range(1, 20):
            filler = "x " * ((longest - before) // 2)
            message = entry(item(Content=f"{filler}{CARD} more"))
            assert len(message.text) <= LONGEST_KEPT
            assert "4111" not in message.text


def test_an_oversized_notification_is_refused() -> None:
    with pytest.raises(EventError):
        streamed(record(item(Content="x" * LARGEST)))


@pytest.mark.parametrize("time", [None, "", "yesterday", "2026-11-23T02:13:07", 5])
def test_an_entry_without_a_time_is_none(time: object) -> None:
    with pytest.raises(EventError):
        entry(item(AbsoluteTime=time))


@settings(max_examples=150, deadline=None)
@given(ANY_JSON, st.sampled_from(sorted(item())))
def test_any_notification_is_understood_or_refused(junk: object, key: str) -> None:
    for told in (junk, {**item(), key: junk}):
        with suppress(EventError):
            streamed(record(json.dumps(told)))
    with pytest.raises(EventError):
        streamed(junk)


SPOKEN = "my mother's maiden name"


@pytest.mark.parametrize(
    "told",
    [
        f'{{"Content": "{SPOKEN}", ',
        f'["{SPOKEN}"]',
        SPOKEN,
        item(Content=SPOKEN * LARGEST),
        item(Content=SPOKEN, Id=None),
        item(Content=SPOKEN, AbsoluteTime=SPOKEN),
        item(Content=SPOKEN, AbsoluteTime="2026-11-23T02:13:07"),
        item(Content=SPOKEN, InitialContactId=None, ContactId=None),
    ],
)
def test_a_refusal_quotes_nothing_of_what_it_refuses(told: object) -> None:
    with pytest.raises(EventError) as caught:
        streamed(record(told))
    error: BaseException | None = caught.value
    while error is not None:
        assert "mother" not in f"{error} {error!r} {vars(error)}"
        error = error.__cause__


def test_what_a_refusal_came_of_is_not_chained_to_it() -> None:
    for told in (f'{{"Content": "{SPOKEN}", ', item(Content=SPOKEN, AbsoluteTime=SPOKEN)):
        with pytest.raises(EventError) as caught:
            streamed(record(told))
        assert caught.value.__context__ is None


def contact_event(**given: object) -> dict[str, object]:
    detail = {
        "eventType": "DISCONNECTED", "contactId": "c-2", "initialContactId": "c-1", "channel": "CHAT",
        "instanceArn": "arn:aws:connect:eu-central-1:123456789012:instance/i-1", **given,
    }  # fmt: skip
    return {"source": "aws.connect", "detail-type": "Amazon Connect Contact Event", "detail": detail}


def test_a_disconnected_chat_is_told_by_the_contact_it_began_with() -> None:
    assert ended(contact_event()) == ("arn:aws:connect:eu-central-1:123456789012:instance/i-1", "c-1")
    assert ended(contact_event(initialContactId=None))[1] == "c-2"


@pytest.mark.parametrize("given", [{"channel": "VOICE"}, {"eventType": "QUEUED"}])
def test_other_contact_events_are_nothing(given: dict[str, object]) -> None:
    assert ended(contact_event(**given)) == ("", "")


@pytest.mark.parametrize("event", [None, [], {}, {"source": "aws.ec2", "detail": {"channel": "CHAT"}}])
def test_what_is_no_contact_event_is_refused(event: object) -> None:
    with pytest.raises(EventError):
        ended(event)

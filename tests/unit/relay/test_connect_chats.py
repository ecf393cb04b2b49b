"""The contact centre's chat by botocore, whose own models check what is asked; answers are made up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber

from throughline.relay import connect_chats
from throughline.relay.chat import ChatOver, ChatUnavailable, Kind, Message
from throughline.relay.connect_chats import PAGE, PAGES, ConnectChats

INSTANCE, FLOW = "11111111-2222-3333-4444-555555555555", "flow-1"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:throughline-dev-chats"
WORDS = "my very own words"


class Services:
    """Both services' clients, stubbed."""

    def __init__(self) -> None:
        session = botocore.session.get_session()
        self.clients: dict[str, Any] = {}
        self.stubs: dict[str, Stubber] = {}
        for name in ("connect", "connectparticipant"):
            self.clients[name] = session.create_client(
                name, region_name="eu-central-1", aws_access_key_id="any", aws_secret_access_key="any"
            )
            self.stubs[name] = Stubber(self.clients[name])
            self.stubs[name].activate()
        self.made: list[str] = []

    def __call__(self, name: str) -> Any:
        self.made.append(name)
        return self.clients[name]

    def answers(self, what: str, answer: dict[str, Any], **request: Any) -> None:
        self._stub(what).add_response(what, answer, request)

    def refuses(self, what: str, code: str, status: int = 400) -> None:
        self._stub(what).add_client_error(what, code, f"cannot take {WORDS!r}", status)

    def _stub(self, what: str) -> Stubber:
        of_system = what in ("start_chat_contact", "start_contact_streaming")
        return self.stubs["connect" if of_system else "connectparticipant"]


@pytest.fixture
def services() -> Iterator[Services]:
    services = Services()
    yield services
    for stub in services.stubs.values():
        stub.assert_no_pending_responses()


@pytest.fixture
def chats(services: Services) -> ConnectChats:
    return ConnectChats(INSTANCE, FLOW, TOPIC, services)


def test_a_contact_is_begun_in_the_flow_with_its_attributes_and_the_first_words(
    services: Services, chats: ConnectChats
) -> None:
    services.answers(
        "start_chat_contact",
        {"ContactId": "c-1", "ParticipantId": "p-1", "ParticipantToken": "token-1"},
        InstanceId=INSTANCE, ContactFlowId=FLOW, Attributes={"pointer": "tl1.x", "reason": "asked"},
        ParticipantDetails={"DisplayName": "Customer"},
        InitialMessage={"ContentType": "text/plain", "Content": WORDS},
        ClientToken="r-1", ChatDurationInMinutes=1500, SupportedMessagingContentTypes=["text/plain", "text/markdown"],
    )  # fmt: skip
    started = chats.start(key="r-1", attributes={"pointer": "tl1.x", "reason": "asked"}, first=WORDS)
    assert (started.contact, started.participant) == ("c-1", "token-1")
    assert "token-1" not in repr(started)


def test_its_messages_are_streamed_to_our_topic(services: Services, chats: ConnectChats) -> None:
    services.answers(
        "start_contact_streaming", {"StreamingId": "s-1"}, InstanceId=INSTANCE, ContactId="c-1", ClientToken="r-1",
        ChatStreamingConfiguration={"StreamingEndpointArn": TOPIC},
    )  # fmt: skip
    chats.stream("c-1", key="r-1")


def test_a_connection_is_made_once_no_web_socket_is_needed_for_it(services: Services, chats: ConnectChats) -> None:
    credentials = {"ConnectionToken": "connection-1", "Expiry": "2026-11-23T03:00:00.000Z"}
    services.answers(
        "create_participant_connection", {"ConnectionCredentials": credentials},
        Type=["CONNECTION_CREDENTIALS"], ParticipantToken="token-1", ConnectParticipant=True,
    )  # fmt: skip
    made = chats.connect("token-1")
    assert (made.token, made.until) == ("connection-1", 1_795_402_800.0)
    assert "connection-1" not in repr(made)


def test_words_are_said_once_for_the_same_key(services: Services, chats: ConnectChats) -> None:
    services.answers(
        "send_message", {"Id": "m-1", "AbsoluteTime": "2026-11-23T02:00:00.000Z"},
        ContentType="text/plain", Content=WORDS, ClientToken="t-1.0", ConnectionToken="connection-1",
    )  # fmt: skip
    chats.say("connection-1", WORDS, key="t-1.0")


def item(number: int, **more: Any) -> dict[str, Any]:
    return {
        "AbsoluteTime": f"2026-11-23T02:{number // 60:02}:{number % 60:02}.000Z", "Content": f"word {number}",
        "ContentType": "text/plain", "Id": f"m-{number}", "Type": "MESSAGE", "ParticipantRole": "AGENT",
        "DisplayName": "Morgan", **more,
    }  # fmt: skip


def page(services: Services, items: list[dict[str, Any]], after: str = "", more: str = "") -> None:
    asked: dict[str, Any] = {
        "MaxResults": PAGE, "ScanDirection": "BACKWARD", "SortOrder": "ASCENDING", "ConnectionToken": "connection-1",
    }  # fmt: skip
    answer: dict[str, Any] = {"InitialContactId": "c-1", "Transcript": items, **({"NextToken": more} if more else {})}
    services.answers("get_transcript", answer, **asked, **({"NextToken": after} if after else {}))


def known(*ids: str) -> Any:
    def one(message: Message) -> bool:
        return message.id in ids

    return one


def test_a_transcript_is_read_backwards_until_something_is_known(services: Services, chats: ConnectChats) -> None:
    page(services, [item(4), item(5)], more="further back")
    page(services, [item(2), item(3)], after="further back", more="furthest back")
    found = chats.read("connection-1", known("m-2"))
    assert [one.id for one in found] == ["m-2", "m-3", "m-4", "m-5"]
    assert [one.text for one in found] == ["word 2", "word 3", "word 4", "word 5"]


def test_a_short_transcript_is_read_to_its_beginning(services: Services, chats: ConnectChats) -> None:
    page(services, [item(1)])
    assert [one.kind for one in chats.read("connection-1", known())] == [Kind.WORDS]


def test_a_transcript_without_end_is_read_for_so_many_pages(services: Services, chats: ConnectChats) -> None:
    for number in range(PAGES):
        page(services, [item(number)], after=f"p{number}" if number else "", more=f"p{number + 1}")
    assert len(chats.read("connection-1", known())) == PAGES


def test_what_is_no_entry_of_a_transcript_is_passed_over(services: Services, chats: ConnectChats) -> None:
    page(services, [item(1), {"Id": "m-x"}, item(2)])
    assert [one.id for one in chats.read("connection-1", known())] == ["m-1", "m-2"]


def test_who_leaves_twice_has_left(services: Services, chats: ConnectChats) -> None:
    services.answers("disconnect_participant", {}, ConnectionToken="connection-1")
    services.refuses("disconnect_participant", "AccessDeniedException", 403)
    chats.leave("connection-1")
    chats.leave("connection-1")


# -- refusals --------------------------------------------------------------------------------------

ASKED: dict[str, Any] = {
    "start_chat_contact": lambda chats: chats.start(key="r-1", attributes={}, first=WORDS),
    "start_contact_streaming": lambda chats: chats.stream("c-1", key="r-1"),
    "create_participant_connection": lambda chats: chats.connect("token-1"),
    "send_message": lambda chats: chats.say("connection-1", WORDS, key="t-1.0"),
    "get_transcript": lambda chats: chats.read("connection-1", known()),
}


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
@pytest.mark.parametrize("what", [one for one in ASKED if one != "start_chat_contact"])
def test_a_chat_that_has_ended_is_over(services: Services, chats: ConnectChats, what: str, code: str) -> None:
    services.refuses(what, code, 403)
    with pytest.raises(ChatOver, match=code) as over:
        ASKED[what](chats)
    assert WORDS not in str(over.value) and over.value.__cause__ is None and over.value.__context__ is None


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "LimitExceededException"])
def test_a_chat_that_can_not_begin_is_no_chat_that_has_ended(
    services: Services, chats: ConnectChats, code: str
) -> None:
    services.refuses("start_chat_contact", code)
    with pytest.raises(ChatUnavailable, match=code):
        ASKED["start_chat_contact"](chats)


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize(
    ("code", "status"), [("ThrottlingException", 429), ("InternalServerException", 500), ("ServiceUnavailable", 503)]
)
def test_a_contact_centre_that_has_too_much_to_do_is_unavailable(
    services: Services, chats: ConnectChats, what: str, code: str, status: int
) -> None:
    services.refuses(what, code, status)
    with pytest.raises(ChatUnavailable, match=f"{what}: {code}") as unavailable:
        ASKED[what](chats)
    assert WORDS not in str(unavailable.value)
    assert unavailable.value.__cause__ is None and unavailable.value.__context__ is None


@pytest.mark.parametrize(
    "failure",
    [
        ReadTimeoutError(endpoint_url="http://127.0.0.1"),
        ConnectTimeoutError(endpoint_url="http://127.0.0.1"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1"),
    ],
)
@pytest.mark.parametrize("what", ASKED)
def test_a_contact_centre_that_does_not_answer_is_unavailable(what: str, failure: Exception) -> None:
    class Silent:
        def __getattr__(self, name: str) -> Any:
            def asked(**request: Any) -> None:
                raise failure

            return asked

    with pytest.raises(ChatUnavailable, match=type(failure).__name__):
        ASKED[what](ConnectChats(INSTANCE, FLOW, TOPIC, lambda service: Silent()))


def test_a_client_is_made_once_and_tries_nothing_again_by_itself(
    services: Services, chats: ConnectChats, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        page(services, [])
        chats.read("connection-1", known())
    assert services.made == ["connectparticipant"]
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    config = connect_chats.client("connectparticipant").meta.config
    assert (config.connect_timeout, config.read_timeout) == (2.0, 3.0)
    assert config.retries["total_max_attempts"] == 1

"""Amazon Connect's chats in the rehearsal, as real AWS clients meet them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from rehearsal.connect.chat import Entry, Gone
from rehearsal.connect.chat_wire import ChatWire
from rehearsal.connect.chats import Chats
from rehearsal.connect.flows import Flows
from rehearsal.connect.inputs import HangUp
from rehearsal.connect.layout import AgentSpec, Layout, ProfileSpec, QueueSpec, Routed
from rehearsal.connect.staged import StagedCentre
from rehearsal.connect.stand_ins import stand_ins
from rehearsal.lex.server import LexServer
from tests.unit.connect.line import action, flow, say

INSTANCE = "arn:aws:connect:us-east-1:123456789012:instance/00000000-0000-4000-8000-000000000001"
TOPIC = "arn:aws:sns:us-east-1:123456789012:chats"
BILLS, CARDS = f"{INSTANCE}/queue/bills", f"{INSTANCE}/queue/cards"
KIM = f"{INSTANCE}/agent/kim"


class Listening:
    """Who is told; `closed` is why nothing can be published."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, Entry]] = []
        self.over: list[Gone] = []
        self.closed = ""

    def may_publish(self, topic: str) -> str:
        return self.closed if topic == TOPIC else "no such topic"

    def entered(self, topic: str, chat: str, entry: Entry) -> None:
        self.entries.append((chat, entry))

    def gone(self, chat: str, gone: Gone) -> None:
        self.over.append(gone)

    @property
    def told(self) -> list[tuple[str, str, str]]:
        return [(it.role, it.content_type.rpartition(".")[2], it.content) for _, it in self.entries]


class Place:
    """A contact centre with one flow, one agent, and the wire before it."""

    def __init__(self) -> None:
        services = stand_ins()
        routed = tuple(Routed(queue, "CHAT", 1) for queue in (BILLS, CARDS))
        layout = Layout(
            (), (QueueSpec(BILLS, "bills"), QueueSpec(CARDS, "cards")), (ProfileSpec("p", "all", routed),),
            (AgentSpec(KIM, "kim", "p", "desk"),),
        )  # fmt: skip
        relay = flow(
            say("hello", "One moment, please.", "target"),
            action("target", "UpdateContactTargetQueue", {"QueueId": BILLS}, "enter"),
            action("enter", "TransferContactToQueue", {}, "bye"),
            name="relay",
        )
        self.now = 1_795_431_600.0
        self.listening = Listening()
        self.numbers = itertools.count(1)
        self.centre = StagedCentre(layout, Flows([replace(relay, arn=f"{INSTANCE}/contact-flow/relay")]), services)
        self.chats = Chats(
            self.centre, INSTANCE, self.listening, clock=lambda: self.now,
            new_id=lambda: f"00000000-0000-4000-8000-{next(self.numbers):012d}", agents={KIM: "Kim"},
        )  # fmt: skip


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def url(place: Place) -> Iterator[str]:
    with LexServer(ChatWire(place.chats).handle) as server:
        yield server.url


@cache
def session() -> Any:
    """Reads the services' models once."""
    return botocore.session.get_session()


@pytest.fixture
def system(url: str) -> Any:
    return session().create_client(
        "connect", region_name="us-east-1", endpoint_url=url, aws_access_key_id="any", aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
    )  # fmt: skip


@pytest.fixture
def participant(url: str) -> Any:
    return session().create_client(
        "connectparticipant", region_name="us-east-1", endpoint_url=url,
        config=Config(retries={"total_max_attempts": 1}, signature_version=UNSIGNED, parameter_validation=False),
    )  # fmt: skip


def start(system: Any, **changes: Any) -> Any:
    told = {
        "InstanceId": INSTANCE.rpartition("/")[2], "ContactFlowId": "relay", "Attributes": {"intent": "PayBill"},
        "ParticipantDetails": {"DisplayName": "Customer"}, "ClientToken": "r-1",
        "InitialMessage": {"ContentType": "text/plain", "Content": "my bill is wrong"},
    }  # fmt: skip
    return system.start_chat_contact(**{**told, **changes})


def stream(system: Any, contact: str, **changes: Any) -> Any:
    told = {
        "InstanceId": INSTANCE.rpartition("/")[2], "ContactId": contact, "ClientToken": "s-1",
        "ChatStreamingConfiguration": {"StreamingEndpointArn": TOPIC},
    }  # fmt: skip
    return system.start_contact_streaming(**{**told, **changes})


def connect(participant: Any, token: str) -> str:
    answer = participant.create_participant_connection(
        Type=["CONNECTION_CREDENTIALS"], ParticipantToken=token, ConnectParticipant=True
    )
    return str(answer["ConnectionCredentials"]["ConnectionToken"])


def write(participant: Any, connection: str, words: str, key: str = "", **changes: Any) -> Any:
    told = {"ContentType": "text/plain", "Content": words, "ConnectionToken": connection}
    return participant.send_message(**{**told, **({"ClientToken": key} if key else {}), **changes})


def transcript(participant: Any, connection: str, **asked: Any) -> list[str]:
    answer = participant.get_transcript(ConnectionToken=connection, **{"MaxResults": 100, **asked})
    return [it.get("Content", it["ContentType"].rpartition(".")[2]) for it in answer["Transcript"]]


def talking(place: Place, system: Any, participant: Any) -> tuple[str, str]:
    """A streamed chat that Kim has taken: the contact, and the customer's connection."""
    begun = start(system)
    stream(system, begun["ContactId"])
    connection = connect(participant, begun["ParticipantToken"])
    place.centre.status("kim", "available")
    place.centre.accept("kim", begun["ContactId"])
    place.chats.follow()
    return begun["ContactId"], connection


def refused(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_a_chat_begins_in_its_flow_with_its_attributes(place: Place, system: Any) -> None:
    begun = start(system)
    data = place.centre.contact(begun["ContactId"]).data
    assert data.attributes == {"intent": "PayBill"} and data.channel == "CHAT" and data.initiation == "API"
    assert data.queue == BILLS


def test_the_same_client_token_begins_one_chat(place: Place, system: Any) -> None:
    assert start(system)["ContactId"] == start(system)["ContactId"] != start(system, ClientToken="r-2")["ContactId"]
    assert len(place.chats.open()) == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ContactFlowId": "nowhere"}, "ResourceNotFoundException"),
        ({"InstanceId": "another"}, "ResourceNotFoundException"),
        ({"Attributes": {"a name": "x"}}, "InvalidRequestException"),
        ({"Attributes": {"name": "x" * 33_000}}, "InvalidRequestException"),
        ({"InitialMessage": {"ContentType": "text/plain", "Content": "x" * 1_025}}, "InvalidRequestException"),
        ({"ChatDurationInMinutes": 5}, "InvalidRequestException"),
    ],
)
def test_a_chat_that_breaks_the_service_s_rules_is_refused(system: Any, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as error:
        start(system, **wrong)
    assert refused(error)[0] == code


def test_messages_go_both_ways_and_both_are_read(place: Place, system: Any, participant: Any) -> None:
    contact, connection = talking(place, system, participant)
    write(participant, connection, "is anybody there?")
    place.centre.say("kim", contact, "yes, I am")
    assert transcript(participant, connection) == [
        "my bill is wrong", "One moment, please.", "joined", "joined", "is anybody there?", "yes, I am",
    ]  # fmt: skip
    assert place.centre.contact(contact).records.transcript[-2:] == ["customer: is anybody there?", "agent: yes, I am"]


def test_what_is_written_in_the_queue_is_there_for_whoever_takes_it(
    place: Place, system: Any, participant: Any
) -> None:
    begun = start(system)
    write(participant, connect(participant, begun["ParticipantToken"]), "hurry, please")
    assert place.centre.contact(begun["ContactId"]).records.transcript[-1] == "customer: hurry, please"


def test_a_message_is_sent_once_for_its_client_token(place: Place, system: Any, participant: Any) -> None:
    _, connection = talking(place, system, participant)
    first, second = (write(participant, connection, "once", "m-1") for _ in range(2))
    assert (first["Id"], first["AbsoluteTime"]) == (second["Id"], second["AbsoluteTime"])
    assert transcript(participant, connection).count("once") == 1


@pytest.mark.parametrize("words", ["x" * 1_025, ""])
def test_a_message_has_a_length(place: Place, system: Any, participant: Any, words: str) -> None:
    _, connection = talking(place, system, participant)
    with pytest.raises(ClientError) as error:
        write(participant, connection, words)
    assert refused(error) == ("ValidationException", 400)


def test_a_type_that_was_not_offered_is_refused(place: Place, system: Any, participant: Any) -> None:
    _, connection = talking(place, system, participant)
    with pytest.raises(ClientError) as error:
        write(participant, connection, "**now**", ContentType="text/markdown")
    assert refused(error) == ("ValidationException", 400)


def test_once_it_is_over_everything_is_denied(place: Place, system: Any, participant: Any) -> None:
    contact, connection = talking(place, system, participant)
    token = start(system)["ParticipantToken"]
    place.centre.end("kim", contact)
    for act in (
        lambda: write(participant, connection, "hello?"),
        lambda: transcript(participant, connection),
        lambda: participant.disconnect_participant(ConnectionToken=connection),
        lambda: connect(participant, token),
    ):
        with pytest.raises(ClientError) as error:
            act()
        assert refused(error) == ("AccessDeniedException", 403)


def test_a_token_of_nobody_s_is_denied(participant: Any) -> None:
    with pytest.raises(ClientError) as error:
        write(participant, "made up", "hello")
    assert refused(error) == ("AccessDeniedException", 403)


def test_a_connection_expires_and_is_made_anew(place: Place, system: Any, participant: Any) -> None:
    begun = start(system)
    connection = connect(participant, begun["ParticipantToken"])
    place.now += 86_400
    with pytest.raises(ClientError) as error:
        write(participant, connection, "hello")
    assert refused(error) == ("AccessDeniedException", 403)
    assert write(participant, connect(participant, begun["ParticipantToken"]), "hello")["Id"]


def test_the_stream_tells_what_happens_from_its_beginning_on(place: Place, system: Any, participant: Any) -> None:
    contact, connection = talking(place, system, participant)
    place.centre.say("kim", contact, "good morning")
    write(participant, connection, "my bill")
    place.chats.attach(contact, "terms.pdf")
    place.centre.end("kim", contact)
    place.chats.follow()
    assert place.listening.told == [
        ("CUSTOMER", "joined", ""), ("AGENT", "joined", ""), ("AGENT", "text/plain", "good morning"),
        ("CUSTOMER", "text/plain", "my bill"), ("AGENT", "application/pdf", ""), ("AGENT", "left", ""),
        ("", "ended", ""),
    ]  # fmt: skip
    assert [it.why for it in place.listening.over] == ["agent"]
    times = [entry.at for _, entry in place.listening.entries]
    assert times == sorted(set(times)), "each has its own time, in the order in which it happened"


def test_a_transfer_goes_on_in_another_contact_of_the_same_chat(place: Place, system: Any, participant: Any) -> None:
    contact, connection = talking(place, system, participant)
    place.centre.transfer("kim", contact, queue=CARDS)
    place.centre.complete("kim", contact)
    place.centre.accept("kim", contact)
    place.centre.say("kim", contact, "here again")
    place.chats.follow()
    chat, entry = place.listening.entries[-1]
    assert chat == contact != entry.contact and entry.content == "here again"
    assert [(it.contact, it.why) for it in place.listening.over] == [(contact, "transferred")]
    assert "here again" in transcript(participant, connection)


def test_a_topic_that_nobody_may_publish_to_is_refused(place: Place, system: Any) -> None:
    place.listening.closed = "not authorized"
    with pytest.raises(ClientError) as error:
        stream(system, start(system)["ContactId"])
    assert refused(error)[0] == "InvalidRequestException"


def test_what_a_customer_leaves_is_over(place: Place, system: Any, participant: Any) -> None:
    contact, connection = talking(place, system, participant)
    participant.disconnect_participant(ConnectionToken=connection)
    assert place.centre.contact(contact).phase.value == "over"
    with pytest.raises(ClientError) as error:
        system.stop_contact(ContactId=contact, InstanceId=INSTANCE.rpartition("/")[2])
    assert refused(error)[0] == "ContactNotFoundException"


def test_a_contact_is_stopped_by_the_system(place: Place, system: Any) -> None:
    contact = start(system)["ContactId"]
    system.stop_contact(ContactId=contact, InstanceId=INSTANCE.rpartition("/")[2])
    assert place.chats.open() == ()


def test_a_centre_that_closes_ends_its_chats(place: Place, system: Any, participant: Any) -> None:
    talking(place, system, participant)
    place.centre.close()
    place.chats.follow()
    assert place.listening.told[-1] == ("", "ended", "") and len(place.listening.over) == 1


def test_a_transcript_is_read_by_pages_and_from_a_place(place: Place, system: Any, participant: Any) -> None:
    contact, connection = talking(place, system, participant)
    ids = [write(participant, connection, f"line {n}")["Id"] for n in range(5)]
    first = participant.get_transcript(ConnectionToken=connection, MaxResults=2)
    assert [it["Content"] for it in first["Transcript"]] == ["line 3", "line 4"]
    before = participant.get_transcript(ConnectionToken=connection, MaxResults=2, NextToken=first["NextToken"])
    assert [it["Content"] for it in before["Transcript"]] == ["line 1", "line 2"]
    assert transcript(participant, connection, StartPosition={"Id": ids[3]}) == ["line 3", "line 4"]
    newest = transcript(participant, connection, StartPosition={"MostRecent": 2}, SortOrder="DESCENDING")
    assert newest == ["line 4", "line 3"]
    at = place.chats.chat(contact).entries[-1].at
    assert transcript(participant, connection, StartPosition={"AbsoluteTime": at}) == ["line 4"]
    with pytest.raises(ClientError) as error:
        transcript(participant, connection, StartPosition={"Id": "nowhere"})
    assert refused(error)[0] == "ValidationException"


def test_who_types_is_told_and_not_kept(place: Place, system: Any, participant: Any) -> None:
    _, connection = talking(place, system, participant)
    before = transcript(participant, connection)
    participant.send_event(ConnectionToken=connection, ContentType="application/vnd.amazonaws.connect.event.typing")
    assert transcript(participant, connection) == before
    assert place.listening.told[-1] == ("CUSTOMER", "typing", "")
    with pytest.raises(ClientError) as error:
        participant.send_event(ConnectionToken=connection, ContentType="made/up")
    assert refused(error)[0] == "ValidationException"


def test_what_is_not_played_says_so(system: Any, participant: Any) -> None:
    with pytest.raises(ClientError) as error:
        system.describe_contact(InstanceId="i", ContactId="c")
    assert refused(error) == ("NotRehearsed", 501)
    token = start(system)["ParticipantToken"]
    with pytest.raises(ClientError) as error:
        participant.create_participant_connection(Type=["WEBSOCKET"], ParticipantToken=token)
    assert refused(error) == ("NotRehearsed", 501)


def test_hanging_up_while_nobody_listens_still_ends_it(place: Place, system: Any) -> None:
    contact = start(system)["ContactId"]
    place.centre.take(contact, HangUp())
    assert place.chats.open() == () and place.listening.over[-1].why == "customer"

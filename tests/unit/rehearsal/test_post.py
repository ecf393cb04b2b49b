"""What carries codes in the rehearsal, as real AWS clients meet it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from rehearsal.lex.http import Request
from rehearsal.lex.server import LexServer
from rehearsal.post import PostOffice, PostWire

OURS, BANK = "+12025550100", "codes@meridian.example"
SAM, MAILBOX = "+12125550142", "sam@post.example"


@pytest.fixture
def office() -> PostOffice:
    return PostOffice(lambda: 1_000.0)


@pytest.fixture
def wire(office: PostOffice) -> PostWire:
    return PostWire(office, frozenset({OURS}), frozenset({BANK}))


@pytest.fixture
def url(wire: PostWire) -> Iterator[str]:
    with LexServer(wire.handle) as server:
        yield server.url


def client(service: str, url: str) -> Any:
    return botocore.session.get_session().create_client(
        service, region_name="us-east-1", endpoint_url=url, aws_access_key_id="any", aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip


def text(url: str, **changes: Any) -> Any:
    told = {"DestinationPhoneNumber": SAM, "OriginationIdentity": OURS, "MessageBody": "Your code is 482913."}
    return client("pinpoint-sms-voice-v2", url).send_text_message(**{**told, **changes})


def mail(url: str, **changes: Any) -> Any:
    told = {
        "FromEmailAddress": f"Meridian <{BANK}>",
        "Destination": {"ToAddresses": [MAILBOX.upper()]},
        "Content": {"Simple": {"Subject": {"Data": "Your code"}, "Body": {"Text": {"Data": "It is 730164."}}}},
    }
    return client("sesv2", url).send_email(**{**told, **changes})


def test_a_text_message_arrives_at_its_number_and_nowhere_else(url: str, office: PostOffice) -> None:
    assert text(url)["MessageId"]
    assert [(one.text, one.sender) for one in office.at(SAM)] == [("Your code is 482913.", OURS)]
    assert office.newest_code(SAM) == "482913" and office.at("+12125550143") == []


def test_a_mail_arrives_whatever_the_case_of_its_address(url: str, office: PostOffice) -> None:
    assert mail(url)["MessageId"]
    [found] = office.at(MAILBOX)
    assert (found.subject, found.code, found.sender) == ("Your code", "730164", BANK)


def test_the_newest_code_counts_and_a_phone_number_is_none(url: str, office: PostOffice) -> None:
    text(url)
    text(url, MessageBody="Your code is 111222. Questions: +12025550100.")
    assert office.newest_code(SAM, MAILBOX) == "111222"
    assert office.newest_code(SAM, way="email") == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"OriginationIdentity": "+12025550199"}, "ResourceNotFoundException"),
        ({"MessageBody": "x" * 1_601}, "ValidationException"),
        ({"DestinationPhoneNumber": "2125550142"}, "ValidationException"),
    ],
)
def test_what_the_service_would_refuse_is_refused(
    url: str, office: PostOffice, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        text(url, **changes)
    assert refused.value.response["Error"]["Code"] == code
    assert office.at(SAM) == []


def test_mail_from_an_address_that_is_nobodys_is_rejected(url: str) -> None:
    with pytest.raises(ClientError) as refused:
        mail(url, FromEmailAddress="evil@other.example")
    assert refused.value.response["Error"]["Code"] == "MessageRejected"


def test_delivery_can_be_made_to_fail_and_works_again(url: str, office: PostOffice) -> None:
    office.fail("text")
    office.fail("email")
    for send, status in ((text, 500), (mail, 400)):
        with pytest.raises(ClientError) as failed:
            send(url)
        assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert office.at(SAM, MAILBOX) == []
    office.fail("text", failing=False)
    assert text(url)["MessageId"]


def test_another_operation_says_that_it_is_not_played(url: str) -> None:
    for ask in (
        client("sesv2", url).list_email_identities,
        client("pinpoint-sms-voice-v2", url).describe_phone_numbers,
    ):
        with pytest.raises(ClientError) as refused:
            ask()
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_members_that_the_service_does_not_know_are_refused(wire: PostWire) -> None:
    told = {"DestinationPhoneNumber": SAM, "MessageBody": "x", "Priority": "high"}
    headers = {"x-amz-target": "PinpointSMSVoiceV2.SendTextMessage"}
    answer = wire.handle(Request("POST", "/", headers, json.dumps(told).encode()))
    assert answer.status == 400 and b"Priority" in answer.body


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"Content": 3}'])
def test_garbage_is_answered_in_the_services_words(wire: PostWire, body: bytes) -> None:
    for path, headers in (
        ("/", {"x-amz-target": "PinpointSMSVoiceV2.SendTextMessage"}),
        ("/v2/email/outbound-emails", {}),
    ):
        answer = wire.handle(Request("POST", path, headers, body))
        assert answer.status == 400 and json.loads(answer.body)


def test_what_arrived_survives_a_restart(office: PostOffice) -> None:
    office.deliver("text", SAM, OURS, "482913", id="m1")
    again = PostOffice(lambda: 2_000.0)
    again.load(json.loads(json.dumps(office.dump())))
    assert again.newest_code(SAM) == "482913"

"""The custom resource that attaches the number: created, updated, deleted, failing, and each of it twice."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber

from attach_number import (
    TRIES,
    UNKNOWN,
    Attachment,
    ConnectNumbers,
    Foreign,
    Gone,
    Refused,
    put,
)

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/00000000-0000-4000-8000-000000000000"
FLOW = f"{INSTANCE}/contact-flow/11111111-0000-4000-8000-000000000000"
OTHER_FLOW = f"{INSTANCE}/contact-flow/22222222-0000-4000-8000-000000000000"
NUMBER = "arn:aws:connect:us-east-1:111122223333:phone-number/33333333-0000-4000-8000-000000000000"
OTHER_NUMBER = "arn:aws:connect:us-east-1:111122223333:phone-number/44444444-0000-4000-8000-000000000000"


class Instance:
    """Knows which flow answers which number, of those that are claimed."""

    def __init__(self, *claimed: str) -> None:
        self.claimed = set(claimed)
        self.attached: dict[str, str] = {}
        self.failing: Exception | None = None

    def attach(self, number: str, flow: str) -> None:
        self._look(number)
        self.attached[number] = flow

    def let_go(self, number: str) -> None:
        self._look(number)
        self.attached.pop(number, None)

    def _look(self, number: str) -> None:
        if self.failing is not None:
            raise self.failing
        if number not in self.claimed:
            raise Gone("ResourceNotFoundException: no such number")


class Cloud:
    """CloudFormation: asks, and remembers what it was answered."""

    def __init__(self, instance: Instance, *, refuses: int = 0) -> None:
        self.instance = instance
        self.answers: list[dict[str, Any]] = []
        self.tries = 0
        self._refuses = refuses

    def take(self, url: str, body: bytes) -> None:
        self.tries += 1
        if self.tries <= self._refuses:
            raise OSError("nobody there")
        assert url == "https://example.com/answer"
        assert len(body) < 4096
        self.answers.append(json.loads(body))

    def asks(self, kind: str, number: str = NUMBER, flow: str = FLOW, **more: str) -> dict[str, Any]:
        event = {
            "RequestType": kind,
            "ResponseURL": "https://example.com/answer",
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "NumberAnswers",
            "ResourceProperties": {"Number": number, "Flow": flow},
            **more,
        }
        Attachment(INSTANCE, self.instance, self.take).answer(event)
        answer = self.answers[-1]
        assert (answer["StackId"], answer["RequestId"], answer["LogicalResourceId"]) == (
            "stack", "request", "NumberAnswers",
        )  # fmt: skip
        return answer


@pytest.fixture
def instance() -> Instance:
    return Instance(NUMBER, OTHER_NUMBER)


@pytest.fixture
def cloud(instance: Instance) -> Cloud:
    return Cloud(instance)


def test_a_new_number_is_answered_by_the_flow(cloud: Cloud) -> None:
    answer = cloud.asks("Create")
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", NUMBER)
    assert cloud.instance.attached == {NUMBER: FLOW}


def test_whatever_is_asked_twice_is_done_once(cloud: Cloud) -> None:
    for kind, more in (("Create", {}), ("Update", {"PhysicalResourceId": NUMBER})):
        first, second = cloud.asks(kind, **more), cloud.asks(kind, **more)
        assert first == second and first["Status"] == "SUCCESS"
        assert cloud.instance.attached == {NUMBER: FLOW}
    for _ in range(2):
        assert cloud.asks("Delete", PhysicalResourceId=NUMBER)["Status"] == "SUCCESS"
        assert cloud.instance.attached == {}


def test_another_flow_takes_the_number_over(cloud: Cloud) -> None:
    cloud.asks("Create")
    answer = cloud.asks("Update", flow=OTHER_FLOW, PhysicalResourceId=NUMBER)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", NUMBER)
    assert cloud.instance.attached == {NUMBER: OTHER_FLOW}


def test_another_number_is_another_resource_and_the_former_is_let_go_afterwards(cloud: Cloud) -> None:
    cloud.asks("Create")
    answer = cloud.asks("Update", number=OTHER_NUMBER, PhysicalResourceId=NUMBER)
    assert answer["PhysicalResourceId"] == OTHER_NUMBER, "by which CloudFormation knows that it was replaced"
    assert cloud.instance.attached == {NUMBER: FLOW, OTHER_NUMBER: FLOW}, "nobody's call is dropped meanwhile"
    cloud.asks("Delete", PhysicalResourceId=NUMBER)
    assert cloud.instance.attached == {OTHER_NUMBER: FLOW}


def test_a_number_that_is_gone_already_is_let_go(cloud: Cloud) -> None:
    cloud.asks("Create")
    cloud.instance.claimed.clear()
    assert cloud.asks("Delete", PhysicalResourceId=NUMBER)["Status"] == "SUCCESS"


def test_what_was_never_made_is_deleted_without_a_word_to_connect(cloud: Cloud) -> None:
    cloud.instance.failing = Refused("TooManyRequestsException: slow down")
    made = cloud.asks("Create")
    assert (made["Status"], made["PhysicalResourceId"]) == ("FAILED", UNKNOWN)
    assert cloud.asks("Delete", PhysicalResourceId=UNKNOWN)["Status"] == "SUCCESS"


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
def test_a_refusal_is_told_with_its_reason_and_changes_no_id(cloud: Cloud, kind: str) -> None:
    cloud.instance.failing = Refused("AccessDeniedException: not you " + "é" * 5000)
    more = {} if kind == "Create" else {"PhysicalResourceId": NUMBER}
    answer = cloud.asks(kind, **more)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("Refused: AccessDeniedException: not you")
    assert answer["PhysicalResourceId"] == more.get("PhysicalResourceId", UNKNOWN)


def test_a_flow_of_another_instance_is_refused(cloud: Cloud) -> None:
    answer = cloud.asks("Create", flow=FLOW.replace("00000000-0000", "99999999-0000"))
    assert answer["Status"] == "FAILED" and "Foreign" in answer["Reason"]
    assert cloud.instance.attached == {}


def test_an_event_without_properties_is_answered_too(cloud: Cloud) -> None:
    answer = cloud.asks("Create", ResourceProperties={})  # type: ignore[arg-type]  # what no type checker sees in JSON
    assert answer["Status"] == "FAILED" and "KeyError" in answer["Reason"]


def test_the_answer_is_sent_again_until_somebody_takes_it(instance: Instance) -> None:
    assert Cloud(instance, refuses=TRIES - 1).asks("Create")["Status"] == "SUCCESS"
    deaf = Cloud(instance, refuses=TRIES)
    with pytest.raises(OSError, match="nobody there"):
        deaf.asks("Create")
    assert deaf.tries == TRIES


def test_no_answer_goes_anywhere_but_over_tls() -> None:
    for url in ("http://example.com/answer", "file:///etc/hostname"):
        with pytest.raises(Foreign):
            put(url, b"{}")


# -- Amazon Connect, by botocore's own model -------------------------------------------------------


@pytest.fixture
def stubbed() -> Iterator[tuple[Stubber, ConnectNumbers]]:
    session = botocore.session.get_session()
    client = session.create_client("connect", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stubber:
        yield stubber, ConnectNumbers(client, INSTANCE)
        stubber.assert_no_pending_responses()


def test_both_calls_have_the_shape_that_connect_takes(stubbed: tuple[Stubber, ConnectNumbers]) -> None:
    stubber, numbers = stubbed
    named = {"PhoneNumberId": NUMBER, "InstanceId": INSTANCE}
    stubber.add_response("associate_phone_number_contact_flow", {}, {**named, "ContactFlowId": FLOW})
    stubber.add_response("disassociate_phone_number_contact_flow", {}, named)
    numbers.attach(NUMBER, FLOW)
    numbers.let_go(NUMBER)


@pytest.mark.parametrize(("code", "raised"), [("ResourceNotFoundException", Gone), ("AccessDeniedException", Refused)])
def test_what_connect_says_is_understood(
    stubbed: tuple[Stubber, ConnectNumbers], code: str, raised: type[Exception]
) -> None:
    stubber, numbers = stubbed
    stubber.add_client_error("disassociate_phone_number_contact_flow", code, "because")
    with pytest.raises(raised, match=f"{code}: because"):
        numbers.let_go(NUMBER)


def test_an_answer_is_put_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[tuple[str, bytes, str | None]] = []

    class Taker(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, body, self.headers["Content-Type"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = http.server.HTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    # The stand-in has no certificate: all but the scheme is as in production.
    import urllib.request

    real = urllib.request.urlopen
    monkeypatch.setattr(
        "urllib.request.urlopen",
        lambda request, timeout: real(
            urllib.request.Request(
                request.full_url.replace("https://", "http://"), request.data, dict(request.headers), method="PUT"
            ),
            timeout=timeout,
        ),
    )
    put(f"https://127.0.0.1:{server.server_port}/answer?signature=x", b'{"Status": "SUCCESS"}')
    thread.join()
    server.server_close()
    assert got == [("/answer?signature=x", b'{"Status": "SUCCESS"}', "")]

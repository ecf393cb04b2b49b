"""The wire as an unmodified boto3 client and a browser meet it."""

from __future__ import annotations

import base64
import gzip
import json
import threading
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.lex.errors import BadGateway, LexError, StandInFault, Throttled
from rehearsal.lex.http import Request
from rehearsal.lex.service import Lex
from rehearsal.lex.wire import LexWire
from tests.unit.rehearsal.lex.conftest import Line
from tests.unit.rehearsal.lex.flower_shop import Shop, agreed, answering


def unpack(text: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(text)))


def pack(value: Any) -> str:
    return base64.b64encode(gzip.compress(json.dumps(value).encode(), mtime=0)).decode()


def refused(call: Any) -> tuple[str, int, str]:
    """Code, status and message of the ClientError that `call` raises."""
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    metadata = response["ResponseMetadata"]
    assert metadata["RequestId"]
    return response["Error"]["Code"], metadata["HTTPStatusCode"], response["Error"]["Message"]


def test_a_whole_conversation_with_a_plain_client(line: Line) -> None:
    first = line.text("order flowers", sessionState={"sessionAttributes": {"page": "home"}})
    assert first["messages"] == [{"content": "Which flowers?", "contentType": "PlainText"}]
    assert first["sessionState"]["dialogAction"] == {"type": "ElicitSlot", "slotToElicit": "Flower"}
    assert first["sessionState"]["intent"]["slots"] == {"Flower": None, "Day": None, "Note": None}
    assert first["sessionState"]["sessionAttributes"] == {"page": "home"}
    assert first["interpretations"][0]["nluConfidence"] == {"score": 0.9}
    assert first["interpretations"][0]["sentimentResponse"]["sentiment"] == "NEUTRAL"
    assert first["sessionId"] == "someone"
    line.text("red ones")
    confirm = line.text("friday")
    assert confirm["sessionState"]["dialogAction"] == {"type": "ConfirmIntent"}
    last = line.text("yes")
    assert last["messages"][0]["content"] == "Your flowers are on their way."
    assert last["sessionState"]["dialogAction"] == {"type": "Close"}
    assert last["sessionState"]["intent"]["state"] == "Fulfilled"
    assert last["sessionState"]["activeContexts"] == [
        {
            "name": "ordered",
            "contextAttributes": {"Flower": "roses", "Day": "2026-11-27"},
            "timeToLive": {"timeToLiveInSeconds": 60, "turnsToLive": 2},
        }
    ]


def test_cards_and_every_kind_of_message_arrive_whole(line: Line) -> None:
    card = {
        "title": "Pick one",
        "subtitle": "of two",
        "imageUrl": "https://example.com/roses.png",
        "buttons": [{"text": "Roses", "value": "roses"}],
    }
    messages = [
        {"contentType": "PlainText", "content": "Hello"},
        {"contentType": "SSML", "content": "<speak>Hello</speak>"},
        {"contentType": "CustomPayload", "content": "{}"},
        {"contentType": "ImageResponseCard", "imageResponseCard": card},
    ]
    line.shop.hook.script = lambda event: {
        "sessionState": {"dialogAction": {"type": "ElicitIntent"}},
        "messages": messages,
    }
    reply = line.text("mumble")
    assert reply["messages"] == messages
    assert "intent" not in reply["sessionState"]
    assert reply["interpretations"][0]["intent"]["name"] == "FallbackIntent"


def test_recognise_utterance_takes_and_gives_packed_headers(line: Line) -> None:
    reply = line.client.recognize_utterance(
        **line.where(),
        requestContentType="text/plain; charset=utf-8",
        responseContentType="text/plain; charset=utf-8",
        sessionState=pack({"sessionAttributes": {"page": "home"}}),
        requestAttributes=pack({"a": "b"}),
        inputStream=b"order flowers",
    )
    assert unpack(reply["messages"]) == [{"content": "Which flowers?", "contentType": "PlainText"}]
    state = unpack(reply["sessionState"])
    assert state["sessionAttributes"] == {"page": "home"}
    assert state["dialogAction"] == {"type": "ElicitSlot", "slotToElicit": "Flower"}
    assert unpack(reply["interpretations"])[0]["intent"]["name"] == "OrderFlowers"
    assert unpack(reply["requestAttributes"]) == {"a": "b"}
    assert unpack(reply["inputTranscript"]) == "order flowers"
    assert (reply["inputMode"], reply["sessionId"]) == ("Text", "someone")
    assert reply["audioStream"].read() == b""


@pytest.mark.parametrize("wanted", [{"requestContentType": "audio/l16; rate=16000; channels=1"}, {}])
def test_audio_is_refused_in_so_many_words(line: Line, wanted: dict[str, str]) -> None:
    content = {
        "requestContentType": "text/plain; charset=utf-8",
        "responseContentType": "audio/mpeg",
        **wanted,
    }
    code, status, message = refused(
        lambda: line.client.recognize_utterance(**line.where(), **content, inputStream=b"order flowers")
    )
    assert (code, status) == ("ValidationException", 400)
    assert "neither hears nor speaks audio" in message


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        ("not base64!", "ValidationException"),
        (base64.b64encode(b"not gzip").decode(), "ValidationException"),
        (base64.b64encode(gzip.compress(b'{"a":1}', mtime=0)[:-9]).decode(), "ValidationException"),
        (pack("x" * 300_000), "ValidationException"),
        (base64.b64encode(gzip.compress(b"{", mtime=0)).decode(), "SerializationException"),
        (pack([1]), "SerializationException"),
        (pack({"dialogAction": {"type": "Shout"}}), "ValidationException"),
    ],
)
def test_a_header_that_cannot_be_unpacked_is_refused(line: Line, packed: str, code: str) -> None:
    call = refused(
        lambda: line.client.recognize_utterance(
            **line.where(),
            requestContentType="text/plain; charset=utf-8",
            sessionState=packed,
            inputStream=b"order flowers",
        )
    )
    assert call[:2] == (code, 400)


def test_sessions_are_put_read_and_deleted(line: Line) -> None:
    put = line.client.put_session(
        **line.where(),
        sessionState={
            "dialogAction": {"type": "ElicitSlot", "slotToElicit": "Day"},
            "intent": {"name": "OrderFlowers", "slots": {}},
            "sessionAttributes": {"x": "y"},
        },
        messages=[{"contentType": "PlainText", "content": "When?"}],
        requestAttributes={"a": "b"},
        responseContentType="text/plain; charset=utf-8",
    )
    assert unpack(put["messages"]) == [{"contentType": "PlainText", "content": "When?"}]
    assert unpack(put["requestAttributes"]) == {"a": "b"}
    got = line.client.get_session(**line.where())
    assert got["sessionState"]["sessionAttributes"] == {"x": "y"}
    assert got["sessionState"] == unpack(put["sessionState"])
    assert got["messages"] == [{"contentType": "PlainText", "content": "When?"}]
    line.text("friday")
    assert line.shop.hook.events[-1]["sessionState"]["intent"]["slots"]["Day"] is not None
    deleted = line.client.delete_session(**line.where())
    assert {name: deleted[name] for name in line.where()} == line.where()
    assert refused(lambda: line.client.get_session(**line.where()))[:2] == ("ResourceNotFoundException", 404)


def test_a_browser_client_that_starts_with_elicit_intent_and_deletes_twice_is_served(line: Line) -> None:
    line.client.delete_session(**line.where())
    line.client.put_session(**line.where(), sessionState={"dialogAction": {"type": "ElicitIntent"}})
    assert line.text("order flowers", sessionState={"sessionAttributes": {}})["interpretations"]
    line.client.delete_session(**line.where())
    line.client.delete_session(**line.where())


def test_putting_a_session_that_delegates_lets_the_bot_speak_first(line: Line) -> None:
    state = {"dialogAction": {"type": "Delegate"}, "intent": {"name": "OrderFlowers"}}
    put = line.client.put_session(**line.where(), sessionState=state)
    assert unpack(put["messages"])[0]["content"] == "Which flowers?"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"botId": "AAAAAAAAAA"}, "Bot AAAAAAAAAA does not exist."),
        ({"botAliasId": "nope"}, "Bot alias nope of bot"),
        ({"localeId": "es_US"}, "Locale es_US is not enabled"),
        ({"localeId": "en-US"}, "Locale en-US is not enabled"),
        ({"localeId": "../../x"}, "Locale ../../x is not enabled"),
    ],
)
def test_what_is_not_there_is_not_found(line: Line, change: dict[str, str], message: str) -> None:
    where = {**line.where(), **change}
    for call in (
        lambda: line.client.recognize_text(**where, text="hi"),
        lambda: line.client.get_session(**where),
        lambda: line.client.delete_session(**where),
        lambda: line.client.put_session(**where, sessionState={}),
    ):
        code, status, said = refused(call)
        assert (code, status) == ("ResourceNotFoundException", 404)
        assert message in said


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (
            {"sessionId": "+15550100"},
            "Value '+15550100' at 'sessionId' failed to satisfy constraint: Member must satisfy regular "
            "expression pattern: [0-9a-zA-Z._:-]+",
        ),
        ({"sessionId": "x" * 101}, "Member must have length less than or equal to 100"),
        ({"sessionId": "zero\u200bwidth"}, "regular expression pattern"),
        ({"botId": "short-bot!"}, "regular expression pattern"),
        ({"text": "x" * 1025}, "Value at 'text' failed to satisfy constraint: Member must have length less"),
        ({"sessionState": {"dialogAction": {"type": "Shout"}}}, "enum value set: [Close, ConfirmIntent"),
        (
            {"sessionState": {"activeContexts": [context]}}
            if (
                context := {
                    "name": "a b",
                    "contextAttributes": {},
                    "timeToLive": {"timeToLiveInSeconds": 90_000, "turnsToLive": 21},
                }
            )
            else {},
            "3 validation errors detected",
        ),
    ],
)
def test_a_request_that_breaks_its_shape_is_refused(line: Line, change: dict[str, Any], rule: str) -> None:
    code, status, message = refused(lambda: line.client.recognize_text(**{**line.where(), "text": "hi", **change}))
    assert (code, status) == ("ValidationException", 400)
    assert rule in message


@pytest.mark.parametrize(
    "text",
    ["🌹🌷💐", "أريد زهوراً حمراء", "\u200b\u200e", "<speak>hi</speak>", "  ", "\u0000\u0007", "x" * 1024],
)
def test_any_text_within_the_limits_is_a_turn(line: Line, text: str) -> None:
    line.shop.hook.script = answering({"type": "ElicitIntent"}, "Sorry?")
    assert line.text(text)["messages"][0]["content"] == "Sorry?"
    assert line.shop.hook.events[-1]["inputTranscript"] == text


def test_two_turns_of_one_session_at_once_are_a_conflict(line: Line) -> None:
    began, release = threading.Event(), threading.Event()

    def slow(event: Any) -> object:
        began.set()
        release.wait(10)
        return answering({"type": "ElicitIntent"}, "Hello")(event)

    line.shop.hook.script = slow
    first = threading.Thread(target=line.text, args=("order flowers",))
    first.start()
    assert began.wait(10)
    code, status, _ = refused(lambda: line.text("order flowers"))
    other = threading.Thread(target=line.text, args=("order flowers", "another"))
    other.start()
    release.set()
    first.join(10)
    other.join(10)
    assert (code, status) == ("ConflictException", 409)
    line.client.get_session(**line.where())
    line.client.get_session(**line.where("another"))


def test_a_failing_hook_is_a_failed_dependency(line: Line) -> None:
    line.shop.hook.script = lambda event: {}
    code, status, message = refused(lambda: line.text("order flowers"))
    assert (code, status) == ("DependencyFailedException", 424)
    assert message == ("Invalid Lambda Response: Received invalid response from Lambda: sessionState must not be null")


def test_a_hook_that_overruns_is_a_failed_dependency(shop: Shop) -> None:
    release = threading.Event()
    shop.hook.script = lambda event: release.wait(10)
    lex = Lex.of([shop.bot], lambda bot, locale: shop.ear, agreed, shop.hook, hook_seconds=0.01)
    path = f"/bots/{shop.bot.id}/botAliases/{shop.live.id}/botLocales/en_US/sessions/someone/text"
    response = LexWire(lex).handle(Request("POST", path, body=b'{"text": "order flowers"}'))
    release.set()
    assert response.status == 424
    assert b"Task timed out after 0.01 seconds" in response.body


@pytest.mark.parametrize(
    ("error", "status"),
    [(Throttled("Rate exceeded"), 429), (BadGateway("down"), 502), (StandInFault("asked for"), 500)],
)
def test_a_fault_that_was_asked_for_comes_as_often_as_asked(line: Line, error: LexError, status: int) -> None:
    line.wire.faults.fail_next(error, times=2)
    for _ in range(2):
        code, seen, message = refused(lambda: line.text("order flowers"))
        assert (code, seen, message) == (error.code, status, error.message)
    line.text("order flowers")


def test_the_errors_are_the_clients_own_exception_classes(line: Line) -> None:
    line.wire.faults.fail_next(Throttled("Rate exceeded"))
    with pytest.raises(line.client.exceptions.ThrottlingException):
        line.text("order flowers")
    with pytest.raises(line.client.exceptions.ValidationException):
        line.text("order flowers", session="+15550100")


def test_throttling_by_rate_quota_and_latency(line: Line) -> None:
    waited: list[float] = []
    faults = line.wire.faults
    faults._sleep = waited.append
    faults.latency_seconds = 0.25
    faults.requests_per_second = 2
    line.text("order flowers", "one")
    line.text("order flowers", "two")
    assert refused(lambda: line.text("order flowers", "three"))[0] == "ThrottlingException"
    line.shop.clock.pass_seconds(1)
    line.text("order flowers", "three")
    assert waited == [0.25] * 4
    faults.requests_per_second = None
    faults.throttle_rate = 1.0
    assert refused(lambda: line.text("order flowers"))[0] == "ThrottlingException"


def test_a_chunked_body_is_read(line: Line) -> None:
    where = line.where()
    path = f"/bots/{where['botId']}/botAliases/{where['botAliasId']}/botLocales/en_US/sessions/someone/text"
    connection = HTTPConnection(line.url.removeprefix("http://"), timeout=10)
    headers = {"Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    connection.request("POST", path, iter([b'{"text": "order ', b'flowers"}']), headers, encode_chunked=True)
    with connection.getresponse() as response:
        assert response.status == 200
        assert json.load(response)["messages"][0]["content"] == "Which flowers?"
    connection.close()


def test_what_this_service_does_not_serve_is_told_from_what_it_does(line: Line) -> None:
    wire = line.wire
    path = "/bots/AAAAAAAAAA/botAliases/BBBBBBBBBB/botLocales/en_US/sessions/ab"
    assert wire.speaks(Request("POST", f"{path}/text"))
    assert not wire.speaks(Request("POST", "/"))
    assert wire.handle(Request("PATCH", path)).status == 404
    stream = wire.handle(Request("POST", f"{path}/conversation"))
    assert (stream.status, b"HTTP/2 event stream" in stream.body) == (400, True)


def test_an_answer_that_the_service_could_not_give_is_a_loud_bug(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    line.text("order flowers")
    key = line.shop.key()
    broken = line.shop.lex.get(key)
    line.shop.lex.store.write(key, type(broken)(messages=broken.messages * 11))
    code, status, message = refused(lambda: line.client.get_session(**line.where()))
    assert (code, status) == ("InternalServerException", 500)
    assert "has a bug" in message
    assert "UnshapedReply" in caplog.text


@pytest.mark.parametrize(
    "headers", [{"Content-Length": "many"}, {"Content-Length": "-5"}, {"Transfer-Encoding": "chunked"}]
)
def test_a_body_without_a_readable_length_is_refused(line: Line, headers: dict[str, str]) -> None:
    connection = HTTPConnection(line.url.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/bots/x")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(b"no-length\r\n")
    with connection.getresponse() as response:
        assert response.status == 400
    connection.close()

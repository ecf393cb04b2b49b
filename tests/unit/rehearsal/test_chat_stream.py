"""How the rehearsal tells functions what happens in chats: the topic's notifications, contact events, and retries."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from rehearsal.connect.chat import AGENT, ALL, CHAT_ENDED, CUSTOMER, EVENT, MESSAGE, PLAIN, Entry, Gone
from rehearsal.connect.chat_stream import ChatStream, Weather
from rehearsal.connect.subscribers import Rule, Subscription
from rehearsal.courier import Courier
from rehearsal.functions import FunctionFailed
from rehearsal.permissions.policy import Grant, Kind, Policies, read_statement
from rehearsal.permissions.roles import Roles
from rehearsal.resources import ACCOUNT, arn

INSTANCE = arn("connect", "instance/00000000-0000-4000-8000-000000000001")
TOPIC, ALIAS, RULE = arn("sns", "chats"), arn("lambda", "function:relay:live"), arn("events", "rule/ended")
TO_CUSTOMERS = json.dumps({"MessageVisibility": ["CUSTOMER", "ALL"], "$or": [
    {"ParticipantRole": [{"anything-but": ["CUSTOMER"]}]}, {"ParticipantRole": [{"exists": False}]},
]})  # fmt: skip
ENDED = json.dumps({"source": ["aws.connect"], "detail": {"eventType": ["DISCONNECTED"], "channel": ["CHAT"]}})


def _lets(who: str, action: str, resource: str, source: str) -> Iterator[Grant]:
    statement = {
        "Effect": "Allow", "Principal": {"Service": who}, "Action": action, "Resource": resource,
        "Condition": {"ArnLike": {"aws:SourceArn": source}},
    }  # fmt: skip
    yield from read_statement(Kind.RESOURCE, resource, "a test", statement)


PUBLISHES = tuple(_lets("connect.amazonaws.com", "sns:Publish", TOPIC, INSTANCE))
CALLS = (
    *_lets("sns.amazonaws.com", "lambda:InvokeFunction", ALIAS, TOPIC),
    *_lets("events.amazonaws.com", "lambda:InvokeFunction", ALIAS, RULE),
)


class Function:
    """A function that takes events; the first `sick` invocations fail."""

    def __init__(self, sick: int = 0) -> None:
        self.events: list[Mapping[str, Any]] = []
        self.tries = 0
        self._sick, self._lock = sick, Lock()

    def __call__(self, function: str, event: object) -> object:
        assert function == "Relay" and isinstance(event, Mapping)
        with self._lock:
            self.tries += 1
            if self.tries <= self._sick:
                raise FunctionFailed("ValueError", "sick")
            self.events.append(event)
        return None

    @property
    def words(self) -> list[str]:
        records = [one["Records"][0]["Sns"] for one in self.events if "Records" in one]
        return [json.loads(it["Message"]).get("Content", "") for it in records]


@contextmanager
def streaming(
    function: Function, *, policy: str = TO_CUSTOMERS, grants: tuple[Grant, ...] = (*PUBLISHES, *CALLS)
) -> Iterator[tuple[ChatStream, Courier]]:
    roles = Roles(Policies(grants), {})
    streams: list[ChatStream] = []

    def beside() -> None:
        for one in streams:
            one.release(time.monotonic())

    courier = Courier(function, beside=beside, pause=0.01)
    to = Subscription(f"{TOPIC}:1", TOPIC, "Relay", ALIAS, policy)
    stream = ChatStream(
        courier, (to,), (Rule(RULE, "Relay", ALIAS, ENDED),), lambda: roles, INSTANCE, lambda: 1_795_431_600.0
    )
    streams.append(stream)
    with courier:
        yield stream, courier


def until(done: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not done():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.01)


def entry(words: str, role: str = AGENT, visibility: str = ALL, number: int = 1) -> Entry:
    return Entry(
        f"m-{number}", "2026-11-23T11:00:00.000Z", MESSAGE, PLAIN, "c-1", words, role, "p-1", "Kim", visibility
    )


def test_a_notification_has_the_form_that_lambda_hands_over() -> None:
    function = Function()
    with streaming(function) as (stream, _):
        stream.entered(TOPIC, "c-0", entry("good morning"))
        until(lambda: stream.idle)
    (record,) = function.events[0]["Records"]
    assert record["EventSource"] == "aws:sns" and record["Sns"]["TopicArn"] == TOPIC
    assert json.loads(record["Sns"]["Message"]) == {
        "AbsoluteTime": "2026-11-23T11:00:00.000Z", "Content": "good morning", "ContentType": "text/plain", "Id": "m-1",
        "Type": "MESSAGE", "ParticipantId": "p-1", "DisplayName": "Kim", "ParticipantRole": "AGENT",
        "InitialContactId": "c-0", "ContactId": "c-1",
    }  # fmt: skip
    attributes = {name: it["Value"] for name, it in record["Sns"]["MessageAttributes"].items()}
    assert attributes == {
        "InitialContactId": "c-0", "ContactId": "c-1", "ParticipantRole": "AGENT", "MessageVisibility": "ALL",
        "InstanceId": INSTANCE.rpartition("/")[2], "AccountId": ACCOUNT, "Type": "MESSAGE", "ContentType": "text/plain",
    }  # fmt: skip


def test_a_filter_policy_keeps_out_what_is_not_for_the_customer() -> None:
    function = Function()
    with streaming(function) as (stream, _):
        stream.entered(TOPIC, "c-0", entry("mine", CUSTOMER))
        stream.entered(TOPIC, "c-0", entry("whispered", "SYSTEM", AGENT))
        stream.entered(TOPIC, "c-0", entry("in line", "SYSTEM", CUSTOMER))
        stream.entered(TOPIC, "c-0", Entry("e-1", "2026-11-23T11:00:01.000Z", EVENT, CHAT_ENDED, "c-1"))
        until(lambda: stream.idle)
    assert sorted(function.words) == ["", "in line"], "an end has no role, and passes"


def test_nothing_is_published_where_the_topic_does_not_let_connect() -> None:
    function = Function()
    with streaming(function, grants=CALLS) as (stream, _):
        assert "not authorized" in stream.may_publish(TOPIC)
        stream.entered(TOPIC, "c-0", entry("hello"))
        until(lambda: stream.idle)
    assert not function.events


def test_a_function_that_does_not_let_the_topic_is_not_called() -> None:
    function = Function()
    with streaming(function, grants=PUBLISHES) as (stream, courier):
        stream.entered(TOPIC, "c-0", entry("hello"))
        until(lambda: stream.idle)
        assert "access denied" in courier.failed[0]
    assert not function.tries


def test_a_failed_invocation_is_tried_twice_more() -> None:
    healing, dying = Function(sick=2), Function(sick=3)
    for function in (healing, dying):
        with streaming(function) as (stream, courier):
            stream.entered(TOPIC, "c-0", entry("hello"))
            until(lambda: stream.idle)
            assert len(courier.failed) == (function is dying)
    assert healing.words == ["hello"] and healing.tries == 3
    assert not dying.events and dying.tries == 3


def test_doubled_notifications_come_twice() -> None:
    function = Function()
    with streaming(function) as (stream, _):
        stream.weather = Weather.DOUBLED
        stream.entered(TOPIC, "c-0", entry("hello"))
        until(lambda: stream.idle)
    assert function.words == ["hello", "hello"]


def test_shuffled_notifications_come_the_other_way_round() -> None:
    function = Function()
    with streaming(function) as (stream, _):
        stream.weather = Weather.SHUFFLED
        for number, words in enumerate(("one", "two", "three")):
            stream.entered(TOPIC, "c-0", entry(words, number=number))
        assert not stream.idle
        until(lambda: stream.idle)
    assert function.words == ["three", "two", "one"]


def test_lossy_streams_lose_every_other_message_of_an_agent_s_and_the_end() -> None:
    function = Function()
    with streaming(function) as (stream, _):
        stream.weather = Weather.LOSSY
        for number in range(4):
            stream.entered(TOPIC, "c-0", entry(f"line {number}", number=number))
        stream.entered(TOPIC, "c-0", Entry("e-1", "2026-11-23T11:00:01.000Z", EVENT, CHAT_ENDED, "c-1"))
        until(lambda: stream.idle)
    assert sorted(function.words) == ["line 1", "line 3"]


def test_the_end_of_a_contact_is_an_event_for_the_rule() -> None:
    function = Function()
    with streaming(function) as (stream, _):
        stream.gone("c-0", Gone("c-0", "", 1_795_431_600.0, "an agent", "transferred"))
        stream.gone("c-0", Gone("c-1", "c-0", 1_795_431_601.0, "", "agent"))
        until(lambda: stream.idle)
    details = sorted((it["detail"] for it in function.events), key=lambda it: str(it["contactId"]))
    assert [(it["contactId"], it.get("initialContactId"), it.get("previousContactId")) for it in details] == [
        ("c-0", None, None), ("c-1", "c-0", "c-0"),
    ]  # fmt: skip
    assert all(it["instanceArn"] == INSTANCE and it["channel"] == "CHAT" for it in details)
    assert function.events[0]["detail-type"] == "Amazon Connect Contact Event"


def test_a_rule_for_something_else_is_not_met() -> None:
    function = Function()
    with streaming(function) as (stream, courier):
        other = json.dumps({"detail": {"channel": ["VOICE"]}})
        voice = ChatStream(
            courier, (), (Rule(RULE, "Relay", ALIAS, other),), lambda: Roles(Policies(CALLS), {}), INSTANCE, lambda: 1.0
        )
        voice.gone("c-0", Gone("c-0", "", 1.0))
        until(lambda: stream.idle)
    assert not function.events

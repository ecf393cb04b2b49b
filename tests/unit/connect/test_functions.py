from __future__ import annotations

from typing import Any

import pytest

from rehearsal.connect.events import Invoked
from rehearsal.connect.ports import LambdaAnswer, LambdaFailed
from tests.unit.connect.line import Functions, Line, action, flow, say


def line(*answers: object, **parameters: Any) -> tuple[Line, Functions]:
    functions = Functions(list(answers))
    given = {"LambdaFunctionARN": "arn:f", "InvocationTimeLimitSeconds": "8", **parameters}
    block = action("f", "InvokeLambdaFunction", given, "ok", errors={"NoMatchingError": "error"})
    it = Line(flow(block, say("ok", "ok $.External.a"), say("error", "error $.External.a")), lambdas=functions)
    it.data.external = {"a": "old"}
    return it, functions


def test_the_event_is_connects_and_parameters_are_read() -> None:
    it, functions = line(
        {"a": "1"}, LambdaInvocationAttributes={"who": "$.CustomerEndpoint.Address", "n": {"m": "$.Channel"}}
    )
    it.data.attributes = {"tier": "priority"}
    it.data.queue, it.data.queue_name = "arn:queue", "Bills"
    it.begin()
    arn, event, seconds = functions.asked[0]
    assert (arn, seconds, event["Name"]) == ("arn:f", 8.0, "ContactFlowEvent")
    details = event["Details"]
    assert details["Parameters"] == {"who": "+15555550101", "n": {"m": "VOICE"}}
    contact = details["ContactData"]
    assert contact["Attributes"] == {"tier": "priority"}
    assert contact["CustomerEndpoint"] == {"Address": "+15555550101", "Type": "TELEPHONE_NUMBER"}
    assert contact["Queue"]["ARN"] == "arn:queue" and contact["InitialContactId"] == "contact-1"
    assert it.said == ["ok 1"]


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ({"a": 5, "b": True, "c": None}, "STRING_MAP", "ok 5"),
        ({"a": {"b": 1}}, "STRING_MAP", "error "),
        ({"a": {"b": 1}}, "JSON", 'ok {"b": 1}'),
        ({"b": 1}, "", "ok "),
        ("a text", "JSON", "error "),
        (None, "STRING_MAP", "error "),
        ({"a": "x" * 33_000}, "JSON", "error "),
        (LambdaAnswer({"a": "late"}, 8.1), "JSON", "error "),
    ],
)
def test_answers_are_checked_and_replace_what_was_there(answer: object, kind: str, said: str) -> None:
    it, _ = line(answer, ResponseValidation={"ResponseType": kind})
    assert it.begin().said == [said]


def test_a_failure_is_retried_three_times_within_the_time_limit() -> None:
    it, functions = line(LambdaFailed("throttled", 1), LambdaFailed("500", 2), {"a": "third"})
    it.begin()
    assert it.said == ["ok third"]
    assert [round(asked[2], 1) for asked in functions.asked] == [8, 7, 5]
    assert it.of(Invoked) == [Invoked("arn:f", True, 3.1, 3)]
    it, functions = line(LambdaFailed("throttled", 0.1))
    it.begin()
    assert it.said == ["error "] and len(functions.asked) == 4
    it, functions = line(LambdaFailed("slow", 3), InvocationTimeLimitSeconds="5")
    it.begin()
    assert len(functions.asked) == 2
    assert it.of(Invoked)[0].seconds == 5.0 and it.of(Invoked)[0].why == "slow"


def test_an_asynchronous_function_is_sent_off_whatever_becomes_of_it() -> None:
    for answer in ({"a": "x"}, LambdaFailed("down")):
        it, functions = line(answer, InvocationType="ASYNCHRONOUS")
        assert it.begin().said == ["ok old"]
        assert len(functions.asked) == 1


def test_no_function_is_an_error() -> None:
    assert line({}, LambdaFunctionARN="")[0].begin().said == ["error old"]

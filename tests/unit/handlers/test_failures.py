"""Whatever fails behind a handler: a polite, true answer, and a log line with the turn's id and no more."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from tests.unit.handlers.counter import AlexaSession, Counter, LexSession, token
from throughline.customers.pointer import Pointer
from throughline.dialogue.action import Call, Done, Outcome

BOOK = {"item": "book", "pickup": "post", "copies": "2"}
NOWHERE = "https://dynamodb.invalid"


def failures(counter: Counter) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in counter.log().splitlines()]
    return [line for line in lines if line.get("message") == "failed"]


@pytest.mark.parametrize(
    "code", ["ProvisionedThroughputExceededException", "InternalServerError", "ResourceNotFoundException",
             "AccessDeniedException", "KMSAccessDeniedException"],
)  # fmt: skip
@pytest.mark.parametrize("operation", ["get_item", "put_item"])
def test_a_table_that_refuses_is_an_apology_with_a_log_line(counter: Counter, operation: str, code: str) -> None:
    counter.refuse(operation, code)
    if operation == "put_item":
        counter.refuse("transact_write_items", code)
    talk, speaker = LexSession(counter), AlexaSession(counter)
    assert talk.says("Hours") == "trouble"
    [failed] = failures(counter)
    assert failed["turn"]["id"].startswith("lex-") and failed["error"] and failed["at"]
    assert failed["turn"]["trace"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert "trouble" in speaker.says("Hours")
    [failed] = failures(counter)
    assert failed["turn"]["id"] == "amzn1.echo-api.request.1"
    assert counter.items() == []


@pytest.mark.parametrize(
    "failure",
    [
        lambda: ReadTimeoutError(endpoint_url=NOWHERE),
        lambda: ConnectTimeoutError(endpoint_url=NOWHERE),
        lambda: EndpointConnectionError(endpoint_url=NOWHERE),
        NoCredentialsError,
        lambda: RuntimeError("unforeseen, for customer Ada"),
    ],
)
def test_a_table_that_is_away_is_an_apology(counter: Counter, failure: Callable[[], Exception]) -> None:
    counter.fail("get_item", failure)
    assert LexSession(counter).says("Hours") == "trouble"
    assert "trouble" in AlexaSession(counter).says("Hours")
    text = counter.log()
    assert "Ada" not in text
    assert text.count('"failed"') == 2
    assert "lex-" in text and "amzn1.echo-api.request.1" in text


def test_without_the_keys_nobody_is_believed_and_everybody_is_answered(counter: Counter) -> None:
    counter.lose_keys()
    pointed = LexSession(counter, attributes={"tl-pointer": token(Pointer("cabc", "labc", 1)), "shop": "7"})
    assert pointed.says("Hours") == "trouble"
    assert pointed.attributes["tl-pointer"] and pointed.attributes["shop"] == "7"
    [failed] = failures(counter)
    assert failed["what"] == "keys" and failed["turn"]["id"].startswith("lex-")
    assert LexSession(counter, alias="guest").says("Hours") == "trouble"
    assert "trouble" in AlexaSession(counter).says("Hours")
    assert all(failed["turn"]["id"] for failed in failures(counter))


def test_a_broken_conversation_item_is_begun_anew_or_apologised_for(counter: Counter) -> None:
    talk = LexSession(counter)
    talk.says("Reserve", {"item": "book"})
    [item] = [item for item in counter.items() if item["sk"]["S"] == "conversation"]
    for state in ("{", "[]", '{"f":[{"id":7}],"q":{"k":"new kind"},"n":"x"}', '{"h":["a","b","c"]}'):
        counter.dynamodb.put_item(TableName="customers", Item={**item, "state": {"S": state}})
        assert talk.says("Hours", text=f"hours {len(state)}")
        assert talk.action in ("ElicitIntent", "ElicitSlot")


def test_an_action_that_raises_is_told_and_logged_without_its_message(counter: Counter) -> None:
    def breaks(call: Call) -> Outcome:
        raise ValueError("card 4111111111111111 of Ada Lantern is stolen")

    counter.do = breaks
    talk = LexSession(counter)
    talk.says("Reserve", BOOK)
    assert "outcome_unknown" in talk.says("Reserve", BOOK, confirmed="Confirmed")
    text = counter.log()
    assert "ValueError" in text and "lex-" in text
    assert "4111" not in text and "Ada" not in text
    counter.states()


def test_an_action_that_never_ends_is_answered_for(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()

    def hangs(call: Call) -> Outcome:
        done.wait(30)
        return Done()

    counter.do = hangs
    monkeypatch.setattr(counter.lex_turn.PARTS.conversations, "_budget", 1.2)
    talk = LexSession(counter)
    talk.says("Reserve", BOOK)
    try:
        assert "outcome_unknown" in talk.says("Reserve", BOOK, confirmed="Confirmed")
    finally:
        done.set()
    assert [failed["what"] for failed in failures(counter)] == ["action-deadline"]


def test_a_failed_write_after_a_deed_still_tells_its_outcome(counter: Counter) -> None:
    talk = LexSession(counter)
    talk.says("Reserve", BOOK)

    def done(call: Call) -> Outcome:
        counter.refuse("put_item", "InternalServerError")
        return Done()

    counter.do = done
    assert "Reserve.done" in talk.says("Reserve", BOOK, confirmed="Confirmed")
    counter.states()


def test_telemetry_counts_and_flushes_even_when_a_turn_fails(counter: Counter) -> None:
    counter.refuse("get_item", "AccessDeniedException")
    LexSession(counter).says("Hours")
    metrics = [json.loads(line) for line in counter.log().splitlines() if "_aws" in line]
    assert metrics[0]["Failures"] == 1.0
    assert metrics[0]["channel"] == "lex"

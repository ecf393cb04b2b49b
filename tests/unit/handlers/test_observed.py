"""The saved queries and the dashboard ask for what the handlers really write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from stacks.queries import CONVERSATION, CUSTOMER_HERE, QUERIES, TURN, TURN_HERE, Query
from telemetry import COUNTED, FAILURES, NAMESPACE, OVERALL, TURN_TIME
from tests.unit.handlers.counter import AlexaSession, Counter, LexSession
from throughline.dialogue.action import Call, NotDone, Outcome, Refused

BOOK = {"item": "book", "pickup": "post", "copies": "2"}
REPORT = {
    "time": "2026-11-22T10:00:00.000Z",
    "type": "platform.report",
    "record": {
        "requestId": "6d68ca91-49c9-448d-89b8-7ca3e6dc66aa",
        "metrics": {
            "billedDurationMs": 694,
            "durationMs": 693.92,
            "initDurationMs": 397.68,
            "maxMemoryUsedMB": 84,
            "memorySizeMB": 1024,
        },
        "status": "success",
    },
}
"""Lambda's own line, in the shape of its developer guide ("Lambda Telemetry API Event schema reference")."""
SYSTEM = {"@timestamp", "@message", "@log", "@logStream", "@ingestionTime"}
"""Fields that CloudWatch Logs Insights adds to every line."""
WORDS = set(
    "fields filter stats sort limit by as and or not asc desc ispresent count sum avg max min pct datefloor".split()
)
"""The query language's own."""


def everything(counter: Counter) -> list[dict[str, Any]]:
    """Lines of turns in which all happens that telemetry tells of."""
    talk = LexSession(counter)
    talk.says("Reserve", BOOK)
    talk.says("Reserve", BOOK, confirmed="Confirmed")
    talk.event["interpretations"][0]["sentimentResponse"] = {"sentiment": "NEGATIVE", "sentimentScore": {}}
    talk.event["inputTranscript"] = "good grief"
    talk.hears(talk.event)
    counter.do = lambda call: Refused("no")
    talk.says("Reserve", BOOK, text="again")
    talk.says("Reserve", BOOK, confirmed="Confirmed", text="yes again")
    talk.says("FallbackIntent", text="mumble")
    talk.says("FallbackIntent", text=" ")

    def breaks(call: Call) -> Outcome:
        raise ValueError("broken")

    counter.do = breaks
    talk.says("Reserve", BOOK, text="once more")
    talk.says("Reserve", BOOK, confirmed="Confirmed", text="yes once more")
    counter.do = lambda call: NotDone()
    LexSession(counter, alias="guest").says("Librarian")
    AlexaSession(counter).says("Hours")
    return [json.loads(line) for line in counter.log().splitlines()]


def leaves(line: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The paths under which Logs Insights finds what a line holds."""
    for name, value in line.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{name}.")
        elif not isinstance(value, list):
            yield path + name


def asked_for(query: Query) -> set[str]:
    """The fields that a query reads, without those that it makes itself."""
    body = re.sub(r'"[^"]*"', "", query.body)
    made = set(re.findall(r"\bas (\w+)", body))
    return set(re.findall(r"(?<![\w.@])[@a-zA-Z_][\w.]*", body)) - WORDS - made - {"d"}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_every_field_of_a_query_stands_in_a_line(counter: Counter, query: Query) -> None:
    there = {path for line in [*everything(counter), REPORT] for path in leaves(line)}
    assert asked_for(query)
    assert asked_for(query) - SYSTEM <= there


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_every_word_that_a_query_compares_with_stands_in_a_line(counter: Counter, query: Query) -> None:
    written = json.dumps([*everything(counter), REPORT])
    for word in re.findall(r'"([^"]*)"', query.body):
        assert not word or word in (CUSTOMER_HERE, TURN_HERE) or f'"{word}"' in written


def test_a_query_says_what_it_answers_and_reads_no_words_of_customers() -> None:
    for query in QUERIES:
        assert query.text.startswith("# ") and query.about.endswith(".")
        assert "@message" not in query.text
    assert len({query.name for query in QUERIES}) == len(QUERIES)
    assert CUSTOMER_HERE in CONVERSATION.body and TURN_HERE in TURN.body


def test_what_is_measured_is_measured_by_channel_and_what_has_an_alarm_overall(counter: Counter) -> None:
    by_channel: set[str] = set()
    overall: set[str] = set()
    for line in everything(counter):
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            assert directive["Namespace"] == NAMESPACE
            names = {metric["Name"] for metric in directive["Metrics"]}
            (dimensions,) = directive["Dimensions"]
            assert names and all(isinstance(line[name], float) for name in names)
            assert all(isinstance(line[dimension], str) for dimension in dimensions)
            (by_channel if "channel" in dimensions else overall).update(names)
    assert by_channel == {TURN_TIME, FAILURES, *COUNTED.values()}
    assert overall == set(OVERALL)


def test_a_turn_that_fails_twice_is_one_sample(counter: Counter) -> None:
    counter.refuse("get_item", "AccessDeniedException")
    given = LexSession(counter)
    given.says("Hours")
    [line] = [json.loads(line) for line in counter.log().splitlines() if "_aws" in line]
    assert line[FAILURES] == 1.0
    telemetry = counter.lex_turn.PARTS.telemetry

    def twice() -> dict[str, Any]:
        telemetry.trouble("one", ValueError())
        telemetry.trouble("two", ValueError())
        return {}

    telemetry.flushed(twice)
    [line] = [json.loads(line) for line in counter.log().splitlines() if "_aws" in line]
    assert line[FAILURES] == 2.0


def test_failures_tell_the_turn_and_its_trace_side_by_side(counter: Counter) -> None:
    counter.refuse("get_item", "ThrottlingException")
    LexSession(counter).says("Hours")
    lines = [json.loads(line) for line in counter.log().splitlines()]
    [failed] = [line for line in lines if line.get("message") == "failed"]
    [turn] = [line["turn"] for line in lines if "_aws" in line]
    assert failed["turn"] == {"id": turn["id"], "trace": turn["trace"]}
    assert turn["id"] and turn["trace"]
    assert failed["channel"] == "lex"


def test_what_lex_thinks_of_the_mood_is_in_the_line_and_in_the_stream(counter: Counter) -> None:
    talk = LexSession(counter)
    talk.says("Hours")
    assert '"sentiment"' not in counter.log()
    for word, kept in (("NEGATIVE", "NEGATIVE"), ("Ada Lantern", None), (["NEGATIVE"], None), ({}, None)):
        talk.event["inputTranscript"] = f"hours, {word}"
        talk.event["interpretations"][0]["sentimentResponse"] = {"sentiment": word}
        talk.hears(talk.event)
        [turn] = [json.loads(line)["turn"] for line in counter.log().splitlines() if "_aws" in line]
        [item] = [it for it in counter.items() if it["sk"]["S"] == "conversation"]
        assert turn.get("sentiment") == kept == json.loads(item["turn"]["S"]).get("sentiment")

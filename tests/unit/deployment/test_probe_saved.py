"""The saved log queries: each is begun over little, stopped, and named if Logs Insights can't read it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deployment.probe import Outcome, Verdict, chosen
from deployment.probe.found import Deployed
from deployment.probe.running import outcome
from deployment.probe.saved import SAVED
from stacks.queries import QUERIES
from tests.unit.deployment.probe_rig import HERE, Aws, Bot, refusal, site
from tests.unit.deployment.probe_watched import ALEXA_LOGS, LEX_LOGS, NOW


def tried(there: Aws, deployed: Deployed = HERE) -> Outcome:
    return outcome(chosen(["queries-run"])[0], site(there, deployed=deployed))


def test_as_many_are_reckoned_with_as_the_stack_saves() -> None:
    assert len(QUERIES) == SAVED


def test_each_is_begun_over_the_last_quarter_of_an_hour_and_stopped() -> None:
    there = Aws(Bot())
    found = tried(there)
    assert found.verdict is Verdict.AS_EXPECTED and found.came == "2 queries are accepted"
    assert there.called("describe_query_definitions") == [{"queryDefinitionNamePrefix": "throughline-dev/"}]
    begun = there.called("start_query")
    assert [each["queryString"] for each in begun] == ["filter x = 'turn'", "filter x = 'failures'"]
    assert all((each["startTime"], each["endTime"]) == (NOW - 900, NOW) for each in begun)
    assert all(each["logGroupNames"] == [LEX_LOGS, ALEXA_LOGS] for each in begun)
    assert [each["queryId"] for each in there.called("stop_query")] == [f"of {each['queryString']}" for each in begun]


def test_one_that_can_not_be_read_is_named_and_the_others_are_tried() -> None:
    there = Aws(Bot())
    healthy = there.start_query

    def begun(params: dict[str, Any]) -> Any:
        if "turn" in params["queryString"]:
            raise refusal("MalformedQueryException", "unexpected symbol found x at line 1")
        return healthy(params)

    there.answers["start_query"] = begun
    found = tried(there)
    assert found.verdict is Verdict.DIFFERENT
    assert "throughline-dev/turn: MalformedQueryException: unexpected symbol" in found.came
    assert "throughline-dev/failures" not in found.came
    assert len(there.called("start_query")) == 2 and len(there.called("stop_query")) == 1


@pytest.mark.parametrize("code", ["InvalidParameterException", "ResourceNotFoundException"])
def test_one_that_has_ended_before_it_is_stopped_is_accepted(code: str) -> None:
    there = Aws(Bot())
    there.always("stop_query", refusal(code, "the query is not running"))
    assert tried(there).verdict is Verdict.AS_EXPECTED


@pytest.mark.parametrize("call", ["describe_query_definitions", "start_query", "stop_query"])
def test_a_missing_right_is_named(call: str) -> None:
    there = Aws(Bot())
    there.always(call, refusal("AccessDeniedException"))
    found = tried(there)
    assert found.verdict is Verdict.NOT_TRIED and "logs:StartQuery" in found.why


def test_too_many_queries_at_once_are_no_verdict() -> None:
    there = Aws(Bot())
    there.always("start_query", refusal("LimitExceededException"))
    found = tried(there)
    assert found.verdict is Verdict.NOT_TRIED and "throttled" in found.why


def test_without_a_saved_query_there_is_nothing_to_try() -> None:
    there = Aws(Bot())
    there.always("describe_query_definitions", {"queryDefinitions": []})
    found = tried(there)
    assert found.verdict is Verdict.NOT_TRIED and "throughline-dev/" in found.why


def test_one_without_log_groups_is_tried_on_the_functions_own() -> None:
    there = Aws(Bot())
    there.always("describe_query_definitions", {"queryDefinitions": [{"name": "n", "queryString": "limit 1"}]})
    assert tried(there, replace(HERE, alexa_turn_logs=None)).verdict is Verdict.AS_EXPECTED
    assert there.called("start_query")[0]["logGroupNames"] == [LEX_LOGS]
    nowhere = replace(HERE, lex_turn_logs=None, alexa_turn_logs=None)
    assert tried(there, nowhere).verdict is Verdict.NOT_TRIED

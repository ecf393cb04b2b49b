"""What watches an environment: alarms with a runbook, a topic under our key, a dashboard of metrics that exist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from telemetry import COUNTED, FAILURES, NAMESPACE, OVERALL, TURN_TIME
from tests.synth.conftest import Assembly, Resource, Synthesise

STACK = "Observability"
MOST_ALARMS = 4
"""Metrics that alarms of this stack may watch: each costs by the month, whether or not anything happens."""


@pytest.fixture(scope="module")
def unwatched(synthesise: Synthesise) -> Assembly:
    less = {"watched.alarms": "false", "watched.dashboard": "false", "alexa.enabled": "false"}
    return synthesise({**less, "people.enabled": "false"})


@pytest.fixture(scope="module")
def strict(synthesise: Synthesise) -> Assembly:
    return synthesise({"watched.failures": "2", "watched.slow_turn_milliseconds": "1500", "lex.sentiment": "false"})


def alarms(assembly: Assembly) -> list[Resource]:
    return assembly.resources(STACK, "AWS::CloudWatch::Alarm")


def widgets(assembly: Assembly) -> list[dict[str, Any]]:
    """The dashboard's, with everything that CloudFormation fills in written as "?"."""
    body = assembly.one(STACK, "AWS::CloudWatch::Dashboard").properties["DashboardBody"]
    text = "".join(part if isinstance(part, str) else "?" for part in body["Fn::Join"][1])
    found: list[dict[str, Any]] = json.loads(text)["widgets"]
    return found


def shown(assembly: Assembly) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Namespace, name and dimensions of every metric on the dashboard."""
    for widget in widgets(assembly):
        for metric in widget["properties"].get("metrics", ()):
            words = [word for word in metric if isinstance(word, str)]
            if words:
                yield words[0], words[1], dict(zip(words[2::2], words[3::2], strict=True))


def test_the_topic_lies_under_our_key_and_only_our_alarms_may_ring_it_over_tls(assembly: Assembly) -> None:
    topic = assembly.one(STACK, "AWS::SNS::Topic")
    assert topic.properties["TopicName"] == "throughline-dev-alarms"
    assert "Key" in str(topic.properties["KmsMasterKeyId"])
    refuses, rings = assembly.one(STACK, "AWS::SNS::TopicPolicy").properties["PolicyDocument"]["Statement"]
    assert (refuses["Effect"], refuses["Principal"]) == ("Deny", "*")
    assert refuses["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert rings["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert rings["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert ":alarm:throughline-dev-*" in str(rings["Condition"]["ArnLike"])


def test_cloudwatch_may_use_the_key_that_the_topic_lies_under(assembly: Assembly) -> None:
    (key,) = [it for it in assembly.resources("Trails", "AWS::KMS::Key") if "logs" in it.properties["Description"]]
    statements = key.properties["KeyPolicy"]["Statement"]
    (rings,) = [it for it in statements if it["Principal"] == {"Service": "cloudwatch.amazonaws.com"}]
    assert set(rings["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}


def test_every_alarm_says_what_it_means_and_what_to_do_first_and_rings_the_topic(full: Assembly) -> None:
    topic = {"Ref": full.one(STACK, "AWS::SNS::Topic").id}
    assert len(alarms(full)) <= MOST_ALARMS
    for alarm in alarms(full):
        told = alarm.properties
        assert "Metrics" not in told, "an alarm is charged by the metric"
        means, runbook = told["AlarmDescription"].split("\n")
        assert means and runbook.startswith("Runbook: ")
        assert told["AlarmName"].startswith("throughline-dev-")
        assert told["TreatMissingData"] == "notBreaching"
        assert told["AlarmActions"] == told["OKActions"] == [topic]


def test_a_runbook_names_queries_that_are_saved(full: Assembly) -> None:
    saved = {it.properties["Name"] for it in full.resources(STACK, "AWS::Logs::QueryDefinition")}
    for stack in (STACK, "Bot", "Skill", "Records", "Desk"):
        for alarm in full.resources(stack, "AWS::CloudWatch::Alarm"):
            named = alarm.properties["AlarmDescription"].split("'")[1::2]
            assert {name for name in named if "/" in name} <= saved


def test_alarms_stand_on_metrics_that_telemetry_gives_for_the_service(full: Assembly) -> None:
    ours = [it.properties for it in alarms(full) if it.properties["Namespace"] == NAMESPACE]
    assert {it["MetricName"] for it in ours} == set(OVERALL)
    for alarm in ours:
        assert alarm["Dimensions"] == [{"Name": "service", "Value": "throughline-dev"}]


def test_functions_write_their_figures_under_the_name_that_the_alarms_watch(assembly: Assembly) -> None:
    for _, function in assembly.functions():
        if function.properties["Handler"] != "rotate_keys.handler":  # which has no figures
            assert function.properties["Environment"]["Variables"]["SERVICE"] == "throughline-dev"


def test_the_bounds_are_the_environments(strict: Assembly) -> None:
    bounds = {it.properties["MetricName"]: it.properties["Threshold"] for it in alarms(strict)}
    assert bounds[FAILURES] == 2
    assert bounds[TURN_TIME] == 1500


def test_whoever_is_to_be_written_to_is_subscribed(full: Assembly) -> None:
    (subscribed,) = full.resources(STACK, "AWS::SNS::Subscription")
    assert subscribed.properties["Protocol"] == "email"
    assert subscribed.properties["Endpoint"] == "operations@example.com"


def test_what_is_not_wanted_is_not_there_and_the_queries_are_always(unwatched: Assembly) -> None:
    types = {it.type for it in unwatched.resources(STACK)}
    assert types == {"AWS::Logs::QueryDefinition", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy"}


def test_the_dashboard_shows_metrics_that_telemetry_gives(full: Assembly) -> None:
    found = list(shown(full))
    assert {name for space, name, _ in found if space == NAMESPACE} == {TURN_TIME, FAILURES, *COUNTED.values()}
    for space, name, dimensions in found:
        if space != NAMESPACE:
            assert (space, list(dimensions)) == ("AWS/Lambda", ["FunctionName"])
            continue
        assert dimensions.pop("service") == "throughline-dev"
        if not dimensions:
            assert name in OVERALL
        else:
            assert dimensions in ({"channel": "lex"}, {"channel": "alexa"})


def test_the_dashboard_names_the_functions_own_alarms(full: Assembly) -> None:
    (status,) = [it for it in widgets(full) if it["type"] == "alarm"]
    named = {alarm.rpartition(":")[2] for alarm in status["properties"]["alarms"]} - {"?"}
    there = {
        it.properties["AlarmName"]
        for stack in ("Bot", "Skill", "Records", "Desk", "Phone")
        for it in full.resources(stack, "AWS::CloudWatch::Alarm")
        if it.properties["AlarmName"].endswith("-errors")
    } - {"throughline-dev-attach-number-errors"}
    assert named == there
    assert len(status["properties"]["alarms"]) == len(there) + len(alarms(full))


def test_the_dashboard_says_what_good_looks_like_and_that_the_cost_is_an_estimate(strict: Assembly) -> None:
    words = " ".join(it["properties"].get("markdown", it["properties"].get("title", "")) for it in widgets(strict))
    assert "Good looks like this" in words and "1500 ms" in words
    assert "estimate" in words
    assert "lex.sentiment" in words, "without sentiment the dashboard says so"


def titled(assembly: Assembly, beginning: str) -> dict[str, Any]:
    """The properties of the only widget whose title begins so."""
    found: list[dict[str, Any]] = [it["properties"] for it in widgets(assembly)]
    (only,) = [it for it in found if it.get("title", "").startswith(beginning)]
    return only


def lines(widget: dict[str, Any]) -> dict[float, str]:
    """The horizontal lines across a graph, each with its label."""
    drawn = widget["annotations"]["horizontal"]
    assert all(line["yAxis"] == "left" for line in drawn)
    return {line["value"]: line["label"] for line in drawn}


def test_lines_show_where_good_ends(full: Assembly) -> None:
    assert lines(titled(full, "Not understood and silence")) == {
        10: "Not understood: at most 10 %",
        5: "Silence: at most 5 %",
    }


def test_the_line_across_the_latency_graph_is_the_environments(assembly: Assembly, strict: Assembly) -> None:
    usual, set_lower = (lines(titled(one, "A turn takes")) for one in (assembly, strict))
    assert set_lower == {1500: "Slow: p99 above 1500 ms"}
    (bound,) = [it.properties["Threshold"] for it in alarms(assembly) if it.properties["MetricName"] == TURN_TIME]
    assert set(usual) == {bound}, "the line is where the alarm goes off"


def test_no_estimate_is_called_the_phones(full: Assembly) -> None:
    seen = [last["label"] for *_, last in titled(full, "Cost in USD")["metrics"] if last.get("visible", True)]
    assert seen == ["All channels", "Lex, as if typed", "Smart speaker"]


def test_queries_read_every_functions_log_and_log_widgets_those_of_turns(full: Assembly) -> None:
    # All but the one that works while one deploys, which hears of its failures there.
    functions = len(full.functions()) - 1
    for query in full.resources(STACK, "AWS::Logs::QueryDefinition"):
        assert query.properties["Name"].startswith("throughline-dev/")
        assert len(query.properties["LogGroupNames"]) == functions
    for widget in widgets(full):
        if widget["type"] == "log":
            assert widget["properties"]["query"].count("SOURCE") == 2


def test_nothing_that_works_for_customers_needs_the_stack_that_watches(full: Assembly) -> None:
    others = [file for file in full.folder.glob("*.template.json") if not file.name.startswith(STACK)]
    assert len(others) > 2
    for template in others:
        assert "throughline-dev-observability" not in template.read_text("utf-8")

"""The page's figures: the dashboard's definitions over a function's log lines."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.figures import DAY_MS, KEPT, Figures

REPORT = {"type": "platform.report", "record": {"status": "success", "metrics": {"durationMs": 3.0}}}


def turn(
    customer: str, *, channel: str = "web", ms: float = 10.0, day: int = 0, sentiment: str = "", **events: str | int
) -> dict[str, Any]:
    told = {"customer": customer, "events": events, "handed": int("handover" in events)}
    measured = {"done": "TasksDone", "not_understood": "NotUnderstood", "silence": "Silence", "handover": "Handovers"}
    return {
        "_aws": {"Timestamp": day * DAY_MS + 5},
        "channel": channel,
        "turn": {**told, **({"sentiment": sentiment} if sentiment else {})},
        "TurnTime": ms,
        **{measured[name]: 1.0 for name in events if name in measured},
    }


def told(*lines: object) -> dict[str, Any]:
    counted = Figures()
    for line in lines:
        counted.heed(line if isinstance(line, str) else json.dumps(line))
    return counted.told()


def test_nothing_yet_is_no_share_of_anything() -> None:
    found = told()
    assert found["turns"] == {} and found["usd"] == 0
    assert found["contained"] is found["not_understood"] is found["silence"] is found["ms"]["p99"] is None


def test_turns_are_counted_by_channel_and_misses_are_shares_of_all() -> None:
    found = told(
        turn("a"), turn("a", not_understood=1), turn("b", channel="alexa"), turn("b", channel="lex", silence=1)
    )
    assert found["turns"] == {"web": 2, "alexa": 1, "lex": 1}
    assert found["not_understood"] == found["silence"] == 25.0


def test_a_customer_who_changes_the_channel_and_needs_a_person_once_a_day_is_not_contained_that_day() -> None:
    needing = turn("a", channel="alexa", handover="asked")
    found = told(turn("a"), needing, turn("a"), turn("a", day=1), turn("b"), turn("c"), turn(""))
    assert found["customers"] == 4
    assert found["contained"] == 75.0
    assert found["handovers"] == {"asked": 1}


def test_percentiles_are_of_the_times_that_the_functions_tell() -> None:
    assert told(*(turn("a", ms=float(ms)) for ms in range(1, 101)))["ms"] == {"p50": 50.0, "p90": 90.0, "p99": 99.0}


def test_failures_are_turns_and_errors_are_invocations() -> None:
    failed = {"_aws": {"Timestamp": 1}, "channel": "lex", "Failures": 3.0}
    cold = {**REPORT, "record": {"status": "timeout", "metrics": {"durationMs": 3.0, "initDurationMs": 200.0}}}
    found = told(failed, {**turn("a"), "Failures": 1.0}, REPORT, cold)
    assert (found["failures"], found["errors"], found["cold_starts"]) == (2, 1, 1)
    assert sum(found["turns"].values()) == 1


def test_sentiment_and_tasks_are_counted_where_they_are_told() -> None:
    found = told(turn("a", sentiment="NEGATIVE", done="Pay"), turn("a", sentiment="NEGATIVE"), turn("a"))
    assert found["sentiment"] == {"NEGATIVE": 2}
    assert found["tasks_done"] == 1


def test_the_cost_is_a_typed_turns_price_and_alexas_hearing_is_free() -> None:
    assert told(turn("a", channel="alexa"))["usd"] == 0.00006
    assert told(turn("a"))["usd"] == 0.00111
    without = Figures(sentiment=False)
    without.heed(json.dumps(turn("a", channel="lex")))
    assert round(without.told()["usd"], 6) == 0.00081


def test_what_is_no_line_of_figures_counts_nothing() -> None:
    assert told("Traceback (most recent call last):", "{broken", "{}", {"message": "failed"}) == told()


def test_the_newest_lines_are_kept_and_go_on_in_the_next_rehearsal() -> None:
    first = Figures()
    for number in range(KEPT + 5):
        first.heed(json.dumps(turn(f"c{number}")))
    following = Figures()
    following.heed(json.dumps(turn("later")))
    following.load(first.dump()[-2:])
    assert [line["turn"]["customer"] for line in following.dump()] == [f"c{KEPT + 3}", f"c{KEPT + 4}", "later"]

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.connect.errors import UnsupportedBlock
from rehearsal.connect.inputs import Happened, Silence, Tick
from rehearsal.connect.stand_ins import OpenCentre
from tests.unit.connect.line import Line, action, flow, say

ERROR = {"NoMatchingError": "error"}
OTHER = {"NoMatchingCondition": "other"}


def decided(it: dict[str, Any], **more: Any) -> list[str]:
    others = [say(name) for name in ("yes", "no", "other", "error", "done")]
    return Line(flow(it, *others), **more).begin().said


@pytest.mark.parametrize(
    ("operator", "value", "operand", "holds"),
    [
        ("Equals", "a", "a", True), ("Equals", "a", "A", False),
        ("TextStartsWith", "abc", "ab", True), ("TextStartsWith", "abc", "bc", False),
        ("TextEndsWith", "abc", "bc", True), ("TextEndsWith", "abc", "ab", False),
        ("TextContains", "abc", "b", True), ("TextContains", "abc", "x", False),
        ("NumberGreaterThan", "2", "1.5", True), ("NumberGreaterThan", "2", "2", False),
        ("NumberGreaterOrEqualTo", "2", "2.0", True), ("NumberGreaterOrEqualTo", "1", "2", False),
        ("NumberLessThan", "1", "2", True), ("NumberLessThan", "2", "2", False),
        ("NumberLessOrEqualTo", "2", "2", True), ("NumberLessOrEqualTo", "3", "2", False),
        ("NumberLessThan", "two", "3", False), ("Equals", "7", "$.Attributes.seven", True),
    ],
)  # fmt: skip
def test_every_operator(operator: str, value: str, operand: str, holds: bool) -> None:
    it = action("c", "Compare", {"ComparisonValue": "$.Attributes.it"}, "", {operand: "yes"}, OTHER, operator)
    line = Line(flow(it, say("yes"), say("other")))
    line.data.attributes = {"it": value, "seven": "7"}
    assert line.begin().said == ["yes" if holds else "other"]


def test_an_operator_that_the_language_lacks_is_refused_by_name() -> None:
    it = action("c", "Compare", {"ComparisonValue": "$.Channel"}, "", {"x": "yes"}, OTHER, "Resembles")
    with pytest.raises(UnsupportedBlock, match="Compare with the operator Resembles"):
        decided(it)


def test_nothing_and_no_root_compare_as_nothing() -> None:
    for reference in ("$.Attributes.none", "$.Nowhere.at.all"):
        assert decided(action("c", "Compare", {"ComparisonValue": reference}, "", {"x": "yes"}, OTHER)) == ["other"]
    assert decided(action("c", "Compare", {"ComparisonValue": "$.Channel"}, "done", {"x": "yes"})) == ["done"]


def hours(**parameters: str) -> dict[str, Any]:
    return action("h", "CheckHoursOfOperation", parameters, "", {"True": "yes", "False": "no"}, ERROR)


def test_hours() -> None:
    assert decided(hours(HoursOfOperationId="h")) == ["yes"]
    assert decided(hours(HoursOfOperationId="h"), centre=OpenCentre(is_open=False)) == ["no"]
    assert decided(hours()) == ["error"]
    target = action("t", "UpdateContactTargetQueue", {"QueueId": "q"}, "h")
    assert Line(flow(target, hours(), say("yes"), say("no"), say("error"))).begin().said == ["yes"]


def test_metrics_are_checked_and_loaded() -> None:
    centre = OpenCentre(available=2, places=["a", "b", "c"])
    check = {"MetricType": "NumberOfContactsInQueue", "QueueId": "q"}
    assert decided(action("m", "CheckMetricData", check, "", {"3": "yes"}, OTHER), centre=centre) == ["yes"]
    check["MetricType"] = "OldestContactInQueueAgeSeconds"
    many = action("m", "CheckMetricData", check, "", {"60": "yes"}, OTHER, "NumberGreaterThan")
    assert decided(many, centre=centre) == ["yes"]
    for metric in ("NumberOfAgentsAvailable", "NumberOfAgentsStaffed", "NumberOfAgentsOnline"):
        free = action("m", "CheckMetricData", {"MetricType": metric, "AgentId": "a"}, "", {"0": "yes"}, OTHER,
                      "NumberGreaterThan")  # fmt: skip
        assert decided(free, centre=centre) == ["yes"]
    assert decided(action("m", "CheckMetricData", check | {"MetricType": "Mood"}, errors=ERROR)) == ["error"]
    assert decided(action("m", "CheckMetricData", {"MetricType": "x"}, errors=ERROR)) == ["error"]
    load = action("m", "GetMetricData", {"QueueId": "q", "QueueChannel": "Voice"}, "done")
    loaded = say("done", "$.Metrics.Queue.Size waiting, $.Metrics.Agents.Available.Count free")
    assert Line(flow(load, loaded), centre=centre).begin().said == ["3 waiting, 2 free"]
    place = "$.Metrics.Contact.PositionInQueue. in $.Metrics.Queue.EstimatedWaitTime s"
    waiting = Line(flow(load, say("done", place)), centre=OpenCentre(places=["x", "contact-1"])).begin()
    assert waiting.said == ["2. in 0 s"]
    assert decided(action("m", "GetMetricData", {}, errors=ERROR)) == ["error"]


@pytest.mark.parametrize(("drawn", "branch"), [(1, "yes"), (30, "yes"), (31, "no"), (100, "other")])
def test_chance_is_a_chain_of_numbers(drawn: int, branch: str) -> None:
    it = action("d", "DistributeByPercentage", {}, "", {"31": "yes", "61": "no"}, OTHER, "NumberLessThan")
    assert decided(it, chance=lambda: drawn) == [branch]


def test_a_loop_counts_and_starts_anew() -> None:
    again = {"ContinueLooping": "again", "DoneLooping": "pause"}
    loop = action("l", "Loop", {"LoopCount": "$.Attributes.times"}, "", again)
    asked = action("pause", "GetParticipantInput", {"InputTimeLimitSeconds": "5"}, "", {"1": "l"},
                   {"InputTimeLimitExceeded": "l", "NoMatchingError": "bye"})  # fmt: skip
    line = Line(flow(loop, say("again", then="l"), asked))
    line.data.attributes = {"times": "2"}
    assert line.begin().said == ["again", "again"]
    assert line.take(Silence()).said == ["again"] * 4


def wait(seconds: str, *events: str) -> dict[str, Any]:
    on = {"WaitCompleted": "done", "CustomerReturned": "yes", "BotParticipantDisconnected": "no"}
    return action("w", "Wait", {"TimeLimitSeconds": seconds, "Events": list(events)}, "", on, ERROR)


def test_a_wait_ends_by_time_or_by_its_event() -> None:
    rest = [say("done"), say("yes"), say("no"), say("error")]
    line = Line(flow(wait("60", "CustomerReturned"), *rest), channel="CHAT").begin(Tick(59))
    assert line.said == []
    line.take(Happened("BotParticipantDisconnected"))
    assert line.said == []
    assert line.take(Happened("CustomerReturned")).said == ["yes"]
    assert Line(flow(wait("60"), *rest), channel="CHAT").begin(Tick(60)).said == ["done"]
    assert Line(flow(wait("0"), *rest), channel="CHAT").begin().said == ["error"]
    assert Line(flow(wait("604801"), *rest), channel="CHAT").begin().said == ["error"]
    assert Line(flow(wait("60"), *rest)).begin().said == ["error"]
    assert Line(flow(wait("60", "CustomerReturned"), *rest)).begin(Silence()).said == ["done"]


def test_call_progress_speaks_in_campaigns_only() -> None:
    it = action("p", "CheckOutboundCallStatus", {}, "", {"CallAnswered": "yes", "VoicemailBeep": "no"}, ERROR)
    assert decided(it) == ["error"]
    line = Line(flow(it, say("yes"), say("no"), say("error")))
    line.data.outbound_status = "VoicemailBeep"
    assert line.begin().said == ["no"]


@pytest.mark.parametrize(
    "block", "CheckVoiceId StartVoiceIdStream CheckSegmentMembership LoadContactContent AuthenticateParticipant "
    "EvaluateDataTableValues ListDataTableValues UpsertDataTableValues".split()
)  # fmt: skip
def test_services_that_are_not_there_take_the_error_branch(block: str) -> None:
    assert decided(action("b", block, {}, errors=ERROR)) == ["error"]
    chat = Line(flow(action("b", block, {}, errors=ERROR), say("error")), channel="CHAT").begin()
    assert chat.said == ["error"]

"""Traits that exports of other instances show: old block names, unconnected branches, resources by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.connect import explorer
from rehearsal.connect.__main__ import main, read_file
from rehearsal.connect.circumstances import World, keyed_in, suggested, worlds
from rehearsal.connect.errors import BrokenFlow
from rehearsal.connect.explorer import Report, explore
from rehearsal.connect.flows import Flow, read_flow
from tests.unit.connect.line import BYE, action, flow, say


def module(id: str, block: str, to: dict[str, str], *parameters: dict[str, Any], **more: str) -> dict[str, Any]:
    """A module of the old editor; `to` is condition to module, and `percent 30` compares with 30."""
    branches = []
    for condition, transition in to.items():
        name, _, value = condition.partition(" ")
        compared = {"conditionType": more.get("operator", "Equals"), "conditionValue": value} if value else {}
        branches.append({"condition": name, "transition": transition, **compared})
    target = {"target": more["target"]} if "target" in more else {}
    return {"id": id, "type": block, "branches": branches, "parameters": list(parameters), **target}


def said(id: str, then: str = "bye") -> dict[str, Any]:
    return module(id, "PlayPrompt", {"Success": then}, {"name": "Text", "value": id})


def old(*modules: dict[str, Any]) -> Flow:
    listed = [*modules, module("bye", "Disconnect", {})]
    return read_flow({"modules": listed, "start": modules[0]["id"], "metadata": {"name": "old"}})


def explored(it: Flow) -> Report:
    return explore(it, [], (*worlds({}), *suggested([it], {})))


def test_a_queue_s_status_is_measured_in_seconds_though_the_export_writes_milliseconds() -> None:
    it = old(
        module("set", "SetQueue", {"Success": "ask"}, {"name": "Queue", "value": "", "resourceName": "Bread"}),
        module(
            "ask", "CheckQueueStatus", {"CheckQueueTime 90000": "short", "NoMatch": "long", "Error": "bye"},
            operator="LessThan",
        ),
        said("short"), said("long"),
    )  # fmt: skip
    assert it.actions["set"].parameters == {"QueueId": "Bread"}
    assert it.actions["ask"].parameters == {"MetricType": "OldestContactInQueueAgeSeconds"}
    assert [(one.operator, one.operands) for one in it.actions["ask"].conditions] == [("NumberLessThan", ("90",))]
    assert explored(it).unseen == ()


def test_a_queue_check_of_two_metrics_is_refused_by_its_name() -> None:
    both = {"CheckQueueTime 1000": "bye", "CheckQueueSize 5": "bye", "NoMatch": "bye"}
    it = old(module("ask", "CheckQueueStatus", both, operator="LessThan"))
    assert explored(it).unsupported == ("unsupported CheckQueueStatus (ask)",)


def test_shares_of_an_old_split_add_up() -> None:
    it = old(
        module("split", "PercentileBranching", {"Evaluate 30": "few", "Evaluate 50": "most", "NoMatch": "rest"}),
        said("few"), said("most"), said("rest"),
    )  # fmt: skip
    assert [one.operands for one in it.actions["split"].conditions] == [("30",), ("80",)]
    assert explored(it).unseen == ()
    with pytest.raises(BrokenFlow, match="split: a branch compares with a number"):
        old(module("split", "PercentileBranching", {"Evaluate many": "bye"}))


def test_an_old_call_back_takes_a_local_number_and_asks_again_for_a_wrong_one() -> None:
    it = old(
        module("hook", "SetContactFlow", {"Success": "first"}, {"name": "Type", "value": "CustomerQueue"},
               {"name": "ContactFlowId", "value": "", "resourceName": "Waiting"}),
        module("first", "UpdateRoutingPriority", {"Success": "set"}, {"name": "AbsolutePosition", "value": 1}),
        module("set", "SetQueue", {"Success": "number"}, {"name": "Queue", "value": "queue/a"}),
        module(
            "number", "StoreUserInput", {"Success": "keep", "InvalidNumber": "wrong", "Error": "bye"},
            {"name": "Text", "value": "Your number?"}, {"name": "CustomerInputType", "value": "PhoneNumber"},
            {"name": "PhoneNumberFormat", "value": "Local"}, {"name": "CountryCode", "value": "US"},
        ),
        said("wrong", "number"),
        module("keep", "SetCallBackNumber", {"Success": "call", "InvalidPhoneNumber": "wrong",
               "NonDialableNumber": "wrong"},
               {"name": "CallBackNumber", "value": "Stored customer input", "namespace": "System"}),
        module("call", "CreateCallback", {"Success": "bye", "Error": "sorry"}, {"name": "InitialDelaySeconds",
               "value": 5}, {"name": "MaxRetryAttempts", "value": 2}),
        said("sorry"),
    )  # fmt: skip
    assert it.actions["hook"].parameters == {"EventHooks": {"CustomerQueue": "Waiting"}}
    assert it.actions["first"].parameters == {"QueuePriority": "1"}
    assert set(it.actions["keep"].errors) == {"InvalidCallbackNumber", "CallbackNumberNotDialable"}
    report = explored(it)
    assert not report.unsupported
    assert set(report.unseen) <= {"sorry"}
    assert any(one.path[-3:] == ("old/keep", "old/call", "old/bye") for one in report.walks)


def test_an_unconnected_branch_ends_the_contact_there_and_nowhere_else() -> None:
    draft = action("ask", "GetParticipantInput", {"Text": "1 or 2?"}, "bye", {"1": "one", "2": ""})
    draft["Transitions"]["Errors"] = [{"ErrorType": "NoMatchingError", "NextAction": ""}]
    report = explored(flow(draft, say("one")))
    assert report.unseen == ()
    assert any("dead_end: main, ask" in one.ended and "Keys 2" in one.answers for one in report.walks)
    assert any(one.ended == "flow" and "Keys 1" in one.answers for one in report.walks)


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ("MessageParticipantIteratively", "CUSTOMER_QUEUE"),
        ("DequeueContactAndTransferToQueue", "CUSTOMER_QUEUE"),
        ("EndFlowModuleExecution", "MODULE"),
        ("Wait", "CONTACT_FLOW"),
    ],
)
def test_a_flow_that_does_not_say_what_it_is_is_told_by_its_blocks(block: str, kind: str) -> None:
    assert flow(action("it", block), kind="").kind == kind
    assert flow(action("it", block), kind="AGENT_WHISPER").kind == "AGENT_WHISPER"


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "marked.json"
    only = {"Identifier": "a", "Type": "EndFlowExecution"}
    content = {"Version": "2019-10-30", "StartAction": "a", "Actions": [only]}
    file.write_text(json.dumps(content), "utf-8-sig")
    assert read_file(file).start == "a"


def test_a_bot_is_left_by_hyphenated_intents_by_fallback_and_by_failing() -> None:
    bot = action(
        "bot", "ConnectParticipantWithLexBot", {"Text": "Yes?", "LexV2Bot": {"AliasArn": "arn:alias"}}, "",
        {"ask-price": "price", "FallbackIntent": "fallback"}, {"NoMatchingError": "broken"},
    )  # fmt: skip
    assert explored(flow(bot, *map(say, ("price", "fallback", "broken")))).unseen == ()


def test_an_agentic_application_is_left_by_its_exit_condition_or_by_the_default() -> None:
    ways = {"NoMatchingError": "broken", "InputTimeLimitExceeded": "bye", "NoMatchingCondition": "bye"}
    given = {"AgentConfiguration": {"WorkspaceId": "w", "ApplicationId": "a", "Alias": "live"}}
    block = action("talk", "ConnectParticipantWithAgenticCX", given, "", {"Escalation": "human"}, ways)
    report = explored(flow(block, say("human"), say("broken")))
    assert report.unseen == () and not report.unsupported
    nameless = action("talk", "ConnectParticipantWithAgenticCX", {}, "bye", {}, {"NoMatchingError": "broken"})
    assert all("main/broken" in one.path for one in explored(flow(nameless, say("broken"))).walks)


def test_a_menu_in_a_loop_is_walked_until_the_loop_is_done() -> None:
    menu = action("menu", "GetParticipantInput", {"Text": "1?"}, "again", {"1": "bye"}, {"NoMatchingError": "again"})
    again = action("again", "Loop", {"LoopCount": "2"}, "", {"ContinueLooping": "menu", "DoneLooping": "enough"})
    assert explored(flow(menu, again, say("enough"))).unseen == ()


def test_a_queue_flow_that_only_ever_queues_again_is_a_loop() -> None:
    again = action("again", "DequeueContactAndTransferToQueue", {"QueueId": "queue/b"}, "bye")
    report = explored(flow(again, kind="CUSTOMER_QUEUE"))
    assert report.loops and all("main/again" in one for one in report.loops)


def test_the_worlds_hold_what_flows_compare_read_and_lead_to() -> None:
    asks = [
        action("tier", "Compare", {"ComparisonValue": "$.Attributes['tier']"}, "", {"gold": "age", "tin": "age"},
               {"NoMatchingCondition": "age"}),
        action("age", "Compare", {"ComparisonValue": "$.External.person.age"}, "", {"17": "bye"},
               {"NoMatchingCondition": "channel"}, "NumberGreaterThan"),
        action("channel", "Compare", {"ComparisonValue": "$.Channel"}, "", {"TASK": "bye"},
               {"NoMatchingCondition": "queue"}),
        action("queue", "Compare", {"ComparisonValue": "$.Queue.Name"}, "", {"Bread": "bye"},
               {"NoMatchingCondition": "subject"}),
        action("subject", "Compare", {"ComparisonValue": "$.SegmentAttributes['connect:EmailSubject']"}, "",
               {"Bill": "bye"}, {"NoMatchingCondition": "pin"}, "TextContains"),
        action("pin", "Compare", {"ComparisonValue": "$.StoredCustomerInput"}, "", {"2468": "bye"},
               {"NoMatchingCondition": "open"}),
        action("open", "CheckHoursOfOperation", {"HoursOfOperationId": "hours"}, "", {"True": "go", "False": "bye"}),
        action("go", "TransferParticipantToThirdParty", {"ThirdPartyPhoneNumber": "$.External.branchNumber"},
               "far", errors={"CallFailed": "far"}),
        action("far", "InvokeFlowModule", {"FlowModuleId": "${module.id}"}, "bye"),
    ]  # fmt: skip
    it = flow(*asks)
    assert keyed_in([it]) == ("2468",)
    found = {one.name: one for one in suggested([it], {})}
    assert found["task"].channel == "TASK"
    assert found["flows elsewhere"].elsewhere and found["services fail"].failing
    compared = found["as compared, 1"]
    assert compared.attributes == {"tier": "gold"}
    assert compared.otherwise == {"person": {"age": "18"}, "branchNumber": "+15555550101"}
    assert compared.segment == {"connect:EmailSubject": "Bill"} and compared.queue_name == "Bread"
    assert found["as compared, 2, open"].attributes == {"tier": "tin"} and compared.named_open is False
    assert explored(it).unseen == ()


def test_each_value_meets_each_of_the_next_name() -> None:
    tiers, days = ("gold", "tin", "none"), ("monday", "sunday")
    both = [
        action("tier", "Compare", {"ComparisonValue": "$.Attributes.tier"}, "", dict.fromkeys(tiers, "day")),
        action("day", "Compare", {"ComparisonValue": "$.External.day"}, "", dict.fromkeys(days, "bye")),
    ]
    met = {
        (one.attributes["tier"], one.otherwise["day"])
        for one in suggested([flow(*both)], {})
        if one.attributes and isinstance(one.otherwise, dict)
    }
    assert met == {(tier, day) for tier in tiers for day in days}


def test_profiles_and_cases_are_found_once_not_at_all_or_more_than_once() -> None:
    errors = {"NoneFoundError": "none", "MultipleFoundError": "several", "NoMatchingError": "off"}
    given = {"ProfileRequestData": {"IdentifierName": "_phone", "IdentifierValue": "$.CustomerEndpoint.Address"}}
    search = action("search", "GetCustomerProfile", given, "make", errors=errors)
    make = action("make", "CreateCase", {"CaseTemplateId": "t", "CaseRequestFields": {"title": "Bread"}}, "one")
    assert explored(flow(search, make, *map(say, ("one", "none", "several", "off")))).unseen == ()


def test_what_was_not_walked_to_the_last_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explorer, "MOST_RUNS", 2)
    menu = action("menu", "GetParticipantInput", {"Text": "?"}, "bye", {"1": "bye", "2": "bye", "3": "bye"})
    content = {"Version": "2019-10-30", "StartAction": "menu", "Actions": [menu, BYE]}
    file = tmp_path / "wide.json"
    file.write_text(json.dumps(content), "utf-8")
    assert explore(read_file(file), [], [World("one")]).unfinished == ("one",)
    assert main([str(file)]) == 0
    assert "not walked to the last: open" in capsys.readouterr().out

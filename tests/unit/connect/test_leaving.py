from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from rehearsal.connect.errors import Misplaced, NoProgress, UnsupportedBlock
from rehearsal.connect.events import CallbackAsked, Entered, Noted, Queued, Transferred
from rehearsal.connect.flows import MODULE
from rehearsal.connect.inputs import HangUp, ThirdPartyEnded
from rehearsal.connect.stand_ins import OpenCentre, OpenLines
from tests.unit.connect.line import Line, action, flow, say

ERROR = {"NoMatchingError": "error"}


def ran(block: str, parameters: Mapping[str, object] | None = None, **more: Any) -> Line:
    errors = {it: it for it in ("CallFailed", "ConnectionTimeLimitExceeded", "QueueAtCapacity")} | ERROR
    it = action("block", block, parameters or {}, "ok", errors=errors)
    return Line(flow(it, say("ok"), *map(say, [*errors.values()])), **more).begin()


def test_an_unknown_block_is_refused_with_its_name_and_place() -> None:
    with pytest.raises(UnsupportedBlock, match="main, odd: the block type TeleportContact") as refused:
        Line(flow(say("hi", then="odd"), action("odd", "TeleportContact"))).begin()
    assert (refused.value.type, refused.value.action) == ("TeleportContact", "odd")


def test_a_flow_that_goes_round_without_a_customer_is_refused_with_its_path() -> None:
    with pytest.raises(NoProgress, match="main/one → main/two") as refused:
        Line(flow(say("one", then="two"), say("two", then="one"))).begin()
    assert len(refused.value.path) > 1000


def test_a_block_without_the_branch_that_it_takes_ends_the_contact_and_says_where() -> None:
    line = Line(flow(action("m", "MessageParticipant", {}, ""))).begin()
    assert line.ended and line.ended.why == "dead_end"
    assert "m (MessageParticipant) has no branch NoMatchingError" in line.ended.detail


def test_flows_follow_one_another_by_reference() -> None:
    other = flow(say("there"), name="other")
    line = Line(
        flow(action("go", "TransferToFlow", {"ContactFlowId": "$.Attributes.to"}, errors=ERROR), say("error")), other
    )
    line.data.attributes = {"to": other.arn}
    assert line.begin().said == ["there"]
    assert line.of(Transferred) == [Transferred("flow", other.arn)]
    assert ran("TransferToFlow", {"ContactFlowId": "gone"}).said == ["error"]
    module = flow(action("m", "EndFlowModuleExecution"), name="m", kind=MODULE)
    going = flow(action("go", "TransferToFlow", {"ContactFlowId": "m"}, errors=ERROR), say("error"))
    assert Line(going, module).begin().said == ["error"]


def test_modules_come_back_and_nest_and_may_end_the_contact() -> None:
    back = action("back", "EndFlowModuleExecution", then="")
    inner = flow(say("inner", then="back"), back, name="inner", kind=MODULE)
    calling = action("in", "InvokeFlowModule", {"FlowModuleId": "inner"}, "back")
    outer = flow(calling, back, name="outer", kind=MODULE)
    main = flow(
        action("out", "InvokeFlowModule", {"FlowModuleId": "outer"}, "after", errors=ERROR), say("after"), say("error")
    )
    line = Line(main, outer, inner).begin()
    assert line.said == ["inner", "after"]
    assert [it.flow for it in line.of(Entered)] == ["main", "outer", "inner", "inner", "outer", "main", "main"]
    assert ran("InvokeFlowModule", {"FlowModuleId": "gone"}).said == ["error"]
    ending = flow(action("x", "DisconnectParticipant"), name="outer", kind=MODULE)
    assert Line(main, ending).begin().ended


def test_a_module_that_calls_itself_is_stopped() -> None:
    calling = action("in", "InvokeFlowModule", {"FlowModuleId": "self"}, "back", errors=ERROR)
    back = action("back", "EndFlowModuleExecution", then="")
    itself = flow(calling, say("error", then="back"), back, name="self", kind=MODULE)
    line = Line(flow(action("out", "InvokeFlowModule", {"FlowModuleId": "self"})), itself).begin()
    assert line.said == ["error"] and line.ended


def test_the_end_of_an_inbound_flow_ends_the_contact() -> None:
    line = ran("EndFlowExecution")
    assert line.ended and line.ended.why == "flow_over"
    assert ran("EndFlowModuleExecution").ended


@pytest.mark.parametrize(
    ("outcome", "goes_on", "said", "why"),
    [
        ("answered", "True", ["ok"], "flow"),
        ("answered", "False", [], "third_party"),
        ("failed", "True", ["CallFailed"], "flow"),
        ("unanswered", "True", ["ConnectionTimeLimitExceeded"], "flow"),
    ],
)
def test_third_parties(outcome: str, goes_on: str, said: list[str], why: str) -> None:
    parameters = {"ThirdPartyPhoneNumber": "+15555550133", "ContinueFlowExecution": goes_on}
    line = ran("TransferParticipantToThirdParty", parameters, lines=OpenLines({"+15555550133": outcome}))
    if outcome == "answered":
        assert line.of(Transferred) == [Transferred("number", "+15555550133")]
        line.take(ThirdPartyEnded())
    assert line.said == said and line.ended and line.ended.why == why


def test_numbers_that_may_not_be_called_and_chats_fail() -> None:
    number = {"ThirdPartyPhoneNumber": "+15555550133"}
    lines = OpenLines(refused=frozenset(["+15555550133"]))
    assert ran("TransferParticipantToThirdParty", number, lines=lines).said == ["CallFailed"]
    assert ran("TransferParticipantToThirdParty", {}).said == ["CallFailed"]
    assert ran("TransferParticipantToThirdParty", number, channel="CHAT").said == ["error"]
    with pytest.raises(Misplaced):
        ran("EndFlowExecution", channel="VOICE").contact.begin("main")


def test_target_queues() -> None:
    assert ran("UpdateContactTargetQueue", {"QueueId": "q/desk"}).data.queue_name == "desk"
    assert ran("UpdateContactTargetQueue", {"AgentId": "a/kim"}).data.target_agent == "a/kim"
    assert ran("UpdateContactTargetQueue", {}).said == ["error"]
    assert ran("UpdateContactTargetQueue", {"QueueId": "q", "AgentId": "a"}).said == ["error"]
    assert ran("TransferContactToQueue").said == ["error"]


def test_a_queue_takes_the_contact_or_is_full() -> None:
    target = action("t", "UpdateContactTargetQueue", {"QueueId": "q"}, "go")
    going = action("go", "TransferContactToQueue", {}, "error", errors={"QueueAtCapacity": "full", **ERROR})
    waits = Line(flow(target, going, say("full"), say("error"))).begin()
    assert waits.of(Queued) == [Queued("q", 1)] and waits.contact.phase == "queued"
    waits.take(HangUp())
    assert waits.centre.places == [] and waits.ended and waits.ended.why == "customer"
    full = Line(flow(target, going, say("full"), say("error")), centre=OpenCentre(full=True)).begin()
    assert full.said == ["full"]


@pytest.mark.parametrize("block", ["TransferContactToAgent", "RouteContactToAgent"])
def test_a_contact_goes_to_its_agent_or_is_cut_off(block: str) -> None:
    target = action("t", "UpdateContactTargetQueue", {"AgentId": "a"}, "go")
    it = flow(target, action("go", block, {}, "", errors=ERROR), say("error"))
    assert Line(it).begin().of(Queued) == [Queued("a", 1)]
    busy = Line(it, centre=OpenCentre(full=True)).begin()
    assert busy.ended and busy.ended.why == "agent_busy"
    assert ran(block).said == ["error"]


def test_calls_back_are_put_down() -> None:
    line = ran(
        "CreateCallbackContact", {"QueueId": "q", "InitialCallDelaySeconds": "30", "MaximumConnectionAttempts": "2"}
    )
    asked = line.centre.asked[0]
    assert (asked.number, asked.queue, asked.delay, asked.attempts) == ("+15555550101", "q", 30, 2)
    assert line.of(CallbackAsked)[0].id == asked.id
    assert ran("CreateCallbackContact").said == ["error"]
    assert ran("CreateCallbackContact", {"QueueId": "q"}, customer="").said == ["error"]


def test_outbound_calls_chats_and_tasks_are_noted() -> None:
    assert ran("CompleteOutboundCall").said == ["error"]
    out = Line(flow(action("c", "CompleteOutboundCall")))
    out.data.initiation = "OUTBOUND"
    assert out.begin().of(Noted)[0].what == "dialled"
    sms = {"DestinationEndpoint": {"Address": "+15555550133"}, "ContactSubtype": "connect:SMS"}
    assert ran("StartOutboundChatContact", sms).of(Noted)[0].values["to"] == "+15555550133"
    assert ran("StartOutboundChatContact").said == ["error"]
    assert ran("CreateTask", {"Name": "n", "ContactFlowId": "f"}).of(Noted)[0].values["name"] == "n"
    assert ran("CreateTask", {"Name": "n"}).said == ["error"]

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from rehearsal.connect.errors import Misplaced, NoSuchResource, QueueFull
from rehearsal.connect.events import (
    CallbackAsked,
    Connected,
    Dequeued,
    Heard,
    Held,
    Music,
    Party,
    Queued,
    Screen,
    Spoke,
    Transferred,
    Whispered,
)
from rehearsal.connect.flows import Flow
from rehearsal.connect.inputs import (
    AgentAccepted,
    AgentEnded,
    AgentHeld,
    AgentResumed,
    AgentSaid,
    AgentTransferred,
    HangUp,
    Keys,
    Said,
    Silence,
    Tick,
    Typed,
    ViewAnswered,
)
from rehearsal.connect.ports import Metrics
from rehearsal.connect.stand_ins import OpenCentre
from tests.unit.connect.line import Line, action, flow, say

ERROR = {"NoMatchingError": "error"}
KIM = AgentAccepted("arn:kim", "kim")
OVER = action("over", "EndFlowExecution", then="")


def main(**hooks: str) -> Flow:
    names = [*hooks, "target"]
    listed = [
        action(f"hook-{name}" if index else name, "UpdateContactEventHooks", {"EventHooks": {name: name}}, following)
        for index, (name, following) in enumerate(
            (name, f"hook-{after}" if after != "target" else after) for name, after in pairwise(names)
        )
    ]
    return flow(
        *listed,
        action("target", "UpdateContactTargetQueue", {"QueueId": "q/bills"}, "go"),
        action("go", "TransferContactToQueue", {}, "", errors=ERROR),
        say("error"),
    )


def whisper(name: str, text: str) -> Flow:
    return flow(say("tell", text, "over"), OVER, name=name, kind="AGENT_WHISPER")


def music(name: str, *more: dict[str, Any], seconds: str = "") -> Flow:
    parameters: dict[str, Any] = {"Messages": [{"PromptId": "piano"}, {"Text": "Soon."}]}
    if seconds:
        parameters["InterruptFrequencySeconds"] = seconds
    on = {"MessagesInterrupted": str(more[0]["Identifier"])} if more else {}
    loop = action("music", "MessageParticipantIteratively", parameters, "", on, {"NoMatchingError": "over"})
    return flow(loop, OVER, *more, name=name, kind="CUSTOMER_QUEUE")


def test_a_contact_without_hooks_waits_with_music_and_is_joined_at_once() -> None:
    line = Line(main()).begin()
    assert line.of(Queued) == [Queued("q/bills", 1)] and line.of(Music) == [Music("default", "default")]
    line.take(Silence(), Tick(600), KIM)
    assert line.of(Dequeued) == [Dequeued("q/bills", "accepted")]
    assert line.of(Connected) == [Connected("arn:kim")] and line.centre.places == []
    line.take(Said("Hello"), AgentSaid("Hello, Ann"))
    assert line.of(Heard) == [Heard(Party.CUSTOMER, "Hello"), Heard(Party.AGENT, "Hello, Ann")]
    line.take(AgentEnded())
    assert line.ended and line.ended.why == "agent"
    assert line.take(Said("Anybody?"), HangUp()).ended


def test_whispers_go_to_the_agent_then_to_the_customer() -> None:
    hooks = {"AgentWhisper": "", "CustomerWhisper": ""}
    line = Line(
        main(**hooks), whisper("AgentWhisper", "From $.Queue.Name"), whisper("CustomerWhisper", "$.Agent.UserName")
    )
    line.begin(KIM)
    assert line.of(Whispered) == [
        Whispered(Party.AGENT, "From bills", "text"), Whispered(Party.CUSTOMER, "kim", "text"),
    ]  # fmt: skip
    assert isinstance(line.events[-1], Connected)


def test_a_hook_whose_flow_is_gone_counts_for_nothing() -> None:
    assert Line(main(AgentWhisper="", CustomerQueue="")).begin(KIM).of(Connected)


def test_a_whisper_without_an_end_joins_them_all_the_same() -> None:
    broken = flow(action("m", "MessageParticipant", {}, ""), name="AgentWhisper")
    assert Line(main(AgentWhisper=""), broken).begin(KIM).of(Connected)


def test_queue_flows_are_interrupted_by_time_and_by_the_agent() -> None:
    line = Line(
        main(CustomerQueue=""), music("CustomerQueue", say("offer", "Still there?", "music"), seconds="20")
    ).begin()
    assert line.of(Music) == [Music("piano", "prompt"), Music("Soon.", "text")]
    line.take(Tick(45))
    assert line.said == ["Still there?"] * 2
    line.take(KIM, Tick(60))
    assert line.said == ["Still there?"] * 2


def test_a_queue_flow_without_interruption_plays_on_and_one_that_ends_leaves_the_customer_waiting() -> None:
    endless = Line(main(CustomerQueue=""), music("CustomerQueue")).begin(Tick(10_000), Silence())
    assert endless.contact.phase == "queued"
    quiet = Line(main(CustomerQueue=""), flow(OVER, name="CustomerQueue")).begin()
    assert quiet.contact.phase == "queued" and quiet.take(KIM).of(Connected)


def test_a_queue_flow_offers_a_call_back_and_lets_go() -> None:
    errors = {"InputTimeLimitExceeded": "music", "NoMatchingCondition": "music", "NoMatchingError": "over"}
    asked = {"Text": "1?", "InputTimeLimitSeconds": "5"}
    ask = action("ask", "GetParticipantInput", asked, "", {"1": "call"}, errors)
    call = action("call", "CreateCallbackContact", {}, "bye", errors={"NoMatchingError": "music"})
    waiting = music("CustomerQueue", ask, call, seconds="10")
    line = Line(main(CustomerQueue=""), waiting).begin(Tick(10), Silence(), Tick(10), Keys("1"))
    assert line.of(CallbackAsked)[0].queue == "q/bills"
    assert line.ended and line.ended.why == "flow"
    assert line.of(Dequeued) == [Dequeued("q/bills", "ended")] and line.centre.places == []


def test_from_one_queue_to_another() -> None:
    move = action("move", "DequeueContactAndTransferToQueue", {"QueueId": "q/cards"}, "over",
                  errors={"QueueAtCapacity": "over", "NoMatchingError": "over"})  # fmt: skip
    line = Line(main(CustomerQueue=""), music("CustomerQueue", move, seconds="10")).begin()
    line.take(Tick(10))
    assert line.of(Queued) == [Queued("q/bills", 1), Queued("q/cards", 1)]
    assert line.data.queue == "q/cards" and line.centre.places == ["contact-1"]
    line.centre.full = True
    assert line.take(Tick(10)).branch("move") == "QueueAtCapacity"
    assert line.contact.phase == "queued" and line.centre.places == ["contact-1"]
    line.take(KIM, HangUp())
    assert line.ended


class Deserted(OpenCentre):
    """A centre in which one queue doesn't exist."""

    def metrics(self, queue: str, channel: str) -> Metrics:
        if queue == "q/gone":
            raise NoSuchResource(queue)
        return super().metrics(queue, channel)


def test_a_queue_that_is_not_there_is_an_error_wherever_it_is_named() -> None:
    for block in ("UpdateContactTargetQueue", "GetMetricData", "CheckMetricData"):
        it = action("b", block, {"QueueId": "q/gone", "MetricType": "NumberOfContactsInQueue"}, errors=ERROR)
        assert Line(flow(it, say("error")), centre=Deserted()).begin().said == ["error"]
    move = action("move", "DequeueContactAndTransferToQueue", {"QueueId": "q/gone"}, "over", errors=ERROR)
    waiting = music("CustomerQueue", move, say("error", then="over"), seconds="10")
    assert Line(main(CustomerQueue=""), waiting, centre=Deserted()).begin(Tick(10)).said == ["error"]


def test_a_waiting_customer_cannot_be_queued_or_sent_to_a_flow_again() -> None:
    for block in ("TransferContactToQueue", "TransferToFlow"):
        again = action("again", block, {"ContactFlowId": "main"}, "over", errors={"NoMatchingError": "error"})
        waiting = music("CustomerQueue", again, say("error", then="over"), seconds="10")
        assert Line(main(CustomerQueue=""), waiting).begin(Tick(10)).said == ["error"]


def test_moving_a_contact_that_waits_nowhere_is_an_error() -> None:
    it = action("move", "DequeueContactAndTransferToQueue", {"QueueId": "q"}, errors=ERROR)
    assert Line(flow(it, say("error"))).begin().said == ["error"]


def test_hold_plays_its_flow_until_the_agent_is_back() -> None:
    line = Line(main(CustomerHold=""), music("CustomerHold")).begin(KIM, AgentHeld())
    assert line.of(Held) == [Held(True)] and line.of(Music)[-2:] == [Music("piano", "prompt"), Music("Soon.", "text")]
    line.take(Said("Still there?"), AgentResumed(), AgentHeld(), AgentEnded())
    assert line.of(Held)[1:] == [Held(False), Held(True)] and line.ended


def guide(name: str) -> Flow:
    errors = {"NoMatchingError": "error", "TimeLimitExceeded": "late", "NoMatchingCondition": "other"}
    data = {"name": "$.Attributes.name", "n": 5}
    shown = {"ViewResource": {"Id": "v"}, "ViewData": data, "InvocationTimeLimitSeconds": "60"}
    view = action("view", "ShowView", shown, "", {"Done": "keep"}, errors)
    kept = {"Attributes": {"code": "$.Views.ViewResultData.code"}, "TargetContact": "Related"}
    keep = action("keep", "UpdateContactAttributes", kept, "over")
    return flow(view, keep, OVER, say("error"), say("late"), say("other"), name=name)


def test_the_agents_screen_runs_beside_the_conversation_and_may_write_to_it() -> None:
    line = Line(main(DefaultAgentUI=""), guide("DefaultAgentUI"))
    line.data.attributes = {"name": "Ann"}
    line.begin(KIM, Said("Hello"))
    assert line.of(Screen) == [Screen("v", {"name": "Ann", "n": 5}, ("Done",), Party.AGENT)]
    assert line.contact.screen and line.contact.screen.channel == "CHAT"
    line.take(ViewAnswered("Done", {"code": "7"}))
    assert line.data.attributes["code"] == "7" and line.contact.phase == "talking"


def test_a_screen_may_run_out_of_time_or_be_answered_otherwise() -> None:
    line = Line(main(DefaultAgentUI=""), guide("DefaultAgentUI")).begin(KIM, Tick(60))
    assert line.of(Spoke)[-1] == Spoke("late", "text", False, Party.AGENT)
    assert line.contact.phase == "talking"
    other = Line(main(DefaultAgentUI=""), guide("DefaultAgentUI")).begin(KIM, ViewAnswered("What?"))
    assert other.said[-1] == "other"


def test_a_screen_with_too_much_on_it_is_an_error() -> None:
    line = Line(main(DefaultAgentUI=""), guide("DefaultAgentUI"))
    line.data.attributes = {"name": "x" * 17_000}
    assert line.begin(KIM).said[-1] == "error"


@pytest.mark.parametrize("leaving", [AgentEnded(), HangUp()])
def test_after_the_conversation_the_agent_gets_the_closing_screen(leaving: Any) -> None:
    line = Line(main(DisconnectAgentUI=""), guide("DisconnectAgentUI")).begin(KIM, leaving)
    assert line.ended and line.of(Screen)
    line.take(ViewAnswered("Done", {"code": "solved"}))
    assert line.data.attributes["code"] == "solved"


def test_a_customer_who_remains_goes_through_the_disconnect_flow() -> None:
    errors = {"InputTimeLimitExceeded": "bye", "NoMatchingError": "bye"}
    asked = {"Text": "How was it?", "InputTimeLimitSeconds": "5"}
    rate = action("rate", "GetParticipantInput", asked, "", {"5": "thanks"}, errors)
    line = Line(main(CustomerRemaining=""), flow(rate, say("thanks"), name="CustomerRemaining")).begin(
        KIM, AgentEnded()
    )
    assert line.said == ["How was it?"] and line.data.initiation == "DISCONNECT" and not line.ended
    assert line.take(Keys("5")).said[-1] == "thanks" and line.ended


def test_agents_pass_contacts_on() -> None:
    line = Line(main(), flow(say("elsewhere"), name="elsewhere")).begin(KIM, AgentTransferred(queue="q/cards"))
    assert line.of(Transferred) == [Transferred("queue", "q/cards")] and line.of(Queued)[-1] == Queued("q/cards", 1)
    assert line.data.agent is None
    line.take(KIM, AgentTransferred(agent="a/lee"), KIM)
    assert line.of(Transferred)[-1] == Transferred("agent", "a/lee")
    with pytest.raises(Misplaced):
        line.take(AgentTransferred())
    line.centre.full = True
    with pytest.raises(QueueFull):
        line.take(AgentTransferred(queue="q/cards"))
    assert line.contact.phase == "talking"
    assert line.take(AgentTransferred(flow="elsewhere")).said[-1] == "elsewhere"


def test_a_call_back_begins_in_the_queue_and_runs_the_outbound_whisper() -> None:
    line = Line(main(), whisper("OutboundWhisper", "You asked us to call."))
    line.data.initiation, line.data.hooks = "CALLBACK", {"OutboundWhisper": "OutboundWhisper"}
    line.events += line.contact.queue("q", 1)
    line.take(KIM)
    assert line.of(Whispered) == [Whispered(Party.CUSTOMER, "You asked us to call.", "text")]
    assert line.of(Connected)
    with pytest.raises(Misplaced):
        line.contact.queue("q", 1)
    other = Line(main())
    other.contact.queue("q", 1)
    other.events += other.contact.fail("unanswered")
    assert other.ended and other.ended.why == "unanswered"


@pytest.mark.parametrize(
    "wrong", [KIM, AgentSaid("x"), AgentHeld(), AgentResumed(), AgentEnded(), ViewAnswered("x"), Typed("x"), Tick(-1)]
)
def test_inputs_that_cannot_come_now_are_refused(wrong: Any) -> None:
    ask = action("ask", "GetParticipantInput", {"InputTimeLimitSeconds": "5"}, errors={"InputTimeLimitExceeded": "bye"})
    with pytest.raises(Misplaced):
        Line(flow(ask)).begin(wrong)

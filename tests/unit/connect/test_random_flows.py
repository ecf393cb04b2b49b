"""Any flow in which only waiting blocks lead back ends, or waits for its customer, whatever comes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal.connect.errors import Misplaced, NoProgress
from rehearsal.connect.events import Ended
from rehearsal.connect.inputs import (
    AgentAccepted,
    AgentEnded,
    AgentHeld,
    AgentResumed,
    AgentTransferred,
    HangUp,
    Happened,
    Input,
    Keys,
    Said,
    Silence,
    Tick,
    Typed,
    ViewAnswered,
)
from rehearsal.connect.stand_ins import AnsweringLambdas, OpenCentre
from rehearsal.connect.state import Phase
from tests.unit.connect.line import Line, action, flow

PASSING: dict[str, dict[str, object]] = {
    "MessageParticipant": {"Text": "Hello $.Attributes.a"},
    "Compare": {"ComparisonValue": "$.StoredCustomerInput"},
    "UpdateContactAttributes": {"Attributes": {"a": "$.StoredCustomerInput"}},
    "UpdateContactTargetQueue": {"QueueId": "q"},
    "UpdateContactEventHooks": {"EventHooks": {"CustomerQueue": "waiting"}},
    "TransferContactToQueue": {},
    "InvokeLambdaFunction": {"LambdaFunctionARN": "f"},
    "Loop": {"LoopCount": "3"},
    "CheckHoursOfOperation": {},
    "DistributeByPercentage": {},
    "EndFlowExecution": {},
    "CreateCallbackContact": {},
}
STORED: dict[str, object] = {"StoreInput": "True", "InputTimeLimitSeconds": "5"}
WAITING: list[tuple[str, dict[str, object]]] = [
    ("GetParticipantInput", {"Text": "?", "InputTimeLimitSeconds": "5"}),
    ("GetParticipantInput", STORED),
    ("ConnectParticipantWithLexBot", {"LexV2Bot": {"AliasArn": "a"}, "LexTimeoutSeconds": {"Text": "9"}}),
    ("ShowView", {"ViewResource": {"Id": "v"}, "InvocationTimeLimitSeconds": "9"}),
    ("Wait", {"TimeLimitSeconds": "9", "Events": ["CustomerReturned"]}),
]
RESULTS = "1 Timeout Yes True False ContinueLooping DoneLooping WaitCompleted CustomerReturned".split()
FAILURES = ("NoMatchingCondition", "QueueAtCapacity", "NoMatchingError")


@st.composite
def contents(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Actions of a flow; the last one is `bye`."""
    size = draw(st.integers(1, 9))
    ids = [f"a{index}" for index in range(size)] + ["bye"]
    made = []
    for index in range(size):
        onward = st.sampled_from(ids[index + 1 :])
        anywhere = st.sampled_from(ids)
        waits = draw(st.booleans())
        there = anywhere if waits else onward
        block, parameters = draw(st.sampled_from(WAITING)) if waits else draw(st.sampled_from([*PASSING.items()]))
        on = draw(st.dictionaries(st.sampled_from(RESULTS), there, max_size=3))
        errors = {it: draw(onward) for it in draw(st.sets(st.sampled_from(FAILURES)))}
        errors |= {it: draw(there) for it in ("InputTimeLimitExceeded", "TimeLimitExceeded") if draw(st.booleans())}
        made.append(action(ids[index], block, parameters, draw(there | st.just("")), on, errors))
    return made


INPUTS: st.SearchStrategy[Input] = st.one_of(
    st.text("0123456789*#", max_size=5).map(Keys),
    st.sampled_from(["Yes", "no", "what is it"]).flatmap(lambda it: st.sampled_from([Said(it), Typed(it)])),
    st.floats(0, 200).map(Tick),
    st.sampled_from([Silence(), HangUp(), ViewAnswered("1"), Happened("CustomerReturned")]),
    st.sampled_from([AgentAccepted("a"), AgentEnded(), AgentHeld(), AgentResumed(), AgentTransferred(queue="q")]),
)  # fmt: skip
MUSIC = flow(
    action("music", "MessageParticipantIteratively", {"Messages": [{"Text": "Soon"}], "InterruptFrequencySeconds": "7"},
           "", {"MessagesInterrupted": "music"}, {"NoMatchingError": "end"}),
    action("end", "EndFlowExecution", then=""), name="waiting", kind="CUSTOMER_QUEUE",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(contents(), st.lists(INPUTS, max_size=12), st.sampled_from(["VOICE", "CHAT"]), st.booleans(), st.booleans())
def test_whatever_comes_a_contact_ends_or_waits(
    actions: list[dict[str, Any]], inputs: list[Input], channel: str, full: bool, answering: bool
) -> None:
    lambdas = AnsweringLambdas(otherwise={} if answering else None)
    line = Line(flow(*actions), MUSIC, channel=channel, centre=OpenCentre(full=full), lambdas=lambdas)
    line.begin()
    for it in [*inputs, HangUp()]:
        try:
            line.take(it)
        except Misplaced:
            continue
        waits = line.contact.waiting is not None
        assert waits or line.contact.phase in (Phase.OVER, Phase.QUEUED, Phase.TALKING, Phase.HELD)
    assert len([it for it in line.events if isinstance(it, Ended)]) == 1
    assert isinstance(line.ended, Ended)
    assert line.centre.places == []


@settings(max_examples=150, deadline=None)
@given(contents(), st.data())
def test_a_flow_that_leads_back_anywhere_ends_waits_or_is_refused(
    actions: list[dict[str, Any]], data: st.DataObject
) -> None:
    ids = [it["Identifier"] for it in actions]
    for it in actions:
        if "NextAction" in it["Transitions"] and data.draw(st.booleans()):
            it["Transitions"]["NextAction"] = data.draw(st.sampled_from(ids))
    line = Line(flow(*actions))
    try:
        line.begin(HangUp())
    except NoProgress as refused:
        repeated = refused.path[-(len(set(refused.path)) + 1) :]
        assert len(set(repeated)) < len(repeated)
    else:
        assert line.ended

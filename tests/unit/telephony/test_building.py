"""A flow that could be built has the shape that Connect wants, and lies tidily in its editor."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given

from telephony import blocks
from telephony.checking import check
from telephony.flow import Block, Flow, FlowBuilder, FlowProblem, above, read_flow
from telephony.language import MOST_CHARACTERS, VERSION, ErrorType, FlowType
from telephony.layout import boxes
from tests.unit.telephony.building import built

STRUCTURAL = {
    "unknown-type", "missing-parameter", "unknown-parameter", "bad-value", "missing-error-branch", "unknown-error",
    "unknown-condition-operator", "unknown-condition", "missing-condition", "duplicate-identifier", "bad-identifier",
    "unresolved-transition", "dead-end", "after-the-end", "unreachable-action", "never-ends", "content-too-long",
    "wrong-flow-type", "lambda-time-limit",
}  # fmt: skip


def builder() -> FlowBuilder:
    return FlowBuilder("test", FlowType.CONTACT_FLOW, "A flow to test with.")


@given(built())
def test_whatever_is_built_passes_the_structural_checks(flow: Flow) -> None:
    assert [finding for finding in check(flow) if finding.check in STRUCTURAL] == []


@given(built())
def test_no_block_lies_on_another(flow: Flow) -> None:
    places = boxes(flow)
    assert set(places) == {action.id for action in flow.actions}
    for one, other in itertools.combinations(places.values(), 2):
        assert not one.overlaps(other)


@given(built())
def test_a_flow_survives_its_json(flow: Flow) -> None:
    content = json.loads(json.dumps(flow.content()))
    assert len(json.dumps(content)) < MOST_CHARACTERS
    read = read_flow(flow.name, flow.type, content)
    assert (read.start, read.actions) == (flow.start, flow.actions)


def test_a_flow_is_written_as_connect_writes_it() -> None:
    flow = builder()
    flow.add("ask", blocks.get_customer_input("Press 1."), when={"1": "end"}, otherwise="sorry")
    flow.do("sorry", blocks.play_prompt("Sorry."), "end")
    flow.add("end", blocks.disconnect())
    content = flow.build().content()
    assert content["Version"] == VERSION and content["StartAction"] == "ask"
    assert content["Actions"] == [
        {
            "Identifier": "ask",
            "Type": "GetParticipantInput",
            "Parameters": {"Text": "Press 1.", "InputTimeLimitSeconds": "8", "StoreInput": "False"},
            "Transitions": {
                "NextAction": "sorry",
                "Conditions": [{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["1"]}}],
                "Errors": [
                    {"NextAction": "sorry", "ErrorType": "InputTimeLimitExceeded"},
                    {"NextAction": "sorry", "ErrorType": "NoMatchingCondition"},
                    {"NextAction": "sorry", "ErrorType": "NoMatchingError"},
                ],
            },
        },
        {
            "Identifier": "sorry",
            "Type": "MessageParticipant",
            "Parameters": {"Text": "Sorry."},
            "Transitions": {
                "NextAction": "end",
                "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}],
            },
        },
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ]


def test_words_that_are_ssml_go_out_as_ssml() -> None:
    assert blocks.play_prompt("<speak>Hello.</speak>").parameters == {"SSML": "<speak>Hello.</speak>"}
    assert blocks.play_prompt("Hello.").parameters == {"Text": "Hello."}


def test_a_comparison_by_number_is_one() -> None:
    flow = builder()
    compare = blocks.check_contact_attributes("$.Metrics.Queue.Size")
    flow.add("how many", compare, when={above(5): "end"}, otherwise="end")
    flow.add("end", blocks.disconnect())
    condition = flow.build().actions[0].conditions[0]
    assert (condition.operator, condition.operands) == ("NumberGreaterThan", ("5",))


def test_the_builder_says_what_is_missing() -> None:
    flow = builder()
    with pytest.raises(FlowProblem, match="no blocks"):
        flow.build()
    with pytest.raises(FlowProblem, match="nothing about QueueAtCapacity"):
        flow.add("go", blocks.transfer_to_queue(), errors={ErrorType.NO_MATCHING_ERROR: "end"})
    with pytest.raises(FlowProblem, match="unknown type 'Sing'"):
        flow.add("sing", Block("Sing", {}))
    flow.do("greet", blocks.play_prompt("Hello."), "nowhere")
    with pytest.raises(FlowProblem, match="another block called 'greet'"):
        flow.do("greet", blocks.play_prompt("Hello."), "end")
    with pytest.raises(FlowProblem, match="'greet' leads to 'nowhere'"):
        flow.build()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({}, "Actions must be a list"),
        ({"Actions": [], "StartAction": ""}, "StartAction must be a text"),
        ({"Actions": [], "StartAction": "a", "Version": "2"}, "Version is '2'"),
        ({"Actions": ["x"], "StartAction": "a"}, r"Actions\[0\] must be an object"),
        ({"Actions": [{"Identifier": "a"}], "StartAction": "a"}, r"Actions\[0\].Type must be a text"),
        (
            {"Actions": [{"Identifier": "a", "Type": "T", "Transitions": {"Errors": [{}]}}], "StartAction": "a"},
            r"Errors\[0\].NextAction must be a text",
        ),
    ],
)
def test_content_without_a_flow_s_shape_is_refused_at_its_place(content: dict[str, object], says: str) -> None:
    with pytest.raises(FlowProblem, match=says):
        read_flow("foreign", FlowType.CONTACT_FLOW, content)

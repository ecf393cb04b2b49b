from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.connect.errors import BrokenFlow, UnknownFlow
from rehearsal.connect.flows import MODULE, Flows, read_flow
from tests.unit.connect.line import BYE, action, flow, say

SAMPLES = Path(__file__).parent / "samples"


def content(**changes: Any) -> dict[str, Any]:
    return {"Version": "2019-10-30", "StartAction": "bye", "Actions": [BYE], **changes}


def test_a_flow_is_read_from_text_with_its_name_and_kind_from_the_metadata() -> None:
    found = read_flow((SAMPLES / "clinic-waiting.json").read_text("utf-8"))
    assert (found.name, found.kind, found.start) == ("clinic-waiting", "CUSTOMER_QUEUE", "music")
    assert found.actions["music"].conditions[0].operands == ("MessagesInterrupted",)
    assert found.actions["over"].next is None


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ("{", "no JSON"),
        ("[]", "must be a JSON object"),
        (json.dumps(content(Version="1")), "Version is '1'"),
        (json.dumps(content(Actions=[])), "at least one action"),
        (json.dumps(content(Actions=[BYE] * 251)), "251 actions"),
        (json.dumps(content(Actions=[BYE, BYE])), "bye: two actions"),
        (json.dumps(content(StartAction="x")), "StartAction names 'x'"),
        (json.dumps(content(Actions=[7])), "an action must be an object"),
        (json.dumps(content(Actions=[{"Type": "Wait"}])), "no Identifier"),
        (json.dumps(content(Actions=[{"Identifier": "a"}])), "a: the action has no Type"),
        (json.dumps(content(Actions=[BYE | {"Parameters": []}])), "bye: Parameters must be an object"),
        (json.dumps(content(Actions=[BYE | {"Transitions": {"NextAction": 1}}])), "bye: NextAction must be"),
        (json.dumps(content(Actions=[BYE | {"Transitions": {"Errors": {}}}])), "bye: Errors must be a list"),
        (json.dumps(content(Actions=[BYE | {"Transitions": {"Errors": [{"NextAction": "bye"}]}}])), "ErrorType"),
        (json.dumps(content(Actions=[BYE | {"Transitions": {"NextAction": "gone"}}])), "bye: a transition leads"),
        (json.dumps(content(Actions=[BYE, action("c", "Compare", {}, on={"x": "bye"}) | {"Transitions": {
            "Conditions": [{"NextAction": "bye", "Condition": {"Operator": "Equals", "Operands": []}}]}}])),
            "Operands"),
        (json.dumps({"modules": [4], "start": "x"}), "a module must be an object"),
        (json.dumps({"modules": [{"id": "x"}], "start": "x"}), "x: a module has no id or no type"),
    ],
)  # fmt: skip
def test_a_broken_flow_is_refused_with_flow_and_action(broken: str, named: str) -> None:
    with pytest.raises(BrokenFlow, match=named) as refused:
        read_flow(broken, name="broken one")
    assert refused.value.flow == "broken one"


def test_flows_are_found_by_arn_id_and_name_with_and_without_an_alias() -> None:
    arn = "arn:aws:connect:us-east-1:1:instance/i/contact-flow/abc"
    it = read_flow(content(), name="desk", arn=arn)
    flows = Flows([it, flow(say("hi"), name="m", kind=MODULE)])
    assert len(flows) == 2
    for reference in (arn, f"{arn}:$LATEST", "desk", "arn:aws:connect:eu-west-1:2:instance/j/contact-flow/abc"):
        assert flows.find(reference) is it
    with pytest.raises(UnknownFlow, match="known are desk, m"):
        flows.find("nobody")

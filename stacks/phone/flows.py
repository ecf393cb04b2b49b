"""The contact flows, as `telephony` writes and checks them, with what they name here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aws_cdk import Fn, Stack, Token
from aws_cdk.aws_connect import CfnContactFlow
from constructs import Construct, IConstruct

from stacks.phone.instance import Centre
from telephony import checking
from telephony.contact_centre import Places, Telephones, build, names
from telephony.flow import Flow

INBOUND = "inbound"
"""What answers calls and chats."""
CALLS_BACK = "callback_whisper"
"""What a customer hears who is called back."""

FOLLOWS_UP = "follow_up"
"""Where a task goes that was left to do."""


def contact_flows(
    scope: Construct, centre: Centre, words: Telephones, places: Places, *, first: Sequence[IConstruct]
) -> dict[str, CfnContactFlow]:
    """Every flow by its name; `first` is what must be there before a flow may name it.

    Raises FlowsRefused, with every finding, if a check of `telephony.checking` finds something, and
    FlowProblem for one that names a flow which comes after it.
    """
    made: dict[str, str] = {}
    written = []
    for name in names(words):
        # Of those before it alone: two flows that named each other could not be made.
        written.append(build(name, words, replace(places, flows=dict(made))))
        made[name] = arn(name)
    checking.require(written)
    return {flow.name: _resource(scope, centre, flow, first) for flow in written}


def arn(name: str) -> str:
    """A flow's ARN before it is made: flows name each other, and CloudFormation orders them by that."""
    token: str = Token.as_string(Fn.get_att(logical_id(name), "ContactFlowArn"))
    return token


def logical_id(name: str) -> str:
    """What a flow is called in the template."""
    return "".join(word.title() for word in name.replace("-", "_").split("_")) + "Flow"


def _resource(scope: Construct, centre: Centre, flow: Flow, first: Sequence[IConstruct]) -> CfnContactFlow:
    resource = CfnContactFlow(
        scope,
        logical_id(flow.name),
        instance_arn=centre.arn,
        name=centre.name(flow.name.replace("_", "-")),
        description=flow.description,
        type=flow.type,
        state="ACTIVE",
        content=Stack.of(scope).to_json_string(flow.content()),
    )
    for one in first:
        resource.node.add_dependency(one)
    return resource

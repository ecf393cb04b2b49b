"""Blocks that leave a flow: to another, out of a module, or out of the contact."""

from __future__ import annotations

from rehearsal.connect.errors import UnknownFlow
from rehearsal.connect.flows import MODULE
from rehearsal.connect.run import (
    ADMIN,
    LANGUAGE,
    Block,
    CallModule,
    Disconnect,
    Failed,
    FlowOver,
    GoTo,
    Outcome,
    ReturnFromModule,
    Role,
    Run,
)


def _transferred(run: Run) -> Outcome:
    if run.role in (Role.HOLD, Role.QUEUE, Role.WHISPER):
        return Failed("NoMatchingError", f"a {run.role} flow can't go on in another")
    try:
        flow = run.flows.find(run.single("ContactFlowId"))
    except UnknownFlow as unknown:
        return Failed("NoMatchingError", str(unknown))
    if flow.kind == MODULE:
        return Failed("NoMatchingError", f"{flow.name} is a module: invoke it")
    # Attributes of a flow end with it (developer guide, UpdateFlowAttributes).
    run.data.flow_attributes.clear()
    return GoTo(flow)


def _module(run: Run) -> Outcome:
    try:
        return CallModule(run.flows.find(run.text("FlowModuleId")))
    except UnknownFlow as unknown:
        return Failed("NoMatchingError", str(unknown))


BLOCKS = (
    Block("TransferToFlow", _transferred, "Goes on in the other flow.", f"{ADMIN}transfer-to-flow.html"),
    Block("InvokeFlowModule", _module, "Runs the module and comes back.", f"{ADMIN}invoke-module-block.html"),
    Block(
        "EndFlowModuleExecution",
        lambda _: ReturnFromModule(),
        "Comes back from the module.",
        f"{LANGUAGE}endflowmoduleexecution.html",
    ),
    Block(
        "EndFlowExecution",
        lambda _: FlowOver(),
        "Ends the flow: a whisper is over, a queue goes on waiting, an inbound contact ends.",
        f"{ADMIN}end-flow-resume.html",
    ),
    Block(
        "DisconnectParticipant",
        lambda _: Disconnect(),
        "Ends the contact.",
        f"{ADMIN}disconnect-hang-up.html",
    ),
)

"""What the agent sees: the customer's screen while the contact is open, and the disposition when it has ended.

Guides run as a chat contact of their own, started by the hooks DefaultAgentUI and DisconnectAgentUI. Unproven here:
that it carries the customer's contact attributes, and that `$.Agent.UserName` is filled in it.
Answers read: agent_screen's name, assurance, doing, details, turns, sentiment (flat; turns is JSON as text).
View results read: code, note, follow_up. Function called: disposition (pointer, agent, code, note, follow_up).
"""

from __future__ import annotations

from telephony.blocks import (
    check_contact_attributes,
    create_task,
    disconnect,
    invoke_function,
    loop,
    show_view,
)
from telephony.flow import Flow, FlowBuilder
from telephony.language import Channel, ErrorType, FlowType
from telephony.paths import AGENT, answered, chosen, kept
from telephony.places import Setting

SHOWN = {
    "name": "name",
    "assurance": "assurance",
    "task": "doing",
    "notice": "details",
    "turns": "turns",
    "sentiment": "sentiment",
}
"""Inputs of the view `screen` to the answers of the function `agent_screen`."""
SECONDS = 8
OPEN_SECONDS = 7_200
"""How long a guide stays open: longer than any conversation is expected to."""
REFRESHES = 100
GUIDE = frozenset({Channel.CHAT})
POINTER = {"pointer": kept("pointer"), "relay": kept("relay")}
"""Whom the contact is with; a pointer is good for its contact, or for the relay that began it."""


def agent_screen(setting: Setting) -> Flow:
    """The flow `agent_screen`: profile, assurance, open task, last turns, sentiment; refreshed by a button."""
    flow = FlowBuilder("agent_screen" + setting.suffix, FlowType.CONTACT_FLOW, "What the agent sees.", channels=GUIDE)
    ask = invoke_function(
        setting.function("agent_screen"),
        {**POINTER, "agent": AGENT},
        seconds=SECONDS,
    )
    version = setting.places.view_version
    data = {name: answered(answer) for name, answer in SHOWN.items()}
    flow.add("look", ask, "screen", otherwise="missing")
    flow.add(
        "screen",
        show_view(setting.view("screen"), version, seconds=OPEN_SECONDS, **data),
        when={"Refresh": "refreshes", "Done": "end"},
        errors={ErrorType.NO_MATCHING_CONDITION: "refreshes"},
        otherwise="end",
    )
    missing = dict.fromkeys(SHOWN, "-") | {"notice": setting.words.show("screen_missing")}
    flow.add(
        "missing",
        show_view(setting.view("screen"), version, seconds=OPEN_SECONDS, **missing),
        when={"Refresh": "refreshes", "Done": "end"},
        errors={ErrorType.NO_MATCHING_CONDITION: "refreshes"},
        otherwise="end",
    )
    flow.add("refreshes", loop(REFRESHES), when={"ContinueLooping": "look", "DoneLooping": "end"})
    flow.add("end", disconnect())
    return flow.build()


def after_contact(setting: Setting) -> Flow:
    """The flow `after_contact`: how it ended, a note, and a task if something is left to do."""
    words, places = setting.words, setting.places
    flow = FlowBuilder("after_contact" + setting.suffix, FlowType.CONTACT_FLOW, "How it ended.", channels=GUIDE)
    view = show_view(setting.view("disposition"), places.view_version, seconds=OPEN_SECONDS, intent=kept("intent"))
    flow.add("ask", view, when={"Save": "keep"}, errors={ErrorType.NO_MATCHING_CONDITION: "rounds"}, otherwise="end")
    fields = {name: chosen(name) for name in ("code", "note", "follow_up")}
    save = invoke_function(
        setting.function("disposition"),
        {**POINTER, "agent": AGENT, **fields},
        seconds=SECONDS,
    )
    flow.add("keep", save, "follow up", otherwise="rounds")
    flow.add("rounds", loop(2), when={"ContinueLooping": "ask", "DoneLooping": "end"})
    flow.add("follow up", check_contact_attributes(chosen("follow_up")), when={"true": "task"}, otherwise="end")
    task = create_task(
        places.task_template,
        setting.flow("follow_up"),
        name=words.show("task_name", intent=kept("intent")),
        description=words.show("task_note", note=chosen("note")),
        pointer=kept("pointer"),
        intent=kept("intent"),
    )
    flow.add("task", task, "end", otherwise="rounds")
    flow.add("end", disconnect())
    return flow.build()

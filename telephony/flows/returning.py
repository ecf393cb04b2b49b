"""What comes back: a call to the customer, a chat after the agent left, work that was left to do."""

from __future__ import annotations

from telephony.blocks import (
    check_contact_attributes,
    disconnect,
    invoke_function,
    play_prompt,
    set_contact_attributes,
    transfer_to_flow,
    transfer_to_queue,
)
from telephony.flow import Flow, FlowBuilder
from telephony.flows.routing import CALLED, choose_queue, hang_hooks
from telephony.language import Channel, FlowType
from telephony.paths import CHANNEL, answered, kept
from telephony.places import Setting

SECONDS = 2
"""How long it may take to find out who is called."""


def callback(setting: Setting) -> Flow:
    """The flow `callback`: runs when a callback contact is created, with nobody on the line, and queues it.

    Source: "Set creation flow" of docs.aws.amazon.com/connect/latest/adminguide/transfer-to-queue.html.
    """
    voice = frozenset({Channel.VOICE})
    flow = FlowBuilder("callback" + setting.suffix, FlowType.CONTACT_FLOW, "Queues a call to the customer.", voice)
    # The pointer was the other contact's, and may have expired: this one has its own, for the number that is called.
    look = invoke_function(setting.function("contact_data"), {"pointer": kept("pointer")}, seconds=SECONDS)
    first = f"hook {CALLED[0][0]}"
    flow.add("who", look, "keep", otherwise=first)
    mine = {name: answered(name) for name in ("pointer", "assurance", "known", "tier")}
    flow.add("keep", set_contact_attributes(**mine), first, otherwise=first)
    hang_hooks(flow, setting, "intent", CALLED)
    choose_queue(flow, setting, "enter", failed="end")
    flow.add("enter", transfer_to_queue(), otherwise="end")
    flow.add("end", disconnect())
    return flow.build()


def after_agent(setting: Setting) -> Flow:
    """The flow `disconnect`, for the hook CustomerRemaining: in a chat the bot comes back with a word."""
    words = setting.words
    flow = FlowBuilder("disconnect" + setting.suffix, FlowType.CONTACT_FLOW, "When the agent has left.")
    flow.add("channel", check_contact_attributes(CHANNEL), when={"CHAT": "back"}, otherwise="end")
    # Until it is told, the dialogue leaves every word to the person.
    told = invoke_function(
        setting.function("contact_data"), {"pointer": kept("pointer"), "back": "true"}, seconds=SECONDS
    )
    flow.add("back", told, "say back", otherwise="say back")
    flow.do("say back", play_prompt(words.show("person_left")), "converse")
    flow.add("converse", transfer_to_flow(setting.flow("conversation")), otherwise="trouble")
    flow.do("trouble", play_prompt(words.show("trouble")), "end")
    flow.add("end", disconnect())
    return flow.build()


def follow_up(setting: Setting) -> Flow:
    """The flow `follow_up`: a task goes to the people who know about its intent."""
    tasks = frozenset({Channel.TASK})
    flow = FlowBuilder("follow_up" + setting.suffix, FlowType.CONTACT_FLOW, "Queues a task.", tasks)
    choose_queue(flow, setting, "enter", failed="end")
    flow.add("enter", transfer_to_queue(), otherwise="end")
    flow.add("end", disconnect())
    return flow.build()

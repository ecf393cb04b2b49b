"""Just before two people talk: what the agent hears, and what the customer hears.

Contact attributes read: assurance, intent, recording.
"""

from __future__ import annotations

from telephony.blocks import check_contact_attributes, end_flow, play_prompt, record_voice
from telephony.flow import Flow, FlowBuilder
from telephony.language import Channel, FlowType
from telephony.paths import kept
from telephony.places import Setting


def agent_whisper(setting: Setting) -> Flow:
    """The flow `agent_whisper`: how far the customer is known, and what it is about."""
    words, intent = setting.words, kept("intent")
    flow = FlowBuilder("agent_whisper" + setting.suffix, FlowType.AGENT_WHISPER, "What the agent hears first.")
    flow.add(
        "assurance",
        check_contact_attributes(kept("assurance")),
        when={"verified": "verified", "linked": "claimed", "claimed": "claimed"},
        otherwise="unknown",
    )
    for name in ("verified", "claimed", "unknown"):
        flow.do(name, play_prompt(words.show(f"whisper_{name}", intent=intent)), "end")
    flow.add("end", end_flow())
    return flow.build()


def customer_whisper(setting: Setting) -> Flow:
    """The flow `customer_whisper`: a person comes, and whether the call is recorded."""
    words = setting.words
    flow = FlowBuilder("customer_whisper" + setting.suffix, FlowType.CUSTOMER_WHISPER, "What the customer hears first.")
    flow.add("recording", check_contact_attributes(kept("recording")), when={"agreed": "recorded"}, otherwise="person")
    flow.do("recorded", play_prompt(words.show("person_joins_recorded")), "end")
    flow.do("person", play_prompt(words.show("person_joins")), "end")
    flow.add("end", end_flow())
    return flow.build()


def callback_whisper(setting: Setting) -> Flow:
    """The flow `callback_whisper`, for the queues' outbound whisper: who calls, recorded only if that was agreed.

    Unproven here: that a callback contact carries the attributes of the call that asked for it. Without them nothing
    is recorded.
    """
    words = setting.words
    flow = FlowBuilder(
        "callback_whisper" + setting.suffix,
        FlowType.OUTBOUND_WHISPER,
        "What is heard when a callback is answered.",
        channels=frozenset({Channel.VOICE}),
    )
    flow.add("recording", check_contact_attributes(kept("recording")), when={"agreed": "record"}, otherwise="greet")
    flow.add("record", record_voice(words.language), "greet recorded", otherwise="greet")
    flow.do("greet recorded", play_prompt(words.say("callback_greeting_recorded")), "end")
    flow.do("greet", play_prompt(words.say("callback_greeting")), "end")
    flow.add("end", end_flow())
    return flow.build()

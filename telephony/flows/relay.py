"""Where a conversation from another channel joins a person: a chat that its customer never sees as one.

The function `relay` begins it and speaks in it for them. Contact attributes come with it: relay, pointer, assurance,
intent, reason, locale, language. Set here: relayed, tier, recording.
"""

from __future__ import annotations

from telephony.blocks import (
    disconnect,
    play_prompt,
    set_contact_attributes,
    set_language,
    set_logging,
    transfer_to_flow,
    wait,
)
from telephony.flow import Flow, FlowBuilder
from telephony.language import Channel, FlowType
from telephony.places import Setting

SETTLE_SECONDS = 2
"""In which the function `relay` has connected, and has the chat streamed."""


def relay(setting: Setting) -> Flow:
    """The flow `relay`: start chats with it that a text channel is behind."""
    words = setting.words
    chats = frozenset({Channel.CHAT})
    flow = FlowBuilder("relay" + setting.suffix, FlowType.CONTACT_FLOW, "Joins a text channel and a person.", chats)
    flow.add("log", set_logging(True), "language")
    # What is said before the chat is streamed would be heard by nobody.
    flow.add("language", set_language(words.language), "settle", otherwise="settle")
    flow.add("settle", wait(SETTLE_SECONDS), when={"WaitCompleted": "tier"}, otherwise="tier")
    flow.add(
        "tier",
        set_contact_attributes(relayed="true", tier="standard", recording="unknown"),
        "person",
        otherwise="person",
    )
    flow.add("person", transfer_to_flow(setting.flow("hand_over")), otherwise="trouble")
    flow.do("trouble", play_prompt(words.show("trouble")), "hang up")
    flow.add("hang up", disconnect())
    return flow.build()

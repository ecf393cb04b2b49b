"""While customers wait: words, music, their place in line, and a callback whenever they like.

Contact attributes read: pointer, reason. Set: callback_number. Function called: callback.
"""

from __future__ import annotations

from telephony.blocks import (
    check_contact_attributes,
    disconnect,
    end_flow,
    get_customer_input,
    get_metrics,
    loop,
    loop_prompts,
    play_prompt,
    set_contact_attributes,
    wait,
)
from telephony.flow import Flow, FlowBuilder, above
from telephony.flows.hand_over import book_callback
from telephony.language import FlowType
from telephony.paths import CALLER, CHANNEL, POSITION
from telephony.places import Setting

VOICE_SECONDS, CHAT_SECONDS = 45, 120
"""How often those who wait are told where they stand."""
PAUSE = '<speak><break time="10s"/></speak>'
AGAIN = 3
"""How often the waiting is begun anew if its words can't be played."""


def customer_queue(setting: Setting) -> Flow:
    """The flow `customer_queue`: runs while a contact is in a queue."""
    words = setting.words
    flow = FlowBuilder("customer_queue" + setting.suffix, FlowType.CUSTOMER_QUEUE, "While customers wait.")
    flow.add("channel", check_contact_attributes(CHANNEL), when={"CHAT": "begin chat"}, otherwise="begin")
    flow.do("begin", play_prompt(words.say("queue_begins")), "wait")
    music = setting.places.music
    spoken = [words.say("queue_message"), *([] if music else [PAUSE])]
    flow.add(
        "wait",
        loop_prompts(spoken, seconds=VOICE_SECONDS, music=music),
        when={"MessagesInterrupted": "metrics"},
        otherwise="rounds",
    )
    flow.add("rounds", loop(AGAIN), when={"ContinueLooping": "wait", "DoneLooping": "wait on"})
    flow.do("metrics", get_metrics("Voice"), "position")
    flow.add("position", check_contact_attributes(POSITION), when={above(0): "say position"}, otherwise="offer")
    flow.do("say position", play_prompt(words.say("queue_position", position=POSITION)), "offer")
    offer = get_customer_input(words.say("queue_offer"), seconds=4)
    flow.add("offer", offer, when={"1": "number"}, otherwise="wait")
    _callback(flow, setting)
    # Only calls have looped prompts: a chat is written to now and then.
    flow.do("begin chat", play_prompt(words.show("queue_begins")), "wait in chat")
    flow.add("wait in chat", wait(CHAT_SECONDS), when={"WaitCompleted": "chat message"}, otherwise="chat rounds")
    flow.add("chat rounds", loop(AGAIN), when={"ContinueLooping": "wait in chat", "DoneLooping": "wait on"})
    flow.do("chat message", play_prompt(words.show("queue_message")), "chat metrics")
    flow.do("chat metrics", get_metrics("Chat"), "chat position")
    flow.add(
        "chat position",
        check_contact_attributes(POSITION),
        when={above(0): "show position"},
        otherwise="wait in chat",
    )
    flow.do("show position", play_prompt(words.show("queue_position", position=POSITION)), "wait in chat")
    flow.add("wait on", end_flow())
    return flow.build()


def _callback(flow: FlowBuilder, setting: Setting) -> None:
    words = setting.words
    flow.do("number", set_contact_attributes(callback_number=CALLER), "moment")
    flow.do("moment", play_prompt(words.say("one_moment")), "promise")
    book_callback(flow, setting, refused="number wrong", failed="no callback")
    flow.do("number wrong", play_prompt(words.say("number_wrong")), "wait")
    flow.do("no callback", play_prompt(words.say("callback_failed")), "wait")
    flow.add("hang up", disconnect())

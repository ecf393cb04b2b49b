"""From the bot to a person: hours and holidays, the queue, how long it takes, a callback, and back again if need be.

Contact attributes read: intent, tier, home, pointer, reason, relayed. Set: assurance, tier, callback_number.
Functions called: contact_data (pointer, relay), answers read: assurance, tier; callback (pointer, number, reason),
answers read: promised, number.
"""

from __future__ import annotations

from telephony.blocks import (
    check_contact_attributes,
    check_hours,
    create_callback,
    disconnect,
    get_customer_input,
    get_metrics,
    invoke_function,
    loop,
    play_prompt,
    set_callback_number,
    set_contact_attributes,
    store_phone_number,
    transfer_to_flow,
    transfer_to_queue,
)
from telephony.flow import Flow, FlowBuilder, above, up_to
from telephony.flows.routing import choose_queue, hang_hooks
from telephony.language import ErrorType, FlowType
from telephony.paths import CALLER, CHANNEL, KEYED, QUEUE_WAIT, TIMED_OUT, answered, kept
from telephony.places import Setting

LONG, SHORT = 600, 120
"""Seconds of waiting from which a callback is offered, and up to which it is a minute or two."""
ATTEMPTS, BETWEEN = 2, 600
"""How often a callback is tried, and seconds between."""
SECONDS = 8
LOOK_UP_SECONDS = 2
"""How long it may take to find out what the caller has proved."""


def hand_over(setting: Setting) -> Flow:
    """The flow `hand_over`."""
    words = setting.words
    flow = FlowBuilder("hand_over" + setting.suffix, FlowType.CONTACT_FLOW, "From the bot to a person, or a callback.")
    flow.do("to person", play_prompt(words.show("to_person")), "who")
    # What was proved since the call began is worth more than its number, to the agent and to the queue.
    look = invoke_function(
        setting.function("contact_data"), {"pointer": kept("pointer"), "relay": kept("relay")}, seconds=LOOK_UP_SECONDS
    )
    flow.add("who", look, "now known", otherwise="intent")
    now = set_contact_attributes(assurance=answered("assurance"), tier=answered("tier"))
    flow.add("now known", now, "intent", otherwise="intent")
    open_ = "holiday" if setting.places.holidays else "hours"
    choose_queue(flow, setting, open_, failed="trouble")
    if setting.places.holidays:
        when = {"True": "say holiday", "False": "hours"}
        flow.add("holiday", check_hours(setting.places.holidays), when=when, otherwise="hours")
        flow.do("say holiday", play_prompt(words.show("holiday")), "later")
    ready = "hook CustomerQueue"
    flow.add("hours", check_hours(), when={"True": ready, "False": "say closed"}, otherwise=ready)
    flow.do("say closed", play_prompt(words.show("closed")), "later")
    hang_hooks(flow, setting, "channel")
    flow.add("channel", check_contact_attributes(CHANNEL), when={"CHAT": "enter"}, otherwise="metrics")
    _wait(flow, setting)
    flow.add("enter", transfer_to_queue(), errors={ErrorType.QUEUE_AT_CAPACITY: "say full"}, otherwise="trouble")
    flow.do("say full", play_prompt(words.show("full")), "later")
    flow.do("trouble", play_prompt(words.show("trouble")), "later")
    # Behind a relay is a channel where the assistant comes back by itself, once this chat is over.
    flow.add("later", check_contact_attributes(CHANNEL), when={"CHAT": "relayed"}, otherwise="offer later")
    flow.add("relayed", check_contact_attributes(kept("relayed")), when={"true": "hang up"}, otherwise="assistant")
    flow.add(
        "offer later",
        get_customer_input(words.say("offer_callback_later")),
        when={"1": "number", "2": "assistant"},
        otherwise="goodbye",
    )
    _callback(flow, setting, open_)
    # The dialogue has handed over, and would leave every word to a person: it is told that there is none.
    back = invoke_function(
        setting.function("contact_data"), {"pointer": kept("pointer"), "back": "true"}, seconds=LOOK_UP_SECONDS
    )
    flow.add("assistant", back, "back", otherwise="back")
    flow.do("back", play_prompt(words.show("back_to_assistant")), "home")
    flow.add("home", transfer_to_flow(kept("home")), otherwise="goodbye")
    flow.do("goodbye", play_prompt(words.show("goodbye")), "hang up")
    flow.add("hang up", disconnect())
    return flow.build()


def _wait(flow: FlowBuilder, setting: Setting) -> None:
    """Nothing is promised that the metrics don't say."""
    words = setting.words
    flow.do("metrics", get_metrics("Voice"), "wait")
    flow.add(
        "wait",
        check_contact_attributes(QUEUE_WAIT),
        when={above(LONG): "say long", above(SHORT): "say some", up_to(SHORT): "say short"},
        otherwise="enter",
    )
    flow.do("say long", play_prompt(words.say("wait_long")), "offer")
    flow.do("say some", play_prompt(words.say("wait_some")), "enter")
    flow.do("say short", play_prompt(words.say("wait_short")), "enter")
    flow.add(
        "offer",
        get_customer_input(words.say("offer_callback")),
        when={"1": "number", "2": "enter"},
        otherwise="enter",
    )


def _callback(flow: FlowBuilder, setting: Setting, otherwise: str) -> None:
    """To the number that calls, or to one that is keyed in; a number that can't be called is asked for again.

    The function decides which number may be called. If it fails, the one that the call comes from will do. Who can't
    be called back goes on at `otherwise`, and may wait; the second time, with the assistant.
    """
    words = setting.words
    number = kept("callback_number")
    flow.do("number", set_contact_attributes(callback_number=CALLER), "confirm number")
    flow.add(
        "confirm number",
        get_customer_input(words.say("callback_number", number=number)),
        when={"1": "moment", "2": "other numbers"},
        errors={ErrorType.NO_MATCHING_CONDITION: "other numbers"},
        otherwise="moment",
    )
    flow.add("other numbers", loop(2), when={"ContinueLooping": "ask number", "DoneLooping": "no callback"})
    flow.add(
        "ask number",
        store_phone_number(words.say("ask_number"), country=words.country),
        "number keyed",
        errors={ErrorType.INVALID_PHONE_NUMBER: "numbers"},
        otherwise="no callback",
    )
    flow.add("number keyed", check_contact_attributes(KEYED), when={TIMED_OUT: "numbers"}, otherwise="take number")
    flow.add("take number", set_contact_attributes(callback_number=KEYED), "confirm number", otherwise="no callback")
    flow.add("numbers", loop(2), when={"ContinueLooping": "number wrong", "DoneLooping": "no callback"})
    flow.do("number wrong", play_prompt(words.say("number_wrong")), "ask number")
    flow.do("moment", play_prompt(words.say("one_moment")), "promise")
    book_callback(flow, setting, refused="numbers", failed="no callback")
    flow.do("no callback", play_prompt(words.say("callback_failed")), "once more")
    # Whose number can't be called is not sent round and round: the assistant is all that there is for them.
    flow.add("once more", loop(1), when={"ContinueLooping": otherwise, "DoneLooping": "assistant"})


def book_callback(flow: FlowBuilder, setting: Setting, *, refused: str, failed: str) -> None:
    """The promise, the number that it was given for, the callback, and goodbye. Begins at `promise`."""
    words = setting.words
    number = kept("callback_number")
    promise = invoke_function(
        setting.function("callback"),
        {"pointer": kept("pointer"), "number": number, "reason": kept("reason")},
        seconds=SECONDS,
    )
    flow.add("promise", promise, "may be called", otherwise="own number")
    flow.add(
        "may be called",
        check_contact_attributes(answered("promised")),
        when={"true": "told number"},
        otherwise=refused,
    )
    flow.add("told number", set_contact_attributes(callback_number=answered("number")), "set number", otherwise=failed)
    flow.add("own number", set_contact_attributes(callback_number=CALLER), "set number", otherwise=failed)
    flow.add("set number", set_callback_number(number), "book", otherwise=refused)
    booked = create_callback(setting.flow("callback"), attempts=ATTEMPTS, between=BETWEEN)
    flow.add("book", booked, "promised", otherwise=failed)
    flow.do("promised", play_prompt(words.say("callback_promised", number=number)), "hang up")

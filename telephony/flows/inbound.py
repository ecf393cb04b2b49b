"""Where every call and chat begins: greeting, language, who it is, consent, and on to the conversation.

Contact attributes set: pointer, assurance, known, tier, recording (agreed, refused, unknown), locale, language, home
(the conversation's ARN, so that flows which come before it in the stack can lead back to it).
Answers read: contact_data's pointer, assurance, known, tier, recording (granted, denied, unknown), person.
"""

from __future__ import annotations

from telephony.blocks import (
    analyse_chat,
    check_contact_attributes,
    disconnect,
    get_customer_input,
    invoke_function,
    loop,
    play_prompt,
    record_voice,
    set_contact_attributes,
    set_hook,
    set_language,
    set_logging,
    set_voice,
    stop_recording_voice,
    transfer_to_flow,
)
from telephony.flow import Flow, FlowBuilder, Test
from telephony.language import FlowType
from telephony.paths import CHANNEL, answered
from telephony.places import Setting, found

LOOK_UP_SECONDS = 2
"""How long the data dip may keep a caller waiting; after that it is an unknown caller."""


def inbound(setting: Setting) -> Flow:
    """The flow `inbound`: attach it to numbers, and start chats with it."""
    words = setting.words
    flow = FlowBuilder("inbound" + setting.suffix, FlowType.CONTACT_FLOW, "Where calls and chats begin.")
    flow.add("log", set_logging(True), "voice")
    flow.do("voice", set_voice(words.voice, words.engine), "language")
    flow.do("language", set_language(words.language), "channel")
    flow.add("channel", check_contact_attributes(CHANNEL), when={"CHAT": "greet in chat"}, otherwise="greet")
    after_greeting = "choose language" if setting.others else "look up"
    flow.do("greet", play_prompt(words.say("greeting")), after_greeting)
    flow.do("greet in chat", play_prompt(words.show("greeting")), "look up")
    if setting.others:
        _languages(flow, setting)
    _look_up(flow, setting)
    _consent(flow, setting)
    flow.do("hook CustomerRemaining", set_hook("CustomerRemaining", setting.flow("disconnect")), "remember home")
    flow.do("remember home", set_contact_attributes(home=setting.flow("conversation")), "converse")
    flow.add("converse", transfer_to_flow(setting.flow("conversation")), otherwise="trouble")
    flow.do("person has it", play_prompt(words.show("person_has_it")), "person")
    flow.do("trouble", play_prompt(words.show("trouble")), "person")
    flow.add("person", transfer_to_flow(setting.flow("hand_over")), otherwise="goodbye")
    flow.do("goodbye", play_prompt(words.show("goodbye")), "hang up")
    flow.add("hang up", disconnect())
    return flow.build()


def _languages(flow: FlowBuilder, setting: Setting) -> None:
    """Each language in its own words: the voice of the default one says them all."""
    offered = (setting.words, *setting.others)
    spoken = " ".join(
        f'<lang xml:lang="{telephone.language}">{telephone.spoken("language_option", key=str(key))}</lang>'
        for key, telephone in enumerate(offered, 1)
    )
    keys: dict[str | Test, str] = {str(key): f"inbound in {t.locale}" for key, t in enumerate(setting.others, 2)}
    flow.add(
        "choose language",
        get_customer_input(f"<speak>{spoken}</speak>", seconds=4),
        when={"1": "look up", **keys},
        otherwise="look up",
    )
    for telephone in setting.others:
        place = found(setting.places.flows, f"inbound-{telephone.locale}", "flow")
        flow.add(f"inbound in {telephone.locale}", transfer_to_flow(place), otherwise="look up")


def _look_up(flow: FlowBuilder, setting: Setting) -> None:
    words = setting.words
    flow.add(
        "look up",
        invoke_function(setting.function("contact_data"), {}, seconds=LOOK_UP_SECONDS),
        "keep",
        otherwise="unknown",
    )
    flow.add(
        "keep",
        set_contact_attributes(
            pointer=answered("pointer"),
            assurance=answered("assurance"),
            known=answered("known"),
            tier=answered("tier"),
            recording="unknown",
            locale=words.locale,
            language=words.language,
        ),
        "with a person",
        otherwise="unknown",
    )
    flow.do(
        "unknown",
        set_contact_attributes(
            assurance="anonymous",
            known="false",
            tier="standard",
            recording="unknown",
            locale=words.locale,
            language=words.language,
        ),
        "may ask",
    )
    flow.add(
        "with a person",
        check_contact_attributes(answered("person")),
        when={"true": "person has it"},
        otherwise="consented",
    )


def _consent(flow: FlowBuilder, setting: Setting) -> None:
    """A chat has no keys to ask by, so there only a consent given earlier counts."""
    words = setting.words
    flow.add(
        "consented",
        check_contact_attributes(answered("recording")),
        when={"granted": "which granted", "denied": "which denied"},
        otherwise="may ask",
    )
    go_on = "hook CustomerRemaining"
    flow.add("which granted", check_contact_attributes(CHANNEL), when={"CHAT": "analyse"}, otherwise="agreed earlier")
    flow.do("analyse", analyse_chat(words.language), go_on)
    flow.add("agreed earlier", set_contact_attributes(recording="agreed"), "record as agreed", otherwise="refuse")
    flow.add("record as agreed", record_voice(words.language), "say as agreed", otherwise="refuse")
    flow.do("say as agreed", play_prompt(words.say("recording_as_agreed")), go_on)
    flow.add("which denied", check_contact_attributes(CHANNEL), when={"CHAT": go_on}, otherwise="refuse")
    flow.add("may ask", check_contact_attributes(CHANNEL), when={"CHAT": go_on}, otherwise="ask recording")
    flow.add(
        "ask recording",
        get_customer_input(words.say("ask_recording")),
        when={"1": "agree", "2": "refuse"},
        otherwise="ask once more",
    )
    flow.add("ask once more", loop(1), when={"ContinueLooping": "explain", "DoneLooping": "refuse"})
    flow.do("explain", play_prompt(words.say("ask_recording_again")), "ask recording")
    flow.add("agree", set_contact_attributes(recording="agreed"), "record", otherwise="refuse")
    flow.add("record", record_voice(words.language), "say recorded", otherwise="refuse")
    flow.do("say recorded", play_prompt(words.say("recording_agreed")), go_on)
    flow.do("refuse", set_contact_attributes(recording="refused"), "do not record")
    flow.do("do not record", stop_recording_voice(), "say not recorded")
    flow.do("say not recorded", play_prompt(words.say("recording_refused")), go_on)

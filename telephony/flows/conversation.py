"""The dialogue itself: Lex and its hook decide every word; the flow only captures secrets, and fetches a person.

Session attributes given to Lex: tl-pointer, tl-question, tl-captures. Read back: tl-pointer, tl-question, tl-intent,
tl-next (`capture:<kind>`), tl-handover (a reason). Contact attributes set: pointer, question, intent, reason.
Whether a caller can interrupt is set by Lex's own session attributes; error prompts are played outside Lex, where
nothing interrupts them. Source: docs.aws.amazon.com/connect/latest/adminguide/get-customer-input.html.
"""

from __future__ import annotations

from telephony.blocks import (
    begin_with_lex,
    check_contact_attributes,
    disconnect,
    get_customer_input,
    loop,
    play_prompt,
    set_contact_attributes,
    talk_to_lex,
    transfer_to_flow,
)
from telephony.flow import Block, Flow, FlowBuilder, Test, beginning
from telephony.flows.capture import capture
from telephony.language import ErrorType, FlowType
from telephony.paths import CHANNEL, answered, heard, kept
from telephony.places import Setting

CHAT_SECONDS = 900
"""How long a chat may be silent before it is asked whether anybody is there."""
REASONS = ("asked", "misses", "refused", "failed", "silence", "assurance")
"""Why the dialogue wants a person."""
FAILED = "because failed"
VOICE = {
    "x-amz-lex:allow-interrupt:*:*": "true",
    "x-amz-lex:audio:start-timeout-ms:*:*": "4000",
    "x-amz-lex:audio:end-timeout-ms:*:*": "800",
    "x-amz-lex:audio:max-length-ms:*:*": "15000",
    "x-amz-lex:dtmf:end-character:*:*": "#",
    "x-amz-lex:dtmf:deletion-character:*:*": "*",
    "x-amz-lex:dtmf:end-timeout-ms:*:*": "3000",
}
"""How Lex listens to a call."""


def conversation(setting: Setting) -> Flow:
    """The flow `conversation`: the bot until it says goodbye, or until a person is wanted."""
    words = setting.words
    flow = FlowBuilder(
        "conversation" + setting.suffix, FlowType.CONTACT_FLOW, "The dialogue, with secrets by encrypted keys."
    )
    flow.add("channel", check_contact_attributes(CHANNEL), when={"CHAT": "chat"}, otherwise="talk")
    _voice(flow, setting)
    _chat(flow, setting)
    flow.add(
        "handed over",
        check_contact_attributes(heard("tl-handover")),
        when={reason: _because(reason) for reason in REASONS},
        otherwise="hang up",
    )
    for reason in REASONS:
        flow.do(_because(reason), set_contact_attributes(reason=reason), "person")
    flow.add("person", transfer_to_flow(setting.flow("hand_over")), otherwise="trouble")
    flow.do("trouble", play_prompt(words.show("trouble")), "goodbye")
    flow.do("goodbye", play_prompt(words.show("goodbye")), "hang up")
    flow.add("hang up", disconnect())
    return flow.build()


def _because(reason: str) -> str:
    return f"because {reason}"


def _session(setting: Setting) -> dict[str, str]:
    return {"tl-pointer": kept("pointer"), "tl-question": kept("question")}


def _spoken(setting: Setting, prompt: str) -> Block:
    captures = setting.places.captures
    given = {"tl-captures": " ".join(captures)} if captures else {}
    return talk_to_lex(prompt, setting.places.bot_alias, {**_session(setting), **given, **VOICE})


def _remember() -> Block:
    return set_contact_attributes(pointer=heard("tl-pointer"), question=heard("tl-question"), intent=heard("tl-intent"))


def _lex(flow: FlowBuilder, id_: str, block: Block, *, then: str, quiet: str, failing: str) -> None:
    """Lex leaves by its default branch, as no intents are named here."""
    flow.add(
        id_,
        block,
        then,
        errors={ErrorType.NO_MATCHING_CONDITION: then, ErrorType.INPUT_TIME_LIMIT_EXCEEDED: quiet},
        otherwise=failing,
    )


def _voice(flow: FlowBuilder, setting: Setting) -> None:
    words = setting.words
    _lex(flow, "talk", _spoken(setting, words.say("opening")), then="heard", quiet="quiet", failing="failures")
    flow.add(
        "quiet",
        get_customer_input(words.say("still_there")),
        when={"1": "talk", "0": _because("asked")},
        errors={ErrorType.NO_MATCHING_CONDITION: "talk", ErrorType.INPUT_TIME_LIMIT_EXCEEDED: "goodbye"},
        otherwise=FAILED,
    )
    flow.add("failures", loop(1), when={"ContinueLooping": "sorry", "DoneLooping": FAILED})
    flow.do("sorry", play_prompt(words.say("trouble")), "talk")
    flow.add("heard", _remember(), "what next", otherwise=FAILED)
    captures = setting.places.captures
    kinds: dict[str | Test, str] = {f"capture:{kind}": f"{kind} begins" for kind in captures}
    flow.add(
        "what next",
        check_contact_attributes(heard("tl-next")),
        when={**kinds, beginning("capture:"): FAILED},
        otherwise="handed over",
    )
    if not captures:
        return
    for kind in captures:
        capture(flow, setting, kind, then="answer", gave_up="capture ends")
    flow.do("capture ends", play_prompt(words.say("capture_ends")), FAILED)
    # The answer's words are SSML, and an error among them is not to be interrupted.
    again: dict[str | Test, str] = {f"capture:{kind}": f"say before {kind}" for kind in captures}
    flow.add(
        "answer",
        check_contact_attributes(answered("next")),
        when={
            **again,
            beginning("capture:"): "capture ends",
            beginning("handover:"): "say before person",
            "goodbye": "say last",
        },
        otherwise="talk on",
    )
    for kind in captures:
        flow.do(f"say before {kind}", _answer(), f"{kind} log off")
    flow.do("say before person", _answer(), "why")
    flow.add(
        "why",
        check_contact_attributes(answered("next")),
        when={f"handover:{reason}": _because(reason) for reason in REASONS},
        otherwise=FAILED,
    )
    flow.do("say last", _answer(), "hang up")
    talk_on = _spoken(setting, "")
    parameters = {name: value for name, value in talk_on.parameters.items() if name != "Text"}
    block = Block(talk_on.type, {"SSML": answered("say"), **parameters})
    _lex(flow, "talk on", block, then="heard", quiet="quiet", failing="failures")


def _answer() -> Block:
    return Block("MessageParticipant", {"SSML": answered("say")})


def _chat(flow: FlowBuilder, setting: Setting) -> None:
    """The bot speaks first. Who writes nothing for long is asked once more, and then told goodbye."""
    words, alias = setting.words, setting.places.bot_alias
    begin = begin_with_lex(words.show("hello"), alias, _session(setting), chat_seconds=CHAT_SECONDS)
    _lex(flow, "chat", begin, then="read", quiet="quiet chat", failing="chat failures")
    flow.add("quiet chat", loop(1), when={"ContinueLooping": "chat again", "DoneLooping": "goodbye"})
    ask = talk_to_lex(words.show("still_there"), alias, _session(setting), chat_seconds=CHAT_SECONDS)
    _lex(flow, "chat again", ask, then="read", quiet="quiet chat", failing="chat failures")
    flow.add("chat failures", loop(1), when={"ContinueLooping": "sorry in chat", "DoneLooping": FAILED})
    flow.do("sorry in chat", play_prompt(words.show("trouble")), "chat")
    flow.add("read", _remember(), "handed over", otherwise=FAILED)

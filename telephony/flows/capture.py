"""Secrets by encrypted keys: flow log and recording off around them, and as they were before on every way out.

What is keyed is encrypted before the flow sees it, waits in flow attributes (which no record keeps) and goes to one
function, `secret_turn`, which alone can read it. A customer who keys nothing twice gets to a person; so
does one who keys a single 0, which only the function sees.
Answers read: secret_turn's say (SSML), next, pointer, question, intent.
"""

from __future__ import annotations

from collections.abc import Mapping

from telephony.blocks import (
    check_contact_attributes,
    invoke_function,
    loop,
    play_prompt,
    record_voice,
    set_contact_attributes,
    set_flow_attributes,
    set_logging,
    stop_recording_voice,
    store_customer_input,
)
from telephony.flow import FlowBuilder
from telephony.paths import KEYED, TIMED_OUT, answered, held, kept
from telephony.places import Setting

SECONDS = 8
"""What Connect allows a function, its retries included."""
FORGOTTEN = "-"
STEPS: Mapping[str, tuple[tuple[str, str, int], ...]] = {
    "card": (
        ("value", "ask_card_number", 19),
        ("expiry", "ask_card_expiry", 4),
        ("security_code", "ask_card_code", 4),
    ),
    "pin": (("value", "ask_pin", 12),),
    "telephone_pin": (("value", "ask_pin", 12),),
}
"""Kind of secret to what is keyed: parameter of the function, phrase, most digits."""


def capture(flow: FlowBuilder, setting: Setting, kind: str, *, then: str, gave_up: str) -> None:
    """One kind of secret. Begins at `<kind> begins`; ends at `then` with the function's answer, or at `gave_up`."""
    words = setting.words
    steps = STEPS[kind]
    given_up = f"{kind} given up"
    flow.do(f"{kind} begins", play_prompt(words.say("capture_begins")), f"{kind} log off")
    flow.add(f"{kind} log off", set_logging(False), f"{kind} ears off")
    flow.add(f"{kind} ears off", stop_recording_voice(), f"{kind} {steps[0][0]}", otherwise=given_up)
    afters = [*(f"{kind} {name}" for name, _, _ in steps[1:]), f"{kind} moment"]
    for (name, phrase, longest), after in zip(steps, afters, strict=True):
        _step(flow, setting, f"{kind} {name}", (name, phrase, longest), after, given_up)
    flow.do(f"{kind} moment", play_prompt(words.say("one_moment")), f"{kind} send")
    flow.add(
        f"{kind} send",
        invoke_function(
            setting.function("secret_turn"),
            {
                "kind": kind,
                "pointer": kept("pointer"),
                "question": kept("question"),
                "captures": " ".join(setting.places.captures),
                **{name: held(name) for name, _, _ in steps},
            },
            seconds=SECONDS,
        ),
        f"{kind} forget",
        otherwise=given_up,
    )
    flow.do(f"{kind} forget", set_flow_attributes(**{name: FORGOTTEN for name, _, _ in steps}), f"{kind} keep")
    flow.do(
        f"{kind} keep",
        set_contact_attributes(pointer=answered("pointer"), question=answered("question"), intent=answered("intent")),
        f"{kind} log on",
    )
    _restore(flow, setting, kind, then)
    flow.do(given_up, set_flow_attributes(**{name: FORGOTTEN for name, _, _ in steps}), f"{kind} left log on")
    _restore(flow, setting, f"{kind} left", gave_up)


def _step(flow: FlowBuilder, setting: Setting, id_: str, step: tuple[str, str, int], then: str, given_up: str) -> None:
    name, phrase, longest = step
    words, places = setting.words, setting.places
    block = store_customer_input(
        words.say(phrase), longest=longest, key_id=places.capture_key, certificate=places.capture_certificate
    )
    flow.add(id_, block, f"{id_} keyed", otherwise=given_up)
    flow.add(
        f"{id_} keyed",
        check_contact_attributes(KEYED),
        when={TIMED_OUT: f"{id_} tries"},
        otherwise=f"{id_} hold",
    )
    flow.add(f"{id_} tries", loop(1), when={"ContinueLooping": f"{id_} again", "DoneLooping": given_up})
    flow.do(f"{id_} again", play_prompt(words.say("nothing_keyed")), id_)
    flow.add(f"{id_} hold", set_flow_attributes(**{name: KEYED}), then, otherwise=given_up)


def _restore(flow: FlowBuilder, setting: Setting, prefix: str, then: str) -> None:
    """If recording can't be turned on again, the call goes on without: too little is kept rather than too much."""
    flow.add(f"{prefix} log on", set_logging(True), f"{prefix} agreed")
    flow.add(
        f"{prefix} agreed",
        check_contact_attributes(kept("recording")),
        when={"agreed": f"{prefix} ears on"},
        otherwise=then,
    )
    flow.do(f"{prefix} ears on", record_voice(setting.words.language), then)

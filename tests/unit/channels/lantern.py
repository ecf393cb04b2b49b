"""The lending library's model with the words that adapters must survive, and replies made over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.unit.dialogue.library import library
from throughline.conversation import Exchange
from throughline.customers.keys import FixedKeys, KeyRing
from throughline.customers.pointer import Pointer
from throughline.dialogue.model import Model, Prompt
from throughline.reply import Awaits, Choice, Handover, Line, Reply, Typed
from throughline.turn import Assurance, Capabilities, InputMode, Turn

EVENTS = Path(__file__).parents[2] / "events"
KEYS = FixedKeys(
    address=KeyRing("a1", {"a1": b"address-key-of-the-tests"}),
    pointer=KeyRing("p1", {"p1": b"pointer-key-of-the-tests"}),
)
PLATFORM = {
    "AMAZON.HelpIntent": "Help",
    "AMAZON.StopIntent": "Goodbye",
    "AMAZON.CancelIntent": "Cancel",
    "AMAZON.NavigateHomeIntent": "Greeting",
    "AMAZON.FallbackIntent": "Fallback",
    "AMAZON.YesIntent": "Yes",
    "AMAZON.NoIntent": "No",
    "FallbackIntent": "Fallback",
}
LONG = "A long word of advice about borrowing & lending: " * 60
HARD = {
    "Long.plain": Prompt((LONG,), (LONG,)),
    "Long.marked": Prompt(("<prosody rate='slow'>" + "word {note} " * 300 + "</prosody>",), ("word " * 900,)),
    "Long.unbroken": Prompt(("🦉" * 2_000,), ("🦉" * 2_000,)),
    "Odd.ampersand": Prompt(("Books & maps < films",), ("Books & maps < films <b>",)),
    "Odd.tag": Prompt(("Say <emphasis>{note} again",), ("Say {note}",)),
    "Odd.empty": Prompt(("",), ("",)),
    "Good.marked": Prompt(("<break time='1s'/>So: {note}. Shall I?",), ("So: {note}. Shall I?",)),
}


@cache
def lantern() -> Model:
    model = library()
    words = model.locales["en_US"]
    words = replace(words, prompts={**words.prompts, **HARD}, keywords={"when are you open": "Hours"})
    return replace(model, locales={"en_US": words}, platform_intents=PLATFORM)


def recorded(way: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The recorded events of "lex" or "alexa", by name."""
    for path in sorted((EVENTS / way).glob("*.json")):
        yield path.stem, json.loads(path.read_text())


def event(way: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / way / f"{name}.json").read_text())
    return found


ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<speak>&</speak>", "</speak><audio src='https://evil.example/a.mp3'/>", "<b onclick='x()'>",
            "&lt;&amp;&#0;", "\u202eevil\u202c", "\u200b\u200d\ufeff", "שלום עולם", "👩👧👦" * 40, "]]>",
            "\x00\x08\x1b[31m",
            "{note}", "{{", "x" * 1024, "'\"", "\ud800", "\uffff", "<!ENTITY x 'y'>", "a\nb\r\nc\td",
        ]
    ),
)  # fmt: skip
KEPT = ODD.filter(lambda text: bool(text) and text != "\ud800")
"""Values as they stand in a frame: adapters let no half of a surrogate pair through."""
KINDS = st.sampled_from(
    [
        *"text number money date time digits phrase odd:".split(),
        "choice:item",
        "label:PayFee",
        "doing:PayFee",
        "slot:",
    ]
)
TYPED = st.builds(Typed, KINDS, ODD | st.sampled_from(["12.50", "-3", "NaN", "2026-11-22", "07:30", "book"]))
PARAMS = st.dictionaries(
    st.sampled_from(["note", "amount", "doing", "slots", "slot"]),
    TYPED | st.lists(st.dictionaries(st.sampled_from(["a", "note"]), TYPED, max_size=2), max_size=3).map(tuple),
    max_size=3,
)
PROMPTS = st.sampled_from([*sorted(lantern().locales["en_US"].prompts), "Gone.prompt", ""])
LINES = st.builds(Line, PROMPTS, PARAMS, st.integers(0, 10**6))
TASKS = [intent for intent in lantern().intents.values() if intent.action]
CHOICES = st.lists(st.builds(Choice, TYPED, st.sampled_from([i.name for i in TASKS])), max_size=60).map(tuple)


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    """Replies as the engine makes them, over prompts and values as odd as may be."""
    awaits = draw(st.sampled_from(Awaits))
    intent = draw(st.sampled_from(TASKS))
    working = awaits in (Awaits.SLOT, Awaits.CONFIRM)
    names = [slot.name for slot in intent.slots if not slot.sensitive]
    lines = draw(st.lists(LINES, min_size=1, max_size=14).map(tuple))
    return Reply(
        lines=lines,
        awaits=awaits,
        question=draw(st.sampled_from(["", "q7"])) if awaits is not Awaits.NOTHING else "",
        intent=intent.name if working else "",
        slot=draw(st.sampled_from(names)) if awaits is Awaits.SLOT else "",
        slots=draw(st.dictionaries(st.sampled_from(names), KEPT)) if working else {},
        choices=draw(CHOICES),
        handover=draw(st.none() | st.just(Handover("asked"))) if awaits is Awaits.NOTHING else None,
        needs=draw(st.sampled_from(Assurance)),
        step_up=draw(st.none() | st.sampled_from([Assurance.LINKED, Assurance.VERIFIED])),
        reprompt=lines[-1] if awaits is not Awaits.NOTHING else None,
    )


def exchange(reply: Reply, can: Capabilities, pointer: Pointer | None = None) -> Exchange:
    turn = Turn("t1", 1_790_000_000.0, "test", "s1", "en_US", InputMode.TEXT, can)
    return Exchange(turn, reply, "cabc", pointer)

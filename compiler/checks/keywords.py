"""Words that mean an intent by themselves: without slots, and there where the dialogue can't do without them."""

from __future__ import annotations

from compiler.problems import Findings
from compiler.prompts import PARAMETER
from compiler.source import AuthoredIntent
from throughline.dialogue.values import fold

_ALWAYS_HEARD = (
    "help", "repeat", "cancel", "start_over", "go_back", "yes", "no", "greeting", "goodbye", "person", "prove",
    "identify",
)  # fmt: skip
"""Roles that must work while no recogniser answers, and at a question for a secret, which none is told."""
_SUGGESTED = 3


def check(intent: AuthoredIntent, findings: Findings) -> None:
    """The keywords of one intent, and whether it needs some."""
    shape = intent.shape
    for i, text in enumerate(shape.keywords):
        place = intent.file.at(("keywords", i))
        for name in dict.fromkeys(PARAMETER.findall(text)):
            findings.error(place, f"a keyword holds no slot, and here is {{{name}}}. Move it to `utterances`.")
        if text.strip() and not fold(text):
            findings.error(place, f"`{text}` is no word. Write what is said or remove it.")
    if shape.keywords and shape.role == "choose":
        findings.error(
            intent.file.key(("keywords",)),
            "a choice means nothing without its place, and a keyword holds no slot. Move them to `utterances`.",
        )
    # One that has no utterances either is told that it can't be reached at all.
    if shape.role in _ALWAYS_HEARD and shape.utterances and not shape.keywords:
        findings.error(
            intent.file.key(("utterances",)),
            f"`keywords` is missing: without a recogniser, `{shape.role}` would fall silent. {_suggestion(intent)}",
        )


def _suggestion(intent: AuthoredIntent) -> str:
    bare = [text for text in intent.shape.utterances if "{" not in text]
    if not bare:
        return "Add words that mean it by themselves."
    shortest = sorted(bare, key=lambda text: len(text.split()))[:_SUGGESTED]
    named = ", ".join(f"`{text}`" for text in shortest)
    return f"Move there what means it by itself, such as {named}."

"""What customers say, keywords and utterances: characters, slots, amounts, and that no words are claimed twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compiler.neutral import ALEXA_FREE_TEXT, LEX_FREE_TEXT, kind
from compiler.places import Place
from compiler.problems import Findings, did_you_mean
from compiler.prompts import PARAMETER
from compiler.source import AuthoredIntent, Edition
from throughline.dialogue.values import fold

LENGTH = 500
"""Characters of an utterance (Lex V2 developer guide, quotas)."""
COUNT = 1_500
"""Utterances of an intent, keywords among them (Lex V2 developer guide, quotas)."""
ENOUGH = 20
"""Fewer than this and recognition suffers."""
INTENTS = 1_000
"""Intents of a bot locale (AWS::Lex::Bot, Intents)."""
_PUNCTUATION = frozenset(" '-_.")
_LEARNING = ("task", "answer", "prove", "identify")
_LISTS: Mapping[str, str] = {"keywords": "a keyword", "utterances": "an utterance"}
"""The keys of what is said, in the order in which recognisers get it, and what an entry is called."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A keyword or an utterance with its owner, for comparing."""

    intent: str
    text: str
    place: Place
    same_as: str
    """What makes it equal to another: folded words, slots by their platform's type."""
    key: str = "utterances"
    """The list that it stands in."""


def check(edition: Edition, findings: Findings) -> None:
    """What is said to every authored intent."""
    said: dict[str, Spoken] = {}
    heard: dict[str, Spoken] = {}
    for intent in edition.intents.values():
        _amount(intent, findings)
        for each in _spoken(edition, intent):
            characters(each.text, each.place, findings)
            if each.key == "utterances":
                _slots(edition, intent, each.text, each.place, findings)
            if not report_twin(each, said, findings):
                _alexa_twin(edition, each, _types(intent), heard, findings)
    if len(edition.intents) >= INTENTS:
        findings.error(edition.bank_file.at(()), f"Lex takes {INTENTS} intents a locale, one of them generated.")


def _alexa_twin(
    edition: Edition, spoken: Spoken, types: dict[str, str], heard: dict[str, Spoken], findings: Findings
) -> None:
    """Alexa has fewer types than Lex, so that it may confuse what Lex tells apart."""
    twin = heard.setdefault(same_as(edition, spoken.text, types, alexa=True), spoken)
    if twin.intent != spoken.intent:
        findings.warning(
            spoken.place,
            f"to Alexa `{spoken.text}` is the same as `{twin.text}` of `{twin.intent}`, at {twin.place}.",
        )


def report_twin(spoken: Spoken, said: dict[str, Spoken], findings: Findings) -> bool:
    """Remember what is said; if the same words were said before, name both places. Whether they were."""
    twin = said.setdefault(spoken.same_as, spoken)
    if twin is spoken:
        return False
    whose = "this intent" if twin.intent == spoken.intent else f"`{twin.intent}`"
    findings.error(
        spoken.place,
        f"`{spoken.text}` is already {_LISTS[twin.key]} of {whose}, at {twin.place}. Remove one of the two.",
    )
    return True


def spoken(edition: Edition) -> Iterator[Spoken]:
    """Every authored keyword and utterance."""
    for intent in edition.intents.values():
        yield from _spoken(edition, intent)


def _spoken(edition: Edition, intent: AuthoredIntent) -> Iterator[Spoken]:
    types = _types(intent)
    for key in _LISTS:
        for i, text in enumerate(getattr(intent.shape, key)):
            yield Spoken(intent.name, text, intent.file.at((key, i)), same_as(edition, text, types), key)


def same_as(edition: Edition, text: str, types: dict[str, str], *, alexa: bool = False) -> str:
    """The utterance reduced to what a recogniser can tell apart."""
    parts: list[str] = []
    for i, part in enumerate(PARAMETER.split(text)):
        if i % 2 == 0:
            parts.append(fold(part))
        else:
            found = kind(edition, types.get(part, ""))
            platform = found and (found.alexa(edition.locale) if alexa else found.lex)
            parts.append("{" + (platform or part) + "}")
    return " ".join(part for part in parts if part)


def _types(intent: AuthoredIntent) -> dict[str, str]:
    return {name: slot.type for name, slot in intent.shape.slots.items()}


def _amount(intent: AuthoredIntent, findings: Findings) -> None:
    shape, count = intent.shape, len(intent.samples)
    given = [key for key in _LISTS if getattr(shape, key)]
    place = intent.file.key((given[-1],)) if given else intent.file.at(("intent",))
    counted = f"{count} utterances" + (", keywords included" if shape.keywords else "")
    if shape.role == "fallback":
        for key in given:
            at = intent.file.key((key,))
            findings.error(at, f"the fallback intent is what is left over; it has no {key}. Remove them.")
    elif count == 0:
        findings.error(place, "`utterances` is missing. Nobody could ever reach this intent.")
    elif count > COUNT:
        findings.error(place, f"Lex takes {COUNT} utterances an intent, this has {counted}. Remove some.")
    elif count < ENOUGH and shape.role in _LEARNING:
        findings.warning(place, f"{counted}; write at least {ENOUGH} different ones to be understood well.")


def characters(text: str, place: Place, findings: Findings) -> None:
    """What Lex and Alexa take in an utterance."""
    words = PARAMETER.sub("", text)
    if len(text) > LENGTH:
        findings.error(place, f"an utterance may have {LENGTH} characters at most (Lex), this has {len(text)}.")
    if not text.strip():
        findings.error(place, "an empty utterance. Write what is said or remove it.")
    if "{" in words or "}" in words:
        findings.error(place, "a brace without its partner. Write a slot as {amount}.")
    digit = next((c for c in words if unicodedata.category(c)[0] == "N"), None)
    if digit is not None:
        findings.error(place, f"Alexa takes no digits in utterances, and here is `{digit}`. Write numbers in words.")
    elif (odd := next((c for c in words if not _speakable(c)), None)) is not None:
        findings.error(place, f"`{odd}` is not allowed in an utterance. {_instead(odd)}")
    if re.search(r"[^\s{}]\{[^{}]*\}|\{[^{}]*\}[^\s{}]|\}\{", text):
        findings.error(place, "a slot stands apart from other words. Put a space on both sides of it.")


def _speakable(character: str) -> bool:
    return character in _PUNCTUATION or character in "{}" or unicodedata.category(character)[0] in "LM"


def _instead(character: str) -> str:
    if character in "?!,;:":
        return "Leave it out: nobody speaks punctuation."
    if character in "\u2019\u2018`":
        return "Use the plain apostrophe (')."
    spoken = {"&": "and", "$": "dollars", "%": "percent", "@": "at", "+": "plus", "#": "number"}.get(character)
    return f"Write `{spoken}`." if spoken else "Use letters, spaces, ' - _ . and {slot}."


def _slots(edition: Edition, intent: AuthoredIntent, text: str, place: Place, findings: Findings) -> None:
    names = PARAMETER.findall(text)
    for name in names:
        slot = intent.shape.slots.get(name)
        if slot is None:
            hint = did_you_mean(name, intent.asked) if intent.asked else "Declare it under `slots`."
            findings.error(place, f"there is no slot {{{name}}} in this intent. {hint}")
        elif slot.sensitive:
            findings.error(place, f"{{{name}}} is a secret and must not be part of an utterance. Remove it.")
    for name in {n for n in names if names.count(n) > 1}:
        findings.error(place, f"{{{name}}} stands here twice. An utterance holds a slot once.")
    _free_text(edition, intent, text, names, place, findings)


def _free_text(
    edition: Edition, intent: AuthoredIntent, text: str, names: list[str], place: Place, findings: Findings
) -> None:
    for name in names:
        slot = intent.shape.slots.get(name)
        found = kind(edition, slot.type) if slot else None
        if found is None or found.alexa(edition.locale) != ALEXA_FREE_TEXT:
            continue
        if len(names) > 1:
            findings.error(
                place,
                f"{{{name}}} is free text, which Alexa takes only as an utterance's sole slot. Split it.",
            )
        elif not fold(PARAMETER.sub("", text)):
            findings.error(
                place,
                f"{{{name}}} is free text, which Alexa takes only with other words around it. Add some.",
            )
        elif found.lex == LEX_FREE_TEXT:
            findings.warning(
                place,
                f"Lex hears free text only when it asks for it, so it leaves out what holds {{{name}}}.",
            )

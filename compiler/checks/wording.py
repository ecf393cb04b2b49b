"""Prompts: parameters that exist where they are used, tags that a voice knows, lengths that people bear."""

from __future__ import annotations

import re
from collections.abc import Mapping

from compiler.checks.intents import LABEL_LENGTH
from compiler.places import Path
from compiler.problems import Findings, did_you_mean
from compiler.prompts import PARAMETER, Prompt, Text
from compiler.source import AuthoredIntent, Edition, Located
from throughline.dialogue.phrases import PHRASES, TIERED

SAID = 300
"""Characters of speech: about 20 seconds."""
SHOWN = 640
"""Characters on a screen (Messenger Platform, button template)."""
RECORDS = "records"
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+=\"[^\"<>&]*\")*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"([\w:-]+)=")
_TAGS: Mapping[str, tuple[str, ...]] = {
    "break": ("time", "strength"),
    "emphasis": ("level",),
    "say-as": ("interpret-as", "format"),
    "prosody": ("rate", "pitch", "volume"),
    "p": (),
    "s": (),
    "sub": ("alias",),
}
_STANDARD_ONLY = ("emphasis",)
"""Tags that only Polly's standard engine knows (Amazon Polly developer guide, "Supported SSML tags")."""
_BOTH_NEEDED = {
    "which_intent": ("first", "second"),
    "which_slot": ("first", "second"),
    "key_option": ("key", "option"),
}


def check_intent(edition: Edition, intent: AuthoredIntent, findings: Findings) -> None:
    """Every prompt of one intent."""
    shape, file = intent.shape, intent.file
    slots = {name: slot.type for name, slot in intent.asked.items()}
    results = {**slots, **shape.results}
    flat = {name: kind for name, kind in results.items() if kind != RECORDS}
    engine = _engine(edition)

    def look(prompt: Prompt | None, path: Path, known: Mapping[str, str], where: str) -> None:
        if prompt is not None:
            _prompt(prompt, path, file, known, where, engine, findings)

    look(shape.answer, ("answer",), {}, "an answer, which takes none")
    look(shape.help, ("help",), {}, "an intent's help, which may come before anything is known")
    look(shape.confirm, ("confirm",), slots, "a confirmation")
    look(shape.begun, ("begun",), results, "what is said before a secret is asked for")
    look(shape.done, ("done",), results, "an ending")
    look(shape.item, ("item",), flat, "an entry of a list")
    for i, prompt in enumerate(shape.confirm_again or ()):
        look(prompt, ("confirm_again",), slots, f"repeat {i + 1} of a confirmation")
    for name, prompt in shape.variants.items():
        look(prompt, (name,), results, "an ending")
    for code, prompt in shape.refused.items():
        look(prompt, ("refused", code), flat, "a refusal")
    before: dict[str, str] = {}
    for name, slot in shape.slots.items():
        path: Path = ("slots", name)
        look(slot.ask, (*path, "ask"), before, "this question: only required slots asked before it are known")
        look(slot.help, (*path, "help"), before, "this help: only required slots asked before it are known")
        for prompt in slot.again or ():
            look(
                prompt,
                (*path, "again"),
                before,
                "this question: only required slots asked before it are known",
            )
        if slot.required and not slot.when and not slot.sensitive:
            before[name] = slot.type
    _confirm(intent, findings)
    _unused_results(intent, findings)


def check_phrases(edition: Edition, findings: Findings) -> None:
    """Every phrase."""
    file, engine = edition.phrases_file, _engine(edition)
    for name, prompt in edition.phrases.items():
        known = dict.fromkeys(PHRASES[name], "text")
        _prompt(prompt, (name,), file, known, f"the phrase `{name}`", engine, findings)
        for text in prompt.texts:
            for wanted in _BOTH_NEEDED.get(name, ()):
                if wanted not in text.parameters:
                    findings.error(file.at((name, *text.at)), f"`{name}` makes no sense without {{{wanted}}}. Add it.")
            if name in ("yes", "no") and len(text.bare) > LABEL_LENGTH:
                findings.error(
                    file.at((name, *text.at)), f"a button's label may have {LABEL_LENGTH} characters at most."
                )
    for name, prompts in edition.tiered.items():
        for prompt in prompts:
            known = dict.fromkeys(TIERED[name], "text")
            _prompt(prompt, (name,), file, known, f"the phrase `{name}`", engine, findings)


def _engine(edition: Edition) -> str:
    voice = edition.bank.locales.get(edition.locale)
    return voice.engine if voice else "neural"


def _prompt(
    prompt: Prompt,
    path: Path,
    file: Located,
    known: Mapping[str, str],
    where: str,
    engine: str,
    findings: Findings,
) -> None:
    for text in prompt.texts:
        at = (*path, *text.at)
        said = prompt.shared or text in prompt.say
        _parameters(text, at, file, known, where, findings)
        if said:
            _speech(text, at, file, prompt.shared, engine, findings)
        elif "<" in text.text or ">" in text.text:
            findings.error(file.at(at), "a screen shows tags as they are. Keep `<` and `>` out of `show`.")
        if not said or (prompt.shared and text in prompt.show):
            _length(text, SHOWN, "a screen", at, file, findings)


def _parameters(text: Text, at: Path, file: Located, known: Mapping[str, str], where: str, findings: Findings) -> None:
    rest = PARAMETER.sub("", text.text)
    if "{" in rest or "}" in rest:
        findings.error(file.at(at), "a brace without its partner. Braces only hold a parameter, as in {amount}.")
    for name in text.parameters:
        if name not in known:
            hint = did_you_mean(name, known) if known else "Say it without."
            findings.error(file.at(at), f"{{{name}}} is not known in {where}. {hint}")


def _speech(text: Text, at: Path, file: Located, shared: bool, engine: str, findings: Findings) -> None:
    _length(text, SAID, "a voice (about 20 seconds)", at, file, findings, shared)
    rest = _TAG.sub("", text.text)
    odd = next((c for c in "<>&" if c in rest), None)
    if odd is not None:
        hint = "Write `and`" if odd == "&" else 'Write it in words, or close the tag as in <break time="1s"/>'
        findings.error(file.at(at), f"`{odd}` can't be spoken. {hint}, or give `say` and `show` apart.")
    opened: list[str] = []
    for closing, name, attributes, empty in _TAG.findall(text.text):
        if name not in _TAGS:
            findings.error(file.at(at), f"the tag <{name}> is not allowed. {did_you_mean(name, _TAGS)}")
        for attribute in _ATTRIBUTE.findall(attributes):
            if name in _TAGS and attribute not in _TAGS[name]:
                findings.error(
                    file.at(at),
                    f"<{name}> has no attribute `{attribute}`. {did_you_mean(attribute, _TAGS[name])}",
                )
        if name in _STANDARD_ONLY and engine != "standard":
            findings.warning(file.at(at), f"the {engine} engine of Polly does not know <{name}>. Leave it out.")
        if closing:
            if not opened or opened.pop() != name:
                findings.error(file.at(at), f"</{name}> closes nothing. Close tags in the order they were opened.")
                return
        elif not empty:
            opened.append(name)
    if opened:
        findings.error(file.at(at), f"<{opened[-1]}> is not closed. Write </{opened[-1]}> or <{opened[-1]} …/>.")


def _length(
    text: Text, most: int, whom: str, at: Path, file: Located, findings: Findings, shared: bool = False
) -> None:
    if len(text.bare) > most:
        hint = "Shorten it, or give `say` and `show` apart." if shared else "Shorten it."
        findings.error(file.at(at), f"{len(text.bare)} characters are too long for {whom}: {most} at most. {hint}")


def _confirm(intent: AuthoredIntent, findings: Findings) -> None:
    if intent.shape.confirm is None:
        return
    for name, slot in intent.asked.items():
        if not slot.required:
            continue
        for text in intent.shape.confirm.texts:
            if name in text.parameters:
                continue
            place = intent.file.at(("confirm", *text.at))
            if slot.when:
                findings.warning(place, f"{{{name}}} is asked for sometimes, and the confirmation never names it.")
            else:
                findings.error(
                    place,
                    f"the confirmation must name every required slot, and {{{name}}} is missing. Add it.",
                )


def _unused_results(intent: AuthoredIntent, findings: Findings) -> None:
    shape = intent.shape
    prompts = [shape.begun, shape.done, shape.item, *shape.variants.values(), *shape.refused.values()]
    used = {name for prompt in prompts if prompt for text in prompt.texts for name in text.parameters}
    for name in shape.results:
        if name not in used:
            findings.warning(intent.file.key(("results", name)), f"no prompt says {{{name}}}. Use it or remove it.")

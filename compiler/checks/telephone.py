"""`telephone.yaml`: words that can be said and shown, and queues of intents that exist."""

from __future__ import annotations

import re
from collections.abc import Collection

from compiler.places import Path
from compiler.problems import Findings, did_you_mean
from compiler.prompts import Prompt, Text
from compiler.source import Located
from compiler.speech import MOST_SECONDS, seconds, ssml_fault
from compiler.telephone_shapes import QUEUE, SAID, Heard, TelephoneShape

SHOWN = 1_024
"""Characters of one chat message (Connect participant API, SendMessage, text/plain)."""


def check(shape: TelephoneShape, file: Located, intents: Collection[str], findings: Findings) -> None:
    """Everything about one locale's telephone; what is wrong goes to `findings`."""
    for name, (heard, parameters) in SAID.items():
        _phrase(shape.prompt(name), ("phrases", name), heard, parameters, file, findings)
    taken: dict[str, str] = {}
    for queue, listed in shape.queues.items():
        if not re.match(QUEUE, queue):
            findings.error(
                file.key(("queues", queue)),
                f"`{queue}` is no name for a queue. Use up to 30 lower-case letters and underscores.",
            )
        for i, intent in enumerate(listed):
            place = file.at(("queues", queue, i))
            if intent not in intents:
                findings.error(place, f"there is no intent called `{intent}`. {did_you_mean(intent, intents)}")
            elif intent in taken:
                findings.error(place, f"`{intent}` goes to `{taken[intent]}` already. Keep one of them.")
            taken.setdefault(intent, queue)


def _phrase(
    prompt: Prompt, path: Path, heard: Heard, known: tuple[str, ...], file: Located, findings: Findings
) -> None:
    for texts in (prompt.say, prompt.show):
        if len(texts) > 1:
            findings.error(
                file.at((*path, *texts[1].at)), "a flow says the same every time. Keep one wording of these."
            )
    for text in prompt.texts:
        for name in text.parameters:
            if name not in known:
                findings.error(
                    file.at((*path, *text.at)), f"{{{name}}} means nothing here. {did_you_mean(name, known)}"
                )
    if heard is not Heard.SHOWN and heard is not Heard.AGENT:
        _spoken(prompt.say[0], path, file, findings)
    if len(prompt.shown[0]) > SHOWN:
        findings.error(
            file.at((*path, *prompt.show[0].at)),
            f"{len(prompt.shown[0])} characters, and a chat message has {SHOWN} at most. Shorten it.",
        )


def _spoken(text: Text, path: Path, file: Located, findings: Findings) -> None:
    place = file.at((*path, *text.at))
    fault = ssml_fault(f"<speak>{text.text}</speak>")
    if fault is not None:
        findings.error(place, f"a voice can't say this: {fault}.")
    taken = seconds(text.text)
    if taken > MOST_SECONDS:
        findings.error(
            place, f"this takes {taken:.0f} seconds to say, and nobody listens to more than {MOST_SECONDS}. Shorten it."
        )

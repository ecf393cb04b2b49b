"""bank.yaml's `corrections`, and the utterances generated from them."""

from __future__ import annotations

from compiler.checks.utterances import COUNT, Spoken, characters, report_twin, same_as, spoken
from compiler.corrections import VALUE, correction, labelled_slots
from compiler.neutral import WHICH
from compiler.problems import Findings, did_you_mean
from compiler.prompts import PARAMETER
from compiler.source import Edition
from throughline.dialogue.values import fold

_KNOWN = (VALUE, WHICH)


def check(edition: Edition, findings: Findings) -> None:
    """The templates, then what they become."""
    file = edition.bank_file
    sound = True
    for i, template in enumerate(edition.bank.corrections):
        before = len(findings.problems)
        place = file.at(("corrections", i))
        characters(template, place, findings)
        names = PARAMETER.findall(template)
        for name in names:
            if name not in _KNOWN:
                findings.error(place, f"{{{name}}} means nothing in a correction. {did_you_mean(name, _KNOWN)}")
        if not names:
            findings.error(place, "a correction holds {value}, {which} or both. Add one.")
        if any(names.count(name) > 1 for name in names):
            findings.error(place, "a correction holds {value} and {which} once each. Remove the second one.")
        if not fold(PARAMETER.sub("", template)):
            findings.error(place, "a correction needs words around its value. Add some.")
        sound = sound and len(findings.problems) == before
    if not sound or not edition.complete:
        return
    generated = correction(edition)
    said = {s.same_as: s for s in spoken(edition)}
    for utterance in generated.utterances:
        place = file.at(("corrections", utterance.template))
        twin = Spoken("corrections", utterance.text, place, same_as(edition, utterance.text, generated.types))
        report_twin(twin, said, findings)
    if len(generated.utterances) > COUNT:
        findings.error(
            file.key(("corrections",)),
            f"these become {len(generated.utterances)} utterances; Lex takes {COUNT}.",
        )
    _labels(edition, findings)


def _labels(edition: Edition, findings: Findings) -> None:
    first: dict[str, tuple[str, str]] = {}
    for intent, name, slot in labelled_slots(edition):
        folded = fold(slot.label or "")
        owner = first.setdefault(folded, (intent.name, name))
        if owner[1] != name:
            findings.warning(
                intent.file.at(("slots", name, "label")),
                f"`{slot.label}` is what {owner[0]} calls its slot `{owner[1]}`. "
                "A correction by that label finds the slot only under one name: "
                f"call both slots `{owner[1]}`, or give them different labels.",
            )

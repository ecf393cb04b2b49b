"""What must hold of a model beyond the shape of its files. Each module checks one kind of thing."""

from __future__ import annotations

from compiler.checks import correcting, intents, keywords, slots, utterances, values, whole, wording
from compiler.checks.overlay import check_overlay
from compiler.checks.telephone import check as check_telephone
from compiler.problems import Findings
from compiler.source import Edition

__all__ = ["check", "check_overlay", "check_telephone"]


def check(edition: Edition, findings: Findings) -> None:
    """Every check of one locale's edition; what is wrong goes to `findings`."""
    values.check(edition, findings)
    for intent in edition.intents.values():
        intents.check(edition, intent, findings)
        slots.check(edition, intent, findings)
        keywords.check(intent, findings)
        wording.check_intent(edition, intent, findings)
    utterances.check(edition, findings)
    correcting.check(edition, findings)
    wording.check_phrases(edition, findings)
    whole.check(edition, findings)

"""Says the corpus by all mouths, and looks everywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rehearsal.world import World
from tests.leakage.corpus import ALL, Said
from tests.leakage.everywhere import listen, places
from tests.leakage.mouths import MOUTHS, speak
from tests.leaks import leaks
from tests.spoofing.victim import victim_in
from tests.unit.privacy.secret_forms import WORDS

APART = 45.0
"""Seconds of the rehearsal's time between two sayings."""


@dataclass(slots=True)
class Search:
    """What was said and where it was looked for."""

    said: int = 0
    places: dict[str, int] = field(default_factory=dict)
    """By name: characters."""
    found: list[str] = field(default_factory=list)
    """Where which secret stands, in which form; never the secret itself."""
    replies: list[str] = field(default_factory=list)


def search(world: World, corpus: Sequence[Said], mouths: Sequence[str] = tuple(MOUTHS)) -> Search:
    """Say all of it by each of these mouths, have the data exported, and look everywhere."""
    listen(world)
    done, victim = Search(), victim_in(world)
    for mouth in mouths:
        for number, said in enumerate(corpus):
            if number % 12 == 0:
                victim = victim_in(world)
            world.clock.pass_(APART)
            done.replies.append(speak(victim, mouth, said))
            done.said += 1
        export = {"act": "export", "why": "the customer asked for a copy", "customer": victim.customer}
        world.desk("operator", "Op", export)
    for name, text in (*places(world), ("replies", "\n".join(done.replies))):
        done.places[name] = len(text)
        for finding in leaks(text, ALL):
            secret = ALL[int(finding.split()[1].rstrip(":"))]
            done.found.append(f"{name}: {finding} ({_around(text, secret)})")
    return done


def _around(text: str, secret: str) -> str:
    """What stands before the place, to find it by."""
    spoken = r"[\W_]{1,3}".join(f"(?:zero|oh|o|{WORDS[int(sign)]})" for sign in secret if sign.isdecimal())
    found = re.search(r"[\W_]{0,3}".join(secret), text, re.IGNORECASE) or re.search(spoken, text, re.IGNORECASE)
    return text[max(0, found.start() - 160) : found.start()].replace("\n", " ") if found else "not in the plain"

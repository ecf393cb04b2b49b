"""Makes the attempts and tells what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rehearsal.world import World
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import Attack, Control
from tests.spoofing.oracle import Oracle
from tests.spoofing.victim import Victim, victim_in

APART: float = 20.0
"""Seconds of the rehearsal's time between two attempts, so that what all share by the minute is nobody's to use up."""


@dataclass(slots=True)
class Tally:
    """What came of attempts."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By attack and way."""
    got_in: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)
    """For each that got in: which, and why."""
    broken: list[str] = field(default_factory=list)
    """What an attacker made fall over, though it let nobody in."""

    @property
    def attempts(self) -> int:
        """In all."""
        return sum(self.tried.values())


def run(world: World, attacks: Iterable[Attack], *, most: int = 10**6, tally: Tally | None = None) -> Tally:
    """Each attack on each of its ways, with at most `most` variations."""
    tally = tally or Tally()
    for attack in attacks:
        for way in attack.ways:
            victim: Victim | None = None
            for number, variation in enumerate(attack.variations[:most]):
                world.clock.pass_(APART)
                world.post.failing.clear()
                if victim is None or attack.fresh:
                    victim = victim_in(world)
                oracle = Oracle(world, victim, attack.inside)
                attempt = Attempt(world, victim, way, f"{attack.name} {way} {number}", oracle)
                oracle.begin()
                attack.run(attempt, variation)
                why = list(oracle.found) if attack.bare else oracle.verdict()
                tally.tried[attack.name, way] += 1
                where = f"{attack.name} on {way}, variation {number} ({variation!r:.80})"
                tally.broken.extend(f"{where}: {error}" for error in attempt.broken)
                if why:
                    tally.got_in[attack.name, way] += 1
                    tally.reasons.append(f"{where}: {'; '.join(dict.fromkeys(why))}")
                    victim = None
    return tally


def works(world: World, control: Control, way: str) -> bool:
    """Whether what must work does."""
    world.clock.pass_(APART)
    victim = victim_in(world)
    oracle = Oracle(world, victim)
    oracle.begin()
    return control.run(Attempt(world, victim, way, control.name, oracle))

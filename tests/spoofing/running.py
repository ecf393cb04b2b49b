"""Makes the attempts and tells what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pytest

from rehearsal import second_step
from rehearsal import world as worlds
from rehearsal.assembly import FunctionSpec
from rehearsal.functions import ROOT
from rehearsal.world import World, running
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import Attack, Control, Try
from tests.spoofing.oracle import Oracle
from tests.spoofing.victim import Hollow, Victim, victim_in

APART: Final = 20.0
"""Seconds of the rehearsal's time between two attempts: what all share by the minute is nobody's to use up."""
LIFE: Final = 150
"""Attempts in one rehearsal."""
SHARED: Final = 20
"""Attempts at one victim, where they needn't have one of their own."""
_HURRIED: Final = Path(__file__).with_name("hurried")
HOLLOW: Final = "proves nothing"
TRIES: Final = 3
"""How often an attempt is begun anew that didn't come about."""


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


@contextmanager
def hurried() -> Iterator[World]:
    """A rehearsal whose functions cut their waits short: that answers take as long either way, unit tests look at."""
    patch, plain = pytest.MonkeyPatch(), second_step.filled
    path = ":".join(map(str, (_HURRIED, ROOT / "lambdas", ROOT)))

    def filled(spec: FunctionSpec) -> FunctionSpec:
        known = plain(spec)
        return replace(known, environment={**known.environment, "PYTHONPATH": path})

    for module in (second_step, worlds):
        patch.setattr(module, "filled", filled)
    try:
        with running() as world:
            yield world
    finally:
        patch.undo()


class Stage:
    """The rehearsal that attempts are made in: a new one now and then, since one that remembers all gets slow."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._world: World | None = None
        self._uses = 0

    def world(self) -> World:
        """One that is not too old."""
        if self._world is None or self._uses >= LIFE:
            self._stack.close()
            self._world, self._uses = self._stack.enter_context(hurried()), 0
        self._uses += 1
        self._world.clock.pass_(APART)
        self._world.post.failing.clear()
        return self._world

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def run(stage: Stage, tries: Iterable[Try]) -> Tally:
    """Make these attempts, one after the other."""
    tally = Tally()
    victim: Victim | None = None
    for one in tries:
        attack, way = one.attack, one.way
        why: list[str] = []
        broken: list[str] = []
        for _ in range(TRIES):
            world = stage.world()
            if victim is None or attack.fresh or victim.world is not world or victim.uses >= SHARED:
                victim = victim_in(world)
            victim.uses += 1
            why, broken = _attempted(world, victim, attack, way, one.number)
            if attack.fresh or why:
                victim = None
            if not any(HOLLOW in reason for reason in why):
                break
        where = f"{attack.name} on {way}, variation {one.number} ({attack.variations[one.number]!r:.80})"
        tally.tried[attack.name, way] += 1
        tally.broken.extend(f"{where}: {error}" for error in broken)
        if why:
            tally.got_in[attack.name, way] += 1
            tally.reasons.append(f"{where}: {'; '.join(dict.fromkeys(why))}")
    return tally


def _attempted(world: World, victim: Victim, attack: Attack, way: str, number: int) -> tuple[list[str], list[str]]:
    """Why it got in, and what fell over."""
    oracle = Oracle(world, victim, attack.inside)
    attempt = Attempt(world, victim, way, f"{attack.name} {way} {number}", oracle)
    oracle.begin()
    try:
        attack.run(attempt, attack.variations[number])
    except Hollow as hollow:
        return [f"{HOLLOW}: {hollow}"], attempt.broken
    why = list(oracle.found) if attack.bare else oracle.verdict()
    return [one for one in why if one not in attack.allows], attempt.broken


def works(stage: Stage, control: Control, way: str) -> bool:
    """Whether what must work does; where a machine was too slow for a code or the bank's answer to come, twice more."""
    for _ in range(TRIES - 1):
        with suppress(Hollow):
            if _worked(stage.world(), control, way):
                return True
    return _worked(stage.world(), control, way)


def _worked(world: World, control: Control, way: str) -> bool:
    victim = victim_in(world)
    oracle = Oracle(world, victim)
    oracle.begin()
    return control.run(Attempt(world, victim, way, control.name, oracle))

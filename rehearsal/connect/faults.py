"""Faults between contact flows and what they call: functions that fail, are slow or throttled, and a Lex that fails.

By name, until it is said that they work again; or at random, for so many calls of a hundred. A slow function has done
its work when its answer comes too late, as in the cloud.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from rehearsal.connect.ports import LambdaAnswer, LambdaFailed, Lambdas, Lex, LexAnswer, LexFailed, LexInput, Services

LEX: Final = "lex"
FAILS, SLOW, THROTTLED = "fails", "slow", "throttled"
KINDS: Final = (FAILS, SLOW, THROTTLED)
LATE: Final = 10.0
"""Seconds by which a slow function overruns what Connect waits for."""
REFUSED: Final = 2
"""Attempts in a row that are throttled before one gets through."""


@dataclass(slots=True)
class Faults:
    """What is broken at the moment. Not safe for threads by itself: a centre calls one at a time."""

    names: Mapping[str, str]
    """ARN of a function to the name it is broken by."""
    broken: dict[str, str] = field(default_factory=dict)
    """Name of a function, or `lex`, to one of KINDS."""
    rate: float = 0.0
    """Share of calls that fail at random, 0 to 1."""
    dice: random.Random = field(default_factory=lambda: random.Random("faults"))
    made: Counter[str] = field(default_factory=Counter)
    """Faults so far, as `contact_data slow`."""
    refused: Counter[str] = field(default_factory=Counter)

    def wrapped(self, services: Services) -> Services:
        """The services with these faults before functions and Lex."""
        return replace(services, lambdas=_Lambdas(services.lambdas, self), lex=_Lex(services.lex, self))

    def heal(self) -> None:
        """Everything works again."""
        self.broken.clear()
        self.refused.clear()
        self.rate = 0.0

    def drawn(self, name: str) -> str:
        """The fault of this very call; empty for none."""
        kind = self.broken.get(name, "")
        if not kind and self.rate and self.dice.random() < self.rate:
            kind = FAILS if name == LEX else self.dice.choice(KINDS)
        if kind:
            self.made[f"{name} {kind}"] += 1
        return kind


@dataclass(frozen=True, slots=True)
class _Lambdas:
    inner: Lambdas
    faults: Faults

    def invoke(self, arn: str, event: Mapping[str, object], seconds: float) -> LambdaAnswer:
        """See `Lambdas.invoke`."""
        name = self.faults.names.get(arn, arn)
        kind = self.faults.drawn(name)
        if kind == FAILS:
            raise LambdaFailed("broken on purpose", 0.1)
        if kind == THROTTLED and self.faults.refused[name] < REFUSED:
            self.faults.refused[name] += 1
            raise LambdaFailed("throttled on purpose", 0.1)
        self.faults.refused.pop(name, None)
        answer = self.inner.invoke(arn, event, seconds)
        return replace(answer, seconds=answer.seconds + LATE) if kind == SLOW else answer


@dataclass(frozen=True, slots=True)
class _Lex:
    inner: Lex
    faults: Faults

    def say(
        self, alias: str, session: str, turn: LexInput, attributes: Mapping[str, str], channel: str, language: str
    ) -> LexAnswer:
        """See `Lex.say`."""
        if self.faults.drawn(LEX):
            raise LexFailed("broken on purpose")
        return self.inner.say(alias, session, turn, attributes, channel, language)

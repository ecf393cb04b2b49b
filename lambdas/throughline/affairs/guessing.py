"""Wrong codes, counted over all customers: so that trying one code on very many of them doesn't pay.

A code's own tries bound who guesses at one customer. Who guesses at everybody, three times each, is bounded by
what a crowd may guess wrongly in a day: every wrong one is paid for before its verdict leaves, and once they are
used up nothing that the crowd answers counts, or else the right one among the guesses would still get in. A right
code takes nothing of it. `customers.codes` has the arithmetic.

The day is the clock's, in UTC. Each crowd has its own, so that guests, who may all be one script, can use up only
theirs; whoever is refused by it is led to a person. Where a request's origin is known, each origin has a share of its
own as well, which goes first: one script at one place never touches the crowd's beyond that.

A right code costs a read more, or two where the origin is known, and a wrong one a write more, or two.
"""

from __future__ import annotations

from throughline.customers.allowances import ANYBODY, DAY, Allowance, Allowances, Crowd, GuessLimits
from throughline.customers.codes import Standing, Verdict


class Guessing:
    """Counts wrong codes."""

    def __init__(self, allowances: Allowances, limits: GuessLimits) -> None:
        """`allowances` are those that sending counts in."""
        self._allowances = allowances
        self._limits = limits

    def used_up(self, crowd: Crowd, origin: str, now: float) -> str:
        """The name of an allowance of theirs of which nothing is left, else "". Raises StoreError."""
        return next((one.name for one in self._wrong(crowd, origin) if not self._allowances.left(one, now)), "")

    def counted(self, verdict: Verdict, crowd: Crowd, origin: str, now: float) -> tuple[Verdict, str]:
        """What the verdict comes to, and the name of the allowance if that made the difference.

        A guess that paid for a try and was wrong takes one; a right one only counts while any are left. Raises
        StoreError, and then the verdict must not be told.
        """
        used_up = ""
        if verdict.standing is Standing.RIGHT:
            used_up = self.used_up(crowd, origin, now)
        elif verdict.paid:
            for one in self._wrong(crowd, origin):
                used_up = used_up or self._allowances.spend((one,), now)
        return (Verdict(Standing.SPENT), used_up) if used_up else (verdict, "")

    def _wrong(self, crowd: Crowd, origin: str) -> tuple[Allowance, ...]:
        """Narrow ones first, each to be spent alone: what everybody writes stays out of transactions."""
        overall = Allowance(f"wrong.{crowd}", ANYBODY, self._limits.of(crowd), DAY)
        if not origin:
            return (overall,)
        return Allowance(f"wrong.{crowd}.origin", origin, self._limits.origin_day, DAY), overall

"""Every probe, in the order in which they run: what talks to customers' bots first, what looks at logs last."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from deployment.probe.assumption import Probe, Volume
from deployment.probe.bots import BOTS
from deployment.probe.ear import EAR
from deployment.probe.elsewhere import ELSEWHERE
from deployment.probe.hook import HOOK
from deployment.probe.keeping import KEEPING
from deployment.probe.ringing import RINGING
from deployment.probe.saved import QUERIES
from deployment.probe.shifting import SHIFTING
from deployment.probe.skill import SKILL
from deployment.probe.tour import TEXTS
from deployment.probe.watching import WATCHING

PROBES: Final = (*BOTS, *EAR, *HOOK, *KEEPING, *SKILL, *WATCHING, *QUERIES, *RINGING, *SHIFTING, *ELSEWHERE)
LEX_TEXT_USD: Final = 0.00075
"""A text request (Amazon Lex pricing, us-east-1, 2026-11)."""
MOOD_USD: Final = 0.0003
"""Of one short text: three units at least (Amazon Comprehend pricing, us-east-1)."""
QUERY_USD: Final = 0.00005
"""10 MB scanned, which is what turns write in a quarter of an hour at some five a second (CloudWatch pricing)."""
CENTS: Final = 0.10
"""USD; what is likely to cost more is asked about first."""
_TOURED: Final = frozenset({"hook-digression", "store-through-key", "hook-cards", "hook-confirm", "hook-close"}) | {
    "sentiment",
    "trace-beside-turn",
    "metrics-from-log",
}
"""Probes that look at the guest's conversation, which is held once."""


class UnknownProbe(LookupError):
    """An id that no assumption has; the message lists them."""


def chosen(ids: Collection[str]) -> tuple[Probe, ...]:
    """The probes with these ids, or all for none. Raises UnknownProbe."""
    known = {probe.assumption.id for probe in PROBES}
    unknown = sorted(set(ids) - known)
    if unknown:
        raise UnknownProbe(f"there is no probe {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return tuple(probe for probe in PROBES if not ids or probe.assumption.id in ids)


def volume(probes: Collection[Probe]) -> Volume:
    """What they use at most, all together."""
    ids = {probe.assumption.id for probe in probes}
    total = Volume(calls=4)  # the stacks
    for probe in probes:
        total += probe.volume
    if ids & _TOURED and "hook-permission" not in ids:
        total += Volume(texts=TEXTS, moods=TEXTS, calls=1)
    return total


def usd(used: Volume) -> float:
    """What that costs at most; calls that only look cost nothing worth a figure."""
    return used.texts * LEX_TEXT_USD + used.moods * MOOD_USD + used.queries * QUERY_USD

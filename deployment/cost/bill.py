"""A month's bill: what is deployed, how often it is used, and the price list, multiplied out.

Money is `Decimal` throughout.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from deployment.cost import prices
from deployment.cost.channels import CHANNELS, REFERENCE
from deployment.cost.lines import Group, Line, lines_of
from deployment.cost.measured import Assumed, Turn
from deployment.cost.prices import Price
from deployment.cost.standing import CannotBePriced, Deployed

ADDED_TARGET: Final = Decimal("0.06")
"""USD that the product may add to 1,000 text turns."""
IDLE_TARGET: Final = Decimal("9.25")
"""USD a month that it may cost while nobody calls: five for what answers customers and watches over it, the rest for
a key for each domain of data, the telephone's recordings among them, and for the alarms of what works behind: the last
quarter is the relay's, for two alarms and for looking at the customers' table's stream."""
CAPTURES_TARGET: Final = Decimal("1.50")
"""What keying in cards and PINs may add to that, where it is switched on: a key, a secret and an alarm of its own."""
MOST: Final = 1_000_000_000
"""Turns a month beyond which no target is looked for."""
CENT: Final = Decimal("0.01")

Volumes = Mapping[str, int]
"""Channel to turns a month."""


@dataclass(frozen=True, slots=True)
class Bill:
    """A month."""

    volumes: Volumes
    deployed: Deployed
    assumed: Assumed
    lines: tuple[Line, ...]

    def total(self, group: Group | None = None) -> Decimal:
        """USD without free tiers, of one group or of all."""
        return sum((line.usd for line in self.lines if group in (None, line.group)), Decimal(0))

    def services(self, group: Group) -> dict[str, Decimal]:
        """Service to USD, without free tiers, in the order of the lines."""
        services = dict.fromkeys((line.price.service for line in self.lines if line.group is group), Decimal(0))
        for line in self.lines:
            if line.group is group:
                services[line.price.service] += line.usd
        return services

    def after_free_tiers(self, group: Group | None = None) -> Decimal:
        """USD if the account's free tiers are all left for this."""
        quantities: dict[Price, Decimal] = {}
        for line in self.lines:
            if group in (None, line.group):
                quantities[line.price] = quantities.get(line.price, Decimal(0)) + line.quantity
        return sum(
            (price.of(max(Decimal(0), quantity - price.free)) for price, quantity in quantities.items()), Decimal(0)
        )


@dataclass(frozen=True, slots=True)
class Thousand:
    """What the product adds to 1,000 text turns where so many come in a month."""

    turns: int
    """A month."""
    usd: Decimal
    metrics: Decimal
    """Its share for custom metrics, which are paid by the hour and not by the turn."""
    options: Decimal
    """What Lex's options cost beside it."""

    @property
    def met(self) -> bool:
        """Whether the target is."""
        return self.usd <= ADDED_TARGET


def usual(deployed: Deployed) -> Volumes:
    """The volumes that are taken if none are said: of the channels whose function is deployed."""
    return {one.name: one.usual if one.function in deployed.functions else 0 for one in CHANNELS}


def bill(deployed: Deployed, volumes: Volumes, assumed: Assumed, *, turn: Turn | None = None) -> Bill:
    """A month's bill for so many turns of each channel; with `turn`, each turn needs that.

    Raises CannotBePriced if a channel is used whose function isn't deployed, and KeyError for an unknown channel.
    """
    known = {one.name: one for one in CHANNELS}
    used = [(known[name], number, turn or known[name].turn) for name, number in volumes.items() if number]
    for channel, _, _ in used:
        if channel.function not in deployed.functions:
            raise CannotBePriced(
                f"no template has the function {channel.function}, which takes {channel.what}: say --{channel.name} 0, "
                "or switch the channel on in the environment's settings and run `make synth`"
            )
    return Bill(volumes, deployed, assumed, tuple(lines_of(deployed, used, assumed)))


def idle(deployed: Deployed, assumed: Assumed) -> Bill:
    """The bill of a month in which nobody calls."""
    return bill(deployed, {}, assumed)


def idle_target(deployed: Deployed) -> Decimal:
    """USD that what is deployed may cost in a month in which nobody calls."""
    return IDLE_TARGET + CAPTURES_TARGET * deployed.captures


def idle_is_met(usd: Decimal, deployed: Deployed) -> bool:
    """Whether a month's idle bill keeps to the target: by the cent, as an invoice is written."""
    return usd.quantize(CENT) <= idle_target(deployed)


def per_thousand(deployed: Deployed, turns: int, assumed: Assumed, *, turn: Turn | None = None) -> Thousand:
    """What the product adds to 1,000 text turns, beyond the idle bill. Raises ValueError for no turns."""
    if turns <= 0:
        raise ValueError("nothing is added to no turns")
    nothing = idle(deployed, assumed)
    some = bill(deployed, {REFERENCE.name: turns}, assumed, turn=turn)
    added = some.total(Group.ADDED) - nothing.total(Group.ADDED)
    metrics = _of(some, prices.METRICS) - _of(nothing, prices.METRICS)
    options = some.total(Group.OPTION)
    return Thousand(turns, added * 1000 / turns, metrics * 1000 / turns, options * 1000 / turns)


def met_from(deployed: Deployed, assumed: Assumed) -> int | None:
    """How many text turns a month it takes to meet the target, to the hundred; None if no number does."""
    volumes = range(100, MOST, 100)
    first = bisect_left(volumes, True, key=lambda turns: per_thousand(deployed, turns, assumed).met)
    return volumes[first] if first < len(volumes) else None


def _of(whole: Bill, price: Price) -> Decimal:
    return sum((line.usd for line in whole.lines if line.price is price), Decimal(0))

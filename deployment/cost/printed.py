"""The bill as a person reads it, as JSON, and as the README's table."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Final

from deployment.cost import measured, prices
from deployment.cost.bill import (
    ADDED_TARGET,
    CENT,
    Bill,
    Thousand,
    bill,
    idle,
    idle_is_met,
    idle_target,
    met_from,
    per_thousand,
    usual,
)
from deployment.cost.channels import CHANNELS, REFERENCE
from deployment.cost.lines import GIGABYTE, Group, Line, log_bytes
from deployment.cost.measured import Assumed, Turn
from deployment.cost.origin import NO_REGION, Origin
from deployment.cost.standing import Deployed

_WIDTH: Final = 110
_LEFT: Final = 73
"""Columns before the outer sums."""


def text(month: Bill) -> str:
    """The whole bill, with its summary first and its assumptions last."""
    nothing = idle(month.deployed, month.assumed)
    return "\n".join(
        [
            f"A month of {_volumes(month)}",
            *_whose(month.deployed.origin),
            *_rows(month, nothing),
            *_summary(month, nothing),
            *_assumptions(month),
        ]
    )


def as_json(month: Bill) -> str:
    """The same for programs; money and quantities are decimal numbers written as text."""
    nothing = idle(month.deployed, month.assumed)
    thousand = reference(month)
    document = {
        "as_of": prices.AS_OF,
        "region": prices.REGION,
        "environment": month.deployed.origin.environment or None,
        "read_from": month.deployed.origin.folder,
        "region_of_templates": month.deployed.origin.region,
        "currency": "USD",
        "volumes": dict(month.volumes),
        "assumed": {name: str(value) for name, value in asdict(month.assumed).items()},
        "lines": [
            {
                "group": line.group.name.lower(),
                "service": line.price.service,
                "what": line.price.what,
                "quantity": str(line.quantity),
                "unit": line.price.unit,
                "price": {
                    "usd": str(line.price.usd),
                    "per": line.price.per,
                    "source": line.price.source,
                    "seen": line.price.seen.name.lower(),
                },
                "usd": str(line.usd),
                "why": line.why,
            }
            for line in month.lines
        ],
        "added": str(month.total(Group.ADDED)),
        "options": str(month.total(Group.OPTION)),
        "anyway": str(month.total(Group.ANYWAY)),
        "total": str(month.total()),
        "total_after_free_tiers": str(month.after_free_tiers()),
        "idle": {"usd": str(nothing.total()), "target": str(idle_target(month.deployed)), "met": _idle_met(nothing)},
        "added_per_1000_text_turns": {
            "turns_a_month": thousand.turns,
            "usd": str(thousand.usd),
            "of_it_custom_metrics": str(thousand.metrics),
            "options_of_lex_beside_it": str(thousand.options),
            "target": str(ADDED_TARGET),
            "met": thousand.met,
        },
    }
    return json.dumps(document, indent=2)


def markdown(deployed: Deployed) -> str:
    """The README's table: idle, and the usual volumes, of what is deployed."""
    assumed = Assumed()
    month, nothing = bill(deployed, usual(deployed), assumed), idle(deployed, assumed)
    thousand = reference(month)
    idle_services, services = nothing.services(Group.ADDED), month.services(Group.ADDED)
    rows = [
        ("USD a month", "idle", _volumes(month)),
        ("---", "---:", "---:"),
        *((name, _money(idle_services.get(name, Decimal(0))), _money(usd)) for name, usd in services.items()),
        (
            "**what Throughline adds**",
            f"**{_money(nothing.total(Group.ADDED))}**",
            f"**{_money(month.total(Group.ADDED))}**",
        ),
        *(
            (f"{name}{beside}", _money(Decimal(0)), _money(usd))
            for group, beside in ((Group.OPTION, ", Lex's option"), (Group.ANYWAY, ""))
            for name, usd in month.services(group).items()
        ),
        ("**all of it**", f"**{_money(nothing.total())}**", f"**{_money(month.total())}**"),
        (
            "all of it, with the account's free tiers",
            _money(nothing.after_free_tiers()),
            _money(month.after_free_tiers()),
        ),
        (f"added to 1,000 text turns, beyond idle (target {ADDED_TARGET})", "", f"{thousand.usd:.3f}"),
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def reference(month: Bill) -> Thousand:
    """The figure per 1,000 text turns for this month's volume of them, or for the usual one if it has none."""
    turns = month.volumes.get(REFERENCE.name, 0) or REFERENCE.usual
    return per_thousand(month.deployed, turns, month.assumed)


def _volumes(month: Bill) -> str:
    used = [f"{number:,} {one.what}" for one in CHANNELS if (number := month.volumes.get(one.name, 0))]
    return ", ".join(used) or "silence"


def _whose(origin: Origin) -> Iterator[str]:
    yield f"of {_named(origin)}, read from {origin.folder}"
    yield f"USD at AWS's list prices of {prices.AS_OF}, without tax and without free tiers."
    yield f"Prices are those of {prices.REGION}{_elsewhere(origin)}."


def _named(origin: Origin) -> str:
    return f"the environment {origin.environment}" if origin.environment else "an environment that no manifest names"


def _elsewhere(origin: Origin) -> str:
    if origin.regions == (prices.REGION,):
        return ", where the templates deploy to"
    if origin.regions == (NO_REGION,):
        return f" wherever it is deployed to; the templates name no region ({NO_REGION})"
    return f", though the templates name {origin.region}: there they differ"


def _rows(month: Bill, nothing: Bill) -> Iterator[str]:
    for group in Group:
        lines = [line for line in month.lines if line.group is group]
        if not lines:
            continue
        yield ""
        yield group.value[0].upper() + group.value[1:]
        service = ""
        for line in lines:
            if line.price.service != service:
                service = line.price.service
                yield f"  {service:<{_LEFT - 2}}{_money(month.services(group)[service]):>10}"
            yield f"    {line.price.what:<24}{_quantity(line):>32}{_money(line.usd):>10}{'':<13}{line.why}"
        yield f"  {'total':<{_LEFT - 2}}{_money(month.total(group)):>10}{_idle(nothing, group)}"


def _idle(nothing: Bill, group: Group) -> str:
    return f"    of which {_money(nothing.total(group))} while idle" if group is Group.ADDED else ""


def _quantity(line: Line) -> str:
    number = line.quantity
    figure = f"{number:,.0f}" if number == number.to_integral_value() or number >= 100 else f"{number:,.4g}"
    return f"{figure} {line.price.unit.removesuffix('s') if number == 1 else line.price.unit}"


def _summary(month: Bill, nothing: Bill) -> Iterator[str]:
    thousand = reference(month)
    busiest = per_thousand(month.deployed, thousand.turns, month.assumed, turn=measured.BUSIEST)
    free = _money(nothing.after_free_tiers())
    yield ""
    yield _figure(
        "All of it", _money(month.total()), f"with the account's free tiers, {_money(month.after_free_tiers())}"
    )
    yield _figure(
        "Idle",
        _money(nothing.total()),
        f"our target, at most {idle_target(month.deployed)}: {_met(_idle_met(nothing))}; with free tiers, {free}",
    )
    yield _figure(
        "Added to 1,000 text turns, beyond idle",
        f"{thousand.usd:.4f}",
        f"our target, at most {ADDED_TARGET}: {_met(thousand.met)}, at {thousand.turns:,} a month",
    )
    yield _figure("  of it for custom metrics", f"{thousand.metrics:.4f}", _metrics_are(month))
    yield _figure(
        "  if all customers talked for ten minutes on end",
        f"{busiest.usd:.4f}",
        f"{_units(measured.BUSIEST)} request units a turn instead of {_units(measured.LEX)}",
    )
    if thousand.options:
        yield _figure("Options of Lex, for 1,000 text turns", f"{thousand.options:.4f}", "not in the figure above")


def _idle_met(nothing: Bill) -> bool:
    return idle_is_met(nothing.total(), nothing.deployed)


def _figure(what: str, figure: str, beside: str) -> str:
    return f"{what:<{_LEFT}}{figure:>10}    {beside}"


def _metrics_are(month: Bill) -> str:
    turns = met_from(month.deployed, month.assumed)
    met = "no volume meets our target" if turns is None else f"our target met from {turns:,} turns on"
    return f"paid by the hour: {met}"


def _assumptions(month: Bill) -> Iterator[str]:
    deployed, assumed, turn = month.deployed, month.assumed, measured.LEX
    yield ""
    yield "Assumed and left out"
    bank = f", and {turn.ledger_read_units + turn.ledger_write_units} of the reference bank's books"
    notes = [
        f"Counted in the templates {', '.join(deployed.stacks)}; the settings are those they were synthesised with.",
        f"A turn takes {turn.read_units} read and {turn.write_units} write units, measured over whole conversations"
        f"{bank if deployed.ledger else ''}. They grow with the item, which keeps the replies of ten minutes: with "
        f"85 of them a turn takes {_units(measured.BUSIEST)}.",
        f"Not measured, for there was no account: {assumed.warm_ms} ms a warm turn with its two round trips to the "
        f"table, {assumed.cold_ms:,} ms more at a cold start, {assumed.cold_percent} % cold starts, "
        f"{assumed.instances} instances at once (--warm-ms, --cold-ms, --cold-percent, --instances).",
        f"A conversation has {assumed.conversation_turns} turns (--conversation-turns); each is another customer's.",
        f"What follows a turn is assumed, too: {measured.FOLLOWED.write_units} writes and "
        f"{measured.FOLLOWED.read_units} read for its transcript, {measured.FOLLOWED.milliseconds} ms of a function, "
        "which takes up to fifty turns at once.",
        f"A log line of ours is {turn.log_bytes} bytes, measured; Lambda's two are taken for "
        f"{measured.PLATFORM_LOG_BYTES}. Of custom metrics there are {measured.CHANNEL_SERIES} a channel "
        f"and {measured.OVERALL_SERIES} for all; each is taken to have data every hour.",
        prices.ROTATION,
        f"A turn on the telephone takes {measured.CALL_MINUTES} minutes, in each of which Amazon Connect, its number "
        "and its recording are paid, and a chat's two messages; Contact Lens is in the price of Amazon Connect with "
        "unlimited AI.",
        "Left out: the minutes that persons talk, and what a contact asks of functions before and after its turns; "
        "prices of numbers and calls outside the USA; taxes, support, "
        "what the business's own back end costs, looking at traces, data that leaves AWS, and old assets in the "
        "bootstrap bucket.",
        _asking(deployed),
    ]
    if deployed.sentiment:
        notes.append(f"{prices.SENTIMENT_IS_BILLED}. lex.sentiment: false saves it.")
    if month.volumes.get("relay"):
        notes.append(
            f"A message to or from an agent is assumed to take {_units(measured.RELAYED)} request units, "
            f"{measured.RELAYED_SECONDS} seconds of a function and {measured.RELAYED_KMS} request to AWS KMS."
        )
    to_come = [one.name for one in CHANNELS if one.function_to_come and month.volumes.get(one.name)]
    if to_come:
        notes.append(f"No function for {', '.join(to_come)} is built yet: its turns are counted like those of Lex.")
    notes.append(_doubt(month.lines))
    for note in notes:
        yield textwrap.fill(note, _WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _asking(deployed: Deployed) -> str:
    """What looking at logs costs: for scale, since nobody knows how often it is done."""
    price = prices.LOGS_SCANNED
    dashboard = ", and those of the dashboard's log widgets, which run at each refresh of the dashboard"
    turns = round(GIGABYTE / log_bytes(measured.LEX), -4)
    return (
        f"Left out, too: saved log queries{dashboard if deployed.counted.get(prices.DASHBOARDS) else ''}. For scale: "
        f"{price.usd} USD per {price.unit} scanned by each query, which is some {turns:,.0f} turns of the time chosen."
    )


def _doubt(lines: Sequence[Line]) -> str:
    told = {prices.LOGS_SCANNED, *(line.price for line in lines)}
    recalled = sorted(price.what for price in told if price.seen is prices.Seen.RECALLED and price.usd)
    return (
        "Prices and their sources: deployment/cost/prices.py. Recalled, not read anywhere for this list: "
        f"{', '.join(recalled)}."
    )


def _units(turn: Turn) -> str:
    return f"{turn.read_units + turn.write_units:.0f}"


def _met(met: bool) -> str:
    return "met" if met else "MISSED"


def _money(usd: Decimal) -> str:
    """By the cent; what is less than half of one is shown as less than a cent."""
    return "<0.01" if Decimal(0) < usd < CENT / 2 else f"{usd:,.2f}"

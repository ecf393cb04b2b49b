"""The lines of a bill: how many of what a month of turns needs.

Where the use of a service depends on what nobody knows beforehand, the most that it can be is taken: the bill is
meant to be no less than AWS's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Final

from deployment.cost import measured, prices
from deployment.cost.channels import Channel
from deployment.cost.measured import Assumed, Turn
from deployment.cost.prices import Price
from deployment.cost.standing import Deployed

HOURS: Final = Decimal(730)
"""Of a month, as AWS counts them."""
WINDOWS: Final = HOURS * 12
"""Of five minutes: DynamoDB asks KMS again for a table's key after five minutes in which a caller did not use it.

https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html, Table key caching."""
SECONDS: Final = HOURS * 3600
PICODOLLAR: Final = Decimal("1e-12")
GIGABYTE: Final = Decimal(10) ** 9
TRACED_BEYOND: Final = Decimal("0.05")
"""Lambda traces one request a second and this share of the rest; it takes no other sampling rule.

https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html"""
LOGS_COMPRESSED: Final = Decimal("0.15")
"""What kept logs shrink to, in the pricing examples of https://aws.amazon.com/cloudwatch/pricing/ (recalled)."""


FOLLOWER: Final = "records"
"""The handler's module that follows turns."""


class Group(StrEnum):
    """Who is the reason for a cost."""

    ADDED = "what Throughline adds"
    OPTION = "options of Lex that are switched on"
    """They can be had without this product too, and switched off with it."""
    ANYWAY = "what Lex, Connect and Alexa charge anyway"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the bill."""

    group: Group
    price: Price
    quantity: Decimal
    """How many of the price's units."""
    why: str
    """Where the quantity comes from."""

    @property
    def usd(self) -> Decimal:
        """What it costs, to the picodollar, so that sums of lines are exact."""
        return self.price.of(self.quantity).quantize(PICODOLLAR)


Used = list[tuple[Channel, int, Turn]]
"""Channels with their turns a month and what one of them needs."""


def lines_of(deployed: Deployed, used: Used, assumed: Assumed) -> Iterator[Line]:
    """Group by group, and service by service in the price list's order."""
    order = {price: number for number, price in enumerate(prices.ALL)}
    services = list(dict.fromkeys(price.service for price in prices.ALL))
    lines = [*_standing(deployed, assumed), *_of_turns(deployed, used), *_of_functions(deployed, used, assumed)]
    lines += [*_kept(deployed, used, assumed), *_followed(deployed, used), *_anyway(deployed, used)]
    groups = list(Group)
    lines.sort(key=lambda line: (groups.index(line.group), services.index(line.price.service), order[line.price]))
    for _, same in groupby(lines, key=lambda line: (line.group, line.price, line.why)):
        first, *more = same
        quantity = sum((line.quantity for line in more), first.quantity)
        if quantity:
            yield Line(first.group, first.price, quantity, first.why)


def _standing(deployed: Deployed, assumed: Assumed) -> Iterator[Line]:
    for price, number in deployed.counted.items():
        yield Line(Group.ADDED, price, Decimal(number), "counted in the templates")
    yield Line(
        Group.ADDED,
        prices.EMAILS,
        Decimal(deployed.addresses * assumed.emails),
        f"{assumed.emails} a month to each address",
    )
    yield Line(Group.ADDED, prices.ASSETS, deployed.asset_bytes / GIGABYTE, "of one deployment, before compression")
    if deployed.followers and deployed.encrypted:
        polled = WINDOWS * deployed.followers
        yield Line(Group.ADDED, prices.KMS_REQUESTS, polled, "the stream's key, each 5 minutes for each follower")
    if deployed.shifting:
        yield Line(Group.ADDED, prices.DEPLOYMENTS, Decimal(assumed.deployments), "free")


def _of_turns(deployed: Deployed, used: Used) -> Iterator[Line]:
    """What each turn needs of table, log and metrics."""
    for channel, number, turn in used:
        ledger = Decimal(deployed.ledger)
        yield Line(
            Group.ADDED,
            prices.DYNAMODB_READS,
            number * (turn.read_units + ledger * turn.ledger_read_units),
            "measured, strongly consistent",
        )
        yield Line(
            Group.ADDED,
            prices.DYNAMODB_WRITES,
            number * (turn.write_units + ledger * turn.ledger_write_units),
            "measured; more while many replies are kept",
        )
        yield Line(
            Group.ADDED, prices.LOGS_INGESTED, number * log_bytes(turn) / GIGABYTE, "measured line, Lambda's two"
        )
        for use in channel.adds:
            yield Line(Group.ADDED, use.price, number * use.a_turn, "of each turn")
    by_dimension = _sums((channel.metrics, number) for channel, number, _ in used).values()
    series = [*((measured.CHANNEL_SERIES, number) for number in by_dimension)]
    series.append((measured.OVERALL_SERIES, sum(by_dimension)))
    for metrics, number in series:
        months = min(Decimal(number), HOURS) / HOURS
        yield Line(Group.ADDED, prices.METRICS, metrics * months, "paid by the hour that has data")


def _of_functions(deployed: Deployed, used: Used, assumed: Assumed) -> Iterator[Line]:
    """What depends on how often a function is called, whichever channels share it."""
    for function, number in _sums((channel.function, number) for channel, number, _ in used).items():
        turns = Decimal(number)
        cold = turns * assumed.cold_percent / 100
        seconds = (turns * assumed.warm_ms + cold * assumed.cold_ms) / 1000
        yield Line(Group.ADDED, prices.LAMBDA_REQUESTS, turns, "one a turn")
        yield Line(
            Group.ADDED,
            prices.LAMBDA_TIME,
            seconds * deployed.functions[function],
            f"{assumed.warm_ms} ms a turn, {assumed.cold_percent} % with {assumed.cold_ms:,} more",
        )
        fetched = cold + min(turns, HOURS * assumed.instances)
        asked = deployed.tables * (cold + min(turns, WINDOWS * assumed.instances)) if deployed.encrypted else Decimal(0)
        yield Line(Group.ADDED, prices.SECRETS_CALLS, fetched, "at each cold start, then hourly")
        yield Line(Group.ADDED, prices.KMS_REQUESTS, fetched + asked, "table keys each 5 minutes at most, secrets")
        if deployed.traced:
            traced = min(turns, SECONDS) + TRACED_BEYOND * max(Decimal(0), turns - SECONDS)
            yield Line(Group.ADDED, prices.TRACES, traced, "one a second and 5 % of the rest")


def _followed(deployed: Deployed, used: Used) -> Iterator[Line]:
    """What follows turns behind them. That Lambda reads a stream for it is free (DynamoDB pricing page)."""
    turns = Decimal(sum(number for _, number, _ in used) * deployed.each_turn)
    each, why = measured.FOLLOWED, "transcripts, assumed"
    memory = deployed.functions.get(FOLLOWER, Decimal(0))
    yield Line(Group.ADDED, prices.LAMBDA_REQUESTS, turns, "one after each turn at most")
    yield Line(
        Group.ADDED, prices.LAMBDA_TIME, turns * each.milliseconds / 1000 * memory, f"{each.milliseconds} ms a turn"
    )
    yield Line(Group.ADDED, prices.DYNAMODB_READS, turns * each.read_units, why)
    yield Line(Group.ADDED, prices.DYNAMODB_WRITES, turns * each.write_units, why)
    yield Line(Group.ADDED, prices.LOGS_INGESTED, turns * each.log_bytes / GIGABYTE, "Lambda's two lines")
    stored = turns * (each.transcript_bytes + measured.ITEM_OVERHEAD) / GIGABYTE * each.months
    yield Line(Group.ADDED, prices.DYNAMODB_STORAGE, stored, "transcripts of 400 days")
    if deployed.recovery:
        yield Line(Group.ADDED, prices.DYNAMODB_RECOVERY, stored, "transcripts of 400 days")


def _kept(deployed: Deployed, used: Used, assumed: Assumed) -> Iterator[Line]:
    """What lies in table and log once the first of it is old enough to go."""
    for channel, number, turn in used:
        minutes = number * channel.recorded
        recorded = minutes * measured.RECORDED_BYTES / GIGABYTE * deployed.recording_days * 24 / HOURS
        yield Line(Group.ADDED, prices.RECORDINGS, recorded, f"kept {deployed.recording_days} days, all agree")
        customers = Decimal(number) / assumed.conversation_turns * measured.RETENTION_MONTHS
        each = turn.item_bytes + measured.ITEM_OVERHEAD + deployed.ledger * measured.LEDGER_BYTES
        stored = customers * each / GIGABYTE
        yield Line(Group.ADDED, prices.DYNAMODB_STORAGE, stored, "each conversation another customer's, 90 days")
        if deployed.recovery:
            yield Line(Group.ADDED, prices.DYNAMODB_RECOVERY, stored, "of what is stored")
        logs = number * log_bytes(turn) / GIGABYTE * LOGS_COMPRESSED
        yield Line(
            Group.ADDED,
            prices.LOGS_KEPT,
            logs * deployed.log_days * 24 / HOURS,
            f"kept {deployed.log_days} days, compressed to {LOGS_COMPRESSED * 100:.0f} %",
        )


def _anyway(deployed: Deployed, used: Used) -> Iterator[Line]:
    for channel, number, _ in used:
        for use in channel.anyway:
            why = "one a turn" if use.a_turn == 1 else f"{use.a_turn} a turn"
            yield Line(Group.ANYWAY, use.price, number * use.a_turn, why)
        if channel.lex and deployed.sentiment:
            yield Line(
                Group.OPTION,
                prices.SENTIMENT,
                number * prices.SENTIMENT_UNITS,
                f"{prices.SENTIMENT_UNITS} an utterance; lex.sentiment",
            )
        if channel.lex and deployed.lex_logs:
            yield Line(
                Group.OPTION,
                prices.LOGS_INGESTED,
                number * Decimal(measured.LEX_LOG_BYTES) / GIGABYTE,
                "lex.conversation_logs",
            )


def log_bytes(turn: Turn) -> Decimal:
    """What a turn adds to the log, as CloudWatch counts it: our line and Lambda's."""
    return Decimal(turn.log_bytes + measured.PLATFORM_LOG_BYTES + measured.LOG_LINES * measured.LOG_EVENT_BYTES)


def _sums(numbers: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, number in numbers:
        sums[name] = sums.get(name, 0) + number
    return sums

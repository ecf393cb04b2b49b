"""The saved log queries: what a person asks when a figure looks wrong.

They read what `telemetry` writes, and Lambda's own report of each invocation, which is JSON too in the JSON
log format (Lambda developer guide, "Lambda Telemetry API Event schema reference": platform.report). Fields
are named by their path in the line (CloudWatch Logs user guide, "Supported logs and discovered fields").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Query:
    """A query of CloudWatch Logs Insights."""

    name: str
    """Follows the environment's prefix and a slash."""
    about: str
    """What it answers, in one sentence: the query's own first line."""
    steps: tuple[str, ...]
    """Its commands, in their order."""

    @property
    def text(self) -> str:
        """The query as it is saved."""
        return "\n".join((f"# {self.about}", self.body))

    @property
    def body(self) -> str:
        """The commands alone, as a dashboard shows them."""
        return "\n| ".join(self.steps)


CUSTOMER_HERE: Final = "PSEUDONYMOUS-ID"
TURN_HERE: Final = "TURN-ID"

CONVERSATION: Final = Query(
    "conversation",
    f"One customer's conversation on every channel: put their pseudonymous id for {CUSTOMER_HERE}.",
    (
        "fields @timestamp, channel, turn.mode, turn.assurance, turn.heard, turn.prompts, turn.awaits, turn.sentiment, "
        "turn.events.done, turn.events.refused, turn.events.handover, turn.problem, turn.id, turn.trace",
        f'filter turn.customer = "{CUSTOMER_HERE}"',
        "sort @timestamp asc",
        "limit 1000",
    ),
)
TURN: Final = Query(
    "turn",
    f"All that is logged of one turn, by its id ({TURN_HERE}); its trace is in X-Ray under the id beside it.",
    (
        "fields @timestamp, turn.id, turn.trace, channel, turn.customer, turn.heard, turn.prompts, TurnTime, "
        "turn.writes, turn.repeated, turn.problem, what, error, at, @log",
        f'filter turn.id = "{TURN_HERE}"',
        "sort @timestamp asc",
    ),
)
FAILURES: Final = Query(
    "failures",
    "Failures behind polite replies, newest first, with turn and trace side by side: choose the last hour.",
    (
        "fields @timestamp, turn.id, turn.trace, channel, what, error, at",
        'filter message = "failed"',
        "sort @timestamp desc",
        "limit 200",
    ),
)
KINDS_OF_FAILURE: Final = Query(
    "kinds-of-failure",
    "What fails, and how: `what` is the part of a turn, `error` the exception's type.",
    ('filter message = "failed"', "stats count(*) as failures by what, error, channel", "sort failures desc"),
)
FUNCTION_ERRORS: Final = Query(
    "function-errors",
    "Invocations that raised or ran out of time, as Lambda itself reports them.",
    (
        "fields @timestamp, record.status, record.metrics.durationMs, record.requestId, @log",
        'filter type = "platform.report" and record.status != "success"',
        "sort @timestamp desc",
        "limit 200",
    ),
)
HANDOVERS: Final = Query(
    "handovers",
    "Why customers went on to a person.",
    (
        "filter ispresent(turn.events.handover)",
        "stats count(*) as handovers by turn.events.handover",
        "sort handovers desc",
    ),
)
CONTAINMENT: Final = Query(
    "containment",
    "Of the customers who talked with us on a day (UTC), how many needed no person.",
    (
        'filter ispresent(turn.customer) and turn.customer != ""',
        "stats max(turn.handed) as handed by turn.customer, datefloor(@timestamp, 1d) as day",
        "stats count(*) as customers, sum(handed) as handed_over, 100 * (1 - avg(handed)) as contained_percent by day",
        "sort day desc",
    ),
)
NOT_UNDERSTOOD: Final = Query(
    "not-understood",
    "Where nobody understood the customer, by channel and by the prompts that they then got.",
    (
        "filter ispresent(turn.events.not_understood)",
        "stats count(*) as times by channel, turn.prompts",
        "sort times desc",
        "limit 100",
    ),
)
REFUSED: Final = Query(
    "refused",
    "Tasks that the business refused, by task and reason.",
    ("filter ispresent(turn.events.refused)", "stats count(*) as refused by turn.events.refused", "sort refused desc"),
)
SENTIMENT: Final = Query(
    "sentiment",
    "How what customers said was meant, as far as Lex judges it.",
    ("filter ispresent(turn.sentiment)", "stats count(*) as utterances by turn.sentiment", "sort utterances desc"),
)
SLOWEST: Final = Query(
    "slowest",
    "The slowest turns, in milliseconds: writes above 2 are lost races, a problem says what ran out of time.",
    (
        "fields @timestamp, TurnTime, channel, turn.heard, turn.writes, turn.problem, turn.id, turn.trace",
        "filter ispresent(TurnTime)",
        "sort TurnTime desc",
        "limit 50",
    ),
)
COLD_STARTS: Final = Query(
    "cold-starts",
    "How often a function had to start first, and for how many milliseconds.",
    (
        'filter type = "platform.report" and ispresent(record.metrics.initDurationMs)',
        "stats count(*) as cold_starts, pct(record.metrics.initDurationMs, 50) as p50_ms, "
        "max(record.metrics.initDurationMs) as slowest_ms by @log",
        "sort cold_starts desc",
    ),
)

QUERIES: Final = (
    CONVERSATION,
    TURN,
    FAILURES,
    KINDS_OF_FAILURE,
    FUNCTION_ERRORS,
    HANDOVERS,
    CONTAINMENT,
    NOT_UNDERSTOOD,
    REFUSED,
    SENTIMENT,
    SLOWEST,
    COLD_STARTS,
)

"""What a turn needs of the services: measured where it can be here, assumed where only an account can tell.

`Turn` holds what a test measures anew on every run (tests/unit/deployment/test_cost_measured.py); `Assumed`
holds the rest, each an option of `throughline cost`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Turn:
    """Means over a twelve-turn conversation: two tasks, a digression, a correction, one irreversible action."""

    read_units: Decimal
    """DynamoDB request units of the conversation, all strongly consistent."""
    write_units: Decimal
    """An irreversible action writes twice, and what is written grows with the replies kept for ten minutes."""
    ledger_read_units: Decimal
    """The same for the reference bank's books; another business has none here."""
    ledger_write_units: Decimal
    item_bytes: int
    """The largest conversation item that came up."""
    log_bytes: int
    """Our own log line: metrics and details of a turn in one document."""


LEX: Final = Turn(
    read_units=Decimal("1.42"),
    write_units=Decimal("4.58"),
    ledger_read_units=Decimal("0.25"),
    ledger_write_units=Decimal("0.15"),
    item_bytes=5214,
    log_bytes=690,
)
ALEXA: Final = Turn(
    read_units=Decimal("1.42"),
    write_units=Decimal("4.25"),
    ledger_read_units=Decimal("0.25"),
    ledger_write_units=Decimal("0.15"),
    item_bytes=4970,
    log_bytes=692,
)
RELAYED: Final = Turn(
    read_units=Decimal(16),
    write_units=Decimal(26),
    ledger_read_units=Decimal(0),
    ledger_write_units=Decimal(0),
    item_bytes=6_000,
    log_bytes=0,
)
"""A message to or from an agent: the queue's item is written some four times, the conversation and the outbox once;
assumed, not measured."""
RELAYED_SECONDS: Final = Decimal("0.5")
"""That the function runs for one: it waits for Amazon Connect two or three times; assumed, not measured."""
RELAYED_KMS: Final = Decimal(1)
"""Requests to AWS KMS: a token is opened, or the topic's key asked for; assumed, not measured."""
BUSIEST: Final = Turn(
    read_units=Decimal(9),
    write_units=Decimal("34.7"),
    ledger_read_units=LEX.ledger_read_units,
    ledger_write_units=LEX.ledger_write_units,
    item_bytes=32_700,
    log_bytes=LEX.log_bytes,
)
"""A customer who says something every seven seconds for ten minutes on end: then 85 replies are kept."""
LEDGER_BYTES: Final = 2_000
"""What the reference bank's books of one customer take, at most."""
CHANNEL_SERIES: Final = 7
"""Custom metrics of one channel: each name with each set of dimensions is billed by itself."""
OVERALL_SERIES: Final = 2
"""Custom metrics of all channels together."""
PLATFORM_LOG_BYTES: Final = 800
"""Lambda's own two lines a turn at its level INFO, platform.start and platform.report with tracing, in JSON.

https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html gives their fields; the test lays
out the longest of each."""
LOG_EVENT_BYTES: Final = 26
"""What CloudWatch Logs adds to each event (PutLogEvents, API reference)."""
LOG_LINES: Final = 3
"""Ours and Lambda's two."""
LEX_LOG_BYTES: Final = 4_000
"""Of a turn in Lex's own conversation log, where it is switched on; assumed, not measured."""
RETENTION_MONTHS: Final = 3
"""How long a known customer's conversation is kept after its last turn: 90 days."""
CALL_MINUTES: Final = Decimal("0.25")
"""Of a call that a turn takes: what is said, what is answered, and the silence between; assumed, not measured."""
RECORDED_BYTES: Final = 1_920_000
"""Of a minute's recording: two channels of 8,000 samples of two bytes a second, as Amazon Connect keeps a call
(administrator guide, "Set up recording behavior"; recalled)."""
ITEM_OVERHEAD: Final = 100
"""Bytes that DynamoDB stores beside each item (DynamoDB pricing page)."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What follows a turn behind it: its transcript, its facts; assumed, not measured."""

    read_units: Decimal
    """Whether the customer was erased meanwhile, strongly consistent."""
    write_units: Decimal
    """The transcript of a turn, and now and then a fact."""
    transcript_bytes: int
    """Of a turn, as it is stored."""
    months: Decimal
    """How long a transcript is kept."""
    log_bytes: int
    """Lambda's own lines: the follower writes none of its own while all is well."""
    milliseconds: int
    """Billed, if each turn is followed by itself: at most, since they are taken in batches of up to fifty a second."""


FOLLOWED: Final = Followed(
    read_units=Decimal(1),
    write_units=Decimal("1.2"),
    transcript_bytes=800,
    months=Decimal(400 * 12) / 365,
    log_bytes=PLATFORM_LOG_BYTES + 2 * LOG_EVENT_BYTES,
    milliseconds=40,
)


@dataclass(frozen=True, slots=True)
class Assumed:
    """What only a live account can show; each can be set on the command line."""

    conversation_turns: int = 8
    """Turns of a conversation. Each conversation is taken for another customer's, which is the most it can cost."""
    warm_ms: int = 30
    """Billed milliseconds of a turn on a warm instance: two round trips to DynamoDB at 5 to 10 ms, our own CPU
    (half a millisecond on a whole core, of which 1,024 MB get 0.58), and the flush."""
    cold_ms: int = 1_500
    """Billed milliseconds that a cold start adds: 460 ms of CPU on a whole core, TLS, one secret. Lambda bills its
    INIT phase since 2025-08-01."""
    cold_percent: Decimal = Decimal(2)
    """Turns in a hundred that meet a cold start; AWS says under one for most."""
    instances: int = 5
    """Instances of a function that are warm at once: each reads the secret hourly and has connections of its own."""
    emails: int = 20
    """Alarm e-mails a month to each address."""
    deployments: int = 4
    """Deployments a month."""

"""The price list: what AWS charges in us-east-1, each figure with its unit, its source and how sure it is.

Prices are USD without tax, at the first tier and without free tiers. To bring the list up to date, read each
page again, change the figures and `AS_OF`; to add a price, add a constant: what a channel needs of it stands in
`channels.py`, what stands around in `standing.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

AS_OF: Final = "2026-11"
"""When the list was made, year and month."""
REGION: Final = "us-east-1"


class Seen(StrEnum):
    """How the figure was come by: no price page could be opened live when the list was made."""

    PAGE = "read on the source's own page, in a stored copy of 2023 or later"
    TRANSCRIBED = "read in transcriptions of the source of 2025 and 2026 that agree, not on the page itself"
    RECALLED = "known from practice, not read anywhere for this list: check it on the source"


@dataclass(frozen=True, slots=True)
class Price:
    """What one thing costs."""

    service: str
    """Whose bill it is on, as AWS's invoice names it."""
    what: str
    """What is counted."""
    usd: Decimal
    """USD for `per` of them."""
    per: int
    """How many the price is for."""
    unit: str
    """What one of them is."""
    source: str
    """Address of the page that says so."""
    seen: Seen
    free: Decimal = Decimal(0)
    """How many a month are free, for good, in every account: shared with whatever else runs in it."""

    def of(self, quantity: Decimal) -> Decimal:
        """USD for that many."""
        return quantity * self.usd / self.per


_LAMBDA: Final = "https://aws.amazon.com/lambda/pricing/"
_DYNAMODB: Final = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
_KMS: Final = "https://aws.amazon.com/kms/pricing/"
_SECRETS: Final = "https://aws.amazon.com/secrets-manager/pricing/"
_CLOUDWATCH: Final = "https://aws.amazon.com/cloudwatch/pricing/"
_XRAY: Final = "https://aws.amazon.com/xray/pricing/"
_SNS: Final = "https://aws.amazon.com/sns/pricing/"
_S3: Final = "https://aws.amazon.com/s3/pricing/"
_CODEDEPLOY: Final = "https://aws.amazon.com/codedeploy/pricing/"
_LEX: Final = "https://aws.amazon.com/lex/pricing/"
_COMPREHEND: Final = "https://aws.amazon.com/comprehend/pricing/"
_CONNECT: Final = "https://aws.amazon.com/connect/pricing/"
_ALEXA: Final = (
    "https://developer.amazon.com/en-US/docs/alexa/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html"
)

_MILLION: Final = 1_000_000
_T: Final = Seen.TRANSCRIBED
_R: Final = Seen.RECALLED

LAMBDA_REQUESTS: Final = Price(
    "AWS Lambda", "requests", Decimal("0.20"), _MILLION, "requests", _LAMBDA, _T, free=Decimal(_MILLION)
)
LAMBDA_TIME: Final = Price(
    "AWS Lambda", "time on arm64", Decimal("0.0000133334"), 1, "GB-seconds", _LAMBDA, _T, free=Decimal(400_000)
)
DYNAMODB_READS: Final = Price(
    "Amazon DynamoDB", "reads on demand", Decimal("0.125"), _MILLION, "read request units", _DYNAMODB, _T
)
DYNAMODB_WRITES: Final = Price(
    "Amazon DynamoDB", "writes on demand", Decimal("0.625"), _MILLION, "write request units", _DYNAMODB, _T
)
DYNAMODB_STORAGE: Final = Price(
    "Amazon DynamoDB", "storage", Decimal("0.25"), 1, "GB-months", _DYNAMODB, _T, free=Decimal(25)
)
DYNAMODB_RECOVERY: Final = Price(
    "Amazon DynamoDB", "point-in-time recovery", Decimal("0.20"), 1, "GB-months", _DYNAMODB, _R
)
DYNAMODB_STREAM: Final = Price(
    "Amazon DynamoDB",
    "stream reads",
    Decimal("0.02"),
    100_000,
    "stream read request units",
    _DYNAMODB,
    _R,
    free=Decimal(2_500_000),
)
KMS_KEYS: Final = Price("AWS KMS", "keys", Decimal("1.00"), 1, "key-months", _KMS, Seen.PAGE)
KMS_REQUESTS: Final = Price("AWS KMS", "requests", Decimal("0.03"), 10_000, "requests", _KMS, _T, free=Decimal(20_000))
SECRETS: Final = Price("AWS Secrets Manager", "secrets", Decimal("0.40"), 1, "secret-months", _SECRETS, _T)
SECRETS_CALLS: Final = Price("AWS Secrets Manager", "API calls", Decimal("0.05"), 10_000, "calls", _SECRETS, _T)
LOGS_INGESTED: Final = Price(
    "Amazon CloudWatch", "logs taken in", Decimal("0.50"), 1, "GB", _CLOUDWATCH, _T, free=Decimal(5)
)
LOGS_KEPT: Final = Price("Amazon CloudWatch", "logs kept", Decimal("0.03"), 1, "GB-months", _CLOUDWATCH, _R)
LOGS_SCANNED: Final = Price("Amazon CloudWatch", "log queries", Decimal("0.005"), 1, "GB", _CLOUDWATCH, _R)
"""On no line of the bill: how often somebody asks or looks is not known, so it is told for scale only."""
METRICS: Final = Price(
    "Amazon CloudWatch", "custom metrics", Decimal("0.30"), 1, "metric-months", _CLOUDWATCH, _T, free=Decimal(10)
)
ALARMS: Final = Price(
    "Amazon CloudWatch", "alarms", Decimal("0.10"), 1, "alarm metric-months", _CLOUDWATCH, _R, free=Decimal(10)
)
ALARMS_FAST: Final = Price(
    "Amazon CloudWatch", "alarms under a minute", Decimal("0.30"), 1, "alarm metric-months", _CLOUDWATCH, _R
)
ALARMS_COMPOSITE: Final = Price(
    "Amazon CloudWatch", "composite alarms", Decimal("0.50"), 1, "alarm-months", _CLOUDWATCH, _R
)
DASHBOARDS: Final = Price(
    "Amazon CloudWatch", "dashboards", Decimal("3.00"), 1, "dashboard-months", _CLOUDWATCH, _T, free=Decimal(3)
)
TRACES: Final = Price(
    "AWS X-Ray", "traces recorded", Decimal("5.00"), _MILLION, "traces", _XRAY, Seen.PAGE, free=Decimal(100_000)
)
EMAILS: Final = Price("Amazon SNS", "e-mails", Decimal("2.00"), 100_000, "e-mails", _SNS, _R, free=Decimal(1_000))
ASSETS: Final = Price("Amazon S3", "code and templates", Decimal("0.023"), 1, "GB-months", _S3, _R)
DEPLOYMENTS: Final = Price("AWS CodeDeploy", "deployments to Lambda", Decimal(0), 1, "deployments", _CODEDEPLOY, _R)

LEX_TEXT: Final = Price("Amazon Lex", "text requests", Decimal("0.00075"), 1, "requests", _LEX, _T)
LEX_SPEECH: Final = Price("Amazon Lex", "speech requests", Decimal("0.004"), 1, "requests", _LEX, _T)
SENTIMENT: Final = Price("Amazon Comprehend", "sentiment", Decimal("0.0001"), 1, "units", _COMPREHEND, _T)
ALEXA: Final = Price("Alexa", "requests to a skill", Decimal(0), 1, "requests", _ALEXA, _R)

CONNECT_VOICE: Final = Price("Amazon Connect", "voice", Decimal("0.038"), 1, "minutes", _CONNECT, _T)
"""With unlimited AI: Contact Lens, its rules and its summaries are in it."""
CONNECT_LENS: Final = Price("Amazon Connect", "Contact Lens", Decimal(0), 1, "minutes", _CONNECT, _T)
"""A line of its own, since without unlimited AI it is 0.015 a minute and voice 0.018."""
CONNECT_CALLS: Final = Price(
    "Amazon Connect", "calls to a DID number, USA", Decimal("0.0022"), 1, "minutes", _CONNECT, _R
)
CONNECT_CHAT: Final = Price("Amazon Connect", "chat", Decimal("0.010"), 1, "messages", _CONNECT, _T)
CONNECT_DID: Final = Price("Amazon Connect", "DID number, USA", Decimal("0.03"), 1, "number-days", _CONNECT, _R)
CONNECT_TOLL_FREE: Final = Price(
    "Amazon Connect", "toll-free number, USA", Decimal("0.06"), 1, "number-days", _CONNECT, _R
)
RECORDINGS: Final = Price("Amazon S3", "recordings", Decimal("0.023"), 1, "GB-months", _S3, _R)

SENTIMENT_UNITS: Final = Decimal(3)
"""Units of 100 characters that an utterance counts for; three are the least, so it is three up to 300 characters.

https://aws.amazon.com/comprehend/pricing/ (read there)."""
SENTIMENT_IS_BILLED: Final = (
    "Whether Comprehend bills what Lex asks of it is in no page that was found, so it is counted as billed (low "
    "confidence). It speaks for it that Lex calls it under a role of this account that must allow "
    "comprehend:DetectSentiment: https://docs.aws.amazon.com/lexv2/latest/APIReference/"
    "API_SentimentAnalysisSettings.html"
)
ROTATION: Final = (
    "A key that rotates each year costs 1.00 more a month after its first rotation, and once more after its second; "
    "no more after that, since May 2024 (https://aws.amazon.com/kms/pricing/)."
)

ALL: Final = tuple(value for value in list(globals().values()) if isinstance(value, Price))
"""The whole list, in this file's order."""

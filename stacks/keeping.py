"""How long things are kept, in CDK's words."""

from __future__ import annotations

from typing import Final

from aws_cdk import RemovalPolicy
from aws_cdk.aws_logs import RetentionDays

from deployment import Environment
from deployment.environment import Teardown

_RETENTIONS: Final = {
    1: RetentionDays.ONE_DAY,
    3: RetentionDays.THREE_DAYS,
    5: RetentionDays.FIVE_DAYS,
    7: RetentionDays.ONE_WEEK,
    14: RetentionDays.TWO_WEEKS,
    30: RetentionDays.ONE_MONTH,
    60: RetentionDays.TWO_MONTHS,
    90: RetentionDays.THREE_MONTHS,
    120: RetentionDays.FOUR_MONTHS,
    150: RetentionDays.FIVE_MONTHS,
    180: RetentionDays.SIX_MONTHS,
    365: RetentionDays.ONE_YEAR,
    400: RetentionDays.THIRTEEN_MONTHS,
    545: RetentionDays.EIGHTEEN_MONTHS,
    731: RetentionDays.TWO_YEARS,
    1096: RetentionDays.THREE_YEARS,
    1827: RetentionDays.FIVE_YEARS,
    2192: RetentionDays.SIX_YEARS,
    2557: RetentionDays.SEVEN_YEARS,
    2922: RetentionDays.EIGHT_YEARS,
    3288: RetentionDays.NINE_YEARS,
    3653: RetentionDays.TEN_YEARS,
}
"""What CloudWatch Logs offers (CloudFormation, AWS::Logs::LogGroup, RetentionInDays)."""


def retention(environment: Environment) -> RetentionDays:
    """How long a log is kept."""
    return _RETENTIONS[environment.kept.logs_days]


def removal(environment: Environment) -> RemovalPolicy:
    """What becomes of data when its stack is taken down."""
    return RemovalPolicy.DESTROY if environment.kept.on_teardown is Teardown.DESTROY else RemovalPolicy.RETAIN

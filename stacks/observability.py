"""Who looks after it: the alarms and the topic that they ring, the dashboard, the saved log queries.

What is not here: each function's own error alarm stands in its stack, because a deployment rolls back by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Aws, Duration
from aws_cdk.aws_cloudwatch import Alarm, ComparisonOperator, IAlarm, Metric, TreatMissingData
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_logs import CfnQueryDefinition
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sns_subscriptions import EmailSubscription
from constructs import Construct

from deployment import Environment
from stacks import dashboard
from stacks.accepted import accept
from stacks.function import Function
from stacks.keys import by_name
from stacks.part import Part
from stacks.people import People
from stacks.queries import FAILURES, QUERIES, SLOWEST
from stacks.team import WATCHING, may, role_name
from stacks.trails import Trails
from telemetry import FAILURES as FAILED
from telemetry import TURN_TIME


class Observability(Part):
    """The stack that watches the others; nothing in them needs it."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: Environment,
        trails: Trails,
        functions: Mapping[str, Function],
        others: Sequence[Function],
        people: People | None,
    ) -> None:
        """Watch `functions`, given by the channel under which each writes its figures ("lex", "alexa"), and others."""
        super().__init__(scope, id, environment=environment)
        self._environment = environment
        self.topic = self._topic(trails)
        """Rung by every alarm of the environment, whichever stack it stands in, by its name."""
        self.alarms = self._alarms(functions) if environment.watched.alarms else []
        """Those of this stack."""
        self._save_queries([*functions.values(), *others])
        if environment.watched.dashboard:
            errors = self._errors([*functions.values(), *others])
            dashboard.build(self, environment, functions, [*self.alarms, *errors])
        if people is not None:
            self.add_stack_dependency(people, "the watching teams' roles are named here")
            self._open_to_watchers([*functions.values(), *others])

    def _topic(self, trails: Trails) -> Topic:
        topic = Topic(
            self,
            "Alarms",
            topic_name=f"{self._environment.prefix}-alarms",
            master_key=by_name(self, "KeyOfAlarms", trails.key),
            enforce_ssl=True,
        )
        alarms = f"arn:{Aws.PARTITION}:cloudwatch:{Aws.REGION}:{Aws.ACCOUNT_ID}:alarm:{self._environment.prefix}-*"
        topic.add_to_resource_policy(
            PolicyStatement(
                sid="AlarmsRing",
                principals=[ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": alarms},
                },
            )
        )
        for address in self._environment.watched.alarm_emails:
            topic.add_subscription(EmailSubscription(address))
        return topic

    # -- people ------------------------------------------------------------------------------------

    def _open_to_watchers(self, functions: Sequence[Function]) -> None:
        """Figures, and the functions' logs by query; Lex's own logs, which nobody masks, are not among them."""
        groups = [it.logs.log_group_arn for it in functions]
        statements = [
            PolicyStatement(actions=["logs:GetQueryResults", "logs:StartQuery"], resources=groups),
            PolicyStatement(actions=["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"], resources=["*"]),
        ]
        if self._environment.watched.dashboard:
            board = f"arn:{Aws.PARTITION}:cloudwatch::{Aws.ACCOUNT_ID}:dashboard/{self._environment.prefix}"
            statements.append(PolicyStatement(actions=["cloudwatch:GetDashboard"], resources=[board]))
        for team in WATCHING:
            policy = may(self, team, *statements, role=role_name(self._environment.prefix, team))
            accept(policy, "IAM5[Resource::*]", "CloudWatch's figures know no resource")

    # -- alarms ------------------------------------------------------------------------------------

    def _alarms(self, functions: Mapping[str, Function]) -> list[IAlarm]:
        """Each watches one metric, since a metric is what an alarm is charged by.

        The tables have none of their own: what they refuse is a failure of a turn, and rings as one.
        """
        return [self._failures(), self._slow_turns(), *(self._throttles(it) for it in functions.values())]

    def _errors(self, functions: Sequence[Function]) -> list[IAlarm]:
        """The functions' own alarms, by name: an imported ARN could not go when alarms are switched off."""
        names = [it.module.replace("_", "-") for it in functions if it.errors is not None]
        return [Alarm.from_alarm_name(self, f"{it}-errors", f"{self._environment.prefix}-{it}-errors") for it in names]

    def _failures(self) -> Alarm:
        bound = self._environment.watched.failures
        return self._alarm(
            "Failures",
            "failures",
            dashboard.metric(self._environment, FAILED, dashboard.SAMPLES),
            bound,
            means=f"{bound} or more turns in five minutes had a failure behind a polite reply (table, keys, back end)",
            first=f"{self._query(FAILURES.name)} names what failed and its error; the trace beside it opens in X-Ray.",
        )

    def _slow_turns(self) -> Alarm:
        bound = self._environment.watched.slow_turn_milliseconds
        return self._alarm(
            "SlowTurns",
            "slow-turns",
            dashboard.metric(self._environment, TURN_TIME, "p99"),
            bound,
            means=f"The slowest hundredth of turns took more than {bound} ms in two of three five-minute spans; "
            "Lex and Alexa give up within seconds",
            first=f"{self._query(SLOWEST.name)} tells slow actions from lost races and cold starts.",
            comparison=ComparisonOperator.GREATER_THAN_THRESHOLD,
            periods=3,
            of_them=2,
        )

    def _throttles(self, function: Function) -> Alarm:
        name = function.module
        return self._alarm(
            f"Throttles{name.title().replace('_', '')}",
            f"{name.replace('_', '-')}-throttles",
            function.function.metric_throttles(period=Duration.minutes(5)),
            1,
            means=f"Lambda refused calls of {name}: those customers heard the channel's own apology",
            first=f"raise running.reserved_concurrency.{name}, or the account's limit of concurrent executions.",
        )

    def _alarm(
        self,
        id: str,
        name: str,
        metric: Metric,
        bound: float,
        *,
        means: str,
        first: str,
        comparison: ComparisonOperator = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        periods: int = 1,
        of_them: int = 1,
    ) -> Alarm:
        alarm = Alarm(
            self,
            id,
            alarm_name=f"{self._environment.prefix}-{name}",
            alarm_description=f"{means}.\nRunbook: {first}",
            metric=metric,
            threshold=bound,
            comparison_operator=comparison,
            evaluation_periods=periods,
            datapoints_to_alarm=of_them,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        )
        ring = SnsAction(self.topic)
        alarm.add_alarm_action(ring)
        alarm.add_ok_action(ring)
        return alarm

    # -- queries -----------------------------------------------------------------------------------

    def _query(self, name: str) -> str:
        return f"the saved query '{self._environment.prefix}/{name}'"

    def _save_queries(self, functions: Sequence[Function]) -> None:
        groups = [function.logs.log_group_name for function in functions]
        for query in QUERIES:
            CfnQueryDefinition(
                self,
                "".join(word.title() for word in query.name.split("-")) + "Query",
                name=f"{self._environment.prefix}/{query.name}",
                query_string=query.text,
                log_group_names=groups,
            )

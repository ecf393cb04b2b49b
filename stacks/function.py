"""The one way in which this system makes a Lambda function."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from aws_cdk import Aws, Duration, Stack
from aws_cdk.aws_cloudwatch import Alarm, ComparisonOperator, TreatMissingData
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_codedeploy import LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_kms import IKey
from aws_cdk.aws_lambda import (
    Alias,
    CfnEventInvokeConfig,
    CfnEventSourceMapping,
    Code,
    LayerVersion,
    LoggingFormat,
    Tracing,
)
from aws_cdk.aws_lambda import Function as LambdaFunction
from aws_cdk.aws_logs import LogGroup
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sqs import Queue, QueueEncryption
from constructs import Construct

from deployment import Environment
from deployment.environment import Shifting
from settings import Settings
from stacks.accepted import accept
from stacks.keeping import removal, retention
from stacks.keys import through
from stacks.layer import ARCHITECTURE, RUNTIME, third_party

LAMBDAS = Path(__file__).resolve().parent.parent / "lambdas"
SHIFTS = {
    Shifting.ALL_AT_ONCE: LambdaDeploymentConfig.ALL_AT_ONCE,
    Shifting.CANARY: LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
    Shifting.LINEAR: LambdaDeploymentConfig.LINEAR_10_PERCENT_EVERY_1_MINUTE,
}


NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})


class Function(Construct):
    """A file of `lambdas/` with its `handler`, its log group and the alias that callers use."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: Environment,
        module: str,
        does: str,
        settings: Settings,
        key: IKey,
        timeout_seconds: int,
        asynchronous: bool = False,
        forgets: bool = False,
        layers: Sequence[Callable[[Stack], LayerVersion]] = (),
    ) -> None:
        """Make the function `module`.handler, described by `does`, with `settings` as its environment.

        `key` encrypts its log and its queue. Of an `asynchronous` one, the events that it could not take end there,
        unless it `forgets` them: then its queue is for what a stream tells, which are places and not contents.
        `layers` make those that it has beside the one of all functions.
        """
        super().__init__(scope, id)
        self.module = module
        self.role = Role(self, "Role", assumed_by=ServicePrincipal("lambda.amazonaws.com"))
        """Whom to grant what the function may do; it begins with writing its own log and its traces."""
        accept(self.role, "IAM5[Resource::*]", "X-Ray's two actions know no resource; CDK grants them with the tracing")
        self.logs = LogGroup(
            self,
            "Logs",
            encryption_key=key,
            retention=retention(environment),
            removal_policy=removal(environment),
        )
        self.logs.grant_write(self.role)
        self._key = key
        self.dead_letters = self._dead_letters() if asynchronous else None
        """What an asynchronous function could not take, after Lambda's two further tries."""
        self.function = LambdaFunction(
            self,
            "Function",
            description=does,
            code=Code.from_asset(str(LAMBDAS), exclude=["**/__pycache__"]),
            handler=f"{module}.handler",
            runtime=RUNTIME,
            role=self.role,
            architecture=ARCHITECTURE,
            layers=[make(Stack.of(self)) for make in (third_party, *layers)],
            environment=settings.to_environment(),
            timeout=Duration.seconds(timeout_seconds),
            memory_size=environment.running.memory_megabytes,
            reserved_concurrent_executions=environment.running.reserved_concurrency.get(module),
            tracing=Tracing.ACTIVE,
            log_group=self.logs,
            logging_format=LoggingFormat.JSON,
        )
        self.live = Alias(self, "Live", alias_name="live", version=self.function.current_version)
        """What callers invoke: it moves to a new version, they don't."""
        if self.dead_letters is not None:
            CfnEventInvokeConfig(
                self,
                "Asynchronous",
                function_name=self.function.function_name,
                qualifier="live",
                destination_config=None if forgets else {"onFailure": {"destination": self.dead_letters.queue_arn}},
                maximum_event_age_in_seconds=3600,
                maximum_retry_attempts=2,
            )
        self.errors = self._alarm(environment) if environment.watched.alarms else None
        """Rings when the function fails in two of three minutes: it brings the old version back while calls shift."""
        if self.dead_letters is not None and environment.watched.alarms:
            self._undelivered(environment, self.dead_letters)
        self._shift(environment.running.traffic_shifting)

    @property
    def watched(self) -> tuple[str, str, str]:
        """Its log group's name and ARN and the function's name, by which another stack may watch it or open its log."""
        return self.logs.log_group_name, self.logs.log_group_arn, self.function.function_name

    def grant(self, *statements: PolicyStatement) -> None:
        """Let the function do what the statements say."""
        for statement in statements:
            self.role.add_to_policy(statement)

    def follow(
        self,
        stream: str,
        *,
        sort_keys: Sequence[str],
        hours: int,
        tries: int,
        having: Mapping[str, Sequence[str]] = NOTHING,
    ) -> CfnEventSourceMapping:
        """Be called with what changes in a table, by its stream's ARN, from the oldest change on.

        Only of items with these sort keys, and of those that have, or had, one of the values of each attribute in
        `having`. A batch that fails is halved until the one change that fails is found;
        after so many tries, or when it is so old, that one ends in the queue of an asynchronous function.

        Another stream is another mapping: a changed EventSourceArn replaces it (CloudFormation reference,
        AWS::Lambda::EventSourceMapping). The role's leave moves first, so that nothing is read of the old stream by
        a function that works on the new table; the new mapping is made next, and the old one removed last.
        """
        if self.dead_letters is None:
            raise ValueError(f"{self.module} follows a stream: make it asynchronous, so that there is a queue")
        keys = {"Keys": {"sk": {"S": list(sort_keys)}}}
        values = {name: {"S": list(some)} for name, some in having.items()}
        images = [{image: values} for image in ("NewImage", "OldImage")] if having else [{}]
        patterns = [json.dumps({"dynamodb": {**keys, **image}}) for image in images]
        mapping = CfnEventSourceMapping(
            self,
            "Follows",
            function_name=self.live.function_arn,
            event_source_arn=stream,
            starting_position="TRIM_HORIZON",
            batch_size=50,
            maximum_batching_window_in_seconds=1,
            parallelization_factor=1,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=tries,
            maximum_record_age_in_seconds=hours * 3600,
            function_response_types=["ReportBatchItemFailures"],
            filter_criteria={"filters": [{"pattern": pattern} for pattern in patterns]},
            destination_config={"onFailure": {"destination": self.dead_letters.queue_arn}},
        )
        reads = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
        self.grant(
            PolicyStatement(actions=reads, resources=[stream]),
            PolicyStatement(actions=["dynamodb:ListStreams"], resources=["*"]),
        )
        # Lambda looks whether the role may read, when the mapping is made.
        mapping.node.add_dependency(self.role)
        return mapping

    def _alarm(self, environment: Environment) -> Alarm:
        alarm = Alarm(
            self,
            "Errors",
            alarm_name=f"{environment.prefix}-{self.module.replace('_', '-')}-errors",
            alarm_description=(
                f"{self.module} raised or ran out of time in two of three minutes: customers heard an apology.\n"
                f"Runbook: the saved query '{environment.prefix}/function-errors' shows its last ones; a "
                "gradual deployment that is under way rolls back by itself."
            ),
            metric=self.live.metric_errors(period=Duration.minutes(1)),
            threshold=1,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            comparison_operator=ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        )
        ring = SnsAction(alarms_topic(self, environment))
        alarm.add_alarm_action(ring)
        alarm.add_ok_action(ring)
        return alarm

    def _undelivered(self, environment: Environment, queue: Queue) -> None:
        alarm = Alarm(
            self,
            "Undelivered",
            alarm_name=f"{environment.prefix}-{self.module.replace('_', '-')}-undelivered",
            alarm_description=(
                f"{self.module} could not take some events after all its tries: they wait in its queue for 14 days.\n"
                f"Runbook: the saved query '{environment.prefix}/failures' names the error; mend it, then give the "
                "function what each message tells of once more."
            ),
            metric=queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(5)),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        )
        ring = SnsAction(alarms_topic(self, environment))
        alarm.add_alarm_action(ring)
        alarm.add_ok_action(ring)

    def _shift(self, shifting: Shifting) -> None:
        # What moves at once has moved before an alarm can ring; one that rings already would only stop the mending.
        watched = self.errors if shifting is not Shifting.ALL_AT_ONCE else None
        # Narrower than AWS's own policy for it: CDK adds that one to any role that it may change.
        role = Role(self, "Shifts", assumed_by=ServicePrincipal("codedeploy.amazonaws.com"))
        LambdaDeploymentGroup(
            self,
            "Deployment",
            application=_application(Stack.of(self)),
            alias=self.live,
            alarms=[watched] if watched is not None else None,
            deployment_config=SHIFTS[shifting],
            role=role.without_policy_updates(),
        )
        # An alias is read and moved as its function's, its concurrency as its own (Service Authorization Reference).
        moves, looks = ["lambda:GetAlias", "lambda:UpdateAlias"], ["lambda:GetProvisionedConcurrencyConfig"]
        role.add_to_policy(PolicyStatement(actions=moves, resources=[self.function.function_arn]))
        role.add_to_policy(PolicyStatement(actions=looks, resources=[self.live.function_arn]))
        if watched is not None:
            watches = PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=[watched.alarm_arn])
            role.add_to_policy(watches)

    def _dead_letters(self) -> Queue:
        queue = Queue(
            self,
            "DeadLetters",
            encryption=QueueEncryption.KMS,
            encryption_master_key=self._key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        accept(queue, "SQS3", "it is itself where undelivered events end")
        self.grant(
            PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue_arn]),
            through(self._key, ["kms:Decrypt", "kms:GenerateDataKey"], ["sqs"]),
        )
        return queue


def alarms_topic(scope: Construct, environment: Environment) -> Topic:
    """The topic that every alarm rings, by its name: the stack that makes it knows the functions' stacks."""
    there = Stack.of(scope).node.try_find_child("Alarms")
    arn = f"arn:{Aws.PARTITION}:sns:{Aws.REGION}:{Aws.ACCOUNT_ID}:{environment.prefix}-alarms"
    return there or Topic.from_topic_arn(Stack.of(scope), "Alarms", arn)


def _application(stack: Stack) -> LambdaApplication:
    return stack.node.try_find_child("Deployments") or LambdaApplication(stack, "Deployments")

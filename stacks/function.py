"""The one way in which this system makes a Lambda function."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Duration, Stack
from aws_cdk.aws_iam import Role, ServicePrincipal
from aws_cdk.aws_kms import IKey
from aws_cdk.aws_lambda import Alias, Code, LoggingFormat, Tracing
from aws_cdk.aws_lambda import Function as LambdaFunction
from aws_cdk.aws_logs import LogGroup, RetentionDays
from constructs import Construct

from settings import Settings
from stacks.layer import ARCHITECTURE, RUNTIME, third_party

LAMBDAS = Path(__file__).resolve().parent.parent / "lambdas"


class Function(Construct):
    """A file of `lambdas/` with its `handler`, its log group and the alias that callers use."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        module: str,
        does: str,
        settings: Settings,
        logs_key: IKey,
        timeout_seconds: int,
        memory_megabytes: int = 1024,
    ) -> None:
        """Make the function `module`.handler, described by `does`, with `settings` as its environment."""
        super().__init__(scope, id)
        self.role = Role(self, "Role", assumed_by=ServicePrincipal("lambda.amazonaws.com"))
        """Whom to grant what the function may do; it begins with writing its own log and its traces."""
        self.logs = LogGroup(self, "Logs", encryption_key=logs_key, retention=RetentionDays.THREE_MONTHS)
        self.logs.grant_write(self.role)
        self.function = LambdaFunction(
            self,
            "Function",
            description=does,
            code=Code.from_asset(str(LAMBDAS), exclude=["**/__pycache__"]),
            handler=f"{module}.handler",
            runtime=RUNTIME,
            role=self.role,
            architecture=ARCHITECTURE,
            layers=[third_party(Stack.of(self))],
            environment=settings.to_environment(),
            timeout=Duration.seconds(timeout_seconds),
            memory_size=memory_megabytes,
            tracing=Tracing.ACTIVE,
            log_group=self.logs,
            logging_format=LoggingFormat.JSON,
        )
        self.live = Alias(self, "Live", alias_name="live", version=self.function.current_version)
        """What callers invoke: it moves to a new version, they don't."""

"""Where persons work: the function that shows and does what each team may, and the one door to it."""

from __future__ import annotations

from aws_cdk import Aws, CfnOutput
from aws_cdk.aws_apigatewayv2 import CfnApi, CfnIntegration, CfnRoute, CfnStage
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_lambda import CfnPermission
from aws_cdk.aws_logs import LogGroup
from constructs import Construct

from deployment import Environment
from settings import DeskSettings
from stacks.customers import ADDRESSES, CONVERSATIONS, Customers
from stacks.function import Function
from stacks.keeping import removal, retention
from stacks.keys import through
from stacks.part import Part
from stacks.people import People
from stacks.records import Records
from stacks.team import AT_THE_DESK, may, role_name
from stacks.trails import Trails
from throughline.customers.table import OPEN_CONFLICTS

PATH = "/desk"
A_SECOND = 20
"""Requests that are let in each second, as many at once: persons type no faster."""
_TOLD = ("requestId", "requestTime", "status", "identity.userArn", "error.message", "integration.error")
"""What the access log tells of a request; never its body or its answer."""


class Desk(Part):
    """The desk's function behind an HTTP API of one route, open to the teams that have something to do there.

    An API and not a function's own URL: only here does the caller's identity name the person and not merely the
    role (AWS Lambda developer guide, "Invoking Lambda function URLs": cognitoIdentity is null there).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: Environment,
        trails: Trails,
        customers: Customers,
        people: People,
        records: Records,
    ) -> None:
        """Make it."""
        super().__init__(scope, id, environment=environment)
        self.add_stack_dependency(people, "the teams' roles are named here")
        self.desk = self._function(environment, trails, customers, records)
        self.offer(*self.desk.watched)
        api = self._api(environment, trails)
        invoke = f"arn:{Aws.PARTITION}:execute-api:{Aws.REGION}:{Aws.ACCOUNT_ID}:{api.ref}/$default/POST{PATH}"
        for team in AT_THE_DESK:
            statement = PolicyStatement(actions=["execute-api:Invoke"], resources=[invoke])
            may(self, team, statement, role=role_name(environment.prefix, team))
        CfnOutput(self, "DeskUrl", value=f"{api.attr_api_endpoint}{PATH}")

    def _function(self, environment: Environment, trails: Trails, customers: Customers, records: Records) -> Function:
        function = Function(
            self,
            "Desk",
            environment=environment,
            module="desk",
            does="Shows and does for a person what their team may, and writes down that it did",
            settings=DeskSettings(
                table=customers.serving.table_name,
                audit=trails.audit.table_name,
                exports=customers.exports.bucket_name,
                keys=customers.keys.secret_arn,
                records=records.records.live.function_arn,
                account=Aws.ACCOUNT_ID,
                service=environment.prefix,
            ),
            key=trails.key,
            timeout_seconds=29,
        )
        table = [f"dynamodb:{it}" for it in ("BatchGetItem", "GetItem", "Query", "Scan")]
        function.grant(
            PolicyStatement(actions=table, resources=[customers.serving.table_arn]),
            customers.writing("PutItem", CONVERSATIONS, OPEN_CONFLICTS),
            customers.writing("UpdateItem", ADDRESSES, CONVERSATIONS),
            # A conflict that was looked at.
            customers.writing("DeleteItem", CONVERSATIONS, OPEN_CONFLICTS),
            PolicyStatement(actions=["dynamodb:PutItem", "dynamodb:Query"], resources=[trails.audit.table_arn]),
            PolicyStatement(actions=["lambda:InvokeFunction"], resources=[records.records.live.function_arn]),
            through(trails.audit_key, ["kms:Decrypt"], ["dynamodb"]),
        )
        customers.hand_out(function)
        return function

    def _api(self, environment: Environment, trails: Trails) -> CfnApi:
        api = CfnApi(
            self,
            "Api",
            name=f"{environment.prefix}-desk",
            description="The desk: signed requests of the teams' roles alone",
            protocol_type="HTTP",
        )
        integration = CfnIntegration(
            self,
            "Integration",
            api_id=api.ref,
            integration_type="AWS_PROXY",
            integration_uri=self.desk.live.function_arn,
            payload_format_version="2.0",
            timeout_in_millis=29_000,
        )
        CfnRoute(
            self,
            "Route",
            api_id=api.ref,
            route_key=f"POST {PATH}",
            authorization_type="AWS_IAM",
            target=f"integrations/{integration.ref}",
        )
        log = LogGroup(
            self,
            "Requests",
            encryption_key=trails.key,
            retention=retention(environment),
            removal_policy=removal(environment),
        )
        CfnStage(
            self,
            "Stage",
            api_id=api.ref,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings={"throttlingRateLimit": A_SECOND, "throttlingBurstLimit": A_SECOND},
            access_log_settings={
                "destinationArn": log.log_group_arn,
                "format": "{" + ",".join(f'"{one}":"$context.{one}"' for one in _TOLD) + "}",
            },
        )
        CfnPermission(
            self,
            "ApiCalls",
            action="lambda:InvokeFunction",
            function_name=self.desk.live.function_arn,
            principal="apigateway.amazonaws.com",
            source_account=Aws.ACCOUNT_ID,
            source_arn=f"arn:{Aws.PARTITION}:execute-api:{Aws.REGION}:{Aws.ACCOUNT_ID}:{api.ref}/$default/POST{PATH}",
        )
        return api

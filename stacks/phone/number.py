"""The telephone number, and the custom resource that attaches it to the flow that answers."""

from __future__ import annotations

from aws_cdk import Aws, CustomResource, Duration
from aws_cdk.aws_connect import CfnPhoneNumber
from aws_cdk.aws_iam import PolicyStatement
from constructs import Construct

from deployment import Environment
from deployment.phone import ClaimedNumber
from settings import AttachNumberSettings
from stacks.accepted import accept
from stacks.function import Function
from stacks.keeping import removal
from stacks.phone.instance import Centre
from stacks.trails import Trails

_LONGEST = 120
"""Seconds after which CloudFormation gives up waiting, whatever became of the function."""


def claimed(scope: Construct, environment: Environment, centre: Centre, number: ClaimedNumber) -> CfnPhoneNumber:
    """A number of that country, whichever is free."""
    made = CfnPhoneNumber(
        scope,
        "Number",
        target_arn=centre.arn,
        country_code=number.country,
        type=number.type,
        description=f"{environment.prefix}: what customers call",
    )
    # Who lets a number go never gets it back.
    made.apply_removal_policy(removal(environment))
    return made


def attached(
    scope: Construct, environment: Environment, centre: Centre, trails: Trails, *, number: str, flow: str
) -> Function:
    """Have the flow answer the number, both given by their ARNs; the function that does it."""
    function = Function(
        scope,
        "AttachNumber",
        environment=environment,
        module="attach_number",
        does="Attaches the telephone number to the flow that answers it, when it is deployed",
        settings=AttachNumberSettings(instance=centre.arn),
        key=trails.key,
        timeout_seconds=60,
    )
    numbers = f"arn:{Aws.PARTITION}:connect:{Aws.REGION}:{Aws.ACCOUNT_ID}:phone-number/*"
    function.grant(
        PolicyStatement(
            actions=["connect:AssociatePhoneNumberContactFlow"],
            resources=[numbers, flow],
            conditions={"StringEquals": {"connect:InstanceId": centre.id}},
        ),
        PolicyStatement(
            actions=["connect:DisassociatePhoneNumberContactFlow"],
            resources=[numbers],
            conditions={"StringEquals": {"connect:InstanceId": centre.id}},
        ),
    )
    accept(
        function.role,
        "IAM5[Resource::arn:<AWS::Partition>:connect:<AWS::Region>:<AWS::AccountId>:phone-number/*]",
        "a number that is replaced is let go under its former ARN; those of this instance alone",
    )
    resource = CustomResource(
        scope,
        "NumberAnswers",
        service_token=function.live.function_arn,
        resource_type="Custom::AttachedNumber",
        service_timeout=Duration.seconds(_LONGEST),
        properties={"Number": number, "Flow": flow},
    )
    # Its leave must be there before it is asked, and until it was asked to let go.
    resource.node.add_dependency(function.role)
    return function

"""The work of each team of the staff, as calls: what its role must be able to do, and nothing else.

Nothing in a rehearsal signs in to AWS as a person, so this is derived from the templates, as the table of what
AWS does is. Actions and their resources: Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from rehearsal.permissions.patterns import Value
from rehearsal.permissions.policy import COGNITO, Call
from rehearsal.permissions.rule import Rule
from rehearsal.resources import ACCOUNT, PARTITION, Resource, Resources, arn

_DESK: Final = ("agent", "supervisor", "analyst", "operator", "auditor")
_WATCHING: Final = ("supervisor", "operator")
_DOCS: Final = "https://docs.aws.amazon.com/"
_OVER_TLS: Final[Mapping[str, str]] = {"aws:SecureTransport": "true", "aws:ResourceAccount": ACCOUNT}


def roles_of_teams(them: Resources) -> dict[str, str]:
    """Team to its role's ARN, by the group that bears the role."""
    groups = [it for it in them.of_type("AWS::Cognito::UserPoolGroup") if "RoleArn" in it.properties]
    return {them.resolved(it, "GroupName"): them.resolved(it, "RoleArn") for it in groups}


def _taken_on(them: Resources) -> Iterator[Call]:
    for role in roles_of_teams(them).values():
        for pool in them.of_type("AWS::Cognito::IdentityPool"):
            about: dict[str, Value] = {
                "cognito-identity.amazonaws.com:aud": them.ref(pool),
                "cognito-identity.amazonaws.com:amr": ("authenticated",),
            }
            yield Call.of(COGNITO, "sts:AssumeRoleWithWebIdentity", role, about)


def _at_the_desk(them: Resources) -> Iterator[Call]:
    for route in them.of_type("AWS::ApiGatewayV2::Route"):
        method, path = them.resolved(route, "RouteKey").split(" ")
        there = arn("execute-api", f"{them.resolved(route, 'ApiId')}/$default/{method}{path}")
        yield from _by(them, _DESK, ("execute-api:Invoke",), there)


def _watching(them: Resources) -> Iterator[Call]:
    if not roles_of_teams(them):
        return
    deploying = _deploying(them)
    for function in them.of_type("AWS::Lambda::Function"):
        if function.id in deploying:
            continue
        group = arn("logs", f"log-group:{them.resolved(function, 'LoggingConfig')['LogGroup']}:*")
        yield from _by(them, _WATCHING, ("logs:GetQueryResults", "logs:StartQuery"), group)
    yield from _by(them, _WATCHING, ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics"), "*")
    for board in them.of_type("AWS::CloudWatch::Dashboard"):
        there = f"arn:{PARTITION}:cloudwatch::{ACCOUNT}:dashboard/{them.ref(board)}"
        yield from _by(them, _WATCHING, ("cloudwatch:GetDashboard",), there)


def _deploying(them: Resources) -> set[str]:
    """The functions that work while one deploys: who deploys hears of their failures."""
    found = set()
    for it in them.all():
        if "ServiceToken" in it.properties:
            alias = them.pointed_at(it.properties["ServiceToken"], it.stack)
            function = them.pointed_at(alias.properties["FunctionName"], alias.stack) if alias is not None else None
            found.add(function.id if function is not None else "")
    return found


def _designing(them: Resources) -> Iterator[Call]:
    reads = ("lex:DescribeBot", "lex:DescribeBotLocale", "lex:DescribeIntent", "lex:ListIntents")
    for alias in them.of_type("AWS::Lex::BotAlias"):
        bot = them.pointed_at(alias.properties["BotId"], alias.stack)
        if bot is not None and alias.properties["BotAliasName"] == "guest":
            yield from _by(them, ("designer",), reads, them.attribute(bot, "Arn"))
            yield from _by(them, ("designer",), ("lex:RecognizeText",), them.attribute(alias, "Arn"))


def _auditing(them: Resources) -> Iterator[Call]:
    for table in them.of_type("AWS::DynamoDB::Table"):
        if _is_audit(table):
            actions = ("dynamodb:GetItem", "dynamodb:Query")
            yield from _by(them, ("auditor",), actions, them.attribute(table, "Arn"))


def _is_audit(table: Resource) -> bool:
    """The one table that nobody may rewrite."""
    statements = table.properties.get("ResourcePolicy", {}).get("PolicyDocument", {}).get("Statement", ())
    return any("dynamodb:UpdateItem" in it["Action"] for it in statements)


def _by(them: Resources, teams: tuple[str, ...], actions: tuple[str, ...], resource: str) -> Iterator[Call]:
    roles = roles_of_teams(them)
    for team in teams:
        for action in actions:
            if team in roles:
                yield Call.of(roles[team], action, resource, _OVER_TLS)


TEAMS: Final = (
    Rule(
        "an identity pool gives a member of the staff their team's role",
        _taken_on,
        f"{_DOCS}cognito/latest/developerguide/role-based-access-control.html",
    ),
    Rule(
        "a team asks the desk",
        _at_the_desk,
        f"{_DOCS}apigateway/latest/developerguide/http-api-access-control-iam.html",
    ),
    Rule(
        "supervisors and operators look at figures and at the functions' logs",
        _watching,
        f"{_DOCS}AmazonCloudWatch/latest/logs/permissions-reference-cwl.html",
    ),
    Rule(
        "designers read the bot, and talk to it as a guest",
        _designing,
        f"{_DOCS}lexv2/latest/dg/security_iam_id-based-policy-examples.html",
    ),
    Rule(
        "auditors read the audit trail",
        _auditing,
        f"{_DOCS}amazondynamodb/latest/developerguide/api-permissions-reference.html",
    ),
)
"""The table."""

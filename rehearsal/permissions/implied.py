"""The written table of the calls that AWS itself makes: for a role, or in a service's own name.

Nothing in a rehearsal makes them, so they are derived from the templates, each with the page that says so. A role
that isn't a function's is covered by this table alone; a grant that neither a handler nor this table
exercises is reported as unused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from rehearsal.assembly import Assembly
from rehearsal.permissions.calls import through_key
from rehearsal.permissions.policy import Call
from rehearsal.permissions.roles import Roles
from rehearsal.permissions.rule import Rule
from rehearsal.permissions.storing import STORING
from rehearsal.permissions.teams import TEAMS
from rehearsal.permissions.telling import TELLING
from rehearsal.resources import ACCOUNT, PARTITION, REGION, Resource, Resources, arn

_LOGS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
_STREAM: Final = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
_QUEUE: Final = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
_LOG_KEY: Final = (
    "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo",
)  # fmt: skip


_HANDS_OUT: Final = ("desk.handler", "lex_turn.handler")
"""Who gives a signed address of an export away: where a customer can prove who they are and read, and at the desk."""


@dataclass(frozen=True, slots=True)
class Implied:
    """A call that AWS makes."""

    call: Call
    why: str
    """In a sentence."""
    source: str
    """The page of AWS's documentation that says so."""


def implied(assembly: Assembly, roles: Roles, here: Mapping[str, str] | None = None) -> tuple[Implied, ...]:
    """Every such call that the templates give rise to, what it needs of a KMS key included.

    `here` are other ARNs of some resources, as in `Roles.renamed`.
    """
    return tuple(
        Implied(_renamed(one, here or {}), rule.why, rule.source)
        for rule in (*RULES, *STORING, *TEAMS, *TELLING)
        for call in rule.calls(assembly.resources)
        for one in (call, *(through_key(call, roles.keys) if not call.action.startswith("sts:") else ()))
    )


def _renamed(call: Call, here: Mapping[str, str]) -> Call:
    context = tuple((key, here.get(value, value) if isinstance(value, str) else value) for key, value in call.context)
    return replace(call, resource=here.get(call.resource, call.resource), context=context)


def _call(who: str, action: str, resource: str, **context: str) -> Call:
    known = {
        "aws:ResourceAccount": ACCOUNT,
        "aws:SecureTransport": "true",
        "aws:PrincipalIsAWSService": str(not who.startswith("arn:")).lower(),
    }
    named = {"source_arn": "aws:SourceArn", "token": "lambda:EventSourceToken"}
    if "source_arn" in context:
        known["aws:SourceAccount"] = ACCOUNT
    return Call.of(who, action, resource, {**known, **{named[name]: value for name, value in context.items()}})


def _roles_of_functions(them: Resources) -> Iterator[tuple[Resource, str]]:
    for function in them.of_type("AWS::Lambda::Function"):
        yield function, them.resolved(function, "Role")


def _taken_on(them: Resources) -> Iterator[Call]:
    for _, role in _roles_of_functions(them):
        yield _call("lambda.amazonaws.com", "sts:AssumeRole", role)


def _logged(them: Resources) -> Iterator[Call]:
    for function, role in _roles_of_functions(them):
        group = them.resolved(function, "LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{them.ref(function)}")
        for action in _LOGS:
            yield _call(role, action, arn("logs", f"log-group:{group}:log-stream:one"))


def _traced(them: Resources) -> Iterator[Call]:
    for function, role in _roles_of_functions(them):
        if function.properties.get("TracingConfig", {}).get("Mode") == "Active":
            for action in ("xray:PutTraceSegments", "xray:PutTelemetryRecords"):
                yield _call(role, action, "*")


def _undelivered(them: Resources) -> Iterator[Call]:
    for function, role in _roles_of_functions(them):
        if target := them.resolved(function, "DeadLetterConfig", {}).get("TargetArn"):
            yield _sent(role, target)
    for it in them.of_type("AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping"):
        for outcome in them.resolved(it, "DestinationConfig", {}).values():
            yield _sent(_role_behind(them, it), outcome["Destination"])


def _sent(role: str, target: str) -> Call:
    actions = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction"}
    return _call(role, actions[target.split(":")[2]], target)


def _polled(them: Resources) -> Iterator[Call]:
    for it in them.of_type("AWS::Lambda::EventSourceMapping"):
        role, source = _role_behind(them, it), them.resolved(it, "EventSourceArn")
        if source.split(":")[2] == "dynamodb":
            yield _call(role, "dynamodb:ListStreams", "*")
        for action in _STREAM if source.split(":")[2] == "dynamodb" else _QUEUE:
            yield _call(role, action, source)


def _role_behind(them: Resources, it: Resource) -> str:
    """The role of the function that a resource names, directly or by its alias."""
    function = _function_behind(them, it.properties["FunctionName"], it.stack)
    role: str = them.resolved(function, "Role")
    return role


def _function_behind(them: Resources, value: Any, stack: str) -> Resource:
    found = them.pointed_at(value, stack)
    while found is not None and found.type != "AWS::Lambda::Function":
        found = them.pointed_at(found.properties.get("FunctionName"), found.stack)
    if found is None:
        raise LookupError(f"{value} names no function of the templates")
    return found


def _lex_taken_on(them: Resources) -> Iterator[Call]:
    for bot in them.of_type("AWS::Lex::Bot"):
        role, source = them.resolved(bot, "RoleArn"), them.attribute(bot, "Arn")
        yield _call("lexv2.amazonaws.com", "sts:AssumeRole", role, source_arn=source)


def _spoken(them: Resources) -> Iterator[Call]:
    for bot in them.of_type("AWS::Lex::Bot"):
        if any("VoiceSettings" in locale for locale in bot.properties.get("BotLocales", ())):
            yield _call(them.resolved(bot, "RoleArn"), "polly:SynthesizeSpeech", "*")


def _judged(them: Resources) -> Iterator[Call]:
    for bot, alias in _aliases(them):
        if alias.properties.get("SentimentAnalysisSettings", {}).get("DetectSentiment"):
            yield _call(them.resolved(bot, "RoleArn"), "comprehend:DetectSentiment", "*")


def _written_down(them: Resources) -> Iterator[Call]:
    for bot, alias in _aliases(them):
        for log in them.resolved(alias, "ConversationLogSettings", {}).get("TextLogSettings", ()):
            group = log["Destination"]["CloudWatch"]["CloudWatchLogGroupArn"].removesuffix(":*")
            for action in _LOGS if log["Enabled"] else ():
                yield _call(them.resolved(bot, "RoleArn"), action, f"{group}:log-stream:one")


def _aliases(them: Resources) -> Iterator[tuple[Resource, Resource]]:
    for alias in them.of_type("AWS::Lex::BotAlias"):
        bot = them.pointed_at(alias.properties["BotId"], alias.stack)
        if bot is not None:
            yield bot, alias


def _hooked(them: Resources) -> Iterator[Call]:
    for alias in them.of_type("AWS::Lex::BotAlias"):
        for setting in them.resolved(alias, "BotAliasLocaleSettings", ()):
            hook = setting["BotAliasLocaleSetting"].get("CodeHookSpecification", {}).get("LambdaCodeHook")
            if hook:
                source = them.attribute(alias, "Arn")
                yield _call("lexv2.amazonaws.com", "lambda:InvokeFunction", hook["LambdaArn"], source_arn=source)


def _asked_by_alexa(them: Resources) -> Iterator[Call]:
    for alias in them.of_type("AWS::Lambda::Alias"):
        function = _function_behind(them, alias.properties["FunctionName"], alias.stack)
        skill = function.properties.get("Environment", {}).get("Variables", {}).get("SKILL_ID")
        if skill:
            token = them.text(skill, function.stack, f"{function.id} SKILL_ID")
            yield _call("alexa-appkit.amazon.com", "lambda:InvokeFunction", them.ref(alias), token=token)


def _skill_package(them: Resources) -> Iterator[Call]:
    for skill in them.of_type("Alexa::ASK::Skill"):
        package = {name: them.value(skill.properties["SkillPackage"][name], skill.stack, f"{skill.id} {name}")
                   for name in ("S3Bucket", "S3Key", "S3BucketRole")}  # fmt: skip
        yield _call("alexa-appkit.amazon.com", "sts:AssumeRole", package["S3BucketRole"])
        there = f"arn:{PARTITION}:s3:::{package['S3Bucket']}/{package['S3Key']}"
        yield _call(package["S3BucketRole"], "s3:GetObject", there)


def _shifted(them: Resources) -> Iterator[Call]:
    for alias in them.of_type("AWS::Lambda::Alias"):
        update = alias.updates.get("CodeDeployLambdaAliasUpdate")
        group = them.pointed_at(update["DeploymentGroupName"], alias.stack) if update else None
        if update is None or group is None:
            continue
        role = them.resolved(group, "ServiceRoleArn")
        function = them.attribute(_function_behind(them, alias.properties["FunctionName"], alias.stack), "Arn")
        yield _call("codedeploy.amazonaws.com", "sts:AssumeRole", role)
        yield _call(role, "lambda:GetAlias", function)
        yield _call(role, "lambda:UpdateAlias", function)
        yield _call(role, "lambda:GetProvisionedConcurrencyConfig", them.ref(alias))
        for hook in ("BeforeAllowTrafficHook", "AfterAllowTrafficHook"):
            if hook in update:
                yield _call(role, "lambda:InvokeFunction", them.text(update[hook], alias.stack, f"{alias.id} {hook}"))
        for alarm in them.resolved(group, "AlarmConfiguration", {}).get("Alarms", ()):
            yield _call(role, "cloudwatch:DescribeAlarms", arn("cloudwatch", f"alarm:{alarm['Name']}"))


def _rung(them: Resources) -> Iterator[Call]:
    for alarm in them.of_type("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"):
        source = arn("cloudwatch", f"alarm:{them.named(alarm, 'AlarmName')}")
        for list_of in ("AlarmActions", "OKActions", "InsufficientDataActions"):
            for target in them.resolved(alarm, list_of, ()):
                if target.split(":")[2] == "sns":
                    yield _call("cloudwatch.amazonaws.com", "sns:Publish", target, source_arn=source)


def _logs_encrypted(them: Resources) -> Iterator[Call]:
    for group in them.of_type("AWS::Logs::LogGroup"):
        if "KmsKeyId" in group.properties:
            about = {"kms:EncryptionContext:aws:logs:arn": them.attribute(group, "Arn").removesuffix(":*")}
            for action in _LOG_KEY:
                who = f"logs.{REGION}.amazonaws.com"
                yield Call.of(who, action, them.resolved(group, "KmsKeyId"), {"aws:SecureTransport": "true", **about})


def _asked_by_api(them: Resources) -> Iterator[Call]:
    for route in them.of_type("AWS::ApiGatewayV2::Route"):
        for integration in them.of_type("AWS::ApiGatewayV2::Integration"):
            api = them.resolved(route, "ApiId")
            method, path = them.resolved(route, "RouteKey").split(" ")
            source = arn("execute-api", f"{api}/$default/{method}{path}")
            uri = them.resolved(integration, "IntegrationUri")
            yield _call("apigateway.amazonaws.com", "lambda:InvokeFunction", uri, source_arn=source)


def _asked_by_connect(them: Resources) -> Iterator[Call]:
    for association in them.of_type("AWS::Connect::IntegrationAssociation"):
        if association.properties["IntegrationType"] == "LAMBDA_FUNCTION":
            function, instance = them.resolved(association, "IntegrationArn"), them.resolved(association, "InstanceId")
            yield _call("connect.amazonaws.com", "lambda:InvokeFunction", function, source_arn=instance)


def _rotated(them: Resources) -> Iterator[Call]:
    for alias in them.of_type("AWS::Lambda::Alias"):
        function = _function_behind(them, alias.properties["FunctionName"], alias.stack)
        if function.properties.get("Handler") == "rotate_keys.handler":
            secret = them.text(function.properties["Environment"]["Variables"]["KEYS"], function.stack, function.id)
            who = "secretsmanager.amazonaws.com"
            yield _call(who, "lambda:InvokeFunction", them.ref(alias), source_arn=secret)


def _fetched(them: Resources) -> Iterator[Call]:
    for function, role in _roles_of_functions(them):
        if function.properties.get("Handler") in _HANDS_OUT:
            told = function.properties["Environment"]["Variables"]["EXPORTS"]
            bucket = them.text(told, function.stack, f"{function.id} EXPORTS")
            yield _call(role, "s3:GetObject", f"arn:{PARTITION}:s3:::{bucket}/exports/one.json")


_DOCS: Final = "https://docs.aws.amazon.com/"
_BY_PAGE: Final[Mapping[str, str]] = {
    "lambda": f"{_DOCS}lambda/latest/dg/",
    "lex": f"{_DOCS}lexv2/latest/dg/",
}
RULES: Final = (
    Rule(
        "API Gateway calls the function behind a route",
        _asked_by_api,
        f"{_DOCS}apigateway/latest/developerguide/http-api-develop-integrations-lambda.html",
    ),
    Rule(
        "Amazon Connect calls the functions that its flows name",
        _asked_by_connect,
        f"{_DOCS}connect/latest/adminguide/connect-lambda-functions.html",
    ),
    Rule(
        "Secrets Manager calls the function that rotates a secret",
        _rotated,
        f"{_DOCS}secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
    ),
    Rule(
        "S3 lets whoever has a signed address fetch an export as the role that signed it",
        _fetched,
        f"{_DOCS}AmazonS3/latest/userguide/using-presigned-url.html",
    ),
    Rule("Lambda takes on a function's role", _taken_on, f"{_BY_PAGE['lambda']}lambda-intro-execution-role.html"),
    Rule("Lambda writes a function's log", _logged, f"{_BY_PAGE['lambda']}monitoring-cloudwatchlogs.html"),
    Rule("Lambda sends the traces of an actively traced function", _traced, f"{_BY_PAGE['lambda']}services-xray.html"),
    Rule(
        "Lambda hands on what an asynchronous function could not take",
        _undelivered,
        f"{_BY_PAGE['lambda']}invocation-async-retain-records.html",
    ),
    Rule("Lambda polls a table's stream for a function", _polled, f"{_BY_PAGE['lambda']}with-ddb.html"),
    Rule("Lex takes on a bot's role", _lex_taken_on, f"{_BY_PAGE['lex']}security_iam_service-with-iam.html"),
    Rule(
        "Lex speaks with a locale's voice",
        _spoken,
        f"{_DOCS}aws-managed-policy/latest/reference/AmazonLexV2BotPolicy.html",
    ),
    # Lex V1's own role had this action for it (LexBotPolicy); that V2 asks as the bot's role is not proved here.
    Rule(
        "Lex has an utterance's mood judged",
        _judged,
        f"{_DOCS}AWSCloudFormation/latest/UserGuide/aws-properties-lex-botalias-sentimentanalysissettings.html",
    ),
    Rule("Lex writes an alias's conversation log", _written_down, f"{_BY_PAGE['lex']}conversation-logs-configure.html"),
    Rule("Lex calls an alias's code hook", _hooked, f"{_BY_PAGE['lex']}lambda-attach.html"),
    Rule(
        "Alexa calls the endpoint of the one skill",
        _asked_by_alexa,
        "https://developer.amazon.com/docs/alexa/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html",
    ),
    Rule(
        "Alexa fetches the package that its skill is made of",
        _skill_package,
        f"{_DOCS}AWSCloudFormation/latest/UserGuide/aws-properties-ask-skill-skillpackage.html",
    ),
    # Which of a function's ARNs each action is for: Service Authorization Reference, Lambda. A role for one alarm:
    # CloudWatch user guide, permissions reference (DescribeAlarms needs `*` for composite alarms alone).
    Rule(
        "CodeDeploy moves a function's alias, and looks at the alarms that bring it back",
        _shifted,
        f"{_DOCS}aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html",
    ),
    Rule("CloudWatch rings an alarm's topic", _rung, f"{_DOCS}sns/latest/dg/sns-key-management.html"),
    Rule(
        "CloudWatch Logs encrypts a log group",
        _logs_encrypted,
        f"{_DOCS}AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    ),
)
"""The table."""

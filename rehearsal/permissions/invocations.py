"""Who may invoke a function: what `AWS::Lambda::Permission` says at its alias."""

from __future__ import annotations

from collections.abc import Mapping

from rehearsal.permissions.policy import Call, Policies
from rehearsal.permissions.roles import Roles
from rehearsal.resources import ACCOUNT

LEX = "lexv2.amazonaws.com"
ALEXA = "alexa-appkit.amazon.com"
CONNECT = "connect.amazonaws.com"
SNS = "sns.amazonaws.com"
EVENTS = "events.amazonaws.com"


class NotInvoked(PermissionError):
    """Lambda would not have invoked the function for that caller."""


def may_invoke(
    policies: Policies, alias: str, principal: str, *, source_arn: str = "", source_account: str = "", token: str = ""
) -> bool:
    """Whether a service may invoke the function's alias (an ARN) for that source.

    Alexa shows its skill's id as the event source token, other services name source and account (Lambda
    developer guide, "Granting Lambda function access to AWS services").
    """
    named = {"aws:SourceArn": source_arn, "aws:SourceAccount": source_account, "lambda:EventSourceToken": token}
    context: Mapping[str, str] = {key: value for key, value in named.items() if value}
    return policies.decide(Call.of(principal, "lambda:InvokeFunction", alias, context)).allowed


def opened_to(roles: Roles, function: str, skill: str) -> Roles:
    """The second step of a deployment, in which the skill's id is known: its endpoint answers that skill."""
    alias = roles.aliases[function]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ALEXA},
        "Action": "lambda:InvokeFunction",
        "Resource": alias,
        "Condition": {"StringEquals": {"lambda:EventSourceToken": skill}},
    }
    return roles.with_statement_at(alias, "the second step of a deployment", statement)


def check_lex(policies: Policies, alias: str, bot_alias: str) -> None:
    """Raises NotInvoked if Lex may not call the hook for that bot alias (both ARNs)."""
    if not may_invoke(policies, alias, LEX, source_arn=bot_alias, source_account=ACCOUNT):
        raise NotInvoked(f"access denied: nothing lets {LEX} invoke {alias} for {bot_alias}")


def check_alexa(policies: Policies, alias: str, skill: str) -> None:
    """Raises NotInvoked if Alexa may not call the endpoint for that skill."""
    if not may_invoke(policies, alias, ALEXA, token=skill):
        raise NotInvoked(f"access denied: nothing lets {ALEXA} invoke {alias} for the skill {skill}")


def check_connect(policies: Policies, alias: str, instance: str) -> None:
    """Raises NotInvoked if Amazon Connect may not call the function for that instance (both ARNs)."""
    if not may_invoke(policies, alias, CONNECT, source_arn=instance, source_account=ACCOUNT):
        raise NotInvoked(f"access denied: nothing lets {CONNECT} invoke {alias} for {instance}")


def check_sns(policies: Policies, alias: str, topic: str) -> None:
    """Raises NotInvoked if Amazon SNS may not call the function for that topic (both ARNs)."""
    # Which of the two keys a permission names is its own choice: SNS sends both.
    if not may_invoke(policies, alias, SNS, source_arn=topic, source_account=ACCOUNT):
        raise NotInvoked(f"access denied: nothing lets {SNS} invoke {alias} for {topic}")


def check_events(policies: Policies, alias: str, rule: str) -> None:
    """Raises NotInvoked if EventBridge may not call the function for that rule (both ARNs)."""
    if not may_invoke(policies, alias, EVENTS, source_arn=rule):
        raise NotInvoked(f"access denied: nothing lets {EVENTS} invoke {alias} for {rule}")

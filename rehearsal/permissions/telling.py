"""How a function is told by others than its callers: a topic that is published to, a subscription, a rule of events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from rehearsal.connect.subscribers import rules, subscriptions
from rehearsal.permissions.calls import through_key
from rehearsal.permissions.invocations import CONNECT, EVENTS, SNS
from rehearsal.permissions.policy import Call
from rehearsal.permissions.rule import Rule
from rehearsal.resources import ACCOUNT, Resources


def publishing(topic: str, instance: str, keys: Mapping[str, str]) -> tuple[Call, ...]:
    """What Amazon Connect needs to publish what happens in an instance's chats; `keys` are those of `Roles`."""
    own = _call(CONNECT, "sns:Publish", topic, instance)
    return own, *through_key(own, keys)


def _call(who: str, action: str, resource: str, source: str, *, account: bool = True) -> Call:
    context = {
        "aws:ResourceAccount": ACCOUNT, "aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "true",
        "aws:SourceArn": source, **({"aws:SourceAccount": ACCOUNT} if account else {}),
    }  # fmt: skip
    return Call.of(who, action, resource, context)


def _streamed(them: Resources) -> Iterator[Call]:
    instances = [them.ref(it) for it in them.of_type("AWS::Connect::Instance")]
    for topic in dict.fromkeys(one.topic for one in subscriptions(them)):
        for instance in instances:
            yield _call(CONNECT, "sns:Publish", topic, instance)


def _told_by_topic(them: Resources) -> Iterator[Call]:
    for it in them.of_type("AWS::SNS::Subscription"):
        redrive = them.resolved(it, "RedrivePolicy", {})
        if redrive:
            yield _call(SNS, "sqs:SendMessage", redrive["deadLetterTargetArn"], them.resolved(it, "TopicArn"))
    for one in subscriptions(them):
        yield _call(SNS, "lambda:InvokeFunction", one.alias, one.topic)


def _told_by_rule(them: Resources) -> Iterator[Call]:
    for it in them.of_type("AWS::Events::Rule"):
        for target in it.properties.get("Targets", ()):
            if "DeadLetterConfig" in target:
                queue = them.text(target["DeadLetterConfig"]["Arn"], it.stack, it.id)
                yield _call(EVENTS, "sqs:SendMessage", queue, them.attribute(it, "Arn"), account=False)
    for rule in rules(them):
        yield _call(EVENTS, "lambda:InvokeFunction", rule.alias, rule.arn, account=False)


_DOCS: Final = "https://docs.aws.amazon.com/"
TELLING: Final = (
    Rule(
        "Amazon Connect publishes what happens in a chat to its streaming topic",
        _streamed,
        f"{_DOCS}connect/latest/adminguide/chat-message-streaming.html",
    ),
    Rule("Amazon SNS calls the functions that subscribe", _told_by_topic, f"{_DOCS}lambda/latest/dg/with-sns.html"),
    Rule(
        "EventBridge calls the functions that a rule names",
        _told_by_rule,
        f"{_DOCS}eventbridge/latest/userguide/eb-use-resource-based.html",
    ),
)
"""The table's lines about it."""

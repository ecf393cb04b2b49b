"""Whom the templates say is told: functions that subscribe to a topic, and those that a rule of events calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.filters import matches
from rehearsal.resources import AssemblyError, Resource, Resources


@dataclass(frozen=True, slots=True)
class Subscription:
    """A function's subscription to a topic."""

    arn: str
    topic: str
    """ARN."""
    function: str
    """The function's logical id."""
    alias: str
    """ARN by which it is called."""
    policy: str = ""
    """The filter policy as JSON; empty lets all pass."""
    of_body: bool = False
    """Whether the filter looks at the message instead of its attributes."""

    def takes(self, attributes: Mapping[str, str], message: str) -> bool:
        """Whether the filter policy lets a message pass. Raises FilterError."""
        return not self.policy or matches(json.loads(message) if self.of_body else attributes, (self.policy,))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule on the account's default event bus, with a function as its target."""

    arn: str
    function: str
    alias: str
    pattern: str
    """As JSON."""


def subscriptions(resources: Resources) -> Iterator[Subscription]:
    """Functions that subscribe. Raises AssemblyError for a way of telling that isn't played here."""
    for it in resources.of_type("AWS::SNS::Subscription"):
        if it.properties["Protocol"] != "lambda":
            continue  # an alarm's mailbox, say
        if it.properties.get("RawMessageDelivery"):
            raise AssemblyError(f"{it.id}: raw delivery is not for functions")
        policy = resources.resolved(it, "FilterPolicy")
        yield Subscription(
            arn=resources.ref(it),
            topic=resources.resolved(it, "TopicArn"),
            function=function_behind(resources, it.properties["Endpoint"], it).id,
            alias=resources.resolved(it, "Endpoint"),
            policy=json.dumps(policy) if policy else "",
            of_body=it.properties.get("FilterPolicyScope") == "MessageBody",
        )


def rules(resources: Resources) -> Iterator[Rule]:
    """Rules that wait for events and call functions."""
    for it in resources.of_type("AWS::Events::Rule"):
        pattern = resources.resolved(it, "EventPattern")
        if not pattern or it.properties.get("State", "ENABLED") == "DISABLED":
            continue
        for target in it.properties.get("Targets", ()):
            alias: Any = resources.value(target["Arn"], it.stack, f"{it.id} target")
            if ":function:" in alias:
                function = function_behind(resources, target["Arn"], it)
                yield Rule(resources.attribute(it, "Arn"), function.id, alias, json.dumps(pattern))


def function_behind(resources: Resources, value: object, it: Resource) -> Resource:
    """The function that a value names, by itself or by an alias of it. Raises AssemblyError."""
    found = resources.pointed_at(value, it.stack)
    while found is not None and found.type in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
        found = resources.pointed_at(found.properties["FunctionName"], found.stack)
    if found is None or found.type != "AWS::Lambda::Function":
        raise AssemblyError(f"{it.stack}, {it.id}: {json.dumps(value)} names no function of the templates")
    return found

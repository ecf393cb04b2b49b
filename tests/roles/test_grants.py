"""Every handler runs under exactly what its role grants, and every grant is for something."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal.permissions.policy import Grant, Kind, Policies, read_statement
from rehearsal.permissions.uses import denied, needing, unused

from .conftest import Exercised
from .places import ROOT

REFERENCE = ROOT / "node_modules" / "@cloud-copilot" / "iam-data" / "data" / "actions"
"""AWS's Service Authorization Reference as data (MIT)."""
WIDE_ACTIONS = {
    "kms:*": "a key's own account must keep every say in it, or nobody could ever change it (KMS: key policies)",
    "kms:GenerateDataKey*": "with and without plaintext; AWS's own policy for log groups and topics says it so",
    "kms:ReEncrypt*": "from and to; AWS's own policy for log groups says it so",
}
"""Actions with a `*` that stand in a resource's own policy, each with why."""
NOTHING_FINER = {
    "comprehend:DetectSentiment": "knows no resource",
    "xray:PutTelemetryRecords": "knows no resource",
    "xray:PutTraceSegments": "knows no resource",
    "polly:SynthesizeSpeech": "knows lexicons alone, and none is used",
    "dynamodb:ListStreams": "knows no resource",
    "cloudwatch:GetMetricData": "knows OpenTelemetry's datasets alone, and none is used",
    "cloudwatch:ListMetrics": "knows OpenTelemetry's datasets alone, and none is used",
}
"""Actions that a role may have on `*`, each with why."""
AS_AWS_WRITES_IT = {("kms:DescribeKey", "kms:encryptioncontext:aws:logs:arn")}
"""In AWS's own policy for log groups, though the reference gives that action no such key."""
LAMBDAS_OWN = (
    "Lambda hands on what an asynchronous function could not take",
    "Lambda polls a table's stream for a function",
    "Lambda sends the traces of an actively traced function",
    "Lambda writes a function's log",
)
"""What Lambda does as a function's role, and no handler."""
KEPT_APART = (
    ":table/",
    ":secret:",
    ":throughline-dev-alarms",
    ":throughline-dev-chats",
    ":::throughline-dev-customers-exports",
    ":::throughline-dev-phone-",
)
"""Where customers' data lies, recordings, chats and capture keys among it, and what rings: all that demands TLS."""


def test_every_handler_was_let_do_all_it_asked_for(everything: Exercised) -> None:
    assert {one.function for one in everything.asked} == {spec.logical_id for spec in everything.assembly.functions}
    assert not [one for one in everything.asked if not one.verdict.allowed]


def test_every_recorded_event_is_answered_without_an_apology(everything: Exercised) -> None:
    assert len(everything.answers) > 30
    for answer in everything.answers:
        assert isinstance(answer, dict) and (answer.get("sessionState") or answer.get("version") == "1.0")


def test_aws_itself_may_do_all_that_the_table_says_it_does(everything: Exercised) -> None:
    assert not denied(everything.roles.policies, [one.call for one in everything.implied])


def test_no_grant_can_go_without_something_being_denied(everything: Exercised) -> None:
    spared = unused(everything.roles.policies, everything.calls)
    assert not spared, "unused grants:\n" + "\n".join(f"  {grant}" for grant in spared)


def test_each_grant_that_is_removed_is_missed_by_its_holder(everything: Exercised) -> None:
    policies, seen = everything.roles.policies, 0
    for grant in policies.grants:
        if grant.deny:
            continue
        missing = [*needing(grant, policies, everything.calls)]
        without = {call for call, _ in denied(policies.without(grant), everything.calls)}
        assert set(missing) == without, str(grant)
        seen += 1
    assert seen > 40


def test_functions_roles_are_exercised_by_handlers_and_not_by_the_table_alone(everything: Exercised) -> None:
    policies = everything.roles.policies
    asked = [one.call for one in everything.asked]
    for_lambda = [one.call for one in everything.implied if one.why in LAMBDAS_OWN]
    assert {one.why for one in everything.implied} >= set(LAMBDAS_OWN)
    for role in everything.roles.functions.values():
        for grant in policies.by_holder[role]:
            if grant.kind is Kind.IDENTITY and not needing(grant, policies, for_lambda):
                assert needing(grant, policies, asked), str(grant)


def test_each_value_of_a_condition_that_is_removed_is_missed(everything: Exercised) -> None:
    policies, seen = everything.roles.policies, 0
    for grant in policies.grants:
        for less in narrowed(grant) if not grant.deny else ():
            narrower = Policies((*policies.without(grant).grants, less))
            assert denied(narrower, needing(grant, policies, everything.calls)), (
                f"{grant}: {less.document['Condition']}"
            )
            seen += 1
    assert seen > 15


def narrowed(grant: Grant) -> Iterator[Grant]:
    """The grant with one value less, for each value of each condition that has several."""
    for operator, keys in grant.document.get("Condition", {}).items():
        for key, values in keys.items():
            for value in values if isinstance(values, list) and len(values) > 1 else ():
                rest = {**keys, key: [one for one in values if one != value]}
                condition = {**grant.document["Condition"], operator: rest}
                yield from read_statement(
                    grant.kind, grant.holder, grant.where, {**grant.document, "Condition": condition}
                )


def test_without_tls_the_same_calls_are_denied_where_customers_data_is(everything: Exercised) -> None:
    services = {"dynamodb", "s3", "secretsmanager", "sns"}
    # A stream is a resource of its own, which no table's policy speaks of; only Lambda reads it.
    kept = [
        call for call in everything.calls
        if any(part in call.resource for part in KEPT_APART) and "/stream/" not in call.resource
    ]  # fmt: skip
    assert {call.action.partition(":")[0] for call in kept} == services
    for call in kept:
        plain = replace(call, context=tuple((k, "false" if k == "aws:securetransport" else v) for k, v in call.context))
        verdict = everything.roles.policies.decide(plain)
        assert verdict.because == "with an explicit deny in a resource-based policy", call.action


def test_no_role_has_a_star_in_an_action(everything: Exercised) -> None:
    for grant in everything.roles.policies.grants:
        action = grant.document.get("Action", "*")
        if grant.kind is Kind.IDENTITY:
            assert "*" not in action, str(grant)
        elif "*" in action and not grant.deny:
            assert action in WIDE_ACTIONS, str(grant)


def test_no_role_has_a_star_for_a_resource_where_aws_offers_anything_finer(everything: Exercised) -> None:
    for grant in everything.roles.policies.grants:
        if grant.kind is Kind.IDENTITY and grant.document.get("Resource", "*") == "*":
            assert grant.document["Action"] in NOTHING_FINER, str(grant)


@pytest.mark.parametrize("action", NOTHING_FINER)
def test_the_reason_for_a_star_is_the_service_references(action: str) -> None:
    entry = reference(action)
    finer = [kind["name"] for kind in entry["resourceTypes"]]
    (alone,) = {"lexicon", "dataset"} & {*finer} or {""}
    assert finer == ([alone] if "alone" in NOTHING_FINER[action] else [])


def test_every_granted_and_implied_action_is_one_that_aws_knows(everything: Exercised) -> None:
    granted = {grant.document["Action"] for grant in everything.roles.policies.grants if "Action" in grant.document}
    for action in sorted({*granted, *(call.action for call in everything.calls)}):
        if "*" not in action:
            assert reference(action)["name"] == action.partition(":")[2], action


def test_every_line_of_the_table_names_its_source(everything: Exercised) -> None:
    for one in everything.implied:
        assert one.source.startswith("https://docs.aws.amazon.com/") or "developer.amazon.com/docs/" in one.source
        assert one.why


def test_every_call_is_of_a_resource_that_its_action_knows(everything: Exercised) -> None:
    for action, resource in sorted({(call.action, call.resource) for call in everything.calls}):
        if action.startswith("sts:"):
            continue  # asked of a role; the reference has it by the user's own name, too
        kinds = [kind["name"] for kind in reference(action)["resourceTypes"]]
        shapes = [resource_shape(action.partition(":")[0], kind) for kind in kinds]
        known = any(shape.fullmatch(resource) for shape in shapes)
        assert known or (resource == "*" and action in NOTHING_FINER), (action, resource)


def test_every_condition_is_on_a_key_that_aws_gives_for_the_action(everything: Exercised) -> None:
    for grant in everything.roles.policies.grants:
        action = grant.document.get("Action", "*")
        for condition in grant.conditions if "*" not in action else ():
            if condition.key.startswith("aws:"):
                continue  # of every action
            if (action, condition.key) in AS_AWS_WRITES_IT:
                continue
            known = [key.lower() for key in reference(action)["conditionKeys"]]
            known += [key.lower() for kind in reference(action)["resourceTypes"] for key in kind["conditionKeys"]]
            shapes = [re.sub(r"\\\$\\\{.*?\\\}", ".+", re.escape(key)) for key in known]
            assert any(re.fullmatch(shape, condition.key) for shape in shapes), (action, condition.key)


def resource_shape(service: str, kind: str) -> re.Pattern[str]:
    """What the ARN of a resource of that kind looks like; Lex's are given in two ways at once."""
    types = json.loads((REFERENCE.parent / "resourceTypes" / f"{service}.json").read_text("utf-8"))
    either = [re.sub(r"\\\$\\\{.*?\\\}", ".*", re.escape(one)) for one in types[kind.lower()]["arn"].split(", ")]
    return re.compile("|".join(either))


def reference(action: str) -> dict[str, Any]:
    service, name = action.split(":")
    file: Path = REFERENCE / f"{service}.json"
    assert file.exists(), (
        f"AWS's reference knows no service {service} (or run `npm ci --ignore-scripts` in the checkout)"
    )
    found: dict[str, dict[str, Any]] = json.loads(file.read_text("utf-8"))
    assert name.lower() in found, f"AWS knows no action {action}"
    return found[name.lower()]


def test_one_worker_exercises_everything(request: pytest.FixtureRequest) -> None:
    """Where groups are lost, each worker does it anew, and no failure shows it."""
    assert "PYTEST_XDIST_WORKER" not in os.environ or request.node.nodeid.endswith("@roles")

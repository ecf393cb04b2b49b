"""Every handler runs under exactly what its role grants, and every grant is for something."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal.permissions.policy import Kind
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
}
"""Actions that a role may have on `*`, each with why."""


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
    asked = [one.call for one in everything.asked]
    own = {"dynamodb", "secretsmanager", "kms", "lex"}
    for role in everything.roles.functions.values():
        for grant in everything.roles.policies.by_holder[role]:
            if grant.kind is Kind.IDENTITY and grant.document["Action"].split(":")[0] in own:
                assert needing(grant, everything.roles.policies, asked), str(grant)


def test_without_tls_the_same_calls_are_denied_where_customers_data_is(everything: Exercised) -> None:
    services = {"dynamodb", "secretsmanager", "sns"}
    kept = [call for call in everything.calls if call.action.partition(":")[0] in services]
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
    assert finer == (["lexicon"] if action == "polly:SynthesizeSpeech" else [])


def test_every_granted_and_implied_action_is_one_that_aws_knows(everything: Exercised) -> None:
    granted = {grant.document["Action"] for grant in everything.roles.policies.grants if "Action" in grant.document}
    for action in sorted({*granted, *(call.action for call in everything.calls)}):
        if "*" not in action:
            assert reference(action)["name"] == action.partition(":")[2], action


def test_every_line_of_the_table_names_its_source(everything: Exercised) -> None:
    for one in everything.implied:
        assert one.source.startswith("https://docs.aws.amazon.com/") or "developer.amazon.com/docs/" in one.source
        assert one.why


def reference(action: str) -> dict[str, Any]:
    service, name = action.split(":")
    file: Path = REFERENCE / f"{service}.json"
    assert file.exists(), (
        f"AWS's reference knows no service {service} (or run `npm ci --ignore-scripts` in the checkout)"
    )
    found: dict[str, dict[str, Any]] = json.loads(file.read_text("utf-8"))
    assert name.lower() in found, f"AWS knows no action {action}"
    return found[name.lower()]

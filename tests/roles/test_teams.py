"""Each team's role can do that team's work and nothing of another's, by our evaluator and by an independent one."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.permissions.calls import through_key
from rehearsal.permissions.patterns import Value
from rehearsal.permissions.policy import Call, Kind, stands_at
from rehearsal.permissions.roles import Roles, read_roles
from rehearsal.permissions.teams import TEAMS, roles_of_teams
from rehearsal.resources import ACCOUNT, REGION
from tests.synth.conftest import FULL

from .conftest import composed
from .test_against_another_evaluator import theirs

READS_DATA = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan")
CHANGES_DATA = ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
OVER_TLS: dict[str, Value] = {"aws:SecureTransport": "true"}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return composed(tmp_path_factory.mktemp("assembly"), FULL)


@pytest.fixture(scope="module")
def roles(there: Any) -> Roles:
    return read_roles(there)


@pytest.fixture(scope="module")
def work(there: Any, roles: Roles) -> dict[str, set[Call]]:
    """Team to what it does, with what AWS then asks of a key for it."""
    found: dict[str, set[Call]] = {team: set() for team in roles_of_teams(there.resources)}
    teams = {role: team for team, role in roles_of_teams(there.resources).items()}
    for rule in TEAMS:
        for call in rule.calls(there.resources):
            if call.who in teams:
                found[teams[call.who]] |= {call, *through_key(call, roles.keys)}
    return found


@pytest.fixture(scope="module")
def everything(there: Any, roles: Roles, work: dict[str, set[Call]]) -> list[tuple[str, str, dict[str, Value]]]:
    """Action, resource and context of the work of all teams, and of what is nobody's work."""
    asked = {(call.action, call.resource): dict(call.context) for calls in work.values() for call in calls}
    for table in there.resources.of_type("AWS::DynamoDB::Table"):
        for action in (*READS_DATA, *CHANGES_DATA):
            asked.setdefault((action, there.resources.attribute(table, "Arn")), dict(OVER_TLS))
    for bucket in there.resources.of_type("AWS::S3::Bucket"):
        asked[("s3:GetObject", f"{there.resources.attribute(bucket, 'Arn')}/exports/one.json")] = dict(OVER_TLS)
    for secret in there.resources.of_type("AWS::SecretsManager::Secret"):
        asked[("secretsmanager:GetSecretValue", there.resources.ref(secret))] = dict(OVER_TLS)
    for key in there.resources.of_type("AWS::KMS::Key"):
        via: dict[str, Value] = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
        asked[("kms:Decrypt", there.resources.attribute(key, "Arn"))] = via
        asked[("kms:PutKeyPolicy", there.resources.attribute(key, "Arn"))] = {}
    for alias in roles.aliases.values():
        asked[("lambda:InvokeFunction", alias)] = {}
    for role in roles.functions.values():
        asked[("iam:PassRole", role)] = {}
        asked[("sts:AssumeRole", role)] = {}
    return [(action, resource, context) for (action, resource), context in asked.items()]


def test_every_team_can_do_all_of_its_work(roles: Roles, work: dict[str, set[Call]]) -> None:
    assert all(work.values()), "every team has some"
    for team, calls in work.items():
        for call in calls:
            assert roles.policies.decide(call).allowed, f"{team}: {call.action} on {call.resource}"


def test_no_team_can_do_anything_else(
    there: Any, roles: Roles, work: dict[str, set[Call]], everything: list[tuple[str, str, dict[str, Value]]]
) -> None:
    for team, role in roles_of_teams(there.resources).items():
        own = {(call.action, call.resource) for call in work[team]}
        may = {
            (action, resource)
            for action, resource, context in everything
            if roles.policies.decide(Call.of(role, action, resource, context)).allowed
        }
        assert may <= own, f"{team}: {sorted(may - own)}"


def test_each_grant_of_a_team_that_is_removed_is_missed_in_its_work(
    there: Any, roles: Roles, work: dict[str, set[Call]]
) -> None:
    for team, role in roles_of_teams(there.resources).items():
        for grant in roles.policies.by_holder[role]:
            if grant.kind is Kind.IDENTITY:
                rest = roles.policies.without(grant)
                assert any(not rest.decide(call).allowed for call in work[team]), f"{team} needs no {grant}"


def test_another_evaluator_decides_the_same_for_every_team(
    there: Any, roles: Roles, everything: list[tuple[str, str, dict[str, Value]]]
) -> None:
    cases, ours = [], []
    for role in roles_of_teams(there.resources).values():
        for action, resource, context in everything:
            if action in ("iam:PassRole", "sts:AssumeRole") or action.startswith("lex:"):
                continue  # it reads a role's trust as no resource policy, and knows no ARN of a bot of Lex V2
            cases.append(_case(roles, role, action, resource, context))
            ours.append(roles.policies.decide(Call.of(role, action, resource, context)).allowed)
    assert any(ours) and not all(ours)
    answers = theirs(cases)
    for case, mine, answer in zip(cases, ours, answers, strict=True):
        assert not answer.get("error"), (answer, case["request"])
        assert (answer["verdict"] == "Allowed") is mine, case["request"]


def _case(roles: Roles, role: str, action: str, resource: str, context: dict[str, Value]) -> dict[str, Any]:
    """In the other evaluator's shape."""
    service = action.partition(":")[0]
    known = {key: value for key, value in context.items() if key.split(":")[0].lower() in ("aws", service)}
    at = [it.document for it in roles.policies.by_holder.get(stands_at(resource), ()) if it.kind is Kind.RESOURCE]
    held = [it.document for it in roles.policies.by_holder[role] if it.kind is Kind.IDENTITY]
    case: dict[str, Any] = {
        "request": {
            "principal": role,
            "action": action,
            "resource": {"resource": resource, "accountId": ACCOUNT},
            "contextVariables": {k: v if isinstance(v, str) else [*v] for k, v in known.items()},
        },
        "identityPolicies": [{"name": "own", "policy": {"Version": "2012-10-17", "Statement": held}}],
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
    }
    return {**case, "resourcePolicy": {"Version": "2012-10-17", "Statement": at}} if at else case

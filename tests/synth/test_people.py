"""Who signs in, and what a role of the staff may not do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commands import managed_login
from rehearsal import assembly as assemblies
from rehearsal.permissions.policy import COGNITO, Call
from rehearsal.permissions.roles import Roles, read_roles
from rehearsal.permissions.teams import roles_of_teams
from rehearsal.resources import Resources, arn
from stacks.team import AT_THE_DESK, TEAMS
from tests.synth.conftest import Assembly, Synthesise, templates

POOL = "AWS::Cognito::UserPool"


@pytest.fixture(scope="module")
def roles(full: Assembly) -> Roles:
    return read_roles(assemblies.read(full.folder))


@pytest.fixture(scope="module")
def resources(full: Assembly) -> Resources:
    return assemblies.read(full.folder).resources


@pytest.fixture(scope="module")
def teams(resources: Resources) -> dict[str, str]:
    return roles_of_teams(resources)


def pool(assembly: Assembly, whose: str) -> dict[str, Any]:
    return dict(assembly.one("People", POOL, UserPoolName=f"throughline-dev-{whose}").properties)


def client(assembly: Assembly, name: str) -> dict[str, Any]:
    named = f"throughline-dev-{name}"
    return dict(assembly.one("People", "AWS::Cognito::UserPoolClient", ClientName=named).properties)


def test_staff_is_taken_in_by_an_administrator_and_has_a_second_factor(assembly: Assembly) -> None:
    staff = pool(assembly, "staff")
    assert staff["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert (staff["MfaConfiguration"], staff["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])


def test_customers_sign_up_by_themselves_and_may_have_a_second_factor(assembly: Assembly) -> None:
    theirs = pool(assembly, "customers")
    assert theirs["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}
    assert (theirs["MfaConfiguration"], theirs["AutoVerifiedAttributes"]) == ("OPTIONAL", ["email"])
    assert theirs["DeletionProtection"] == "ACTIVE"


def test_the_follower_alone_may_delete_accounts_and_of_the_customers_pool_alone(
    full: Assembly, roles: Roles, resources: Resources
) -> None:
    found = set()
    for it in resources.of_type(POOL):
        for function, role in roles.functions.items():
            for action in ("AdminDeleteUser", "AdminGetUser", "AdminCreateUser", "ListUsers", "DeleteUserPool"):
                asked = Call.of(role, f"cognito-idp:{action}", arn("cognito-idp", f"userpool/{resources.ref(it)}"), {})
                if roles.policies.decide(asked).allowed:
                    found.add((function.partition("Function")[0], action, it.properties["UserPoolName"]))
    assert found == {("Records", "AdminDeleteUser", "throughline-dev-customers")}
    follower = full.one("Records", "AWS::Lambda::Function", Handler="records.handler")
    assert follower.properties["Environment"]["Variables"]["USER_POOL"]


def test_where_nobody_signs_in_the_follower_knows_no_pool(synthesise: Synthesise) -> None:
    without = synthesise({"people.enabled": "false"})
    follower = without.one("Records", "AWS::Lambda::Function", Handler="records.handler")
    assert follower.properties["Environment"]["Variables"]["USER_POOL"] == ""
    assert "cognito-idp" not in json.dumps([it.properties for it in without.resources("Records", "AWS::IAM::Policy")])


def test_customers_have_their_group_and_it_bears_no_role(assembly: Assembly) -> None:
    group = assembly.one("People", "AWS::Cognito::UserPoolGroup", GroupName="customer")
    assert "RoleArn" not in group.properties
    customers = assembly.one("People", POOL, UserPoolName="throughline-dev-customers")
    assert group.properties["UserPoolId"] == {"Ref": customers.id}


def test_web_and_app_keep_no_secret_and_alexas_is_in_no_template(full: Assembly) -> None:
    app, linking = client(full, "app"), client(full, "alexalinking")
    assert (app["GenerateSecret"], linking["GenerateSecret"]) == (False, True)
    assert "ClientSecret" not in json.dumps(templates(full)).replace('"ClientSecret": "{{resolve', "")
    for one in (app, linking):
        assert one["AllowedOAuthFlows"] == ["code"]
        assert one["EnableTokenRevocation"] is True
        assert one["PreventUserExistenceErrors"] == "ENABLED"
        assert all(url.startswith("https://") for url in one["CallbackURLs"])
    assert all(url.endswith("/api/skill/link/M0000000000000") for url in linking["CallbackURLs"])


def test_without_a_place_to_return_to_there_is_no_grant_by_browser(assembly: Assembly) -> None:
    for name in ("app", "alexalinking"):
        assert "AllowedOAuthFlows" not in client(assembly, name)


def test_staff_signs_in_by_a_browser_that_comes_back_to_their_own_machine(assembly: Assembly) -> None:
    desk = client(assembly, "desk")
    assert desk["CallbackURLs"] == [f"http://localhost:{managed_login.PORT}{managed_login.PATH}"]
    assert desk["GenerateSecret"] is False, "what runs on a person's own machine keeps no secret; PKCE proves it"
    assert (desk["AllowedOAuthFlows"], desk["AllowedOAuthFlowsUserPoolClient"]) == (["code"], True)
    assert desk["AllowedOAuthScopes"] == [managed_login.SCOPE], "who they are, and nothing to change it by"


def test_who_signs_in_and_where_is_told_by_the_stack(assembly: Assembly) -> None:
    outputs: dict[str, Any] = templates(assembly)["People"]["Outputs"]
    assert outputs.keys() >= {"Staff", "StaffSignIn", "StaffIdentities", "StaffLogin"}
    staff = assembly.one("People", POOL, UserPoolName="throughline-dev-staff").id
    (domain,) = [
        it.properties["Domain"]
        for it in assembly.resources("People", "AWS::Cognito::UserPoolDomain")
        if it.properties["UserPoolId"] == {"Ref": staff}
    ]
    told = outputs["StaffLogin"]["Value"]["Fn::Join"][1]
    assert told[0] == "https://throughline-dev-staff-"
    assert domain["Fn::Join"][1][0] == "throughline-dev-staff-" and told[1] == domain["Fn::Join"][1][1]
    assert told[-1] == ".amazoncognito.com"


def test_functions_believe_the_customers_pool_each_for_its_own_client(full: Assembly) -> None:
    told = {it.properties["Handler"]: it.properties["Environment"]["Variables"] for _, it in full.functions()}
    for handler, id in (("lex_turn.handler", "AppClient"), ("alexa_turn.handler", "AlexaLinkingClient")):
        assert "CustomersPool" in json.dumps(told[handler]["LOGIN_ISSUER"])
        assert f"ExportsOutputRef{id}" in json.dumps(told[handler]["LOGIN_CLIENT"])


def test_each_team_is_a_group_with_a_role_of_its_name(assembly: Assembly) -> None:
    staff = assembly.one("People", POOL, UserPoolName="throughline-dev-staff").id
    groups = [
        it.properties
        for it in assembly.resources("People", "AWS::Cognito::UserPoolGroup")
        if it.properties["UserPoolId"] == {"Ref": staff}
    ]
    assert {it["GroupName"] for it in groups} == set(TEAMS)
    by_id = {it.id: it.properties for it in assembly.resources("People", "AWS::IAM::Role")}
    for group in groups:
        (role, _) = group["RoleArn"]["Fn::GetAtt"]
        assert by_id[role]["RoleName"] == f"throughline-dev-{group['GroupName']}"
    assert len({it["Precedence"] for it in groups}) == 1, "nobody is in one of two teams by chance"


def test_the_identity_pool_knows_nobody_who_has_not_signed_in_and_guesses_no_role(assembly: Assembly) -> None:
    identities = assembly.one("People", "AWS::Cognito::IdentityPool").properties
    assert identities["AllowUnauthenticatedIdentities"] is False
    assert identities["AllowClassicFlow"] is False
    (provider,) = identities["CognitoIdentityProviders"]
    assert provider["ServerSideTokenCheck"] is True
    attached = assembly.one("People", "AWS::Cognito::IdentityPoolRoleAttachment").properties
    assert "Roles" not in attached, "no role for whoever has no group"
    (mapping,) = attached["RoleMappings"].values()
    assert (mapping["Type"], mapping["AmbiguousRoleResolution"]) == ("Token", "Deny")


@pytest.mark.parametrize(
    ("about", "allowed"),
    [
        ({"amr": ("authenticated",)}, True),
        ({"amr": ("unauthenticated",)}, False),
        ({}, False),
        ({"amr": ("authenticated",), "aud": "us-east-1:11111111-2222-3333-4444-555555555555"}, False),
    ],
)
def test_a_role_trusts_who_signed_in_to_this_pool_alone(
    roles: Roles, resources: Resources, teams: dict[str, str], about: dict[str, Any], allowed: bool
) -> None:
    (identities,) = resources.of_type("AWS::Cognito::IdentityPool")
    known = {"aud": resources.ref(identities), **about}
    context = {f"{COGNITO}:{name}": value for name, value in known.items()}
    for role in teams.values():
        assume = Call.of(COGNITO, "sts:AssumeRoleWithWebIdentity", role, context)
        assert roles.policies.decide(assume).allowed is allowed
        for other in ("lambda.amazonaws.com", "ec2.amazonaws.com"):
            assert not roles.policies.decide(Call.of(other, "sts:AssumeRole", role, context)).allowed


FORBIDDEN = (
    "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem", "dynamodb:PartiQLSelect",
    "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:GetRecords",
    "dynamodb:ExportTableToPointInTime", "dynamodb:RestoreTableToPointInTime",
)  # fmt: skip


def test_no_team_reads_or_writes_customers_data_secrets_or_exports(
    roles: Roles, resources: Resources, teams: dict[str, str]
) -> None:
    over_tls = {"aws:SecureTransport": "true"}
    tables = [resources.attribute(it, "Arn") for it in resources.of_type("AWS::DynamoDB::Table")]
    buckets = [resources.attribute(it, "Arn") for it in resources.of_type("AWS::S3::Bucket")]
    secrets = [resources.ref(it) for it in resources.of_type("AWS::SecretsManager::Secret")]
    functions = [resources.attribute(it, "Arn") for it in resources.of_type("AWS::Lambda::Function")]
    for team, role in teams.items():
        asked = [(action, table) for action in FORBIDDEN for table in tables]
        for bucket in buckets:
            asked += [("s3:GetObject", f"{bucket}/exports/one.json"), ("s3:ListBucket", bucket)]
            asked += [("s3:GetObject", f"{bucket}/recordings/one.wav")]
        for secret in secrets:
            asked += [("secretsmanager:GetSecretValue", secret), ("secretsmanager:PutSecretValue", secret)]
        asked += [("lambda:InvokeFunction", f"{function}:live") for function in functions]
        asked += [(f"{it}", "*") for it in ("cloudformation:UpdateStack", "iam:PassRole", "sts:AssumeRole")]
        allowed = [one for one in asked if roles.policies.decide(Call.of(role, *one, over_tls)).allowed]
        audit = [table for table in tables if "Audit" in table] if team == "auditor" else []
        assert sorted(allowed) == sorted((f"dynamodb:{it}", table) for table in audit for it in ("GetItem", "Query"))


def test_only_teams_with_something_to_do_there_get_to_the_desk(
    roles: Roles, resources: Resources, teams: dict[str, str]
) -> None:
    (api,) = resources.of_type("AWS::ApiGatewayV2::Api")
    there = arn("execute-api", f"{resources.ref(api)}/$default/POST/desk")
    for path in (there, there.replace("POST", "GET"), f"{there}/more"):
        asked = {team: Call.of(role, "execute-api:Invoke", path, {}) for team, role in teams.items()}
        may = {team for team, call in asked.items() if roles.policies.decide(call).allowed}
        assert may == (set(AT_THE_DESK) if path == there else set())


def test_watchers_read_the_functions_logs_and_not_what_lex_wrote_down(
    roles: Roles, resources: Resources, teams: dict[str, str]
) -> None:
    groups = {it.id: resources.attribute(it, "Arn") for it in resources.of_type("AWS::Logs::LogGroup")}
    for team, role in teams.items():
        asked = {id: Call.of(role, "logs:StartQuery", group, {}) for id, group in groups.items()}
        read = {id for id, call in asked.items() if roles.policies.decide(call).allowed}
        if team not in ("supervisor", "operator"):
            assert read == set()
            continue
        assert not any("Conversations" in id or "Requests" in id or "FlowLogs" in id for id in read)
        # All but that of the function which works while one deploys.
        assert len(read) == len(list(resources.of_type("AWS::Lambda::Function"))) - 1


def test_where_nobody_signs_in_there_is_neither_pool_nor_role_nor_desk(synthesise: Synthesise) -> None:
    without = synthesise({"people.enabled": "false"})
    assert {"People", "Desk"}.isdisjoint(templates(without))
    assert "RoleName" not in json.dumps(templates(without))
    for _, function in without.functions():
        told = function.properties["Environment"]["Variables"]
        assert told.get("LOGIN_ISSUER", "") == told.get("LOGIN_CLIENT", "") == ""

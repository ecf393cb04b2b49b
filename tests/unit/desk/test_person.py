"""Only what IAM authenticated says who is at the desk; everything else is nobody."""

from __future__ import annotations

from typing import Any

import pytest

from throughline.desk.matrix import Team
from throughline.desk.person import NotStaff, Person, person_in

ACCOUNT = "111122223333"
POOL = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc"
SUB = "4f0c2a1e-7b3d-4c55-9a10-0123456789ab"


def event(arn: object, **iam: Any) -> dict[str, Any]:
    return {"requestContext": {"authorizer": {"iam": {"accountId": ACCOUNT, "userArn": arn} | iam}}}


def arn(role: str = "tl-dev-agent", session: str = "kim", account: str = ACCOUNT) -> str:
    return f"arn:aws:sts::{account}:assumed-role/{role}/{session}"


def who(one: dict[str, Any]) -> Person:
    return person_in(one, prefix="tl-dev", account=ACCOUNT)


@pytest.mark.parametrize("team", [team for team in Team if team is not Team.CUSTOMER])
def test_a_role_session_is_its_person_in_the_roles_team(team: Team) -> None:
    assert who(event(arn(f"tl-dev-{team.value}"))) == Person("kim", team)


def test_behind_an_identity_pool_the_person_is_the_subject_of_the_sign_in() -> None:
    amr = ["authenticated", POOL, f"{POOL}:CognitoSignIn:{SUB}"]
    found = who(event(arn(session="CognitoIdentityCredentials"), cognitoIdentity={"amr": amr, "identityId": "x"}))
    assert found == Person(SUB, Team.AGENT)


@pytest.mark.parametrize(
    "wrong",
    [
        arn("tl-dev-customer"), arn("tl-dev-agents"), arn("tl-prod-agent"), arn("agent"), arn("x-tl-dev-agent"),
        arn("tl-dev-admin"), arn(account="999999999999"), arn(session=""), arn(session="a/b"), arn() + "\n",
        f"arn:aws:iam::{ACCOUNT}:user/tl-dev-agent", f"arn:aws:iam::{ACCOUNT}:role/tl-dev-agent",
        f"arn:aws:sts::{ACCOUNT}:federated-user/tl-dev-agent", f"arn:aws:iam::{ACCOUNT}:root", "", None, 5, ["x"],
    ],
)  # fmt: skip
def test_any_other_arn_is_nobody(wrong: object) -> None:
    with pytest.raises(NotStaff) as told:
        who(event(wrong))
    assert str(wrong) not in str(told.value) or not wrong


@pytest.mark.parametrize(
    "identity",
    [
        None, {}, {"amr": None}, {"amr": []}, {"amr": ["unauthenticated"]}, {"amr": [POOL]}, {"amr": [5]},
        {"amr": [f"{POOL}:CognitoSignIn:"]}, {"amr": [f"{POOL}:CognitoSignIn:{SUB}\n"]}, "amr",
        {"amr": [f"{POOL}:CognitoSignIn:{SUB}", f"{POOL}:CognitoSignIn:another-sub"]},
    ],
)  # fmt: skip
def test_nobody_whom_the_audit_could_not_name_gets_in(identity: object) -> None:
    with pytest.raises(NotStaff):
        who(event(arn(session="CognitoIdentityCredentials"), cognitoIdentity=identity))


@pytest.mark.parametrize(
    "one",
    [
        {}, {"requestContext": None}, {"requestContext": {"authorizer": {}}},
        {"requestContext": {"authorizer": {"jwt": {"claims": {"sub": "kim"}}}}},
        {"headers": {"x-team": "auditor"}, "body": '{"team":"auditor","person":"kim"}'},
        {"requestContext": {"identity": {"userArn": arn()}}},
    ],
)  # fmt: skip
def test_what_a_caller_can_write_makes_nobody(one: dict[str, Any]) -> None:
    with pytest.raises(NotStaff):
        who(one)


def test_another_account_is_refused_though_the_arn_says_ours() -> None:
    with pytest.raises(NotStaff):
        who(event(arn(), accountId="999999999999"))

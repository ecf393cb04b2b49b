"""Accounts in Cognito go, once and for all, and no error says whose they were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from throughline.errors import StoreError, StoreUnavailable
from throughline.records.accounts import CognitoAccounts, NoAccounts

SUBJECT = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def idp() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("cognito-idp", "eu-west-1")


def test_the_account_of_a_subject_goes_with_its_e_mail_address_and_no_other(idp: Any) -> None:
    pool = idp.create_user_pool(PoolName="customers", UsernameAttributes=["email"])["UserPool"]["Id"]
    subjects = []
    for name in ("pat", "kim"):
        email = [{"Name": "email", "Value": f"{name}@post.example"}]
        made = idp.admin_create_user(UserPoolId=pool, Username=f"{name}@post.example", UserAttributes=email)["User"]
        subjects.append(next(one["Value"] for one in made["Attributes"] if one["Name"] == "sub"))
    accounts = CognitoAccounts(pool, lambda: idp)
    accounts.forget(subjects[0])
    accounts.forget(subjects[0])
    left = str(idp.list_users(UserPoolId=pool)["Users"])
    assert "kim@post.example" in left and "pat@post.example" not in left


class Failing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def admin_delete_user(self, **request: Any) -> None:
        raise self._error


def refusal(code: str, status: int) -> ClientError:
    told: Any = {
        "Error": {"Code": code, "Message": f"{SUBJECT} may not"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(told, "AdminDeleteUser")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refusal("NotAuthorizedException", 400), StoreError),
        (refusal("TooManyRequestsException", 400), StoreUnavailable),
        (refusal("InternalErrorException", 500), StoreUnavailable),
        (EndpointConnectionError(endpoint_url=f"https://idp.example/{SUBJECT}"), StoreUnavailable),
    ],
)
def test_a_pool_that_fails_is_told_of_without_the_subject(error: Exception, kind: type[StoreError]) -> None:
    with pytest.raises(kind) as raised:
        CognitoAccounts("pool", lambda: Failing(error)).forget(SUBJECT)
    assert SUBJECT not in str(raised.value) and raised.value.__cause__ is None


def test_where_nobody_signs_in_there_is_nothing_to_delete() -> None:
    NoAccounts().forget(SUBJECT)

"""Sign-ins: a token counts if it says that it is ours, and if Cognito says that it is true."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError, ConnectTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from throughline.affairs import cognito_logins
from throughline.affairs.cognito_logins import Cognito, CognitoLogins
from throughline.affairs.logins import FakeLogins, Login
from throughline.privacy.sealed import Sealed

NOW = 2_000_000_000.0
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Invented1"
CLIENT = "an1invented2client3id"
WORDS: dict[str, Any] = {
    "sub": "sub-of-pat",
    "iss": ISSUER,
    "client_id": CLIENT,
    "token_use": "access",
    "auth_time": int(NOW) - 120,
    "exp": int(NOW) + 3480,
}


def part(words: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(words).encode()).rstrip(b"=").decode()


def token(without: str = "", **other: object) -> str:
    words = {key: value for key, value in {**WORDS, **other}.items() if key != without}
    return f"{part({'alg': 'RS256'})}.{part(words)}.c2lnbmVk"


class Pool:
    """Takes any token and says whose it is; remembers that it was asked."""

    def __init__(self, subject: str = "sub-of-pat") -> None:
        self.subject, self.asked = subject, 0

    def __call__(self, token: str) -> str:
        self.asked += 1
        return self.subject


def test_a_token_of_ours_that_cognito_confirms_is_a_login() -> None:
    assert CognitoLogins(ISSUER, CLIENT, Pool()).of(Sealed(token()), NOW) == Login("sub-of-pat", NOW - 120)


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Somebody"},
        {"iss": ISSUER + "/"},
        {"client_id": "another client"},
        {"token_use": "id"},
        {"exp": int(NOW)},
        {"exp": "never"},
        {"exp": True},
        {"exp": float("inf")},
        {"auth_time": int(NOW) + 3600},
        {"auth_time": None},
        {"auth_time": 0},
        {"sub": ""},
        {"sub": 7},
        *({"without": key} for key in WORDS),
    ],
    ids=str,
)
def test_a_token_that_is_not_ours_is_nothing_to_ask_cognito_about(other: dict[str, Any]) -> None:
    pool = Pool()
    assert CognitoLogins(ISSUER, CLIENT, pool).of(Sealed(token(**other)), NOW) is None
    assert pool.asked == 0


@pytest.mark.parametrize("subject", ["", "sub-of-somebody-else"])
def test_a_token_that_cognito_does_not_confirm_is_no_login(subject: str) -> None:
    assert CognitoLogins(ISSUER, CLIENT, Pool(subject)).of(Sealed(token()), NOW) is None


def test_a_token_that_says_a_thing_twice_is_no_token() -> None:
    twice = json.dumps(WORDS)[:-1] + f', "iss": "{ISSUER}"}}'
    forged = f"h.{base64.urlsafe_b64encode(twice.encode()).rstrip(b'=').decode()}.s"
    assert CognitoLogins(ISSUER, CLIENT, Pool()).of(Sealed(forged), NOW) is None


@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda raw: f"a.{base64.b64encode(raw).decode()}.c"))
def test_whatever_a_client_sends_is_no_login_and_no_error(sent: str) -> None:
    assert CognitoLogins(ISSUER, CLIENT, Pool()).of(Sealed(sent), NOW) is None


def test_a_token_larger_than_any_header_is_not_read() -> None:
    assert CognitoLogins(ISSUER, CLIENT, Pool()).of(Sealed(token(padding="x" * 9000)), NOW) is None


@pytest.mark.parametrize(
    ("issuer", "client"),
    [
        ("http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", CLIENT),
        ("https://evil.example/cognito-idp.eu-west-1.amazonaws.com/p", CLIENT),
        (ISSUER, ""),
        ("", CLIENT),
    ],
)
def test_a_pool_that_is_none_is_a_mistake_in_the_settings(issuer: str, client: str) -> None:
    with pytest.raises(ValueError, match="issuer"):
        CognitoLogins(issuer, client, Pool())


class Answers:
    """A client of Cognito's that answers, or fails, as told."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.given: list[dict[str, object]] = []

    def get_user(self, **request: object) -> object:
        self.given.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


REFUSED: Any = {"Error": {"Code": "NotAuthorizedException", "Message": "Access Token eyJ has been revoked"}}


@pytest.mark.parametrize("failure", [ClientError(REFUSED, "GetUser"), ConnectTimeoutError(endpoint_url="https://x")])
def test_a_pool_that_refuses_or_does_not_answer_confirms_nobody_and_quotes_nothing(failure: Exception) -> None:
    noted: list[str] = []
    cognito = Cognito("eu-west-1", noted.append, lambda region: Answers(failure))
    assert cognito(token()) == ""
    assert noted == [f"GetUser {type(failure).__name__}"]


def test_the_subject_is_the_pools_own_attribute() -> None:
    user = {"Username": "pat", "UserAttributes": [{"Name": "email", "Value": "x"}, {"Name": "sub", "Value": "s-1"}]}
    client = Answers(user)
    assert Cognito("eu-west-1", make=lambda region: client)("t") == "s-1"
    assert client.given == [{"AccessToken": "t"}]


def test_cognito_is_asked_without_credentials_and_for_no_longer_than_a_second() -> None:
    client = cognito_logins._client("eu-west-1")
    config = client.meta.config
    assert config.signature_version is UNSIGNED
    assert (config.connect_timeout, config.read_timeout) == (0.4, 0.8)
    assert config.retries["total_max_attempts"] == 1


def test_the_fake_knows_what_it_was_told_until_it_ends() -> None:
    logins = FakeLogins()
    login = Login("sub-of-pat", NOW)
    logins.know("t-1", login, NOW + 60)
    assert logins.of(Sealed("t-1"), NOW) == login
    assert logins.of(Sealed("t-1"), NOW + 60) is None
    assert logins.of(Sealed("t-2"), NOW) is None

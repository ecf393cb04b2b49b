"""Tokens at rest: sealed for one relay, and opened for no other."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws

from throughline.errors import StoreError, StoreUnavailable
from throughline.relay.kms_tokens import MOST_KEPT, KmsTokens

TOKEN = "a-participants-token"


class Asked:
    """KMS's client, and how often it was asked."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.fails: list[Exception] = []

    def __call__(self, service: str) -> Asked:
        assert service == "kms"
        return self

    def encrypt(self, **request: Any) -> Any:
        return self._asked("encrypt", request)

    def decrypt(self, **request: Any) -> Any:
        return self._asked("decrypt", request)

    def _asked(self, what: str, request: dict[str, Any]) -> Any:
        self.calls.append((what, request))
        if self.fails:
            raise self.fails.pop(0)
        return getattr(self.client, what)(**request)


@pytest.fixture(scope="module")
def kms() -> Iterator[tuple[Any, str]]:
    with mock_aws():
        client = boto3.client("kms", region_name="eu-west-1")
        yield client, client.create_key()["KeyMetadata"]["Arn"]


@pytest.fixture
def asked(kms: tuple[Any, str]) -> Asked:
    return Asked(kms[0])


@pytest.fixture
def tokens(kms: tuple[Any, str], asked: Asked) -> KmsTokens:
    return KmsTokens(kms[1], asked)


def another(kms: tuple[Any, str], asked: Asked) -> KmsTokens:
    """Another process."""
    return KmsTokens(kms[1], asked)


def test_what_was_sealed_is_opened_again_by_another_process(
    kms: tuple[Any, str], asked: Asked, tokens: KmsTokens
) -> None:
    sealed = tokens.seal(TOKEN, relay="r1")
    assert another(kms, asked).open(sealed, relay="r1") == TOKEN
    assert [request["KeyId"] for _, request in asked.calls] == [kms[1], kms[1]]
    assert all(request["EncryptionContext"] == {"relay": "r1"} for _, request in asked.calls)


def test_what_is_kept_shows_nothing_of_the_token(tokens: KmsTokens) -> None:
    sealed = tokens.seal(TOKEN, relay="r1")
    assert sealed.isascii() and TOKEN not in sealed
    assert b64encode(b64decode(sealed, validate=True)).decode() == sealed


def test_it_opens_for_no_other_relay(kms: tuple[Any, str], asked: Asked, tokens: KmsTokens) -> None:
    sealed = tokens.seal(TOKEN, relay="r1")
    for one in (tokens, another(kms, asked)):
        with pytest.raises(StoreError, match="not sealed for this relay"):
            one.open(sealed, relay="r2")


def test_a_process_asks_once_for_each_token(kms: tuple[Any, str], asked: Asked, tokens: KmsTokens) -> None:
    sealed = tokens.seal(TOKEN, relay="r1")
    assert tokens.open(sealed, relay="r1") == TOKEN
    fresh = another(kms, asked)
    assert {fresh.open(sealed, relay="r1") for _ in range(3)} == {TOKEN}
    assert [what for what, _ in asked.calls] == ["encrypt", "decrypt"]


def test_a_process_does_not_remember_without_end(tokens: KmsTokens) -> None:
    first = tokens.seal(TOKEN, relay="r")
    for number in range(MOST_KEPT):
        tokens.seal(TOKEN, relay=f"r{number}")
    assert len(tokens._opened) <= MOST_KEPT
    assert tokens.open(first, relay="r") == TOKEN


@pytest.mark.parametrize("sealed", ["", "no token", "äöü", b64encode(b"nobody sealed this").decode()])
def test_what_nobody_sealed_is_refused_and_not_quoted(tokens: KmsTokens, sealed: str) -> None:
    with pytest.raises(StoreError) as refused:
        tokens.open(sealed, relay="r1")
    assert not isinstance(refused.value, StoreUnavailable)
    assert not sealed or sealed not in str(refused.value)


@pytest.mark.parametrize(
    "failure",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": TOKEN}}, "Encrypt"),
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": TOKEN}}, "Encrypt"),
        ReadTimeoutError(endpoint_url="http://127.0.0.1"),
    ],
)
def test_a_key_that_does_not_answer_is_unavailable_and_its_words_are_not_told(
    asked: Asked, tokens: KmsTokens, failure: Exception
) -> None:
    asked.fails.append(failure)
    with pytest.raises(StoreUnavailable, match="check the key and the role") as refused:
        tokens.seal(TOKEN, relay="r1")
    assert TOKEN not in str(refused.value) and refused.value.__cause__ is None and refused.value.__context__ is None

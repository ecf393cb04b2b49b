"""Keys come from one secret, are read late and seldom, and never show."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from throughline.customers.keys import FixedKeys, KeyRing, parse_keys
from throughline.customers.secret_keys import LIFETIME, SecretKeys, fetch_secret
from throughline.errors import StoreError, StoreUnavailable

ROOT = "an invented root of 32 characters or more"


def secret(current: str = "k1", **roots: str) -> str:
    return json.dumps({"current": current, **(roots or {"k1": ROOT})})


class Secrets:
    """A secret that can be changed and made unreadable."""

    def __init__(self, text: str) -> None:
        self.text, self.reads, self.fails = text, 0, False

    def __call__(self, secret_id: str) -> str:
        self.reads += 1
        if self.fails:
            raise StoreUnavailable("down")
        assert secret_id == "the-secret"
        return self.text


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_keys_are_read_at_first_use_and_then_kept_for_an_hour() -> None:
    fetch, clock = Secrets(secret()), Clock()
    keys = SecretKeys("the-secret", fetch, clock)
    assert fetch.reads == 0
    assert list(keys.address_keys().keys) == ["k1"]
    clock.now = LIFETIME - 1
    assert keys.pointer_keys().current == "k1"
    assert fetch.reads == 1


def test_a_rotated_key_is_seen_after_the_hour() -> None:
    fetch, clock = Secrets(secret()), Clock()
    keys = SecretKeys("the-secret", fetch, clock)
    keys.address_keys()
    fetch.text, clock.now = secret("k2", k1=ROOT, k2=ROOT + "2"), LIFETIME
    assert keys.address_keys().names() == ("k2", "k1")


def test_kept_keys_serve_on_while_the_secret_can_not_be_read() -> None:
    fetch, clock = Secrets(secret()), Clock()
    keys = SecretKeys("the-secret", fetch, clock)
    keys.address_keys()
    fetch.fails, clock.now = True, LIFETIME
    assert keys.address_keys().current == "k1"
    assert keys.address_keys().current == "k1"
    assert fetch.reads == 2, "it must not be asked for at every turn"


def test_without_any_keys_the_store_is_unavailable() -> None:
    fetch = Secrets("")
    fetch.fails = True
    with pytest.raises(StoreUnavailable):
        SecretKeys("the-secret", fetch, Clock()).address_keys()


def test_the_secret_is_read_from_secrets_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        manager = boto3.client("secretsmanager", region_name="eu-west-1")
        manager.create_secret(Name="keys", SecretString=secret())
        assert SecretKeys("keys").address_keys().current == "k1"
        with pytest.raises(StoreUnavailable, match="ResourceNotFoundException"):
            fetch_secret("nowhere")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"current": 1}',
        '{"current": "k1", "k1": 5}',
        secret("absent"),
        secret("k1", k1="short"),
        secret("a name too long to be carried", **{"a name too long to be carried": ROOT}),
    ],
)
def test_a_malformed_secret_is_told_without_showing_it(text: str) -> None:
    with pytest.raises(StoreError) as error:
        parse_keys(text)
    assert ROOT not in str(error.value)


def test_addresses_and_pointers_have_different_keys_of_the_same_name() -> None:
    keys = parse_keys(secret())
    assert keys.address.keys["k1"] != keys.pointer.keys["k1"]


def test_what_the_stack_has_generated_is_read() -> None:
    assert parse_keys('{"current":"1","1":"' + "x" * 64 + '"}').address.current == "1"


def test_a_ring_never_prints_its_keys() -> None:
    ring = KeyRing("k1", {"k1": b"sixteen bytes or more of key"})
    assert "sixteen" not in f"{ring!r} {FixedKeys(ring, ring)!r}"

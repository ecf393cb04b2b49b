"""Opening what an instance encrypts, with a key of the tests' own."""

from __future__ import annotations

import base64
import json
import logging
from functools import cache
from typing import Any

import pytest

from throughline.captures.connect_vault import LARGEST, ConnectVault
from throughline.captures.vault import NotOpened
from throughline.errors import StoreUnavailable

PAN = "4111111111111111"


@cache
def pair(number: int) -> tuple[str, bytes]:
    """A private key in PEM and its public one; each number is another pair."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@cache
def encrypted(text: str, number: int = 1, provider: str = "AmazonConnect") -> str:
    """As Connect does it."""
    import aws_encryption_sdk as sdk  # type: ignore[import-untyped]
    from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy, EncryptionKeyType, WrappingAlgorithm  # type: ignore[import-untyped]
    from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey  # type: ignore[import-untyped]
    from aws_encryption_sdk.key_providers.raw import RawMasterKey  # type: ignore[import-untyped]

    wrapping = WrappingKey(
        wrapping_algorithm=WrappingAlgorithm.RSA_OAEP_SHA512_MGF1,
        wrapping_key=pair(number)[1],
        wrapping_key_type=EncryptionKeyType.PUBLIC,
    )
    client: Any = sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
    message, _ = client.encrypt(
        source=text.encode(),
        key_provider=RawMasterKey(provider_id=provider, key_id="any-id", wrapping_key=wrapping),
        algorithm=Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384,
    )
    return base64.b64encode(message).decode()


class Secret:
    """The secret's text, and how often it was read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.read = 0
        self.away = False

    def __call__(self, secret_id: str) -> str:
        self.read += 1
        if self.away:
            raise StoreUnavailable("away")
        return self.text


def test_what_the_instance_encrypted_is_opened_and_stays_sealed() -> None:
    opened = ConnectVault("key", Secret(pair(1)[0])).open(encrypted(PAN))
    assert opened.reveal() == PAN and PAN not in repr(opened)


def test_while_two_keys_are_in_use_either_opens() -> None:
    vault = ConnectVault("key", Secret(json.dumps({"keys": [pair(2)[0], pair(1)[0]]})))
    assert vault.open(encrypted(PAN)).reveal() == PAN
    assert vault.open(encrypted("7306", 2)).reveal() == "7306"


@pytest.mark.parametrize(
    "bad",
    [
        PAN,
        "",
        "not base64!",
        "A" * (LARGEST + 1),
        base64.b64encode(b"x" * 300).decode(),
        pytest.param("other key", id="of-another-key"),
        pytest.param("other provider", id="of-another-provider"),
        pytest.param("too long", id="longer-than-any-keys"),
        pytest.param("cut", id="cut-off"),
        pytest.param("changed", id="changed"),
    ],
)
def test_anything_else_is_not_opened_and_nothing_of_it_is_told(bad: str, caplog: pytest.LogCaptureFixture) -> None:
    made = {
        "other key": lambda: encrypted(PAN, 2),
        "other provider": lambda: encrypted(PAN, 1, "Somebody"),
        "too long": lambda: encrypted(PAN * 3),
        "cut": lambda: encrypted(PAN)[:400],
        "changed": lambda: encrypted(PAN)[:-8] + "AAAAAAA=",
    }
    caplog.set_level(logging.DEBUG)
    bad = made[bad]() if bad in made else bad
    caplog.clear()
    with pytest.raises(NotOpened) as told:
        ConnectVault("key", Secret(pair(1)[0])).open(bad)
    assert "4111" not in str(told.value) and told.value.__cause__ is None
    # Other threads of the test run may log their own calls meanwhile.
    assert not [one for one in caplog.records if not one.name.startswith(("botocore", "urllib3", "werkzeug"))]


def test_the_key_is_read_once_an_hour_and_serves_on_while_it_cannot_be_read() -> None:
    now, secret = [0.0], Secret(pair(1)[0])
    vault = ConnectVault("key", secret, clock=lambda: now[0])
    vault.open(encrypted(PAN))
    vault.open(encrypted(PAN))
    assert secret.read == 1
    now[0], secret.away = 3601.0, True
    assert vault.open(encrypted(PAN)).reveal() == PAN
    assert secret.read == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"keys": []}',
        '{"keys": [1]}',
        "{broken",
        "no key",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    ],
)
def test_a_secret_without_a_key_is_a_fault_of_ours(text: str) -> None:
    with pytest.raises(StoreUnavailable):
        ConnectVault("key", Secret(text)).open(encrypted(PAN))

"""Opens keys as Amazon Connect encrypts them, with a private key from AWS Secrets Manager.

A "Store customer input" block encrypts with the public key that was given to the instance: a message of the AWS
Encryption SDK under the raw RSA provider `AmazonConnect`, RSA with OAEP, SHA-512 and MGF1, in base64 (Amazon Connect
Administrator Guide, "Encrypt sensitive customer input"). The message is of a suite without key commitment.

The secret's text is a private key in PEM, or JSON `{"keys": [PEM, …]}` while two are in use, newest first: an instance
takes two at once. The library is imported with the first message, so only the one function that opens any has it.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from throughline.captures.vault import NotOpened
from throughline.customers.secret_keys import LIFETIME, FetchSecret, fetch_secret
from throughline.errors import StoreUnavailable
from throughline.privacy.sealed import Sealed

if TYPE_CHECKING:
    from collections.abc import Sequence

PROVIDER: Final = "AmazonConnect"
LARGEST: Final = 16_384
"""Characters of a ciphertext: one of RSA-4096 has some 1,500."""
MOST_KEYS: Final = 40
"""Characters of what was keyed: longer than any number that is asked for."""


class ConnectVault:
    """Opens messages with the private keys of one secret, which is kept for an hour."""

    def __init__(
        self,
        secret_id: str,
        fetch: FetchSecret = fetch_secret,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`secret_id` is the secret's ARN or name; nothing is read yet."""
        self._secret_id = secret_id
        self._fetch = fetch
        self._clock = clock
        self._kept: tuple[Any, ...] = ()
        self._stale_at = 0.0

    def open(self, ciphertext: str) -> Sealed:
        """See `Vault.open`."""
        if len(ciphertext) > LARGEST:
            raise NotOpened("what was captured is too long to be a message")
        try:
            message = base64.b64decode(ciphertext, validate=True)
        except (binascii.Error, ValueError):
            raise NotOpened("what was captured is not base64: does the flow encrypt it?") from None
        for provider in self._providers():
            opened = _opened(message, provider)
            if opened is not None:
                return opened
        raise NotOpened("no private key opens what was captured: is the instance's certificate of this key?")

    def _providers(self) -> tuple[Any, ...]:
        now = self._clock()
        if self._kept and now < self._stale_at:
            return self._kept
        try:
            self._kept = tuple(_usable(key) for key in _parsed(self._fetch(self._secret_id)))
            self._stale_at = now + LIFETIME
        except StoreUnavailable:
            if not self._kept:
                raise
            self._stale_at = now + LIFETIME / 60
        return self._kept


def _parsed(text: str) -> tuple[bytes, ...]:
    """The keys in the secret's text. Raises StoreUnavailable, which holds nothing of it."""
    if text.lstrip().startswith("{"):
        try:
            found = json.loads(text)["keys"]
        except (ValueError, KeyError, TypeError):
            found = None
    else:
        found = [text]
    keys = tuple(one.encode() for one in found if isinstance(one, str)) if isinstance(found, list) else ()
    if not keys or any(b"PRIVATE KEY-----" not in key for key in keys):
        raise StoreUnavailable("the capture key's secret holds no private key in PEM: make one with capture-key")
    return keys


def _usable(key: bytes) -> Any:
    try:
        return _provider(key)
    except ValueError:
        raise StoreUnavailable("the capture key's secret holds a damaged private key: make one anew") from None


def _opened(message: bytes, provider: Any) -> Sealed | None:
    """What the message holds; None if this key doesn't open it. The library's errors may quote: none leaves."""
    import aws_encryption_sdk as sdk  # type: ignore[import-untyped]
    from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError  # type: ignore[import-untyped]
    from aws_encryption_sdk.identifiers import CommitmentPolicy  # type: ignore[import-untyped]
    from cryptography.exceptions import InvalidSignature, InvalidTag

    quiet = logging.getLogger("aws_encryption_sdk")  # it tells of what it could not open, piece by piece
    quiet.propagate = False
    quiet.handlers = [logging.NullHandler()]
    policy = CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT
    client = sdk.EncryptionSDKClient(commitment_policy=policy, max_encrypted_data_keys=1)
    try:
        plain, _ = client.decrypt(source=message, key_provider=provider)
        text = plain.decode("ascii")
    except (AWSEncryptionSDKClientError, InvalidSignature, InvalidTag, ValueError, TypeError, LookupError):
        return None
    return Sealed(text) if len(text) <= MOST_KEYS else None


def _provider(key: bytes) -> Any:
    """A provider that tries the key whatever id the instance gave its certificate."""
    from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
    from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey  # type: ignore[import-untyped]
    from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider  # type: ignore[import-untyped]

    # Reading a key takes a good part of a second, so it is read once.
    wrapping = WrappingKey(
        wrapping_algorithm=WrappingAlgorithm.RSA_OAEP_SHA512_MGF1,
        wrapping_key=key,
        wrapping_key_type=EncryptionKeyType.PRIVATE,
    )

    class Provider(RawMasterKeyProvider):  # type: ignore[misc]  # the library has no types
        provider_id = PROVIDER
        vend_masterkey_on_decrypt = True

        def _get_raw_key(self, key_id: Sequence[int]) -> Any:
            return wrapping

    return Provider()

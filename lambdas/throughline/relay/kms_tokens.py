"""Tokens encrypted by AWS KMS, under the customers' key and bound to their relay by the encryption context."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any, Final

from throughline.errors import StoreError, StoreUnavailable
from throughline.outbound.carriers import failure
from throughline.relay.connect_chats import client

MOST_KEPT: Final = 200
"""Tokens that a process remembers once it has opened them."""


class KmsTokens:
    """Encrypts under one key."""

    def __init__(self, key: str, make: Callable[[str], Any] = client) -> None:
        """`key` is the key's ARN; the client is made at first use."""
        self._key = key
        self._make = make
        self._made: Any = None
        self._opened: dict[tuple[str, str], str] = {}

    def seal(self, text: str, *, relay: str) -> str:
        """See `Tokens.seal`."""
        answer = self._ask("encrypt", relay, Plaintext=text.encode())
        sealed = b64encode(answer["CiphertextBlob"]).decode()
        self._remember(relay, sealed, text)
        return sealed

    def open(self, sealed: str, *, relay: str) -> str:
        """See `Tokens.open`."""
        known = self._opened.get((relay, sealed))
        if known is not None:
            return known
        try:
            blob = b64decode(sealed, validate=True)
        except ValueError:
            raise StoreError("what is kept is no sealed token") from None
        answer = self._ask("decrypt", relay, CiphertextBlob=blob)
        text = bytes(answer["Plaintext"]).decode()
        self._remember(relay, sealed, text)
        return text

    def _remember(self, relay: str, sealed: str, text: str) -> None:
        if len(self._opened) >= MOST_KEPT:
            self._opened.clear()
        self._opened[relay, sealed] = text

    def _ask(self, what: str, relay: str, **request: Any) -> Any:
        if self._made is None:
            self._made = self._make("kms")
        try:
            return getattr(self._made, what)(KeyId=self._key, EncryptionContext={"relay": relay}, **request)
        except Exception as error:
            reason = failure(error)
            if not reason:
                raise
        if reason in ("InvalidCiphertextException", "IncorrectKeyException"):
            raise StoreError("a token was not sealed for this relay")
        raise StoreUnavailable(f"a token could not be sealed or opened ({reason}): check the key and the role")

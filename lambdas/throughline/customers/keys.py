"""The secret keys of the customer store, several of each at once so that they can be rotated.

How to rotate: add the new key beside the current one; wait until every function has read the secret
again (`secret_keys.LIFETIME`); make the new one current; remove the old one when nothing is kept
under it any more (pointers: after their lifetime; addresses: after the links' lifetime, since each
link is kept anew under the current key the next time its address is heard from; codes: after minutes).
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from throughline.errors import StoreError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,16}\Z")
_LEAST_BYTES = 16
_SHORTEST_ROOT = 32


def text_of(digest: bytes) -> str:
    """Bytes as URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """Keys for one purpose, by name."""

    current: str
    """Name of the key that new things are made with."""
    keys: Mapping[str, bytes]
    """Every accepted key; a name is 1 to 16 of [A-Za-z0-9_-], a key at least 16 bytes."""

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise StoreError(f"the current key {self.current!r} is not among the keys: mend the secret")
        for name, key in self.keys.items():
            if not _NAME.match(name):
                raise StoreError(f"key name {name!r}: use 1 to 16 letters, digits, _ or -")
            if len(key) < _LEAST_BYTES:
                raise StoreError(f"key {name!r} is shorter than {_LEAST_BYTES} bytes: make a longer one")

    def __repr__(self) -> str:
        return f"KeyRing({self.current!r} of {sorted(self.keys)})"

    def names(self) -> tuple[str, ...]:
        """All key names, the current one first."""
        return (self.current, *(name for name in sorted(self.keys) if name != self.current))


class Keys(Protocol):
    """Where the keys come from."""

    def address_keys(self) -> KeyRing:
        """Keys that addresses and guests' sessions are hashed with."""

    def pointer_keys(self) -> KeyRing:
        """Keys that pointers are signed with."""

    def code_keys(self) -> KeyRing:
        """Keys that one-time codes, and what their allowances count by, are hashed with."""


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """Keys given outright: for tests and for the rehearsal."""

    address: KeyRing
    """Keys for addresses."""
    pointer: KeyRing
    """Keys for pointers."""
    code: KeyRing | None = None
    """Keys for one-time codes; None: derived from those for pointers."""

    def address_keys(self) -> KeyRing:
        """Keys that addresses and guests' sessions are hashed with."""
        return self.address

    def pointer_keys(self) -> KeyRing:
        """Keys that pointers are signed with."""
        return self.pointer

    def code_keys(self) -> KeyRing:
        """Keys that one-time codes, and what their allowances count by, are hashed with."""
        if self.code is not None:
            return self.code
        return KeyRing(self.pointer.current, {name: _derived(key, "code") for name, key in self.pointer.keys.items()})


def parse_keys(secret: str) -> FixedKeys:
    """All rings from the secret's JSON text, as the stack has it generated: `{"current": name, name: root, …}`.

    A root is a text of at least 32 characters; the address, pointer and code keys of its name are derived
    from it, so that one random value is all that there is to generate, rotate and guard.

    Raises StoreError where it is not so; the message never holds any of the secret.
    """
    try:
        document = json.loads(secret)
        current = document.pop("current")
        roots = {name: root.encode() for name, root in document.items() if len(root) >= _SHORTEST_ROOT}
        if not isinstance(current, str) or len(roots) != len(document):
            raise TypeError
        return FixedKeys(
            address=KeyRing(current, {name: _derived(root, "address") for name, root in roots.items()}),
            pointer=KeyRing(current, {name: _derived(root, "pointer") for name, root in roots.items()}),
            code=KeyRing(current, {name: _derived(root, "code") for name, root in roots.items()}),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise StoreError(
            f'the keys\' secret is not of the form {{"current": name, name: root of at least {_SHORTEST_ROOT} '
            f"characters}}: {type(problem).__name__}"
        ) from None


def _derived(root: bytes, purpose: str) -> bytes:
    return hmac.digest(root, f"throughline {purpose}".encode(), "sha256")

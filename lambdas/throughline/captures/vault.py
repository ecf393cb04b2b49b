"""The port by which captured keys are opened, and a fake of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from throughline.errors import ThroughlineError
from throughline.privacy.sealed import Sealed


class NotOpened(ThroughlineError):
    """What was captured can't be opened: not encrypted for us, or damaged. Holds nothing of it."""


class Vault(Protocol):
    """Opens what the contact flow encrypted."""

    def open(self, ciphertext: str) -> Sealed:
        """The keys that were pressed. Raises NotOpened, and StoreUnavailable if the private key can't be had."""


class FakeVault:
    """Opens what it was told to; `broken` is raised instead, if set."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known`: ciphertext to the keys that it stands for."""
        self._known = known
        self.broken: Exception | None = None

    def open(self, ciphertext: str) -> Sealed:
        """See `Vault.open`."""
        if self.broken is not None:
            raise self.broken
        if ciphertext not in self._known:
            raise NotOpened("the fake was not told what this stands for")
        return Sealed(self._known[ciphertext])

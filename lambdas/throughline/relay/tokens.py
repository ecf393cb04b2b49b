"""The port by which tokens are kept encrypted: who reads the table can't speak in a chat."""

from __future__ import annotations

from typing import Protocol


class Tokens(Protocol):
    """Encrypts for one relay. Raises StoreUnavailable; StoreError if a text isn't one that it sealed for that relay."""

    def seal(self, text: str, *, relay: str) -> str:
        """The ciphertext, as text."""

    def open(self, sealed: str, *, relay: str) -> str:
        """What was sealed for that relay."""

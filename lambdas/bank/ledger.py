"""Where the stand-in keeps its customers: one versioned document each, changed by compare-and-set."""

from __future__ import annotations

from threading import Lock
from typing import Protocol


class Ledger(Protocol):
    """A store that several processes may share."""

    def read(self, customer: str) -> tuple[str, int] | None:
        """The customer's document (JSON text) and its version, counted from 1; None if there is none yet.

        Must be consistent: it sees every write that returned True before it was called.
        """
        ...

    def write(self, customer: str, document: str, expected_version: int) -> bool:
        """Store `document` as version `expected_version + 1` if the version is still the expected one.

        0 is expected for the first write. False means that somebody else was faster and nothing was stored.
        """
        ...


class MemoryLedger:
    """A ledger within one process; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._documents: dict[str, tuple[str, int]] = {}

    def read(self, customer: str) -> tuple[str, int] | None:
        """The document and its version, or None."""
        with self._lock:
            return self._documents.get(customer)

    def write(self, customer: str, document: str, expected_version: int) -> bool:
        """Compare and set; see `Ledger.write`."""
        with self._lock:
            _, version = self._documents.get(customer, ("", 0))
            if version != expected_version:
                return False
            self._documents[customer] = (document, version + 1)
            return True

"""The trail of every access to personal data: append only, and without personal data of a customer.

An entry is written before anything is told; if it can't be written, nothing is told.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from throughline.privacy.masking import mask
from throughline.records.erasing import Erased

LONGEST_WHY: Final = 300
_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+|\+?[0-9][0-9\s().-]{5,}[0-9]")
"""An e-mail address, or digits enough for a telephone number."""
SYSTEM: Final = "system"
"""Who finishes an erasure that a customer or an operator asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail."""

    at: float
    """Epoch seconds."""
    id: str
    person: str
    team: str
    act: str
    customer: str
    """Pseudonymous id; empty if it was about nobody in particular."""
    why: str
    """In the person's words, masked and without addresses; a name would stay, so none is asked for."""
    outcome: str
    """"begun" before it is done; then how it ended, in an entry of its own with the same id."""

    @property
    def day(self) -> str:
        """The partition: yyyy-mm-dd, in UTC."""
        return datetime.fromtimestamp(self.at, UTC).date().isoformat()

    @property
    def sort(self) -> str:
        """The sort key: time, id and outcome's kind."""
        return f"{_moment(self.at)}#{self.id}#{'begun' if self.outcome == 'begun' else 'ended'}"


class Audit(Protocol):
    """Keeps the trail. All may raise StoreError."""

    def append(self, entry: Entry) -> None:
        """Add the entry; one that is there already stays as it is."""

    def on(self, day: str) -> Iterator[Entry]:
        """The entries of a day (yyyy-mm-dd), in order."""


def new_id() -> str:
    """An id for one act."""
    return secrets.token_urlsafe(12)


def reason(why: object) -> str:
    """A reason as it is kept: one line, masked, without addresses, not too long; "" if none was given."""
    text = " ".join(why.split()) if isinstance(why, str) else ""
    return without_addresses(mask(text).text)[:LONGEST_WHY]


def without_addresses(text: str) -> str:
    """The same without e-mail addresses and without digits enough for a telephone number."""
    return _ADDRESS.sub("[address]", text)


def of_erasure(erased: Erased) -> Entry:
    """The entry of a finished erasure: at the time it was asked for, so that telling it again changes nothing.

    A replay after a restore is told as often as it is done. It names the erasure and nobody: whose it was, only the
    tombstone knows, for as long as a backup could bring them back.
    """
    outcome = f"erased at {_moment(erased.done)}: {erased.links} links, at least {erased.items} items"
    if erased.left:
        outcome = f"{erased.left} of {erased.links} links left for a person to look at"
    at, act = (erased.done, "replay-tombstones") if erased.again else (erased.asked, "erase")
    return Entry(at, erased.id, SYSTEM, SYSTEM, act, "", f"asked by {erased.by}", outcome)


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


class MemoryAudit:
    """A trail for tests."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}

    def append(self, entry: Entry) -> None:
        """See `Audit.append`."""
        self.entries.setdefault((entry.day, entry.sort), entry)

    def on(self, day: str) -> Iterator[Entry]:
        """See `Audit.on`."""
        yield from (entry for (of, _), entry in sorted(self.entries.items()) if of == day)

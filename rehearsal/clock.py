"""The rehearsal's time: the laptop's, moved on as far as somebody asked, so that an hour needn't be waited for."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from threading import Lock


class Clock:
    """Epoch seconds; can be moved on, never back."""

    def __init__(self, ahead: float = 0.0) -> None:
        self._ahead = ahead
        self._lock = Lock()

    def __call__(self) -> float:
        """The rehearsal's now."""
        return time.time() + self._ahead

    def today(self) -> date:
        """The rehearsal's day, in UTC as the dialogue's date bounds are."""
        return datetime.fromtimestamp(self(), UTC).date()

    @property
    def ahead(self) -> float:
        """Seconds ahead of the laptop."""
        return self._ahead

    def pass_(self, seconds: float) -> None:
        """Let time pass. Raises ValueError for a negative span."""
        if seconds < 0:
            raise ValueError("time only passes forwards: give seconds from 0")
        with self._lock:
            self._ahead += seconds

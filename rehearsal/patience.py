"""A telephone's patience: its time stands still while it is somebody's turn who has to type what others would say.

A flow gives its caller some seconds to speak, and whoever reads and types takes longer. So the laptop's seconds don't
count while the page's caller is waited for; time that is passed on purpose does, and a silence is asked for by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock


class PatientClock:
    """Another clock's epoch seconds, without those that went by while it waited. Safe for threads."""

    def __init__(self, clock: Callable[[], float], laptop: Callable[[], float] = time.monotonic) -> None:
        """`laptop` counts the seconds that go by themselves."""
        self._clock, self._laptop = clock, laptop
        self._lost, self._told = 0.0, 0.0
        self._since: float | None = None
        self._lock = Lock()

    def __call__(self) -> float:
        """Now, for the telephone."""
        with self._lock:
            waits = 0.0 if self._since is None else self._laptop() - self._since
            # The two clocks differ by microseconds, and time never goes back.
            self._told = max(self._told, self._clock() - self._lost - waits)
            return self._told

    def wait(self, waits: bool) -> None:
        """Stand still from now on, or go on."""
        with self._lock:
            now = self._laptop()
            if self._since is not None:
                self._lost += now - self._since
            self._since = now if waits else None

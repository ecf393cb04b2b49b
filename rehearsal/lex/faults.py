"""Faults that a rehearsal asks for: throttling, failures and latency in front of every operation."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable

from rehearsal.lex.errors import LexError, Throttled


class Faults:
    """What goes wrong next. All settings may change while requests are served; none is set at first."""

    def __init__(
        self,
        *,
        seed: int = 0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.throttle_rate = 0.0
        """Share of requests that are throttled, 0 to 1."""
        self.requests_per_second: int | None = None
        """Requests in any one second; further ones are throttled. None for no quota."""
        self.latency_seconds = 0.0
        """Waited before each request."""
        self._random = random.Random(seed)
        self._clock = clock
        self._sleep = sleep
        self._queue: deque[LexError] = deque()
        self._recent: deque[float] = deque()
        self._lock = threading.Lock()

    def fail_next(self, error: LexError, times: int = 1) -> None:
        """Answers the next `times` requests with `error`."""
        with self._lock:
            self._queue.extend([error] * times)

    def before(self) -> None:
        """Waits and raises as set; called once a request."""
        if self.latency_seconds:
            self._sleep(self.latency_seconds)
        with self._lock:
            if self._queue:
                raise self._queue.popleft()
            if self._random.random() < self.throttle_rate or self._exhausted():
                raise Throttled("Rate exceeded")

    def _exhausted(self) -> bool:
        if self.requests_per_second is None:
            return False
        now = self._clock()
        while self._recent and now - self._recent[0] >= 1.0:
            self._recent.popleft()
        if len(self._recent) >= self.requests_per_second:
            return True
        self._recent.append(now)
        return False

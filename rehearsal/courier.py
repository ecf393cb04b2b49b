"""Asynchronous invocations, as Lambda makes them for a topic and for a rule: in the background, and tried again.

Two more tries after an error (Lambda developer guide, "How Lambda handles errors and retries with asynchronous
invocation"); after a short pause each, since nobody rehearses to wait.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Condition, Thread
from typing import Final

from rehearsal.functions import FunctionFailed
from rehearsal.permissions.invocations import NotInvoked

TRIES: Final = 3
PAUSE: Final = 0.3
"""Seconds before the next try; Lambda waits a minute, then two."""
MOMENT: Final = 0.05
"""Seconds between two looks at what else there is to do."""
AT_ONCE: Final = 4
KEPT: Final = 100


@dataclass(frozen=True, slots=True)
class Parcel:
    """An event on its way to a function."""

    function: str
    """Its logical id."""
    event: Mapping[str, object]
    check: Callable[[], None]
    """Raises NotInvoked where the function may not be called for that source."""
    tries: int = TRIES


@dataclass(order=True, slots=True)
class _Due:
    at: float
    number: int
    parcel: Parcel = field(compare=False)


class Courier:
    """Brings parcels from threads of its own, while its `with` block lasts."""

    def __init__(
        self,
        invoke: Callable[[str, object], object],
        *,
        beside: Callable[[], None] = lambda: None,
        pause: float = PAUSE,
    ) -> None:
        """`invoke` runs a function, and raises FunctionFailed; `beside` is done every MOMENT, too."""
        self.failed: deque[str] = deque(maxlen=KEPT)
        self.delivered = 0
        self._invoke, self._beside, self._pause = invoke, beside, pause
        self._due: list[_Due] = []
        self._numbers = count()
        self._under_way = 0
        self._changed = Condition()
        self._closed = False
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="courier")
        self._thread = Thread(target=self._run, daemon=True)

    def send(self, parcel: Parcel, *, after: float = 0.0) -> None:
        """Bring it, so many seconds from now."""
        with self._changed:
            heapq.heappush(self._due, _Due(time.monotonic() + after, next(self._numbers), parcel))
            self._changed.notify_all()

    @property
    def idle(self) -> bool:
        """Whether there is nothing to bring."""
        with self._changed:
            return not self._due and not self._under_way

    def __enter__(self) -> Courier:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while True:
            self._beside()
            with self._changed:
                if self._closed:
                    return
                wait = min(MOMENT, self._due[0].at - time.monotonic()) if self._due else MOMENT
                if wait > 0:
                    self._changed.wait(wait)
                while self._due and self._due[0].at <= time.monotonic() and not self._closed:
                    self._under_way += 1
                    self._pool.submit(self._bring, heapq.heappop(self._due).parcel)

    def _bring(self, parcel: Parcel) -> None:
        again: Parcel | None = None
        try:
            parcel.check()
            self._invoke(parcel.function, parcel.event)
        except NotInvoked as denied:
            self.failed.append(str(denied))
        except FunctionFailed as failed:
            if parcel.tries > 1:
                again = Parcel(parcel.function, parcel.event, parcel.check, parcel.tries - 1)
            else:
                self.failed.append(f"{parcel.function}, {TRIES} times: {failed}")
        finally:
            if again is not None:
                self.send(again, after=self._pause)
            with self._changed:
                self._under_way -= 1
                self.delivered += again is None
                self._changed.notify_all()

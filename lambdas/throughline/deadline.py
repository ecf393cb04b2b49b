"""Work that gets so many seconds and no more, on a thread of its own.

Leaner than an executor, whose futures take a tenth of a turn's CPU: a thread waits, is handed one thing to do,
and waits again. One that overruns is left to its end and never used again.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")
_Inbox = SimpleQueue[tuple[Callable[[], object], SimpleQueue[tuple[object, BaseException | None]]] | None]


class TookTooLong(Exception):
    """The work was not done in time; whether it will be is unknown."""


class GaveUp(Exception):
    """The work raised what ends a process (SystemExit): it ends the work alone, for a customer is waiting."""


class Deadline(Generic[_Given, _Made]):
    """Runs work for any number of threads at once, each with seconds of its own."""

    def __init__(self) -> None:
        self._idle: list[_Worker] = []

    def run(self, todo: Callable[[_Given], _Made], given: _Given, seconds: float) -> _Made:
        """What `todo(given)` returns. Raises TookTooLong, GaveUp, or whatever it raises."""
        try:
            worker = self._idle.pop()
        except IndexError:
            worker = _Worker()
        made: _Made = worker.run(lambda: todo(given), seconds, self._idle.append)  # type: ignore[assignment]
        return made


class _Worker:
    """One thread; it ends once nobody holds the worker and its work is done."""

    def __init__(self) -> None:
        self._inbox: _Inbox = SimpleQueue()
        weakref.finalize(self, self._inbox.put, None)
        Thread(target=_serve, args=(self._inbox,), name="deadline", daemon=True).start()

    def run(self, todo: Callable[[], object], seconds: float, done: Callable[[_Worker], None]) -> object:
        outbox: SimpleQueue[tuple[object, BaseException | None]] = SimpleQueue()
        self._inbox.put((todo, outbox))
        try:
            made, error = outbox.get(timeout=seconds)
        except Empty:
            raise TookTooLong(f"not done within {seconds:.2f} s") from None
        done(self)
        if error is not None:
            raise GaveUp("it would have ended the process") if isinstance(error, SystemExit) else error
        return made


def _serve(inbox: _Inbox) -> None:
    while (work := inbox.get()) is not None:
        todo, outbox = work
        try:
            outbox.put((todo(), None))
        except BaseException as error:  # noqa: BLE001 - it is told where the work was asked for
            outbox.put((None, error))
        del work, todo, outbox  # or the last work's values would be kept until the next comes

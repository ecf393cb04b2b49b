"""Work with so many seconds and no more."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from throughline.deadline import Deadline, GaveUp, TookTooLong


def test_what_the_work_gives_comes_back() -> None:
    assert Deadline[int, int]().run(lambda n: n + 1, 41, 5.0) == 42


def test_what_the_work_raises_is_raised_here() -> None:
    def broken(_: int) -> int:
        raise LookupError("gone")

    deadline = Deadline[int, int]()
    with pytest.raises(LookupError, match="gone"):
        deadline.run(broken, 1, 5.0)
    assert deadline.run(abs, -2, 5.0) == 2


def test_work_that_would_end_the_process_ends_itself_alone() -> None:
    def ending(_: int) -> int:
        raise SystemExit(1)

    deadline = Deadline[int, int]()
    with pytest.raises(GaveUp):
        deadline.run(ending, 1, 5.0)
    assert deadline.run(abs, -2, 5.0) == 2


def test_an_overrun_is_left_alone_and_takes_nobody_with_it() -> None:
    release, done = threading.Event(), threading.Event()

    def hang(_: int) -> int:
        release.wait(10)
        done.set()
        return 1

    deadline = Deadline[int, int]()
    with pytest.raises(TookTooLong):
        deadline.run(hang, 1, 0.02)
    assert deadline.run(abs, -2, 5.0) == 2, "a late answer of the former work is never taken for this one's"
    release.set()
    assert done.wait(5)


def test_many_at_once_get_their_own() -> None:
    deadline = Deadline[int, int]()

    def slowly(n: int) -> int:
        time.sleep(0.01)
        return n * n

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda n: deadline.run(slowly, n, 10.0), range(60))) == [n * n for n in range(60)]


def test_its_threads_end_with_it() -> None:
    deadline = Deadline[int, int]()
    deadline.run(abs, 1, 5.0)
    before = {t for t in threading.enumerate() if t.name == "deadline"}
    del deadline
    gc.collect()
    until = time.monotonic() + 5
    while time.monotonic() < until and {t for t in before if t.is_alive()} == before:
        time.sleep(0.01)
    assert {t for t in before if t.is_alive()} < before

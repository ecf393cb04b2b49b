"""The rehearsed Lambda service: each function's handler in processes of its own, with its own environment.

As in Lambda, a function that is busy gets another instance, up to a limit; one that overruns its timeout or its
memory is ended and the next call starts a fresh one; what a handler prints is its log, and each invocation ends
with a report there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from select import select
from threading import BoundedSemaphore, Lock, Thread
from typing import Any

from rehearsal.assembly import FunctionSpec

ROOT = Path(__file__).resolve().parent.parent
INSTANCES = 4
"""The most instances of one function at once: more would only share the same two cores."""
START_SECONDS = 30.0
KEPT_LOG_LINES = 500
TIMED_OUT = "Sandbox.Timedout"


class FunctionFailed(Exception):
    """The handler raised, overran its timeout or could not start; `type` is what Lambda would report."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.type = kind


class Functions:
    """Invokes the functions by their logical ids. A context manager: leaving it ends every process."""

    def __init__(
        self,
        specs: Sequence[FunctionSpec],
        environment: Mapping[str, str],
        *,
        ahead: Callable[[], float] = lambda: 0.0,
        instances: int = INSTANCES,
        heed: Callable[[str], None] = lambda line: None,
    ) -> None:
        """`environment` is what the Lambda service itself adds: region, credentials, endpoints.

        `heed` is told each line of the log, from whichever thread it comes.
        """
        self.logs: deque[str] = deque(maxlen=KEPT_LOG_LINES)
        self._specs = {spec.logical_id: spec for spec in specs}
        self._environment = environment
        self._ahead = ahead
        self._heed = heed
        self._idle: dict[str, list[_Instance]] = {spec.logical_id: [] for spec in specs}
        self._room = {spec.logical_id: BoundedSemaphore(instances) for spec in specs}
        self._lock = Lock()
        self._closed = False

    def warm(self) -> None:
        """Start one instance of each function and wait until all are ready."""
        starting = [(logical_id, self._start(spec)) for logical_id, spec in self._specs.items()]
        for logical_id, instance in starting:
            instance.wait_until_ready()
            self._idle[logical_id].append(instance)

    def invoke(self, logical_id: str, event: object, *, seconds: float | None = None) -> Any:  # a handler answers JSON
        """The handler's answer to `event`, within its own time-out or these seconds.

        Raises FunctionFailed; KeyError for an unknown function.
        """
        spec = self._specs[logical_id]
        with self._instance(spec) as instance:
            request, started, status = str(uuid.uuid4()), time.perf_counter(), "error"
            try:
                answer = instance.invoke(event, request=request, ahead=self._ahead(), seconds=seconds or spec.seconds)
                status = "success"
                return answer
            except FunctionFailed as failed:
                status = "timeout" if failed.type == TIMED_OUT else "error"
                raise
            finally:
                self._log(instance.report(request, status, time.perf_counter() - started))

    def _log(self, line: str) -> None:
        self.logs.append(line)
        self._heed(line)

    def close(self) -> None:
        """End every process that was started here."""
        with self._lock:
            self._closed = True
            instances = [instance for idle in self._idle.values() for instance in idle]
            for idle in self._idle.values():
                idle.clear()
        for instance in instances:
            instance.end()

    def __enter__(self) -> Functions:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _instance(self, spec: FunctionSpec) -> Iterator[_Instance]:
        with self._room[spec.logical_id]:
            with self._lock:
                idle = self._idle[spec.logical_id]
                instance = idle.pop() if idle else None
            if instance is None:
                instance = self._start(spec)
                instance.wait_until_ready()
            try:
                yield instance
            finally:
                with self._lock:
                    keep = instance.alive and not self._closed
                    if keep:
                        self._idle[spec.logical_id].append(instance)
                if not keep:
                    instance.end()

    def _start(self, spec: FunctionSpec) -> _Instance:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        environment = {
            **inherited,
            **self._environment,
            "AWS_LAMBDA_FUNCTION_NAME": spec.logical_id,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.megabytes),
            "PYTHONPATH": os.pathsep.join((str(ROOT / "lambdas"), str(ROOT))),
            **spec.environment,
        }
        return _Instance(spec, environment, self._log)


class _Instance:
    def __init__(self, spec: FunctionSpec, environment: Mapping[str, str], log: Callable[[str], None]) -> None:
        read_end, write_end = os.pipe()
        self._started, self._ready = time.perf_counter(), 0.0
        self._spec = spec
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rehearsal.function_host", spec.module, str(write_end)],
            env=dict(environment),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(write_end,),
            start_new_session=True,  # an interrupt at the terminal is for the rehearsal, which ends this itself
        )
        os.close(write_end)
        self._answers = os.fdopen(read_end, "rb")
        Thread(target=self._keep_log, args=(log,), daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether the process can take another event."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait until the handler is imported. Raises FunctionFailed if it can't be."""
        told = self._answer(START_SECONDS)
        if "failed" in told:
            self.end()
            raise FunctionFailed("Runtime.ImportModuleError", f"{self._spec.module}: {told['failed']['trace']}")
        self._ready = time.perf_counter()

    def report(self, request: str, status: str, seconds: float) -> str:
        """Lambda's line at the end of an invocation; an instance's first one tells how long its start took.

        Shape: Lambda developer guide, "Lambda Telemetry API Event schema reference", platform.report.
        """
        metrics = {"durationMs": round(seconds * 1000, 3), "memorySizeMB": self._spec.megabytes}
        if self._ready:
            metrics["initDurationMs"] = round((self._ready - self._started) * 1000, 3)
            self._ready = 0.0
        record = {"requestId": request, "metrics": metrics, "status": status}
        return json.dumps({"type": "platform.report", "record": record})

    def invoke(self, event: object, *, request: str, ahead: float, seconds: float) -> Any:  # any JSON
        """The handler's answer. Raises FunctionFailed."""
        given = {
            "event": event,
            "ahead": ahead,
            "seconds": seconds,
            "id": request,
            "arn": self._spec.arn,
            "trace": f"1-{uuid.uuid4().hex[:8]}-{uuid.uuid4().hex[:24]}",
        }
        stdin = self._process.stdin
        if stdin is None:
            raise FunctionFailed("Runtime.ExitError", "the function's process has no standard input")
        try:
            stdin.write(json.dumps(given).encode() + b"\n")
            stdin.flush()
        except OSError:
            self.end()
            raise FunctionFailed("Runtime.ExitError", "the function's process has ended") from None
        told = self._answer(seconds)
        if told["megabytes"] > self._spec.megabytes:
            self.end()
            held = f"held {told['megabytes']:.0f} MB of {self._spec.megabytes} MB"
            raise FunctionFailed("Runtime.OutOfMemory", f"{self._spec.module} {held}: give it more memory")
        if "error" in told:
            raise FunctionFailed(told["error"]["type"], told["error"]["message"])
        return told["answer"]

    def _answer(self, seconds: float) -> dict[str, Any]:
        ready, _, _ = select([self._answers], [], [], seconds)
        if not ready:
            self.end()
            raise FunctionFailed(TIMED_OUT, f"Task timed out after {seconds:.2f} seconds")
        line = self._answers.readline()
        if not line:
            self.end()
            raise FunctionFailed("Runtime.ExitError", "the function's process ended without an answer")
        told: dict[str, Any] = json.loads(line)
        return told

    def end(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with _ignoring_a_broken_pipe():
                self._process.stdin.close()
        self._answers.close()

    def _keep_log(self, log: Callable[[str], None]) -> None:
        stderr = self._process.stderr
        if stderr is None:
            return
        with stderr:
            for line in stderr:
                log(line.decode("utf-8", "replace").rstrip("\n"))


@contextmanager
def _ignoring_a_broken_pipe() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        return

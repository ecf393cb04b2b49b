"""The inside of a rehearsed Lambda function: one process that imports the deployed handler and runs it.

Started by `functions`; reads one JSON request a line from standard input, answers one JSON line on the
file descriptor it was given, and writes what the handler prints to standard error. The handler is not
changed; only the process's clock is moved as far as the rehearsal's.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import IO, Any


class LambdaContext:
    """What handlers get as their context, as far as the runtime documents it."""

    def __init__(self, seconds: float, request_id: str, arn: str) -> None:
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
        self.function_version = "$LATEST"
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        self.invoked_function_arn = arn
        self.aws_request_id = request_id
        self._ends = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the runtime would stop the function."""
        return max(0, int((self._ends - time.monotonic()) * 1000))


def main() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(int(sys.argv[2]), "w", encoding="utf-8", buffering=1)
    sys.stdout = sys.stderr
    ahead = [0.0]
    laptop = time.time
    time.time = lambda: laptop() + ahead[0]
    try:
        handler = importlib.import_module(sys.argv[1]).handler
    except BaseException as error:
        _say(answers, {"failed": _told(error)})
        raise
    _say(answers, {"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        ahead[0] = request["ahead"]
        os.environ["_X_AMZN_TRACE_ID"] = f"Root={request['trace']};Sampled=1"
        context = LambdaContext(request["seconds"], request["id"], request["arn"])
        try:
            answer = {"answer": handler(request["event"], context)}
        except Exception as error:  # noqa: BLE001 - the runtime answers an error of any kind
            answer = {"error": _told(error)}
        sys.stderr.flush()
        _say(answers, {**answer, "megabytes": _peak_megabytes()})


def _say(answers: IO[str], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")


def _peak_megabytes() -> float:
    """The most memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.exists():
        # The kernel's usage figures would begin with what the process that started this one had held.
        peak = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / (1 << 10)
    # In bytes on macOS, in kilobytes elsewhere.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _told(error: BaseException) -> dict[str, str]:
    return {"type": type(error).__name__, "message": str(error), "trace": traceback.format_exc(limit=8)}


if __name__ == "__main__":
    main()

"""Many syntheses in one process, which spares each the start of Python, CDK and Node.

Started by `Composer`; reads a JSON job a line (`out`, `context`, and maybe `dialogue` and `nag`: "accepting"
or "accepting nothing") and answers a JSON line (`failed`, empty if it was synthesised, and what was `noted`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of a job."""

    failed: str
    """Why there are no templates; empty if there are."""
    noted: tuple[tuple[str, str], ...]
    """The rules that were to be accepted, with the constructs' paths, where nothing was."""


class Composer:
    """The process, started with the first job. A context manager: leaving it ends the process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def compose(
        self, out: Path, context: Mapping[str, object], *, dialogue: Path | None = None, nag: str = ""
    ) -> Composed:
        """Synthesise `context`, over that of cdk.json, into `out`."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.synth.composer"],
                env={**os.environ, "PYTHONHASHSEED": "0"},
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None and answers is not None
        job = {"out": str(out), "context": dict(context), "dialogue": str(dialogue or ""), "nag": nag}
        asked.write(json.dumps(job) + "\n")
        asked.flush()
        told: dict[str, Any] = json.loads(answers.readline() or '{"failed": "the composer has ended", "noted": []}')
        return Composed(told["failed"], tuple((rule, path) for rule, path in told["noted"]))

    def __enter__(self) -> Composer:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.communicate()


def main() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # whatever CDK and its Node print is no answer

    import app
    from tests.synth import nagged

    plain: dict[str, object] = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
    for line in sys.stdin:
        job = json.loads(line)
        context = {**plain, **job["context"]}
        more: dict[str, Any] = {"watching": nagged.watch} if job["nag"] else {}
        if job["dialogue"]:
            more["dialogue"] = Path(job["dialogue"])
        noted: list[tuple[str, str]] = []
        failed = ""
        try:
            if job["nag"] == "accepting nothing":
                with nagged.accepting_nothing() as noted:
                    app.compose(Path(job["out"]), context, **more)
            else:
                app.compose(Path(job["out"]), context, **more)
        except Exception as error:  # noqa: BLE001 - it is told to whoever asked
            failed = f"{type(error).__name__}: {error}"
        answers.write(json.dumps({"failed": failed, "noted": noted}) + "\n")


if __name__ == "__main__":
    main()

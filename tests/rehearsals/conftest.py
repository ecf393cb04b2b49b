"""One world for all replays of a worker, and the list of what could not be carried where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.replay import Conversation, read, why_not
from rehearsal.ways import WAYS
from rehearsal.world import World, running

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
CONVERSATIONS: tuple[Conversation, ...] = tuple(read(path) for path in FILES)
_STEP = re.compile(r" \(step \d+[^)]*\)")


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """The whole system, started once."""
    with running() as world:
        yield world


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many replays were not made, and why; with -v, of which files."""
    told: dict[str, list[str]] = {}
    for one in CONVERSATIONS:
        for way in WAYS:
            if reason := why_not(one, way):
                told.setdefault(f"{way}: {_STEP.sub('', reason)}", []).append(one.name)
    left = sum(map(len, told.values()))
    replays = len(CONVERSATIONS) * len(WAYS) - left
    terminalreporter.write_line(f"rehearsals: {len(CONVERSATIONS)} files, {replays} replays, {left} not carried:")
    for reason, names in sorted(told.items(), key=lambda one: (-len(one[1]), one[0])):
        which = f": {', '.join(names)}" if terminalreporter.verbosity > 0 else ""
        terminalreporter.write_line(f"  {len(names):3} {reason}{which}")

"""One world for all replays of a worker, and the list of what could not be carried where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.replay import Conversation, read, why_not
from rehearsal.ways import WAYS
from rehearsal.world import World, running

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
CONVERSATIONS: tuple[Conversation, ...] = tuple(read(path) for path in FILES)


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """The whole system, started once."""
    with running() as world:
        yield world


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what no replay was made of, and why."""
    told = [reason for one in CONVERSATIONS for way in WAYS if (reason := why_not(one, way))]
    replays = len(CONVERSATIONS) * len(WAYS) - len(told)
    terminalreporter.write_line(f"rehearsals: {len(CONVERSATIONS)} files, {replays} replays, {len(told)} not carried:")
    for one in CONVERSATIONS:
        reasons = [reason for way in WAYS if (reason := why_not(one, way))]
        if reasons:
            terminalreporter.write_line(f"  {one.name}: {'; '.join(reasons)}")

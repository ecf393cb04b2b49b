"""`python -m bench`: measures everything and prints one table; `--quick` measures less of each."""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.figures import Section, table
from bench.shipped import measure_shipped
from bench.starts import measure_starts
from bench.table import dynamodb_local, measure_requests, measure_table
from bench.telephone import measure_failing_calls
from bench.turns import measure_turns
from bench.understanding import measure_understanding


@dataclass(frozen=True, slots=True)
class Thoroughness:
    """How much of each is measured."""

    conversations: int
    """On each way, for the CPU of a turn."""
    pairs: int
    """Of turns on DynamoDB Local and their floor."""
    starts: int
    """Of fresh processes, for each handler."""
    past: int
    """Turns that a customer has behind them before their requests are counted once more."""
    calls: int
    """Calls through the contact flows while what they ask for fails."""


QUICK = Thoroughness(conversations=25, pairs=40, starts=2, past=1_000, calls=40)
FULL = Thoroughness(conversations=400, pairs=500, starts=11, past=10_000, calls=1_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 0 whatever the figures say."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of each: for a look, not for the record")
    much = QUICK if parser.parse_args(arguments).quick else FULL
    began = time.monotonic()
    print(f"Python {platform.python_version()}. Milliseconds are this machine's own: compare the ratios.\n")
    tell(lambda: measure_turns(much.conversations))
    with dynamodb_local() as endpoint:
        tell(lambda: measure_table(endpoint, much.pairs))
        tell(lambda: measure_requests(endpoint, much.past))
    tell(lambda: measure_starts(much.starts))
    tell(measure_shipped)
    tell(measure_understanding)
    tell(lambda: measure_failing_calls(much.calls))
    print(f"measured in {time.monotonic() - began:.0f} s")
    return 0


def tell(measured: Callable[[], Section]) -> None:
    """Print a section as soon as it is measured."""
    print(table([measured()]), end="\n\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())

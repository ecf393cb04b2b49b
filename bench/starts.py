"""What a start costs: a handler and its client against a bare boto3 client, in fresh processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench import figures
from bench.captures import first_card
from bench.figures import Row, Section, milliseconds
from bench.functions import ENVIRONMENT, LAMBDAS

TARGET: Final = 1.3
BARE: Final = 'import boto3; boto3.client("dynamodb")'
HANDLERS: Final = ("lex_turn", "alexa_turn")
"""They begin while a customer waits for an answer to what they said: held against the target."""
ASKED: Final = ("contact_data", "agent_screen", "disposition", "callback", "secret_turn")
"""What flows of Amazon Connect ask, in silence and within eight seconds: told, and no target is held against them."""
FIRST_CARD: Final = "secret_turn, and its first card read"
"""The start after which a customer waits longest: what reads the keys is imported with the first of them."""
DEAREST: Final = 8
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")


class StartFailed(RuntimeError):
    """A fresh process did not get through."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a process took, from its making to its end."""

    wall: float
    cpu: float
    """Seconds, its own and the system's for it."""


@dataclass(frozen=True, slots=True)
class Import:
    """A line of Python's own import timing."""

    name: str
    own: int
    """Microseconds of the module itself, without what it imports."""


def measure_starts(pairs: int) -> Section:
    """Each handler and the bare client in fresh processes, in turn, for so many pairs, byte code cached."""
    rows: list[Row] = []
    notes: list[str] = []
    for handler in HANDLERS:
        code = f"import {handler}"
        start(code), start(BARE)
        ours: list[Start] = []
        floor: list[Start] = []
        for number in range(pairs):
            if number % 2:
                floor.append(start(BARE))
                ours.append(start(code))
            else:
                ours.append(start(code))
                floor.append(start(BARE))
        found = [
            _row(f"{handler}, time", [one.wall for one in ours], [one.wall for one in floor]),
            _row(f"{handler}, CPU", [one.cpu for one in ours], [one.cpu for one in floor]),
        ]
        rows += found
        if not all(row.met for row in found):
            notes.append(f"dearest modules of {handler}, each by itself:")
            notes += [f"  {one.own / 1000:6.1f} ms  {one.name}" for one in dearest(import_times(code), DEAREST)]
    with first_card() as card:
        for what, code in (*((one, f"import {one}") for one in ASKED), (FIRST_CARD, card)):
            rows.append(_asked(what, code, pairs))
    heading = f"Start in a fresh process : a bare boto3 DynamoDB client ({pairs} pairs)"
    return Section(heading, tuple(rows), tuple(notes))


def _asked(what: str, code: str, pairs: int) -> Row:
    """CPU alone: it is steadier, and nothing is held against it."""
    start(code)
    found = [(start(code).cpu, start(BARE).cpu) for _ in range(pairs)]
    ours, floor = [one for one, _ in found], [other for _, other in found]
    beside = f"{milliseconds(median(ours))} : {milliseconds(median(floor))}"
    return figures.told(f"{what}, CPU", f"{figures.paired_ratio(ours, floor):.2f}", beside=beside)


def start(code: str) -> Start:
    """Run it in a fresh Python and wait for its end. Raises StartFailed."""
    began = time.perf_counter()
    process = subprocess.Popen(_command(code), env=_environment(), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise StartFailed(f"`{code}` ended with {process.returncode}: its own message is above")
    return Start(wall, used.ru_utime + used.ru_stime)


def import_times(code: str) -> str:
    """What `python -X importtime` writes while it runs that. Raises StartFailed."""
    done = subprocess.run(
        _command(code, "-X", "importtime"), env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StartFailed(f"`{code}` ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stderr


def dearest(report: str, most: int) -> list[Import]:
    """The modules of an import report that took longest by themselves, dearest first."""
    found = [Import(line[4], int(line[1])) for line in _IMPORT.finditer(report)]
    return sorted(found, key=lambda one: -one.own)[:most]


def _row(what: str, ours: Sequence[float], floor: Sequence[float]) -> Row:
    beside = f"{milliseconds(median(ours))} : {milliseconds(median(floor))}"
    return figures.at_most(what, figures.paired_ratio(ours, floor), TARGET, beside=beside)


def _command(code: str, *options: str) -> list[str]:
    return [sys.executable, *options, "-c", code]


def _environment() -> dict[str, str]:
    """Lambda's way: byte code is there, and the functions' folder is on the path."""
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPROFILEIMPORTTIME", "AWS_PROFILE")
    inherited = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**inherited, **ENVIRONMENT, "PYTHONPATH": str(LAMBDAS)}

"""`throughline check`: every problem of the dialogue, with file and line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TextIO

import compiler
from commands import Subparsers
from compiler import Problem, Problems, Severity, Source

DIALOGUE = Path("dialogue")
_RED, _YELLOW, _BOLD, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser("check", help="find every problem of the dialogue", description=__doc__)
    found.add_argument("folder", nargs="?", type=Path, default=DIALOGUE, help="where bank.yaml is (dialogue)")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the problems and a summary; 1 if there is an error."""
    source = checked(args.folder, sys.stdout)
    return 0 if source is not None else 1


def checked(folder: Path, out: TextIO) -> Source | None:
    """Load the model and print what is to be said about it; None if it can't be used."""
    try:
        source = compiler.load(folder)
    except Problems as found:
        for problem in found.problems:
            print(rendered(problem, coloured=out.isatty()), file=out)
        print(f"{_counted(len(found.errors), 'error')}, {_counted(len(found.warnings), 'warning')}.", file=out)
        return None
    for problem in source.warnings:
        print(rendered(problem, coloured=out.isatty()), file=out)
    intents = len(source.default.intents)
    spoken = sum(len(intent.samples) for intent in source.default.intents.values())
    print(
        f"{source.name}: {_counted(intents, 'intent')}, {_counted(spoken, 'utterance')}, "
        f"{_counted(len(source.editions), 'locale')}; "
        f"no errors, {_counted(len(source.warnings), 'warning')}.",
        file=out,
    )
    return source


def rendered(problem: Problem, *, coloured: bool) -> str:
    """The problem in one line."""
    if not coloured:
        return str(problem)
    colour = _RED if problem.severity is Severity.ERROR else _YELLOW
    return f"{_BOLD}{problem.place}:{_PLAIN} {colour}{problem.severity}:{_PLAIN} {problem.message}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

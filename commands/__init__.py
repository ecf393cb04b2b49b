"""What `throughline` does on the command line: one module for each subcommand.

A subcommand's module has `add(subparsers)`, which declares its arguments, and `run(args)`, which does it and
returns the exit status. It is listed in `SUBCOMMANDS` by name and imported only when the parser is built.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Subparsers = object

SUBCOMMANDS = (
    "check", "compile", "say", "chat", "run", "doctor", "cost", "probe", "customers", "sign_in", "capture_key",
)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="throughline", description="One conversation, every channel.")
    subparsers = top.add_subparsers(dest="subcommand", required=True, metavar="COMMAND")
    for name in SUBCOMMANDS:
        importlib.import_module(f"commands.{name}").add(subparsers)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; its exit status."""
    args = parser().parse_args(arguments)
    try:
        status: int = args.run(args)
    except BrokenPipeError:
        # Whoever read our output has heard enough, as `head` does; what is left must not raise at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status

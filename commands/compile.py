"""`throughline compile`: the runtime's model, the Lex bots and the Alexa model as files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import compiler
import deployment
from commands import Subparsers
from commands.check import DIALOGUE, checked

_OUT = Path("build")


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser("compile", help="write what is deployed", description=__doc__)
    found.add_argument("folder", nargs="?", type=Path, default=DIALOGUE, help="where bank.yaml is (dialogue)")
    found.add_argument("--out", type=Path, default=_OUT, metavar="DIR", help="where to write (build)")
    found.add_argument("--schema", action="store_true", help="write the editors' schemas into FOLDER/.schema instead")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compile and write; 1 if the model has errors."""
    if args.schema:
        paths = (
            *compiler.write_schema(args.folder / ".schema"),
            *deployment.write_schema(Path("environments") / ".schema"),
        )
    else:
        source = checked(args.folder, sys.stdout)
        if source is None:
            return 1
        paths = compiler.write(args.out, source)
    for path in paths:
        print(path)
    return 0

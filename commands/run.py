"""`throughline run`: the rehearsal on http://127.0.0.1:8700, as `make run` starts it."""

from __future__ import annotations

import argparse

from commands import Subparsers


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser("run", help="the rehearsal with its page", description=__doc__)
    found.add_argument("--port", type=int, default=8700, help="the page's port (8700)")
    found.add_argument("--aws-port", type=int, default=8701, help="the port of AWS's protocols (8701)")
    found.add_argument("--keep", action="store_true", help="go on where the last one was left, and keep this one")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run until interrupted."""
    from rehearsal.__main__ import serve

    return serve(args.port, args.aws_port, keep=args.keep)

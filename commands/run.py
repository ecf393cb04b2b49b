"""`throughline run`: the rehearsal on http://127.0.0.1:8700, as `make run` starts it."""

from __future__ import annotations

import argparse
import os

from commands import Subparsers


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser("run", help="the rehearsal with its page", description=__doc__)
    port, aws_port = int(os.environ.get("PORT", "8700")), int(os.environ.get("AWS_PORT", "8701"))
    found.add_argument("--port", type=int, default=port, help="the page's port (PORT, or 8700)")
    found.add_argument("--aws-port", type=int, default=aws_port, help="the port of AWS's protocols (AWS_PORT, or 8701)")
    found.add_argument("--keep", action="store_true", help="go on where the last one was left, and keep this one")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run until interrupted."""
    from rehearsal.__main__ import serve

    return serve(args.port, args.aws_port, keep=args.keep)

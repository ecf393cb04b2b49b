"""`throughline cost`: a month's bill by service, for so many turns of each channel.

Reads the synthesised templates (`make synth`) and asks nobody: no account, no network. Exit status: 0 printed,
1 the templates can't be priced, 2 they are of another environment than `-c environment=NAME` says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from pathlib import Path

from commands import Subparsers
from deployment import cost

ASSEMBLY = Path("cdk.out")
_HELP = {
    "conversation_turns": "turns of a conversation",
    "warm_ms": "billed milliseconds of a turn on a warm instance",
    "cold_ms": "billed milliseconds that a cold start adds",
    "cold_percent": "turns in a hundred that meet a cold start",
    "instances": "instances of a function that are warm at once",
    "emails": "alarm e-mails a month to each address",
    "deployments": "deployments a month",
}
_AT_LEAST_ONE = ("conversation_turns", "instances")


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser("cost", help="print what a month costs", description=__doc__)
    turns = found.add_argument_group("turns a month")
    for channel in cost.CHANNELS:
        turns.add_argument(
            f"--{channel.name}",
            type=_whole,
            metavar="N",
            dest=_dest(channel),
            help=f"{channel.what} ({channel.usual:,}{' if deployed' if channel.usual else ''})"
            f"{f': {channel.without}' if channel.without else ''}",
        )
    assumptions = found.add_argument_group("what only an account can tell")
    for field in fields(cost.Assumed):
        default = getattr(cost.Assumed(), field.name)
        least = 1 if field.name in _AT_LEAST_ONE else 0
        assumptions.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=_percent if isinstance(default, Decimal) else _at_least(least),
            default=default,
            metavar="N",
            help=f"{_HELP[field.name]} ({default})",
        )
    found.add_argument(
        "-c",
        "--context",
        type=_environment,
        metavar="environment=NAME",
        help="make sure that the templates are of that environment; its settings are those they were synthesised with",
    )
    found.add_argument("--assembly", type=Path, default=ASSEMBLY, help="where the templates are (cdk.out)")
    form = found.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for programs")
    form.add_argument("--markdown", action="store_true", help="the README's table: default volumes, whatever is said")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the bill; 1 if the templates can't be priced, 2 if they are not of the environment that is meant."""
    if args.context and (other := cost.mismatch(cost.origin(args.assembly), args.context)):
        print(other, file=sys.stderr)
        return 2
    try:
        deployed = cost.read(args.assembly)
        if args.markdown:
            print(cost.markdown(deployed))
            return 0
        said = {one.name: getattr(args, _dest(one)) for one in cost.CHANNELS}
        usual = cost.usual(deployed)
        volumes = {name: usual[name] if number is None else number for name, number in said.items()}
        assumed = cost.Assumed(**{field.name: getattr(args, field.name) for field in fields(cost.Assumed)})
        month = cost.bill(deployed, volumes, assumed)
    except cost.CannotBePriced as problem:
        print(problem, file=sys.stderr)
        return 1
    print(cost.as_json(month) if args.json else cost.text(month))
    return 0


def _dest(channel: cost.Channel) -> str:
    return f"turns_{channel.name.replace('-', '_')}"


def _environment(text: str) -> str:
    """The name in environment=NAME. Raises ArgumentTypeError for any other setting: it came with the templates."""
    key, _, name = text.partition("=")
    if key != "environment" or not name:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not environment=NAME; any other setting is read from the templates: change it in "
            "environments/NAME.yaml and run `make synth ENVIRONMENT=NAME`"
        )
    return name


def _at_least(least: int) -> Callable[[str], int]:
    """What reads a whole number, not less than that; 100000, 100_000 and 100,000 are one."""

    def read(text: str) -> int:
        try:
            number = int(text.replace(",", "_"))
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
        return number

    return read


_whole = _at_least(0)


def _percent(text: str) -> Decimal:
    """A number from 0 to 100. Raises ArgumentTypeError."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 100")
    return number

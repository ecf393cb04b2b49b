"""`throughline doctor`: whether the account and region are ready for a deploy. It reads, and changes nothing.

    throughline doctor -c environment=prod --profile prod

Exit status: 0 ready, 1 something that is needed is missing, 2 not everything needed could be looked at, as
without credentials. `--policy` prints the IAM policy that it needs instead.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commands import Subparsers, target

if TYPE_CHECKING:
    pass

_WIDEST = 120


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser(
        "doctor", help="is the AWS account ready for a deploy", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    target.declare(found)
    found.add_argument("--assembly", type=Path, default=Path("cdk.out"), help="what a synthesis wrote (cdk.out)")
    found.add_argument("--policy", action="store_true", help="print the IAM policy that it needs, and look at nothing")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Look, print, and say how it stands; 2 also for settings that cannot be used."""
    import compiler
    from deployment import doctor

    try:
        environment = target.settings(args.context)
    except compiler.Problems as problems:
        print(problems, file=sys.stderr)
        return 2
    if args.policy:
        print(json.dumps(doctor.policy(environment), indent=2))
        return 0
    try:
        session = target.session(args.profile)
    except target.NoSuchProfile as error:
        print(error, file=sys.stderr)
        return 2
    examination = doctor.examine(
        environment,
        doctor.planned(args.assembly, environment),
        doctor.botocore_clients(session),
        # The CDK command line heeds AWS_REGION, the SDK for Python only AWS_DEFAULT_REGION.
        profile_region=os.environ.get("AWS_REGION") or session.get_config_variable("region") or "",
    )
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    print(doctor.table(examination, width=width, coloured=sys.stdout.isatty()))
    return examination.status

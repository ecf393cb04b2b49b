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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands import Subparsers

if TYPE_CHECKING:
    import botocore.session

ROOT = Path()
"""Where cdk.json, environments/ and cdk.out are: every command runs in the project's folder."""
_WIDEST = 120


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser(
        "doctor", help="is the AWS account ready for a deploy", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    found.add_argument(
        "-c", "--context", action="append", default=[], metavar="KEY=VALUE",
        help="as for cdk: environment=NAME chooses the settings, any other key overrides one",
    )  # fmt: skip
    found.add_argument("--profile", help="of the AWS credentials (AWS_PROFILE, or the default one)")
    found.add_argument("--assembly", type=Path, default=ROOT / "cdk.out", help="what a synthesis wrote (cdk.out)")
    found.add_argument("--policy", action="store_true", help="print the IAM policy that it needs, and look at nothing")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Look, print, and say how it stands; 2 also for settings that cannot be used."""
    import compiler
    import deployment
    from deployment import doctor

    try:
        environment = deployment.load(ROOT, _context(args.context))
    except compiler.Problems as problems:
        print(problems, file=sys.stderr)
        return 2
    if args.policy:
        print(json.dumps(doctor.policy(environment), indent=2))
        return 0
    session = _session(args.profile)
    if session is None:
        print("There is no such AWS profile: `aws configure list-profiles` names them.", file=sys.stderr)
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


def _context(words: Sequence[str]) -> Mapping[str, object]:
    """What cdk.json says, under what the command line says."""
    file = ROOT / "cdk.json"
    said: dict[str, object] = json.loads(file.read_text("utf-8"))["context"] if file.is_file() else {}
    return said | dict(word.partition("=")[::2] for word in words)


def _session(profile: str | None) -> botocore.session.Session | None:
    """A session of the profile; None if there is no such profile."""
    import botocore.session
    from botocore.exceptions import ProfileNotFound

    session = botocore.session.Session(profile=profile)
    try:
        session.get_scoped_config()
    except ProfileNotFound:
        return None
    return session

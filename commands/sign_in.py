"""`throughline sign-in`: credentials of your team's role, for a member of the staff, by the staff's sign-in page.

    eval "$(throughline sign-in --shell --team agent)"      for this shell, for an hour
    throughline sign-in --config --profile operations       prints profiles to hand out, for ~/.aws/config
    throughline customers look CUSTOMER --why "case 4711" --profile throughline-dev-agent

It shows the page in your browser, waits until you come back, and prints credentials for an hour: as JSON for a
profile's credential_process, so that any AWS SDK asks for them by itself, or as lines for a shell. It keeps nothing,
so by a profile each new command asks anew: within the hour, the browser does that without you; for several commands
in a row take --shell.

Where to sign in is found in the outputs of the stack throughline-<environment>-people, which needs AWS credentials.
Whoever has none gives --staff, --client, --identities and --domain, as the profiles of --config do. From another
machine: forward the port that your browser comes back to, `ssh -L 8765:127.0.0.1:8765 …`, and open the page yourself.
Exit status: 0 signed in, 1 not signed in, 2 not even begun; it says why.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from commands import Subparsers, managed_login, target
from commands.customers import URL as DESK
from commands.managed_login import CannotBegin, NotSignedIn
from commands.staff_credentials import Staff, take_on

WAIT: Final = 300.0
"""Seconds that a person has to sign in: time enough to scan a second factor the first time."""
_ASKING: Final = "THROUGHLINE_SIGN_IN"
"""Environment variable, set while the stack is asked for: credentials for that mustn't come from here again."""
_OUTPUTS: Final[Mapping[str, str]] = {
    "staff": "Staff", "client": "StaffSignIn", "identities": "StaffIdentities", "domain": "StaffLogin",
}  # fmt: skip
"""Option to the stack's output."""
_SHAPES: Final[Mapping[str, str]] = {
    "staff": r"[a-z]{2}[a-z0-9-]+_[0-9A-Za-z]+",
    "client": r"[0-9A-Za-z_+]+",
    "identities": r"[a-z]{2}[a-z0-9-]+:[0-9a-f-]+",
}
"""Amazon Cognito API references: UserPoolId, ClientId, IdentityPoolId; so nothing of a shell's gets into a profile."""
_SHOW: Final = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    from throughline.desk.matrix import Team

    found = subparsers.add_parser(
        "sign-in", help="get your team's credentials, as a member of the staff", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    teams = [team.value for team in Team if team is not Team.CUSTOMER]
    found.add_argument("--team", choices=teams, help="the one to act in, if you are in several")
    found.add_argument("--environment", default="dev", metavar="NAME", help="whose staff (dev)")
    found.add_argument("--staff", metavar="POOL", help="id of the staff's user pool: output Staff")
    found.add_argument("--client", metavar="ID", help="its app client: output StaffSignIn")
    found.add_argument("--identities", metavar="POOL", help="id of the identity pool: output StaffIdentities")
    found.add_argument("--domain", metavar="URL", help="of the sign-in pages: output StaffLogin")
    found.add_argument("--profile", help="of the AWS credentials that the stack is asked with (AWS_PROFILE, …)")
    found.add_argument("--region", help="of the stack, if the profile doesn't say")
    found.add_argument("--wait", type=float, default=WAIT, metavar="SECONDS", help=f"for the browser ({WAIT:g})")
    prints = found.add_mutually_exclusive_group()
    prints.add_argument("--shell", action="store_true", help="print export lines, for eval")
    prints.add_argument("--config", action="store_true", help="print profiles for ~/.aws/config; sign nobody in")
    found.set_defaults(run=run, teams=teams)


def run(args: argparse.Namespace) -> int:
    """Sign in, and print the credentials; all else goes to standard error."""
    try:
        staff = _staff(args)
        if args.config:
            print(_profiles(args, staff))
            return 0
        token = managed_login.sign_in(staff.domain, staff.client, show=_show, wait=args.wait)
        found = take_on(staff, token, args.team)
    except (target.NoSuchProfile, CannotBegin) as problem:
        print(problem, file=sys.stderr)
        return 2
    except NotSignedIn as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nNot signed in: you ended it.", file=sys.stderr)
        return 1
    print(found.for_a_shell() if args.shell else found.for_a_process())
    print(f"Signed in as {found.team} until {found.until.astimezone():%H:%M}.", file=sys.stderr)
    return 0


def _show(page: str) -> None:
    """Open the page in the browser, and print its address for whom that doesn't help."""
    print(f"Sign in on this page, which your browser should show now:\n{page}", file=sys.stderr, flush=True)
    # By a process of its own: a browser would keep our output open for as long as it runs, and whoever reads the
    # credentials from it waits for its end.
    quiet = subprocess.DEVNULL
    browser = subprocess.Popen(
        [sys.executable, "-c", _SHOW, page], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        found = browser.wait(timeout=5) == 0
    except subprocess.TimeoutExpired:
        found = True
    if not found and not sys.stderr.isatty():
        # An SDK shows what we print only when we are done.
        raise CannotBegin("No browser was found here: sign in by `throughline sign-in --shell` in a terminal.")


def _staff(args: argparse.Namespace) -> Staff:
    """Where to sign in, by the options or else the stack. Raises CannotBegin, NoSuchProfile."""
    said = {option: getattr(args, option) for option in _OUTPUTS}
    if not any(said.values()):
        outputs = _outputs(args, "people")
        said = {option: outputs.get(output) for option, output in _OUTPUTS.items()}
        if not all(said.values()):
            raise CannotBegin("The stack tells too little of where to sign in: deploy this version of it first.")
    for option, value in said.items():
        if not value:
            raise CannotBegin(f"--{option} is missing: give all of {', '.join(f'--{it}' for it in said)}, or none.")
        if option in _SHAPES and not re.fullmatch(_SHAPES[option], value):
            raise CannotBegin(f"--{option} is none: it looks like the stack's output {_OUTPUTS[option]}.")
    return Staff(said["staff"], said["client"], said["identities"], _domain(said["domain"]))


def _domain(said: str) -> str:
    parts = urlsplit(said if "://" in said else f"https://{said}")
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if not re.fullmatch(r"[0-9a-z.-]+(:[0-9]+)?", parts.netloc) or not (parts.scheme == "https" or local):
        raise CannotBegin("--domain begins with https:// and names a host: it is the stack's output StaffLogin.")
    return f"{parts.scheme}://{parts.netloc}"


def _outputs(args: argparse.Namespace, stack: str) -> Mapping[str, str]:
    """The outputs of a deployed stack. Raises CannotBegin, NoSuchProfile."""
    from botocore.exceptions import BotoCoreError, ClientError

    if os.environ.get(_ASKING):
        raise CannotBegin(
            "This profile's credential_process must say where to sign in: `throughline sign-in --config` prints it."
        )
    session = target.session(args.profile)
    name = f"throughline-{args.environment}-{stack}"
    # The CDK command line heeds AWS_REGION, the SDK for Python only AWS_DEFAULT_REGION.
    region = args.region or os.environ.get("AWS_REGION") or session.get_config_variable("region")
    os.environ[_ASKING] = "1"
    try:
        client: Any = session.create_client("cloudformation", region_name=region)
        (found,) = client.describe_stacks(StackName=name)["Stacks"]
    except ClientError as refused:
        code = str(refused.response.get("Error", {}).get("Code", ""))
        if code == "ValidationError":
            raise CannotBegin(f"There is no stack {name} in {region}: check --environment and --region.") from None
        raise CannotBegin(f"The stack {name} may not be looked at ({code}). {_WITHOUT}") from None
    except BotoCoreError as problem:
        raise CannotBegin(f"The stack {name} can't be looked at ({type(problem).__name__}). {_WITHOUT}") from None
    finally:
        del os.environ[_ASKING]
    return {it["OutputKey"]: it["OutputValue"] for it in found.get("Outputs", [])}


_WITHOUT: Final = (
    "Without AWS credentials of your own, give --staff, --client, --identities and --domain: an operator has them from "
    "`throughline sign-in --config`."
)


def _profiles(args: argparse.Namespace, staff: Staff) -> str:
    """A profile for each team, or for the one that was asked for; and the desk, if it is ours to know."""
    where = f"--staff {staff.pool} --client {staff.client} --identities {staff.identities} --domain {staff.domain}"
    lines = ["# For ~/.aws/config. Keep your teams' profiles; where `throughline` is not on the PATH, write its path."]
    if not args.staff:
        lines.append(f"# For `throughline customers`: export {DESK}={_outputs(args, 'desk').get('DeskUrl', '')}")
    for team in (args.team,) if args.team else args.teams:
        lines += [
            "",
            f"[profile throughline-{args.environment}-{team}]",
            f"region = {staff.region}",
            f"credential_process = throughline sign-in --team {team} {where}",
        ]
    return "\n".join(lines)

"""`throughline probe`: what AWS is taken to do, tried on a live account, once after a deployment.

    throughline probe -c environment=prod --profile prod --write-probe-item --invoke --out probe.json

It speaks to the deployed bots with invented words, looks at what the stacks hold, and prints for each
assumption what was expected and what came. Exit status: 0 all that were tried are as expected, 1 something
differs, 2 nothing could be looked at, as without credentials.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import signal
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands import Subparsers, target
from commands.check import DIALOGUE, checked

if TYPE_CHECKING:
    from deployment import Environment
    from deployment.probe import Clients, Probe
    from deployment.probe.script import Script

COULD_NOT_LOOK = 2


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser(
        "probe", help="try on a live account what is taken for granted about AWS", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    target.declare(found)
    found.add_argument("--folder", type=Path, default=DIALOGUE, help="the dialogue that was deployed (dialogue)")
    found.add_argument("--only", action="append", default=[], metavar="ID", help="try this one; may be repeated")
    found.add_argument("--list", action="store_true", help="print the assumptions and the rights needed; try nothing")
    found.add_argument("--invoke", action="store_true", help="also send alexa_turn a request that it must refuse")
    found.add_argument(
        "--write-probe-item", action="store_true", help="also write an item of its own into the table, and delete it"
    )
    found.add_argument("--ring", action="store_true", help="also set an alarm off and back, which writes to people")
    found.add_argument("--yes", action="store_true", help="go on where it may cost more than cents")
    found.add_argument("--out", type=Path, metavar="FILE", help="write the findings as JSON")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Try them, print what comes, and say how it stands."""
    import compiler
    from compiler.runtime import compile_runtime
    from deployment.probe import UnknownProbe, account, chosen, report
    from deployment.probe.script import script
    from throughline.dialogue.model import Model

    try:
        probes = chosen(args.only)
        if args.list:
            print(report.listed(probes))
            return 0
        environment = target.settings(args.context)
        session = target.session(args.profile)
        region = account.region(environment, os.environ, session.get_config_variable("region"))
        clients = account.clients(session, region)
        number = account.check_identity(clients, environment)
        source = checked(args.folder, sys.stderr)
        if source is None:
            return COULD_NOT_LOOK
        words = script(Model.from_json(compile_runtime(source)), compiler.lex_bot(source, hooks=True))
        print(f"{environment.prefix}, account {number}, region {region}.")
        return tried(probes, environment, words, clients, args, region=region)
    except (compiler.Problems, UnknownProbe, account.CannotLook, target.NoSuchProfile) as error:
        print(error, file=sys.stderr)
        return COULD_NOT_LOOK


def tried(
    probes: Sequence[Probe],
    environment: Environment,
    words: Script,
    clients: Clients,
    args: argparse.Namespace,
    *,
    region: str,
) -> int:
    """Try `probes` on the account that `clients` lead to; the exit status.

    Raises CannotLook where nothing can be tried. Interrupted, it still tidies up and tells what it found.
    """
    from deployment.probe import Allowed, Finding, Site, account, catalogue, findings, report, status
    from deployment.probe.found import PARTS, find

    print(f"{report.plan(probes)}\n")
    if catalogue.usd(catalogue.volume(probes)) > catalogue.CENTS and not args.yes:
        raise account.CannotLook("That may be more than cents: say --yes to go on. Nothing was tried.")
    deployed = find(clients("cloudformation"), environment)
    if len(deployed.absent) == len(PARTS):
        reasons = "; ".join(why for _, why in deployed.absent)
        raise account.CannotLook(f"nothing of {environment.prefix} can be seen here: {reasons}. Nothing was tried.")
    started = time.time()
    site = Site(
        clients, environment, deployed, words,
        now=time.time, pause=time.sleep, fresh=lambda: uuid.uuid4().hex[:16], started=started,
        allowed=Allowed(invoke=args.invoke, write_item=args.write_probe_item, ring=args.ring),
    )  # fmt: skip
    found: list[Finding] = []
    interrupted = False
    # Asked to end, it is to leave nothing behind either.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for finding in findings(probes, site):
            found.append(finding)
            print(f"{report.told(finding)}\n", flush=True)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        signal.signal(signal.SIGTERM, before)
    print(report.summary(found, site.left))
    if args.out is not None:
        at = dt.datetime.fromtimestamp(started, dt.UTC).isoformat(timespec="seconds")
        text = report.as_json(found, site.left, environment=environment.name, region=region, at=at)
        args.out.write_text(text, "utf-8")
    if interrupted:
        print("Interrupted: the rest was not tried.", file=sys.stderr)
        return max(status(found), COULD_NOT_LOOK)
    return status(found)

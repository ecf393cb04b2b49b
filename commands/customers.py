"""`throughline customers`: what persons may do with a customer's data, by the deployed desk and your own credentials.

    throughline customers links --phone +12025550143 --why "case 4711" --profile agent
    throughline customers merge CUSTOMER --other CUSTOMER --why "same person, passport seen" --profile supervisor
    throughline customers audit --day 2026-11-22 --profile auditor
    throughline customers matrix --markdown

Who you are and which team you belong to is the role that you are signed in by; nothing said here changes it. Exit
status: 0 done, 1 refused or failed (the answer says why), 2 the desk can't be reached or you are not signed in.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from commands import Subparsers, target

if TYPE_CHECKING:
    import botocore.session

SERVICE = "execute-api"
SECONDS = 35
"""An HTTP API gives up after 30 s (Amazon API Gateway quotas)."""
URL = "THROUGHLINE_DESK"
"""Environment variable with the desk's URL: the stack's output DeskUrl."""
_ABOUT_ONE = "look timeline links unlink merge split resolve export erase hold release".split()
_OTHERS = "replay-tombstones audit transcripts".split()
_MORE: dict[str, tuple[tuple[str, str], ...]] = {
    "unlink": (("link", "which link"), ("how", "gone or wrong")),
    "merge": (("other", "id of the customer who is the same person"),),
    "split": (("undo", "the act that the merge was told as"),),
    "resolve": (("conflict", "the conflict's id"),),
    "audit": (("day", "yyyy-mm-dd"),),
}
"""What an act needs besides the customer and the reason."""


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser(
        "customers", help="look at, mend, export or erase a customer's data, by the desk", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    acts = found.add_subparsers(dest="act", required=True, metavar="ACT")
    for name in (*_ABOUT_ONE, *_OTHERS):
        act = acts.add_parser(name)
        if name in _ABOUT_ONE:
            who = act.add_mutually_exclusive_group(required=True)
            who.add_argument("customer", nargs="?", help="the customer's id")
            for kind in ("phone", "email", "login"):
                who.add_argument(f"--{kind}", metavar="ADDRESS", help=f"the customer whom this {kind} leads to")
        if name == "audit":
            act.add_argument("--customer", help="only what was done with this customer's data")
            act.add_argument("--person", help="only what this person did")
        for option, words in _MORE.get(name, ()):
            act.add_argument(f"--{option}", required=True, help=words)
        if name in ("timeline", "transcripts"):
            act.add_argument("--most", type=int, help="how many turns")
        if name == "export":
            act.add_argument("--fresh", action="store_true", help="make a new one even if one is ready")
        act.add_argument("--why", default="", help="the reason; it is kept in the audit, so name no customer in it")
        act.add_argument("--endpoint", default=os.environ.get(URL, ""), help=f"the desk's URL, DeskUrl ({URL})")
        act.add_argument("--region", help="of the desk, if its URL doesn't say")
        act.add_argument("--profile", help="of the AWS credentials (AWS_PROFILE, or the default one)")
        act.set_defaults(run=run)
    matrix = acts.add_parser("matrix", help="who may do what; asks nobody")
    matrix.add_argument("--markdown", action="store_true", help="the README's table")
    matrix.set_defaults(run=_matrix)


def run(args: argparse.Namespace) -> int:
    """Ask the desk and print its answer as JSON."""
    if not args.endpoint:
        print(f"Which desk? Give --endpoint or {URL}: the stack's output DeskUrl.", file=sys.stderr)
        return 2
    try:
        session = target.session(args.profile)
        status, answer = ask(session, args.endpoint, request_of(args), args.region)
    except (target.NoSuchProfile, CannotAsk) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps(answer, indent=2, ensure_ascii=False))
    return 0 if status == 200 else 1


class CannotAsk(Exception):
    """The desk can't be reached, or there is nobody to sign for."""


def request_of(args: argparse.Namespace) -> dict[str, Any]:
    """The desk's request for what was said on the command line."""
    request: dict[str, Any] = {"act": args.act, "why": args.why}
    for name in ("customer", "person", "most", *(option for option, _ in _MORE.get(args.act, ()))):
        value = getattr(args, name, None)
        if value is not None:
            request[name] = value
    for kind in ("phone", "email", "login"):
        value = getattr(args, kind, None)
        if value is not None:
            request["address"] = {"kind": kind, "value": value}
    if getattr(args, "fresh", False):
        request["fresh"] = True
    return request


def ask(
    session: botocore.session.Session, url: str, request: dict[str, Any], region: str | None = None
) -> tuple[int, Any]:
    """Status and JSON of the desk's answer to a request signed by the session's credentials. Raises CannotAsk."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise CannotAsk("the desk's URL begins with https://")
    credentials = session.get_credentials()
    if credentials is None:
        raise CannotAsk("Nobody is signed in: choose a profile of your team's role (--profile).")
    body = json.dumps(request).encode()
    signed = AWSRequest("POST", url, data=body, headers={"Content-Type": "application/json"})
    where = region or _region(parts.hostname or "") or session.get_config_variable("region") or "us-east-1"
    SigV4Auth(credentials.get_frozen_credentials(), SERVICE, where).add_auth(signed)
    sent = urllib.request.Request(url, data=body, headers=dict(signed.headers.items()), method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(sent, timeout=SECONDS) as answer:  # noqa: S310 - https, or this machine
            return answer.status, _json(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, _json(refused.read())
    except OSError as problem:
        raise CannotAsk(f"The desk can't be reached: {type(problem).__name__}") from None


def _region(host: str) -> str:
    """The region in api.execute-api.<region>.amazonaws.com; "" for a host of another form."""
    parts = host.split(".")
    return parts[2] if len(parts) > 4 and parts[1] == SERVICE else ""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise CannotAsk("What answered is not the desk: check the URL (the stack's output DeskUrl).") from None


def _matrix(args: argparse.Namespace) -> int:
    from throughline.desk.matrix import ACTS, markdown

    if args.markdown:
        print(markdown())
        return 0
    for act in ACTS.values():
        print(f"{act.name}: {', '.join(sorted(act.teams))}\n    {act.what} ({act.because})")
    return 0

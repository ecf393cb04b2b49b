"""`throughline customers`: what persons may do with a customer's data, by the deployed desk and your own credentials.

    throughline customers links --phone +12025550143 --why "case 4711" --profile agent
    throughline customers note CUSTOMER --kind locale --value es_US --why "asked for Spanish" --profile agent
    throughline customers merge CUSTOMER --other CUSTOMER --why "same person, passport seen" --profile supervisor
    throughline customers introduce --file people.jsonl --why "before go-live" --profile operator
    throughline customers conflicts --why "Monday's look" --profile supervisor
    throughline customers finish-erasures --profile operator
    throughline customers audit --day 2026-11-22 --profile auditor
    throughline customers matrix --markdown

Who you are and which team you belong to is the role that you are signed in by; nothing said here changes it. The
desk's URL is the stack's output DeskUrl: give it with --endpoint, or once as THROUGHLINE_DESK. Exit status: 0 done,
1 refused or failed (the answer says why), 2 the desk can't be reached or you are not signed in.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from commands import Subparsers, target

if TYPE_CHECKING:
    import botocore.session

SERVICE = "execute-api"
SECONDS = 35
"""An HTTP API gives up after 30 s (Amazon API Gateway quotas)."""
URL = "THROUGHLINE_DESK"
"""Environment variable with the desk's URL: the stack's output DeskUrl."""
_ABOUT_ONE = "look timeline links note unlink merge split resolve export erase hold release".split()
_OTHERS = "conflicts replay-tombstones finish-erasures audit transcripts".split()
_MORE: dict[str, tuple[tuple[str, str], ...]] = {
    "unlink": (("link", "which link"), ("how", "gone or wrong")),
    "merge": (("other", "id of the customer who is the same person"),),
    "split": (("undo", "the act that the merge was told as"),),
    "resolve": (("conflict", "the conflict's id"),),
    "audit": (("day", "yyyy-mm-dd"),),
}
"""What an act needs besides the customer and the reason."""
_FACTS = """What may be noted:
  name               --value "Pat Doe"
  locale             --value en_US
  time_zone          --value America/New_York
  preferred_channel  --value text
  consent            --key CHANNEL.PURPOSE --value given (or withdrawn)
  trait              --key NAME (or public.NAME) --value "…"
"""
_PEOPLE = """Each line of the file is one customer, as JSON on one line:

  {"addresses": [{"kind": "phone", "value": "+12025550143", "proved_at": "2024-05-31"}]}
  {"addresses": [{"kind": "email", "value": "pat@example.com"}], "facts": [{"kind": "name", "value": "Pat Doe"}]}

kind is phone, email, login, messenger or alexa; there are at most 20 addresses. proved_at is when you made sure that
the address is theirs (a date or a time, UTC); without it that is now. A code is sent there only some hours after it
(the dialogue's proved_hours), and what was proved too long ago (linked_days) is but a claim.
If one of the addresses is a known customer's, the others are added to them; if they lead to two, nothing is changed,
and a supervisor finds the conflict with `links`. An address that a customer took off stays off, and what they said
themselves holds. To run the same file again changes nothing, but keeps on who would soon be forgotten, as anybody is
who doesn't come for long. Exit status: 1 if there was a conflict or a bad line; the other lines are done.
"""
_HINTS: Final = {
    403: "Your role may not do that: `throughline customers matrix` tells whose may. Choose its profile (--profile).",
    429: "The desk is busy: try again in a moment.",
    503: "Nothing was told: try again in a moment.",
}
"""What to do next, where the answer can't say it."""
LONGEST_LINE: Final = 19_000
"""Characters, as they are sent: the desk reads requests of up to 20 000."""
_PASSING: Final = frozenset({429, 502, 503, 504})
"""Statuses after which a line is sent once more."""
_PAUSES: Final = (1.0, 4.0)
"""Seconds before a line is sent once more."""


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser(
        "customers", help="look at, mend, export or erase a customer's data, by the desk", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    acts = found.add_subparsers(dest="act", required=True, metavar="ACT")
    for name in (*_ABOUT_ONE, *_OTHERS):
        act = _act(acts, name, _FACTS if name == "note" else "")
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
        if name in ("timeline", "transcripts", "conflicts"):
            act.add_argument("--most", type=int, help="how many at most")
        if name in ("look", "timeline"):
            act.add_argument("--link", help="the link that they are coming by now: what they proved there counts")
            act.add_argument("--session", help="the channel's session that they are in now, with --link")
        if name == "export":
            act.add_argument("--fresh", action="store_true", help="make a new one even if one is ready")
        if name == "note":
            act.add_argument("--kind", required=True, help="what sort of fact: see below")
            act.add_argument("--key", help="which consent or trait")
            value = act.add_mutually_exclusive_group(required=True)
            value.add_argument("--value", help="what holds from now on")
            value.add_argument("--take-back", action="store_true", help="it holds no longer")
            act.add_argument("--link", help="through which link it was said (the best proved one)")
        _door(act, run)
    people = _act(acts, "introduce", _PEOPLE)
    people.add_argument("--file", required=True, metavar="PEOPLE.JSONL", help="one customer a line; - reads them here")
    _door(people, _introduce, why=True)
    matrix = acts.add_parser("matrix", help="who may do what; asks nobody")
    matrix.add_argument("--markdown", action="store_true", help="the README's table")
    matrix.set_defaults(run=_matrix)


def _act(acts: Subparsers, name: str, more: str) -> argparse.ArgumentParser:
    from throughline.desk.matrix import ACTS

    found = ACTS[name]
    return acts.add_parser(
        name, help=f"{found.what} ({', '.join(sorted(found.teams))})", description=f"{found.what}: {found.because}",
        epilog=more, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip


def _door(act: argparse.ArgumentParser, does: Callable[[argparse.Namespace], int], *, why: bool = False) -> None:
    act.add_argument(
        "--why", default="", required=why, help="the reason; it is kept in the audit, so name no customer in it"
    )
    act.add_argument("--endpoint", default=os.environ.get(URL, ""), help=f"the desk's URL, DeskUrl ({URL})")
    act.add_argument("--region", help="of the desk, if its URL doesn't say")
    act.add_argument("--profile", help="of the AWS credentials (AWS_PROFILE, or the default one)")
    act.set_defaults(run=does)


def run(args: argparse.Namespace) -> int:
    """Ask the desk and print its answer as JSON."""
    try:
        status, answer = _asking(args)(request_of(args))
    except (target.NoSuchProfile, CannotAsk) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps(answer, indent=2, ensure_ascii=False))
    if status in _HINTS:
        print(_HINTS[status], file=sys.stderr)
    return 0 if status == 200 else 1


class CannotAsk(Exception):
    """The desk can't be reached, or there is nobody to sign for."""


Asking = Callable[[dict[str, Any]], tuple[int, Any]]
"""Sends one request to the desk: status and JSON. Raises CannotAsk."""


@dataclass
class Introduced:
    """What came of a file, by line."""

    made: int = 0
    """New customers."""
    added: int = 0
    """Known customers to whom something was added."""
    known: int = 0
    """Customers who were known just so."""
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    bad: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    """What was not done though the line is, since the customer, or a person for them, said otherwise."""
    stopped: dict[str, Any] = field(default_factory=dict)
    """The line that the rest was given up at, and why; empty if none."""

    @property
    def status(self) -> int:
        """The exit status."""
        return 1 if self.conflicts or self.bad or self.stopped else 0


def introduce(lines: Iterable[str], why: str, ask: Asking, pause: Callable[[float], None] = time.sleep) -> Introduced:
    """Introduce the customer of each line by a request of its own. What can't be read is told, and the rest is done."""
    done = Introduced()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            request = _person(line)
        except ValueError as problem:
            done.bad.append({"line": number, "why": str(problem)})
            continue
        try:
            status, answer = _patiently({"act": "introduce", "why": why, **request}, ask, pause)
        except CannotAsk as problem:
            done.stopped = {"line": number, "why": f"{problem} Then run the file again: what is done stays as it is."}
            break
        told = answer if isinstance(answer, dict) else {}
        if status == 200:
            done.made += told.get("introduction") == "made"
            done.added += told.get("introduction") == "added"
            done.known += told.get("introduction") == "known"
            done.left += [{"line": number, **left} for left in told.get("left", ())]
        elif status == 403:
            done.stopped = {"line": number, "why": _HINTS[403]}
            break
        elif status == 409 and "conflicts" in told:
            done.conflicts.append({"line": number, "customers": told["customers"], "conflicts": told["conflicts"]})
        else:
            why_not = told.get("error") or _HINTS.get(status) or f"the desk answered {status}: try again"
            done.bad.append({"line": number, "why": why_not})
    return done


def _person(line: str) -> dict[str, Any]:
    """The line's addresses and facts. Raises ValueError, which repeats nothing of the line."""
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict) or "addresses" not in row:
        raise ValueError('not one JSON object with "addresses" on one line')
    if row.keys() - {"addresses", "facts"}:
        raise ValueError('it has more than "addresses" and "facts": take out the rest, or write it as facts')
    if len(json.dumps(row)) > LONGEST_LINE:
        raise ValueError(f"it is longer than {LONGEST_LINE} characters: leave out some of the facts")
    return row


def _patiently(request: dict[str, Any], ask: Asking, pause: Callable[[float], None]) -> tuple[int, Any]:
    """Send it, again where that helps: an introduction changes nothing the second time."""
    status, answer = ask(request)
    for seconds in _PAUSES:
        if status not in _PASSING:
            break
        pause(seconds)
        status, answer = ask(request)
    return status, answer


def _introduce(args: argparse.Namespace) -> int:
    try:
        text = sys.stdin.read() if args.file == "-" else Path(args.file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        print(f"The file can't be read ({type(problem).__name__}): name one that is there, in UTF-8.", file=sys.stderr)
        return 2
    try:
        done = introduce(text.split("\n"), args.why, _asking(args))
    except (target.NoSuchProfile, CannotAsk) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps({name: found for name, found in asdict(done).items() if found != {}}, indent=2))
    return done.status


def _asking(args: argparse.Namespace) -> Asking:
    """How the desk is asked. Raises CannotAsk, NoSuchProfile."""
    if not args.endpoint:
        raise CannotAsk(f"Which desk? Give --endpoint or {URL}: the stack's output DeskUrl.")
    session = target.session(args.profile)
    return lambda request: ask(session, args.endpoint, request, args.region)


def request_of(args: argparse.Namespace) -> dict[str, Any]:
    """The desk's request for what was said on the command line."""
    request: dict[str, Any] = {"act": args.act, "why": args.why}
    for name in ("customer", "person", "most", "link", "session", *(option for option, _ in _MORE.get(args.act, ()))):
        value = getattr(args, name, None)
        if value is not None:
            request[name] = value
    for kind in ("phone", "email", "login"):
        value = getattr(args, kind, None)
        if value is not None:
            request["address"] = {"kind": kind, "value": value}
    if getattr(args, "fresh", False):
        request["fresh"] = True
    if args.act == "note":
        request["fact"] = {"kind": args.kind, "key": args.key or "", "value": args.value or ""}
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
        raise CannotAsk(
            f"The desk can't be reached ({type(problem).__name__}): check its URL, then try again."
        ) from None


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

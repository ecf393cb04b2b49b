"""Run contact flows from files: `python -m rehearsal.connect FILE… [--keys 1 --say "a card" --lambda NAME=JSON]`.

Without answers every branch is explored; with answers, in their order, one walk is taken. Prints the path of blocks
and how each walk ended. Leaves with 1 only for a file that is no flow.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rehearsal.connect.blocks import coverage
from rehearsal.connect.circumstances import World, suggested, worlds
from rehearsal.connect.errors import BrokenFlow
from rehearsal.connect.explorer import Report, Walk, explore, walk
from rehearsal.connect.flows import Flow, read_flow
from rehearsal.connect.inputs import AgentAccepted, HangUp, Input, Keys, Said, Silence, Typed


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    given = _parser().parse_args(arguments)
    if given.coverage:
        print(coverage())
        return 0
    flows, broken = _read(given.files)
    for fault in broken:
        print(f"broken: {fault}", file=sys.stderr)
    answers: list[Input] = given.answers or []
    lambdas = dict(given.functions or [])
    for flow in flows:
        if answers:
            world = World("as told", given.channel, lambdas, available=1)
            _print_walk(flow.name, walk(flow, flows, world, answers))
        else:
            said = list(given.words or [])
            circumstances = (*worlds(lambdas), *suggested(flows, lambdas))
            _print_report(explore(flow, flows, circumstances, said), given.all)
    return 1 if broken else 0


def read_file(path: Path) -> Flow:
    """A flow of a file: the content itself, an export, or what DescribeContactFlow answered. Raises BrokenFlow."""
    try:
        document = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as unreadable:
        raise BrokenFlow(path.name, "", f"can't be read: {unreadable}") from unreadable
    if not isinstance(document, dict):
        raise BrokenFlow(path.name, "", "the content must be a JSON object")
    described = document.get("ContactFlow", document.get("ContactFlowModule"))
    if isinstance(described, dict) and isinstance(described.get("Content"), str):
        kind = "MODULE" if "ContactFlowModule" in document else str(described.get("Type", ""))
        name, arn = str(described.get("Name", path.stem)), str(described.get("Arn", ""))
        return read_flow(described["Content"], name=name, arn=arn, kind=kind)
    if not {"Actions", "modules"} & set(document):
        raise BrokenFlow(path.name, "", "neither Actions nor modules: this is no contact flow")
    metadata = document.get("Metadata", document.get("metadata"))
    named = metadata.get("name") if isinstance(metadata, dict) else None
    return read_flow(document, name=str(named or path.stem), arn=f"flow/{path.stem}")


def _read(paths: Sequence[Path]) -> tuple[list[Flow], list[str]]:
    flows, broken = [], []
    for path in paths:
        try:
            flows.append(read_file(path))
        except BrokenFlow as fault:
            broken.append(f"{path}: {fault}")
    return flows, broken


def _print_report(report: Report, all_walks: bool) -> None:
    total = len(report.entered) + len(report.unseen)
    print(f"{report.flow}: {len(report.walks)} walks, {len(report.entered)} of {total} blocks")
    shown: set[str] = set()
    for it in report.walks:
        if all_walks or it.ended not in shown:
            shown.add(it.ended)
            _print_walk("", it)
    for block in report.unsupported:
        print(f"  {block}")
    if report.unseen:
        print(f"  no walk ran: {', '.join(report.unseen)}")
    if report.unfinished:
        print(f"  not walked to the last: {', '.join(report.unfinished)}")


def _print_walk(name: str, it: Walk) -> None:
    if name:
        print(name)
    print(f"  [{it.world}] {', '.join(it.answers) or 'nothing said'}")
    print(f"    {' → '.join(it.path)}")
    print(f"    ended: {it.ended}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m rehearsal.connect", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="flows as JSON; they may name one another")
    parser.add_argument("--keys", dest="answers", action="append", type=Keys, help="keys that are pressed")
    parser.add_argument("--say", dest="answers", action="append", type=Said, help="words that are said")
    parser.add_argument("--type", dest="answers", action="append", type=Typed, help="a chat message")
    parser.add_argument("--silence", dest="answers", action="append_const", const=Silence(), help="until it gives up")
    parser.add_argument("--hang-up", dest="answers", action="append_const", const=HangUp())
    agent = AgentAccepted("agent", "agent")
    parser.add_argument("--agent", dest="answers", action="append_const", const=agent, help="an agent accepts")
    parser.add_argument("--word", dest="words", action="append", help="something that customers say while exploring")
    parser.add_argument("--lambda", dest="functions", action="append", type=_function, metavar="NAME=JSON")
    parser.add_argument("--channel", choices=("VOICE", "CHAT"), default="VOICE")
    parser.add_argument("--all", action="store_true", help="print every walk, not one for each ending")
    parser.add_argument("--coverage", action="store_true", help="print the table of block types")
    return parser


def _function(given: str) -> tuple[str, object]:
    name, separator, answer = given.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("give a function's answer as NAME=JSON")
    try:
        return name, json.loads(answer)
    except ValueError as bad:
        raise argparse.ArgumentTypeError(f"{name}: the answer is no JSON ({bad})") from bad


if __name__ == "__main__":
    sys.exit(main())

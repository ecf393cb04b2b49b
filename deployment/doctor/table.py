"""The findings as a person reads them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from deployment.doctor.examination import Examination
from deployment.doctor.finding import Finding, State, counted

_COLOURS = {
    State.OK: "\x1b[32m",
    State.MISSING: "\x1b[31m",
    State.WARNING: "\x1b[33m",
    State.UNKNOWN: "\x1b[35m",
    State.LATER: "\x1b[2m",
}
_PLAIN = "\x1b[0m"
_NARROWEST = 60
_TOLD = 40
"""The least width of what is told; rather than squeeze it, a line grows too long."""


def table(examination: Examination, *, width: int, coloured: bool) -> str:
    """The whole report, at most `width` characters wide where words allow."""
    target = examination.target
    where = f"account {target.account or '(nobody signed in)'}, region {target.region or '(none named)'}"
    now = [finding for finding in examination.findings if finding.state is not State.LATER]
    width = max(width, _NARROWEST)
    lines = [*_wrapped(f"Environment {target.environment.name}: {where}. {target.planned.source}", width), ""]
    names = max(len(finding.name) for finding in examination.findings)
    for finding in now:
        lines += _row(finding, names, width, coloured=coloured)
    to_come = examination.of(State.LATER)
    if to_come:
        lines += ["", "For channels that are not deployed yet; none of it stands in the way:", ""]
        for finding in to_come:
            lines += _row(finding, names, width, coloured=coloured)
    if examination.untouched:
        listed = f"Not looked at: {', '.join(examination.untouched)}."
        lines += ["", *_wrapped(listed, width)]
    return "\n".join([*lines, "", *_sum(examination)])


def _row(finding: Finding, names: int, width: int, *, coloured: bool) -> Iterator[str]:
    state = f"{finding.state:<8}"
    if coloured:
        state = f"{_COLOURS[finding.state]}{state}{_PLAIN}"
    indent = " " * (8 + 1 + names + 2)
    room = max(width - len(indent), _TOLD)
    told = _wrapped(finding.told, room)
    yield f"{state} {finding.name:<{names}}  {told[0]}"
    yield from (indent + line for line in told[1:])
    if finding.mend:
        mend = _wrapped(finding.mend, room - 3)
        yield f"{indent}-> {mend[0]}"
        yield from (f"{indent}   {line}" for line in mend[1:])


def _wrapped(text: str, width: int) -> list[str]:
    # Commands, addresses and names stay whole, to be copied.
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def _sum(examination: Examination) -> Iterator[str]:
    by = {state: len(examination.of(state)) for state in State}
    yield (
        f"{by[State.OK]} ok, {by[State.MISSING]} missing, {counted(by[State.WARNING], 'warning')}, "
        f"{by[State.UNKNOWN]} unknown; {by[State.LATER]} for later."
    )
    yield {
        0: "Ready to deploy, as far as can be known without doing it.",
        1: "Not ready: get what is missing (->), and run it again.",
        2: "Cannot say: not everything that is needed could be looked at.",
    }[examination.status]

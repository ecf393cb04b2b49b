"""What was found, for people to read and for a file."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Collection, Sequence

from deployment.probe.assumption import Finding, Probe, Verdict
from deployment.probe.catalogue import usd, volume

WIDTH = 110
_LABEL = 11


def plan(probes: Collection[Probe]) -> str:
    """What will be done and what it costs at most."""
    used = volume(probes)
    text = (
        f"Assumptions: {len(probes)}. At most {used.texts} text requests to Lex, {used.invocations} direct "
        f"invocations, {used.queries} log queries and {used.calls} other calls: about {usd(used):.2f} USD. "
        "Everything said is invented. Lex's sessions are deleted; what a guest said stays in the table for a day "
        "under a pseudonym, as any guest's does, and the functions' logs keep its ids."
    )
    if used.rings:
        text += " With --ring, an alarm is set off and back: whoever hears the alarms is written to twice."
    return _filled(text)


def told(finding: Finding) -> str:
    """One assumption with what came of it, in a few lines."""
    assumption, outcome = finding.assumption, finding.outcome
    rows = [("expected", assumption.expects)]
    if outcome.verdict is Verdict.NOT_TRIED:
        rows.append(("why", outcome.why))
    else:
        rows.append(("came", outcome.came))
    if outcome.verdict is not Verdict.AS_EXPECTED:
        rows.append(("source", assumption.source))
        rows.append(("matters", assumption.matters))
    head = _filled(f"{outcome.verdict.value.upper()}  {assumption.id}: {assumption.says}")
    return "\n".join([head, *(_row(name, text) for name, text in rows)])


def summary(found: Sequence[Finding], left: Sequence[str]) -> str:
    """How many of each, and what could not be removed."""
    counts = Counter(finding.outcome.verdict for finding in found)
    lines = [", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict) + "."]
    differing = [finding.assumption.id for finding in found if finding.outcome.verdict is Verdict.DIFFERENT]
    if differing:
        lines.append(f"Different: {', '.join(differing)}.")
    lines.extend(f"Left behind: {each}." for each in left)
    return "\n".join(_filled(line) for line in lines)


def listed(probes: Collection[Probe]) -> str:
    """The assumptions, with the rights that trying each needs."""
    return "\n".join(
        "\n".join(
            (
                _filled(f"{probe.assumption.id}: {probe.assumption.says}"),
                _row("needs", ", ".join(probe.needs) or "nothing"),
            )
        )
        for probe in probes
    )


def as_json(found: Sequence[Finding], left: Sequence[str], *, environment: str, region: str, at: str) -> str:
    """The report as a file: a JSON object, one entry an assumption."""
    report = {
        "environment": environment,
        "region": region,
        "at": at,
        "findings": [
            {
                "id": each.assumption.id,
                "assumption": each.assumption.says,
                "expected": each.assumption.expects,
                "verdict": each.outcome.verdict.value,
                "came": each.outcome.came,
                "why": each.outcome.why,
                "source": each.assumption.source,
                "matters": each.assumption.matters,
            }
            for each in found
        ],
        "left_behind": list(left),
    }
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _row(name: str, text: str) -> str:
    return _filled(text, lead=f"  {name:<{_LABEL}}")


def _filled(text: str, *, lead: str = "") -> str:
    """In lines that a terminal holds; ids, paths and ARNs stay whole, so that they can be searched for."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
        break_long_words=False,
    )

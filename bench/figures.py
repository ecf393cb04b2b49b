"""The bench's arithmetic and its table: percentiles, ratios pair by pair, and rows of ASCII."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    """What was measured."""
    figure: str
    """The measure that the target is about."""
    target: str = ""
    """What it should be; empty where there is no target."""
    met: bool | None = None
    """Whether it is; None where there is no target."""
    beside: str = ""
    """Absolute values of this machine, and whatever else helps to read the figure."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its rows."""

    heading: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    """Lines below the rows: what was found where a target is missed, or why nothing was measured."""


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` (0 to 100) of the values don't exceed.

    Raises ValueError if there are none.
    """
    if not values:
        raise ValueError("a percentile of nothing")
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def paired_ratio(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of each pair: what drifts over the run moves both sides of a pair alike.

    Raises ValueError unless both are of one length, not empty, and the floor is above 0 throughout.
    """
    if not ours or len(ours) != len(floor):
        raise ValueError(f"{len(ours)} values can't be paired with {len(floor)}")
    if min(floor) <= 0:
        raise ValueError("a floor of nothing: measure more of it at once")
    return median(one / other for one, other in zip(ours, floor, strict=True))


def at_most(what: str, value: float, target: float, *, unit: str = "", beside: str = "") -> Row:
    """A row whose figure should not exceed its target."""
    return Row(what, _number(value, unit), f"<= {_number(target, unit)}", value <= target, beside)


def at_least(what: str, share: float, target: float, *, beside: str = "") -> Row:
    """A row whose share (0 to 1) should reach its target."""
    return Row(what, f"{share:.1%}", f">= {target:.0%}", share >= target, beside)


def told(what: str, figure: str, *, beside: str = "") -> Row:
    """A row without a target."""
    return Row(what, figure, beside=beside)


def table(sections: Sequence[Section]) -> str:
    """All sections as aligned ASCII text, lines no longer than their content needs."""
    rows = [row for section in sections for row in section.rows]
    widths = [
        max((len(cell) for cell in column), default=0)
        for column in zip(*((row.what, row.figure, row.target) for row in rows), strict=True)
    ] or [0, 0, 0]
    lines: list[str] = []
    for section in sections:
        lines += ["", section.heading, "-" * len(section.heading)]
        for row in section.rows:
            cells = (row.what.ljust(widths[0]), row.figure.rjust(widths[1]), row.target.ljust(widths[2]))
            verdict = {True: "met", False: "MISSED", None: ""}[row.met]
            lines.append("  ".join((*cells, verdict.ljust(6), row.beside)).rstrip())
        lines += [f"    {note}".rstrip() for note in section.notes]
    return "\n".join(lines[1:])


def milliseconds(seconds: float) -> str:
    """A duration in seconds as "0.312 ms"."""
    return f"{seconds * 1000:.3f} ms"


def _number(value: float, unit: str) -> str:
    text = f"{value:.2f}" if unit != "ms" else f"{value:.3f}"
    return f"{text} {unit}".rstrip()

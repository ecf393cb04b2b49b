"""What the rehearsal's recogniser understands of utterances that the model's author did not write."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import compiler
from bench import figures
from bench.figures import Row, Section
from rehearsal.recogniser.from_lex import from_lex
from rehearsal.recogniser.measure import measure, read_lines, read_pairs
from rehearsal.recogniser.recogniser import Recogniser

ROOT: Final = Path(__file__).resolve().parent.parent
UNSEEN: Final = ROOT / "tests" / "unseen"
IN_SCOPE, OUT_OF_SCOPE = 0.88, 0.93


def measure_understanding() -> Section:
    """The two figures for the compiled bank at its own threshold: of the unseen set, and of the older, harder one."""
    source = compiler.load(ROOT / "dialogue")
    grammar = from_lex(compiler.lex_bot(source, hooks=False), "en_US")
    cache = ROOT / ".cache" / "recogniser"
    cache.mkdir(parents=True, exist_ok=True)
    recogniser = Recogniser.cached(cache, grammar)
    return Section(
        f"What the rehearsal understands of unseen utterances (threshold {grammar.threshold:g}; tests/unseen)",
        (*_rows(recogniser, UNSEEN, "", aimed=True), *_rows(recogniser, UNSEEN / "near", "near misses, ", aimed=False)),
    )


def _rows(recogniser: Recogniser, folder: Path, kind: str, *, aimed: bool) -> tuple[Row, ...]:
    found = measure(recogniser, read_pairs(folder / "in_scope.tsv"), read_lines(folder / "out_of_scope.tsv"))
    figures_of = (
        ("in scope: reach their intent", found.recall, IN_SCOPE, f"{found.recalled} of {found.in_scope}"),
        (
            "out of scope: reach the fallback",
            found.rejection,
            OUT_OF_SCOPE,
            f"{found.rejected} of {found.out_of_scope}",
        ),
    )
    return tuple(
        figures.at_least(kind + what, value, target, beside=beside)
        if aimed
        else figures.told(kind + what, f"{value:.1%}", beside=beside)
        for what, value, target, beside in figures_of
    )

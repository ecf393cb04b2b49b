"""What the rehearsal's recogniser understands of utterances that the model's author did not write."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import compiler
from bench import figures
from bench.figures import Section
from rehearsal.recogniser.from_lex import from_lex
from rehearsal.recogniser.measure import measure, read_lines, read_pairs
from rehearsal.recogniser.recogniser import Recogniser

ROOT: Final = Path(__file__).resolve().parent.parent
UNSEEN: Final = ROOT / "tests" / "unseen"
IN_SCOPE, OUT_OF_SCOPE = 0.88, 0.93


def measure_understanding() -> Section:
    """The two figures for the compiled bank at its own threshold, on the unseen utterances."""
    source = compiler.load(ROOT / "dialogue")
    grammar = from_lex(compiler.lex_bot(source, hooks=False), "en_US")
    cache = ROOT / ".cache" / "recogniser"
    cache.mkdir(parents=True, exist_ok=True)
    found = measure(
        Recogniser.cached(cache, grammar),
        read_pairs(UNSEEN / "in_scope.tsv"),
        read_lines(UNSEEN / "out_of_scope.tsv"),
    )
    return Section(
        f"What the rehearsal understands of unseen utterances (threshold {grammar.threshold:g})",
        (
            figures.at_least(
                "in scope: reach their intent",
                found.recall,
                IN_SCOPE,
                beside=f"{found.recalled} of {found.in_scope}",
            ),
            figures.at_least(
                "out of scope: reach the fallback",
                found.rejection,
                OUT_OF_SCOPE,
                beside=f"{found.rejected} of {found.out_of_scope}",
            ),
        ),
    )

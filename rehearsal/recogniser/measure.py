"""Measures a recogniser: how many unseen utterances reach their intent, and how many others the fallback.

    python -m rehearsal.recogniser.measure SAMPLES IN_SCOPE OUT_OF_SCOPE [--threshold 0.4] [--locale en_US]

SAMPLES is a Lex bot (AWS::Lex::Bot properties) or an Alexa interaction model as JSON, or a TSV
`intent<TAB>sample`; IN_SCOPE is a TSV `intent<TAB>utterance`; OUT_OF_SCOPE holds one utterance a line.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rehearsal.recogniser.from_alexa import from_alexa
from rehearsal.recogniser.from_lex import from_lex
from rehearsal.recogniser.grammar import Grammar, Intent, Slot
from rehearsal.recogniser.recogniser import Recogniser
from rehearsal.recogniser.training_set import SLOT


@dataclass(frozen=True, slots=True)
class Measurement:
    """What came of both sets at the grammar's one threshold."""

    in_scope: int
    """Utterances that belong to an intent."""
    recalled: int
    """Those of them whose intent came first, above the threshold."""
    out_of_scope: int
    """Utterances that belong to none."""
    rejected: int
    """Those of them that reached the fallback."""
    confusions: tuple[tuple[str, str, int], ...]
    """(expected, understood, how often), most frequent first."""
    accepted: tuple[tuple[str, str], ...]
    """(utterance, intent) of the out-of-scope ones that were taken for something."""

    @property
    def recall(self) -> float:
        """Share of the in-scope utterances that reached their intent, 0 to 1."""
        return self.recalled / self.in_scope if self.in_scope else 0.0

    @property
    def rejection(self) -> float:
        """Share of the out-of-scope utterances that reached the fallback, 0 to 1."""
        return self.rejected / self.out_of_scope if self.out_of_scope else 0.0


def measure(recogniser: Recogniser, known: Sequence[tuple[str, str]], foreign: Sequence[str]) -> Measurement:
    """Puts (intent, utterance) pairs and foreign utterances to the recogniser."""
    understood = [(intent, recogniser.recognise(text)[0].intent) for intent, text in known]
    wrong = Counter(pair for pair in understood if pair[0] != pair[1])
    taken = [(text, recogniser.recognise(text)[0].intent) for text in foreign]
    accepted = tuple(pair for pair in taken if pair[1] != recogniser.grammar.fallback)
    return Measurement(
        in_scope=len(known),
        recalled=len(known) - wrong.total(),
        out_of_scope=len(foreign),
        rejected=len(foreign) - len(accepted),
        confusions=tuple((expected, got, count) for (expected, got), count in wrong.most_common()),
        accepted=accepted,
    )


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """The (intent, utterance) pairs of a TSV; raises ValueError with the line that is none."""
    pairs: list[tuple[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            intent, tab, utterance = line.partition("\t")
            if not tab:
                raise ValueError(f"{path.name}:{number}: write the intent, a tab, and the utterance")
            pairs.append((intent.strip(), utterance.strip()))
    return pairs


def read_lines(path: Path) -> list[str]:
    """The utterances of a file, one a line."""
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def grammar_of_pairs(pairs: Iterable[tuple[str, str]]) -> Grammar:
    """A grammar of bare samples; slots in them take any words."""
    samples: dict[str, list[str]] = {}
    for intent, sample in pairs:
        samples.setdefault(intent, []).append(sample)
    return Grammar(
        tuple(
            Intent(
                name,
                tuple(said),
                tuple(Slot(slot, "AMAZON.SearchQuery") for slot in dict.fromkeys(SLOT.findall(" ".join(said)))),
            )
            for name, said in samples.items()
        )
    )


def read_grammar(path: Path, locale: str) -> Grammar:
    """The grammar of a bot, a skill or a TSV of samples."""
    if path.suffix != ".json":
        return grammar_of_pairs(read_pairs(path))
    definition = json.loads(path.read_text(encoding="utf-8"))
    if "interactionModel" in definition:
        return from_alexa(definition)
    return from_lex(definition.get("Properties", definition), locale)


def report(measurement: Measurement, threshold: float, most: int = 15) -> list[str]:
    """The figures and the worst mistakes, line by line."""
    lines = [
        f"in scope      {measurement.recall:6.1%}  "
        f"({measurement.recalled} of {measurement.in_scope} reach their intent)",
        f"out of scope  {measurement.rejection:6.1%}  "
        f"({measurement.rejected} of {measurement.out_of_scope} reach the fallback)",
        f"threshold     {threshold:6.2f}",
    ]
    lines.extend(f"{count:4}  {expected} -> {got}" for expected, got, count in measurement.confusions[:most])
    lines.extend(f'      "{text}" -> {intent}' for text, intent in measurement.accepted[:most])
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the files that the command line names and prints the report."""
    parser = argparse.ArgumentParser(prog="measure", description="Recall in scope and rejection out of scope.")
    parser.add_argument("samples", type=Path)
    parser.add_argument("in_scope", type=Path)
    parser.add_argument("out_of_scope", type=Path)
    parser.add_argument("--threshold", type=float, default=None)
    parser.add_argument("--locale", default="en_US")
    options = parser.parse_args(arguments)
    grammar = read_grammar(options.samples, options.locale)
    if options.threshold is not None:
        grammar = replace(grammar, threshold=options.threshold)
    measurement = measure(Recogniser.train(grammar), read_pairs(options.in_scope), read_lines(options.out_of_scope))
    print("\n".join(report(measurement, grammar.threshold)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

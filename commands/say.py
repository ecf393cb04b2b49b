"""`throughline say "I lost my card"`: what is understood, and why."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from commands import Subparsers
from commands.check import DIALOGUE, checked


def add(subparsers: Subparsers) -> None:
    """Declare the subcommand."""
    found = subparsers.add_parser("say", help="what is understood of a sentence, and why", description=__doc__)
    found.add_argument("text", help="what a customer might say")
    found.add_argument("--asked", metavar="INTENT.SLOT", default="", help="as the answer to this slot's question")
    found.add_argument("--folder", type=Path, default=DIALOGUE, help="where bank.yaml is (dialogue)")
    found.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the explanation; 1 if the model has errors, 2 for an unknown slot."""
    import compiler
    from rehearsal.recogniser import Recogniser, explain, from_lex
    from rehearsal.world import CACHE

    source = checked(args.folder, sys.stderr)
    if source is None:
        return 1
    intent, _, slot = args.asked.partition(".")
    known = source.default.intents.get(intent)
    if args.asked and (known is None or slot not in known.shape.slots):
        print(f"there is no slot {args.asked}: name it as Intent.slot", file=sys.stderr)
        return 2
    CACHE.mkdir(parents=True, exist_ok=True)
    grammar = from_lex(compiler.lex_bot(source, hooks=True), source.default_locale)
    recogniser = Recogniser.cached(CACHE, grammar)
    print("\n".join(explain(recogniser, args.text, eliciting=(intent, slot) if args.asked else None).lines()))
    return 0

"""The composition: the authored dialogue and the settings in, the stacks out.

`python app.py` writes them to cdk.out, as `make synth` does, and `cdk deploy` before it deploys. The
settings are the context in cdk.json; `cdk deploy -c alexa_skill_id=amzn1.ask.skill.…` overrides one.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import compiler
from stacks import App
from stacks.bot import Bot
from stacks.customers import Customers
from stacks.skill import Skill, write_package

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Compile the dialogue, and synthesise."""
    try:
        source = compiler.load(ROOT / "dialogue")
    except compiler.Problems as problems:
        sys.exit(str(problems))
    _ship(compiler.compiled(source)["model.json"], ROOT / "lambdas" / "model.json")

    out = Path(os.environ.get("CDK_OUTDIR", ROOT / "cdk.out"))
    context = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
    app = App(outdir=str(out), context=context, analytics_reporting=False)
    customers = Customers(app, "Customers", ledger=str(app.node.get_context("bank_ledger")) in ("True", "true"))
    Bot(
        app,
        "Bot",
        customers=customers,
        hooked=compiler.lex_bot(source, hooks=True),
        hookless=compiler.lex_bot(source, hooks=False),
    )
    Skill(app, "Skill", customers=customers, skill_id=app.node.get_context("alexa_skill_id"))
    app.synth()
    write_package(out / "skill-package", source)


def _ship(model: str, file: Path) -> None:
    """Put the compiled model beside the code; who reads it meanwhile sees no half of it unless it changed."""
    if not file.exists() or file.read_text("utf-8") != model:
        file.write_text(model, "utf-8")


if __name__ == "__main__":
    main()

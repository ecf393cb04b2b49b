"""The composition: the authored dialogue and an environment's settings in, the stacks out.

`python app.py` writes them to cdk.out, as `make synth` does, and `cdk deploy` before it deploys. The settings
are those of environments/dev.yaml; `-c environment=prod` names another file, `-c alexa.skill_id=…` overrides one.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import compiler
import deployment
from stacks import App
from stacks.bank import Bank
from stacks.bot import Bot
from stacks.customers import Customers
from stacks.desk import Desk
from stacks.observability import Observability
from stacks.people import People
from stacks.phone.queues import UnknownQueue
from stacks.phone.stack import Phone
from stacks.records import Records
from stacks.skill import Skill, write_package
from stacks.trails import Trails
from stacks.turns import Behind
from telephony.findings import FlowsRefused
from telephony.flow import FlowProblem

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Synthesise as cdk.json and the command line say."""
    context = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
    try:
        compose(Path(os.environ.get("CDK_OUTDIR", ROOT / "cdk.out")), context)
    except (compiler.Problems, FlowProblem, FlowsRefused, UnknownQueue) as problems:
        sys.exit(str(problems))


def compose(
    out: Path,
    context: Mapping[str, object],
    *,
    dialogue: Path = ROOT / "dialogue",
    watching: Callable[[App], None] = lambda app: None,
) -> None:
    """Compile the dialogue, and synthesise it into `out` with an environment of `context`, CDK's own added.

    `watching` may add rule sets to the app before anything is in it. Raises Problems of settings and dialogue.
    """
    app = App(outdir=str(out), context=dict(context), analytics_reporting=False)
    watching(app)
    environment = deployment.load(ROOT, app.node.get_all_context())
    source = compiler.load(dialogue)
    _ship(compiler.compiled(source)["model.json"], ROOT / "lambdas" / "model.json")

    trails = Trails(app, "Trails", environment=environment)
    customers = Customers(app, "Customers", environment=environment)
    people = People(app, "People", environment=environment, trails=trails) if environment.people.enabled else None
    bank = Bank(app, "Bank", environment=environment, customers=customers) if environment.reference_bank else None
    records = Records(app, "Records", environment=environment, trails=trails, customers=customers, people=people)
    others = [records.records, records.rotate_keys]
    if people is not None:
        desk = Desk(
            app,
            "Desk",
            environment=environment,
            trails=trails,
            customers=customers,
            people=people,
            records=records,
        )
        others.append(desk.desk)
    behind = Behind(environment, trails, customers, people, bank)
    bot = Bot(
        app,
        "Bot",
        environment=environment,
        behind=behind,
        hooked=compiler.lex_bot(source, hooks=True),
        hookless=compiler.lex_bot(source, hooks=False),
    )
    bot.offer(bot.live.attr_arn)
    functions = {"lex": bot.lex_turn}
    if environment.phone.enabled and source.default.telephone is not None:
        phone = Phone(app, "Phone", environment=environment, behind=behind, bot=bot, source=source)
        others.extend(phone.functions)
    if environment.alexa.enabled:
        package = write_package(out / "skill-package", source)
        skill = Skill(app, "Skill", environment=environment, behind=behind, package=package)
        functions["alexa"] = skill.alexa_turn
    Observability(
        app,
        "Observability",
        environment=environment,
        trails=trails,
        functions=functions,
        others=others,
        people=people,
    )
    app.synth()
    for channel, why in environment.absent():
        print(f"· without {channel}: {why}", file=sys.stderr)


def _ship(model: str, file: Path) -> None:
    """Put the compiled model beside the code; who reads it meanwhile sees no half of it unless it changed."""
    if not file.exists() or file.read_text("utf-8") != model:
        file.write_text(model, "utf-8")


if __name__ == "__main__":
    main()

"""What others say of the templates: cdk-nag, cfn-lint, CDK's own report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.synth.composer import Composer
from tests.synth.conftest import FULL, ROOT, Assembly, Synthesise, templates


@pytest.mark.parametrize("context", [{}, FULL, {"environment": "prod"}], ids=["as committed", "everything on", "prod"])
def test_cdk_nag_finds_nothing_that_is_not_accepted_with_a_reason(
    composer: Composer, tmp_path: Path, context: dict[str, object]
) -> None:
    assert composer.compose(tmp_path, context, nag="accepting").failed == ""
    report = nags(tmp_path)
    assert report["conclusion"] == "success"


def test_all_that_is_accepted_is_found_by_cdk_nag_where_it_is_accepted(composer: Composer, tmp_path: Path) -> None:
    composed = composer.compose(tmp_path, FULL, nag="accepting nothing")
    assert "ValidationFailed" in composed.failed
    report = nags(tmp_path)
    found = [
        (f"AwsSolutions::{violation['ruleName']}", construct["constructPath"])
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    ]
    for rule, path in composed.noted:
        assert any(seen == rule and _within(at, path) for seen, at in found), (rule, path)
    assert all(any(_within(at, path) for _, path in composed.noted) for _, at in found)


def nags(folder: Path) -> dict[str, Any]:
    """What cdk-nag found; CDK's own validation reports beside it where something of it is accepted."""
    reports = json.loads((folder / "validation-report.json").read_text("utf-8"))["pluginReports"]
    (report,) = (one for one in reports if one["pluginName"] == "AwsSolutions")
    return dict(report)


def _within(at: str, path: str) -> bool:
    return at == path or at.startswith(f"{path}/")


def test_cdks_own_validation_finds_nothing(assembly: Assembly, otherwise: Assembly, full: Assembly) -> None:
    for each in (assembly, otherwise, full):
        report = json.loads((each.folder / "validation-report.json").read_text("utf-8"))
        assert [one for one in report["pluginReports"] if one.get("conclusion") != "success"] == []


def test_cfn_lint_accepts_every_environment(otherwise: Assembly, full: Assembly) -> None:
    for each in (otherwise, full):
        files = sorted(map(str, each.folder.glob("*.template.json")))
        # W3005: CDK writes a DependsOn beside a GetAtt to the same resource, which is twice the same thing.
        # W3694: a topic calls a function's alias by its ARN as well as the function.
        lint = [str(Path(sys.executable).with_name("cfn-lint")), "--ignore-checks", "W3005", "W3694", "--", *files]
        done = subprocess.run(lint, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_a_changed_utterance_changes_bots_versions_and_pointers_and_nothing_else(
    assembly: Assembly, synthesise: Synthesise, tmp_path: Path
) -> None:
    dialogue = tmp_path / "dialogue"
    _copied(ROOT / "dialogue", dialogue)
    file = dialogue / "intents" / "check_balance.yaml"
    text = file.read_text("utf-8")
    assert "utterances:\n" in text
    more = "utterances:\n  - tell me my balance in this very moment\n"
    file.write_text(text.replace("utterances:\n", more, 1), "utf-8")
    other = synthesise(dialogue=dialogue)
    changed: set[str] = set()
    before, after = templates(assembly), templates(other)
    for name, template in before.items():
        ours, theirs = template["Resources"], after[name]["Resources"]
        for id in ours.keys() | theirs.keys():
            if ours.get(id) != theirs.get(id):
                changed.add((ours.get(id) or theirs[id])["Type"])
    assert changed == {"AWS::Lex::Bot", "AWS::Lex::BotVersion", "AWS::Lex::BotAlias"}
    package = "skill-package/interactionModels/custom/en-US.json"
    assert (assembly.folder / package).read_bytes() != (other.folder / package).read_bytes()


def _copied(folder: Path, to: Path) -> None:
    for file in folder.rglob("*.yaml"):
        target = to / file.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())

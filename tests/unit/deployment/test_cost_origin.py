"""Whose bill it is, as the assembly's manifest tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import commands
from deployment import cost

TEMPLATE = json.dumps(
    {"Resources": {"It": {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "lex_turn.handler"}}}}
)
NOWHERE = "aws://unknown-account/unknown-region"


def assembly(folder: Path, stacks: dict[str, str]) -> Path:
    """An assembly with a stack by each of these names, for the target beside it."""
    artifacts: dict[str, object] = {"Tree": {"type": "cdk:tree"}}
    for number, (name, target) in enumerate(stacks.items()):
        properties = {"stackName": name}
        artifacts[f"S{number}"] = {"type": "aws:cloudformation:stack", "environment": target, "properties": properties}
        (folder / f"S{number}.template.json").write_text(TEMPLATE, "utf-8")
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), "utf-8")
    return folder


def asked(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Status, output and complaint of the command for a month of silence."""
    silence = ("--lex-text", "0", "--alexa", "0")
    status = commands.main(["cost", "--assembly", str(folder), *silence, *arguments])
    printed = capsys.readouterr()
    return status, " ".join(printed.out.split()), printed.err


def test_the_bill_names_the_environment_and_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assembly(tmp_path, {"throughline-dev-bot": NOWHERE, "throughline-dev-anything": NOWHERE})
    status, printed, _ = asked(capsys, tmp_path, "-c", "environment=dev")
    assert status == 0
    assert f"of the environment dev, read from {tmp_path}" in printed
    found = json.loads(asked(capsys, tmp_path, "--json")[1])
    assert (found["environment"], found["read_from"]) == ("dev", str(tmp_path))
    assert (found["region"], found["region_of_templates"]) == ("us-east-1", "unknown-region")


@given(st.from_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", fullmatch=True))
def test_an_environments_name_may_have_hyphens(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = assembly(tmp_path_factory.mktemp("assembly"), {f"throughline-{name}-customers": NOWHERE})
    assert cost.origin(folder).environments == (name,)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("aws://123456789012/us-east-1", "Prices are those of us-east-1, where the templates deploy to."),
        ("aws://unknown-account/eu-west-1", "us-east-1, though the templates name eu-west-1: there they differ."),
        (NOWHERE, "us-east-1 wherever it is deployed to; the templates name no region (unknown-region)."),
    ],
)
def test_the_bill_says_whose_prices_it_has(
    target: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told in asked(capsys, assembly(tmp_path, {"throughline-dev-bot": target}))[1]


@pytest.mark.parametrize("stacks", [{"throughline-dev-bot": NOWHERE}, {"another-product": NOWHERE}, {}])
def test_templates_of_another_environment_are_not_taken_for_its_own(
    stacks: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, printed, complaint = asked(capsys, assembly(tmp_path, stacks), "--context", "environment=prod")
    assert (status, printed) == (2, "")
    assert "not of prod" in complaint and "`make synth ENVIRONMENT=prod`" in complaint
    assert ("of the environment dev," in complaint) == ("throughline-dev-bot" in stacks)


def test_stacks_of_two_environments_are_nobodys(tmp_path: Path) -> None:
    found = cost.origin(assembly(tmp_path, {"throughline-dev-bot": NOWHERE, "throughline-prod-bot": NOWHERE}))
    assert found.environments == ("dev", "prod")
    assert cost.mismatch(found, "dev") and cost.mismatch(found, "prod")


def test_without_a_manifest_only_the_folder_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "One.template.json").write_text(TEMPLATE, "utf-8")
    assert cost.origin(tmp_path) == cost.Origin(str(tmp_path))
    assert f"that no manifest names, read from {tmp_path}" in asked(capsys, tmp_path)[1]


@pytest.mark.parametrize("setting", ["lex.sentiment=false", "environment", "environment="])
def test_any_other_setting_is_refused_for_it_came_with_the_templates(
    setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        commands.main(["cost", "-c", setting])
    assert refused.value.code == 2
    assert "is not environment=NAME" in capsys.readouterr().err

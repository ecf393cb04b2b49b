from __future__ import annotations

import json

from tests.synth.conftest import SKILL, Assembly


def test_nobody_may_call_the_skills_endpoint_before_the_skill_is_known(assembly: Assembly) -> None:
    assert assembly.resources("Skill", "AWS::Lambda::Permission") == []
    function = assembly.one("Skill", "AWS::Lambda::Function", Handler="alexa_turn.handler")
    assert function.properties["Environment"]["Variables"]["SKILL_ID"] == ""


def test_only_the_one_skill_may_call_its_endpoint(otherwise: Assembly) -> None:
    alias = otherwise.one("Skill", "AWS::Lambda::Alias")
    permission = otherwise.one("Skill", "AWS::Lambda::Permission")
    assert permission.properties == {
        "Action": "lambda:InvokeFunction",
        "EventSourceToken": SKILL,
        "FunctionName": {"Ref": alias.id},
        "Principal": "alexa-appkit.amazon.com",
    }
    function = otherwise.one("Skill", "AWS::Lambda::Function", Handler="alexa_turn.handler")
    assert function.properties["Environment"]["Variables"]["SKILL_ID"] == SKILL


def test_the_skill_package_has_a_manifest_and_a_model_for_each_locale(assembly: Assembly) -> None:
    package = assembly.folder / "skill-package"
    manifest = json.loads((package / "skill.json").read_text("utf-8"))["manifest"]
    named = set(manifest["publishingInformation"]["locales"])
    models = {file.stem: json.loads(file.read_text("utf-8")) for file in package.glob("interactionModels/custom/*")}
    assert set(models) == named
    assert "en-US" in named
    for model in models.values():
        assert model["interactionModel"]["languageModel"]["invocationName"]

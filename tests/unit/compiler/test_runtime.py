"""The runtime's model: readable by the engine, complete, and the same bytes each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import compiler
from throughline.dialogue.model import STEP_UP, Base, Model, Role
from throughline.dialogue.phrases import PHRASES, TIERED, TIERS
from throughline.dialogue.values import canonical, fold

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "tests" / "models" / "ferry", ROOT / "dialogue"]


@pytest.fixture
def model(any_source: compiler.Source) -> Model:
    return Model.from_json(json.loads(json.dumps(compiler.compile_runtime(any_source))))


def test_every_universal_role_has_its_intent(model: Model) -> None:
    assert set(model.by_role) | STEP_UP == set(Role) - {Role.TASK, Role.ANSWER}
    assert model.intents[model.by_role[Role.CORRECT]].slots


def test_a_step_up_begins_with_an_action_and_ends_with_a_code(model: Model) -> None:
    proving = model.intents[model.by_role[Role.PROVE]]
    assert (proving.begin, proving.action, proving.slots[-1].sensitive) == ("prove.send", "prove.check", "code")
    assert model.prompt(model.default_locale, f"{proving.name}.begun") is not None


def test_what_only_protects_is_marked(any_source: compiler.Source) -> None:
    compiled = compiler.compile_runtime(any_source)
    marked = {name for name, intent in compiled["intents"].items() if intent.get("protective")}
    protecting = {"FreezeAccount", "ReportLostCard", "ReportFraud"}
    assert marked == (protecting if any_source.name == "Meridian" else set())


def test_every_prompt_that_the_engine_may_name_is_there(model: Model) -> None:
    prompts = model.words(model.default_locale).prompts
    wanted = {f"phrases.{name}" for name in PHRASES}
    wanted |= {f"phrases.{name}.{tier}" for name in TIERED for tier in range(TIERS)}
    for name, intent in model.intents.items():
        if intent.role is Role.ANSWER:
            wanted.add(f"{name}.answer")
        if intent.role is Role.TASK:
            wanted.add(f"{name}.done")
            wanted |= {f"{name}.{slot.name}.ask" for slot in intent.slots if slot.required}
            wanted |= {
                f"{name}.{slot.name}.again.{tier}" for slot in intent.slots if slot.required for tier in range(TIERS)
            }
        if intent.confirms:
            wanted.add(f"{name}.confirm")
    assert wanted <= set(prompts)
    assert all(prompt.say and prompt.show for prompt in prompts.values())


def test_no_screen_shows_a_tag(model: Model) -> None:
    for prompt in model.words(model.default_locale).prompts.values():
        assert not any("<" in text or "{ " in text for text in prompt.show)


def test_everything_has_a_label(model: Model) -> None:
    labels = model.words(model.default_locale).labels
    for name, intent in model.intents.items():
        assert labels[name]
        assert labels[f"{name}.doing"]
        assert all(labels[f"{name}.{slot.name}"] for slot in intent.slots)


def test_every_slot_has_a_type_and_every_choice_its_words(model: Model) -> None:
    words = model.words(model.default_locale).values
    for intent in model.intents.values():
        assert all(slot.type in model.slot_types for slot in intent.slots)
    for name, slot_type in model.slot_types.items():
        if slot_type.base is Base.CHOICE:
            assert tuple(words[name]) == slot_type.values


def test_every_name_and_synonym_means_its_value(model: Model) -> None:
    for type_name, values in model.words(model.default_locale).values.items():
        if model.slot_types[type_name].base is Base.CHOICE:
            for value, names in values.items():
                for name in names:
                    assert canonical(model, model.default_locale, type_name, name) == value


def test_keywords_are_folded_and_lead_to_intents(model: Model) -> None:
    keywords = model.words(model.default_locale).keywords
    assert all(fold(said) == said and intent in model.intents for said, intent in keywords.items())
    assert keywords["help"] == model.by_role[Role.HELP]


def test_platforms_names_lead_to_our_intents(model: Model) -> None:
    assert model.intent("AMAZON.YesIntent") is model.intents[model.by_role[Role.YES]]
    assert model.intent("FallbackIntent") is model.intents[model.by_role[Role.FALLBACK]]
    assert model.intent("AMAZON.FallbackIntent") is model.intent("FallbackIntent")


def test_a_former_name_leads_to_todays_intent(source: compiler.Source) -> None:
    model = Model.from_json(compiler.compile_runtime(source))
    assert model.intent("ReserveSeat") is model.intents["BookCrossing"]


def test_a_correction_takes_each_kind_of_value_and_the_label(source: compiler.Source) -> None:
    model = Model.from_json(compiler.compile_runtime(source))
    slots = {slot.name: slot.type for slot in model.intents["Correct"].slots}
    assert slots == {
        "city": "city", "date": "date", "digits": "digits", "email": "email", "name": "name",
        "number": "number", "phone": "phone", "refund_way": "refund_way", "route": "route", "time": "time",
        "vehicle": "vehicle", "which": "slot_label",
    }  # fmt: skip
    assert not any(slot.required for slot in model.intents["Correct"].slots)
    assert canonical(model, "en_US", "slot_label", "number of passengers") == "passengers"
    assert "code" not in model.slot_types["slot_label"].values


def test_the_version_changes_with_any_word_and_with_nothing_else(tmp_path: Path) -> None:
    import shutil

    first = compiler.compile_runtime(compiler.load(FOLDERS[0]))["version"]
    copy = tmp_path / "elsewhere"
    shutil.copytree(FOLDERS[0], copy)
    assert compiler.compile_runtime(compiler.load(copy))["version"] == first
    phrases = copy / "phrases.yaml"
    phrases.write_text("# a comment\n" + phrases.read_text(encoding="utf-8"), encoding="utf-8")
    assert compiler.compile_runtime(compiler.load(copy))["version"] == first
    phrases.write_text(phrases.read_text(encoding="utf-8").replace("Fair winds", "Fair seas"), encoding="utf-8")
    assert compiler.compile_runtime(compiler.load(copy))["version"] != first


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_two_processes_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    written = []
    for seed in ("1", "2718"):
        out = tmp_path / seed
        subprocess.run(
            [sys.executable, "-m", "commands", "compile", str(folder), "--out", str(out)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'lambdas'}"},
            check=True,
            capture_output=True,
        )
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert written[0] == written[1]
    assert set(written[0]) == {"model.json", "lex.json", "ear.json", "alexa.en_US.json"}
    assert all(content.endswith(b"}\n") and b"\r" not in content for content in written[0].values())

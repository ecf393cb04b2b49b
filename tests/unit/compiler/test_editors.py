"""The schemas that editors complete from agree with the compiler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import compiler

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "tests" / "models" / "ferry", ROOT / "dialogue"]


def keys_as_text(data: Any) -> Any:
    """JSON has no keys but texts."""
    if isinstance(data, dict):
        return {str(key): keys_as_text(value) for key, value in data.items()}
    return [keys_as_text(item) for item in data] if isinstance(data, list) else data


class Words(yaml.SafeLoader):
    """Reads `yes` and `no` as words, as an editor's YAML 1.2 does."""


Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Words.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"), list("tf"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_every_authored_file_fits_its_schema(folder: Path) -> None:
    schemas = {name: Draft202012Validator(schema) for name, schema in compiler.schema().items()}
    files = [("bank", folder / "bank.yaml"), ("slot_types", folder / "slot_types.yaml")]
    files += [("phrases", folder / "phrases.yaml")]
    files += [("telephone", file) for file in folder.glob("telephone.yaml")]
    files += [("intent", file) for file in sorted((folder / "intents").glob("*.yaml"))]
    for name, file in files:
        data = keys_as_text(yaml.load(file.read_text(encoding="utf-8"), Loader=Words))
        faults = [f"{list(e.absolute_path)}: {e.message}" for e in schemas[name].iter_errors(data)]
        assert faults == [], file.name


def test_the_schemas_are_schemas_and_know_the_keys() -> None:
    schemas = compiler.schema()
    assert set(schemas) == {"bank", "intent", "slot_types", "phrases", "telephone"}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    assert {"keywords", "utterances", "is", "confirm", "slots"} <= set(schemas["intent"]["properties"])
    assert "variants" not in schemas["intent"]["properties"]
    assert "welcome" in schemas["phrases"]["required"]
    faults = Draft202012Validator(schemas["intent"]).iter_errors({"intent": "A", "is": "b", "utterences": []})
    assert any("utterences" in fault.message for fault in faults)


def test_an_editor_marks_a_slot_in_a_keyword_and_takes_one_in_an_utterance() -> None:
    intent = Draft202012Validator(compiler.schema()["intent"])
    said = {"intent": "A", "is": "b", "keywords": ["help", "go to {place}"], "utterances": ["go to {place}"]}
    assert [list(fault.absolute_path) for fault in intent.iter_errors(said)] == [["keywords", 1]]
    assert "no recogniser answers" in compiler.schema()["intent"]["properties"]["keywords"]["description"]


def test_schemas_are_written_for_editors(tmp_path: Path) -> None:
    names = [path.name for path in compiler.write_schema(tmp_path)]
    assert names == ["bank.json", "intent.json", "slot_types.json", "phrases.json", "telephone.json"]

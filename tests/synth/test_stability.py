from __future__ import annotations

from pathlib import Path

from tests.synth.conftest import ROOT, Assembly, Synthesise


def files(folder: Path) -> dict[str, bytes]:
    every = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in every}


def test_two_syntheses_are_equal_to_the_byte(assembly: Assembly, synthesise: Synthesise) -> None:
    first, second = files(assembly.folder), files(synthesise(hash_seed=1).folder)
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_templates_name_no_account_region_or_machine(assembly: Assembly) -> None:
    for template in assembly.folder.glob("*.template.json"):
        text = template.read_text("utf-8")
        assert str(ROOT) not in text
        assert "arn:aws:" not in text
        assert "us-east-1" not in text.replace("price in us-east-1", "price")

"""A valid model to break: a copy of the ferry line's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import compiler

FERRY = Path(__file__).parents[2] / "models" / "ferry"
BANK = Path(__file__).parents[3] / "dialogue"


class Copy:
    """A model's folder that a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.text(name)
        assert old in text, f"{name} no longer holds {old!r}"
        self.write(name, text.replace(old, new, 1))

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()

    def problems(self) -> tuple[compiler.Problem, ...]:
        try:
            return compiler.load(self.folder).warnings
        except compiler.Problems as found:
            return found.problems

    def errors(self) -> list[compiler.Problem]:
        return [p for p in self.problems() if p.severity is compiler.Severity.ERROR]


@pytest.fixture
def ferry(tmp_path: Path) -> Copy:
    folder = tmp_path / "ferry"
    shutil.copytree(FERRY, folder)
    return Copy(folder)


@pytest.fixture(scope="session")
def source() -> compiler.Source:
    return compiler.load(FERRY)


@pytest.fixture(scope="session", params=[FERRY, BANK], ids=["ferry", "bank"])
def any_source(request: pytest.FixtureRequest) -> compiler.Source:
    folder: Path = request.param
    return compiler.load(folder)

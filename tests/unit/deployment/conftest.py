"""A repository's root with settings files of a test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

import deployment
from compiler import Problem, Problems


class Root:
    """What `deployment.load` is given, and what it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))

    def load(self, text: str | None = None, name: str = "dev", **context: object) -> deployment.Environment:
        return self.given({"environment": name, **context}, text, name)

    def given(self, context: dict[str, object], text: str | None = None, name: str = "dev") -> deployment.Environment:
        if text is not None:
            self.write(f"environments/{name}.yaml", text)
        return deployment.load(self.folder, context)

    def told(
        self, text: str | None = None, context: dict[str, object] | None = None, name: str = "dev"
    ) -> tuple[Problem, ...]:
        try:
            self.given({"environment": name, **(context or {})}, text, name)
        except Problems as found:
            return found.problems
        return ()


@pytest.fixture
def root(tmp_path: Path) -> Root:
    folder = tmp_path / "repository"
    folder.mkdir()
    made = Root(folder)
    made.write("environments/dev.yaml", "")
    return made

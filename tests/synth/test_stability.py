from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synth.conftest import ROOT, Assembly


def files(folder: Path) -> dict[str, bytes]:
    every = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in every}


def test_two_syntheses_are_equal_to_the_byte(assembly: Assembly, tmp_path: Path) -> None:
    own = {"CDK_OUTDIR": str(tmp_path), "PYTHONHASHSEED": "1"}
    subprocess.run([sys.executable, str(ROOT / "app.py")], env={**os.environ, **own}, check=True, capture_output=True)
    first, second = files(assembly.folder), files(tmp_path)
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_templates_name_no_account_region_or_machine(assembly: Assembly) -> None:
    for template in assembly.folder.glob("*.template.json"):
        text = template.read_text("utf-8")
        assert str(ROOT) not in text
        assert "arn:aws:" not in text
        assert "us-east-1" not in text.replace("price in us-east-1", "price")


def test_one_worker_synthesises(request: pytest.FixtureRequest) -> None:
    """Where groups are lost, each worker does it anew, and no failure shows it."""
    assert "PYTEST_XDIST_WORKER" not in os.environ or request.node.nodeid.endswith("@synth")

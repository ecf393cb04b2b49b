"""`throughline check` and `throughline compile`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Protocol

import pytest

import commands
from commands import check


class Copy(Protocol):
    folder: Path

    def replace(self, name: str, old: str, new: str) -> None: ...


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_check_accepts_a_good_model(ferry: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["check", str(ferry.folder)]) == 0
    assert "Skerry Line: 20 intents" in capsys.readouterr().out


def test_check_prints_every_problem_and_fails(ferry: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    ferry.replace("intents/yes.yaml", "[yes, yeah", '[yes, "yeah!"')
    ferry.replace("bank.yaml", "voice: Matthew", "voice: Nobody")
    assert commands.main(["check", str(ferry.folder)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert any(line.endswith("Leave it out: nobody speaks punctuation.") for line in out)
    assert out[-1].startswith("2 errors, ")
    assert "\x1b" not in "".join(out)


def test_colours_are_for_terminals(ferry: Copy) -> None:
    ferry.replace("bank.yaml", "voice: Matthew", "voice: Nobody")
    terminal, file = Terminal(), io.StringIO()
    assert check.checked(ferry.folder, terminal) is None
    assert check.checked(ferry.folder, file) is None
    assert "\x1b[31m" in terminal.getvalue()
    assert "\x1b" not in file.getvalue()


def test_compile_writes_the_four_files(ferry: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert commands.main(["compile", str(ferry.folder), "--out", str(out)]) == 0
    assert sorted(p.name for p in out.iterdir()) == ["alexa.en_US.json", "ear.json", "lex.json", "model.json"]
    assert str(out / "model.json") in capsys.readouterr().out


def test_compile_writes_nothing_from_a_broken_model(ferry: Copy, tmp_path: Path) -> None:
    ferry.replace("bank.yaml", "voice: Matthew", "voice: Nobody")
    assert commands.main(["compile", str(ferry.folder), "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


def test_compile_writes_the_editors_schemas_beside_the_model(ferry: Copy) -> None:
    assert commands.main(["compile", str(ferry.folder), "--schema"]) == 0
    assert (ferry.folder / ".schema" / "intent.json").is_file()
    assert commands.main(["check", str(ferry.folder)]) == 0


def test_an_unknown_subcommand_is_refused() -> None:
    with pytest.raises(SystemExit):
        commands.main(["sing"])

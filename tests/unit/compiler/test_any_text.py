"""Whatever stands in the files, the author gets problems with places, never a crash."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import compiler

FERRY = Path(__file__).parents[2] / "models" / "ferry"
FILES = sorted(path.relative_to(FERRY).as_posix() for path in FERRY.rglob("*.yaml"))
WORDS = "{} [] [ { } \" ' \t &a *a !x ~ null {route} {{a}} <p> </p> & 0 -1 1e999 NaN task date text".split(" ")
MARKS = ["", ": ", "- ", "\u0000", "\u202e", "\U0001f6a2", "- - -", "? a", "---\na: b"]
SCRAPS = st.sampled_from([*WORDS, *MARKS]) | st.text(max_size=12)


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, int, str, str]]:
    return draw(
        st.lists(
            st.tuples(
                st.sampled_from(FILES),
                st.integers(0, 80),
                st.sampled_from(["delete", "double", "insert", "value", "key", "cut"]),
                SCRAPS,
            ),
            min_size=1,
            max_size=4,
        )
    )


def edited(text: str, at: int, how: str, scrap: str) -> str:
    lines = text.splitlines()
    i = at % len(lines) if lines else 0
    line = lines[i] if lines else ""
    key, colon, value = line.partition(":")
    indent = key[: len(key) - len(key.lstrip())]
    changed = {
        "delete": [],
        "double": [line, line],
        "insert": [line, indent + scrap],
        "value": [f"{key}{colon} {scrap}"],
        "key": [f"{indent}{scrap}{colon}{value}"],
        "cut": [line[: len(line) // 2]],
    }[how]
    return "\n".join([*lines[:i], *changed, *lines[i + 1 :]]) + "\n"


@settings(max_examples=120, deadline=None)
@given(edits())
def test_any_edit_gives_a_model_or_problems_with_places(changes: list[tuple[str, int, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "ferry"
        shutil.copytree(FERRY, folder)
        for name, at, how, scrap in changes:
            path = folder / name
            text = edited(path.read_text(encoding="utf-8"), at, how, scrap)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        problems = told(folder)
    assert all(p.place.line >= 1 and p.place.column >= 1 and p.message for p in problems)


def told(folder: Path) -> tuple[compiler.Problem, ...]:
    try:
        source = compiler.load(folder)
    except compiler.Problems as found:
        return found.errors
    # What passes the checks can be compiled for every platform.
    compiler.compiled(source)
    return source.warnings

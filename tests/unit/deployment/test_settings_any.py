"""Whatever stands in a settings file or in the context, there come settings or problems, never a crash."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

import deployment
from compiler import Problem, Problems
from compiler.places import Place
from deployment.shapes import settings as paths

ROOT = Path(__file__).parents[3]
DEV = (ROOT / "environments" / "dev.yaml").read_text("utf-8")
KEYS = sorted({".".join(map(str, path)) for path in paths()} | {"environment", "name", "tags.a", "tags.", "a.b", ""})
WORDS = [
    "{}", "[]", "[", "{", "}", "\"", "'", "\t", "&a", "*a", "!x", "~", "null", "true", "no", "0",
    "-1", "1e999", ".nan", "07", "{a:b}", "{vendor_id:}", "-", "?", "|", ">", "@", "`", "%", "\\",
    "{guests: no}", "{a: {b: [c]}}", "{\ud800: 1}",
]  # fmt: skip
SCRAPS = st.sampled_from([*WORDS, *KEYS, "\u0000", "\u202e", "---\na: b", "\ufeff", "a@b.c", "9" * 5000]) | st.text(
    max_size=12
)
TEXTS = st.text(max_size=60) | st.lists(
    st.tuples(
        st.sampled_from(["", "  ", "    ", "- ", "\t"]), st.sampled_from([k.split(".")[-1] for k in KEYS]), SCRAPS
    ),
    max_size=8,
).map(lambda lines: "\n".join(f"{indent}{key}: {scrap}" for indent, key, scrap in lines))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | SCRAPS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCRAPS, inner, max_size=3),
    max_leaves=6,
)


def told(file: bytes, context: dict[str, object], cdk: bytes = b"{}") -> None:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "environments").mkdir()
        (root / "environments" / "dev.yaml").write_bytes(file)
        (root / "cdk.json").write_bytes(cdk)
        problems = problems_of(root, context)
    for problem in problems:
        assert problem.place.line >= 1 and problem.place.column >= 1
        assert problem.message.endswith((".", "?"))


def problems_of(root: Path, context: dict[str, object]) -> tuple[Problem, ...]:
    try:
        assert deployment.load(root, context).name == "dev"
    except Problems as found:
        return found.problems or (Problem(Place("", 0, 0), "no reason was given"),)
    return ()


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.dictionaries(st.sampled_from(KEYS) | SCRAPS, VALUES, max_size=4))
@example("a: &a [*a]", {})
@example("a: " + "[" * 50_000, {})
@example("- " * 40_000, {})
@example("a: b\n" * 30_000, {})
@example("", {"kept.logs_days": 10**5000, "lex": [[[[[[[[[[[]]]]]]]]]]], "tags": object()})
@example("", {"tags": "{" * 50_000, "lex": "{a: &a [*a]}", "watched.alarm_emails": "[" * 50_000})
@example("", {"lex": "x", "lex.guests": True, "alexa.vendor": {"x": 1}, "alexa.vendor.vendor_id": "M0EXAMPLE"})
def test_any_file_and_context_give_settings_or_problems_with_places(text: str, context: dict[str, object]) -> None:
    told(text.encode("utf-8", "surrogatepass"), context)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 120), st.sampled_from(["delete", "double", "value", "key", "indent", "cut"]), SCRAPS)
def test_any_edit_of_the_example_gives_settings_or_problems(at: int, how: str, scrap: str) -> None:
    lines = DEV.splitlines()
    i = at % len(lines)
    key, colon, value = lines[i].partition(":")
    changed = {
        "delete": [],
        "double": [lines[i], lines[i]],
        "value": [f"{key}{colon} {scrap}"],
        "key": [f"{scrap}{colon}{value}"],
        "indent": [f"  {lines[i]}"],
        "cut": [lines[i][: len(lines[i]) // 2]],
    }[how]
    told("\n".join([*lines[:i], *changed, *lines[i + 1 :]]).encode("utf-8", "surrogatepass"), {})


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
@example(b"\xff\xfe", b"[" * 10)
@example(b"", b'{"context": [1]}')
def test_any_bytes_give_settings_or_problems(file: bytes, cdk: bytes) -> None:
    told(file, {"lex.guests": "false"}, cdk)

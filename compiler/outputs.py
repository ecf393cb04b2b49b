"""Writing what was compiled: the same bytes for the same source, whenever and wherever."""

from __future__ import annotations

from pathlib import Path

from compiler.alexa import alexa_model
from compiler.canonical import dumps
from compiler.editors import schema
from compiler.lex import lex_bot
from compiler.runtime import compile_runtime
from compiler.source import Source
from compiler.voices import alexa_locale


def compiled(source: Source) -> dict[str, str]:
    """File name to content: `model.json`, `lex.json`, `ear.json` `alexa.<locale>.json`."""
    files = {
        "model.json": dumps(compile_runtime(source)),
        "lex.json": dumps(lex_bot(source, hooks=True)),
        "ear.json": dumps(lex_bot(source, hooks=False)),
    }
    for locale in source.editions:
        if alexa_locale(locale):
            files[f"alexa.{locale}.json"] = dumps(alexa_model(source, locale))
    return files


def write(folder: Path, source: Source) -> tuple[Path, ...]:
    """Write every output into `folder`, which is made if need be; the paths written."""
    return _written(folder, compiled(source))


def write_schema(folder: Path) -> tuple[Path, ...]:
    """Write the editors' schemas into `folder`; the paths written."""
    return _written(folder, {f"{name}.json": dumps(content) for name, content in schema().items()})


def _written(folder: Path, files: dict[str, str]) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files.items():
        path = folder / name
        path.write_text(content, encoding="utf-8", newline="\n")
        paths.append(path)
    return tuple(paths)

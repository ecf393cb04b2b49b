"""The JSON Schema of a settings file, for completion and checks while typing.

With the YAML language server a file names it in its first line:
`# yaml-language-server: $schema=.schema/environment.json`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compiler.canonical import dumps
from deployment.shapes import EnvironmentShape

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema of `environments/<name>.yaml`."""
    return {"$schema": _DIALECT, **_untitled(EnvironmentShape.model_json_schema())}


def write_schema(folder: Path) -> tuple[Path, ...]:
    """Write it into `folder`, which is made if need be; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "environment.json"
    path.write_text(dumps(schema()), encoding="utf-8", newline="\n")
    return (path,)


def _untitled(content: Any) -> Any:
    """Without the titles that pydantic makes up from Python's names."""
    if isinstance(content, dict):
        return {k: _untitled(v) for k, v in content.items() if not (k == "title" and isinstance(v, str))}
    return [_untitled(item) for item in content] if isinstance(content, list) else content

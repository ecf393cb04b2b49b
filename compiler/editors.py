"""JSON Schemas of the authored files, for completion and checks while typing.

With the YAML language server a file names its schema in its first line, as in
`# yaml-language-server: $schema=../.schema/intent.json`.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from compiler.shapes import VARIANTS, BankShape, IntentShape, PhrasesShape, SlotTypeShape
from compiler.telephone_shapes import AuthoredTelephone

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, dict[str, Any]]:
    """File name (without .json) to JSON Schema: `bank`, `intent`, `slot_types`, `phrases`, `telephone`."""
    intent = IntentShape.model_json_schema(by_alias=True)
    variants = intent["properties"].pop("variants")
    intent["patternProperties"] = {f"^{prefix}[a-z0-9_]+$": variants["additionalProperties"] for prefix in VARIANTS}
    found = {
        "bank": BankShape.model_json_schema(by_alias=True),
        "intent": intent,
        "slot_types": TypeAdapter(dict[str, SlotTypeShape]).json_schema(by_alias=True),
        "phrases": PhrasesShape.model_json_schema(by_alias=True),
        "telephone": AuthoredTelephone.model_json_schema(by_alias=True),
    }
    return {name: {"$schema": _DIALECT, **_untitled(content)} for name, content in found.items()}


def _untitled(content: Any) -> Any:
    """Without the titles that pydantic makes up from Python's names."""
    if isinstance(content, dict):
        return {k: _untitled(v) for k, v in content.items() if not (k == "title" and isinstance(v, str))}
    return [_untitled(item) for item in content] if isinstance(content, list) else content

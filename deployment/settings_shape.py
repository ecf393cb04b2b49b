"""What all groups of settings have in common."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from compiler.shapes import Shape


class SettingsShape(Shape):
    """A group of settings; a key with nothing after it keeps its default."""

    @model_validator(mode="before")
    @classmethod
    def _without_unset(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}

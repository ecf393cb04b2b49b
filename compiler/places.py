"""Where something stands in the author's files."""

from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and list indexes from the top of a file to a value in it."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a file."""

    file: str
    """Path as it is shown to the author."""
    line: int
    """From 1."""
    column: int
    """From 1."""

    def __str__(self) -> str:
        """The form that editors and terminals turn into a link."""
        return f"{self.file}:{self.line}:{self.column}"

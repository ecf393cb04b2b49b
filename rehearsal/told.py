"""What comes back from a device, and what a way can't carry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What came back."""

    lines: tuple[str, ...]
    """As read or heard, without markup."""
    open: bool = True
    """Whether the channel goes on listening."""
    choices: tuple[str, ...] = ()
    """Buttons, where there are any."""

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(self.lines)


class CantCarry(Exception):
    """This way has no means for that; the capability table says so."""

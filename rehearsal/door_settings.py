"""What the rehearsal's own doors are told: a channel's function that isn't deployed yet, with the ear beside it."""

from __future__ import annotations

from dataclasses import dataclass

from settings import TurnSettings


@dataclass(frozen=True, slots=True)
class DoorSettings(TurnSettings):
    """The environment of the web chat's and of the text messages' door."""

    ear_bot: str = ""
    """Id of the hookless bot."""
    ear_alias: str = ""
    """Id of its alias."""

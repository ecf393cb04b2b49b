"""Where the stand-in's process is told what time it is."""

from __future__ import annotations

from typing import Final

CLOCK: Final = "/_clock"
"""PUT the seconds that the rehearsal is ahead of the laptop."""

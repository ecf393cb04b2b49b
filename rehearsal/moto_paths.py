"""What the stand-in's process takes and tells besides AWS's own requests; nobody reaches it from outside."""

from __future__ import annotations

from typing import Final

CLOCK: Final = "/_clock"
"""PUT the seconds that the rehearsal is ahead of the laptop."""
WRITTEN: Final = "/_written"
"""PUT how often streams were written that one knows of; answered, once there is more, with how often by now."""
HELD_SECONDS: Final = 0.25
"""How long such an answer is held back where there is nothing new."""

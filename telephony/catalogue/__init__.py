"""The blocks of the flow language, in the four groups of the developer guide."""

from __future__ import annotations

GUIDE = "https://docs.aws.amazon.com/connect/latest/devguide/"
"""Where every action has its own page, `<group>-<action>.html`."""

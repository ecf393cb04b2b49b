"""Import this first in a handler, and call `done` when it stands.

A start makes some hundred thousand objects and next to no garbage; looking for it all the while is a third of
the start's time, and looking through them again, every so many turns, is what the slowest turns wait for.
"""

from __future__ import annotations

import gc

gc.disable()


def done() -> None:
    """Collect again from now on, but never what is there already: it stays as long as the function."""
    gc.freeze()
    gc.enable()

"""Where the recorded events and the rehearsal files lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ROOT / "tests" / "events"
REHEARSALS = ROOT / "tests" / "rehearsals"

"""What the person hears, and what went over the wire for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rehearsal.speaker.slots import Json


@dataclass(frozen=True, slots=True)
class Spoken:
    """What came of one utterance or silence."""

    speech: str = ""
    """What is heard, as plain text; empty where nothing is said."""
    ssml: str = ""
    """The same as markup."""
    reprompt: str = ""
    """What will be said after a silence, as plain text."""
    card: Json | None = None
    """What the companion app shows."""
    open: bool = False
    """Whether the session goes on: the speaker listens."""
    request: Json = field(default_factory=dict)
    """What the skill was sent; empty if nothing."""
    response: Json = field(default_factory=dict)
    """What it answered."""
    not_for_us: bool = False
    """The words were said to the speaker, not to the skill."""
    earlier: Spoken | None = None
    """The end of a session that was still open, where these words began with one."""

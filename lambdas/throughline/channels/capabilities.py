"""What each way to a customer can carry: the one table, for adapters, rehearsals and their skips.

A way is a channel with an input mode. Adding a channel adds rows here and a file beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from throughline.turn import TELEPHONE_PIN, Assurance, Capabilities


@dataclass(frozen=True, slots=True)
class Way:
    """One row: what comes in this way, and what can go back."""

    back: Capabilities
    """What a reply can use."""
    transcript: bool = True
    """What was said arrives as text."""
    confidence: bool = True
    """Readings come with a confidence, so close ones can be asked about."""
    silence: bool = True
    """Silence arrives as a turn."""
    words: bool = True
    """Anything can be said; else only what can be keyed."""
    question_ids: bool = True
    """The channel carries the id of the question that is answered."""
    repeats: bool = True
    """A repeated delivery can be told from a new turn."""
    proves: Assurance = Assurance.VERIFIED
    """The most that this way's transport can prove of who speaks."""


CAPTURES: Final[Mapping[str, str]] = MappingProxyType(
    {"card": "card_number", "pin": "pin", "telephone_pin": TELEPHONE_PIN}
)
"""What a contact flow calls what it can capture by encrypted keys, and the kind of secret that it is. A PIN that proves
who calls is no slot of any intent, so its kind is its own."""
_NAMES: Final = MappingProxyType({kind: name for name, kind in CAPTURES.items()})


def captured_kinds(names: str) -> frozenset[str]:
    """The kinds of secrets in a flow's list of what it can capture, names parted by spaces; unknown ones are none."""
    return frozenset(CAPTURES[name] for name in names.split() if name in CAPTURES)


def capture_name(kind: str) -> str:
    """What a contact flow calls the capture of that kind of secret."""
    return _NAMES.get(kind, kind)


_SPEAKS = Capabilities(voice=True, screen=False, transfer=True, secrets=False, codes=True)
_SHOWS = Capabilities(voice=False, screen=True, transfer=True, secrets=True, codes=True)

LEX_TEXT: Final = "lex-text"
LEX_GUEST: Final = "lex-guest"
LEX_SPEECH: Final = "lex-speech"
LEX_KEYS: Final = "lex-keys"
EAR: Final = "ear"
ALEXA: Final = "alexa"
TEXTING: Final = "texting"

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        LEX_TEXT: Way(replace(_SHOWS, secrets=False), silence=False),
        LEX_GUEST: Way(
            Capabilities(voice=False, screen=True, transfer=False, secrets=False),
            silence=False,
            question_ids=False,
            repeats=False,
            proves=Assurance.ANONYMOUS,
        ),
        LEX_SPEECH: Way(_SPEAKS),
        LEX_KEYS: Way(replace(_SPEAKS, keys=True), words=False),
        EAR: Way(_SHOWS, silence=False),
        ALEXA: Way(
            Capabilities(voice=True, screen=False, transfer=False, secrets=False, cancel_exits=True),
            transcript=False,
            confidence=False,
            silence=False,
            proves=Assurance.LINKED,
        ),
        TEXTING: Way(
            Capabilities(voice=False, screen=True, transfer=True, secrets=False, codes=True),
            silence=False,
            question_ids=False,
            proves=Assurance.CLAIMED,
        ),
    }
)

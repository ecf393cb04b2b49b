"""Tells what is said to the skill from what is said to the speaker: "open …", "ask … to …", "stop".

Phrases: Alexa Skills Kit, "Understand how users invoke custom skills". "Exit" and "quit" end a session
without asking the skill, unless the skill has them as sample utterances of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rehearsal.speaker.faults import ModelFault
from rehearsal.speaker.skill import CANCEL, HELP, STOP, Skill, bare

LONGEST = 1024
"""Characters that are heard of an utterance; speech is shorter by far."""
_GAP = r"[\s,.!?:;]+"
_WAKE = re.compile(r"^\W*alexa\b[\s,.!?:;]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Phrases:
    """How one language calls a skill and the speaker itself."""

    launch: tuple[str, ...]
    """Before the invocation name: the skill is opened."""
    ask: tuple[str, ...]
    """Before the invocation name: the rest is a request to the skill."""
    please: tuple[str, ...]
    """Said behind a launch."""
    joined: tuple[str, ...]
    """Between the invocation name and the request; no part of the request."""
    after: tuple[str, ...]
    """Between a request and the invocation name behind it."""
    exits: frozenset[str]
    """Ends the session without asking the skill."""
    universal: Mapping[str, str]
    """What is heard as a built-in intent whatever was asked."""


_ENGLISH = _Phrases(
    launch=("open", "launch", "start", "begin", "run", "use", "load", "resume", "play", "talk to", "speak to",
            "open up", "start up"),
    ask=("ask", "tell"),
    please=("please", "now"),
    joined=("to", "for", "that", "about", "if", "whether", "and"),
    after=("from", "using", "with"),
    exits=frozenset({"exit", "quit"}),
    universal=MappingProxyType({"stop": STOP, "please stop": STOP, "cancel": CANCEL, "help": HELP}),
)  # fmt: skip
_SPANISH = _Phrases(
    launch=("abre", "abrir", "inicia", "lanza", "empieza", "comienza", "ejecuta", "usa", "habla con"),
    ask=("pide a", "pídele a", "pregunta a", "pregúntale a", "dile a", "di a"),
    please=("por favor", "ahora"),
    joined=("que", "si", "por", "sobre", "para"),
    after=("con", "usando"),
    exits=frozenset({"salir", "sal"}),
    universal=MappingProxyType({"para": STOP, "detente": STOP, "cancela": CANCEL, "ayuda": HELP}),
)
_LANGUAGES: Mapping[str, _Phrases] = MappingProxyType({"en": _ENGLISH, "es": _SPANISH})


@dataclass(frozen=True, slots=True)
class Called:
    """The skill was called by its name."""

    request: str = ""
    """What is wanted in the same breath; empty for a mere launch."""


class Invocation:
    """The phrases of one skill in one language."""

    def __init__(self, skill: Skill, locale: str) -> None:
        """Raises ModelFault for a language whose phrases are not known here."""
        language = re.split(r"[-_]", locale)[0].casefold()
        if language not in _LANGUAGES:
            raise ModelFault(f"no phrases are known that open a skill in {locale}: add them in {__name__}")
        self._phrases = phrases = _LANGUAGES[language]
        self._samples = skill.samples
        name = _words(skill.invocation)
        launch, ask = _any(phrases.launch), _any(phrases.ask)
        joined, after = _any(phrases.joined), _any(phrases.after)
        rest = r"(?P<rest>\S.*)"
        self._by_command = _compiled(
            rf"(?:{launch}|{ask}){_GAP}{name}(?:{_GAP}{_any(phrases.please)})?\W*",
            rf"(?:{launch}|{ask}){_GAP}{name}{_GAP}(?:{joined}{_GAP})?{rest}",
        )
        self._by_name = _compiled(rf"{name}\W*", rf"{rest}{_GAP}{after}{_GAP}{name}\W*")

    def called(self, text: str, *, listening: bool) -> Called | None:
        """The request to the skill if the text calls it by its name, else None.

        While the skill is `listening`, its mere name is a word like others, and only a command opens it.
        """
        for pattern in self._by_command if listening else self._by_command + self._by_name:
            found = pattern.fullmatch(unwoken(text))
            if found is not None:
                rest = found.groupdict().get("rest") or ""
                return Called(rest.strip() if bare(rest) else "")
        return None

    def exits(self, text: str) -> bool:
        """Whether the text ends the session without asking the skill."""
        said = bare(unwoken(text))
        return said in self._phrases.exits and said not in self._samples

    def universal(self, text: str) -> str | None:
        """The built-in intent that the text always means, if there is one."""
        return self._phrases.universal.get(bare(unwoken(text)))


def unwoken(text: str) -> str:
    """The text without the wake word before it."""
    return _WAKE.sub("", unicodedata.normalize("NFKC", text[:LONGEST])).strip()


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in patterns)


def _words(text: str) -> str:
    return _GAP.join(re.escape(word) for word in text.split())


def _any(phrases: tuple[str, ...]) -> str:
    return "(?:" + "|".join(map(_words, sorted(phrases, key=len, reverse=True))) + ")"

"""The model as a whole: the business's file, universal roles, the menu, voices."""

from __future__ import annotations

import re
import zoneinfo

from compiler.places import Path
from compiler.problems import Findings, did_you_mean
from compiler.source import Edition
from compiler.voices import VOICES, alexa_locale

_UNIVERSAL = (
    "help", "repeat", "cancel", "start_over", "go_back", "yes", "no", "greeting", "goodbye", "fallback",
    "choose", "person",
)  # fmt: skip
_AT_MOST_ONCE = ("prove", "identify")
_OFFERED = ("task", "answer", "person")
_WAKE = frozenset("alexa amazon echo computer ziggy skill app".split())
_LAUNCH = frozenset("launch ask tell load begin enable open start run play resume use".split())
_CONNECTING = frozenset("to from by if and whether in using with about for that".split())
_LITTLE = frozenset("a an the my for to of".split())
_INVOCATION_LENGTH = (2, 50)
_SPOKEN_LANGUAGE = "en"


def check(edition: Edition, findings: Findings) -> None:
    """All of it."""
    _invocation(edition, findings)
    _voices(edition, findings)
    _menu(edition, findings)
    _roles(edition, findings)
    zone = edition.bank.hours.time_zone if edition.bank.hours else None
    if zone is not None and not _is_zone(zone):
        place = edition.bank_file.at(("hours", "time_zone"))
        known = sorted(zoneinfo.available_timezones())
        findings.error(place, f"there is no time zone `{zone}`. {did_you_mean(zone, known)}")


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        # A machine without a time zone database can't tell, and so accepts every name.
        return not zoneinfo.available_timezones()
    return True


def _invocation(edition: Edition, findings: Findings) -> None:
    """Alexa Skills Kit, "Choose the invocation name for a custom skill"."""
    name, place = edition.bank.invocation, edition.bank_file.at(("invocation",))
    words = name.split()
    shortest, longest = _INVOCATION_LENGTH
    if name != name.lower():
        findings.error(place, f"an invocation name is lower case. Write `{name.lower()}`.")
    if len(words) < 2:
        findings.error(place, "an invocation name has two words or more. Add one that says what you do.")
    if not shortest <= len(name) <= longest:
        findings.error(place, f"an invocation name has {shortest} to {longest} characters, this has {len(name)}.")
    if re.search(r"\d", name):
        findings.error(place, "an invocation name has no digits. Spell numbers out.")
    elif odd := re.search(r"[^\w\s'.]|_", name):
        findings.error(place, f"`{odd[0]}` is not allowed in an invocation name: letters, spaces, ' and . only.")
    if not edition.locale.startswith(_SPOKEN_LANGUAGE):
        return
    for word in (w.lower() for w in words):
        if word in _WAKE:
            findings.error(place, f"`{word}` wakes Alexa up and can't be part of an invocation name. Leave it out.")
        elif word in _LAUNCH:
            findings.error(place, f"`{word}` launches skills and can't be part of an invocation name. Leave it out.")
        elif word in _CONNECTING:
            findings.error(place, f"`{word}` connects a name to a request and can't be part of it. Leave it out.")
    if len(words) == 2 and any(word.lower() in _LITTLE for word in words):
        findings.error(place, "a little word and one other are not two words enough for Alexa. Add one.")


def _voices(edition: Edition, findings: Findings) -> None:
    voice, file = edition.bank.locales.get(edition.locale), edition.bank_file
    if voice is None:
        return
    path: Path = ("locales", edition.locale)
    known = VOICES.get(edition.locale)
    if known is None:
        findings.error(file.key(path), f"Lex does not speak `{edition.locale}`. {did_you_mean(edition.locale, VOICES)}")
        return
    if voice.voice not in known:
        findings.error(
            file.at((*path, "voice")),
            f"Polly has no voice `{voice.voice}` for {edition.locale}. {did_you_mean(voice.voice, known)}",
        )
    elif voice.engine not in known[voice.voice]:
        engines = " or ".join(f"`{engine}`" for engine in known[voice.voice])
        findings.error(
            file.at((*path, "engine")),
            f"{voice.voice} has no {voice.engine} engine, and Lex would refuse it. Choose {engines}.",
        )
    if alexa_locale(edition.locale) is None:
        findings.warning(file.key(path), f"Alexa does not speak {edition.locale}: there will be no skill for it.")


def _menu(edition: Edition, findings: Findings) -> None:
    file, menu = edition.bank_file, edition.bank.menu
    for i, name in enumerate(menu):
        place = file.at(("menu", i))
        intent = edition.intents.get(name)
        if name in menu[:i]:
            findings.error(place, f"`{name}` is in the menu twice. Remove one of them.")
        elif intent is None and name not in edition.seen_intents:
            findings.error(
                place,
                f"there is no intent called `{name}`. {did_you_mean(name, sorted(edition.seen_intents))}",
            )
        elif intent is not None and intent.shape.role not in _OFFERED:
            findings.error(
                place,
                f"`{name}` has the role `{intent.shape.role}`. A menu offers tasks, answers and a person.",
            )


def _roles(edition: Edition, findings: Findings) -> None:
    first: dict[str, str] = {}
    for intent in edition.intents.values():
        role: str = intent.shape.role
        if role in (*_UNIVERSAL, *_AT_MOST_ONCE) and first.setdefault(role, intent.name) != intent.name:
            findings.error(
                intent.file.at(("role",)),
                f"`{first[role]}` has the role `{role}` already. Only one intent can.",
            )
    if edition.seen_intents != frozenset(edition.intents):
        return
    for role in _UNIVERSAL:
        if role not in first:
            findings.error(edition.bank_file.at(()), f"no intent has the role `{role}`. Write one file for it.")

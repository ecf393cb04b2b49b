"""How an export says things: times as people write them, intents by their labels, and none of our own terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from throughline.customers.profile import Fact
from throughline.customers.store import Link
from throughline.dialogue.model import Model, Role
from throughline.dialogue.state import Frame
from throughline.dialogue.values import kind_of
from throughline.reply import Typed
from throughline.turn import Assurance

_KINDS: Final = {
    "phone": "telephone", "email": "e-mail", "alexa": "Alexa", "messenger": "Messenger", "web": "web browser",
    "app": "mobile app", "login": "sign-in", "contact": "call or chat", "push": "push messages",
    "": "a visit without an address",
}  # fmt: skip
_CHANNELS: Final = {
    "web": "web chat", "alexa": "Alexa", "sms": "text messages", "text": "text messages", "lex": "phone or chat",
    "agent": "a person of ours", "email": "e-mail", "push": "push messages", "phone": "telephone",
}  # fmt: skip
_EVIDENCE: Final = {
    "first contact": "not proved: it is how you first came", "session": "not proved: a visit without an address",
    "account link": "by the account that you linked", "code": "by a one-time code sent there",
    "login": "by your sign-in", "pin": "by your telephone PIN",
    "import": "by our own records", "household": "not proved: several people share it", "": "not known",
}  # fmt: skip
_SURE: Final = {
    Assurance.ANONYMOUS: "not at all", Assurance.CLAIMED: "not sure: nobody proved that it is yours",
    Assurance.LINKED: "sure: it was proved to be yours", Assurance.VERIFIED: "sure: it was proved to be yours",
}  # fmt: skip
_PEOPLE: Final = {"customer": "you", "channel": "the device or app you used", "import": "our own records"}
_FACTS: Final = {
    "locale": "language and country", "time_zone": "time zone", "preferred_channel": "how you like to be reached",
}  # fmt: skip
_CONSENT: Final = "consent"
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Terms:
    """The dialogue's words, in which an export speaks."""

    model: Model
    """Today's: it knows what intents and slots are called."""
    value: Callable[[Typed], str]
    """A value as people read it."""


class Moment(str):
    """A time: for programs the text itself, ISO 8601 with its offset; for people its `words`."""

    words: str
    """As in "November 22, 2026, 4:43 PM EST"."""

    def __new__(cls, at: float, zone: tzinfo = UTC) -> Moment:
        """`at` in epoch seconds."""
        local = datetime.fromtimestamp(at, zone)
        made = super().__new__(cls, local.isoformat(timespec="seconds").replace("+00:00", "Z"))
        half = "AM" if local.hour < 12 else "PM"
        name = local.tzname() or ""
        named = name if name.isalpha() else f"UTC{name}"
        clock = f"{(local.hour + 11) % 12 + 1}:{local:%M} {half}"
        made.words = f"{local:%B} {local.day}, {local.year}, {clock} {named}"
        return made


def zone_of(known: tuple[Fact, ...]) -> tzinfo:
    """The customer's time zone, the newest that was said; UTC if none is known, or none that this system has."""
    said = sorted((fact for fact in known if fact.kind == "time_zone"), key=lambda fact: fact.at)
    try:
        return ZoneInfo(said[-1].value) if said else UTC
    except (KeyError, ValueError, OSError):  # an unknown name, a bad one, a folder's
        return UTC


def zone_words(zone: tzinfo) -> str:
    """Which zone the times of an export are in."""
    if isinstance(zone, ZoneInfo):
        return f"All times are in your time zone, {zone.key.replace('_', ' ')}."
    return "All times are in UTC (Coordinated Universal Time), since we don't know your time zone."


def way(link: Link | None) -> str:
    """What sort of way a link is, in a word."""
    return _KINDS.get(link.kind, link.kind) if link is not None else "a way that is no longer yours"


def channel(name: str) -> str:
    """A channel, as people call it."""
    return _CHANNELS.get(name, _spaced(name))


def proof(evidence: str) -> str:
    """What proved a link."""
    return _EVIDENCE.get(evidence, f"by {evidence}")


def sure(assurance: Assurance) -> str:
    """How well a link was proved."""
    return _SURE[assurance]


def who(by: str) -> str:
    """Who said something: a person of ours isn't named."""
    return _PEOPLE.get(by, "our staff" if by else "not known")


def fact(kind: str, key: str) -> str:
    """What a fact is about."""
    if kind == _CONSENT:
        way_there, _, purpose = key.partition(".")
        return f"consent to {_spaced(purpose)} by {channel(way_there)}" if purpose else f"consent to {_spaced(key)}"
    return _spaced(key.removeprefix("public.")) if key else _FACTS.get(kind, _spaced(kind))


def value(kind: str, said: str) -> str:
    """What was said of it."""
    if kind == "preferred_channel":
        return channel(said)
    return said.replace("_", " ") if kind == "time_zone" else said


def understood(name: str, terms: Terms | None) -> str:
    """An intent by its label; a name that today's dialogue doesn't have is taken apart into words."""
    intent = terms.model.intent(name) if terms is not None else None
    if terms is None or intent is None:
        return _WORD.sub(" ", name).lower()
    if intent.role is Role.FALLBACK:
        return "we did not understand it"
    return _labels(terms).get(intent.name) or _WORD.sub(" ", intent.name).lower()


def slots(frame: Frame, terms: Terms | None) -> dict[str, str]:
    """What a task knows so far: by the slots' labels, values as they are said."""
    intent = terms.model.intent(frame.intent) if terms is not None else None
    told: dict[str, str] = {}
    for name, said in frame.slots.items():
        slot = intent.slot(name) if intent is not None else None
        if terms is None or intent is None or slot is None:
            told[_spaced(name)] = said
            continue
        shown = terms.value(Typed(kind_of(terms.model, slot.type), said))
        told[_labels(terms).get(f"{intent.name}.{name}") or _spaced(name)] = shown or said
    return told


def _labels(terms: Terms) -> Mapping[str, str]:
    return terms.model.words(terms.model.default_locale).labels


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")

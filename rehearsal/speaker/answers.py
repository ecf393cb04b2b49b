"""The skill's response, checked as the Alexa service checks it and a little more strictly.

Shapes and limits: Alexa Skills Kit, "Request and response JSON reference": version 1.0, less than 8,000
characters of speech, 8,000 of card, 120 KB in all, no speech to an ended session. Stricter than the service:
whatever is said to the skill gets spoken words back and a plain true or false for the session's end, a
session stays open with a reprompt only, and no member is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from rehearsal.speaker.faults import SkillFault
from rehearsal.speaker.slots import Json
from rehearsal.speaker.ssml import read_ssml

LARGEST = 120 * 1024
LONGEST_SPEECH = LONGEST_CARD = 8_000
_MEMBERS = {"version", "sessionAttributes", "response", "userAgent"}
_RESPONSE_MEMBERS = {"outputSpeech", "card", "reprompt", "directives", "shouldEndSession"}
_CARD_MEMBERS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Simple": (frozenset({"title", "content"}), frozenset()),
    "Standard": (frozenset({"title", "text"}), frozenset({"image"})),
    "LinkAccount": (frozenset(), frozenset()),
    "AskForPermissionsConsent": (frozenset({"permissions"}), frozenset()),
}
"""By type: members that must be there, members that may."""
_IMAGES = ("smallImageUrl", "largeImageUrl")


@dataclass(frozen=True, slots=True)
class Speech:
    """Something to say."""

    text: str = ""
    """As plain text."""
    ssml: str = ""
    """As markup, `<speak>` included."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A response that the service takes."""

    json: Json
    """As it came, through JSON."""
    speech: Speech
    """What is said."""
    reprompt: Speech
    """What is said after a silence."""
    card: Json | None
    """What the companion app shows."""
    directives: list[Json]
    """Not looked into yet."""
    attributes: Json
    """For the next request of the session."""
    open: bool
    """Whether the session goes on."""


def checked(answer: object, *, ended: bool) -> Checked:
    """Check a response; `ended` says that it answers a SessionEndedRequest.

    Raises SkillFault for the first thing that is wrong.
    """
    whole = _wire(answer)
    if whole.get("version") != "1.0":
        raise SkillFault(f"the response's version is {whole.get('version')!r}, not '1.0'")
    _only(whole, _MEMBERS, "the response")
    attributes = whole.get("sessionAttributes")
    if attributes is not None and not isinstance(attributes, dict):
        raise SkillFault("sessionAttributes is no JSON object")
    response = whole.get("response")
    if not isinstance(response, dict):
        raise SkillFault("the response has no member `response`")
    _only(response, _RESPONSE_MEMBERS, "`response`")
    if ended:
        said = sorted(response.keys() & {"outputSpeech", "reprompt", "card", "directives"})
        if said:
            raise SkillFault(f"an ended session takes no response, this one has {', '.join(said)}")
        return Checked(whole, Speech(), Speech(), None, [], {}, False)
    speech = _speech(response.get("outputSpeech"), "outputSpeech")
    closes = response.get("shouldEndSession")
    if not isinstance(closes, bool):
        raise SkillFault(f"shouldEndSession is {closes!r}: say true or false")
    reprompt = Speech()
    if response.get("reprompt") is not None:
        reprompt = _speech(_object(response["reprompt"], "reprompt").get("outputSpeech"), "the reprompt")
    elif not closes:
        raise SkillFault("the session stays open without a reprompt for a customer who is silent")
    directives = response.get("directives") or []
    if not isinstance(directives, list) or not all(isinstance(each, dict) for each in directives):
        raise SkillFault("directives is no list of JSON objects")
    if directives and closes:
        raise SkillFault("a response with a directive that asks something ends the session")
    card = _card(response["card"]) if response.get("card") is not None else None
    return Checked(whole, speech, reprompt, card, directives, attributes or {}, not closes)


def _wire(answer: object) -> Json:
    """The response through JSON, as it would come over the wire."""
    try:
        text = json.dumps(answer, allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise SkillFault(f"the response is no JSON: {error}") from error
    if size > LARGEST:
        raise SkillFault(f"the response has {size:,} bytes, more than the {LARGEST:,} that are taken")
    whole = json.loads(text)
    if not isinstance(whole, dict):
        raise SkillFault("the response is no JSON object")
    return whole


def _speech(given: object, where: str) -> Speech:
    if given is None:
        raise SkillFault(f"{where} is missing: the customer would hear nothing")
    part = _object(given, where)
    _only(part, {"type", "ssml", "text", "playBehavior"}, where)
    member = {"SSML": "ssml", "PlainText": "text"}.get(str(part.get("type")))
    if member is None:
        raise SkillFault(f"{where} has the type {part.get('type')!r}, not SSML or PlainText")
    words = part.get(member)
    if not isinstance(words, str):
        raise SkillFault(f"{where} of type {part['type']} has no {member}")
    if len(words) >= LONGEST_SPEECH:
        raise SkillFault(f"{where} has {len(words):,} characters; there must be less than {LONGEST_SPEECH:,}")
    text = read_ssml(words, where) if member == "ssml" else " ".join(words.split())
    if not text:
        raise SkillFault(f"{where} says nothing")
    return Speech(text, words if member == "ssml" else f"<speak>{escape(words, quote=False)}</speak>")


def _card(given: object) -> Json:
    card = _object(given, "the card")
    kind = card.get("type")
    if not isinstance(kind, str) or kind not in _CARD_MEMBERS:
        raise SkillFault(f"the card has the type {kind!r}, not one of {', '.join(_CARD_MEMBERS)}")
    needs, may = _CARD_MEMBERS[kind]
    missing = sorted(member for member in needs if not card.get(member))
    if missing:
        raise SkillFault(f"the {kind} card lacks {', '.join(missing)}")
    _only(card, {"type", *needs, *may}, f"the {kind} card")
    words = [card[member] for member in ("title", "content", "text") if member in card]
    if not all(isinstance(each, str) for each in words):
        raise SkillFault(f"a text of the {kind} card is none")
    length = sum(map(len, words))
    if length > LONGEST_CARD:
        raise SkillFault(f"the {kind} card has {length:,} characters, more than {LONGEST_CARD:,}")
    if "image" in card:
        image = _object(card["image"], "the card's image")
        _only(image, set(_IMAGES), "the card's image")
        if not all(isinstance(url, str) and url.startswith("https://") for url in image.values()):
            raise SkillFault("the card's image is not at an https address")
    if "permissions" in card and not isinstance(card["permissions"], list):
        raise SkillFault("the card's permissions are no list")
    return card


def _object(value: object, what: str) -> Json:
    if not isinstance(value, dict):
        raise SkillFault(f"{what} is no JSON object")
    return value


def _only(part: Mapping[str, Any], known: set[str], what: str) -> None:
    strange = sorted(part.keys() - known)
    if strange:
        raise SkillFault(f"{what} has unknown members: {', '.join(strange)}")

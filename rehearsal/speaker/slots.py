"""A heard slot as the service writes it into a request.

Shapes: Alexa Skills Kit, "Request types reference" (slot, resolutions, slotValue) and "Slot type reference".
A slot of the skill's own type carries the words as spoken and how they resolve; a built-in number, date or
time carries its value, or "?" where the words are none. AMAZON.NUMBER is whole: a fraction is a "?" too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from rehearsal.speaker.ear import HeardSlot
from rehearsal.speaker.skill import BUILT_IN, Entity, Skill, bare

Json = dict[str, Any]
UNFILLABLE = "?"
SHORTEST_PHONE = 7
"""Digits of a local number."""
_WHOLE = re.compile(r"(-?\d+)(?:\.0+)?")
_FORMS: Mapping[str, re.Pattern[str]] = {
    "NUMBER": _WHOLE,
    "ORDINAL": _WHOLE,
    "FOUR_DIGIT_NUMBER": re.compile(r"(\d{4})"),
    "DATE": re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?|-W\d\d(?:-WE)?|-(?:WI|SP|SU|FA))?|\d{3}X|PRESENT_REF)"),
    "TIME": re.compile(r"(\d\d:\d\d|NI|MO|AF|EV)"),
    "DURATION": re.compile(r"(P(?=.)(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?)"),
}


def unfilled(name: str) -> Json:
    """A slot that nothing was said about."""
    return {"name": name, "confirmationStatus": "NONE"}


def filled(skill: Skill, intent: str, name: str, heard: HeardSlot) -> Json:
    """A slot as the customer filled it just now."""
    kind = skill.intents[intent][name]
    value = _value(kind, heard)
    simple: Json = {"type": "Simple", "value": value}
    resolutions = {} if value == UNFILLABLE else _resolutions(skill, kind, heard)
    simple |= resolutions
    return {
        "name": name,
        "value": value,
        **resolutions,
        "confirmationStatus": "NONE",
        "source": "USER",
        "slotValue": simple,
    }


def kept(slot: Mapping[str, Any]) -> Json:
    """A slot as the skill's directive left it, with what the service adds to a bare value.

    What the skill wrote is taken as it is and not resolved anew.
    """
    copy = {"confirmationStatus": "NONE", **slot}
    if "value" in copy and "slotValue" not in copy:
        resolutions = {"resolutions": copy["resolutions"]} if "resolutions" in copy else {}
        copy["slotValue"] = {"type": "Simple", "value": copy["value"], **resolutions}
    return copy


def _value(kind: str, heard: HeardSlot) -> str:
    if not kind.startswith(BUILT_IN):
        return heard.original or heard.interpreted
    short = kind.removeprefix(BUILT_IN)
    if short == "PhoneNumber":
        return _phone(heard)
    form = _FORMS.get(short)
    if form is None:
        return heard.original or heard.interpreted
    found = form.fullmatch(heard.interpreted)
    return found[1] if found else UNFILLABLE


def _phone(heard: HeardSlot) -> str:
    """The digits that were said: the service adds no country code of its own."""
    said, meant = (re.sub(r"\D", "", text) for text in (heard.original, heard.interpreted))
    return (said if len(said) >= SHORTEST_PHONE else meant) or UNFILLABLE


def _resolutions(skill: Skill, kind: str, heard: HeardSlot) -> Json:
    if kind not in skill.types:
        return {}
    matches = _matches(skill.types[kind], heard)
    result: Json = {
        "authority": f"amzn1.er-authority.echo-sdk.{skill.id}.{kind}",
        "status": {"code": "ER_SUCCESS_MATCH" if matches else "ER_SUCCESS_NO_MATCH"},
    }
    if matches:
        result["values"] = [{"value": {"name": each.name, "id": _id(each)}} for each in matches]
    return {"resolutions": {"resolutionsPerAuthority": [result]}}


def _matches(entities: tuple[Entity, ...], heard: HeardSlot) -> list[Entity]:
    """The values that the words name, in the model's order; else those that the ear took them for."""
    said = bare(heard.original)
    named = [each for each in entities if said in each.words]
    if named:
        return named
    by_name = {each.name: each for each in entities}
    return [by_name[name] for name in dict.fromkeys(heard.resolved) if name in by_name]


def _id(entity: Entity) -> str:
    """The service makes up an id where the model has none: a hash of the name."""
    return entity.id or hashlib.md5(entity.name.encode(), usedforsecurity=False).hexdigest()

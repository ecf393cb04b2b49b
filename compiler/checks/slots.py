"""What an intent asks for: types, order, conditions, bounds, secrets."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal, InvalidOperation

from compiler.checks.values import ALEXA_NAME, known_type, type_suggestion
from compiler.neutral import WHICH, Kind, kind
from compiler.problems import Findings, did_you_mean
from compiler.shapes import SlotShape
from compiler.source import AuthoredIntent, Edition
from throughline.dialogue.model import Base

SLOTS = 100
"""Slots of an intent (AWS::Lex::Bot, Slots)."""
NAME_LENGTH = 100
_OPTION = "option"
_ORDINALS = ("1", "2", "3", "4", "5")
_AHEAD = re.compile(r"\+\d{1,4}d")
_CLOCK = re.compile(r"\d\d:\d\d")


def check(edition: Edition, intent: AuthoredIntent, findings: Findings) -> None:
    """Every slot of one intent."""
    shape, file = intent.shape, intent.file
    if len(shape.slots) > SLOTS:
        findings.error(file.key(("slots",)), f"Lex takes {SLOTS} slots an intent, this has {len(shape.slots)}.")
    names = list(shape.slots)
    labels: dict[str, str] = {}
    for i, (name, slot) in enumerate(shape.slots.items()):
        _name(name, intent, findings)
        found = kind(edition, slot.type)
        if found is None and edition.complete and not known_type(edition, slot.type):
            place = file.at(("slots", name, "type"))
            findings.error(place, f"there is no type called `{slot.type}`. {type_suggestion(edition, slot.type)}")
        _asking(name, slot, intent, findings)
        if slot.label and labels.setdefault(slot.label.casefold(), name) != name:
            place = file.at(("slots", name, "label"))
            findings.error(
                place,
                f"`{labels[slot.label.casefold()]}` has the label `{slot.label}`, too. Tell them apart.",
            )
        if slot.sensitive:
            _secret(name, slot, i == len(names) - 1, found, intent, findings)
        _when(edition, intent, names[:i], name, findings)
        _differs(edition, intent, names, name, findings)
        if found is not None:
            _bounds(found, name, slot, intent, findings)
    if shape.role == "choose":
        _choose(edition, intent, findings)


def _name(name: str, intent: AuthoredIntent, findings: Findings) -> None:
    place = intent.file.key(("slots", name))
    if not ALEXA_NAME.fullmatch(name):
        findings.error(place, f"`{name}`: a slot is named with lower-case letters and single underscores (Lex, Alexa).")
    if len(name) > NAME_LENGTH:
        findings.error(place, f"a name may have {NAME_LENGTH} characters at most (Lex), this has {len(name)}.")
    if name == WHICH:
        findings.error(place, f"`{WHICH}` is kept for corrections. Choose another name.")


def _asking(name: str, slot: SlotShape, intent: AuthoredIntent, findings: Findings) -> None:
    place = intent.file.key(("slots", name))
    if not intent.works:
        return
    if slot.required:
        for key in ("ask", "again"):
            if getattr(slot, key) is None:
                findings.error(place, f"`{key}` is missing. A required slot has one, or say `required: false`.")
    elif slot.again is not None and slot.ask is None:
        findings.error(intent.file.key(("slots", name, "again")), "`again` without `ask`. Add `ask` or remove it.")
    if slot.label is None and not slot.sensitive:
        findings.error(place, '`label` is missing. Corrections call the slot by it: "change the amount".')


def _secret(
    name: str, slot: SlotShape, last: bool, found: Kind | None, intent: AuthoredIntent, findings: Findings
) -> None:
    file = intent.file
    if not last:
        findings.error(file.key(("slots", name)), "a secret is asked for last. Move this slot to the end.")
    if not slot.required:
        findings.error(file.key(("slots", name, "required")), "a secret is always asked for. Remove `required`.")
    if found is not None and found.base not in (Base.DIGITS, Base.TEXT):
        findings.error(file.at(("slots", name, "type")), "a secret is digits or text. Choose such a type.")
    for key in ("least", "most", "differs_from"):
        if getattr(slot, key) is not None:
            findings.error(file.key(("slots", name, key)), f"`{key}` can't be checked on a secret. Remove it.")


def _when(edition: Edition, intent: AuthoredIntent, earlier: list[str], name: str, findings: Findings) -> None:
    slot, file = intent.shape.slots[name], intent.file
    for other, wanted in slot.when.items():
        path = ("slots", name, "when", other)
        if other not in earlier:
            why = "comes later" if other in intent.shape.slots else "does not exist"
            findings.error(
                file.key(path),
                f"`{other}` {why}. `when` names an earlier slot. {did_you_mean(other, earlier)}",
            )
            continue
        found = kind(edition, intent.shape.slots[other].type)
        if found is None:
            continue
        ids = ("yes", "no") if found.base is Base.YES_NO else found.values
        if not ids:
            findings.error(
                file.key(path), f"`{other}` is no choice, so `when` can't compare it. Use a choice or yes_no."
            )
            continue
        for i, value in enumerate(wanted):
            if value not in ids:
                findings.error(
                    file.at((*path, i)),
                    f"`{value}` is no value of `{found.name}`. {did_you_mean(value, ids)}",
                )


def _differs(edition: Edition, intent: AuthoredIntent, names: list[str], name: str, findings: Findings) -> None:
    slot = intent.shape.slots[name]
    if slot.differs_from is None:
        return
    place = intent.file.at(("slots", name, "differs_from"))
    others = [other for other in names if other != name]
    if slot.differs_from not in others:
        findings.error(
            place, f"there is no other slot `{slot.differs_from}`. {did_you_mean(slot.differs_from, others)}"
        )
        return
    one, two = kind(edition, slot.type), kind(edition, intent.shape.slots[slot.differs_from].type)
    if one and two and one.base is not two.base:
        findings.error(place, f"`{slot.differs_from}` holds another kind of value and always differs. Remove this.")


def _bounds(found: Kind, name: str, slot: SlotShape, intent: AuthoredIntent, findings: Findings) -> None:
    for key in ("least", "most"):
        bound = getattr(slot, key)
        if bound is None:
            continue
        place = intent.file.at(("slots", name, key))
        if found.base in (Base.MONEY, Base.NUMBER):
            wrong = "a number such as 0.01" if decimal(bound) is None else ""
        elif found.base is Base.DATE:
            wrong = "" if _is_day(bound) else "a day: 2026-12-31, today or +90d"
        elif found.base is Base.TIME:
            wrong = "" if _is_time(bound) else "a time: 09:30 or now"
        else:
            findings.error(
                intent.file.key(("slots", name, key)),
                f"`{key}` is for numbers, money, dates and times only. Remove it.",
            )
            continue
        if wrong:
            findings.error(place, f"`{bound}` is not {wrong}.")
    least, most = decimal(slot.least or ""), decimal(slot.most or "")
    if least is not None and most is not None and least > most:
        findings.error(
            intent.file.at(("slots", name, "least")), f"`least` is more than `most` ({slot.most}). Swap them."
        )


def decimal(text: str) -> Decimal | None:
    """The number, or None."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_day(text: str) -> bool:
    if text == "today" or _AHEAD.fullmatch(text):
        return True
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    if text == "now":
        return True
    try:
        return _CLOCK.fullmatch(text) is not None and time.fromisoformat(text) is not None
    except ValueError:
        return False


def _choose(edition: Edition, intent: AuthoredIntent, findings: Findings) -> None:
    place = intent.file.key(("slots",)) if intent.shape.slots else intent.file.at(("intent",))
    if list(intent.shape.slots) != [_OPTION]:
        findings.error(place, f"the role `choose` has exactly one slot, `{_OPTION}`, for the place in a list.")
        return
    found = kind(edition, intent.shape.slots[_OPTION].type)
    if found is not None and found.values != _ORDINALS:
        at = intent.file.at(("slots", _OPTION, "type"))
        findings.error(
            at,
            f"`{_OPTION}` wants a choice with the ids 1 to 5, not `{found.name}`. Write one.",
        )

"""Values as the model means them: from what a platform heard to one canonical string, or to a complaint.

Canonical forms: choice → value id · money → "12.50" · number → "3" or "2.5" · date → ISO day · time → "HH:MM" ·
digits → digits only · phone → "+" and digits where international · yes_no → "yes" or "no" · the rest → trimmed text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from throughline.dialogue.model import Base, Intent, Model, Slot, SlotType

_NOT_WORD = re.compile(r"[\W_]+")
_AMOUNT = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,24}")
_DAYS_AHEAD = re.compile(r"\+(\d{1,4})d")
_YES_NO = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}


def fold(text: str) -> str:
    """Text reduced to what makes two utterances the same: NFKC, case, punctuation and spacing don't count."""
    flat = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _NOT_WORD.sub(" ", flat.replace("'", "").replace("\u2019", "")).strip()


def slot_type(model: Model, name: str) -> SlotType:
    """The type called `name`; a built-in one needs no declaration. Raises KeyError for any other name."""
    found = model.slot_types.get(name)
    if found is not None:
        return found
    if name in set(Base):
        return SlotType(name, Base(name))
    raise KeyError(name)


def canonical(model: Model, locale: str, type_name: str, heard: str) -> str | None:
    """What `heard` means as a value of that type; None if it is not one."""
    kind = slot_type(model, type_name)
    text = unicodedata.normalize("NFKC", heard).strip()
    if not text:
        return None
    if kind.base is Base.CHOICE:
        return _choice(model, locale, kind, text)
    if kind.base in (Base.MONEY, Base.NUMBER):
        return _amount(text, kind.base)
    if kind.base is Base.DATE:
        return _date(text)
    if kind.base is Base.TIME:
        return _time(text)
    if kind.base is Base.DIGITS:
        digits = "".join(c for c in text if c.isdigit())
        wanted = kind.shortest <= len(digits) <= kind.longest
        return digits if wanted and not any(c.isalpha() for c in text) else None
    if kind.base is Base.PHONE:
        digits = "".join(c for c in text if c.isdigit())
        return ("+" if text.startswith("+") else "") + digits if 7 <= len(digits) <= 15 else None
    if kind.base is Base.EMAIL:
        return text.casefold() if _EMAIL.fullmatch(text) else None
    if kind.base is Base.YES_NO:
        return _YES_NO.get(fold(text))
    return text if len(text) <= kind.longest else None


def from_keys(model: Model, type_name: str, keys: str) -> str | None:
    """What digits keyed on a telephone mean as a value of that type; None if they can't.

    Choices by their number, money with `*` for the decimal point, dates as MMDDYYYY, times as HHMM (24 hours).
    """
    kind = slot_type(model, type_name)
    digits = keys.rstrip("#")
    if kind.base is Base.CHOICE:
        index = int(digits) - 1 if digits.isascii() and digits.isdigit() and len(digits) < 4 else -1
        return kind.values[index] if 0 <= index < len(kind.values) else None
    if kind.base in (Base.MONEY, Base.NUMBER):
        return _amount(digits.replace("*", ".", 1), kind.base)
    if kind.base is Base.YES_NO:
        return {"1": "yes", "2": "no"}.get(digits)
    if not digits.isdigit():
        return None
    if kind.base is Base.DATE:
        return _date(f"{digits[4:]}-{digits[:2]}-{digits[2:4]}") if len(digits) == 8 else None
    if kind.base is Base.TIME:
        return _time(f"{digits[:2]}:{digits[2:]}") if len(digits) == 4 else None
    if kind.base is Base.DIGITS:
        return digits if kind.shortest <= len(digits) <= kind.longest else None
    if kind.base is Base.PHONE:
        return digits if 7 <= len(digits) <= 15 else None
    return None


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a value of the right type is still not acceptable."""

    phrase: str
    """must_differ, too_small or too_large."""
    bound: str = ""
    """The other slot's name, or the bound's canonical value."""


def unlike(intent: Intent, slot: Slot) -> tuple[str, ...]:
    """The slots whose values must differ from this one's, whichever of the two says so."""
    own = (slot.differs_from,) if slot.differs_from else ()
    return (*own, *(other.name for other in intent.slots if other.differs_from == slot.name))


def complaint(
    model: Model, intent: Intent, name: str, value: str, others: Mapping[str, str], now: float
) -> Complaint | None:
    """What is wrong with `value` for the slot `name`, given the frame's other values; None if nothing is.

    Raises KeyError if the intent has no such slot.
    """
    slot = next((s for s in intent.slots if s.name == name), None)
    if slot is None:
        raise KeyError(name)
    twin = next((other for other in unlike(intent, slot) if others.get(other) == value), "")
    if twin:
        return Complaint("must_differ", twin)
    base = slot_type(model, slot.type).base
    least, most = bound(slot.least, now), bound(slot.most, now)
    if least and _less(base, value, least):
        return Complaint("too_small", least)
    if most and _less(base, most, value):
        return Complaint("too_large", most)
    return None


def bound(text: str, now: float) -> str:
    """A slot's bound as a canonical value: "today", "now" and "+90d" are taken from `now`, in UTC."""
    moment = datetime.fromtimestamp(now, UTC)
    if text == "today":
        return moment.date().isoformat()
    if text == "now":
        return moment.strftime("%H:%M")
    ahead = _DAYS_AHEAD.fullmatch(text)
    if ahead:
        return (moment.date() + timedelta(days=int(ahead[1]))).isoformat()
    return text


def kind_of(model: Model, type_name: str) -> str:
    """The `Typed.kind` under which values of that type are rendered."""
    base = slot_type(model, type_name).base
    if base is Base.CHOICE:
        return f"choice:{type_name}"
    if base is Base.PHONE:
        return "digits"
    return base.value if base in (Base.MONEY, Base.NUMBER, Base.DATE, Base.TIME, Base.DIGITS) else "text"


def _less(base: Base, one: str, other: str) -> bool:
    if base in (Base.MONEY, Base.NUMBER):
        return Decimal(one) < Decimal(other)
    return one < other


def _choice(model: Model, locale: str, kind: SlotType, text: str) -> str | None:
    if text in kind.values:
        return text
    wanted = fold(text)
    names = model.words(locale).values.get(kind.name, {})
    return next((value for value, said in names.items() if any(fold(name) == wanted for name in said)), None)


def _amount(text: str, base: Base) -> str | None:
    bare = text.replace(",", "").replace("$", "").strip()
    if not _AMOUNT.fullmatch(bare):
        return None
    try:
        number = Decimal(bare)
    except InvalidOperation:
        return None
    if base is Base.MONEY:
        rounded = number.quantize(Decimal("0.01"))
        return str(rounded) if rounded == number else None
    return str(number.normalize()) if number != number.to_integral() else str(number.to_integral())


def _date(text: str) -> str | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _time(text: str) -> str | None:
    found = _TIME.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return f"{int(found[1]):02d}:{found[2]}"

"""A payment card as a customer gives it: read from keys or words, and checked for what any card must be.

Nothing here tells whether the card exists or has money; only its bank knows. A reason why a card can't be right is a
code and holds none of its digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from throughline.privacy.pans import luhn

MOST_YEARS: Final = 20
"""A card that expires later than that was misheard: issuers give them for at most some ten years."""
_NUMBER: Final = re.compile(r"[1-9][0-9]{12,18}\Z")
"""13 to 19 digits (ISO/IEC 7812-1; no issuer's number begins with a zero)."""
_CODE: Final = re.compile(r"[0-9]{3,4}\Z")
_KEYED_EXPIRY: Final = re.compile(r"(?P<month>[0-9]{2})(?P<year>[0-9]{2})\Z")
_SAID: Final = re.compile(
    r"[^0-9]*(?P<number>[0-9](?:[ -]?[0-9]){12,18}?)[^0-9]+"
    r"(?P<month>[0-9]{1,2})\s?[-/. ]?\s?(?P<year>20[0-9]{2}|[0-9]{2})[^0-9]+(?P<code>[0-9]{1,6})[^0-9]*\Z"
)
_LONGEST: Final = 200


class Flaw(StrEnum):
    """Why it can't be a card: the codes of an intent's `refused` prompts."""

    NUMBER = "bad_number"
    EXPIRY = "bad_expiry"
    EXPIRED = "expired"
    CODE = "bad_code"


@dataclass(frozen=True, slots=True, repr=False)
class PaymentCard:
    """A card that could be one. Shown by nothing; hand it on and keep it nowhere."""

    number: str
    """13 to 19 digits that pass the Luhn check."""
    month: int
    """1 to 12: it is good to the end of that month."""
    year: int
    """Four digits."""
    code: str
    """The security code: 3 or 4 digits."""

    def __repr__(self) -> str:
        return "PaymentCard(hidden)"

    __str__ = __repr__


def keyed_card(number: str, expiry: str, code: str, now: float) -> PaymentCard | Flaw:
    """The card in three answers of keys, the expiry as MMYY; `now` in epoch seconds."""
    when = _KEYED_EXPIRY.match(expiry)
    if not _could_be(number):
        return Flaw.NUMBER
    if when is None:
        return Flaw.EXPIRY
    return _checked(number, int(when["month"]), 2000 + int(when["year"]), code, now)


def said_card(text: str, now: float) -> PaymentCard | Flaw:
    """The card in one text of digits: number, expiry as month and year, security code, parted by what is no digit."""
    found = _SAID.match(text[:_LONGEST])
    if found is None:
        return Flaw.NUMBER
    number, year = re.sub(r"[ -]", "", found["number"]), int(found["year"])
    return _checked(number, int(found["month"]), year if year >= 2000 else 2000 + year, found["code"], now)


def as_said(number: str, expiry: str, code: str) -> str:
    """The text that `said_card` reads as `keyed_card` would have."""
    return f"{number} {expiry[:2]}/{expiry[2:]} {code}"


def _could_be(number: str) -> bool:
    return _NUMBER.match(number) is not None and luhn(number)


def _checked(number: str, month: int, year: int, code: str, now: float) -> PaymentCard | Flaw:
    today = datetime.fromtimestamp(now, UTC)
    if not _could_be(number):
        return Flaw.NUMBER
    if not 1 <= month <= 12 or year > today.year + MOST_YEARS:
        return Flaw.EXPIRY
    if (year, month) < (today.year, today.month):
        return Flaw.EXPIRED
    if _CODE.match(code) is None:
        return Flaw.CODE
    return PaymentCard(number, month, year, code)

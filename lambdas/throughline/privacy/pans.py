"""Payment card numbers in a stream of digits.

A number of 13 to 19 digits (ISO/IEC 7812-1) is a card number if its check digit is right (Luhn). With an
issuer's prefix and one of that issuer's lengths it is found whatever parts its digits and whatever stands
beside it; without one, only in a form that cards have. Where form alone cannot tell the number from its
neighbours the whole stream goes: to mask too much costs a question, and an extent that depended on the
digits would itself tell something about them.
"""

import re
from typing import Final, Literal, NamedTuple

from throughline.privacy.digits import Stream

Naming = Literal["card", "order", "ssn", "other", ""]

SHORTEST: Final = 13
LONGEST: Final = 19
_ANY: Final = range(13, 20)
_LATER: Final = range(16, 20)
# By the first two digits: Visa; Mastercard; Amex; Diners; JCB; Maestro, Discover, UnionPay and RuPay.
_LENGTHS: Final[dict[str, range | tuple[int, ...]]] = {
    **{f"4{digit}": (13, 16, 19) for digit in range(10)},
    **{f"5{digit}": (16,) for digit in range(1, 6)},
    **{f"5{digit}": _ANY for digit in (0, 6, 7, 8, 9)},
    **{f"6{digit}": _ANY for digit in range(10)},
    "34": (15,),
    "37": (15,),
    "35": _LATER,
    "81": _LATER,
    "82": _LATER,
    **{f"3{digit}": range(14, 20) for digit in (0, 6, 8, 9)},
}

_SIGN = "[-. /*]"
_CARD = (
    r"\d{13,19}"
    rf"|\d{{4}}({_SIGN})\d{{4}}\2\d{{4}}\2\d{{4}}(?:\2\d{{1,3}})?"
    rf"|\d{{4}}({_SIGN})\d{{6}}\3\d{{4,5}}"
    rf"|\d{{4}}({_SIGN})\d{{3}}\4\d{{3}}\4\d{{3}}"
)
_DATE = (
    r"(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./]\d{1,2}|(?:0?[1-9]|[12]\d|3[01])[-./]\d{1,2}[-./](?:(?:19|20)\d\d|\d\d))"
    r"(?:[ *]\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,6})?)?"
)
_PHONE = r"(?:\d{1,3}[-. (])?[2-9]\d\d[-.)/ ][2-9]\d\d[-. ]\d{4}|1?[2-9]\d\d[2-9]\d{6}|[2-9]\d\d[-.]\d{4}"
_AMOUNT = r"\d{1,3}(?:t\d{3}){1,3}(?:\.\d\d)?|\d{1,7}\.\d\d"
_EXPIRY = r"(?:0?[1-9]|1[0-2])[-/](?:20)?\d\d"
_SSN = r"\d{3}[-. ]\d{2}[-. ]\d{4}"
_ITEM: Final = re.compile(rf"(?:({_CARD})|{_DATE}|{_PHONE}|{_AMOUNT}|{_EXPIRY}|{_SSN})(?=[ (]|$)")
_GROUP: Final = re.compile(r"\d+")
# The three or four digits behind a card number, with or without its expiry, are its verification value.
_TAIL: Final = re.compile(rf"(?:[, t]{_EXPIRY})?[, t]\d{{3,4}}(?=[, t]|$)")
_GLUED: Final = re.compile(r"(?:0[1-9]|1[0-2])(?:(?:20)?\d\d(?:\d{3,4})?)?")
_UNIFORM: Final = re.compile(r"\d(?:([-. /*])\d)(?:\1\d){11,17}")


class Extent(NamedTuple):
    """A part of a stream's skeleton: first character and the one behind the last."""

    start: int
    end: int


class _Sums:
    """Luhn's sum of any window in constant time, from two running sums (one for each parity)."""

    __slots__ = ("digits", "sums")

    def __init__(self, digits: str) -> None:
        even, odd = [0], [0]
        for index, digit in enumerate(digits):
            once = int(digit)
            twice = once * 2 if once < 5 else once * 2 - 9
            even.append(even[-1] + (once if index % 2 else twice))
            odd.append(odd[-1] + (twice if index % 2 else once))
        self.digits = digits
        self.sums = (even, odd)

    def valid(self, start: int, end: int) -> bool:
        """Whether the check digit of digits[start:end] is right."""
        sums = self.sums[end % 2]
        return (sums[end] - sums[start]) % 10 == 0

    def lengths(self, start: int) -> range | tuple[int, ...]:
        """The lengths a card number may have that begins at start, by its issuer; none if no issuer does
        so.
        """
        prefix = self.digits[start : start + 4]
        if "2200" <= prefix <= "2204":
            return _LATER
        if "2221" <= prefix <= "2720" or prefix == "9792":
            return (16,)
        return _LENGTHS.get(prefix[:2], ())

    def issued(self, start: int, end: int) -> bool:
        """Whether digits[start:end] is a card number of a known issuer."""
        return end - start in self.lengths(start) and self.valid(start, end)


def luhn(digits: str) -> bool:
    """Whether the last of these ASCII digits is their Luhn check digit."""
    return _Sums(digits).valid(0, len(digits))


def issued(digits: str) -> bool:
    """Whether these ASCII digits are a card number of a known issuer: prefix, length and check digit."""
    return _Sums(digits).issued(0, len(digits))


def _windows(sums: _Sums, bounds: list[int], ordered: bool) -> bool:
    """Whether a known issuer's number begins and ends where groups do, or is glued to an expiry or to
    more digits.
    """
    ends = set(bounds[1:])
    total = bounds[-1]
    for first, start in enumerate(bounds[:-1]):
        stop = bounds[first + 1]
        for length in sums.lengths(start):
            end = start + length
            if end > total or not sums.valid(start, end):
                continue
            if end in ends:
                return True
            if end < stop and not ordered and _GLUED.fullmatch(sums.digits, end, stop):
                return True
        if ordered:
            continue
        if stop - start > LONGEST:
            inner = range(start + 1, stop - SHORTEST + 1)
            if any(
                start_ + length <= stop and sums.valid(start_, start_ + length)
                for start_ in (start, *inner)
                for length in sums.lengths(start_)
            ):
                return True
        elif first and any(sums.issued(start + year, stop) for year in (2, 4)):
            # "12/274111…": the expiry's year is glued to the front.
            return True
    return False


def _loose(stream: Stream, start: int, end: int, naming: Naming) -> bool:
    """Whether a part of a stream, whose form says nothing, holds a card number."""
    skeleton = stream.skeleton[start:end]
    groups = _GROUP.findall(skeleton)
    digits = "".join(groups)
    total = len(digits)
    if total < SHORTEST:
        return False
    sums = _Sums(digits)
    bounds = [0]
    for group in groups:
        bounds.append(bounds[-1] + len(group))
    if _windows(sums, bounds, naming == "order"):
        return True
    if total > LONGEST or naming == "order":
        return False
    return naming == "card" or (_UNIFORM.fullmatch(skeleton) is not None and sums.valid(0, total))


def _is_card(skeleton: str, naming: Naming, lettered: bool) -> bool:
    """Whether what has a card number's form is one."""
    groups = _GROUP.findall(skeleton)
    sums = _Sums("".join(groups))
    total = len(sums.digits)
    if naming == "card" or sums.issued(0, total):
        return True
    if len(groups) > 4 and sums.issued(0, 16):
        # 4-4-4-4-3: nineteen digits, or sixteen and a verification value.
        return True
    if _windows(sums, [0, total], naming == "order"):
        return True
    return naming != "order" and not lettered and sums.valid(0, total)


class _Piece(NamedTuple):
    start: int
    end: int
    cards: list[Extent]
    innocent: bool


def _piece(skeleton: str, start: int, end: int, naming: Naming, lettered: bool) -> _Piece:
    """Read a part between commas as cards, phones, dates and amounts, if it is wholly that."""
    cards: list[Extent] = []
    position = start
    while position < end:
        item = _ITEM.match(skeleton, position, end)
        if item is None:
            return _Piece(start, end, [], False)
        if item[1]:
            if not _is_card(item[1], naming, lettered):
                return _Piece(start, end, [], False)
            cards.append(Extent(item.start(), item.end()))
        position = item.end() + 1
    return _Piece(start, end, cards, not cards)


def find_cards(stream: Stream, naming: Naming, lettered: bool) -> list[Extent]:
    """Where in a stream card numbers stand.

    `naming` is what the words nearest to it call it; `lettered` says that letters touch it, as in
    "AB4111…".
    """
    if stream.size < SHORTEST:
        return []
    skeleton = stream.skeleton
    pieces: list[_Piece] = []
    start = 0
    for part in skeleton.split(","):
        pieces.append(_piece(skeleton, start, start + len(part), naming, lettered))
        start += len(part) + 1
    found: list[Extent] = []
    unresolved: list[_Piece] = []
    for piece in (*pieces, None):
        if piece is not None and not piece.cards:
            unresolved.append(piece)
            continue
        # One short number among phones and dates is a day, a count or an extension.
        suspects = [part for part in unresolved if not part.innocent]
        if len(suspects) > 1 or (suspects and suspects[0].end - suspects[0].start > 3):
            begin, end = unresolved[0].start, unresolved[-1].end
            if _loose(stream, begin, end, naming):
                found.append(Extent(begin, end))
        unresolved = []
        if piece is not None:
            found.extend(piece.cards)
    return [
        Extent(begin, tail.end()) if (tail := _TAIL.match(skeleton, end)) else Extent(begin, end)
        for begin, end in found
    ]


def is_ordinary(skeleton: str) -> bool:
    """Whether a part of a skeleton is wholly phones, dates, amounts and expiries."""
    return _piece(skeleton, 0, len(skeleton), "order", True).innocent

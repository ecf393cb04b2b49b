"""English numbers as people say and type them: amounts of money, ordinals, percentages, strings of digits.

Ready-made converters were tried and refuse much of what customers say ("a hundred", "a grand", "two and
a half", "forty bucks", "double four"), so this is a small grammar of our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "k": 1000, "million": 1_000_000}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14,
    "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19,
    "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
MAJOR = frozenset({"dollar", "dollars", "buck", "bucks", "usd", "euro", "euros", "pound", "pounds", "quid"})
MINOR = frozenset({"cent", "cents", "pence", "pennies"})
SIGNS = frozenset("$€£")
MINUS = frozenset({"minus", "negative", "-", "\u2212"})
DIGIT_WORDS = {word: str(value) for word, value in UNITS.items() if value < 10} | {"oh": "0", "o": "0"}
REPEATS = {"double": 2, "triple": 3}


def number_at(words: Sequence[str], start: int) -> tuple[int, Decimal] | None:
    """The plain number that begins at word `start`: the word after it, and the value."""
    if words[start] in MINUS:
        below = number_at(words, start + 1) if start + 1 < len(words) else None
        return (below[0], -below[1]) if below is not None else None
    typed = _typed(words[start])
    if typed is not None:
        return _scaled(words, start + 1, typed)
    return _spoken(words, start)


def amount_at(words: Sequence[str], start: int) -> tuple[int, Decimal, bool] | None:
    """A number or a sum of money at word `start`: the word after it, the value, whether money was named."""
    if words[start] in MINUS:
        below = amount_at(words, start + 1) if start + 1 < len(words) else None
        return (below[0], -below[1], below[2]) if below is not None else None
    signed = words[start] in SIGNS
    begin = start + 1 if signed else start
    found = number_at(words, begin) if begin < len(words) else None
    if found is None:
        return None
    end, value = found
    if not signed and end < len(words) and words[end] in MINOR:
        return end + 1, value / 100, True
    named = end < len(words) and (words[end] in MAJOR or words[end] in SIGNS)
    if named:
        end += 1
        end, value = _cents(words, end, value)
    return end, value, signed or named


def ordinal_at(words: Sequence[str], start: int) -> tuple[int, int] | None:
    """An ordinal at word `start` ("third", "21st", "twenty first"): the word after it, and the value."""
    word = words[start]
    if word in ORDINALS:
        return start + 1, ORDINALS[word]
    for ending in ("st", "nd", "rd", "th"):
        if word.endswith(ending) and word.removesuffix(ending).isdecimal():
            return start + 1, int(word.removesuffix(ending))
    follows = words[start + 1] if start + 1 < len(words) else ""
    if word in TENS and ORDINALS.get(follows, 10) < 10:
        return start + 2, TENS[word] + ORDINALS[follows]
    return None


def digits_at(words: Sequence[str], start: int) -> tuple[int, str] | None:
    """A string of digits at word `start`, spoken one by one, in pairs, doubled, or typed with gaps."""
    digits = ""
    position = start
    while position < len(words):
        piece = _digit_piece(words, position)
        if piece is None:
            break
        position, more = piece
        digits += more
    return (position, digits) if digits else None


def plain(value: Decimal, money: bool = False) -> str:
    """The value as Lex writes it: no thousands separators, cents only where there are some."""
    if value == value.to_integral_value():
        return str(int(value))
    return f"{value:.2f}" if money else format(value.normalize(), "f")


def _typed(word: str) -> Decimal | None:
    bare = word.replace(",", "")
    if bare.isascii() and bare.replace(".", "", 1).isdigit() and bare[0] != "." and bare[-1] != ".":
        return Decimal(bare)
    if len(bare) > 1 and bare[-1] == "k" and bare[:-1].isascii() and bare[:-1].isdigit():
        return Decimal(bare[:-1]) * 1000
    return None


def _scaled(words: Sequence[str], position: int, value: Decimal) -> tuple[int, Decimal]:
    while position < len(words) and words[position] in SCALES:
        value *= SCALES[words[position]]
        position += 1
    return position, value


def _spoken(words: Sequence[str], start: int) -> tuple[int, Decimal] | None:
    position, total, group, seen = start, 0, 0, False
    last = "scale"
    while position < len(words):
        word = words[position]
        follows = words[position + 1] if position + 1 < len(words) else ""
        if word in ("a", "an") and not seen and follows in SCALES:
            group, last = 1, "unit"
        elif word in UNITS and last in (("scale", "tens") if 0 < UNITS[word] < 10 else ("scale",)):
            group, last = group + UNITS[word], "unit"
        elif word in TENS and last == "scale":
            group, last = group + TENS[word], "tens"
        elif word == "hundred" and seen and last in ("unit", "tens"):
            group, last = group * 100, "scale"
        elif word in SCALES and word != "hundred" and seen:
            total, group, last = total + (group or 1) * SCALES[word], 0, "scale"
        elif word == "and" and seen and last == "scale" and (follows in UNITS or follows in TENS):
            pass
        else:
            break
        seen = True
        position += 1
    if not seen:
        return None
    return _fraction(words, position, Decimal(total + group))


def _fraction(words: Sequence[str], position: int, value: Decimal) -> tuple[int, Decimal]:
    if list(words[position : position + 3]) == ["and", "a", "half"]:
        return position + 3, value + Decimal("0.5")
    if position < len(words) and words[position] == "point":
        found = digits_at(words, position + 1)
        if found is not None:
            return found[0], value + Decimal(f"0.{found[1]}")
    return position, value


def _cents(words: Sequence[str], end: int, value: Decimal) -> tuple[int, Decimal]:
    begin = end + 1 if end < len(words) and words[end] == "and" else end
    if begin < len(words):
        found = number_at(words, begin)
        if found is not None and found[1] < 100:
            after = found[0]
            if after < len(words) and words[after] in MINOR:
                return after + 1, value + found[1] / 100
    return end, value


def _digit_piece(words: Sequence[str], position: int) -> tuple[int, str] | None:
    word = words[position]
    follows = words[position + 1] if position + 1 < len(words) else ""
    if word in REPEATS:
        one = DIGIT_WORDS.get(follows) or (follows if len(follows) == 1 and follows.isdecimal() else None)
        return (position + 2, one * REPEATS[word]) if one else None
    if word in DIGIT_WORDS:
        return position + 1, DIGIT_WORDS[word]
    if word.isascii() and word.isdigit():
        return position + 1, word
    if word in TENS:
        if follows in DIGIT_WORDS and follows not in ("oh", "o", "zero"):
            return position + 2, str(TENS[word] + int(DIGIT_WORDS[follows]))
        return position + 1, str(TENS[word])
    if word in UNITS:
        return position + 1, str(UNITS[word])
    return None

"""International bank account numbers (ISO 13616), found by country, national structure and the mod-97
check.
"""

import re
from bisect import bisect_left
from typing import Final

from throughline.privacy.digits import DIGITS, LABEL, NUMBER_WORDS, TIMES, UNITS, Token
from throughline.privacy.vocabulary import listed

# The national part of each country's number: a count and n (digits), a (letters) or c (either), as ISO
# 13616 writes it.
_STRUCTURES: Final = listed(
    """
AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n
CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n
GI4a15c GL14n GR7n16c GT4c20c HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c
KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD2c18c ME18n MK3n10c2n MN16n
MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c
RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n
TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c
"""
)
_PART: Final = re.compile(r"([0-9]+)([nac])")
_CLASSES: Final = {"n": "[0-9]", "a": "[a-z]", "c": "[0-9a-z]"}


def _pattern(structure: str) -> tuple[int, re.Pattern[str]]:
    parts = _PART.findall(structure)
    length = 4 + sum(int(size) for size, _ in parts)
    return length, re.compile("[0-9]{2}" + "".join(f"{_CLASSES[kind]}{{{size}}}" for size, kind in parts))


# By country: the whole number's length, and what stands behind the country's two letters.
_COUNTRIES: Final = {part[:2].lower(): _pattern(part[2:]) for part in _STRUCTURES}
LENGTHS: Final = {country: length for country, (length, _) in _COUNTRIES.items()}
# Countries that are English words as well.
_ENGLISH: Final = frozenset(listed("ad al at be do is it me no"))


def valid(number: str) -> bool:
    """Whether a lower-case number without blanks has its country's structure and the right check digits."""
    country = _COUNTRIES.get(number[:2])
    if country is None or len(number) != country[0] or not country[1].fullmatch(number, 2):
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


class _Cells:
    """The letters and digits of a text in a row, each with the span that it was read from.

    A word for a digit is that digit; `literally`, it is its letters: a bank may be called NULL or FOUR.
    """

    __slots__ = ("spans", "spoken", "text")

    def __init__(self, found: list[Token], *, literally: bool = False) -> None:
        self.spoken = False
        row: list[str] = []
        self.spans: list[tuple[int, int]] = []
        times = 1
        for start, end, kind, word in found:
            if not literally and kind != LABEL and word in TIMES:
                times = TIMES[word]
                continue
            if kind == LABEL:
                # Not a letter nor a digit: no number goes on beyond a mask.
                characters, spoken = "[", True
            elif not literally and kind != DIGITS and word in NUMBER_WORDS and word in UNITS and word != "o":
                characters, spoken = UNITS[word] * times, True
                self.spoken = True
            else:
                characters, spoken = word[0] * (times - 1) + word, False
                if not characters.isascii():
                    characters = "[" * len(characters)
            times = 1
            for index, character in enumerate(characters):
                row.append(character)
                at = start + index - (len(characters) - len(word))
                self.spans.append((start, end) if spoken or at < start else (at, at + 1))
        self.text = "".join(row)


def find_ibans(found: list[Token]) -> list[tuple[int, int]]:
    """Where in the folded text bank account numbers stand, whatever parts their letters and digits."""
    readings: list[_Cells] = []
    named = any(token.text in ("iban", "ibans") for token in found)
    spans: list[tuple[int, int]] = []
    for index, token in enumerate(found[:-1]):
        # Two letters of a country, as a word of their own, a letter and a letter, or the end of a glued
        # word.
        head = token.text
        if token.kind == LABEL or token.kind == DIGITS:
            continue
        if len(head) == 1 and len(found[index + 1].text) == 1:
            head += found[index + 1].text
        if head[:2] not in _COUNTRIES and head[-2:] not in _COUNTRIES:
            continue
        following = found[index + 1]
        if len(head) > 2 and following.start != token.end:
            continue
        # "It is 4111…" is talk; "is 14 0159…" is Iceland's.
        talk = token.text in _ENGLISH and following.start != token.end and not named
        if talk and (following.kind != DIGITS or len(following.text) != 2):
            continue
        if not readings:
            readings.append(_Cells(found))
            if readings[0].spoken:
                readings.append(_Cells(found, literally=True))
        span = next((span for cells in readings if (span := _match(cells, token, named))), None)
        if span and (not spans or span[0] >= spans[-1][1]):
            spans.append(span)
    return spans


def _match(cells: _Cells, token: Token, named: bool) -> tuple[int, int] | None:
    low = bisect_left(cells.spans, (token.start, 0))
    for start in {low, low + max(0, len(token.text) - 2)}:
        country = _COUNTRIES.get(cells.text[start : start + 2])
        if country is None:
            continue
        number = cells.text[start : start + country[0]]
        if valid(number) or (named and len(number) == country[0] and country[1].fullmatch(number, 2)):
            return cells.spans[start][0], cells.spans[start + country[0] - 1][1]
    return None

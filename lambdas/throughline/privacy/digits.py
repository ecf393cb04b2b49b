"""Digits as people write and say them: "4111-1111", "four one double one", "forty-one eleven, um, 1111".

A text becomes tokens; tokens that carry digits with nothing but punctuation and fillers between them
become one stream. Everything that looks for numbers looks at streams, so that each spelling of a number
is met in one place.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from throughline.privacy.vocabulary import listed

LABEL: Final = 1
DIGITS: Final = 2
WORD: Final = 3
# Masks already laid are tokens of their own: they end a stream, and never name a secret to come.
_TOKEN: Final = re.compile(r"(\[(?:card number|card part|ssn|iban|pin|code|cvv|password)\])|([0-9]+)|([^\W\d_]+)")
_CURRENCY: Final = re.compile(r"[$€£¥₹]")

_ONES = listed("one two three four five six seven eight nine")
UNITS: Final[dict[str, str]] = {
    **{word: str(value) for value, word in enumerate(_ONES, 1)},
    **{word + ("es" if word == "six" else "s"): str(value) for value, word in enumerate(_ONES, 1)},
    **dict.fromkeys(("zero", "zeros", "zeroes", "nought", "naught", "oh", "o", "null"), "0"),
    "niner": "9",
    "fife": "5",
}
_TEENS = listed("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
TEENS: Final = {word: str(value) for value, word in enumerate(_TEENS, 10)}
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
TENS: Final = {**{word: str(value) for value, word in enumerate(_TENS, 2)}, "fourty": "4"}
TIMES: Final = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4, "quad": 4, "quintuple": 5}
SCALES: Final = {"hundred": "00", "thousand": "000"}
NUMBER_WORDS: Final = frozenset({*UNITS, *TEENS, *TENS, *TIMES, *SCALES})
# What may stand between two digits of one number, and the separator that it stands for.
FILLERS: Final = {
    **dict.fromkeys(listed("uh um er erm ah hmm mm and then comma so okay ok next"), ","),
    **dict.fromkeys(("dash", "hyphen", "minus"), "-"),
    **dict.fromkeys(("dot", "point", "period"), "."),
    "slash": "/",
    "space": " ",
}
# One of these is a digit only beside another number: "oh" opens half of all spoken sentences.
_SHY: Final = frozenset({"oh", "o", "null"})


class Token(NamedTuple):
    """A mask, a run of digits or a word. A tuple, since a turn makes dozens and a dataclass costs thrice."""

    start: int
    """Where it starts in the folded text."""
    end: int
    """Where the folded text goes on."""
    kind: int
    """LABEL, DIGITS or WORD."""
    text: str
    """The folded text of it."""


class Stream(NamedTuple):
    """Digits that belong together, as one skeleton: digits, and one character for each separator.

    Separators: "," parts what could be two numbers (comma, semicolon, newline, "and"); "t" is a comma
    without a space; " " is blank; "-./:()" stand for themselves; "*" is any other sign.
    """

    skeleton: str
    starts: list[int]
    """For each character of the skeleton where it starts in the folded text."""
    ends: list[int]
    """For each character of the skeleton where it ends in the folded text."""
    size: int
    """How many digits it has."""

    @property
    def start(self) -> int:
        """Where it starts in the folded text."""
        return self.starts[0]

    @property
    def end(self) -> int:
        """Where it ends in the folded text."""
        return self.ends[-1]


class _Atom(NamedTuple):
    start: int
    end: int
    digits: str
    spoken: bool


def tokens(text: str) -> list[Token]:
    """The tokens of a folded text, in order."""
    return [Token(m.start(), m.end(), m.lastindex or WORD, m[0]) for m in _TOKEN.finditer(text)]


def _near(text: str, end: int, start: int) -> bool:
    return start - end <= 3 and not text[end:start].strip(" -")


def _atom(text: str, found: list[Token], index: int) -> tuple[_Atom, int] | None:
    """The number that begins at a token, and the index of the token behind it."""
    start, end, kind, word = found[index]
    if kind == DIGITS:
        return _Atom(start, end, word, False), index + 1
    if kind == LABEL or word not in NUMBER_WORDS:
        return None
    following = found[index + 1] if index + 1 < len(found) else None
    if word in UNITS:
        return _Atom(start, end, UNITS[word], True), index + 1
    if word in TEENS:
        return _Atom(start, end, TEENS[word], True), index + 1
    if word in TENS:
        if following and _near(text, end, following.start) and UNITS.get(following.text, "0") != "0":
            return _Atom(start, following.end, TENS[word] + UNITS[following.text], True), index + 2
        return _Atom(start, end, TENS[word] + "0", True), index + 1
    if word in TIMES and following and following.text not in TIMES and _near(text, end, following.start):
        repeated = _atom(text, found, index + 1)
        if repeated:
            atom, after = repeated
            return _Atom(start, atom.end, atom.digits[0] * (TIMES[word] - 1) + atom.digits, True), after
    return None


def _separator(gap: str) -> str:
    if "\n" in gap or "\r" in gap:
        return ","
    sign = gap.strip()
    if not sign:
        return " "
    if "," in sign or ";" in sign or "|" in sign:
        return "t" if gap == "," else ","
    return sign[0] if sign[0] in "-./:()" else "*"


def _stream(atoms: list[_Atom], separators: list[str]) -> Stream:
    skeleton: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    count = 0
    for index, atom in enumerate(atoms):
        if index and separators[index]:
            skeleton.append(separators[index])
            starts.append(atoms[index - 1].end)
            ends.append(atom.start)
        size = len(atom.digits)
        count += size
        skeleton.append(atom.digits)
        if atom.spoken:
            starts.extend([atom.start] * size)
            ends.extend([atom.end] * size)
        else:
            starts.extend(range(atom.start, atom.end))
            ends.extend(range(atom.start + 1, atom.end + 1))
    return Stream("".join(skeleton), starts, ends, count)


def streams(text: str, found: list[Token]) -> Iterator[Stream]:
    """The streams of a folded text, in order; one pass over its tokens."""
    atoms: list[_Atom] = []
    separators: list[str] = []
    filler = ""
    index = 0
    while index < len(found):
        token = found[index]
        word = token.text
        if atoms and word in SCALES and not filler and _near(text, atoms[-1].end, token.start):
            last = atoms[-1]
            atoms[-1] = _Atom(last.start, token.end, last.digits + SCALES[word], last.spoken)
            index += 1
            continue
        number = _atom(text, found, index)
        if number and word in _SHY and not (atoms and not filler):
            after = number[1]
            if after >= len(found) or not _atom(text, found, after):
                number = None
        if number is None:
            if atoms and word in FILLERS:
                filler = FILLERS[word] if filler in ("", FILLERS[word]) else ","
            elif atoms and word not in _SHY:
                yield _stream(atoms, separators)
                atoms, separators, filler = [], [], ""
            index += 1
            continue
        atom, index = number
        separator = ""
        if atoms:
            gap = text[atoms[-1].end : atom.start]
            if _CURRENCY.search(gap):
                yield _stream(atoms, separators)
                atoms, separators = [], []
            elif filler:
                separator = filler
            elif atom.spoken and atoms[-1].spoken and not gap.strip(" -"):
                separator = ""
            else:
                separator = _separator(gap)
        filler = ""
        atoms.append(atom)
        separators.append(separator)
    if atoms:
        yield _stream(atoms, separators)

"""Masks for what must never be stored: cards, social security numbers, IBANs, and the secrets a sentence
names.

A mask is a word in brackets, the same for every secret of its kind: no last digits, no length, no count.
Two turns that differ only in the secret leave the same text behind, which is what the proof by difference
compares.

The usual turn has nothing to hide, so one look at its words and digits ends it; only what could hold a
secret is read in full. All of it is linear in the text's length.
"""

import itertools
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

from throughline.privacy.digits import FILLERS, LABEL, NUMBER_WORDS, WORD, Stream, Token, streams, tokens
from throughline.privacy.folding import Folded, fold
from throughline.privacy.ibans import find_ibans
from throughline.privacy.named import Finder
from throughline.privacy.pans import Naming, find_cards
from throughline.privacy.sealed import Sealed
from throughline.privacy.ssns import find_ssns
from throughline.privacy.vocabulary import CARD_WORDS, NAMES, ORDER_WORDS, OTHER_WORDS, SOUNDS, SSN_WORDS

LABELS: Final = {
    "password": "[password]",
    "iban": "[iban]",
    "card_number": "[card number]",
    "ssn": "[ssn]",
    "cvv": "[cvv]",
    "pin": "[pin]",
    "code": "[code]",
    "card_part": "[card part]",
}
KINDS: Final = frozenset({"pin", "code", "cvv", "password", "card_number", "ssn", "card_part"})
# Where spans of two kinds overlap, the one that stands first here names their union.
_RANK: Final = {kind: rank for rank, kind in enumerate(LABELS)}

_PLAIN: Final = {code: None if chr(code) == "'" else " " for code in range(128) if not chr(code).isalpha()} | {
    0x2019: None
}
ROUNDS: Final = 8
"""Looks at a text in which each mask shows another number, after which none is told apart any more: looking on for each
would be quadratic."""
_DIGIT: Final = re.compile(r"[0-9]")
# Fewer digits than these are neither a social security number nor, with letters, an IBAN.
_FEWEST: Final = 9
_FEWEST_OF_IBAN: Final = 4
_IBAN_HEAD: Final = re.compile(r"[a-z][\W_]{0,9}[a-z][\W_]{0,9}[0-9][\W_]{0,9}[0-9]")
_DIGITS_OF_WORD: Final = 4
# How many characters behind a number its name may begin ("123456789 is my social").
_REACH: Final = 60
_SENTENCE: Final = re.compile(r"[.!?\n]\s")

_NAMINGS: Final[dict[str, Naming]] = {
    **dict.fromkeys(CARD_WORDS, "card"),
    **dict.fromkeys(ORDER_WORDS, "order"),
    **dict.fromkeys(SSN_WORDS, "ssn"),
    **dict.fromkeys(OTHER_WORDS, "other"),
}
_SPELLED_SSN: Final = re.compile(r"(?<![^\W_])s\W{1,2}s\W{1,2}n(?![^\W_])")
_CHAIN: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that may be stored and logged, and, out of reach, the one that it was made from."""

    text: str
    """The text with every secret replaced by its label."""
    found: frozenset[str]
    """The kinds that were masked: keys of LABELS."""
    sealed: Sealed | None = field(compare=False)
    """The whole raw text; None if nothing was masked."""


_Span = tuple[int, int, str]


def _idle(folded: str) -> bool:
    """Whether a text can hold no secret: too few digits, said or written, and no secret named."""
    words = folded.translate(_PLAIN).split()
    if not NAMES.isdisjoint(words):
        return False
    written = len(_DIGIT.findall(folded))
    if NUMBER_WORDS.isdisjoint(words):
        return written < _FEWEST_OF_IBAN or (written < _FEWEST and not _IBAN_HEAD.search(folded))
    said = sum(word in NUMBER_WORDS for word in words)
    return written < _FEWEST_OF_IBAN and written + said * _DIGITS_OF_WORD < _FEWEST


def _naming(namings: list[tuple[int, Naming]], stream: Stream, text: str) -> Naming:
    """What the nearest name in front of a stream calls it or, failing that, one soon behind it in its
    sentence.
    """
    behind = bisect_left(namings, (stream.start, ""))
    if behind:
        return namings[behind - 1][1]
    if behind < len(namings):
        start, naming = namings[behind]
        if start - stream.end <= _REACH and not _SENTENCE.search(text, stream.end, start):
            return naming
    return ""


def _numbers(text: str, found: list[Token], flows: list[Stream]) -> list[_Span]:
    spans: list[_Span] = []
    long = [stream for stream in flows if stream.size >= _FEWEST]
    if not long:
        return spans
    namings: list[tuple[int, Naming]] = [
        (token.start, naming) for token in found if (naming := _NAMINGS.get(token.text))
    ]
    namings.extend((match.start(), "ssn") for match in _SPELLED_SSN.finditer(text))
    namings.sort()
    for stream in long:
        naming = _naming(namings, stream, text)
        before = text[stream.start - 1] if stream.start else " "
        after = text[stream.end] if stream.end < len(text) else " "
        extents = [
            (extent, "card_number") for extent in find_cards(stream, naming, before.isalpha() or after.isalpha())
        ]
        if not extents:
            extents = [(extent, "ssn") for extent in find_ssns(stream, naming, before == "+")]
        spans.extend((stream.starts[start], stream.ends[end - 1], kind) for (start, end), kind in extents)
    return spans


def _find(text: str) -> list[_Span]:
    """Where in a folded text secrets stand; spans may overlap."""
    found = tokens(text)
    ibans: list[_Span] = [(start, end, "iban") for start, end in find_ibans(found)]
    if ibans:
        # Their digits would be read again as cards: lay these masks first.
        return ibans
    flows = list(streams(text, found))
    spans = _numbers(text, found, flows)
    spans.extend(Finder(text, found, flows).find())
    return spans


def _all_long(text: str) -> list[_Span]:
    """All numbers that are long enough to be one of those, whatever else they are."""
    long = (stream for stream in streams(text, tokens(text)) if stream.size >= _FEWEST)
    return [(stream.starts[0], stream.ends[-1], "ssn") for stream in long]


def _replace(folded: Folded, spans: list[_Span]) -> tuple[str, set[str]]:
    """The raw text with the union of the spans replaced, and the kinds that name the replacements."""
    merged: list[_Span] = []
    for start, end, kind in sorted(spans):
        if merged and start < merged[-1][1]:
            begin, stop, other = merged[-1]
            merged[-1] = (begin, max(stop, end), min(other, kind, key=_RANK.__getitem__))
        else:
            merged.append((start, end, kind))
    pieces: list[str] = []
    position = 0
    for start, end, kind in merged:
        begin, stop = folded.span(start, end)
        pieces.append(folded.raw[position:begin])
        pieces.append(LABELS[kind])
        position = stop
    pieces.append(folded.raw[position:])
    return "".join(pieces), {kind for _, _, kind in merged}


def mask(text: str) -> Masked:
    """Mask what is secret whatever was asked: card numbers, US social security numbers, IBANs and named
    secrets.

    The rest of the text is kept to the letter. Masking the result again changes nothing.
    """
    current = text
    kinds: set[str] = set()
    for round_ in itertools.count():
        folded = fold(current)
        if _idle(folded.text):
            break
        spans = _find(folded.text) if round_ < ROUNDS else _all_long(folded.text)
        if not spans:
            break
        # A mask parts what stood together, and may thereby show a number for what it is: look again.
        current, laid = _replace(folded, spans)
        kinds |= laid
    return Masked(current, frozenset(kinds), Sealed(text) if kinds else None)


def mask_expected(text: str, kind: str) -> Masked:
    """Mask the answer to a question that asked for a secret of this kind (one of KINDS).

    For a password the whole text goes. Otherwise everything from the first to the last thing that has or
    says a digit is one mask, so that neither the length nor the spelling of the answer shows; an answer
    without any digit is kept ("I don't know it"). What needs no context is masked in the remainder.

    Raises ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"no mask for the kind {kind!r}: use one of {', '.join(sorted(KINDS))}")
    if kind == "password":
        if not text.strip():
            return Masked(text, frozenset(), None)
        return Masked(LABELS[kind], frozenset({kind}), Sealed(text))
    folded = fold(text)
    span = _answer(folded.text)
    if span is None:
        return mask(text)
    laid, _ = _replace(folded, [(*span, kind)])
    rest = mask(laid)
    return Masked(rest.text, rest.found | {kind}, Sealed(text))


def _answer(text: str) -> tuple[int, int] | None:
    """From the first to the last token that carries a digit, with sounds of digits and parts of codes
    beside them.
    """
    found = tokens(text)
    digits = [
        index
        for index, token in enumerate(found)
        if token.kind != LABEL and (token.kind != WORD or (token.text in NUMBER_WORDS and token.text not in FILLERS))
    ]
    spoken_zero_only = digits and all(found[index].text in ("o", "oh", "null") for index in digits)
    if not digits or (spoken_zero_only and len(digits) < 2):
        return None
    first, last = digits[0], digits[-1]
    while first and found[first - 1].text in SOUNDS:
        first -= 1
    while last + 1 < len(found) and found[last + 1].text in SOUNDS:
        last += 1
    start, end = found[first].start, found[last].end
    for chain in _CHAIN.finditer(text):
        if chain.start() < start < chain.end():
            start = chain.start()
        if chain.start() < end < chain.end():
            end = chain.end()
    return start, end

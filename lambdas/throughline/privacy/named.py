"""Secrets that the sentence names: "my pin is 4821", "hunter2 is my password", "code: G-482913".

A name is followed through words that only lead on ("is", "for my card", "to") until digits come. A
password is anything at all, so what is said to be one is taken to the end of the text.
"""

import re
from bisect import bisect_left, bisect_right
from typing import Final, NamedTuple

from throughline.privacy.digits import DIGITS, LABEL, WORD, Stream, Token
from throughline.privacy.pans import is_ordinary
from throughline.privacy.vocabulary import (
    ABOUT_PASSWORDS,
    AGAIN,
    ASKS,
    COPULAS,
    LEADS_ON,
    POINTERS,
    PUBLIC,
    QUANTITIES,
)

_NAME: Final = re.compile(
    r"(?<![^\W\d_])(?:"
    r"(?P<code>(?:one|1)[\s-]{0,2}time[\s-]{0,2}(?:pass[\s-]?words?|pass[\s-]?codes?|pins?|codes?|numbers?)"
    r"|o\W{0,2}t\W{0,2}ps?|pass[\s-]?codes?|codes?|2fa)"
    r"|(?P<cvv>c\W{0,2}v\W{0,2}[vc](?:2(?!\d)|s)?|c\W{0,2}s\W{0,2}c|verification value)"
    r"|(?P<pin>pins?|p\W{0,2}i\W{0,2}n)"
    r"|(?P<password>pass[\s-]?(?:word|phrase)s?|pwd|passwd|(?:memorable|secret) word)"
    r"|(?P<ssn>ssns?|s\W{0,2}s\W{0,2}n|social(?:[\s-]security)?)"
    r"|(?P<card_number>card (?:number|no))"
    r")(?![^\W\d_])"
)
_CURRENCY: Final = frozenset("$€£¥₹")
_CHAIN: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_HAS_DIGIT: Final = re.compile(r"[0-9]")
# "The password that I use for my account is …".
_OF_WHAT: Final = (
    r"(?:,?\s+(?:for|to|on|of|my|the|your|our|this|that|which|account|online|mobile|banking|bank|app|login|profile"
    r"|e-?mail|website|savings|checking|here|i|use|used|have|set|chose|think|believe|now|it)(?![^\W_])){0,8}?,?"
)
_ASSIGN: Final = re.compile(_OF_WHAT + r"\s*(?:[:=]|(?:['\u2019]s|is|was|are|to|be|as|equals)(?![^\W_])\s*[:=]?)\s*")
_SENTENCE: Final = re.compile(r"[.!?\n]\s")
_OPENING: Final = re.compile(r"[ \t\r\n\"'“\u2018,-]*(?=[^ \t\r\n])")
# How many secrets may follow one name ("from 1234 to 5678, no, 5679").
_CORRECTIONS: Final = 4
# A date has six digits, a phone more; fewer behind a comma may be the end of the secret.
_LONG: Final = 6
# In place of a span: the secret was masked before.
_LAID: Final = (-1, -1)
_LEAST: Final = {"pin": 3, "code": 3, "cvv": 3, "ssn": 4, "card_number": 5}


class Named(NamedTuple):
    """A named secret in the folded text."""

    start: int
    end: int
    kind: str


def _extent(stream: Stream, unit_follows: bool) -> tuple[int, int]:
    """The part of a stream that is the secret: all of it, but for a date, phone or amount behind a comma."""
    skeleton = stream.skeleton
    comma = skeleton.find(",")
    while 0 <= comma < 5 and sum(map(str.isdigit, skeleton[:comma])) < 3:
        comma = skeleton.find(",", comma + 1)
    if comma > 0:
        rest = skeleton[comma + 1 :]
        long = sum(map(str.isdigit, rest)) >= _LONG
        if (long and all(map(is_ordinary, rest.split(",")))) or (unit_follows and rest.isdigit()):
            return stream.start, stream.ends[comma - 1]
    return stream.start, stream.end


def _is_code(word: str) -> bool:
    """Whether a word has letters and digits, and isn't itself a name, as "cvv2" is."""
    if word.isalpha() or not _HAS_DIGIT.search(word) or word.replace("-", "").isdigit():
        return False
    return _NAME.fullmatch(word) is None


class Finder:
    """Looks for the named secrets of one folded text."""

    __slots__ = (
        "begin_at",
        "begins",
        "finishes",
        "sentences",
        "stream_at",
        "streams",
        "telling",
        "text",
        "tokens",
    )

    def __init__(self, text: str, tokens: list[Token], streams: list[Stream]) -> None:
        self.text = text
        self.tokens = tokens
        self.begin_at = [token.start for token in tokens]
        self.streams = streams
        self.stream_at = [stream.start for stream in streams]
        self.begins = {stream.start: stream for stream in streams}
        self.finishes = {stream.end: stream for stream in streams}
        self.sentences = [mark.end() for mark in _SENTENCE.finditer(text)]
        # The tokens that say more about a password than how it fares.
        self.telling = [token.start for token in tokens if token.text not in ABOUT_PASSWORDS]

    def find(self) -> list[Named]:
        """All of them, in the order of their names; spans may overlap."""
        found: list[Named] = []
        for name in _NAME.finditer(self.text):
            kind = name.lastgroup or "code"
            first = bisect_left(self.begin_at, name.start())
            if first < len(self.tokens) and self.tokens[first].start >= name.end():
                # The name stands within a mask that was laid already.
                continue
            behind = bisect_left(self.begin_at, name.end())
            if kind == "password":
                found.extend(self._password(name.end(), first))
                if found and found[-1].end == len(self.text):
                    break
                continue
            if name[0] in ("code", "codes") and first and self.tokens[first - 1].text in PUBLIC:
                continue
            span = self._before(first, kind, said=True) or self._after(behind, kind)
            span = span or self._before(first, kind, said=False)
            for _ in range(_CORRECTIONS):
                if span is None or span == _LAID:
                    break
                found.append(Named(*span, kind))
                behind = bisect_left(self.begin_at, span[1])
                span = self._after(behind, kind, AGAIN) if span[0] > name.start() else None
        return found

    def _after(self, index: int, kind: str, leads_on: frozenset[str] = LEADS_ON) -> tuple[int, int] | None:
        for position in range(index, min(index + 12, len(self.tokens))):
            token = self.tokens[position]
            if token.kind == LABEL:
                return _LAID
            if token.start and self.text[token.start - 1] in _CURRENCY:
                return None
            stream = self.begins.get(token.start)
            chain = _CHAIN.match(self.text, token.start)
            if chain and _is_code(chain[0]):
                end = chain.end()
                return token.start, max(end, stream.end) if stream else end
            if stream:
                return self._value(stream, kind)
            if token.kind == DIGITS:
                if leads_on is AGAIN:
                    return None
                # The "2" of "cvv2: 123" opened the stream.
                holder = self.streams[bisect_right(self.stream_at, token.start) - 1]
                return token.start, holder.end
            if token.text not in leads_on:
                return None
        return None

    def _value(self, stream: Stream, kind: str) -> tuple[int, int] | None:
        behind = bisect_left(self.begin_at, stream.end)
        unit = behind < len(self.tokens) and self.tokens[behind].text in QUANTITIES
        if stream.size >= 10 and not stream.skeleton.isdigit() and is_ordinary(stream.skeleton):
            # "A code was sent to 202-555-0143": no code is written as a phone is.
            return None
        start, end = _extent(stream, unit)
        if stream.size < _LEAST[kind] or (unit and end == stream.end):
            return None
        return start, end

    def _before(self, index: int, kind: str, *, said: bool) -> tuple[int, int] | None:
        """Digits in front of the name: with a word that says so ("4821 is my pin"), or right in front of
        it.
        """
        position = index - 1
        copula = False
        while said and position >= 0 and index - position <= 6:
            word = self.tokens[position].text
            if word in COPULAS:
                copula = True
            elif word not in POINTERS:
                break
            position -= 1
        if position < 0 or said != copula:
            return None
        stream = self.finishes.get(self.tokens[position].end)
        if stream is None or stream.size < _LEAST[kind]:
            return None
        if self.text[stream.start - 1 : stream.start] in _CURRENCY:
            return None
        return stream.start, stream.end

    def _password(self, end: int, first: int) -> list[Named]:
        found: list[Named] = []
        before = self._said_before(first)
        if before:
            found.append(Named(*before, "password"))
        assigned = _ASSIGN.match(self.text, end)
        value = assigned.end() if assigned else end
        if before and not assigned:
            return found
        word = bisect_left(self.begin_at, value)
        if word == len(self.tokens):
            # Signs alone may be a password, but only where one is said to follow.
            if not assigned or not self.text[value:].strip(" .!?,'\"-:="):
                return found
        elif self.tokens[word].kind == LABEL:
            return found
        sentence = bisect_left(self.sentences, value)
        stop = self.sentences[sentence] if sentence < len(self.sentences) else len(self.text)
        telling = bisect_left(self.telling, value)
        first_telling = self.telling[telling] if telling < len(self.telling) else len(self.text)
        if assigned:
            harmless = first_telling >= stop and word < len(self.tokens)
        else:
            harmless = word == len(self.tokens) or first_telling != self.tokens[word].start
        if harmless:
            return found
        opening = _OPENING.match(self.text, value)
        found.append(Named(opening.end() if opening else value, len(self.text), "password"))
        return found

    def _said_before(self, first: int) -> tuple[int, int] | None:
        position = first - 1
        while position >= 0 and self.tokens[position].text in POINTERS:
            position -= 1
        if position < 1 or self.tokens[position].text not in ("is", "was"):
            return None
        last = self.tokens[position - 1]
        if last.kind == LABEL or (last.kind == WORD and last.text in ASKS):
            return None
        sentence = bisect_right(self.sentences, last.start)
        opening = bisect_left(self.begin_at, self.sentences[sentence - 1] if sentence else 0)
        return self.tokens[opening].start, last.end

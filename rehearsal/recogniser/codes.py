"""Codes, phone numbers and e-mail addresses, typed or spelled aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rehearsal.recogniser.numbers import digits_at
from rehearsal.recogniser.words import Utterance

Found = tuple[int, int, str]
"""First word, the word after the last, and the value."""


def code_spans(utterance: Utterance, letters: bool) -> Iterator[Found]:
    """Runs that read as a code of at least two characters; with `letters`, letters may stand in them."""
    words, position = utterance.lower, 0
    while position < len(words):
        end, value = _run(utterance, position, letters)
        if len(value) >= 2 and any(char.isdecimal() for char in value):
            yield position, end, value
        position = max(end, position + 1)


def spelled(utterance: Utterance) -> str:
    """The whole utterance as one code ("a b one two" is "ab12"); empty if some word is no part of a code."""
    position, value = 0, ""
    while position < len(utterance.words):
        end, piece = _run(utterance, position, letters=True)
        if not piece:
            return ""
        position, value = end, value + piece
    return value


def phone_spans(utterance: Utterance) -> Iterator[Found]:
    """Phone numbers of 7 to 15 digits, as + and digits; ten digits are taken for North American ones."""
    words = [word.replace(".", "") for word in utterance.lower]
    position = 0
    while position < len(words):
        begin = position + 1 if words[position] == "plus" and position + 1 < len(words) else position
        found = digits_at(words, begin)
        if found is None:
            position += 1
            continue
        end, digits = found
        before = utterance.text[: utterance.words[begin].start].rstrip(" (")
        international = begin > position or before.endswith("+")
        if 7 <= len(digits) <= 15:
            yield position, end, _international(digits, international)
        position = max(end, position + 1)


def email_spans(utterance: Utterance) -> Iterator[Found]:
    """E-mail addresses, typed or spoken with "at" and "dot"."""
    words = utterance.lower
    for position, word in enumerate(words):
        if "@" in word:
            yield position, position + 1, word
        elif word == "at" and position and position + 2 < len(words) and "dot" in words[position + 1 :]:
            start = position - 1
            while start >= 2 and words[start - 1] in ("dot", "dash", "underscore"):
                start -= 2
            end = position + 2
            while end + 1 < len(words) and words[end] == "dot":
                end += 2
            if "dot" in words[position + 1 : end]:
                yield (
                    start,
                    end,
                    f"{_spoken_part(words[start:position])}@{_spoken_part(words[position + 1 : end])}",
                )


def _run(utterance: Utterance, start: int, letters: bool) -> tuple[int, str]:
    words, position, value = utterance.lower, start, ""
    while position < len(words):
        word = words[position]
        mixed = word.isascii() and word.isalnum() and any(char.isdecimal() for char in word)
        found = digits_at(words[position : position + 2], 0)
        if letters and len(word) == 1 and word.isascii() and word.isalpha() and word != "o":
            position, value = position + 1, value + utterance.between(position, position + 1)
        elif found is not None:
            position, value = position + found[0], value + found[1]
        elif letters and (mixed or _hyphenated(utterance, position)):
            position, value = position + 1, value + utterance.between(position, position + 1)
        else:
            break
    return position, value


def _hyphenated(utterance: Utterance, position: int) -> bool:
    """Whether a short group of letters is tied to its neighbour by a hyphen, as in AB-1234."""
    word = utterance.words[position]
    if len(word.text) > 4 or not word.text.isalpha() or position + 1 >= len(utterance.words):
        return False
    return utterance.text[word.end : utterance.words[position + 1].start] == "-"


def _international(digits: str, marked: bool) -> str:
    if marked:
        return f"+{digits}"
    if len(digits) == 10:
        return f"+1{digits}"
    return f"+{digits}" if len(digits) == 11 and digits.startswith("1") else digits


def _spoken_part(words: Sequence[str]) -> str:
    signs = {"dot": ".", "dash": "-", "underscore": "_"}
    return "".join(signs.get(word, word) for word in words)

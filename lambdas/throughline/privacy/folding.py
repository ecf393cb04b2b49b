"""One plain spelling of a text for looking at, with the way back to the original.

Folding makes a fullwidth, Devanagari or mathematical digit an ASCII one, drops what takes no room
(zero-width characters, combining marks, the soft hyphen), makes every dash a hyphen and every space a
space, and lowers letters.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters to Unicode, blank to the eye: they would otherwise part two digits of one number.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and where each of its characters stood."""

    text: str
    """Lower case, ASCII digits; other letters are kept."""
    raw: str
    """The text that was folded."""
    origins: tuple[int, ...] | None
    """For each folded character the index of its raw one; None when both texts align."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span behind a folded one, invisible characters that trail it included."""
        if self.origins is None:
            return start, end
        stop = self.origins[end] if end < len(self.origins) else len(self.raw)
        # A character may fold to several ("⑫"): a span that ends between them takes it whole.
        return self.origins[start], max(stop, self.origins[end - 1] + 1)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character in _BLANK_LETTERS:
        return ""
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return ""
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    if category in ("Zl", "Zp") or character == "\x85":
        return "\n"
    plain = unicodedata.normalize("NFKC", character)
    if plain == character:
        return character.lower()
    return "".join(_fold_character(part) for part in plain)


def fold(raw: str) -> Folded:
    """Fold a text; linear in its length."""
    if raw.isascii():
        return Folded(raw.lower(), raw, None)
    pieces: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(raw):
        plain = character.lower() if character < "\x80" else _fold_character(character)
        pieces.append(plain)
        origins.extend([index] * len(plain))
    return Folded("".join(pieces), raw, tuple(origins))

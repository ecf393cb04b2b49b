"""PINs as people give them, and which of them anybody would guess."""

from __future__ import annotations

import re

_SPOKEN = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
_TIMES = {"double": 2, "triple": 3}
_PIECE = re.compile(r"[^\W\d_]+|\d", re.UNICODE)
_STEPS = ("0123456789", "9876543210")


def four_digits(said: str) -> str | None:
    """The PIN typed, keyed or said ("one nine, double four"); None unless there are exactly four digits."""
    digits, times = "", 1
    for piece in _PIECE.findall(said.casefold()):
        if piece in _TIMES:
            times = _TIMES[piece]
            continue
        digit = str(int(piece)) if piece.isdecimal() else _SPOKEN.get(piece, "")
        digits += digit * times
        times = 1
    return digits if len(digits) == 4 else None


def is_weak(pin: str) -> bool:
    """One digit or one pair throughout, or four in a row: among the first that a thief tries."""
    return pin[:2] == pin[2:] or any(pin in steps for steps in _STEPS)

"""Finds a secret in what a run left behind, whatever form it took on the way.

It shares no code with the masks, so that a mistake in their reading of a text is not repeated here.
"""

import base64
import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from urllib.parse import unquote_plus

_SPOKEN = ("(?:zero|oh|o)", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
"""JSON within JSON has a backslash more for each time that it was wrapped."""


def leaks(haystack: str | bytes, secrets: Iterable[str]) -> list[str]:
    """Every form in which one of the secrets stands in the haystack, as "secret 0: base64"; empty if
    there is none.

    Forms: plain, parted (up to three other signs between its characters), percent-encoded (once or twice), JSON-
    (however deep) or HTML-escaped, in digits of another script, spoken, reversed, base64 (both alphabets, all three
    alignments) and hexadecimal (of its bytes, or of the number). A message names the secret by its place,
    lest the finding leak it.

    Raises ValueError for a secret of fewer than three letters and digits: it would be found anywhere.
    """
    raw = haystack if isinstance(haystack, bytes) else haystack.encode("utf-8", "surrogatepass")
    text = raw.replace(b"\0", b"").decode("utf-8", "replace").lower()
    exact = raw.replace(b"\0", b"").decode("utf-8", "replace")
    views: dict[str, str] = {
        "plain": text,
        "percent-encoded": unquote_plus(text),
        "percent-encoded twice": unquote_plus(unquote_plus(text)),
        "escaped": html.unescape(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)),
        "another script": _ascii_digits(text),
    }
    found: list[str] = []
    for place, secret in enumerate(secrets):
        core = re.sub(r"[\W_]", "", _ascii_digits(secret.lower()))
        if len(core) < 3:
            raise ValueError(f"secret {place} is too short to look for: give three letters or digits")
        tests: dict[str, Callable[[], bool]] = {
            name: partial(_stands, core, secret.lower(), view) for name, view in views.items()
        }
        tests["reversed"] = partial(_stands, core[::-1], secret.lower()[::-1], text)
        tests["spoken"] = partial(_is_spoken, core, text)
        tests["base64"] = partial(_is_base64, {secret, core}, exact)
        tests["hexadecimal"] = partial(_is_hexadecimal, {secret, core}, text)
        found.extend(f"secret {place}: {name}" for name, test in tests.items() if test())
    return found


def _ascii_digits(text: str) -> str:
    plain: list[str] = []
    for character in text:
        digit = unicodedata.digit(character, None)
        if digit is not None:
            plain.append(str(digit))
        elif unicodedata.category(character) not in ("Cf", "Mn", "Me"):
            plain.append(character)
    return "".join(plain)


def _stands(core: str, secret: str, text: str) -> bool:
    return secret in text or re.search(r"[\W_]{0,3}".join(map(re.escape, core)), text) is not None


def _is_spoken(core: str, text: str) -> bool:
    if not core.isdigit():
        return False
    return re.search(r"[\W_]{1,3}".join(_SPOKEN[int(digit)] for digit in core), text) is not None


def _is_base64(spellings: set[str], text: str) -> bool:
    plain = text.replace("-", "+").replace("_", "/")
    for spelling in spellings:
        for encoding in ("utf-8", "utf-16-le"):
            octets = spelling.encode(encoding)
            for shift in range(3):
                coded = base64.b64encode(b"\0" * shift + octets).decode("ascii")
                # Only the characters that depend on nothing but the secret.
                certain = coded[-(-8 * shift // 6) : 8 * (shift + len(octets)) // 6]
                if len(certain) >= 4 and (certain in plain or certain in text):
                    return True
    return False


def _is_hexadecimal(spellings: set[str], text: str) -> bool:
    for spelling in spellings:
        coded = spelling.encode().hex()
        if re.search(r"[\s:%-]?(?:0x|\\x)?".join(coded[at : at + 2] for at in range(0, len(coded), 2)), text):
            return True
        if spelling.isascii() and spelling.isdigit() and len(spelling) >= 9 and f"{int(spelling):x}" in text:
            return True
    return False

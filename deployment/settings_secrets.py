"""Keeping secrets out of settings files and out of what is printed about them."""

from __future__ import annotations

import re

_LONGEST = 60
_SHAPES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"\s*\{.*:.*",  # JSON, as the secret's content is
        r"amzn1\.oa2-cs\..*",  # client secrets of Login with Amazon
        r"[0-9a-fA-F]{64}",  # and those that were given out before
        r"(Atzr|Atza)\|.*",  # its refresh and access tokens
        r"(AKIA|ASIA)[A-Z0-9]{16}",  # AWS access keys
        r".*-----BEGIN .*",
        r"(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+=]{40,}",  # a long draw of letters and digits
    )
)
_KEY = re.compile(r"secret|token|passw|api_?key|access_?key|private_?key|credential", re.IGNORECASE)


def looks_secret(text: str) -> bool:
    """Whether somebody probably meant this to be known to few."""
    return any(shape.fullmatch(text) for shape in _SHAPES)


def names_secret(key: str) -> bool:
    """Whether a key promises a secret as its value."""
    return _KEY.search(key) is not None


def shown(value: object) -> str:
    """A value as a message may show it: short, on one line, and never a secret."""
    if value is None:
        return "nothing"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "keys"
    text = str(value)
    return "something that looks like a secret" if looks_secret(text) else f"`{printable(text)}`"


def printable(text: str) -> str:
    """A text on one line, without what a terminal would obey, and cut where it becomes long."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)

"""What a rotation makes of the customers' secret: a further root beside those that are there.

A root takes effect in two rotations. The first adds it, accepted but not yet current; the next makes it current
and adds the one after it. So no instance ever meets what was made under a root that it has not read: secrets are
read again within the hour (`secret_keys.LIFETIME`), and rotations are further apart than that. To have a root out of
use at once, rotate twice, an hour apart.

The roots' order in the secret is their age, the oldest first; of them, `KEPT` stay. What lies under one that goes
is not found any more: its address begins anew.
"""

from __future__ import annotations

import json
from typing import Final

from throughline.customers.keys import parse_keys
from throughline.errors import StoreError

KEPT: Final = 8
"""Roots that stay: the one to come, the current one, and older ones by which links are still found."""
FOUND_FOR: Final = KEPT - 2
"""Rotations for which an address is found that nothing was heard from since: its root was the current one until the
first of them made the next one current, with one to come behind, and is the oldest of all after the last but one."""
_CURRENT: Final = "current"


def rotated(secret: str, root: str) -> str:
    """The secret's text with `root` added and the newest of those that were there made current.

    Raises StoreError where the secret can't be read; no message holds any of it.
    """
    roots = _roots(secret)
    newest = [*roots][-1]
    roots[_next_name(roots)] = root
    for oldest in [*roots][: max(0, len(roots) - KEPT)]:
        if oldest != newest:
            del roots[oldest]
    made = json.dumps({_CURRENT: newest, **roots})
    check(secret, made)
    return made


def check(before: str, after: str) -> None:
    """Raise StoreError unless `after` can take the place of `before` and no address is lost by it.

    What is made under it must be found by whoever has read `before` alone, and what was made under `before` by
    whoever reads `after`.
    """
    old, new = parse_keys(before).address, parse_keys(after).address
    if new.current not in old.keys:
        raise StoreError("the rotated secret's current root is not known to running functions yet: rotate again")
    if old.current not in new.keys:
        raise StoreError("the rotated secret lacks the root that is current now: addresses would be lost")
    kept = [name for name in _roots(before) if name in new.keys]
    if any(old.keys[name] != new.keys[name] for name in kept):
        raise StoreError("the rotated secret changes a root that is in use: addresses would be lost")
    if len(kept) < min(len(old.keys), KEPT - 1):
        raise StoreError("the rotated secret drops more old roots than it must: addresses would be lost")


def _roots(secret: str) -> dict[str, str]:
    """Name to root, the oldest first."""
    parse_keys(secret)
    document: dict[str, str] = json.loads(secret)
    del document[_CURRENT]
    return document


def _next_name(roots: dict[str, str]) -> str:
    """A number that none of them has."""
    return str(1 + max((int(name) for name in roots if name.isascii() and name.isdecimal()), default=0))

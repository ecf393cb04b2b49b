"""The pointer that a channel's session carries: which customer, through which link, until when.

A token is ASCII of [A-Za-z0-9_.-], below 300 characters, so it fits a Lex session attribute, a
contact attribute and a URL:

    1.<key name>.<customer>.<link>.<epoch>.<assurance>.<expires>.<43 letters of HMAC-SHA256>

The MAC covers all before it and the contact (or session) id that it was minted for. The contact id is
not inside: whoever reads the token must know it already, so a token is worth nothing elsewhere.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

from throughline.customers.keys import KeyRing, text_of
from throughline.errors import PointerError
from throughline.turn import Assurance

_VERSION = "1"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_TOKEN = re.compile(
    r"1\.(?P<key>[A-Za-z0-9_-]{1,16})\.(?P<customer>[A-Za-z0-9_-]{1,64})\.(?P<link>[A-Za-z0-9_-]{1,64})"
    r"\.(?P<epoch>[0-9]{1,10})\.(?P<assurance>[0-3])\.(?P<expires>[0-9]{1,12})\.(?P<mac>[A-Za-z0-9_-]{43})\Z",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which customer, and through which of their links."""

    customer: str
    """The customer's id in the store."""
    link: str
    """Id of the link that the session came through."""
    epoch: int
    """The link's epoch when the pointer was made: an unlinked or renewed link has another."""


def mint(pointer: Pointer, *, contact: str, assurance: Assurance, expires: float, keys: KeyRing) -> str:
    """A token for `pointer`, good for the contact (or session) id `contact` until `expires` (epoch seconds).

    Raises PointerError if an id can't be carried (1 to 64 of [A-Za-z0-9_-]) or `contact` is empty.
    """
    if not (_ID.match(pointer.customer) and _ID.match(pointer.link) and 0 <= pointer.epoch < 10**10):
        raise PointerError("a pointer carries ids of 1 to 64 letters, digits, _ or - only")
    if not contact:
        raise PointerError("a pointer is minted for a contact or session: give its id")
    body = (
        f"{_VERSION}.{keys.current}.{pointer.customer}.{pointer.link}.{pointer.epoch}.{int(assurance)}.{int(expires)}"
    )
    return f"{body}.{_mac(keys.keys[keys.current], body, contact)}"


def read(token: str, *, contact: str, now: float, keys: KeyRing) -> tuple[Pointer, Assurance]:
    """What `token` points to, and how sure of the customer its minter was.

    Raises PointerError if it is forged, expired, of an unknown version or key, or for another contact.
    """
    parts = _TOKEN.match(token)
    if parts is None:
        raise PointerError("not a pointer")
    key = keys.keys.get(parts["key"])
    if key is None:
        raise PointerError("the pointer's key is no longer accepted")
    body = token[: parts.start("mac") - 1]
    if not contact or not hmac.compare_digest(_mac(key, body, contact), parts["mac"]):
        raise PointerError("the pointer is forged or for another contact")
    if int(parts["expires"]) <= now:
        raise PointerError("the pointer has expired")
    pointer = Pointer(parts["customer"], parts["link"], int(parts["epoch"]))
    return pointer, Assurance(int(parts["assurance"]))


def moved(token: str, pointer: Pointer, *, contact: str, now: float, keys: KeyRing) -> str:
    """A token for `pointer` in the place of `token`, for as long; as good as that one if it is the same customer's.

    For a session in which it turned out who speaks: their link changed hands, so the old token is dead.
    Raises PointerError where `token` was not good itself.
    """
    before, assurance = read(token, contact=contact, now=now, keys=keys)
    if pointer.customer != before.customer:
        assurance = min(assurance, Assurance.CLAIMED)  # what was proved was proved of somebody else
    parts = _TOKEN.match(token)
    expires = float(parts["expires"]) if parts is not None else now
    return mint(pointer, contact=contact, assurance=assurance, expires=expires, keys=keys)


def _mac(key: bytes, body: str, contact: str) -> str:
    message = f"throughline.pointer\0{body}\0{contact}".encode("utf-8", "surrogatepass")
    return text_of(hmac.digest(key, message, "sha256"))

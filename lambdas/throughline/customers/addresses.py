"""Where somebody can be reached, in one spelling per address, and its keyed hash.

An address is a key of the store only as `hashed(...)`. Its own value is shown by nothing: not by
`repr`, not in an error, not in a log.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from throughline.customers.keys import KeyRing, text_of
from throughline.errors import EventError


class AddressKind(StrEnum):
    """What sort of address it is. Two kinds never share a hash, whatever their values."""

    PHONE = "phone"
    EMAIL = "email"
    ALEXA = "alexa"
    """The skill-scoped user id of an Alexa account."""
    MESSENGER = "messenger"
    """The page-scoped id of a Messenger user."""
    WEB = "web"
    """A web browser's device id, as we issued it."""
    APP = "app"
    """A mobile app's device id, as we issued it."""
    LOGIN = "login"
    """The subject of a customer's sign-in, as their user pool names them."""
    CONTACT = "contact"
    """The id of an Amazon Connect contact."""
    PUSH = "push"
    """A token that push messages are sent to."""


WRITTEN_TO = frozenset({AddressKind.PHONE, AddressKind.EMAIL, AddressKind.MESSENGER, AddressKind.PUSH})
"""Kinds whose raw value is kept, since that is what a message is sent to."""
KEPT_WHOLE = WRITTEN_TO | {AddressKind.LOGIN}
"""And a sign-in's, made up and no address of anybody's: an erasure deletes the account by it."""

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_PHONE_PADDING = re.compile(r"[\s().\-\u2010-\u2015/]+")
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,255}\Z")
_OPAQUE = re.compile(r"[\x21-\x7e]{1,512}\Z")


def _phone(raw: str) -> str | None:
    """E.164 (ITU-T): a plus, then 7 to 15 digits; an international 00 becomes the plus."""
    digits = _PHONE_PADDING.sub("", unicodedata.normalize("NFKC", raw))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    return digits if _PHONE.match(digits) else None


def _email(raw: str) -> str | None:
    """Case-folded throughout: the part before the @ is case-sensitive by RFC 5321 alone, by no provider."""
    value = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).strip().casefold()).rstrip(".")
    return value if _EMAIL.match(value) and value.isprintable() else None


def _opaque(raw: str) -> str | None:
    """Ids that a platform issued are taken letter by letter."""
    value = raw.strip()
    return value if _OPAQUE.match(value) else None


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """One address of one kind. Made from any spelling; equal addresses compare equal."""

    kind: AddressKind
    """What sort of address it is."""
    value: str
    """The normal spelling. Personal data: keep it out of logs and keys."""

    def __post_init__(self) -> None:
        match self.kind:
            case AddressKind.PHONE:
                normal = _phone(self.value)
            case AddressKind.EMAIL:
                normal = _email(self.value)
            case _:
                normal = _opaque(self.value)
        if normal is None:
            raise EventError(f"not an address of the kind {self.kind}: treat the sender as anonymous")
        object.__setattr__(self, "value", normal)

    def __repr__(self) -> str:
        return f"Address({self.kind}, hidden)"

    __str__ = __repr__

    @property
    def reach(self) -> str:
        """The value, for those kinds of which it is kept; empty for others, of which the hash is enough."""
        return self.value if self.kind in KEPT_WHOLE else ""

    def hashed(self, keys: KeyRing) -> str:
        """The keyed hash under the current key: "<key id>.<43 letters>" (HMAC-SHA256)."""
        return self._under(keys.current, keys)

    def hashes(self, keys: KeyRing) -> tuple[str, ...]:
        """The hash under each accepted key, the current one first: where a link to it may be kept."""
        return tuple(self._under(name, keys) for name in keys.names())

    def _under(self, name: str, keys: KeyRing) -> str:
        message = f"{self.kind}\0{self.value}".encode()
        return f"{name}.{text_of(hmac.digest(keys.keys[name], message, 'sha256'))}"

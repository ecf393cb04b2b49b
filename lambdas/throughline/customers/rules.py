"""The store's rules that don't depend on where things are kept: who is whom, what is still valid.

An implementation of `RuledStore` brings three operations, each one request to its database; what
they mean for customers is here, the same for DynamoDB and for the fake.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from abc import ABC, abstractmethod
from base64 import b32encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from throughline.customers.addresses import Address
from throughline.customers.keys import Keys, text_of
from throughline.customers.pointer import Pointer
from throughline.customers.store import LARGEST, NEVER, AddressTaken, Edge, Link, Stored
from throughline.errors import StoreError
from throughline.turn import Assurance

DAY: Final = 86_400
ITEM_OVERHEAD: Final = 300
"""Bytes of a conversation item's names, keys and numbers, rounded up."""
OVERDUE: Final = 1
"""A `Link.until` in the far past: the edge was written once and is due again."""
_GUEST: Final = "g"
_KNOWN: Final = "c"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a conversation is kept after its last turn, in seconds."""

    known: int = 90 * DAY
    """For customers with an address."""
    guest: int = DAY
    """For guests, who can come back only within their session."""


@dataclass(frozen=True, slots=True)
class EdgeWrite:
    """An edge to write together with the conversation."""

    edge: Edge
    """What to write."""
    over: Edge
    """The one edge that may be there already; anything else there stops the save."""


def new_nonce() -> str:
    """A name for one write: 16 letters that no other write will have."""
    return secrets.token_urlsafe(12)


def derived(prefix: str, *parts: str) -> str:
    """An id that follows from `parts`, so that two racing first contacts make the same customer.

    The parts hold a keyed hash: without the key nobody gets from an address to the id.
    """
    digest = hashlib.sha256("\0".join((prefix, *parts)).encode()).digest()
    return prefix + b32encode(digest[:16]).decode("ascii").rstrip("=").lower()


class RuledStore(ABC):
    """The rules of `CustomerStore` over three primitive operations."""

    def __init__(
        self,
        keys: Keys,
        retention: Retention = Retention(),
        nonces: Callable[[], str] = new_nonce,
    ) -> None:
        """`nonces` names each write; give a fixed sequence where two runs must leave equal bytes."""
        self._keys = keys
        self._retention = retention
        self._nonces = nonces

    @abstractmethod
    def _conversation(self, customers: Sequence[str]) -> Stored | None:
        """The first that is kept of these customers' conversations, expired or not: one request."""

    @abstractmethod
    def _edge(self, addresses: Sequence[str]) -> Edge | None:
        """The first that is kept of these addresses' edges, expired or not: one request."""

    @abstractmethod
    def _write(self, new: Stored, seen: Stored, edges: Sequence[EdgeWrite], now: int) -> Stored:
        """Write `new` if `seen` is still what is kept (or, for version 0, nothing unexpired): one request.

        Gives what is kept then. Raises Conflict, StoreError, StoreUnavailable.
        """

    def by_pointer(self, pointer: Pointer, now: float) -> Stored | None:
        """See `CustomerStore.by_pointer`."""
        stored = self._conversation((pointer.customer,))
        if stored is None or stored.expires <= now:
            return None
        held = stored.links.get(pointer.link)
        return stored if held is not None and held.epoch == pointer.epoch and not held.closed else None

    def by_address(self, address: Address, now: float) -> tuple[Stored, str]:
        """See `CustomerStore.by_address`."""
        hashes = address.hashes(self._keys.address_keys())
        edge = self._edge(hashes)
        if edge is not None and edge.expires > now:
            stored = self._conversation((edge.customer,))
            held = stored.links.get(edge.link) if stored is not None and stored.expires > now else None
            if stored is not None and held is not None and held.address in hashes and not (held.shared or held.closed):
                return _kept_under(stored, held, hashes[0]), held.id
        return _first_contact(address, hashes[0], edge, now)

    def by_session(self, session_key: str, now: float) -> Stored:
        """See `CustomerStore.by_session`."""
        ring = self._keys.address_keys()
        message = f"session\0{session_key}".encode("utf-8", "surrogatepass")
        guests = [derived(_GUEST, text_of(hmac.digest(ring.keys[name], message, "sha256"))) for name in ring.names()]
        stored = self._conversation(guests)
        if stored is not None and stored.expires > now:
            return stored
        link = Link(derived("l", guests[0]), 1, Assurance.ANONYMOUS, "session", now)
        return Stored(guests[0], links={link.id: link})

    def save(self, stored: Stored, now: float) -> Stored:
        """See `CustomerStore.save`."""
        at = int(now)
        known = any(not link.guest for link in stored.links.values())
        keep = self._retention.known if known else self._retention.guest
        expires = at + keep
        links = dict(stored.links)
        edges: list[EdgeWrite] = []
        for link in stored.links.values():
            # An edge must outlive the conversation that it leads to, or a steady customer would be forgotten.
            if link.address and link.until < expires and not (link.shared or link.closed):
                links[link.id] = renewed = replace(link, until=expires + keep, reach="")
                edge = Edge(link.address, stored.customer, link.id, renewed.until, link.reach)
                over = stored.displaces
                edges.append(EdgeWrite(edge, over if over is not None and over.address == link.address else edge))
        new = replace(
            stored,
            version=stored.version + 1,
            links=links,
            expires=expires,
            nonce=self._nonces(),
            displaces=None,
        )
        while True:
            try:
                return self._write(new, stored, edges, at)
            except AddressTaken as taken:
                first_written = {link.address for link in stored.links.values() if link.until == NEVER}
                if taken.addresses & first_written or not taken.addresses:
                    raise
                # The address moved on to somebody else since; this customer's turn must not fail for that.
                edges = [write for write in edges if write.edge.address not in taken.addresses]
                new = replace(new, nonce=self._nonces())


def check_size(*texts: str) -> None:
    """Raise StoreError if an item with these texts is too large to be kept, or is no text at all."""
    try:
        size = ITEM_OVERHEAD + sum(len(text.encode()) for text in texts)
    except UnicodeEncodeError:
        raise StoreError("the state holds half a character (a lone surrogate): clean it in the adapter") from None
    if size > LARGEST:
        raise StoreError(
            f"the conversation has {size} bytes, more than {LARGEST}: the engine must keep less in its state"
        )


def _kept_under(stored: Stored, link: Link, address: str) -> Stored:
    """`stored`, with the link's edge due to be kept anew if it is still under an older key's hash."""
    if link.address == address:
        return stored
    return replace(stored, links={**stored.links, link.id: replace(link, address=address, until=OVERDUE)})


def _first_contact(address: Address, hashed: str, outdated: Edge | None, now: float) -> tuple[Stored, str]:
    """A new customer at `address`: nobody that we know, so anonymous until they prove to be somebody.

    One who was unlinked from it gets no part in what was before.
    """
    before = (outdated.customer, outdated.link) if outdated else ()
    customer = derived(_KNOWN, hashed, *before)
    link = Link(
        derived("l", customer, hashed), 1, Assurance.ANONYMOUS, "first contact", now, hashed,
        kind=address.kind.value, reach=address.reach,
    )  # fmt: skip
    displaces = outdated if outdated is not None and outdated.address == hashed else None
    return Stored(customer, links={link.id: link}, displaces=displaces), link.id

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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from throughline.customers.addresses import Address
from throughline.customers.keys import Keys, text_of
from throughline.customers.pointer import Pointer
from throughline.customers.store import LARGEST, NEVER, AddressTaken, Edge, EdgeWrite, Link, Relinking, Stored
from throughline.errors import StoreError
from throughline.turn import Assurance

DAY: Final = 86_400
ITEM_OVERHEAD: Final = 300
"""Bytes of a conversation item's names, keys and numbers, rounded up."""
MOST_AT_ONCE: Final = 100
"""Items of one transaction (TransactWriteItems, API reference)."""
ONE_FIRST_CONTACT: Final = 60
"""Seconds: first contacts by one address within a minute are the same customer. Across its end the second of two
that race is refused (AddressTaken) and finds the first when it reads again."""
OVERDUE: Final = 1
"""A `Link.until` in the far past: the edge was written once and is due again."""
_GUEST: Final = "g"
_KNOWN: Final = "c"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a conversation is kept after its last turn, in seconds."""

    proved: int = 400 * DAY
    """For customers who proved to be somebody: a bank's may be silent for a year."""
    known: int = 90 * DAY
    """For whoever comes by an address, and is nobody that we know."""
    guest: int = DAY
    """For guests, who can come back only within their session."""

    def of(self, stored: Stored) -> int:
        """How long this one is kept. One that a job is announced for, which may have emptied it, waits for the job."""
        if stored.mark or any(link.assurance > Assurance.CLAIMED for link in stored.links.values()):
            return self.proved
        return self.known if any(not link.guest for link in stored.links.values()) else self.guest


@dataclass(frozen=True, slots=True)
class Transaction:
    """All that one write changes: everything, or nothing."""

    pairs: tuple[tuple[Stored, Stored], ...]
    """What each conversation becomes, and what it was read as."""
    nonce: str
    """The same in each of them."""
    edges: tuple[EdgeWrite, ...] = ()
    """Edges to write, without a raw address where the one that is there stays."""
    bared: tuple[EdgeWrite, ...] = ()
    """Edges to take the raw address out of, if they are there still."""
    went: tuple[tuple[str, str, str], ...] = ()
    """Whoever had a link before, that link, and who has it now."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Those of the edges that are written and bared, in this order."""
        return tuple(write.edge.address for write in (*self.edges, *self.bared))

    def without(self, addresses: frozenset[str], nonce: str) -> Transaction:
        """The same under another name, and with these edges left as they are."""
        return Transaction(
            tuple((replace(new, nonce=nonce), seen) for new, seen in self.pairs),
            nonce,
            tuple(write for write in self.edges if write.edge.address not in addresses),
            tuple(write for write in self.bared if write.edge.address not in addresses),
            self.went,
        )


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
    def _write(self, write: Transaction, now: int) -> None:
        """Write it all if each conversation is what was seen (for version 0: nothing unexpired): one request.

        Raises Conflict, AddressTaken with the addresses of whichever edges lead elsewhere, StoreError,
        StoreUnavailable.
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
                return _kept_under(stored, held, hashes[0], address.reach), held.id
        return _first_contact(address, hashes[0], edge, now)

    def hashes(self, address: Address) -> tuple[str, ...]:
        """See `CustomerStore.hashes`."""
        return address.hashes(self._keys.address_keys())

    def by_session(self, session_key: str, now: float) -> Stored:
        """See `CustomerStore.by_session`."""
        ring = self._keys.address_keys()
        message = f"session\0{session_key}".encode("utf-8", "surrogatepass")
        guests = [derived(_GUEST, text_of(hmac.digest(ring.keys[name], message, "sha256"))) for name in ring.names()]
        stored, guest = self._conversation(guests), guests[0]
        if stored is not None and stored.expires > now:
            if stored.links or not stored.mark:
                return _as_guest(stored, now)
            # An erasure is on its way, which will take all that is there: who goes on talking is somebody new.
            guest = derived(_GUEST, guest, stored.nonce)
        link = Link(derived("l", guest, str(int(now // ONE_FIRST_CONTACT))), 1, Assurance.ANONYMOUS, "session", now)
        return Stored(guest, links={link.id: link})

    def by_customer(self, customer: str, now: float) -> Stored | None:
        """See `CustomerStore.by_customer`."""
        stored = self._conversation((customer,))
        return stored if stored is not None and stored.expires > now else None

    def edge_of(self, address: Address | str, now: float) -> Edge | None:
        """See `CustomerStore.edge_of`."""
        hashes = (address,) if isinstance(address, str) else address.hashes(self._keys.address_keys())
        edge = self._edge(hashes)
        return edge if edge is not None and edge.expires > now else None

    def save(self, stored: Stored, now: float) -> Stored:
        """See `CustomerStore.save`."""
        at, nonce = int(now), self._nonces()
        new, edges = self._renewed(stored, {}, at, nonce)
        return self._write_all(Transaction(((new, stored),), nonce, edges), _first_written(stored), at)[0]

    def relink(self, relinking: Relinking, now: float) -> tuple[Stored, ...]:
        """See `CustomerStore.relink`."""
        at, nonce = int(now), self._nonces()
        over = {write.edge.address: write.over for write in relinking.edges}
        pairs: list[tuple[Stored, Stored]] = []
        edges: list[EdgeWrite] = []
        for stored in relinking.writes:
            new, due = self._renewed(stored, over, at, nonce)
            # What is left of a customer whose links are elsewhere now is where those may come back to.
            pairs.append((replace(new, expires=max(new.expires, stored.expires)), stored))
            edges += due
        went = tuple(
            (before, link.id, stored.customer)
            for stored in relinking.writes
            for link in stored.links.values()
            if link.until == NEVER
            for before in link.had
        )
        write = Transaction(tuple(pairs), nonce, tuple(edges), relinking.bared, went)
        if len(write.pairs) + len(write.addresses) + len(went) > MOST_AT_ONCE:
            raise StoreError(f"linking changes more than {MOST_AT_ONCE} items: move fewer links at once")
        return self._write_all(write, frozenset().union(*map(_first_written, relinking.writes)), at)

    def _renewed(
        self, stored: Stored, over: Mapping[str, Edge], at: int, nonce: str
    ) -> tuple[Stored, tuple[EdgeWrite, ...]]:
        """`stored` as it is to be written, and those of its edges that are due."""
        keep = self._retention.of(stored)
        expires = at + keep
        links = dict(stored.links)
        edges: list[EdgeWrite] = []
        if stored.displaces is not None:
            over = {stored.displaces.address: stored.displaces, **over}
        for link in stored.links.values():
            # An edge must outlive the conversation that it leads to, or a steady customer would be forgotten.
            if link.address and link.until < expires and not (link.shared or link.closed):
                links[link.id] = renewed = replace(link, until=expires + keep, reach="")
                edge = Edge(link.address, stored.customer, link.id, renewed.until, link.reach)
                edges.append(EdgeWrite(edge, over.get(link.address, edge)))
        new = replace(stored, version=stored.version + 1, links=links, expires=expires, nonce=nonce, displaces=None)
        return new, tuple(edges)

    def _write_all(self, write: Transaction, firsts: frozenset[str], at: int) -> tuple[Stored, ...]:
        """Write it; what else but a first-written edge leads elsewhere by now is left there."""
        while True:
            try:
                self._write(write, at)
            except AddressTaken as taken:
                if taken.addresses & firsts or not taken.addresses:
                    raise
                # The address moved on to somebody else since; this customer's turn must not fail for that.
                write = write.without(taken.addresses, self._nonces())
            else:
                return tuple(new for new, _ in write.pairs)


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


def _first_written(stored: Stored) -> frozenset[str]:
    """Addresses that lead to this customer only if this write says so."""
    return frozenset(
        link.address for link in stored.links.values() if link.until == NEVER and not (link.shared or link.closed)
    )


def _as_guest(stored: Stored, now: float) -> Stored:
    """`stored` with the session's own link first: others may have come to it since, which lead only by a pointer.

    If its own has gone over to somebody, who comes by the session without their pointer is nobody yet.
    """
    own = next((link for link in stored.links.values() if link.guest and not (link.came or link.closed)), None)
    if own is None:
        key = derived("l", stored.customer, str(stored.version), stored.nonce)
        own = Link(key, 1, Assurance.ANONYMOUS, "session", now)
    return replace(stored, links={own.id: own, **stored.links})


def _kept_under(stored: Stored, link: Link, address: str, reach: str) -> Stored:
    """`stored`, with the link's edge due to be kept anew if it is still under an older key's hash."""
    if link.address == address:
        return stored
    return replace(stored, links={**stored.links, link.id: replace(link, address=address, until=OVERDUE, reach=reach)})


def _first_contact(address: Address, hashed: str, outdated: Edge | None, now: float) -> tuple[Stored, str]:
    """A new customer at `address`: nobody that we know, so anonymous until they prove to be somebody.

    One who was unlinked from it gets no part in what was before. Where no edge tells of one before, the time does:
    an id that was somebody's is never given again, and of two first contacts at once both get the same.
    """
    before = (outdated.customer, outdated.link) if outdated else (str(int(now // ONE_FIRST_CONTACT)),)
    customer = derived(_KNOWN, hashed, *before)
    link = Link(
        derived("l", customer, hashed), 1, Assurance.ANONYMOUS, "first contact", now, hashed,
        kind=address.kind.value, reach=address.reach,
    )  # fmt: skip
    displaces = outdated if outdated is not None and outdated.address == hashed else None
    return Stored(customer, links={link.id: link}, displaces=displaces), link.id

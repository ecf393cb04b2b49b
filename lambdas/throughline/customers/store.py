"""The customer store's interface: what is kept of a customer, what a turn does with it, and what linking does.

The engine's state is opaque here: a JSON text. Rules that every implementation keeps:

- one read by pointer or session, two by address (one if the address is unknown), one write to save;
- what has expired is not there, whether or not the table has swept it yet;
- a save succeeds only on the very version that was read; else `Conflict` brings what is there now,
  without another read;
- a save that arrived although its answer was lost counts as done when it is tried again;
- linking writes all that it changes at once, or nothing; whoever had a link before it moved keeps where it is now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from throughline.customers.addresses import Address
from throughline.customers.pointer import Pointer
from throughline.errors import StoreError
from throughline.turn import Assurance

LARGEST: Final = 300 * 1024
"""Bytes that a conversation item may have; DynamoDB refuses items above 400 KB (Service quotas)."""

NEVER: Final = 0
"""A `Link.until` of a link whose edge is still to be written."""


@dataclass(frozen=True, slots=True)
class Came:
    """Where a link was before, and how well it was proved there: what a way back restores."""

    home: str
    """The customer who had it."""
    assurance: Assurance
    """How well it was proved to be theirs."""
    at: float
    """When it was."""
    evidence: str = ""
    """What proved it."""
    act: str = ""
    """The act that took it from them, so that all that moved by one act can go back together; empty if none did."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way that a customer comes by: an edge from an address to them."""

    id: str
    """Id of the link, unique for the customer; carried by turns, frames and pointers."""
    epoch: int
    """Raised when the link is renewed or taken away: older pointers then fail."""
    assurance: Assurance
    """How well it was proved that the address belongs to the customer."""
    evidence: str
    """What proved it, in a word: "first contact", "account link", "code"."""
    at: float
    """When it was proved, in epoch seconds."""
    address: str = ""
    """Keyed hash of the address; empty for a guest, who has none."""
    until: int = NEVER
    """Until when the edge itself is kept (epoch seconds; the store's business); NEVER if not written yet."""
    kind: str = ""
    """An `AddressKind`'s value; empty for a guest."""
    by: str = ""
    """Who made it: "customer", "channel" or a person at the desk; empty if it was by first contact."""
    came: tuple[Came, ...] = ()
    """Where it was before, the last one last: it goes back there if it turns out wrong. Empty if it began here."""
    left: Came | None = None
    """Whom it was last taken from as wrong, and what was proved of it there: if they turn out to be the same person
    after all, a merge with them finds it as it was."""
    reach: str = field(default="", repr=False)
    """The raw address, for the edge, while the link is new; it is not read back with the conversation."""
    shared: bool = False
    """Several people come by its address, so the address leads to none of them: only a proof leads here."""
    closed: bool = False
    """No way in any more; kept because what came through it is the customer's."""
    members: tuple[str, ...] = ()
    """Of the way to a household: ids of the links that its people have of their own through its address."""
    had: tuple[str, ...] = ()
    """Every customer who had it before it last moved. Each of them keeps where it is now, so that it names none of
    them any more once they are erased."""

    @property
    def home(self) -> str:
        """The customer it came from last; empty if it began here."""
        return self.came[-1].home if self.came else ""

    @property
    def act(self) -> str:
        """The act that brought it here; empty if it began here, or joined by a proof."""
        return self.came[-1].act if self.came else ""

    @property
    def guest(self) -> bool:
        """Whether it is a guest's: of a session, and of no address."""
        return not self.kind and not self.address


@dataclass(frozen=True, slots=True)
class Edge:
    """The item that leads from an address to its customer."""

    address: str
    """Keyed hash of the address."""
    customer: str
    """The customer whom it leads to."""
    link: str
    """Id of the link in the customer's conversation item."""
    expires: int
    """Epoch seconds; always later than the conversation that it leads to."""
    reach: str = field(default="", repr=False)
    """The raw address, of those kinds that are written to; personal data. Empty in a write keeps what is there."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept of one customer between turns. Change `state`, `turn` and `links` with `replace`."""

    customer: str
    """The customer's id: pseudonymous, 1 to 64 of [A-Za-z0-9_-]."""
    version: int = 0
    """How often it was written; 0 if never."""
    state: str = ""
    """The engine's state as JSON; empty for a new customer."""
    turn: str = ""
    """The last turn's record as JSON, for the table's stream."""
    links: Mapping[str, Link] = field(default_factory=dict)
    """The valid links by id: one that is not here, or has another epoch, is no way in."""
    expires: int = 0
    """When it will be forgotten unless saved again (epoch seconds); set by each save."""
    profile: str = ""
    """What is known of the customer, as JSON (see `customers.profile`); empty if nothing."""
    mark: str = ""
    """A job that the table's stream is to do for this customer, as JSON: an erasure or an export; empty if none."""
    nonce: str = ""
    """Names the write that made this version (the store's business)."""
    displaces: Edge | None = None
    """The outdated edge that a first save will overwrite (the store's business)."""


@dataclass(frozen=True, slots=True)
class EdgeWrite:
    """An edge to write together with the conversations."""

    edge: Edge
    """What to write. In a `Relinking` its `expires` is the store's business."""
    over: Edge
    """The one edge that may be there already; anything else there stops the write."""


@dataclass(frozen=True, slots=True)
class Relinking:
    """What linking changes, in one transaction: made by `customers.linking`, written by `CustomerStore.relink`."""

    writes: tuple[Stored, ...]
    """Conversations as they shall be, each with the version and nonce that it was read with (0 and "" if new)."""
    edges: tuple[EdgeWrite, ...] = ()
    """Addresses that lead to another link than before. What is renewed as in any save needn't be named."""
    bared: tuple[EdgeWrite, ...] = ()
    """Edges to a closed link, where they still are as `over` says: the raw address goes, and what stays leads to
    nobody. The link's id keeps the next one who comes by that address from being taken for the one before."""

    def of(self, customer: str) -> Stored:
        """The conversation that is to be written for this customer. Raises KeyError if none is."""
        for stored in self.writes:
            if stored.customer == customer:
                return stored
        raise KeyError(customer)

    def having(self, stored: Stored) -> Relinking:
        """The same with `stored` to be written for its customer: a turn's own state and record go in so."""
        writes = tuple(stored if old.customer == stored.customer else old for old in self.writes)
        return replace(self, writes=writes)


class Conflict(StoreError):
    """Somebody else wrote first. Decide again on `fresh`."""

    def __init__(self, fresh: Stored) -> None:
        super().__init__("the conversation was written by another turn: decide again on the fresh one")
        self.fresh = fresh


class AddressTaken(StoreError):
    """An address that a save would have linked leads to somebody else by now. Nothing was written."""

    def __init__(self, addresses: frozenset[str]) -> None:
        super().__init__("an address was linked to somebody else meanwhile: read again by address")
        self.addresses = addresses
        """Keyed hashes of the addresses that are taken."""


class CustomerStore(Protocol):
    """What a turn needs of the store. Times are epoch seconds. All raise StoreError, StoreUnavailable."""

    def by_pointer(self, pointer: Pointer, now: float) -> Stored | None:
        """The customer pointed to, by one read; None if the link is no longer valid, or nothing is kept."""

    def by_address(self, address: Address, now: float) -> tuple[Stored, str]:
        """The customer at this address and the link's id, by two reads.

        An unknown address costs one read and gives a new customer (version 0) with a new link of
        assurance CLAIMED; nothing is written until it is saved.
        """

    def by_session(self, session_key: str, now: float) -> Stored:
        """The guest of this channel session, by one read; a new one (version 0) if nothing is kept.

        The session's own link is the first of `links`.
        `session_key` must be unguessable and hold the channel's name; it is kept only as a keyed hash.
        """

    def save(self, stored: Stored, now: float) -> Stored:
        """Write `stored` over the version it was read as, and give it as it is kept now.

        One conditional write; with a new link, or one whose edge must be kept on, one transaction of it
        and the edge. Raises Conflict; AddressTaken if a new link's address leads to somebody else by now;
        StoreError if it is larger than LARGEST.
        """

    def hashes(self, address: Address) -> tuple[str, ...]:
        """The address' keyed hash under each accepted key, the current one first. Reads nothing."""

    def by_customer(self, customer: str, now: float) -> Stored | None:
        """The customer with that id, by one read; None if nothing is kept. For joins, acting and the desk."""

    def edge_of(self, address: Address | str, now: float) -> Edge | None:
        """Where this address (or keyed hash) leads, by one read; None if nowhere.

        It may be out of date: the link can be closed, and its customer forgotten. An `Address` is found under
        older keys, too; a hash only as it is.
        """

    def relink(self, relinking: Relinking, now: float) -> tuple[Stored, ...]:
        """Write all of it at once, and give the conversations as they are kept now, in the same order.

        Each over the version that it was read as. Raises Conflict with what is there now of the first that
        changed; AddressTaken if an address leads elsewhere by now; StoreError if something is too large.
        Nothing was written then: read again and decide again.
        """

"""Who is whom, as evidence: links join a customer, are shared, close, and leave again; nothing is ever copied or lost.

What came through a link is kept under the link (its strand); the customer is a set of links and one conversation. So
each act here only says which link is whose, and parts and joins what a conversation holds by the links it came
through. All of it is pure: what was read goes in, a `Relinking` comes out for one `CustomerStore.relink`.

- A link that changes hands or closes gets a new epoch, so that pointers made before are dead.
- A proof is of one customer: where links leave, those of both sides are outdated for good (their time is 0).
- Who comes by an address that belongs to somebody known, and proves to be another, makes it a shared one: the address
  then leads to a household, which is nobody, and each of them keeps a link of their own that only a proof leads to.
- Two customers of whom each is known for certain are never joined by a turn: `StrongConflict`, and a person decides.

Which act an identification is: `join` if `joins(owner, link)`, else `share`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from throughline.customers.addresses import AddressKind
from throughline.customers.households import HOUSEHOLD, household_of, is_household, own_shared, share
from throughline.customers.moving import (
    Unjoinable,
    bare,
    edge_of_link,
    handed,
    having,
    held_link,
    moved,
    open_link,
    ways,
)
from throughline.customers.rules import derived
from throughline.customers.store import NEVER, Edge, EdgeWrite, Link, Relinking, Stored
from throughline.dialogue.changes import Linked
from throughline.dialogue.parting import Busy
from throughline.dialogue.state import decode, encode
from throughline.errors import StoreError
from throughline.turn import Assurance

PROVEN_BY_TRANSPORT: Final = frozenset(
    {AddressKind.WEB, AddressKind.APP, AddressKind.MESSENGER, AddressKind.ALEXA, AddressKind.LOGIN}
)
"""Kinds whose platform, or our own token, proves the sender each time; anybody can write another's number or From."""


class StrongConflict(StoreError):
    """Each of two customers is known for certain. Nothing changed: a person must look at both and decide."""

    def __init__(self, customer: str, other: str, address: str = "") -> None:
        super().__init__("two customers who are both known for certain: ask a person, who may merge them")
        self.customer = customer
        """The one whom the turn, or the merge, is for."""
        self.other = other
        """The one whom the address, or the second login, belongs to."""
        self.address = address
        """Keyed hash of the address; empty for a merge."""


def strong(stored: Stored) -> bool:
    """Whether this is somebody: a link of theirs was proved, or is a sign-in. One that has closed counts too."""
    return any(link.assurance >= Assurance.LINKED or link.kind == AddressKind.LOGIN for link in stored.links.values())


def joins(owner: Stored, link: str) -> bool:
    """Whether the link goes over to whoever proves to be somebody through it: else the address becomes shared."""
    held = owner.links.get(link)
    return held is not None and not (held.shared or held.closed or strong(owner) or is_household(owner))


def join(
    from_: Stored, to: Stored, link: str, *, how: str, by: str, now: float, act: str = "",
    assurance: Assurance | None = None,
) -> Relinking:  # fmt: skip
    """The link goes over from nobody in particular to `to`, with all that came through it; `from_` keeps the rest.

    `from_` may hold this very turn's state and record already (so may `to`); each carries the version it was read as.
    `assurance` is what is proved of the link, if not what its kind allows: LINKED where the transport proves the
    sender, else CLAIMED. Raises Unjoinable unless `joins(from_, link)`; Busy if both wait for an action's outcome.
    """
    if from_.customer == to.customer or is_household(to) or not joins(from_, link):
        raise Unjoinable("only an open link of nobody in particular joins a customer: share it instead")
    held = from_.links[link]
    proved = assurance if assurance is not None else provable(held.kind)
    theirs = handed(held, home=_home(from_, to), act=act, assurance=proved, evidence=how, at=now, by=by)
    return moved(from_, to, (theirs,))


def add(
    stored: Stored, change: Linked, *, there: Edge | None, holder: Stored | None, by: str, now: float
) -> Relinking:  # fmt: skip
    """The customer proved that an address is theirs: it becomes a link of theirs, LINKED.

    `there` is what `edge_of` says of the address, `holder` what is kept of the customer it leads to. An address of
    nobody in particular brings what came through it; one that is shared becomes a shared link, CLAIMED; one that is
    the customer's already is proved anew; one that they had closed is open again. Raises StrongConflict if it
    belongs to somebody else who is known; Busy.
    """
    leads_to = holder.links.get(there.link) if there is not None and holder is not None else None
    if holder is not None and holder.customer == stored.customer:
        holder = stored
        leads_to = stored.links.get(there.link) if there is not None else None
    if leads_to is None or holder is None or (leads_to.closed and holder is not stored):
        return _new_link(stored, change, there, by=by, now=now)
    if holder is stored:
        return _proved_anew(stored, leads_to, change, by=by, now=now)
    if is_household(holder):
        mine = own_shared(stored, leads_to) or Link(
            derived("l", stored.customer, change.address, str(stored.version), stored.nonce),
            1, Assurance.CLAIMED, "", now, leads_to.address, kind=change.kind, shared=True,
        )  # fmt: skip
        mine = replace(mine, evidence=change.evidence, at=now, by=by)
        return Relinking((having(stored, mine),))
    if not joins(holder, leads_to.id):
        raise StrongConflict(stored.customer, holder.customer, change.address)
    return join(
        holder, stored, leads_to.id, how=change.evidence, by=by, now=now, assurance=Assurance.LINKED
    )  # fmt: skip


def close(stored: Stored, link: str) -> Relinking:
    """The customer no longer comes by this address: no way in any more; what came through it stays theirs.

    Whoever comes by the address next is somebody new. Raises Unjoinable if it is none of theirs, or the way to a
    household.
    """
    held = open_link(stored, link)
    if held.evidence == HOUSEHOLD:
        raise Unjoinable("a shared address leads to its household: the customers' own links can be closed")
    state = decode(stored.state)
    state = replace(state, proofs=tuple(p for p in state.proofs if p.link != link))
    shut = replace(held, closed=True, epoch=held.epoch + 1)
    edges = tuple(edge_of_link(one, stored.customer) for one in ways([held]))
    return Relinking((having(replace(stored, state=encode(state)), shut),), bared=tuple(map(bare, edges)))


def leave(stored: Stored, links: Collection[str], *, home: Stored | None, by: str) -> Relinking:
    """These links were never this customer's: they leave with all that came through them.

    They go back to the one customer whom they came from (`home`, as read; None if nothing is kept of it: it begins
    anew under its id), or, if they began here, to a new one. What a merge brought is as well proved as before;
    of any other link only a first contact is left. Raises Unjoinable if they are not this customer's, or came from
    several (then use one call for each); Busy if both wait for an action's outcome.
    """
    held = [held_link(stored, link) for link in sorted(set(links))]
    homes = {link.home for link in held}
    if len(homes) != 1 or is_household(stored):
        raise Unjoinable("links leave a customer who has them, and those leave together that came from one")
    (where,) = homes
    if home is not None and home.customer != where:
        raise Unjoinable("links go back to where they came from: read that customer")
    first = held[0]
    to = home or Stored(where or derived("c", "left", first.id, str(first.epoch)))
    return moved(stored, to, tuple(_returned(link, by) for link in held))


def merge(a: Stored, b: Stored, *, act: str, by: str, supervised: bool = False) -> Relinking:
    """A person decided that both are one: all of b's links, closed ones too, join `a` under one act.

    Each link stays as well proved as it was, and leaves again by `split(a, act, …)`. Raises StrongConflict if both
    have a sign-in and no supervisor decided (`supervised`); Unjoinable; Busy.
    """
    if a.customer == b.customer or not (b.links and act) or is_household(a) or is_household(b):
        raise Unjoinable("two customers are merged by an act that has an id; a household is nobody")
    if not supervised and all(any(link.kind == AddressKind.LOGIN for link in one.links.values()) for one in (a, b)):
        raise StrongConflict(a.customer, b.customer)
    return moved(b, a, tuple(handed(link, home=_home(b, a), act=act, by=by) for link in b.links.values()))


def split(stored: Stored, act: str, homes: Mapping[str, Stored], *, by: str) -> Relinking:
    """The act is undone: all links that it brought go back where they came from, together.

    `homes` are those customers as read, by id (see `homes_of`); one who is not there begins anew under its id.
    Raises Unjoinable if nothing is here by that act; Busy.
    """
    result: Relinking | None = None
    for where in homes_of(stored, act):
        rest = stored if result is None else result.of(stored.customer)
        links = [link.id for link in rest.links.values() if link.act == act and link.home == where]
        step = leave(rest, links, home=homes.get(where), by=by)
        result = step if result is None else _after(result, step)
    if result is None:
        raise Unjoinable("nothing is here by that act: was it undone already?")
    return result


def homes_of(stored: Stored, act: str) -> tuple[str, ...]:
    """The customers whom this act's links came from: read them for `split`."""
    return tuple(sorted({link.home for link in stored.links.values() if act and link.act == act}))


def forget(stored: Stored) -> Relinking:
    """Nobody any more: no way in, nothing said, nothing known; only a `mark` stays, for the job that does the rest.

    The raw addresses go at once. The bare edges stay until the job ends, so that who comes by such an address
    meanwhile is somebody new; it then deletes them (`swept`) with the conversation.
    """
    empty = replace(stored, links={}, state="", turn="", profile="", displaces=None)
    edges = (edge_of_link(way, stored.customer) for way in ways(stored.links.values()))
    return Relinking((empty,), bared=tuple(map(bare, edges)))


def swept(stored: Stored) -> Relinking:
    """The end of an erasure: the edges of `stored`, as it was before `forget`, are deleted where they still lead there.

    A minute after `forget` or later (`rules.ONE_FIRST_CONTACT`), so that nobody new gets an id that was theirs.
    Delete its conversation and its links' strands besides, and the conversations of its links' `home` that have no
    links any more.
    """
    return Relinking((), removed=tuple(edge_of_link(way, stored.customer) for way in ways(stored.links.values())))


def _returned(link: Link, by: str) -> Link:
    if link.act:
        return handed(link, home="", act="", by=by)
    return handed(link, home="", act="", by=by, assurance=Assurance.ANONYMOUS, evidence="returned")


def _home(from_: Stored, to: Stored) -> str:
    return from_.customer if from_.customer != to.customer else ""


def _after(first: Relinking, then: Relinking) -> Relinking:
    """Both at once: `then` was made on what `first` is to write."""
    renewed = {stored.customer: stored for stored in then.writes}
    kept = tuple(renewed.pop(stored.customer, stored) for stored in first.writes)
    bared = {write.edge.address: write for write in (*first.bared, *then.bared)}
    edges = (*first.edges, *then.edges)
    for write in edges:
        bared.pop(write.edge.address, None)
    return Relinking((*kept, *renewed.values()), edges, tuple(bared.values()))


def _new_link(stored: Stored, change: Linked, there: Edge | None, *, by: str, now: float) -> Relinking:
    key = derived("l", stored.customer, change.address, str(stored.version), stored.nonce)
    link = Link(
        key, 1, Assurance.LINKED, change.evidence, now, change.address, kind=change.kind, by=by, reach=change.reach
    )  # fmt: skip
    edge = Edge(change.address, stored.customer, key, 0, change.reach)
    over = there if there is not None and there.address == change.address else edge
    return Relinking((having(stored, link),), (EdgeWrite(edge, over),))


def _proved_anew(stored: Stored, held: Link, change: Linked, *, by: str, now: float) -> Relinking:
    link = replace(held, assurance=Assurance.LINKED, evidence=change.evidence, at=now)
    if not held.closed:
        return Relinking((having(stored, link),))
    link = replace(link, closed=False, epoch=held.epoch + 1, until=NEVER, by=by, reach=change.reach)
    edge = Edge(held.address, stored.customer, held.id, 0, change.reach)
    return Relinking((having(stored, link),), (EdgeWrite(edge, edge),))


def provable(kind: str) -> Assurance:
    """The most that a link of this kind can be proved to be while nobody proves more in a session."""
    return Assurance.LINKED if kind in PROVEN_BY_TRANSPORT else Assurance.CLAIMED


__all__ = [
    "Busy", "StrongConflict", "Unjoinable", "add", "close", "forget", "homes_of", "household_of", "is_household",
    "join", "joins", "leave", "merge", "share", "split", "strong", "swept",
]  # fmt: skip

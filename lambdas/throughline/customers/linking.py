"""Who is whom, as evidence: links join a customer, are shared, close, and leave again; nothing is ever copied or lost.

What came through a link is kept under the link (its strand); the customer is a set of links and one conversation. So
each act here only says which link is whose, and parts and joins what a conversation holds by the links it came
through. All of it is pure: what was read goes in, a `Relinking` comes out for one `CustomerStore.relink`.

- A link that changes hands or closes gets a new epoch, so that pointers made before are dead.
- A proof is of one customer: where links leave, those of both sides are outdated for good (their time is 0).
- A link remembers where it was and how well it was proved there (`Link.came`), so that nested merges can be undone in
  any order, and a merge with whom it was wrongly taken from finds it as it was (`Link.left`).
- Who comes by an address that belongs to somebody known, and proves to be another, makes it a shared one: the address
  then leads to a household, which is nobody, and each of them keeps a link of their own that only a proof leads to.
- A caller's number and a From: can be forged, so a session that came by one changes nothing of whose it is: who
  proves to be somebody there is them for that session alone.
- Two customers of whom each is known for certain are never joined by a turn: `StrongConflict`, and a person decides.

Which act an identification in a session is: `join` if `joins(owner, link)`, else `share`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from throughline.customers.addresses import AddressKind
from throughline.customers.assurance import LOGIN
from throughline.customers.households import (
    HOUSEHOLD,
    PROVEN_BY_TRANSPORT,
    household_empty,
    household_of,
    is_household,
    own_link,
    share,
    with_member,
    without_acting,
    without_sessions,
)
from throughline.customers.moving import (
    Unjoinable,
    bare,
    edge_of_link,
    handed,
    having,
    held_link,
    moved,
    open_link,
    record_of,
    returned,
    ways,
)
from throughline.customers.rules import derived
from throughline.customers.store import NEVER, Came, Edge, EdgeWrite, Link, Relinking, Stored
from throughline.dialogue.changes import Linked
from throughline.dialogue.parting import Busy
from throughline.dialogue.state import decode, encode
from throughline.errors import StoreError
from throughline.turn import Assurance

OWN_ACCOUNT: Final = frozenset({AddressKind.MESSENGER, AddressKind.ALEXA, AddressKind.LOGIN})
"""Kinds that are somebody's account. A browser or a device may be borrowed for one code."""


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


def gone(stored: Stored) -> bool:
    """Whether nobody is there: no way in is open, or an erasure is announced.

    Nobody proves to be such a customer; what is kept of them is there for the desk, or for the job that ends it.
    """
    return _erasing(stored) or all(link.closed for link in stored.links.values())


def free(owner: Stored, link: str) -> bool:
    """Whether the link is open, and of nobody in particular: who proves that its address is theirs gets it.

    One that left a customer who had proved there to be themselves may hold what they said then: nobody else gets it.
    """
    held = owner.links.get(link)
    if held is None or held.shared or held.closed or strong(owner) or is_household(owner):
        return False
    return all(proof.link != link for proof in decode(owner.state).proofs)


def joins(owner: Stored, link: str) -> bool:
    """Whether the link goes over to whoever proves, in a session that came through it, to be somebody.

    Only a link whose transport proves the sender, or a guest's, which nothing but its own session leads to. Anybody
    can write another's number or From:, so there the proof is of the session and not of the address: `share` it.
    """
    return free(owner, link) and (owner.links[link].kind in PROVEN_BY_TRANSPORT or owner.links[link].guest)


def join(
    from_: Stored, to: Stored, link: str, *, how: str, by: str, now: float, act: str = "",
    assurance: Assurance | None = None,
) -> Relinking:  # fmt: skip
    """The link goes over from nobody in particular to `to`, with all that came through it; `from_` keeps the rest.

    `from_` may hold this very turn's state and record already (so may `to`); each carries the version it was read as.
    `assurance` is what is proved of the link, if not what such a proof can make of its kind (`provable`). Ask `joins`
    before, where the proof was in a session: here only what is not `free` is refused. Raises Unjoinable; Busy if both
    wait for an action's outcome.
    """
    if from_.customer == to.customer or is_household(to) or not free(from_, link):
        raise Unjoinable("only an open link of nobody in particular joins a customer: share it instead")
    held = from_.links[link]
    proved = assurance if assurance is not None else provable(held.kind, how)
    theirs = handed(held, Came(to.customer, proved, now, how), home=from_.customer, act=act, by=by)
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
        mine = own_link(stored, leads_to) or Link(
            derived("l", stored.customer, change.address, str(stored.version), stored.nonce),
            1, Assurance.CLAIMED, "", now, leads_to.address, kind=change.kind, shared=True,
        )  # fmt: skip
        mine = replace(mine, evidence=change.evidence, at=now, by=by)
        house = with_member(holder, mine.id)
        return Relinking((having(stored, mine), *((house,) if house is not holder else ())))
    if not free(holder, leads_to.id):
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
    state = replace(state, proofs=tuple(p for p in state.proofs if p.link != link), acting=())
    shut = replace(held, closed=True, epoch=held.epoch + 1)
    edges = tuple(edge_of_link(one, stored.customer) for one in ways([held]))
    return Relinking((having(replace(stored, state=encode(state)), shut),), bared=tuple(map(bare, edges)))


def leave(
    stored: Stored, links: Collection[str], *, home: Stored | None, by: str, owner: Stored | None = None
) -> Relinking:
    """These links were never this customer's: they leave with all that came through them.

    They go back to the one customer whom they came from last (`home`, as read; None if nothing is kept of it: it begins
    anew under its id), as well proved as they were there; if they began here, to a new one, as a first contact. If
    that was wrong, a merge with whom they went to finds them as they are.

    `owner` is whom the address of a shared link leads to, as read: no session there acts by such a link any more, and
    who it was is not remembered. Raises Unjoinable if they are not this
    customer's, or came from several (then use one call for each); Busy if both wait for an action's outcome.
    """
    held = [held_link(stored, link) for link in sorted(set(links))]
    back = _back(stored, [(link, len(link.came) - 1) for link in held], home, by)
    theirs = next((one for one in back.writes if owner is not None and one.customer == owner.customer), owner)
    if theirs is None:
        return back
    rest = without_sessions(theirs, links)
    if rest is theirs:
        return back
    return back.having(rest) if theirs is not owner else replace(back, writes=(*back.writes, rest))


def _back(stored: Stored, links: list[tuple[Link, int]], home: Stored | None, by: str) -> Relinking:
    """Each link back to where it was before that one of its `came`; -1 of one that began here."""
    homes = {link.came[depth].home if link.came else "" for link, depth in links}
    if len(homes) != 1 or is_household(stored):
        raise Unjoinable("links leave a customer who has them, and those leave together that came from one")
    (where,) = homes
    if home is not None and home.customer != where:
        raise Unjoinable("links go back to where they came from: read that customer")
    if where == stored.customer:
        raise Unjoinable("the links came from this very customer by that act: undo the later one")
    first = links[0][0]
    if not where or (home is not None and (_erasing(home) or _become_another(home, links))):
        # Who is being erased takes nothing in: it would go with them.
        home, where = None, derived("c", "left", first.id, str(first.epoch))
    back = tuple(returned(link, depth, whose=stored.customer, by=by) for link, depth in links)
    return moved(stored, home or Stored(where), back)


def _become_another(home: Stored, links: list[tuple[Link, int]]) -> bool:
    """Whether these, of whom nothing was proved there, would now come to somebody who was made one with it since."""
    began_there = {key: link for key, link in home.links.items() if not link.came}
    proved_there = any(link.came[depth].assurance >= Assurance.LINKED for link, depth in links if link.came)
    return strong(home) and not strong(replace(home, links=began_there)) and not proved_there


def merge(a: Stored, b: Stored, *, act: str, by: str, supervised: bool = False) -> Relinking:
    """A person decided that both are one: all of b's links, closed ones too, join `a` under one act.

    Each link stays as well proved as it was, and leaves again by `split(a, act, …)`. One that was taken from `a` as
    wrong is again what it was there. Raises StrongConflict if both have a sign-in and no supervisor decided
    (`supervised`); Unjoinable; Busy.
    """
    if a.customer == b.customer or not (b.links and act) or is_household(a) or is_household(b):
        raise Unjoinable("two customers are merged by an act that has an id; a household is nobody")
    if _erasing(a) or _erasing(b):
        raise Unjoinable("one of the two is being erased: there is nothing left to merge")
    if not supervised and all(any(link.kind == AddressKind.LOGIN for link in one.links.values()) for one in (a, b)):
        raise StrongConflict(a.customer, b.customer)
    return moved(
        b, a, tuple(handed(link, _known(link, a), home=b.customer, act=act, by=by) for link in b.links.values())
    )  # fmt: skip


def split(stored: Stored, act: str, homes: Mapping[str, Stored], *, by: str) -> Relinking:
    """The act is undone: all links here that it ever moved go back to where it took them from, together.

    That holds for what a later act brought on to here, too: A has merged with B (m2), who had merged with C (m1). If m2
    is undone first, B has all that is theirs and C's. If m1 is, C's links go from A to C at once, since what B never
    had a right to, A has neither; m2 then takes the rest back to B. Either way round all three are as before.

    `homes` are those customers as read, by id (see `homes_of`); one who is not there begins anew under its id.
    Raises Unjoinable if nothing is here by that act; Busy.
    """
    result: Relinking | None = None
    for where in homes_of(stored, act):
        rest = stored if result is None else result.of(stored.customer)
        links = [(link, depth) for link, depth in _brought(rest, act) if link.came[depth].home == where]
        step = _back(rest, links, homes.get(where), by)
        result = step if result is None else _after(result, step)
    if result is None:
        raise Unjoinable("nothing is here by that act: was it undone already?")
    return result


def homes_of(stored: Stored, act: str) -> tuple[str, ...]:
    """The customers whom this act's links came from: read them for `split`."""
    return tuple(sorted({link.came[depth].home for link, depth in _brought(stored, act)}))


def homes(stored: Stored) -> frozenset[str]:
    """All customers whom links of this one ever came from. What is left of them is this one's, if it has no links."""
    return frozenset(came.home for link in stored.links.values() for came in link.came)


def _brought(stored: Stored, act: str) -> list[tuple[Link, int]]:
    """The links here that the act moved, each with where in its `came` that is (first).

    One that somebody got since by proving who they are is theirs, whatever led to where it was then.
    """
    found: dict[str, tuple[Link, int]] = {}
    for link in stored.links.values():
        for depth, came in enumerate(link.came):
            if not came.act:
                found.pop(link.id, None)
            elif came.act == act:
                found.setdefault(link.id, (link, depth))
    return list(found.values())


def _known(link: Link, customer: Stored) -> Came:
    """How well the link is proved to be of that customer, whom it goes to by a merge."""
    now = Came(customer.customer, link.assurance, link.at, link.evidence)
    if link.left is not None and link.left.home == customer.customer and link.left.assurance > link.assurance:
        return link.left
    return now


def _erasing(stored: Stored) -> bool:
    # `records.marks` writes it, which knows customers, and not the other way round.
    return record_of(stored.mark).get("job") == "erase"


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


def provable(kind: str, how: str) -> Assurance:
    """What a link of this kind is once its sender proved in a session to be somebody, `how`: "login" or by a code.

    A browser or an app that one code was entered in may be borrowed, and must not stay somebody's; there only a
    sign-in makes LINKED. Where anybody can be the sender, nothing does.
    """
    if kind not in PROVEN_BY_TRANSPORT or not (kind in OWN_ACCOUNT or how == LOGIN):
        return Assurance.CLAIMED
    return Assurance.LINKED


__all__ = [
    "Busy", "StrongConflict", "Unjoinable", "add", "close", "free", "gone", "homes", "homes_of",
    "household_empty", "household_of", "is_household", "join", "joins", "leave", "merge", "provable", "share", "split",
    "strong", "without_acting",
]  # fmt: skip

"""An address that several people come by: a household, which is nobody, and a link of their own for each of them. Pure.

The address leads to the household's one link, which is never more than ANONYMOUS. Who proves to be somebody in a
session there is remembered by the household's state (`Acting`), and the path of a turn goes on to them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from throughline.customers.moving import Unjoinable, edge_write, having, open_link
from throughline.customers.rules import derived
from throughline.customers.store import NEVER, Link, Relinking, Stored
from throughline.dialogue.parting import joined, parted, relabelled
from throughline.dialogue.state import Acting, decode, encode
from throughline.turn import Assurance

HOUSEHOLD: Final = "household"
"""A `Link.evidence`: of the link by which a shared address leads to nobody in particular."""
ACTING: Final = 20
"""Sessions of a shared address that are remembered at once; the oldest is forgotten and must prove itself again."""


def household_of(address: str) -> str:
    """The id of the household that comes by this address (keyed hash), which is where `share` looks for it."""
    return derived("h", address)


def is_household(stored: Stored) -> bool:
    """Whether this is nobody in particular: several people come by its address."""
    return any(link.evidence == HOUSEHOLD for link in stored.links.values())


def share(
    owner: Stored, to: Stored, link: str, *, session: str, household: Stored | None, how: str, by: str, now: float
) -> Relinking:
    """Somebody proved to be `to` in a session that came through another's link: the address becomes a shared one.

    The owner's link stays hers, shared from now on, and so does all that came through it but what belongs to this
    session; `to` gets a link of their own through the address, and this session's tasks. The address leads to the
    household from now on, which remembers that this session acts for `to`.

    `owner` may be the household itself (its address is shared already); `household` is what is kept of it
    otherwise (by `edge_of` if the link is shared, else by `household_of`), None if nothing is. A guest's link has no
    address and makes no household: hand the session a pointer to the new link, which is the one that
    `of(to.customer)` has and `to` had not. Where the owner was proved in this session, her tasks stay hers.
    Raises Unjoinable; Busy if both wait for an action's outcome.
    """
    held = open_link(owner, link)
    if owner.customer == to.customer or is_household(to):
        raise Unjoinable("an address is shared between two customers, of whom the second is somebody")
    mine = own_shared(to, held)
    if mine is None:
        key = derived("l", to.customer, owner.customer, link, str(owner.version), owner.nonce)
        mine = Link(
            key, 1, Assurance.CLAIMED, how, now, held.address, kind=held.kind, by=by, shared=True
        )  # fmt: skip
    at_home = is_household(owner)
    state = decode(owner.state)
    proved = not at_home and any((p.link, p.session) == (link, session) for p in state.proofs)
    state = relabelled(state, link, session, mine.id, tasks=not proved)
    stays, comes = parted(state, {mine.id}, customer=owner.customer)
    both = joined(decode(to.state), replace(comes, proofs=()))
    to = replace(to, state=encode(both), links={**to.links, mine.id: mine})
    acting = Acting(session, to.customer, mine.id, mine.epoch, now)
    if at_home:
        return Relinking((_acting(replace(owner, state=encode(stays)), acting), to))
    if not held.shared:
        stays = replace(stays, proofs=tuple(p for p in stays.proofs if p.link != link))
        hers = replace(
            held, shared=True, epoch=held.epoch + 1, assurance=min(held.assurance, Assurance.CLAIMED), until=NEVER
        )
        owner = replace(owner, links={**owner.links, link: hers})
    owner = replace(owner, state=encode(stays))
    if not held.address:
        return Relinking((owner, to))
    house = _household(held, household, by=by, now=now)
    (way,) = (one for one in house.links.values() if one.evidence == HOUSEHOLD)
    edges = (edge_write(way, house.customer, owner, held),) if way.until == NEVER else ()
    return Relinking((owner, to, _acting(house, acting)), edges)


def _household(held: Link, household: Stored | None, *, by: str, now: float) -> Stored:
    if household is not None and is_household(household):
        return household
    house = household or Stored(household_of(held.address))
    key = derived("l", house.customer, held.address)
    way = Link(
        key, 1, Assurance.ANONYMOUS, HOUSEHOLD, now, held.address, kind=held.kind, by=by, reach=held.reach
    )  # fmt: skip
    return having(house, way)


def _acting(household: Stored, acting: Acting) -> Stored:
    state = decode(household.state)
    others = [one for one in state.acting if one.session != acting.session]
    return replace(household, state=encode(replace(state, acting=(*others, acting)[-ACTING:])))


def own_shared(stored: Stored, held: Link) -> Link | None:
    """The customer's own link through the shared address of `held`, if they have one."""
    return next(
        (
            link for link in stored.links.values()
            if link.shared and not link.closed and held.address and link.address == held.address
        ),
        None,
    )  # fmt: skip

"""Addresses that several people come by, and sessions there of who proved to be somebody. Pure.

Where the transport proves the sender, a second person makes the address a shared one: it leads to a household, which is
nobody (its one link is never more than ANONYMOUS), and each of them has a link of their own. A phone or an e-mail
address stays whose it is, since who "came by" it may never have had it in hand; who proves to be another there is them
for that session.

Either way the conversation that the address leads to remembers who proved to be somebody in which session (`Acting`),
and the path of a turn goes on to them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from throughline.customers.addresses import AddressKind
from throughline.customers.assurance import LOGIN, was_here, with_proof
from throughline.customers.moving import Unjoinable, along, edge_write, having, open_link
from throughline.customers.rules import derived
from throughline.customers.store import NEVER, Link, Relinking, Stored
from throughline.dialogue.parting import joined, parted, relabelled
from throughline.dialogue.replies import Answered
from throughline.dialogue.state import Acting, Proof, State, decode, encode
from throughline.turn import Assurance

HOUSEHOLD: Final = "household"
"""A `Link.evidence`: of the link by which a shared address leads to nobody in particular."""
ACTING: Final = 20
"""Sessions of an address that are remembered at once; the oldest is forgotten and must prove itself again."""
ACTING_SECONDS: Final = 86_400
"""Longer than a session acts for anybody (`Limits.verified_minutes`): what is older goes when the next is written."""
PRESENT: Final = "present"
"""A `Proof.how` that proves nothing any more: the customer was in that session, whatever told so then."""
PROVEN_BY_TRANSPORT: Final = frozenset(
    {AddressKind.WEB, AddressKind.APP, AddressKind.MESSENGER, AddressKind.ALEXA, AddressKind.LOGIN}
)
"""Kinds whose platform, or our own token, proves the sender each time; anybody can write another's number or From:."""


def household_of(address: str) -> str:
    """The id of the household that comes by this address (keyed hash), which is where `share` looks for it."""
    return derived("h", address)


def is_household(stored: Stored) -> bool:
    """Whether this is nobody in particular: several people come by its address."""
    return any(link.evidence == HOUSEHOLD for link in stored.links.values())


def without_acting(stored: Stored, customer: str, links: Collection[str]) -> Stored | None:
    """`stored`, who remembers that customer as acting or these links as of a household, without; None if it does not.

    For an erasure of a customer who had these links: ask of whomever their addresses lead to, and then
    `household_empty`. By the links, since those keep their ids where customers are merged.
    """
    state = decode(stored.state)
    acting = tuple(one for one in state.acting if one.customer != customer and one.link not in links)
    kept = {
        key: replace(link, members=tuple(one for one in link.members if one not in links)) if link.members else link
        for key, link in stored.links.items()
    }
    if acting == state.acting and kept == dict(stored.links):
        return None
    return replace(stored, links=kept, state=encode(replace(state, acting=acting)))


def without_sessions(stored: Stored, links: Collection[str]) -> Stored:
    """`stored`, who remembers sessions in which somebody acts by these links of theirs, without those."""
    state = decode(stored.state)
    acting = tuple(one for one in state.acting if one.link not in links)
    return replace(stored, state=encode(replace(state, acting=acting))) if acting != state.acting else stored


def household_empty(stored: Stored) -> bool:
    """Whether this is a household of nobody any more: it and its edge, with the raw address, may go.

    One that isn't is forgotten with its own silence at the latest, as anybody whom nothing is proved of.
    """
    return is_household(stored) and not any(link.members for link in stored.links.values())


def share(
    owner: Stored, to: Stored, link: str, *, session: str, household: Stored | None, how: str, by: str, now: float
) -> Relinking:
    """Somebody proved to be `to` in a session that came through another's link: the session goes on as theirs.

    `to` gets a link of their own through the address, and this session's tasks. Where the session was the owner's for
    certain (she was proved in it, or her link is more than a claim by itself) her tasks stay hers, and nothing that
    she was asked there can be answered any more; a sign-in takes nothing of hers along, a code only the reply that
    asked for it. Whoever the address leads to remembers that this session acts for `to`.

    If the transport proves the sender, the owner's link becomes shared, and the address leads to the household from
    now on. Else (a phone, an e-mail address, a contact) nothing about the owner's link or edge changes.

    `owner` may be the household itself; `household` is what is kept of whom the address leads to if the link is
    shared (by `edge_of`), else of `household_of`; None if nothing is. A guest's link has no address and makes no
    household: hand the session a pointer to the new link, which is the one that `of(to.customer)` has and `to` had
    not. Raises Unjoinable; Busy if both wait for an action's outcome.
    """
    held = open_link(owner, link)
    if owner.customer == to.customer or is_household(to):
        raise Unjoinable("an address is shared between two customers, of whom the second is somebody")
    at_home = is_household(owner)
    forgeable = _forgeable(held)
    leads_to = owner if at_home or not held.shared else household
    mine = own_link(to, held)
    if mine is None:
        key = derived("l", to.customer, owner.customer, link, str(owner.version), owner.nonce)
        mine = Link(
            key, 1, Assurance.CLAIMED, how, now, held.address, kind=held.kind, by=by, shared=True
        )  # fmt: skip
    state = decode(owner.state)
    hers = not at_home and (_tells(held) or was_here(state, link, session))
    if not (hers and how == LOGIN):
        state = relabelled(state, link, session, mine.id, tasks=not hers)
    stays, comes = parted(state, {mine.id}, customer=owner.customer)
    if hers:
        stays, comes = _unasked(stays, session), replace(comes, recent=tuple(filter(_anybodys, comes.recent)))
    both = joined(decode(to.state), replace(comes, proofs=()))
    to = replace(to, state=encode(both), links={**to.links, mine.id: mine})
    acting = Acting(session, to.customer, mine.id, mine.epoch, now)
    moved_on = held.shared and household is not None and not is_household(household)
    if forgeable or at_home or moved_on:
        # Nobody is her in this session any more. That she was in it is still told, since what was said may be hers.
        here = (link, session)
        stays = replace(
            stays, proofs=tuple(replace(p, at=0.0) if (p.link, p.session) == here else p for p in stays.proofs)
        )
        owner = replace(owner, state=encode(stays))
        if leads_to is None or leads_to.customer == to.customer:
            return Relinking((owner, _acting(to, acting, now)))
        if leads_to.customer == owner.customer:
            if not hers:
                owner, to = along(owner, to, link, session, mine.id)
            return Relinking((_acting(with_member(owner, mine.id), acting, now), to))
        return Relinking((owner, to, _acting(leads_to, acting, now)))
    if not held.shared:
        stays = replace(stays, proofs=tuple(p for p in stays.proofs if p.link != link))
        theirs = replace(
            held, shared=True, epoch=held.epoch + 1, assurance=min(held.assurance, Assurance.CLAIMED), until=NEVER
        )
        owner = replace(owner, links={**owner.links, link: theirs})
    owner = replace(owner, state=encode(stays))
    if not held.address:
        return Relinking((owner, to))
    house = with_member(with_member(_household(held, household, by=by, now=now), held.id), mine.id)
    (way,) = (one for one in house.links.values() if one.evidence == HOUSEHOLD)
    edges = (edge_write(way, house.customer, owner, held),) if way.until == NEVER else ()
    return Relinking((owner, to, _acting(house, acting, now)), edges)


def attended(state: State, link: Link | None, session: str, assurance: Assurance) -> State:
    """With it on record that the customer was in that session, where a turn there was more than a claim.

    What told so (a PIN before the turn, a sign-in, a pointer of a session that was signed in) may be gone when somebody
    else proves to be there: then it must still be known whose the session's tasks are.
    """
    if link is None or assurance <= Assurance.CLAIMED or _tells(link) or was_here(state, link.id, session):
        return state
    return with_proof(state, Proof(link.id, session, 0.0, PRESENT))


def _tells(link: Link) -> bool:
    """Whether the link tells by itself, in any session, whose it is; a number or a From: never does."""
    return link.assurance > Assurance.CLAIMED and not _forgeable(link)


def _forgeable(link: Link) -> bool:
    return bool(link.address) and link.kind not in PROVEN_BY_TRANSPORT


def _unasked(state: State, session: str) -> State:
    """Without what was asked in that session, in which somebody else answers from now on."""
    question = state.question
    return replace(state, question=None) if question is not None and question.session == session else state


def _anybodys(answered: Answered) -> bool:
    reply = answered.reply
    return reply is not None and reply.needs <= Assurance.CLAIMED


def _household(held: Link, household: Stored | None, *, by: str, now: float) -> Stored:
    if household is not None and is_household(household):
        return household
    house = household or Stored(household_of(held.address))
    key = derived("l", house.customer, held.address)
    way = Link(
        key, 1, Assurance.ANONYMOUS, HOUSEHOLD, now, held.address, kind=held.kind, by=by, reach=held.reach
    )  # fmt: skip
    return having(house, way)


def _acting(stored: Stored, acting: Acting, now: float) -> Stored:
    """`stored` remembers who acts in that session from now on; where it is themselves, that nobody else does."""
    state = decode(stored.state)
    others = [one for one in state.acting if one.session != acting.session and one.at > now - ACTING_SECONDS]
    if acting.customer != stored.customer:
        others.append(acting)
    return replace(stored, state=encode(replace(state, acting=tuple(others[-ACTING:]))))


def with_member(household: Stored, link: str) -> Stored:
    """The household knows that this link, of one of its people, is through its address."""
    ways = {
        key: replace(way, members=(*way.members, link))
        for key, way in household.links.items()
        if way.evidence == HOUSEHOLD and link not in way.members
    }
    return replace(household, links={**household.links, **ways}) if ways else household


def own_link(stored: Stored, held: Link) -> Link | None:
    """The customer's own link through the address of `held`, if they have one.

    That which the address leads to, if it leads to them, else the one that only a proof leads to.
    """
    theirs = (one for one in stored.links.values() if held.address and one.address == held.address and not one.closed)
    return min(theirs, key=lambda one: one.shared, default=None)

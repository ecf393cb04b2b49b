"""Links that change hands, with all that came through them: what the acts of `linking` are made of. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from throughline.customers import profile
from throughline.customers.store import NEVER, Came, Edge, EdgeWrite, Link, Relinking, Stored
from throughline.dialogue.at_rest import compact
from throughline.dialogue.parting import joined, parted
from throughline.dialogue.state import State, decode, encode
from throughline.errors import StoreError
from throughline.turn import Assurance

RETURNED: Final = "returned"
"""A `Link.evidence`: of a link that left as wrong, and is nobody's in particular again."""


class Unjoinable(StoreError):
    """What was asked for is not how links can change; the message says what is. Nothing changed."""


def moved(from_: Stored, to: Stored, links: tuple[Link, ...]) -> Relinking:
    """Those links, as they shall be, go over with all that came through them. Raises Busy."""
    leaving = {link.id for link in links}
    links = tuple(replace(link, had=tuple(dict.fromkeys((*link.had, from_.customer)))) for link in links)
    stays, goes = parted(decode(from_.state), leaving, customer=from_.customer)
    if goes.pending is not None and goes.pending.customer == to.customer:
        goes = replace(goes, pending=replace(goes.pending, customer=""))
    # Neither side is who was proved before. That somebody was, in that session, is still told: see `households.share`.
    # Who acts by an address is remembered where it leads to, so that an erasure finds that: they prove it again.
    stays, goes = replace(_proved_before(stays), acting=()), _proved_before(goes)
    known, brought = profile.parted(from_.profile, leaving)
    record, brought_record = ("", from_.turn) if _link_of(from_.turn) in leaving else (from_.turn, "")
    led = ways(links)
    edges = tuple(edge_write(link, to.customer, from_, link) for link in led if not link.closed)
    bared = tuple(
        EdgeWrite(edge_of_link(link, to.customer), edge_of_link(link, from_.customer)) for link in led if link.closed
    )
    rest = replace(
        from_,
        links={key: link for key, link in from_.links.items() if key not in leaving},
        state=encode(stays),
        profile=known,
        turn=record,
        displaces=None,
    )
    grown = replace(
        to,
        links={**to.links, **{link.id: link for link in links}},
        state=encode(joined(decode(to.state), goes)),
        profile=profile.joined(to.profile, brought),
        turn=max(to.turn, brought_record, key=_time_of),
    )
    return Relinking((rest, grown), edges, bared)


def along(from_: Stored, to: Stored, link: str, session: str, other: str) -> tuple[Stored, Stored]:
    """Both, with the last turn's record of `from_` gone over to `to`, if it came through `link` in that session.

    It is as if it had come through the link `other` then, which is what becomes of its place in the transcript.
    """
    record = record_of(from_.turn)
    if (record.get("link"), record.get("session")) != (link, session):
        return from_, to
    turn = max(to.turn, relinked(from_.turn, other), key=_time_of)
    return replace(from_, turn=""), replace(to, turn=turn)


def relinked(record: str, link: str) -> str:
    """A turn's record as if it had come through that link."""
    return compact({**record_of(record), "link": link})


def unnamed(stored: Stored, customer: str) -> Stored | None:
    """`stored`, who has links that were that customer's, without their id; None if it isn't there.

    For an erasure. A link that would go back to them goes to somebody new instead. An action that was begun when they
    had its link, and whose outcome isn't known, is looked into no more: the back end knows it as theirs.
    """
    links = {
        key: replace(
            link,
            came=tuple(replace(one, home="") if one.home == customer else one for one in link.came),
            left=None if link.left is not None and link.left.home == customer else link.left,
            had=tuple(one for one in link.had if one != customer),
        )
        for key, link in stored.links.items()
    }
    state = decode(stored.state)
    if state.pending is not None and state.pending.customer == customer:
        return replace(stored, links=links, state=encode(replace(state, pending=None)))
    return replace(stored, links=links) if links != dict(stored.links) else None


def _proved_before(state: State) -> State:
    return replace(state, proofs=tuple(replace(proof, at=0.0) for proof in state.proofs))


def handed(link: Link, proof: Came, *, home: str, act: str, by: str) -> Link:
    """The link in other hands, as sure as `proof`: its epoch is new, and its edge is due."""
    before = Came(home, link.assurance, link.at, link.evidence, act)
    return _proved_as(replace(link, came=(*link.came, before), left=None, by=by), proof)


def returned(link: Link, depth: int, *, whose: str, by: str) -> Link:
    """The link back where it was before `came[depth]`, as it was there; what brought it on from there is undone, too.

    One that began here (`depth` -1 and nothing in `came`) is a first contact again. What `whose` leaves behind is
    remembered in `left`.
    """
    before = link.came[depth] if link.came else Came("", Assurance.ANONYMOUS, link.at, RETURNED)
    there = replace(link, came=link.came[:depth], left=Came(whose, link.assurance, link.at, link.evidence), by=by)
    return _proved_as(there, before)


def _proved_as(link: Link, proof: Came) -> Link:
    # What became a shared address meanwhile proves nobody, whatever was proved of it before.
    assurance = min(proof.assurance, Assurance.CLAIMED) if link.shared else proof.assurance
    return replace(
        link, epoch=link.epoch + 1, until=NEVER, assurance=assurance, evidence=proof.evidence, at=proof.at
    )  # fmt: skip


def edge_of_link(link: Link, customer: str) -> Edge:
    """The edge from a link's address to that customer; when it expires is the store's business."""
    return Edge(link.address, customer, link.id, 0)


def ways(links: Iterable[Link]) -> tuple[Link, ...]:
    """The link that each address leads to among these: the open one, else the one that closed last."""
    found: dict[str, Link] = {}
    for link in sorted(links, key=lambda one: (not one.closed, one.at)):
        if link.address and not link.shared:
            found[link.address] = link
    return tuple(found.values())


def bare(edge: Edge) -> EdgeWrite:
    """The edge as it is, without its raw address."""
    return EdgeWrite(edge, edge)


def edge_write(link: Link, customer: str, from_: Stored, held: Link) -> EdgeWrite:
    """The address leads to `customer` by `link` from now on, and no longer to `from_`."""
    outdated = from_.displaces
    known = outdated is not None and outdated.address == held.address
    over = outdated if known and outdated is not None else edge_of_link(held, from_.customer)
    return EdgeWrite(replace(edge_of_link(link, customer), reach=link.reach), over)


def having(stored: Stored, link: Link) -> Stored:
    """`stored` with that link, new or changed."""
    return replace(stored, links={**stored.links, link.id: link})


def held_link(stored: Stored, link: str) -> Link:
    """The customer's link with that id. Raises Unjoinable if they have none."""
    held = stored.links.get(link)
    if held is None:
        raise Unjoinable("the link is none of this customer's: read them again")
    return held


def open_link(stored: Stored, link: str) -> Link:
    """The customer's open link with that id. Raises Unjoinable if they have none, or it is closed."""
    held = held_link(stored, link)
    if held.closed:
        raise Unjoinable("the link is closed: nobody comes by it")
    return held


def record_of(text: str) -> Mapping[str, object]:
    """A turn's record, or a mark, as it was read; empty if there is none, or it can't be read."""
    try:
        record = json.loads(text) if text else {}
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _link_of(record: str) -> str:
    """The link that a turn's record says it came through; empty if it says none."""
    link = record_of(record).get("link")
    return link if isinstance(link, str) else ""


def _time_of(record: str) -> float:
    """A turn's time by its record; before all others if it says none."""
    at = record_of(record).get("at")
    return float(at) if isinstance(at, int | float) else -1.0 if record else -2.0

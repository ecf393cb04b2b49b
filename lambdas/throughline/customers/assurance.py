"""How sure we are of who speaks: the lesser of what the transport proves and how the link was proved, with ageing.

A proof (a code, a login, a PIN) belongs to one link and one session, never to the customer at large: who calls
does not inherit what the web user just proved. It counts for some minutes. Nothing that a client can write
comes near these functions: they see what a handler established and what the store keeps.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from throughline.customers.addresses import AddressKind
from throughline.customers.store import Link, Stored
from throughline.dialogue.model import Limits
from throughline.dialogue.state import Proof, State
from throughline.turn import Assurance, Provable

DAY: Final = 86_400
LOGIN: Final = "login"
"""The evidence of links that a sign-in or an account link made, and how it proves a session."""
KEPT_SESSIONS: Final = 8
"""Of which it is remembered that the customer was in them; first those go in which nothing is open, then the oldest."""


def assurance_of(
    transport: Assurance,
    link: Link | None,
    state: State,
    session: str,
    *,
    steps_up: bool,
    withdrawn: bool,
    forgeable: bool,
    now: float,
    limits: Limits,
    signed_in: bool = False,
) -> Assurance:
    """Of a turn that came through `link` in `session`; `now` in epoch seconds.

    `transport` is the most that the transport proved of the sender; `steps_up`: whether its session is one that
    nobody could guess; `withdrawn`: its platform says that no account is linked (any more); `forgeable`: each of its
    messages could be anybody's, so that a proof given before makes linked and not verified; `signed_in`: a sign-in
    of this very customer accompanies the turn.
    """
    if link is None:
        return Assurance.ANONYMOUS
    found = min(transport, linked_assurance(link, now, limits))
    if withdrawn and link.evidence == LOGIN:
        found = min(found, Assurance.CLAIMED)
    if found < Assurance.VERIFIED and steps_up and proved(state, link.id, session, now, limits, signed_in=signed_in):
        return max(found, Assurance.LINKED) if forgeable else Assurance.VERIFIED
    return found


def linked_assurance(link: Link, now: float, limits: Limits) -> Assurance:
    """What the link itself is worth today: an old proof, or one by an address that others share, is but a claim."""
    if link.closed:
        return Assurance.ANONYMOUS
    if link.assurance > Assurance.CLAIMED and (link.shared or now - link.at > limits.linked_days * DAY):
        return Assurance.CLAIMED
    return link.assurance


def proved(
    state: State, link: str, session: str, now: float, limits: Limits, *, signed_in: bool = False
) -> bool:  # fmt: skip
    """Whether who speaks in that session through that link proved lately to be the customer.

    A sign-in proves it only of turns that it accompanies (`signed_in`): who signs out has left.
    """
    oldest = now - limits.verified_minutes * 60
    return any(
        (proof.link, proof.session) == (link, session)
        and oldest < proof.at <= now
        and (signed_in or proof.how != LOGIN)
        for proof in state.proofs
    )


def was_here(state: State, link: str, session: str) -> bool:
    """Whether the customer ever was in that session through that link, more than by a claim."""
    return any((proof.link, proof.session) == (link, session) for proof in state.proofs)


def with_proof(state: State, proof: Proof) -> State:
    """With that proof in the place of what was known of its link and session."""
    others = [one for one in state.proofs if (one.link, one.session) != (proof.link, proof.session)]
    if len(others) >= KEPT_SESSIONS:
        begun = {frame.session for frame in state.frames}
        others.sort(key=lambda one: (one.session in begun, one.at))
        others = others[1 - KEPT_SESSIONS :]
    return replace(state, proofs=(*others, proof))


def provable(
    stored: Stored, link: Link | None, *, steps_up: bool, reaches: Collection[str], now: float, limits: Limits
) -> Provable:
    """How the sender could prove more; `reaches` are the kinds of address that a code can be sent to."""
    if not steps_up or not reaches or link is None:
        return Provable.NO
    if any(reachable(one, reaches, now, limits) for one in stored.links.values()):
        return Provable.CODE
    # Whom we know well, but have nowhere to write to, can sign in or ask for a person; they are nobody else.
    return Provable.NO if link.assurance > Assurance.CLAIMED else Provable.IDENTIFY


def reachable(link: Link, reaches: Collection[str], now: float, limits: Limits) -> bool:
    """Whether a code may be sent to the link's address: proved long enough ago, the customer's alone."""
    return (
        link.kind in reaches
        and not link.shared
        and linked_assurance(link, now, limits) > Assurance.CLAIMED
        and now - link.at >= limits.proved_hours * 3600
    )


CODES_GO_TO: Final = frozenset({AddressKind.PHONE.value, AddressKind.EMAIL.value})
"""Kinds of address that a code can be sent to at all."""

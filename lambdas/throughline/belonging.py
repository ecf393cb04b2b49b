"""Whose a conversation is: what a sign-in or a code tells about it, and what an action changed about the customer.

The path of a turn asks here in the rare turns in which that changes; each such change is one transaction more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Final

from throughline.affairs.logins import Login
from throughline.customers import linking, profile
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.assurance import DAY, LOGIN, with_proof
from throughline.customers.pointer import Pointer
from throughline.customers.store import Conflict, CustomerStore, Relinking, Stored
from throughline.dialogue.changes import Change, Linked, Marked, Noted, Proved, Unlinked
from throughline.dialogue.model import Limits
from throughline.dialogue.state import Proof, State, decode, encode
from throughline.errors import StoreUnavailable
from throughline.records import marks
from throughline.turn import Assurance

TRIES: Final = 3
"""Races that a change of links may lose to other turns before it gives up."""
BY_CUSTOMER: Final = "customer"
"""A `Link.by`, and who said a fact."""


class Belonging:
    """Finds and changes whose a conversation is."""

    def __init__(self, store: CustomerStore, limits: Limits) -> None:
        self._store = store
        self._limits = limits

    def acting(self, state: State, session: str, now: float) -> tuple[Stored, str] | None:
        """The customer whom somebody at a shared address proved to be in this session, and their link; one read.

        None if nobody did, too long ago, or if the link is no longer theirs.
        """
        if not state.acting:
            return None
        oldest = now - self._limits.verified_minutes * 60
        for one in state.acting:
            if one.session == session and oldest < one.at <= now:
                stored = self._store.by_pointer(Pointer(one.customer, one.link, one.epoch), now)
                return (stored, one.link) if stored is not None else None
        return None

    def signed_in(self, stored: Stored, link: str, login: Login, session: str, now: float) -> tuple[Stored, str]:
        """The customer who is signed in, and their link, where `stored` and `link` are what the session led to.

        Nothing is read if the login is one of that customer's already.
        """
        address = Address(AddressKind.LOGIN, login.subject)
        hashes = self._store.hashes(address)
        if _has(stored, hashes):
            return _signed(_renewed(stored, hashes, link, now), link, login, session), link
        owner, its = self._store.by_address(address, now)
        if owner.version:
            return self.identified(stored, link, owner.customer, LOGIN, session, now, at=login.at)
        if linking.joins(stored, link):
            # Nobody that we knew yet: from now on this is whom that login belongs to.
            edge = self._store.edge_of(hashes[0], now)
            change = Linked(AddressKind.LOGIN.value, hashes[0], address.reach, LOGIN)
            held = stored.links[link]
            proved = replace(held, assurance=linking.provable(held.kind, LOGIN), evidence=LOGIN, at=now)
            begun = replace(stored, links={**stored.links, link: proved})
            moved = linking.add(begun, change, there=edge, holder=None, by=BY_CUSTOMER, now=now)
            moved = moved.having(_signed(moved.of(stored.customer), link, login, session))
            return _of(stored.customer, self._store.relink(moved, now)), link
        sign_in = replace(owner.links[its], assurance=Assurance.LINKED, evidence=LOGIN)
        owner = self._store.save(replace(owner, links={its: sign_in}), now)
        return self.identified(stored, link, owner.customer, LOGIN, session, now, at=login.at)

    def theirs(self, stored: Stored, login: Login | None) -> Login | None:
        """That sign-in, if it is one of this customer's. Reads nothing."""
        if login is None:
            return None
        return login if _has(stored, self._store.hashes(Address(AddressKind.LOGIN, login.subject))) else None

    def left_by_a_guest(self, stored: Stored, state: State, now: float) -> bool:
        """Whether a guest left this some time ago: their session's id may be guessed, so it is not the next one's.

        Who began as a guest and then proved who they are is none any more, whatever link a turn comes through.
        """
        silent = bool(state.last_at) and now - state.last_at > self._limits.idle_minutes * 60
        return silent and all(held.guest for held in stored.links.values())

    def identified(
        self, stored: Stored, link: str, customer: str, how: str, session: str, now: float, *, at: float | None = None
    ) -> tuple[Stored, str]:
        """That customer, with what was said in this session, and the link that it now comes through.

        `at`: when it was proved, if that was before this turn.

        Raises StoreError, StoreUnavailable; Conflict if `stored` itself was written meanwhile.
        """
        if customer == stored.customer:
            return stored, link
        for _ in range(TRIES):
            owner = self._store.by_customer(customer, now)
            if owner is None or linking.gone(owner):
                raise StoreUnavailable("the customer who was identified is not there any more: ask again")
            moved = self._moved(stored, owner, link, how, session, now)
            proof = Proof(link, session, now if at is None else at, how)
            moved = moved.having(_proved(moved.of(customer), stored.links[link].address, proof))
            try:
                written = _of(customer, self._store.relink(moved, now))
            except Conflict as conflict:
                if conflict.fresh.customer == stored.customer:
                    raise
                continue
            held = stored.links[link]
            return written, link if link in written.links else _through(written, held.address)
        raise StoreUnavailable("the customer's record is being written by others all the time: ask again")

    def changed(
        self,
        stored: Stored,
        changes: Sequence[Change],
        link: str,
        now: float,
        refused: Callable[[profile.FactRefused], None],
    ) -> Stored:
        """Write `stored` with what the turn's actions changed; facts that can't be kept are told to `refused`.

        Raises what `CustomerStore.save` and `relink` raise.
        """
        ways: list[Linked | Unlinked] = []
        for change in changes:
            match change:
                case Noted():
                    try:
                        noted = profile.noted(stored.profile, change, link=link, at=now, by=BY_CUSTOMER)
                    except profile.FactRefused as error:
                        refused(error)
                    else:
                        stored = replace(stored, profile=noted)
                case Linked() | Unlinked():
                    ways.append(change)
                case Proved():
                    stored = self._reproved(stored, change.link, now)
                case Marked():
                    stored = marks.marked(stored, change.job, at=now)
                    if change.job == marks.ERASE:
                        # Not even this last turn is to be written into the transcript.
                        return self._store.save(replace(stored, turn=""), now)
                case _:
                    pass
        if not ways:
            return self._store.save(stored, now)
        for way in ways:
            moved = linking.close(stored, way.link) if isinstance(way, Unlinked) else self._added(stored, way, now)
            stored = _of(stored.customer, self._store.relink(moved, now))
        return stored

    def _reproved(self, stored: Stored, link: str, now: float) -> Stored:
        """With the address that the code went to proved anew, but no later than a further code may go there."""
        held = stored.links.get(link)
        at = now - self._limits.proved_hours * 3600
        if held is None or held.at >= at - DAY:
            return stored
        return replace(stored, links={**stored.links, link: replace(held, at=at)})

    def _moved(self, stored: Stored, owner: Stored, link: str, how: str, session: str, now: float) -> Relinking:
        if linking.joins(stored, link):
            return linking.join(stored, owner, link, how=how, by=BY_CUSTOMER, now=now)
        household = None
        held = stored.links[link]
        if held.address and not linking.is_household(stored):
            edge = self._store.edge_of(held.address, now) if held.shared else None
            home = edge.customer if edge is not None else linking.household_of(held.address)
            household = self._store.by_customer(home, now)
        return linking.share(
            stored, owner, link, session=session, household=household, how=how, by=BY_CUSTOMER, now=now
        )  # fmt: skip

    def _added(self, stored: Stored, change: Linked, now: float) -> Relinking:
        there = self._store.edge_of(change.address, now)
        holder = self._store.by_customer(there.customer, now) if there is not None else None
        return linking.add(stored, change, there=there, holder=holder, by=BY_CUSTOMER, now=now)


def _proved(stored: Stored, address: str, proof: Proof) -> Stored:
    """With the proof in the same write: a turn that is delivered again after a crash finds itself proved."""
    through = proof.link if proof.link in stored.links else _through(stored, address)
    return replace(stored, state=encode(with_proof(decode(stored.state), replace(proof, link=through))))


def _signed(stored: Stored, link: str, login: Login, session: str) -> Stored:
    """With it on record that she was in this session: whoever signs in there next is somebody else."""
    state = decode(stored.state)
    if any((one.link, one.session) == (link, session) and one.at >= login.at for one in state.proofs):
        return stored
    return replace(stored, state=encode(with_proof(state, Proof(link, session, login.at, LOGIN))))


def _has(stored: Stored, hashes: Collection[str]) -> bool:
    return any(held.address in hashes and not held.closed for held in stored.links.values())


def _of(customer: str, written: Sequence[Stored]) -> Stored:
    return next(stored for stored in written if stored.customer == customer)


def _renewed(stored: Stored, hashes: Collection[str], link: str, now: float) -> Stored:
    """With the sign-in's own proof, and what it made of this link, as of today; written with the turn."""
    due = {
        one.id: replace(one, at=now)
        for one in stored.links.values()
        if (one.address in hashes or (one.id == link and one.evidence == LOGIN)) and now - one.at > DAY
    }
    return replace(stored, links={**stored.links, **due}) if due else stored


def _through(stored: Stored, address: str) -> str:
    """The customer's own link through an address, as `linking.share` leaves it."""
    held = [link for link in stored.links.values() if link.address == address and not link.closed]
    return min(held, key=lambda link: link.shared).id


def transport_of(login: Login, transport: Assurance, now: float, limits: Limits) -> Assurance:
    """What a sign-in proves of its sender: verified while it is fresh, as far as the transport can carry that."""
    fresh = login.at <= now < login.at + limits.verified_minutes * 60
    return transport if fresh else min(transport, Assurance.LINKED)

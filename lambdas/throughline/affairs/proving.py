"""The step-up: a code to an address that we know of the customer, or that they say we know them by.

prove.send and prove.check are for somebody whose conversation it is; identify.send and identify.check for
somebody whom we don't know yet. To identify oneself an address is named, and nothing that can be seen, heard
or timed from outside tells whether we know it: the same is answered, counted, kept and waited for, only
that nothing is sent. What strangers do so is counted apart: they can't use up the customer's own codes.
Where a code went is told as its kind ("your phone"), and as the number's last two digits to somebody whose
link is proved; never more, since the caller may not be the customer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from throughline.affairs.delivery import Undelivered
from throughline.affairs.sending import Sending, address_given, asker, unsaid, way
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.assurance import reachable
from throughline.customers.codes import Asker, Purpose, Verdict
from throughline.customers.own import OwnAction
from throughline.customers.store import Edge, Link, Stored
from throughline.dialogue.action import (
    Assurance,
    Call,
    Done,
    Failed,
    Invalid,
    NeedsPerson,
    Outcome,
    Proved,
    Refused,
    Typed,
)
from throughline.dialogue.changes import Identified
from throughline.dialogue.model import Limits
from throughline.errors import EventError, StoreError

CARRIER_SECONDS: Final = 1.35
"""The most that a carrier takes to hand a message on: its time limits, and something over."""
EVEN_SECONDS: Final = 1.6
"""How long identify.send takes at least, so that a message on its way isn't heard in the time. Where the table was
slow before, it takes what that took and a carrier's most, whether or not there is anything to carry."""
SPARE_SECONDS: Final = 0.2
"""Left of an action's time when it has waited."""
_HOW: Final = "code"
_NO_SESSION: Final = NeedsPerson("assurance")
"""A code is bound to the session it was asked in: without one there is none."""


class Addresses(Protocol):
    """What proving asks of the customer store. Both raise StoreError."""

    def by_address(self, address: Address, now: float) -> tuple[Stored, str]:
        """The customer at this address and the link's id; version 0 if nobody is known there."""

    def edge_of(self, address: Address | str, now: float) -> Edge | None:
        """Where this address (or keyed hash) leads."""


class Proving:
    """The own actions of the step-up."""

    def __init__(
        self,
        sending: Sending,
        addresses: Addresses,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sending = sending
        self._addresses = addresses
        self._limits = limits
        self._clock = clock
        self._sleep = sleep

    def actions(self) -> Mapping[str, OwnAction]:
        """By name."""
        return {
            "prove.send": self.send,
            "prove.check": self.check,
            "identify.send": self.send_to_somebody,
            "identify.check": self.check_somebody,
        }

    def send(self, call: Call, stored: Stored) -> Outcome:
        """prove.send: a code to an address of this customer's that was proved long enough ago."""
        who = asker(call)
        if who is None:
            return _NO_SESSION
        return self._sending.tried(lambda: self._send(call, stored, who))

    def _send(self, call: Call, stored: Stored, who: Asker) -> Outcome:
        found = self._destination(call, stored)
        if found is None:
            return Refused("nowhere")
        to, through = found
        if self._sending.refused(call, to, stored.customer):
            return Refused("too_many")
        code = self._sending.begin(call, who, Purpose.PROVE, stored.customer, through)
        self._sending.deliver(call, to, code)
        return where_it_went(to, call.assurance)

    def check(self, call: Call, stored: Stored) -> Outcome:
        """prove.check: whether the answer is the code that was sent."""
        del stored
        verdict = checked(self._sending, call, Purpose.PROVE)
        return Done(changes=(Proved(_HOW, verdict.to),)) if isinstance(verdict, Verdict) else verdict

    def send_to_somebody(self, call: Call, stored: Stored) -> Outcome:
        """identify.send: a code to the address named, if it is one that we may send a code to."""
        del stored
        who, to = asker(call), address_given(call)
        if who is None:
            return _NO_SESSION
        if isinstance(to, Invalid):
            return to
        if to is None or not self._sending.carries(to):
            return Refused("nowhere")
        began = self._clock()
        try:
            if self._sending.refused_source(call):
                return Refused("too_many")
            known, through = self._customer_at(to, call.now)
            counted = known or f"nobody\0{to.kind}\0{to.value}"
            if self._withheld(call, to, counted):
                known, through = "", ""
            code = self._sending.begin(call, who, Purpose.IDENTIFY, known, through)
        except StoreError as error:
            # How far it got may tell what was found on the way: it takes as long as if it had gone well.
            self._sending.note(type(error).__name__)
            self._wait(began, min(EVEN_SECONDS, _seconds(call)))
            return Failed()
        done_at = max(EVEN_SECONDS, self._clock() - began + CARRIER_SECONDS)
        if done_at > _seconds(call):
            # A carrier that is given up halfway would be heard. All that was decided before anybody is written to.
            self._sending.note("late")
            self._wait(began, min(EVEN_SECONDS, _seconds(call)))
            return Failed()
        if known:
            try:
                self._sending.deliver(call, to, code)
            except Undelivered:
                self._sending.note("undelivered")
        self._wait(began, done_at)
        return Done(variant=to.kind.value)

    def check_somebody(self, call: Call, stored: Stored) -> Outcome:
        """identify.check: whose code the answer is."""
        del stored
        verdict = checked(self._sending, call, Purpose.IDENTIFY)
        if not isinstance(verdict, Verdict):
            return verdict
        return Done(changes=(Identified(verdict.about, _HOW, verdict.to),))

    def _destination(self, call: Call, stored: Stored) -> tuple[Address, str] | None:
        """The address, and its link, whose proof is the newest of those that a code may be sent to."""
        wanted = way(call)
        reaches = {wanted.value} & self._sending.reaches if wanted is not None else self._sending.reaches
        links = [link for link in stored.links.values() if reachable(link, reaches, call.now, self._limits)]
        for link in sorted(links, key=_newest_first):
            edge = self._addresses.edge_of(link.address, call.now)
            if edge is not None and edge.reach and (edge.customer, edge.link) == (stored.customer, link.id):
                try:
                    to = Address(AddressKind(link.kind), edge.reach)
                except EventError:
                    continue
                if self._sending.carries(to):
                    return to, link.id
        return None

    def _customer_at(self, address: Address, now: float) -> tuple[str, str]:
        """The customer who may be sent a code there, and their link; "" for nobody, and as many reads for that."""
        owner, through = self._addresses.by_address(address, now)
        if owner.version == 0:
            self._addresses.edge_of(address, now)
            return "", ""
        link = owner.links.get(through)
        if link is None or not reachable(link, self._sending.reaches, now, self._limits):
            return "", ""
        return owner.customer, through

    def _withheld(self, call: Call, to: Address, counted: str) -> bool:
        """Whether nothing is to be sent there by now.

        Full counters of somebody else's are kept to ourselves: they tell that the address is in use. So are counters
        that don't answer: two addresses of one customer's, asked for at once, are in each other's way.
        """
        try:
            return self._sending.refused_destination(call, to, counted)
        except StoreError as error:
            self._sending.note(type(error).__name__)
            return True

    def _wait(self, began: float, until: float) -> None:
        """Until so many seconds after it began."""
        seconds = until - (self._clock() - began)
        if seconds > 0:
            self._sleep(seconds)


def _seconds(call: Call) -> float:
    """How long an action may take, with some to spare."""
    return call.deadline - call.now - SPARE_SECONDS


def checked(sending: Sending, call: Call, purpose: Purpose) -> Verdict | Outcome:
    """The verdict, if the answer was right; or what the customer hears instead."""
    who = asker(call)
    if who is None:
        return _NO_SESSION
    try:
        verdict = sending.check(call, who, purpose)
    except StoreError as error:
        sending.note(type(error).__name__)
        return Failed()
    return unsaid(verdict) or verdict


def where_it_went(to: Address, assurance: Assurance) -> Done:
    """What may be told of where a code was sent, at that assurance."""
    if to.kind is AddressKind.PHONE and assurance >= Assurance.LINKED:
        return Done({"ending": Typed("digits", to.value[-2:])}, "phone_ending")
    return Done(variant=to.kind.value)


def _newest_first(link: Link) -> tuple[float, str]:
    return -link.at, link.id

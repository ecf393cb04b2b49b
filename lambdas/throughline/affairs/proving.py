"""The step-up: a code to an address that we know of the customer, or that they say we know them by.

prove.send and prove.check are for somebody whose conversation it is; identify.send and identify.check for
somebody whom we don't know yet. To identify oneself an address is named, and nothing that can be seen, heard
or timed from outside tells whether we know it: the same is answered, counted, kept and waited for, only
that nothing is sent. Where a code went is told as its kind ("your phone"), and as the number's last two digits
to somebody whose link is proved; never more, since the caller may not be the customer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from throughline.affairs.delivery import Undelivered
from throughline.affairs.sending import Sending, address_given, asker, unsaid, way
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.assurance import reachable
from throughline.customers.codes import Purpose
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

EVEN_SECONDS: Final = 1.2
"""How long identify.send always takes, so that a message on its way isn't heard in the time: a carrier answers
within some 0.3 s, and is given 1.3 s."""
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
        try:
            to = self._destination(call, stored)
            if to is None:
                return Refused("nowhere")
            if self._sending.refused(call, to, stored.customer):
                return Refused("too_many")
            code = self._sending.begin(call, who, Purpose.PROVE, stored.customer)
            self._sending.deliver(call, to, code)
        except Undelivered:
            self._sending.note("undelivered")
            return Refused("undelivered")
        except StoreError as error:
            self._sending.note(type(error).__name__)
            return Failed()
        return where_it_went(to, call.assurance)

    def check(self, call: Call, stored: Stored) -> Outcome:
        """prove.check: whether the answer is the code that was sent."""
        del stored
        verdict = checked(self._sending, call, Purpose.PROVE)
        return Done(changes=(Proved(_HOW),)) if isinstance(verdict, str) else verdict

    def send_to_somebody(self, call: Call, stored: Stored) -> Outcome:
        """identify.send: a code to the address named, if it is one that we may send a code to."""
        del stored
        who, to = asker(call), address_given(call)
        if who is None:
            return _NO_SESSION
        if isinstance(to, Invalid):
            return to
        if to is None or to.kind not in self._sending.kinds:
            return Refused("nowhere")
        began = self._clock()
        try:
            if self._sending.refused_source(call):
                return Refused("too_many")
            known = self._customer_at(to, call.now)
            counted = known or f"nobody\0{to.kind}\0{to.value}"
            # Full counters of somebody else's are kept to ourselves: they tell that the address is in use.
            about = "" if self._sending.refused_destination(call, to, counted) else known
            code = self._sending.begin(call, who, Purpose.IDENTIFY, about)
            if about:
                self._sending.deliver(call, to, code)
        except Undelivered:
            self._sending.note("undelivered")
        except StoreError as error:
            self._sending.note(type(error).__name__)
            return Failed()
        self._wait(call, began)
        return Done(variant=to.kind.value)

    def check_somebody(self, call: Call, stored: Stored) -> Outcome:
        """identify.check: whose code the answer is."""
        del stored
        verdict = checked(self._sending, call, Purpose.IDENTIFY)
        return Done(changes=(Identified(verdict, _HOW),)) if isinstance(verdict, str) else verdict

    def _destination(self, call: Call, stored: Stored) -> Address | None:
        """The address whose proof is the newest of those that a code may be sent to."""
        wanted = way(call)
        reaches = {wanted.value} & self._sending.reaches if wanted is not None else self._sending.reaches
        links = [link for link in stored.links.values() if reachable(link, reaches, call.now, self._limits)]
        for link in sorted(links, key=_newest_first):
            edge = self._addresses.edge_of(link.address, call.now)
            if edge is not None and edge.reach and (edge.customer, edge.link) == (stored.customer, link.id):
                try:
                    return Address(AddressKind(link.kind), edge.reach)
                except EventError:
                    continue
        return None

    def _customer_at(self, address: Address, now: float) -> str:
        """The customer who may be sent a code there, or ""; as many reads either way, as far as it goes."""
        owner, through = self._addresses.by_address(address, now)
        if owner.version == 0:
            self._addresses.edge_of(address, now)
            return ""
        return owner.customer if reachable(owner.links[through], self._sending.reaches, now, self._limits) else ""

    def _wait(self, call: Call, began: float) -> None:
        taken = self._clock() - began
        seconds = min(EVEN_SECONDS - taken, call.deadline - call.now - SPARE_SECONDS - taken)
        if seconds > 0:
            self._sleep(seconds)


def checked(sending: Sending, call: Call, purpose: Purpose) -> str | Outcome:
    """Whom or what the answer proves; or what the customer hears instead."""
    who = asker(call)
    if who is None:
        return _NO_SESSION
    try:
        verdict = sending.codes.check(who, purpose, call.turn, call.secret, call.now)
    except StoreError as error:
        sending.note(type(error).__name__)
        return Failed()
    return unsaid(verdict) or verdict.about


def where_it_went(to: Address, assurance: Assurance) -> Done:
    """What may be told of where a code was sent, at that assurance."""
    if to.kind is AddressKind.PHONE and assurance >= Assurance.LINKED:
        return Done({"ending": Typed("digits", to.value[-2:])}, "phone_ending")
    return Done(variant=to.kind.value)


def _newest_first(link: Link) -> tuple[float, str]:
    return -link.at, link.id

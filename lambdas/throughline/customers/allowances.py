"""How often something may be done in an hour or a day: counters that refuse when they are full.

So nobody's phone is bombed with codes, nobody guesses all day long, and sending texts to numbers that pay
whoever owns them (SMS pumping) doesn't pay. Each counter is for one thing by one somebody in one
window of time, told apart by a keyed hash, so that the table tells nobody's address.

Windows are fixed (the hour by the clock): around its end twice as many may pass at once, never more over two.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from throughline.customers.codes import CodeKeys, keyed

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86_400
ANYBODY: Final = "anybody"
"""Whom an overall allowance counts."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many of something, by one somebody, in each window."""

    name: str
    """What is counted, for logs, such as "send.customer"."""
    of: str = field(repr=False)
    """Whose: an id or a keyed hash. It is hashed before it is kept."""
    most: int
    """How many may pass in a window."""
    seconds: int
    """The window."""

    def opened(self, now: float) -> int:
        """When the window that `now` is in began, in epoch seconds."""
        return int(now // self.seconds) * self.seconds

    def place(self, keys: CodeKeys, now: float) -> str:
        """Where it is counted: "<name>.<seconds>#<keyed hash>#<window's start>"."""
        hashed = keyed(keys, "allowance", self.name, self.of)
        return f"{self.name}.{self.seconds}#{hashed}#{self.opened(now)}"


class Allowances(Protocol):
    """Where they are counted."""

    def spend(self, wanted: Sequence[Allowance], now: float, once: str = "") -> str:
        """Take one of each, all or none, in one request: the name of an exhausted one, or "" if none was.

        `once` names the deed, keyed and pseudonymous: if the last one that any of these counted is the same, it is
        paid for, and passes without being counted again. It is kept as long as the counter.

        No two may be the same counter. Raises StoreError, StoreUnavailable: then one of each may be spent.
        """

    def left(self, one: Allowance, now: float) -> bool:
        """Whether any of it is left, by all that was spent before; takes none. Raises StoreError, StoreUnavailable."""


@dataclass(frozen=True, slots=True)
class SendLimits:
    """How many codes may be sent. People need one or two; the rest is for bad reception and typing errors.

    Each `Asks` has counters of its own, so that nobody uses up somebody else's codes by what they may do: who
    only names her address doesn't touch those of who calls from it, nor these the ones of her own proved links.
    The most that one phone can be bothered with are all of them together: sixteen an hour, thirty-two a day.
    """

    customer_hour: int = 5
    """To one customer, over all their addresses."""
    customer_day: int = 10
    """The same by the day."""
    destination_hour: int = 5
    """To one address of the customer's own."""
    destination_day: int = 10
    """The same by the day."""
    named_hour: int = 3
    """To one address that is merely named, and to one customer by that."""
    named_day: int = 6
    """The same by the day."""
    source_hour: int = 5
    """From one link: what one sender can cost."""
    origin_hour: int = 20
    """Of identifications from one place in the network, where a channel tells it: a family, an office, a café."""
    overall_minute: int = 60
    """Altogether, so that many senders together can't cost more than this many messages a minute."""
    connected_day: int = 1000
    """To addresses that are to be connected, altogether: whoever signs up may name any, so this is what a day costs
    at most, whoever they are: some ten US dollars where a message costs a cent."""
    identified_minute: int = 60
    """Identifications altogether, sent or not, by whoever came by an address or from a known origin."""
    guests_minute: int = 10
    """The same by guests of unknown origin: a script that is a new guest each time takes it from these alone."""


class Crowd(StrEnum):
    """Who shares an overall allowance; the value ends its counter's name. None uses up what another needs."""

    GUESTS = "guests"
    """Who came by a session alone, of unknown origin: a script is as many of them as it likes."""
    CALLERS = "callers"
    """Who came by a number or a device, or from a known origin: believed, or not known yet."""
    CUSTOMERS = "customers"
    """Whose link or session was proved to be theirs."""
    CONNECTING = "connecting"
    """The same, of codes to an address that is to be connected: whoever signs up is one, and may name any."""


@dataclass(frozen=True, slots=True)
class GuessLimits:
    """How many wrong codes a day's callers may give altogether; what that is worth, see `customers.codes`."""

    guests_day: int = 100
    """By guests of unknown origin."""
    callers_day: int = 300
    """By whoever came by an address, or from a known origin."""
    customers_day: int = 400
    """By customers whose link or session was proved."""
    connecting_day: int = 100
    """By whoever connects an address."""
    origin_day: int = 30
    """By those of one crowd who come from one place in the network, where a channel tells it."""

    def of(self, crowd: Crowd) -> int:
        """Wrong codes a day."""
        return {
            Crowd.GUESTS: self.guests_day, Crowd.CALLERS: self.callers_day,
            Crowd.CUSTOMERS: self.customers_day, Crowd.CONNECTING: self.connecting_day,
        }[crowd]  # fmt: skip


class Asks(StrEnum):
    """By what right a code is asked for; the value begins its counters' names."""

    PROVED = "send"
    """To an address of their own, from a link or in a session that was proved to be theirs."""
    CLAIMED = "claim"
    """To an address of the customer whom they come as: a number on a display that anybody can forge."""
    CONNECTS = "connect"
    """A proved customer, to an address that they say is theirs, too."""
    IDENTIFIES = "identify"
    """Anybody, to an address that they name."""


@dataclass(frozen=True, slots=True)
class PinLimits:
    """How many telephone PINs may be tried. A PIN is short, and stays the same: a day's tries matter, too."""

    customer_hour: int = 3
    """Of one customer, whoever calls."""
    customer_day: int = 10
    """The same by the day: four digits then last a thousand days of calling."""
    source_hour: int = 3
    """Through one link, whomever it is tried for."""
    overall_minute: int = 60
    """Altogether, so that one PIN can't be tried on everybody."""


@dataclass(frozen=True, slots=True)
class ProtectLimits:
    """How many protective acts pass from senders whose address we merely believe."""

    customer_day: int = 3
    """On one customer: freezing everything takes three at most; more is somebody else's game."""
    source_day: int = 3
    """By one link."""
    origin_day: int = 6
    """From one place in the network, where a channel tells it: a household's."""
    session_day: int = 3
    """In one session, whomever it claims to be."""
    overall_minute: int = 30
    """By whoever came by an address; above all that a fraud wave makes, so that none is refused for others' sake."""
    guests_minute: int = 5
    """By guests of unknown origin, of whom a script is as many as it likes."""


class Limited:
    """Asks for the allowances of an act, narrow ones first."""

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances

    def exhausted(
        self, narrow: Sequence[Allowance], overall: Sequence[Allowance], now: float, once: str = ""
    ) -> str:  # fmt: skip
        """Spend one of each; the name of an exhausted one, or "".

        The narrow ones are one request, all or none. The overall ones come after them and each alone: somebody who
        has used up their own share never touches them, and a counter that everybody writes stays out of
        transactions, which fail when they meet.
        """
        refused = self._allowances.spend(narrow, now, once) if narrow else ""
        for one in overall:
            refused = refused or self._allowances.spend((one,), now)
        return refused


class MemoryAllowances:
    """Counters in a dictionary; safe for threads."""

    def __init__(self, keys: CodeKeys) -> None:
        self.kept: dict[str, int] = {}
        self.last: dict[str, str] = {}
        self._keys = keys
        self._lock = threading.Lock()

    def spend(self, wanted: Sequence[Allowance], now: float, once: str = "") -> str:
        """See `Allowances.spend`."""
        places = [one.place(self._keys, now) for one in wanted]
        with self._lock:
            if once and any(self.last.get(place) == once for place in places):
                return ""
            for place, one in zip(places, wanted, strict=True):
                if self.kept.get(place, 0) >= one.most:
                    return one.name
            for place in places:
                self.kept[place] = self.kept.get(place, 0) + 1
                if once:
                    self.last[place] = once
        return ""

    def left(self, one: Allowance, now: float) -> bool:
        """See `Allowances.left`."""
        with self._lock:
            return self.kept.get(one.place(self._keys, now), 0) < one.most

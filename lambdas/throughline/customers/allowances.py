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
    identified_minute: int = 60
    """Identifications altogether, sent or not."""


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
    session_day: int = 3
    """In one session, whomever it claims to be."""
    overall_minute: int = 30
    """Altogether; above all that a fraud wave makes, so that no customer is refused for others' sake."""


class Limited:
    """Asks for the allowances of an act, narrow ones first."""

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances

    def exhausted(self, narrow: Sequence[Allowance], overall: Allowance | None, now: float, once: str = "") -> str:
        """Spend one of each; the name of an exhausted one, or "".

        The narrow ones are one request, all or none. The overall one comes after them and alone: somebody who
        has used up their own share never touches it, and a counter that everybody writes stays out of
        transactions, which fail when they meet.
        """
        refused = self._allowances.spend(narrow, now, once) if narrow else ""
        if refused or overall is None:
            return refused
        return self._allowances.spend((overall,), now)


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

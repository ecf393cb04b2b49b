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

    def spend(self, wanted: Sequence[Allowance], now: float) -> str:
        """Take one of each, all or none, in one request: the name of an exhausted one, or "" if none was.

        No two may be the same counter. Raises StoreError, StoreUnavailable: then one of each may be spent.
        """


@dataclass(frozen=True, slots=True)
class SendLimits:
    """How many codes may be sent. People need one or two; the rest is for bad reception and typing errors."""

    customer_hour: int = 5
    """To one customer, over all their addresses."""
    customer_day: int = 10
    """The most guesses a day at one customer are three times as many."""
    destination_hour: int = 5
    """To one address, whoever asks: the most that somebody's phone can be bothered with."""
    destination_day: int = 10
    """The same by the day."""
    source_hour: int = 5
    """From one link, or one anonymous session: what one sender can cost."""
    overall_minute: int = 60
    """Altogether, so that many senders together can't cost more than this many messages a minute."""


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

    def exhausted(self, narrow: Sequence[Allowance], overall: Allowance | None, now: float) -> str:
        """Spend one of each; the name of an exhausted one, or "".

        The narrow ones are one request, all or none. The overall one comes after them and alone: somebody who
        has used up their own share never touches it, and a counter that everybody writes stays out of
        transactions, which fail when they meet.
        """
        refused = self._allowances.spend(narrow, now)
        if refused or overall is None:
            return refused
        return self._allowances.spend((overall,), now)


class MemoryAllowances:
    """Counters in a dictionary; safe for threads."""

    def __init__(self, keys: CodeKeys) -> None:
        self.kept: dict[str, int] = {}
        self._keys = keys
        self._lock = threading.Lock()

    def spend(self, wanted: Sequence[Allowance], now: float) -> str:
        """See `Allowances.spend`."""
        places = [one.place(self._keys, now) for one in wanted]
        with self._lock:
            for place, one in zip(places, wanted, strict=True):
                if self.kept.get(place, 0) >= one.most:
                    return one.name
            for place in places:
                self.kept[place] = self.kept.get(place, 0) + 1
        return ""
